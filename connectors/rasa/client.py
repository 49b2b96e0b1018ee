"""Asking Rasa for a turn: three seconds at most, and never twice when it is away."""

from __future__ import annotations

import asyncio

import httpx

from assistant.messages import Message
from connectors.rasa.breaker import CircuitBreaker, CircuitOpen
from connectors.rasa.protocol import UnreadableAnswer, read_answers, rest_call

#: Beyond this the service answers by itself: a person must not wait for our engine.
TIMEOUT = 3.0
_CONNECTIONS = httpx.Limits(max_connections=64, max_keepalive_connections=16)


class RasaUnavailable(Exception):
    """Rasa cannot answer this turn; the message says why, without any text of a person."""


class RasaTooSlow(RasaUnavailable):
    """No answer in time."""


class RasaUnreachable(RasaUnavailable):
    """No connection, or the connection broke."""


class RasaRefused(RasaUnavailable):
    """An HTTP error, or an answer that cannot be read."""


class RasaSilent(RasaUnavailable):
    """An empty answer: this is how Rasa says that something failed."""


class RasaResting(RasaUnavailable):
    """The last turns failed: Rasa is not asked for a few seconds."""


class RasaClient:
    """A client of Rasa's REST channel on loopback; open until ``close``."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = TIMEOUT,
        breaker: CircuitBreaker | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._timeout = timeout
        self._breaker = breaker or CircuitBreaker()
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=timeout,
            limits=_CONNECTIONS,
            transport=transport,
            # Loopback only: no proxy, no credentials of the environment.
            trust_env=False,
        )

    async def send(self, sender: str, message: str, metadata: dict[str, object]) -> list[Message]:
        """Return the messages of the turn.

        ``message`` is what the person typed, or ``/intent`` when ``metadata`` has a
        ``value``; ``metadata`` reaches the action as it is. Raises RasaUnavailable.
        """
        try:
            self._breaker.before_call()
        except CircuitOpen as error:
            raise RasaResting(str(error)) from error
        try:
            messages = await self._post(rest_call(sender, message, metadata))
        except RasaUnavailable:
            self._breaker.failed()
            raise
        except asyncio.CancelledError:
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()
        return messages

    async def is_up(self) -> bool:
        """Tell whether Rasa accepts messages now; never raises."""
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._http.get("/webhooks/rest/")
        except (httpx.HTTPError, TimeoutError):
            return False
        return answer.status_code == httpx.codes.OK

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, call: dict[str, object]) -> list[Message]:
        try:
            # httpx counts each phase apart; the person waits for their sum.
            async with asyncio.timeout(self._timeout):
                answer = await self._http.post("/webhooks/rest/webhook", json=call)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise RasaTooSlow(f"no answer in {self._timeout:g} s") from error
        except httpx.HTTPError as error:
            raise RasaUnreachable(type(error).__name__) from error
        if answer.status_code != httpx.codes.OK:
            raise RasaRefused(f"HTTP {answer.status_code}")
        try:
            messages = read_answers(answer.content)
        except UnreadableAnswer as error:
            raise RasaRefused(str(error)) from error
        if not messages:
            raise RasaSilent("an empty answer")
        return messages
