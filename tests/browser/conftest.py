"""A real browser on the pages, served over a scripted gateway.

The browser is Debian's Chromium; without it these tests are skipped, and say so.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Site, Visits
from tests.fakes.demo import demo_app
from tests.fakes.gateway import FakeGateway
from tests.fakes.knowledge import fake_ports

_ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(name="site", scope="module")
def _site() -> Iterator[Site]:
    gateway = FakeGateway()
    app = demo_app(gateway, fake_ports())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", gateway)
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(name="visit")
def _visit(site: Site, browser: Browser) -> Iterator[Visits]:
    visits = Visits(site, browser)
    yield visits
    visits.close()
