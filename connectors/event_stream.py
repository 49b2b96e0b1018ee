"""A turn of the conversation as server-sent events, for the API and for the web page.

Events: ``working`` at once, before anything is known; when the whole turn is stored, one
``message`` per message, urgent help first, then ``done``; or ``error``, whose data is a
``detail`` in plain French, when the turn could not be played.

The texts are written, not generated: a turn takes some tens of milliseconds and is stored in
one transaction, so that no message is shown that could still be taken back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from starlette.responses import StreamingResponse

from assistant.messages import Message, MessageKind
from connectors.contention import BUSY, WORDS
from connectors.gateway import TextTooLong, UnknownConversation

logger = logging.getLogger(__name__)

#: Silence after which a comment is sent, in seconds: proxies close silent connections
#: (nginx after 60 s by default).
BEAT_S: Final = 15.0

Show = Callable[[Message], Mapping[str, object]]
End = Callable[[], Awaitable[Mapping[str, object]]]

_TOLD: Final[Mapping[type[BaseException], str]] = {
    TextTooLong: "Votre message est trop long.",
    UnknownConversation: "Cette conversation a été effacée. Vous pouvez en commencer une autre.",
    **dict.fromkeys(BUSY, WORDS),
}
_TROUBLE: Final = "Quelque chose n’a pas marché de notre côté. Envoyez votre message à nouveau."


def encode(name: str, data: Mapping[str, object]) -> bytes:
    """Return one event; ``data`` is written as JSON on one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def urgent_first(messages: list[Message]) -> list[Message]:
    """Return the messages of a turn, urgent help before everything else."""
    return sorted(messages, key=lambda message: message.kind is not MessageKind.URGENT)


class TurnStreams:
    """Plays turns and tells how they go.

    A turn that has begun goes to its end even when the person closes the page: the answer is
    stored and waits for them. The object keeps the running turns, since asyncio does not.
    """

    def __init__(self, beat_s: float = BEAT_S) -> None:
        self._beat_s = beat_s
        self._running: set[asyncio.Task[list[Message]]] = set()

    def respond(
        self, turn: Coroutine[Any, Any, list[Message]], show: Show, end: End | None = None
    ) -> StreamingResponse:
        """Return the response that plays ``turn`` and streams what ``show`` makes of it.

        ``end`` gives the data of ``done``; nothing by default.
        """
        # nginx would otherwise keep the events until the end.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self.events(turn, show, end), media_type="text/event-stream", headers=headers
        )

    async def events(
        self, turn: Coroutine[Any, Any, list[Message]], show: Show, end: End | None = None
    ) -> AsyncIterator[bytes]:
        """Yield the events of ``turn``.

        An unforeseen error is told to the person in one sentence and logged. It is not raised:
        the server would cut the connection, and the sentence could be lost with it.
        """
        task = asyncio.create_task(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        yield encode("working", {})
        while not (await asyncio.wait({task}, timeout=self._beat_s))[0]:
            yield b": toujours au travail\n\n"
        error = task.exception()
        if error is None:
            for message in urgent_first(task.result()):
                yield encode("message", show(message))
            yield encode("done", await end() if end else {})
            return
        yield encode("error", {"detail": _TOLD.get(type(error), _TROUBLE)})
        if type(error) not in _TOLD:
            # Where it happened, not its message: that could hold what the person wrote.
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("a turn failed: %s\n%s", type(error).__name__, where)
