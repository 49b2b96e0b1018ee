"""The pages beside the conversation: where a request stands, privacy, help, errors, files."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from assistant.receipt import read_code
from connectors.web.pages import Asset, Pages
from connectors.web.ports import CaseLookup, WebLimits
from connectors.web.session import from_our_page

_WRONG_CODE: Final = "Ce n’est pas un code de reçu. Il a six lettres ou chiffres, comme K7M4QX."
_UNKNOWN_CODE: Final = "Je ne trouve pas cette demande. Vérifiez les six caractères du code."
_TOO_OFTEN: Final = "Vous avez essayé beaucoup de codes. Attendez une minute et recommencez."

#: A year: the address of a file changes with its content.
_KEEP: Final = "public, max-age=31536000, immutable"


class InformationRoutes:
    """The routes of the pages that hold no conversation."""

    def __init__(
        self, pages: Pages, cases: CaseLookup, limits: WebLimits, assets: Mapping[str, Asset]
    ) -> None:
        self._pages = pages
        self._cases = cases
        self._limits = limits
        self._assets = assets

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False)
        router.get("/demande")(self.ask_code)
        router.post("/demande")(self.case)
        router.get("/confidentialite")(self.privacy)
        router.get("/aide")(self.help)
        router.get("/static/{name}")(self.static)
        return router

    async def ask_code(self) -> Response:
        """Show the form « Où en est ma demande ? »."""
        return self._pages.page("case.html", code="", alert="", case=None)

    async def case(self, request: Request) -> Response:
        """Say where a request stands; the code is posted so that no address keeps it."""
        if not from_our_page(request):
            raise HTTPException(403)
        form = await request.form(max_files=0, max_fields=8)
        typed = str(form.get("code", ""))[:40]
        code = read_code(typed)
        wait = await self._limits.code(request.client.host if request.client else None)
        if wait:
            response = self._refused(429, typed, _TOO_OFTEN)
            response.headers["Retry-After"] = str(ceil(wait))
            return response
        if code is None:
            return self._refused(422, typed, _WRONG_CODE)
        found = await self._cases.status(code)
        if found is None:
            return self._refused(404, typed, _UNKNOWN_CODE)
        return self._pages.page("case.html", code=code, alert="", case=found)

    async def privacy(self) -> Response:
        """Say what is kept, how long, and the rights of the person."""
        return self._pages.page("privacy.html")

    async def help(self) -> Response:
        """Say how the assistant works."""
        return self._pages.page("help.html")

    async def static(self, request: Request, name: str) -> Response:
        """Give a file; it may stay on the device only under its versioned address."""
        asset = self._assets.get(name)
        if asset is None:
            raise HTTPException(404)
        current = request.query_params.get("v") == asset.version
        return Response(
            asset.content,
            media_type=asset.media_type,
            headers={"Cache-Control": _KEEP if current else "no-cache"},
        )

    def _refused(self, status: int, typed: str, alert: str) -> Response:
        return self._pages.page("case.html", status, code=typed, alert=alert, case=None)
