"""The catalogue on the web: every card by theme, with its sources and dates, nothing kept."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from httpx import AsyncClient

from connectors.shelves import Shelves
from knowledge_base.catalogue import Catalogue
from knowledge_base.vocabulary import Stage, Theme
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app


@pytest.fixture(name="http")
async def _http() -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app()) as http:
        yield http


@pytest.fixture(scope="module", name="shelves")
def _shelves(catalogue: Catalogue) -> Shelves:
    return Shelves(catalogue)


def test_every_card_is_on_a_shelf(catalogue: Catalogue, shelves: Shelves) -> None:
    """A card that belongs to two themes is on both."""
    assert [shelf.label for shelf in shelves.shelves] == [theme.label for theme in Theme]
    found = {(shelf.label, card.id) for shelf in shelves.shelves for card in shelf.cards}
    assert found == {(t.label, e.id) for e in catalogue.entries.values() for t in e.themes}


def test_a_card_tells_all_it_rests_on(catalogue: Catalogue, shelves: Shelves) -> None:
    """Every source with its date, the sure ones first; every amount with its law."""
    card = shelves.card("aah")
    assert card is not None
    entry = catalogue.entries["aah"]
    assert {(s.title, s.checked_on) for s in card.sources} == {
        (s.title, s.checked_on) for s in entry.sources
    }
    doubts = [source.to_verify for source in card.sources]
    assert doubts == sorted(doubts)
    (amount,) = [figure for figure in card.figures if figure.label == "AAH : montant maximal"]
    assert (amount.value, amount.since) == ("1\u00a0041,59\u00a0€ par mois", date(2026, 4, 1))
    assert amount.reference.startswith("Décret n° 2026-229")


def test_a_card_too_old_is_not_shown(catalogue: Catalogue) -> None:
    """Neither on a shelf, nor by its address, nor beside another card."""
    shelves = Shelves(replace(catalogue, stages={"mva": Stage.HIDDEN}))
    assert shelves.card("mva") is None
    assert all(card.id != "mva" for shelf in shelves.shelves for card in shelf.cards)
    aah = shelves.card("aah")
    assert aah is not None
    assert "mva" in catalogue.entries["aah"].related
    assert all(card.id != "mva" for card in aah.related)


def test_a_card_to_review_says_so(catalogue: Catalogue) -> None:
    """Its age is on the card, and on no other."""
    shelves = Shelves(replace(catalogue, stages={"apl": Stage.DUE}))
    late, fresh = shelves.card("apl"), shelves.card("rsa")
    assert late is not None
    assert late.aid.review is not None
    assert late.aid.review.startswith("Nous avons vérifié cette fiche pour la dernière fois en ")
    assert fresh is not None
    assert fresh.aid.review is None


async def test_the_pages_lead_from_a_theme_to_a_card(http: AsyncClient) -> None:
    """Themes, then cards, then a card; a reading sets no cookie."""
    first = await http.get("/catalogue")
    assert first.status_code == 200
    assert "set-cookie" not in first.headers
    (theme,) = re.findall(r'href="(/catalogue/enfance-famille)"', first.text)
    listed = (await http.get(theme)).text
    (address,) = set(re.findall(r'href="(/catalogue/fiche/pmi)"', listed))
    card = unescape((await http.get(address)).text)
    for heading in ("Comment faire", "Les papiers à préparer", "D’où vient cette fiche"):
        assert f">{heading}<" in card
    assert "Vérifiée pour la dernière fois le" in card


async def test_a_theme_can_be_printed_whole(http: AsyncClient) -> None:
    """One page holds every card of the theme, each with its sources."""
    page = (await http.get("/catalogue/numerique?complet=1")).text
    shown = re.findall(r'<h2 class="fiche-title">', page)
    assert len(shown) == page.count("D’où vient cette fiche") > 1


@pytest.mark.parametrize("path", ["/catalogue/vacances", "/catalogue/fiche/inconnue"])
async def test_what_does_not_exist_leads_somewhere(http: AsyncClient, path: str) -> None:
    """An old address gives a page with the way to a human."""
    answer = await http.get(path)
    assert answer.status_code == 404
    assert "Parler à quelqu’un" in unescape(answer.text)


@pytest.mark.parametrize("path", ["/catalogue/violences", "/catalogue/fiche/violences_conjugales"])
async def test_pages_on_violence_have_a_title_that_says_nothing(
    http: AsyncClient, path: str
) -> None:
    """Somebody may look at the screen, or at the list of open pages."""
    page = unescape((await http.get(path)).text)
    assert "<title>Informations pratiques</title>" in page
