"""The public HTTP API, version 1, assembled."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from connectors.api.conversations import ConversationRoutes
from connectors.api.handoffs import HandoffRoutes
from connectors.api.lookups import LookupRoutes
from connectors.api.ports import ApiPorts
from connectors.api.problems import COMMON_ERRORS, problem_doc
from connectors.api.ratelimit import Limits
from connectors.gateway import Gateway

_ERRORS: dict[int | str, dict[str, Any]] = {
    **COMMON_ERRORS,
    401: problem_doc("Sans jeton valable."),
    404: problem_doc("Identifiant, code ou adresse inconnus."),
    413: problem_doc("Plus de 2 000 caractères de texte, ou un envoi trop lourd."),
    503: problem_doc("D’autres écrivent en même temps : recommencez après `Retry-After` secondes."),
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
