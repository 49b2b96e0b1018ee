"""The web pages, assembled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from assistant.messages import LineCard
from connectors.gateway import Gateway
from connectors.web.catalogue import CatalogueRoutes
from connectors.web.chat import ChatRoutes
from connectors.web.information import InformationRoutes
from connectors.web.pages import Pages, load_assets
from connectors.web.ports import CaseLookup, CatalogueShelves, SiteInfo, WebLimits


@dataclass(frozen=True, slots=True)
class WebDoor:
    """The routes of the pages and what shows an error on a page."""

    router: APIRouter
    pages: Pages

    async def error_page(self, request: Request, status: int, title: str, detail: str) -> Response:
        """Return a page for an error, with the way to a human and what the person had typed."""
        draft = getattr(request.state, "draft", "")
        return self.pages.page(
            "error.html", status, code=status, title=title, detail=detail, draft=draft
        )


def web_door(
    gateway: Gateway,
    cases: CaseLookup,
    limits: WebLimits,
    lines: Sequence[LineCard],
    catalogue: CatalogueShelves,
    site: SiteInfo | None = None,
) -> WebDoor:
    """Return the pages; ``lines`` are the emergency numbers shown on all of them."""
    site = site or SiteInfo()
    assets = load_assets()
    pages = Pages(site, lines, assets)
    router = APIRouter()
    router.include_router(ChatRoutes(gateway, pages, limits, site).router())
    router.include_router(InformationRoutes(pages, cases, limits, assets).router())
    router.include_router(CatalogueRoutes(pages, catalogue).router())
    return WebDoor(router, pages)
