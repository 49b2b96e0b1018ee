"""Rasa as a child of the service: started with it, restarted when it dies, stopped with it.

The child watches its standard input, which closes when the service ends in any way: no
orphan remains, even after a kill -9.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.rasa.client import RasaClient
from connectors.rasa.environment import rasa_environment
from connectors.rasa.train import ROOT
from connectors.supervision import Loop

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
FIRST_PAUSE: Final = 1.0  # seconds before a restart, doubled each time
LONGEST_PAUSE: Final = 30.0
#: Seconds after which a start counts as good, and the next pause is the first again.
STEADY: Final = 60.0
_GRACE: Final = 5.0  # seconds to stop by itself
_POLL: Final = 0.1
_MAX_LOG: Final = 1_000_000  # bytes; the log starts again beyond


class RasaNotReady(Exception):
    """Rasa did not accept messages in time."""


@dataclass(frozen=True, slots=True)
class RasaCommand:
    """How to start Rasa: its Python, the model, its port and where the actions are."""

    python: Path
    model: Path
    port: int
    actions_url: str
    actions_token: str
    log_file: Path
    root: Path = ROOT

    @property
    def url(self) -> str:
        """Where Rasa answers."""
        return f"http://{LOOPBACK}:{self.port}"

    def arguments(self) -> list[str]:
        """Return the command line; the token is not on it."""
        return [
            str(self.python.absolute()), "-m", "assistant.engine.server",
            "--model", str(self.model.resolve()),
            "--port", str(self.port),
            "--endpoints", str(self.root / "endpoints.yml"),
            "--credentials", str(self.root / "credentials.yml"),
            "--follow-parent",
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Return the variables of the process."""
        return rasa_environment(
            os.environ,
            ACTION_ENDPOINT_URL=self.actions_url,
            ACTION_ENDPOINT_TOKEN=self.actions_token,
        )


class RasaProcess:
    """Keeps one Rasa alive between ``start`` and ``stop``."""

    def __init__(self, command: RasaCommand, clock: Callable[[], float] = time.monotonic) -> None:
        self._command, self._clock = command, clock
        self._child: asyncio.subprocess.Process | None = None
        # The loop below starts Rasa again; this one starts that loop again, should it fail.
        self._loop = Loop("rasa", self._supervise)
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process id of the running Rasa, or None between two of them."""
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    async def start(self) -> None:
        """Start Rasa and watch over it; returns at once. See ``wait_until_ready``."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop watching and stop Rasa; returns when it is gone."""
        await self._loop.stop()

    async def wait_until_ready(self, timeout: float = 120.0) -> None:
        """Return when Rasa accepts messages. Raises RasaNotReady after ``timeout`` seconds."""
        client = RasaClient(self._command.url)
        try:
            async with asyncio.timeout(timeout):
                while not await client.is_up():
                    await asyncio.sleep(_POLL)
        except TimeoutError as error:
            raise RasaNotReady(
                f"no answer on {self._command.url} after {timeout:g} s; "
                f"see {self._command.log_file}"
            ) from error
        finally:
            await client.close()

    async def _supervise(self) -> None:
        pause = FIRST_PAUSE
        while True:
            started = self._clock()
            async with self._running() as child:
                code = await child.wait()
            if self._clock() - started >= STEADY:
                pause = FIRST_PAUSE
            log.warning("rasa stopped with code %s; started again in %g s", code, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    @contextlib.asynccontextmanager
    async def _running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        log_file = self._command.log_file
        log_file.parent.mkdir(parents=True, exist_ok=True)
        too_long = log_file.exists() and log_file.stat().st_size > _MAX_LOG
        with log_file.open("wb" if too_long else "ab") as output:
            self._child = await asyncio.create_subprocess_exec(
                *self._command.arguments(),
                cwd=self._command.root,
                env=self._command.environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                # A Ctrl-C in the terminal is for the service, which stops Rasa itself.
                start_new_session=True,
            )
        self.starts += 1
        try:
            yield self._child
        finally:
            await _end(self._child)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        async with asyncio.timeout(_GRACE):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
