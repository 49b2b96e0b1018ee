"""A background loop does not die of an error, and says that it lives."""

from __future__ import annotations

import asyncio

import pytest

from connectors.supervision import Loop

WORDS = "canari-7731"


class Work:
    """Fails as often as told, with words of a person in the error, then works on."""

    def __init__(self, failures: int) -> None:
        self.failures, self.starts = failures, 0
        self.working = asyncio.Event()
        self.failed = asyncio.Event()

    async def __call__(self) -> None:
        self.starts += 1
        if self.starts <= self.failures:
            self.failed.set()
            raise KeyError(WORDS)
        self.working.set()
        await asyncio.Event().wait()


async def test_it_starts_again_whatever_is_raised(caplog: pytest.LogCaptureFixture) -> None:
    """After three failures it works; the log names the loop and the error, not its text."""
    work = Work(3)
    loop = Loop("retention", work, first_pause=0.001)
    loop.start()
    await asyncio.wait_for(work.working.wait(), 10)
    assert work.starts == 4
    assert loop.alive is True
    await loop.stop()
    assert loop.alive is False
    assert "retention failed (KeyError); again in 0.001 s" in caplog.text
    assert "retention failed (KeyError); again in 0.004 s" in caplog.text
    assert WORDS not in caplog.text


async def test_between_two_starts_it_is_not_alive() -> None:
    """Whoever watches sees the failure; stopping does not wait for the pause."""
    work = Work(1)
    loop = Loop("outbox", work, first_pause=3600)
    loop.start()
    await asyncio.wait_for(work.failed.wait(), 10)
    async with asyncio.timeout(10):
        while loop.alive:
            await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await loop.stop()
    assert work.starts == 1


async def test_a_start_that_held_brings_the_first_pause_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A failure after an hour of good work is not the continuation of an old one."""
    work = Work(3)
    hours = iter(range(0, 360_000, 3600))
    loop = Loop("outbox", work, first_pause=0.001, clock=lambda: next(hours))
    loop.start()
    await asyncio.wait_for(work.working.wait(), 10)
    await loop.stop()
    assert caplog.text.count("again in 0.001 s") == 3


async def test_work_that_ends_by_itself_is_waited_for() -> None:
    """Within the grace the work is not cut in the middle."""
    asked, ended = asyncio.Event(), []

    async def work() -> None:
        await asked.wait()
        ended.append("by itself")

    loop = Loop("outbox", work)
    loop.start()
    await asyncio.sleep(0)
    asked.set()
    await loop.stop(grace_s=10)
    assert ended == ["by itself"]


async def test_it_can_be_started_again() -> None:
    """Stop, then start: the work runs again."""
    work = Work(0)
    loop = Loop("outbox", work)
    for _ in range(2):
        work.working.clear()
        loop.start()
        await asyncio.wait_for(work.working.wait(), 10)
        await loop.stop()
    assert work.starts == 2
