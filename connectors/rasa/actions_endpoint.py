"""Where Rasa posts the actions to run: rasa-sdk's executor behind one route.

rasa-sdk's own server repeats the request, with what the person wrote, in its errors and
its logs. This one answers with names only.
"""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk import ActionExecutionRejection
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from assistant.actions import RunTurn, build_actions
from connectors.rasa.protocol import ActionCall

#: The header that endpoints.yml sends.
TOKEN_HEADER: Final = "X-Action-Token"  # noqa: S105  # a name, not a secret
#: A text of 2,000 accented letters appears some ten times in a call, six bytes a letter.
MAX_BODY_BYTES: Final = 1024 * 1024


def actions_router(run_turn: RunTurn, token: str) -> APIRouter:
    """Return the route ``POST /webhook`` over ``run_turn``; only ``token`` opens it.

    Raises ValueError for an empty token.
    """
    if not token:
        raise ValueError("the actions need a token: anybody could post a turn")
    executor = ActionExecutor()
    # Rasa does not send the domain (enable_selective_domain); no action reads it.
    executor.domain = {}
    for action in build_actions(run_turn):
        executor.register_action(action)
    router = APIRouter(include_in_schema=False)

    @router.post("/webhook")
    async def run(request: Request) -> Response:
        given = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        body = await _bounded(request)
        if body is None:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        call = _read(body)
        if call is None:
            return _refusal(HTTPStatus.BAD_REQUEST, "the body is not an action call", "")
        return await _run(executor, call)

    return router


async def _run(executor: ActionExecutor, call: ActionCall) -> Response:
    name = call["next_action"]
    try:
        result = await executor.run({"domain": {}, **call})
    except ActionNotFoundException:
        return _refusal(HTTPStatus.NOT_FOUND, "no such action", name)
    except ActionExecutionRejection:
        return _refusal(HTTPStatus.BAD_REQUEST, "the action was rejected", name)
    return JSONResponse({"events": result.events, "responses": result.responses})


async def _bounded(request: Request) -> bytes | None:
    """Return the body, or None when it is larger than any call of Rasa's."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _read(body: bytes) -> ActionCall | None:
    try:
        call = json.loads(body)
    except ValueError:
        return None
    outline = {"next_action": str, "tracker": dict}
    fits = isinstance(call, dict) and all(
        isinstance(call.get(key), kind) for key, kind in outline.items()
    )
    return call if fits and "sender_id" in call["tracker"] else None


def _refusal(status: HTTPStatus, error: str, action_name: str) -> JSONResponse:
    """Return an error as Rasa reads it."""
    return JSONResponse({"error": error, "action_name": action_name}, status_code=status)
