"""The catalogue on the web: every theme, every card, with its sources; to be read or printed."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from connectors.web.pages import Pages
from connectors.web.ports import CatalogueShelves

#: The theme whose pages have a title that says nothing over a shoulder.
_DISCREET: Final = "violences"


class CatalogueRoutes:
    """The routes of the catalogue: no conversation, nothing kept, nothing counted."""

    def __init__(self, pages: Pages, catalogue: CatalogueShelves) -> None:
        self._pages, self._catalogue = pages, catalogue

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(include_in_schema=False, prefix="/catalogue")
        router.get("")(self.themes)
        router.get("/fiche/{card_id}")(self.card)
        router.get("/{theme}")(self.theme)
        return router

    async def themes(self) -> Response:
        """Show the themes."""
        return self._pages.page("catalogue.html", shelves=self._catalogue.shelves)

    async def theme(self, request: Request, theme: str) -> Response:
        """Show the cards of a theme; whole with ``?complet=1``, to be printed."""
        shelf = next((one for one in self._catalogue.shelves if one.id == theme), None)
        if shelf is None:
            raise HTTPException(404)
        whole = request.query_params.get("complet") == "1"
        cards = [self._catalogue.card(one.id) for one in shelf.cards] if whole else []
        return self._pages.page(
            "catalogue_theme.html", shelf=shelf, cards=cards, discreet=shelf.id == _DISCREET
        )

    async def card(self, card_id: str) -> Response:
        """Show a card with all that it rests on."""
        card = self._catalogue.card(card_id)
        if card is None:
            raise HTTPException(404)
        discreet = any(shelf.id == _DISCREET for shelf in card.themes)
        return self._pages.page("catalogue_card.html", card=card, discreet=discreet)
