"""Routes of a conversation: open, say, read, erase."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.messages import Contract, Message
from connectors.api.problems import Kind, Problem, too_many
from connectors.api.ratelimit import Limits
from connectors.api.schemas import (
    ConversationIn,
    ConversationOut,
    MessageIn,
    MessagesOut,
    OpenedOut,
    dump_facts,
    dump_messages,
)
from connectors.event_stream import TurnStreams, urgent_first
from connectors.gateway import Gateway, TextTooLong, UnknownConversation, WrongToken
from connectors.incoming import is_opaque, turn_key

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="Le jeton donné à l’ouverture.")),
]
TurnKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Le même envoi répété avec la même clé ne compte qu’une fois.",
    ),
]

_STREAM_DOC: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Événements `working`, un `message` par message, puis `done` (ou `error`).",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


async def authorise(
    gateway: Gateway, conversation_id: str, bearer: HTTPAuthorizationCredentials | None
) -> None:
    """Check the token of a conversation. Raises Problem (401 or 404)."""
    if bearer is None or not is_opaque(bearer.credentials):
        raise Problem(Kind.TOKEN)
    if not is_opaque(conversation_id):
        raise Problem(Kind.CONVERSATION)
    try:
        await gateway.authorise(conversation_id, bearer.credentials)
    except UnknownConversation as error:
        raise Problem(Kind.CONVERSATION) from error
    except WrongToken as error:
        raise Problem(Kind.TOKEN) from error


class ConversationRoutes:
    """The routes, over the one door of every channel."""

    def __init__(self, gateway: Gateway, limits: Limits) -> None:
        self._gateway = gateway
        self._limits = limits
        self._streams = TurnStreams()

    def router(self) -> APIRouter:
        """Return the routes under ``/conversations``."""
        router = APIRouter(prefix="/conversations", tags=["conversation"])
        router.post("", status_code=201, response_model=OpenedOut, summary="Ouvrir")(self.open)
        one = "/{conversation_id}"
        said = f"{one}/messages"
        router.post(said, response_model=MessagesOut, summary="Dire")(self.say)
        router.post(
            f"{said}/stream", responses=_STREAM_DOC, summary="Dire, réponse par événements"
        )(self.stream)
        router.get(one, response_model=ConversationOut, summary="Relire")(self.read)
        router.delete(one, status_code=204, summary="Effacer")(self.erase)
        return router

    async def open(self, request: Request, body: ConversationIn | None = None) -> Response:
        """Ouvre une conversation et donne son jeton, une seule fois."""
        wait = await self._limits.conversation(request.client.host if request.client else None)
        if wait:
            raise too_many(wait)
        opened = await self._gateway.open((body or ConversationIn()).channel)
        return JSONResponse(
            {
                "conversation_id": opened.conversation_id,
                "token": opened.token,
                "messages": dump_messages(opened.messages),
            },
            status_code=201,
        )

    async def say(
        self,
        request: Request,
        conversation_id: str,
        body: MessageIn,
        bearer: Bearer,
        key: TurnKey = None,
    ) -> Response:
        """Donne à l’assistant un message ou un choix, et rend ses réponses."""
        await self._admit(conversation_id, body, bearer)
        try:
            messages = await self._turn(request, conversation_id, body, key)
        except UnknownConversation as error:
            raise Problem(Kind.CONVERSATION) from error
        except TextTooLong as error:
            raise Problem(Kind.TEXT_TOO_LONG) from error
        return JSONResponse({"messages": dump_messages(urgent_first(messages))})

    async def stream(
        self,
        request: Request,
        conversation_id: str,
        body: MessageIn,
        bearer: Bearer,
        key: TurnKey = None,
    ) -> StreamingResponse:
        """Comme l’envoi d’un message, mais la réponse arrive par événements."""
        await self._admit(conversation_id, body, bearer)
        turn = self._turn(request, conversation_id, body, key)
        return self._streams.respond(turn, lambda message: dump_messages([message])[0])

    async def read(self, conversation_id: str, bearer: Bearer) -> Response:
        """Rend la conversation entière et ce que l’assistant a compris."""
        await authorise(self._gateway, conversation_id, bearer)
        try:
            transcript = await self._gateway.read(conversation_id)
        except UnknownConversation as error:
            raise Problem(Kind.CONVERSATION) from error
        return JSONResponse(
            {
                "messages": dump_messages(transcript.messages),
                "facts": dump_facts(transcript.session),
                "status": transcript.status,
            }
        )

    async def erase(self, conversation_id: str, bearer: Bearer) -> Response:
        """Efface tout ce qui concerne la conversation."""
        await authorise(self._gateway, conversation_id, bearer)
        try:
            await self._gateway.erase(conversation_id)
        except UnknownConversation as error:
            raise Problem(Kind.CONVERSATION) from error
        return Response(status_code=204)

    async def _admit(
        self, conversation_id: str, body: MessageIn, bearer: HTTPAuthorizationCredentials | None
    ) -> None:
        """Check the token, the length and the rate, in this order. Raises Problem."""
        await authorise(self._gateway, conversation_id, bearer)
        if len(body.text or "") > Contract.MAX_TEXT:
            raise Problem(Kind.TEXT_TOO_LONG)
        wait = await self._limits.message(conversation_id)
        if wait:
            raise too_many(wait)

    async def _turn(
        self, request: Request, conversation_id: str, body: MessageIn, key: str | None
    ) -> list[Message]:
        text = body.text or ""
        turn_id = turn_key(key, text, body.value) if key else None
        address = request.client.host if request.client else None
        return await self._gateway.say(conversation_id, text, body.value, turn_id, address)
