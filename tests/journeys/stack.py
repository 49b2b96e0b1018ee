"""The whole assistant as ``make run`` starts it, on free loopback ports, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from connectors.settings import Settings

ROOT = Path(__file__).parents[2]
_START_S = 120.0


def free_port() -> int:
    """Return a port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Person:
    """Somebody who speaks through the public API."""

    http: httpx.Client
    conversation_id: str
    token: str
    messages: list[dict[str, Any]]

    def send(self, body: dict[str, str]) -> list[dict[str, Any]]:
        """Send words or a choice; return the answers."""
        answer = self.http.post(
            f"/api/v1/conversations/{self.conversation_id}/messages",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.status_code == 200, answer.text
        self.messages = answer.json()["messages"]
        return self.messages

    def say(self, text: str) -> list[dict[str, Any]]:
        """Write ``text``."""
        return self.send({"text": text})

    def _offered(self) -> dict[str, str]:
        choices = [choice for m in self.messages for choice in m.get("choices") or []]
        return {choice["label"]: choice["value"] for choice in choices}

    def offers(self, label: str) -> bool:
        """Tell whether a button reads ``label``."""
        return label in self._offered()

    def choose(self, label: str) -> list[dict[str, Any]]:
        """Press the button that reads ``label``."""
        offered = self._offered()
        assert label in offered, f"pas proposé : {label} (parmi {list(offered)})"
        return self.send({"value": offered[label]})


@dataclass
class Stack:
    """A running assistant. ``environment`` adds to its settings."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    rasa_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    people: list[Person] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / "run.log"

    def start(self) -> Stack:
        """Start and return when both processes answer."""
        self._share_models()
        settings = Settings()
        environment = {
            **os.environ,
            "VAR_DIR": str(self.folder),
            "PORT": str(self.port),
            "RASA_PORT": str(self.rasa_port),
            "RASA_PYTHON": str(settings.rasa_interpreter.absolute()),
            "PYTHONPATH": str(ROOT),
            **self.environment,
        }
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "connectors", "run"],
                cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Return when the service and Rasa answer."""
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            with contextlib.suppress(httpx.HTTPError):
                parts = httpx.get(f"{self.url}/readyz", timeout=2).json()["parts"]
                if parts.get("rasa", True) and parts["database"]:
                    return
            time.sleep(0.2)
        raise AssertionError(f"pas prêt : {self.log.read_text()[-2000:]}")

    def rasa_pid(self) -> int:
        """Return the process id of Rasa."""
        found = subprocess.run(
            ["pgrep", "-f", f"assistant.engine.server.*--port {self.rasa_port}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return int(found.stdout.split()[0])

    def engines(self) -> dict[str, int]:
        """Return how many turns Rasa and the service itself have answered."""
        text = httpx.get(f"{self.url}/metrics", timeout=5).text
        counts = {"rasa": 0, "service": 0}
        for line in text.splitlines():
            for engine in counts:
                if line.startswith(f'turns_total{{engine="{engine}"}}'):
                    counts[engine] = int(float(line.split()[-1]))
        return counts

    def person(self) -> Person:
        """Open a conversation."""
        http = httpx.Client(base_url=self.url, timeout=20)
        opened = http.post("/api/v1/conversations", json={}).json()
        token, messages = opened["token"], opened["messages"]
        self.people.append(Person(http, opened["conversation_id"], token, messages))
        return self.people[-1]

    def kill(self) -> None:
        """Kill the service as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)
        for person in self.people:
            person.http.close()

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        for person in self.people:
            person.http.close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)

    def _share_models(self) -> None:
        settings = Settings()
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, real in (("models", settings.models), ("index", settings.index)):
            link = self.folder / name
            if not link.exists():
                link.symlink_to(real.absolute())


@contextlib.contextmanager
def running(folder: Path, **environment: str) -> Iterator[Stack]:
    """Give a running stack; stop it at the end."""
    stack = Stack(folder, environment)
    try:
        yield stack.start()
    finally:
        stack.stop()
