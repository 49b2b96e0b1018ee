"""Long steps say that they go on: a line at the beginning, every ten seconds, at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

#: Seconds between two lines: nobody must wonder whether the machine still works.
EVERY_S: Final = 10.0


def say(line: str) -> None:
    """Print a line now, even into a file."""
    print(line, flush=True)  # noqa: T201 - the lines of the set-up


@dataclass(slots=True)
class Progress:
    """How far a step is, in things of a kind: « 120/315 fiches »."""

    total: int = 0
    things: str = ""
    done: int = 0

    def add(self, count: int) -> None:
        """Count ``count`` more things done."""
        self.done += count

    def words(self) -> str:
        """Return where the step is; without a total, only that it goes on."""
        return f"{self.done}/{self.total} {self.things}" if self.total else "toujours en cours"


@contextmanager
def step(
    name: str,
    about: str,
    tell: Callable[[str], None] = say,
    *,
    every_s: float = EVERY_S,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Progress]:
    """Tell how the step inside goes: « Index : 122 fiches… », then the seconds it has taken.

    What the step counts in the ``Progress`` given is told on the way. Nothing is told at the
    end of a step that fails: its exception says why.
    """
    start = clock()
    ended = threading.Event()
    progress = Progress()

    def tick() -> None:
        while not ended.wait(every_s):
            tell(f"{name} : {progress.words()} ({clock() - start:.0f} s)…")

    tell(f"{name} : {about}…")
    ticker = threading.Thread(target=tick, name=f"step: {name}", daemon=True)
    ticker.start()
    try:
        yield progress
    finally:
        ended.set()
        ticker.join()
    tell(f"{name} : prêt en {clock() - start:.0f} s.")
