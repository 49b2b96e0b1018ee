"""The public HTTP API, version 1, assembled."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from connectors.api.conversations import ConversationRoutes
from connectors.api.handoffs import HandoffRoutes
from connectors.api.lookups import LookupRoutes
from connectors.api.ports import ApiPorts
from connectors.api.problems import MEDIA_TYPE, Kind
from connectors.api.ratelimit import Limits
from connectors.gateway import Gateway


class ProblemOut(BaseModel):
    """An error (RFC 9457): ``type`` is stable, ``detail`` may be shown to the person."""

    type: str = Field(examples=[Kind.TOKEN.uri])
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None


def _problem_doc(description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": ProblemOut.model_json_schema()}}
    return {"description": description, "content": content}


_ERRORS: dict[int | str, dict[str, Any]] = {
    401: _problem_doc("Sans jeton valable."),
    404: _problem_doc("Identifiant, code ou adresse inconnus."),
    413: _problem_doc("Plus de 2 000 caractères de texte, ou un envoi trop lourd."),
    422: _problem_doc("Demande incorrecte."),
    429: _problem_doc("Trop de demandes : attendez `Retry-After` secondes."),
    503: _problem_doc(
        "D’autres écrivent en même temps : recommencez après `Retry-After` secondes."
    ),
}


def api_router(gateway: Gateway, ports: ApiPorts, limits: Limits) -> APIRouter:
    """Return the routes under ``/api/v1``.

    The application must also call ``problems.install`` and carry ``BodyLimit``.
    """
    router = APIRouter(prefix="/api/v1", responses=_ERRORS)
    router.include_router(ConversationRoutes(gateway, limits).router())
    router.include_router(LookupRoutes(ports, limits).router())
    router.include_router(HandoffRoutes(gateway, ports.handoffs, limits).router())
    return router
