"""A real browser on the pages, served over a scripted gateway.

The browser is Debian's Chromium; without it these tests are skipped, and say so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from connectors.api.ratelimit import Rate, Rates, make_limits
from tests.browser.serving import serving
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
    with serving(demo_app(gateway, fake_ports())) as address:
        yield Site(address, gateway)


@pytest.fixture(name="strict_site", scope="module")
def _strict_site() -> Iterator[Site]:
    """Give a site on which the second message of a conversation must wait half a minute."""
    gateway = FakeGateway()
    limits = make_limits(Rates(messages=Rate(1, 30.0)))
    with serving(demo_app(gateway, fake_ports(), limits)) as address:
        yield Site(address, gateway)


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


@pytest.fixture(name="strict_visit")
def _strict_visit(strict_site: Site, browser: Browser) -> Iterator[Visits]:
    visits = Visits(strict_site, browser)
    yield visits
    visits.close()
