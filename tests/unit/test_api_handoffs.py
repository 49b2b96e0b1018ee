"""Handing a conversation over and asking where it stands, by the public API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from httpx import AsyncClient

from assistant.conversation import ContactGiven, Known, OpenCase, Session, Stage, Turn
from assistant.handoff import Declined, HandoffError, NothingToSend
from assistant.knowledge import Knowledge
from assistant.replies.reaching import hand_over
from assistant.request_sheet import sheet_of
from assistant.talk import Talk
from connectors.api.ports import AlreadyHandedOver, ApiPorts
from connectors.api.ratelimit import Rate, Rates, make_limits
from knowledge_base.facts import Fact
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.gateway import CODE
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
        pytest.param(
            {"contact": PHONE | {"safe_hours": "h" * 201}}, 422, "demande-incorrecte", id="long"
        ),
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
    handoffs.refusal = AlreadyHandedOver(CODE)
    conversation_id, token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True}
    answer = await http.post(f"{V1}/handoffs", json=body, headers=token)
    assert (answer.status_code, answer.json()["type"]) == (409, URN + "deja-transmise")
    assert "Son code est K7M4QX. Rien n’a été changé." in answer.json()["detail"]
    described = (await http.get("/openapi.json")).json()["paths"][f"{V1}/handoffs"]["post"]
    assert set(described["responses"]) >= {"201", "409", "422"}


@pytest.mark.parametrize(
    ("refusal", "status", "slug", "said"),
    [
        pytest.param(NothingToSend(), 409, "rien-a-transmettre", "serait vide", id="empty"),
        pytest.param(Declined(), 422, "accord-manquant", "rien n’est envoyé", id="declined"),
    ],
)
async def test_the_conversation_may_refuse(
    http: AsyncClient, handoffs: FakeHandoffs, refusal: Exception, status: int, slug: str, said: str
) -> None:
    """An empty conversation and a no in the chat have a problem each, in plain French."""
    handoffs.refusal = refusal
    conversation_id, token = await opened(http)
    body = {"conversation_id": conversation_id, "contact": PHONE, "consent": True}
    answer = await http.post(f"{V1}/handoffs", json=body, headers=token)
    assert (answer.status_code, answer.json()["type"]) == (status, URN + slug)
    assert said in answer.json()["detail"]


CONTACT = ContactGiven(phone="+33612345678")
BLOIS = {Fact.COMMUNE: Known(value="41018")}


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(Session(needs=["je n'arrive plus à payer"]), id="a need"),
        pytest.param(Session(facts=BLOIS), id="a fact"),
        pytest.param(Session(dangers=["violence_couple"]), id="a danger"),
        pytest.param(Session(case_code=CODE), id="nothing, but it left already"),
    ],
)
def test_what_was_told_is_enough_to_hand_over(
    offline: Knowledge, now: datetime, told: Session
) -> None:
    """A need, a fact or a danger makes a request; one that left is given again."""
    reply = hand_over(told, CONTACT, now, offline)
    assert [type(effect) for effect in reply.effects] == [OpenCase]


def test_an_empty_sheet_leaves_when_the_person_has_agreed_to_it(
    offline: Knowledge, now: datetime
) -> None:
    """Somebody who cannot write may only ask to be called: they have read what leaves."""
    sheet = sheet_of(Talk(Session(), Turn(now=now), offline))
    agreed = Session(stage=Stage.HANDOFF_CONTACT, sheet=sheet)
    assert hand_over(agreed, CONTACT, now, offline).effects


@pytest.mark.parametrize("just", [True, False])
def test_nothing_leaves_after_a_no(offline: Knowledge, now: datetime, *, just: bool) -> None:
    """A no stands, at once and later, until the person asks again in the chat."""
    told = Session(needs=["mon loyer"], facts=BLOIS)
    no = told.model_copy(
        update={
            "declined": None if just else sheet_of(Talk(told, Turn(now=now), offline)),
            "just_declined": just,
        }
    )
    with pytest.raises(Declined):
        hand_over(no, CONTACT, now, offline)


def test_nothing_leaves_when_nothing_was_said(offline: Knowledge, now: datetime) -> None:
    """An empty case would cost the team a call about nothing."""
    with pytest.raises(NothingToSend) as refused:
        hand_over(Session(), CONTACT, now, offline)
    assert isinstance(refused.value, HandoffError)


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
    """The code, typed as people type it, gives exactly the members of the contract."""
    answer = await http.get(f"{V1}/handoffs/{typed}")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "taken",
        "words": "Un professionnel s’occupe de votre demande : MDS de Blois.",
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
