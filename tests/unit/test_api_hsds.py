"""Our services in HSDS 3, read over HTTP by a directory of another département."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from connectors.api.ratelimit import Rate, Rates, make_limits
from knowledge_base.exchange.hsds import uid
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app

URN = "urn:premiere-reponse:probleme:"


@pytest.fixture(name="http")
async def _http() -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app()) as http:
        yield http


async def test_the_api_says_what_it_is(http: AsyncClient) -> None:
    """The version, the profile and the description come first: a harvester starts there."""
    about = (await http.get("/hsds/")).json()
    assert about["version"] == "3.0"
    assert about["profile"].startswith("https://docs.openreferral.org/")
    assert about["openapi_url"] == "http://localhost/openapi.json"


async def test_the_pages_cover_every_service_once(http: AsyncClient) -> None:
    """The numbers of a page are those of HSDS, and following them misses nothing."""
    first = (await http.get("/hsds/services?per_page=40")).json()
    assert (first["page_number"], first["size"], first["first_page"]) == (1, 40, True)
    assert (first["last_page"], first["empty"]) == (False, False)
    ids = [one["id"] for one in first["contents"]]
    for page in range(2, first["total_pages"] + 1):
        more = (await http.get(f"/hsds/services?per_page=40&page={page}")).json()
        ids += [one["id"] for one in more["contents"]]
    assert more["last_page"] is True
    assert len(ids) == len(set(ids)) == first["total_items"]


async def test_a_page_beyond_the_last_is_empty(http: AsyncClient) -> None:
    """It is not an error: a harvester stops there."""
    beyond = (await http.get("/hsds/services?page=999")).json()
    assert (beyond["empty"], beyond["size"], beyond["contents"]) == (True, 0, [])
    assert beyond["last_page"] is True


async def test_a_list_has_one_to_one_fields_only(http: AsyncClient) -> None:
    """What a service has several of is read with the service, or asked with « full »."""
    listed = (await http.get("/hsds/services?search=france+services+point")).json()["contents"]
    assert all("service_at_locations" not in one for one in listed)
    full = (await http.get("/hsds/services?search=mission+locale&full=true")).json()["contents"]
    mine = next(one for one in full if one["id"] == uid("service", "mission_locale"))
    assert len(mine["service_at_locations"]) == 3


async def test_a_service_is_given_with_its_places(http: AsyncClient) -> None:
    """The three missions locales, each with its phone, and the ages the card says."""
    found = (await http.get(f"/hsds/services/{uid('service', 'mission_locale')}")).json()
    assert found["status"] == "active"
    assert (found["minimum_age"], found["maximum_age"]) == (16, 25)
    places = [one["location"] for one in found["service_at_locations"]]
    assert {place["addresses"][0]["city"] for place in places} == {
        "Blois",
        "Vendôme",
        "Romorantin-Lanthenay",
    }
    assert all(place["phones"][0]["number"].startswith("+33") for place in places)


async def test_services_are_found_by_words_and_by_term(http: AsyncClient) -> None:
    """Accents do not matter; a term is one of our themes or a thématique."""
    by_word = (await http.get("/hsds/services?search=médiation numerique")).json()
    by_theme = (await http.get("/hsds/services?taxonomy_term_id=numerique&per_page=100")).json()
    term = "numerique--maitriser-les-fondamentaux-du-numerique"
    by_term = (await http.get(f"/hsds/services?taxonomy_term_id={term}")).json()
    wanted = uid("service", "conseiller_numerique")
    for answer in (by_word, by_theme, by_term):
        assert wanted in {one["id"] for one in answer["contents"]}
    assert by_term["total_items"] == 1


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        pytest.param("/services/inconnu", 404, "service-inconnu", id="unknown service"),
        pytest.param("/services?page=0", 422, "demande-incorrecte", id="no page 0"),
        pytest.param("/services?per_page=1000", 422, "demande-incorrecte", id="too many"),
        pytest.param("/organizations", 404, "adresse-inconnue", id="what we do not serve"),
    ],
)
async def test_a_wrong_request_is_explained(
    http: AsyncClient, path: str, status: int, slug: str
) -> None:
    """Errors are those of the API, in French, even for an address that is not served."""
    answer = await http.get(f"/hsds{path}")
    assert (answer.status_code, answer.json()["type"]) == (status, URN + slug)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_nothing_can_be_written(http: AsyncClient) -> None:
    """The catalogue is edited in its files only."""
    answer = await http.post("/hsds/services", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_a_hidden_card_is_not_given(http: AsyncClient) -> None:
    """« accueil_jour » is too old in these tests: only its owner sees it."""
    answer = await http.get(f"/hsds/services/{uid('service', 'accueil_jour')}")
    assert answer.status_code == 404


async def test_the_place_of_a_shelter_is_given_to_nobody(http: AsyncClient) -> None:
    """An export is copied and cannot be called back."""
    found = (await http.get(f"/hsds/services/{uid('service', 'mise_abri_violences')}")).json()
    assert "service_at_locations" not in found


async def test_openapi_describes_the_routes_by_the_schemas_of_hsds(http: AsyncClient) -> None:
    """Who generates a client reads the published schemas, not a copy of ours."""
    paths = (await http.get("/openapi.json")).json()["paths"]
    answer = paths["/hsds/services/{service_id}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {
        "$ref": "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/compiled"
        "/service.json"
    }
    asked = {one["name"] for one in paths["/hsds/services"]["get"]["parameters"]}
    assert asked == {"search", "taxonomy_term_id", "page", "per_page", "full"}


async def test_reading_too_fast_waits() -> None:
    """A harvester shares the limits of the public API."""
    app = demo_app(limits=make_limits(Rates(lookups=Rate(1, 5.0))))
    async with client_of(app) as http:
        assert (await http.get("/hsds/")).status_code == 200
        refused = await http.get("/hsds/services")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
