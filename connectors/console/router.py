"""All the pages of the console that follow cases; the hotline has its own router."""

from __future__ import annotations

from fastapi import APIRouter

from connectors.console.case_pages import CasePages
from connectors.console.login_pages import LoginPages
from connectors.console.pages import Console


def console_router(console: Console) -> APIRouter:
    """Return the routes under ``/console``: login, list, case, actions, style sheet."""
    router = APIRouter()
    router.include_router(LoginPages(console).router())
    router.include_router(CasePages(console).router())
    return router
