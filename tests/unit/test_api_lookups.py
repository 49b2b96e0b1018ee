"""Search, places, communes and aids of the public API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
from httpx import AsyncClient

from assistant.knowledge import Knowledge
from connectors.api.ports import ApiPorts, Point
from connectors.api.ratelimit import Rate, Rates, make_limits
from connectors.lookups import CatalogueAids, CommuneLookup, DirectoryPlaces
from knowledge_base.vocabulary import PlaceType, Stage, Theme
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.knowledge import FakeAids, FakeCommunes, FakeHandoffs, FakePlaces

V1 = "/api/v1"
URN = "urn:premiere-reponse:probleme:"


@pytest.fixture(name="aids")
def _aids() -> FakeAids:
    return FakeAids()


@pytest.fixture(name="places")
def _places() -> FakePlaces:
    return FakePlaces()


@pytest.fixture(name="http")
async def _http(aids: FakeAids, places: FakePlaces) -> AsyncIterator[AsyncClient]:
    ports = ApiPorts(aids, places, FakeCommunes(), FakeHandoffs())
    async with client_of(demo_app(ports=ports)) as http:
        yield http


def _directory(offline: Knowledge, now: datetime) -> ApiPorts:
    """Give the real places and communes."""
    places = DirectoryPlaces(offline, lambda: now)
    return ApiPorts(FakeAids(), places, CommuneLookup(offline), FakeHandoffs())


async def test_search_gives_cards(http: AsyncClient, aids: FakeAids) -> None:
    """A need and a commune give the cards; the commune is passed on as its code."""
    answer = await http.get(f"{V1}/search", params={"q": " loyer ", "commune": "41018"})
    assert answer.status_code == 200
    assert [card["id"] for card in answer.json()["results"]] == ["fsl_impayes", "apl"]
    assert aids.searched == [("loyer", "41018", 5)]


async def test_search_takes_the_name_of_a_commune(http: AsyncClient, aids: FakeAids) -> None:
    """The exact name of a commune does as well as its code."""
    answer = await http.get(f"{V1}/search?q=loyer&commune=Vendôme&limit=1")
    assert len(answer.json()["results"]) == 1
    assert aids.searched == [("loyer", "41269", 1)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("41018", "41018"),
        ("Vendome", "41269"),
        ("VENDÔME", "41269"),
        (" vendôme ", "41269"),
        ("st aignan", "41198"),
        ("Saint-Aignan", "41198"),
        ("saint laurent nouan", "41220"),
        ("La Chaussée St-Victor", "41047"),
        ("romorantin", "41194"),
        pytest.param("41000", "41018", id="a post code"),
        pytest.param("41100", "41100", id="a code INSEE that is also a post code"),
    ],
)
async def test_a_commune_is_read_as_in_the_chat(
    aids: FakeAids, places: FakePlaces, knowledge: Knowledge, written: str, code: str
) -> None:
    """Accents, hyphens, « st » and post codes are read the same in every address."""
    ports = ApiPorts(aids, places, CommuneLookup(knowledge), FakeHandoffs())
    async with client_of(demo_app(ports=ports)) as http:
        near = await http.get(f"{V1}/places", params={"commune": written})
        found = await http.get(f"{V1}/search", params={"q": "loyer", "commune": written})
    assert (near.status_code, found.status_code) == (200, 200)
    assert (places.asked[0][0], aids.searched[0][1]) == (code, code)


@pytest.mark.parametrize("written", ["Paris", "75001", "99999", "non", "xyz"])
async def test_no_commune_is_guessed(knowledge: Knowledge, written: str) -> None:
    """What names no commune of ours is 404, never the commune that begins so."""
    ports = ApiPorts(FakeAids(), FakePlaces(), CommuneLookup(knowledge), FakeHandoffs())
    async with client_of(demo_app(ports=ports)) as http:
        answer = await http.get(f"{V1}/places", params={"commune": written})
    assert (answer.status_code, answer.json()["type"]) == (404, URN + "commune-inconnue")


async def test_search_without_commune(http: AsyncClient, aids: FakeAids) -> None:
    """The commune is optional."""
    await http.get(f"{V1}/search?q=loyer")
    assert aids.searched == [("loyer", None, 5)]


async def test_places_of_a_commune(http: AsyncClient, places: FakePlaces) -> None:
    """Types are separated by commas or repeated; the theme and the limit are passed on."""
    answer = await http.get(
        f"{V1}/places?commune=41018&types=mds,ccas&types=mairie&theme=logement&limit=3"
    )
    assert answer.status_code == 200
    assert [card["distance_km"] for card in answer.json()["places"]] == [2.6, 3.24]
    wanted = [PlaceType.MDS, PlaceType.CCAS, PlaceType.MAIRIE]
    assert places.asked == [("41018", wanted, Theme.LOGEMENT, 3)]


async def test_places_of_a_point(http: AsyncClient, places: FakePlaces) -> None:
    """A latitude and a longitude replace the commune."""
    await http.get(f"{V1}/places?lat=47.59&lon=1.33")
    assert places.asked == [(Point(47.59, 1.33), [], None, 10)]


async def test_communes_by_their_beginning(http: AsyncClient) -> None:
    """« blo » finds Blois with its code and post code."""
    answer = await http.get(f"{V1}/communes?q=blo")
    assert answer.json() == {
        "communes": [{"code_insee": "41018", "nom": "Blois", "code_postal": "41000"}]
    }


async def test_an_aid_with_its_text(http: AsyncClient) -> None:
    """One aid is given with its full text."""
    answer = await http.get(f"{V1}/aids/fsl_impayes")
    assert answer.status_code == 200
    assert answer.json()["text"].startswith("Le FSL est une aide du Département.")


async def test_a_card_too_old_to_show_is_404(offline: Knowledge) -> None:
    """What the search, the pages and HSDS hide is not read by its identifier either."""
    stages = {"apl": Stage.HIDDEN, "fsl_impayes": Stage.DEMOTED}
    aged = replace(offline, catalogue=replace(offline.catalogue, stages=stages))
    ports = ApiPorts(CatalogueAids(aged), FakePlaces(), FakeCommunes(), FakeHandoffs())
    async with client_of(demo_app(ports=ports)) as http:
        hidden = await http.get(f"{V1}/aids/apl")
        assert (await http.get(f"{V1}/aids/fsl_impayes")).status_code == 200
    assert (hidden.status_code, hidden.json()["type"]) == (404, URN + "aide-inconnue")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"commune": "41018", "types": "hebergement_violences"}, id="its type"),
        pytest.param({"commune": "41018", "theme": "violences", "limit": 50}, id="its theme"),
        pytest.param({"lat": 47.5884, "lon": 1.33528, "limit": 50}, id="where it is said to be"),
    ],
)
async def test_a_place_of_shelter_is_told_to_nobody(
    offline: Knowledge, now: datetime, asked: dict[str, str | int]
) -> None:
    """Whoever looks for a person who fled finds nothing, by type, by theme or by distance."""
    ports = _directory(offline, now)
    async with client_of(demo_app(ports=ports)) as http:
        places = (await http.get(f"{V1}/places", params=asked)).json()["places"]
    assert "hebergement_violences" not in {place["type"] for place in places}
    assert bool(places) == ("types" not in asked)


async def test_a_place_is_named_as_in_the_chat(offline: Knowledge, now: datetime) -> None:
    """Blois has no CCAS of its own in the directory: its town hall says that it does the same."""
    ports = _directory(offline, now)
    async with client_of(demo_app(ports=ports)) as http:
        asked = await http.get(f"{V1}/places?commune=41018&types=mds,ccas&limit=2")
        other = await http.get(f"{V1}/places?commune=41018&types=mairie&limit=1")
    labels = {place["id"]: place["type_label"] for place in asked.json()["places"]}
    ccas = "Mairie, aussi pour : Centre communal d’action sociale (CCAS)"
    assert labels["mairie-41018"] == ccas
    assert "aussi pour" not in labels["mds-41018"]
    assert other.json()["places"][0]["type_label"] == "Mairie"


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        pytest.param("/search", 422, "demande-incorrecte", id="search without words"),
        pytest.param("/search?q=", 422, "demande-incorrecte", id="search with no word"),
        pytest.param("/search?q=%20%00", 422, "demande-incorrecte", id="search with blanks"),
        pytest.param("/search?q=a&limit=0", 422, "demande-incorrecte", id="no result asked"),
        pytest.param("/search?q=a&limit=21", 422, "demande-incorrecte", id="too many results"),
        pytest.param("/search?q=a&commune=99999", 404, "commune-inconnue", id="unknown code"),
        pytest.param("/search?q=a&commune=Paris", 404, "commune-inconnue", id="unknown name"),
        pytest.param("/search?q=" + "a" * 2001, 413, "texte-trop-long", id="long search"),
        pytest.param("/places", 422, "demande-incorrecte", id="nowhere"),
        pytest.param("/places?lat=47.5", 422, "demande-incorrecte", id="half a point"),
        pytest.param("/places?lat=91&lon=1", 422, "demande-incorrecte", id="off the map"),
        pytest.param("/places?lat=nan&lon=1", 422, "demande-incorrecte", id="not a number"),
        pytest.param(
            "/places?commune=41018&lat=47&lon=1", 422, "demande-incorrecte", id="two places"
        ),
        pytest.param("/places?commune=99999", 404, "commune-inconnue", id="unknown commune"),
        pytest.param(
            "/places?commune=41018&types=bar", 422, "demande-incorrecte", id="unknown type"
        ),
        pytest.param(
            "/places?commune=41018&theme=bar", 422, "demande-incorrecte", id="unknown theme"
        ),
        pytest.param("/communes", 422, "demande-incorrecte", id="no beginning"),
        pytest.param("/aids/unknown", 404, "aide-inconnue", id="unknown aid"),
        pytest.param("/nothing", 404, "adresse-inconnue", id="unknown address"),
    ],
)
async def test_a_wrong_request_is_explained(
    http: AsyncClient, path: str, status: int, slug: str
) -> None:
    """A wrong request has the status and the type of the contract."""
    answer = await http.get(V1 + path)
    assert (answer.status_code, answer.json()["type"]) == (status, URN + slug)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_is_405(http: AsyncClient) -> None:
    """Searching is a GET: a POST is refused as a problem that names the right method."""
    answer = await http.post(f"{V1}/search")
    assert answer.status_code == 405
    assert answer.json()["type"] == URN + "methode-refusee"
    assert answer.headers["allow"] == "GET"


async def test_reading_too_fast_waits() -> None:
    """Beyond its burst an address waits before it reads the catalogue again."""
    app = demo_app(limits=make_limits(Rates(lookups=Rate(1, 5.0))))
    async with client_of(app) as http:
        assert (await http.get(f"{V1}/aids/fsl_impayes")).status_code == 200
        refused = await http.get(f"{V1}/communes?q=blo")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "5"
