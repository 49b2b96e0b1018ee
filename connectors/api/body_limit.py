"""Bounds the size of what a caller sends, before anything reads it."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.api.problems import Kind, Problem, problem_response

#: 2,000 characters written as JSON escapes take 24,000 bytes; the rest is room to spare.
MAX_BODY_BYTES: Final = 64 * 1024


class BodyLimit:
    """Refuses with 413 a body over ``limit`` bytes, announced or not.

    ``exempt`` are paths with a bound of their own: Rasa posts its whole tracker.
    """

    def __init__(
        self, app: ASGIApp, limit: int = MAX_BODY_BYTES, exempt: Collection[str] = ()
    ) -> None:
        self._app = app
        self._limit = limit
        self._exempt = frozenset(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its bytes."""
        if scope["type"] != "http" or scope["path"] in self._exempt:
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._limit:
            # The body is left unread: the connection cannot serve another request.
            refusal = Problem(Kind.BODY_TOO_LARGE, headers={"Connection": "close"})
            await problem_response(refusal)(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, counted, send)


def _announced(scope: Scope) -> int:
    """Return the announced size, 0 when it is missing (the server refuses a wrong one)."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
