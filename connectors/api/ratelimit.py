"""How often one address or one conversation may ask.

One algorithm (generic cell rate: a burst, then one request per interval) kept in the memory
of the process or in Redis when several copies of the service share the limits.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.identifiers import digest
from connectors.incoming import UNKNOWN_ADDRESS, address_key

logger = logging.getLogger(__name__)

#: Addresses remembered by one limiter; about 10 MB, enough for a busy day.
MAX_KEYS: Final = 50_000
#: How long a turn may wait for the limiter, in seconds.
_ANSWER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, then one every ``every_s`` seconds."""

    burst: int
    every_s: float

    def __post_init__(self) -> None:
        if self.burst < 1 or self.every_s <= 0:
            raise ValueError(f"a rate needs a burst ≥ 1 and an interval > 0: {self}")

    @property
    def tolerance_s(self) -> float:
        """How far ahead of its regular time a request may come, in seconds."""
        return self.every_s * (self.burst - 1)


class RateLimiter(Protocol):
    """Counts the requests of each key."""

    async def wait_for(self, key: str) -> float:
        """Count a request: 0.0 if it may pass, else the seconds to wait (not counted)."""

    async def forget(self, key: str) -> None:
        """Count from the beginning again for this key."""


class MemoryLimiter:
    """The limiter of one process; forgets the keys seen longest ago beyond ``max_keys``."""

    def __init__(
        self,
        rate: Rate,
        clock: Callable[[], float] = time.monotonic,
        max_keys: int = MAX_KEYS,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._max_keys = max_keys
        self._next: OrderedDict[str, float] = OrderedDict()

    async def wait_for(self, key: str) -> float:
        """Count a request: 0.0 if it may pass, else the seconds to wait."""
        now = self._clock()
        due = max(now, self._next.get(key, now))
        wait = due - self._rate.tolerance_s - now
        if wait > 0:
            return wait
        self._next[key] = due + self._rate.every_s
        self._next.move_to_end(key)
        if len(self._next) > self._max_keys:
            self._next.popitem(last=False)
        return 0.0

    async def forget(self, key: str) -> None:
        """Count from the beginning again for this key."""
        self._next.pop(key, None)


#: Redis' own clock, so that all the copies agree; milliseconds.
_SCRIPT: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local wait = due - tonumber(ARGV[2]) - now
if wait > 0 then return wait end
due = due + tonumber(ARGV[1])
redis.call('SET', KEYS[1], due, 'PX', due - now)
return 0
"""


class RedisLimiter:
    """The limiter shared by several processes.

    When Redis does not answer, each process counts alone: the limits must never be what
    keeps people out. Keys are digests; they expire by themselves.
    """

    def __init__(self, client: Redis, name: str, rate: Rate) -> None:
        self._client, self._name = client, name
        self._script = client.register_script(_SCRIPT)
        self._every_ms = max(1, round(rate.every_s * 1000))
        self._tolerance_ms = round(rate.tolerance_s * 1000)
        self._alone = MemoryLimiter(rate)

    async def wait_for(self, key: str) -> float:
        """Count a request: 0.0 if it may pass, else the seconds to wait."""
        try:
            wait_ms = await self._script(
                keys=[self._stored(key)], args=[self._every_ms, self._tolerance_ms]
            )
        except RedisError as error:
            logger.warning("rate limit: Redis does not answer (%s)", type(error).__name__)
            return await self._alone.wait_for(key)
        return int(wait_ms) / 1000

    async def forget(self, key: str) -> None:
        """Count from the beginning again for this key."""
        await self._alone.forget(key)
        try:
            await self._client.delete(self._stored(key))
        except RedisError as error:
            logger.warning("rate limit: Redis does not answer (%s)", type(error).__name__)

    def _stored(self, key: str) -> str:
        return f"premiere-reponse:rate:{self._name}:{digest(key)[:32]}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The limits of the service.

    Several people may share an address (a France services, a library): an address may open
    20 conversations at once, then two a minute. A code has six characters: trying them all
    at one a minute would take centuries.

    ``passwords`` counts the tries of one login from one address: whoever tries the account of
    an agent from elsewhere keeps nobody out. ``logins`` counts those of one address, whatever
    the login: each costs 64 MiB and a tenth of a second.
    """

    conversations: Rate = Rate(20, 30.0)
    messages: Rate = Rate(20, 2.0)
    codes: Rate = Rate(10, 60.0)
    lookups: Rate = Rate(60, 0.5)
    logins: Rate = Rate(20, 15.0)
    passwords: Rate = Rate(5, 180.0)


class Limits:
    """What may be asked, and how often. Each method gives the seconds to wait, 0.0 if none."""

    def __init__(self, limiter: Callable[[str, Rate], RateLimiter], rates: Rates) -> None:
        self._conversations = limiter("conversations", rates.conversations)
        self._messages = limiter("messages", rates.messages)
        self._codes = limiter("codes", rates.codes)
        self._lookups = limiter("lookups", rates.lookups)
        self._logins = limiter("logins", rates.logins)
        self._passwords = limiter("passwords", rates.passwords)

    async def conversation(self, host: str | None) -> float:
        """Count a new conversation of the address ``host``."""
        return await self._conversations.wait_for(address_key(host))

    async def message(self, conversation_id: str) -> float:
        """Count a message of the conversation."""
        return await self._messages.wait_for(conversation_id)

    async def code(self, host: str | None) -> float:
        """Count a look-up of a receipt code by the address ``host``."""
        return await self._codes.wait_for(address_key(host))

    async def code_of(self, who: str) -> float:
        """Count a code tried in the chat by ``who``: an address, or else a conversation.

        An address is counted with its own tries on the page and by the API.
        """
        key = address_key(who)
        return await self._codes.wait_for(who if key == UNKNOWN_ADDRESS else key)

    async def lookup(self, host: str | None) -> float:
        """Count a reading of the catalogue or directory by the address ``host``."""
        return await self._lookups.wait_for(address_key(host))

    async def login(self, login: str, host: str | None) -> float:
        """Count a password tried for ``login`` by the address ``host``."""
        wait = await self._logins.wait_for(address_key(host))
        return wait or await self._passwords.wait_for(_account_from(login, host))

    async def logged_in(self, login: str, host: str | None) -> None:
        """Forget the wrong passwords of ``login`` at this address: the right one came."""
        await self._passwords.forget(_account_from(login, host))


def _account_from(login: str, host: str | None) -> str:
    """Return one short key for an account and an address; what was typed is not kept."""
    return digest(f"{login.strip().lower()}\0{address_key(host)}")


def code_limit(limits: Limits, loop: asyncio.AbstractEventLoop) -> Callable[[str], float]:
    """Return ``limits.code_of`` for the threads that play the turns.

    When the limiter does not answer, the code waits: it is the only protection of the cases.
    """

    def wait_for(who: str) -> float:
        counted = asyncio.run_coroutine_threadsafe(limits.code_of(who), loop)
        try:
            return counted.result(_ANSWER_S)
        except TimeoutError:
            counted.cancel()
            return _ANSWER_S

    return wait_for


def make_limits(rates: Rates | None = None, redis: Redis | None = None) -> Limits:
    """Return the limits, counted in Redis when a client is given, else in this process."""
    if redis is None:
        return Limits(lambda _name, rate: MemoryLimiter(rate), rates or Rates())
    return Limits(lambda name, rate: RedisLimiter(redis, name, rate), rates or Rates())
