"""A live Rasa with the trained model, and a service played by hand that its actions call."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint

from assistant.actions import TurnResult
from assistant.names import Intent
from connectors.rasa.actions_endpoint import actions_router
from connectors.rasa.process import RasaCommand
from connectors.rasa.train import MODEL_NAME, train
from connectors.settings import Settings

PATIENCE = 120.0  # seconds for Rasa to start on a busy machine


def free_port() -> int:
    """Return a port that nobody uses on the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class FakeService:
    """A service with an interview of two questions; remembers every call.

    A need asks the commune, a fact answers the question that waits, anything else leaves
    it waiting, « recommencer » forgets it. The text « panne » makes it fail.
    """

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.actions: list[str] = []
        self._pending: dict[str, str] = {}

    def clear(self) -> None:
        """Forget the calls, not the conversations."""
        self.turns.clear()
        self.actions.clear()

    async def run_turn(self, **call: Any) -> TurnResult:
        """Answer one turn."""
        self.turns.append(call)
        if call["text"].startswith("panne"):
            raise RuntimeError("the service is down")
        sender, waiting = call["sender_id"], self._pending.pop(call["sender_id"], None)
        following = waiting
        if call["intent"] is Intent.RESTART:
            following = None
        elif call["intent"] is Intent.INFORM and waiting:
            following = {"commune": "age", "age": None}[waiting]
        elif call["intent"] is Intent.DESCRIBE_NEED:
            following = waiting or "commune"
        if following:
            self._pending[sender] = following
        shown = {"kind": "text", "text": f"{call['intent'].value} → {following}"}
        return TurnResult([shown], following)

    def app(self, token: str) -> FastAPI:
        """Return the application that Rasa calls."""
        app = FastAPI()
        app.include_router(actions_router(self.run_turn, token))

        @app.middleware("http")
        async def remember(request: Request, proceed: RequestResponseEndpoint) -> Response:
            self.actions.append(json.loads(await request.body())["next_action"])
            return await proceed(request)

        return app


class LiveRasa:
    """A Rasa process on a free port, that can be killed and started again."""

    def __init__(self, command: RasaCommand) -> None:
        self.command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until messages are accepted."""
        with self.command.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command.arguments(),
                cwd=self.command.root,
                env=self.command.environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                httpx.get(f"{self.command.url}/webhooks/rest/", trust_env=False)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        log_lines = self.command.log_file.read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"Rasa did not start:\n{log_lines[-3000:]}")

    def stop(self) -> None:
        """Kill it, as a crash would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


@pytest.fixture(scope="session")
def rasa_python() -> Path:
    """The Python of Rasa's environment; skips by name where there is none."""
    python = Settings().rasa_interpreter
    if not python.exists():
        pytest.skip("Rasa (environnement Python 3.10)")
    return python


@pytest.fixture(scope="session")
def dialogue_model(rasa_python: Path) -> Path:
    """The trained model, learnt again only if its inputs changed."""
    return train(rasa_python, Settings().models / MODEL_NAME, tell=lambda said: None)


@pytest.fixture(scope="session")
def action_service() -> Iterator[tuple[FakeService, str]]:
    """The service played by hand, listening; with the address of its actions."""
    service = FakeService()
    port = free_port()
    config = uvicorn.Config(service.app("secret"), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield service, f"http://127.0.0.1:{port}/webhook"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def rasa_command(
    rasa_python: Path,
    dialogue_model: Path,
    action_service: tuple[FakeService, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> RasaCommand:
    """How to start Rasa for these tests."""
    return RasaCommand(
        python=rasa_python,
        model=dialogue_model,
        port=free_port(),
        actions_url=action_service[1],
        actions_token="secret",
        log_file=tmp_path_factory.mktemp("rasa") / "rasa.log",
    )


@pytest.fixture(scope="session")
def live_rasa(rasa_command: RasaCommand) -> Iterator[LiveRasa]:
    """A live Rasa for all the tests of this folder."""
    rasa = LiveRasa(rasa_command)
    rasa.start()
    yield rasa
    rasa.stop()
