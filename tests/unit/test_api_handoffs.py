"""Handing a conversation over and asking where it stands, by the public API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from assistant.conversation import ContactGiven
from connectors.api.ports import ApiPorts
from connectors.api.ratelimit import Rate, Rates, make_limits
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.knowledge import FakeAids, FakeCommunes, FakeHandoffs, FakePlaces, fake_ports

V1 = "/api/v1"
URN = "urn:premiere-reponse:probleme:"
PHONE = {"phone": "06 12 34 56 78", "safe_hours": "le matin"}


@pytest.fixture(name="handoffs")
def _handoffs() -> FakeHandoffs:
    return FakeHandoffs()


@pytest.fixture(name="http")
async def _http(handoffs: FakeHandoffs) -> AsyncIterator[AsyncClient]:
    ports = ApiPorts(FakeAids(), FakePlaces(), FakeCommunes(), handoffs)
    async with client_of(demo_app(ports=ports)) as http:
        yield http


async def opened(http: AsyncClient) -> tuple[str, dict[str, str]]:
    """Open a conversation: its id and the headers with its token."""
    body = (await http.post(f"{V1}/conversations")).json()
    return body["conversation_id"], {"Authorization": f"Bearer {body['token']}"}


async def test_with_consent_the_case_gets_a_code(http: AsyncClient, handoffs: FakeHandoffs) -> None:
    """A contact and a consent give 201, a code of six characters and the status."""
    conversation_id, token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True}
    answer = await http.post(f"{V1}/handoffs", json=body, headers=token)
    assert answer.status_code == 201
    assert answer.json() == {"code": "K7M4QX", "status": "sent"}
    given = ContactGiven(phone="06 12 34 56 78", safe_hours="le matin")
    assert handoffs.handed == [(conversation_id, given)]


@pytest.mark.parametrize(
    ("change", "status", "slug"),
    [
        pytest.param({"consent": False}, 422, "accord-manquant", id="no consent"),
        pytest.param({"consent": "yes"}, 422, "demande-incorrecte", id="a vague consent"),
        pytest.param({"contact": {}}, 422, "coordonnees-incorrectes", id="no contact"),
        pytest.param({"contact": {"phone": " "}}, 422, "coordonnees-incorrectes", id="a blank"),
        pytest.param({"contact": {"phone": "0612"}}, 422, "coordonnees-incorrectes", id="short"),
        pytest.param({"contact": {"nir": "1"}}, 422, "demande-incorrecte", id="unknown detail"),
        pytest.param({"conversation_id": "nobody"}, 404, "conversation-inconnue", id="unknown"),
    ],
)
async def test_nothing_is_sent_without_what_it_takes(
    http: AsyncClient,
    handoffs: FakeHandoffs,
    change: dict[str, object],
    status: int,
    slug: str,
) -> None:
    """Without consent, contact or a known conversation nothing is handed over."""
    conversation_id, token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True} | change
    answer = await http.post(f"{V1}/handoffs", json=body, headers=token)
    assert (answer.status_code, answer.json()["type"]) == (status, URN + slug)
    assert handoffs.handed == []


async def test_another_contact_for_the_same_request_is_409(
    http: AsyncClient, handoffs: FakeHandoffs
) -> None:
    """The person reads that it has left already, under which code, and what to do."""
    handoffs.open_elsewhere = True
    conversation_id, token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True}
    answer = await http.post(f"{V1}/handoffs", json=body, headers=token)
    assert (answer.status_code, answer.json()["type"]) == (409, URN + "deja-transmise")
    assert "Son code est K7M4QX. Rien n’a été changé." in answer.json()["detail"]
    described = (await http.get("/openapi.json")).json()["paths"][f"{V1}/handoffs"]["post"]
    assert set(described["responses"]) >= {"201", "409", "422"}


async def test_only_the_owner_hands_over(http: AsyncClient, handoffs: FakeHandoffs) -> None:
    """The token of the conversation is needed: knowing its id is not enough."""
    conversation_id, _ = await opened(http)
    _, other_token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True}
    assert (await http.post(f"{V1}/handoffs", json=body)).status_code == 401
    assert (await http.post(f"{V1}/handoffs", json=body, headers=other_token)).status_code == 401
    assert handoffs.handed == []


@pytest.mark.parametrize("typed", ["K7M4QX", "k7m4qx", "K7M-4QX"])
async def test_the_code_tells_where_it_stands(http: AsyncClient, typed: str) -> None:
    """The code, typed as people type it, gives exactly the four members of the contract."""
    answer = await http.get(f"{V1}/handoffs/{typed}")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "taken",
        "since": "2026-11-20T23:30:00Z",
        "taken_by": "Maison départementale des solidarités de Blois",
        "due": "2026-11-27T16:00:00Z",
    }


@pytest.mark.parametrize("code", ["AAAAAA", "K7M4Q", "K7M4QXX", "K7M4Q%00"])
async def test_an_unknown_code_is_404(http: AsyncClient, code: str) -> None:
    """A code that no case has is 404, whatever its shape."""
    answer = await http.get(f"{V1}/handoffs/{code}")
    assert (answer.status_code, answer.json()["type"]) == (404, URN + "demande-inconnue")


async def test_codes_cannot_be_tried_one_after_the_other() -> None:
    """Wrong codes count: beyond its burst an address waits, even with the right one."""
    app = demo_app(ports=fake_ports(), limits=make_limits(Rates(codes=Rate(2, 60.0))))
    async with client_of(app) as http:
        tried = [
            (await http.get(f"{V1}/handoffs/{code}")).status_code
            for code in ("AAAAAA", "BBBBBB", "K7M4QX")
        ]
    assert tried == [404, 404, 429]
