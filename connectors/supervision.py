"""Background work that must never die: started again when it fails, and says how it goes."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

log = logging.getLogger(__name__)

#: Seconds before a work that failed starts again, doubled each time.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
#: Seconds after which a start counts as good, and the next pause is the first again.
STEADY: Final = 60.0


class Loop:
    """Runs ``work`` in the background; started again, ever more slowly, whatever it raises.

    ``work`` returns only when it is asked to stop.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Coroutine[Any, Any, None]],
        *,
        first_pause: float = FIRST_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._work = name, work
        self._first_pause, self._clock = first_pause, clock
        self._ending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._failing = False

    @property
    def alive(self) -> bool:
        """Whether the work runs: False once stopped, and between a failure and a new start."""
        return self._task is not None and not self._task.done() and not self._failing

    def start(self) -> None:
        """Start in the running event loop; nothing happens if it is started."""
        if self._task is not None:
            return
        self._ending.clear()
        self._failing = False
        self._task = asyncio.get_running_loop().create_task(self._supervise(), name=self._name)

    async def stop(self, grace_s: float = 0.0) -> None:
        """Stop; the work may end by itself for ``grace_s`` seconds before it is cancelled."""
        task, self._task = self._task, None
        if task is None:
            return
        self._ending.set()
        if grace_s:
            await asyncio.wait({task}, timeout=grace_s)
        await _cancelled(task)

    async def _supervise(self) -> None:
        pause = self._first_pause
        while not self._ending.is_set():
            started = self._clock()
            self._failing = False
            error = await self._end_of_work()
            if error is None:
                return
            self._failing = True
            if self._clock() - started >= STEADY:
                pause = self._first_pause
            # Where it happened, not its message: that could hold what a person wrote.
            where = "".join(traceback.format_tb(error.__traceback__))
            kind = type(error).__name__
            log.error("%s failed (%s); again in %g s\n%s", self._name, kind, pause, where)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _end_of_work(self) -> BaseException | None:
        """Return why the work ended, None if it ended by itself."""
        task = asyncio.create_task(self._work(), name=f"{self._name}: work")
        try:
            await asyncio.wait({task})
        finally:
            await _cancelled(task)
        return task.exception()


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end; nothing happens to one that has ended."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait({task})
