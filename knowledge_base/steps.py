"""Long steps say that they go on: a line at the beginning, every ten seconds, at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

#: Seconds between two lines: nobody must wonder whether the machine still works.
EVERY_S: Final = 10.0


def say(line: str) -> None:
    """Print a line now, even into a file."""
    print(line, flush=True)  # noqa: T201 - the lines of the set-up


@contextmanager
def step(
    name: str,
    about: str,
    tell: Callable[[str], None] = say,
    *,
    every_s: float = EVERY_S,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[None]:
    """Tell how the step inside goes: « Index : 122 fiches… », then the seconds it has taken.

    Nothing is told at the end of a step that fails: its exception says why.
    """
    start = clock()
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(every_s):
            tell(f"{name} : toujours en cours ({clock() - start:.0f} s)…")

    tell(f"{name} : {about}…")
    ticker = threading.Thread(target=tick, name=f"step: {name}", daemon=True)
    ticker.start()
    try:
        yield
    finally:
        ended.set()
        ticker.join()
    tell(f"{name} : prêt en {clock() - start:.0f} s.")
