"""One update of a chat at a time, in order; and not too many from one chat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from aiolimiter import AsyncLimiter

#: Messages of one chat that are read in ``PERIOD_S`` seconds; nobody writes more by hand.
MESSAGES: Final = 20
PERIOD_S: Final = 60.0
#: Chats remembered at once, some hundreds of bytes each; the oldest are forgotten first.
MAX_CHATS: Final = 10_000


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    holders: int = 0


class Turns:
    """Makes the updates of one chat wait for each other; different chats do not wait."""

    def __init__(self) -> None:
        self._turns: dict[int, _Turn] = {}

    @asynccontextmanager
    async def of(self, chat_id: int) -> AsyncIterator[None]:
        """Hold the turn of the chat; those who ask first go first."""
        turn = self._turns.setdefault(chat_id, _Turn())
        turn.holders += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.holders -= 1
            if not turn.holders:
                del self._turns[chat_id]


class Admission(Enum):
    """What to do with a message that arrives."""

    READ = auto()
    WARN = auto()  # too many: say so, once
    DROP = auto()  # too many, and it was said


@dataclass(slots=True)
class _Flow:
    limiter: AsyncLimiter
    warned: bool = False


class Pace:
    """Counts the messages of each chat; must be used inside one event loop."""

    def __init__(self, messages: int = MESSAGES, period_s: float = PERIOD_S) -> None:
        self._messages = messages
        self._period_s = period_s
        self._flows: OrderedDict[int, _Flow] = OrderedDict()

    async def admit(self, chat_id: int) -> Admission:
        """Count a message of the chat and tell what to do with it; never waits."""
        flow = self._flows.get(chat_id)
        if flow is None:
            flow = self._flows[chat_id] = _Flow(AsyncLimiter(self._messages, self._period_s))
        self._flows.move_to_end(chat_id)
        if len(self._flows) > MAX_CHATS:
            self._flows.popitem(last=False)
        if flow.limiter.has_capacity():
            await flow.limiter.acquire()
            flow.warned = False
            return Admission.READ
        if flow.warned:
            return Admission.DROP
        flow.warned = True
        return Admission.WARN
