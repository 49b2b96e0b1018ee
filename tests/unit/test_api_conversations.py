"""The conversation routes of the public API, exactly as the contract writes them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient, Response

from connectors.api.ratelimit import Rate, Rates, make_limits
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.gateway import CRASH, WELCOME, FakeGateway

V1 = "/api/v1/conversations"
URN = "urn:premiere-reponse:probleme:"


@pytest.fixture(name="gateway")
def _gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture(name="http")
async def _http(gateway: FakeGateway) -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app(gateway)) as http:
        yield http


async def opened(http: AsyncClient) -> tuple[str, dict[str, str]]:
    """Open a conversation: its address and the headers with its token."""
    body = (await http.post(V1)).json()
    return f"{V1}/{body['conversation_id']}", {"Authorization": f"Bearer {body['token']}"}


def assert_problem(answer: Response, status: int, slug: str) -> None:
    """Check that the answer is the problem ``slug``."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == URN + slug


async def test_opening_gives_the_token_and_the_welcome(http: AsyncClient) -> None:
    """A new conversation answers 201 with its id, its token and the first message."""
    answer = await http.post(V1, json={"channel": "web"})
    assert answer.status_code == 201
    body = answer.json()
    assert sorted(body) == ["conversation_id", "messages", "token"]
    assert len(body["token"]) >= 43
    assert [message["text"] for message in body["messages"]] == [WELCOME]


async def test_a_message_is_answered_with_a_question(http: AsyncClient) -> None:
    """A text is answered; an optional member without value is left out of the message."""
    path, token = await opened(http)
    answer = await http.post(f"{path}/messages", json={"text": "mon loyer"}, headers=token)
    assert answer.status_code == 200
    understood, question = answer.json()["messages"]
    assert sorted(understood) == ["discreet", "id", "kind", "role", "text"]
    assert question["kind"] == "question"
    assert question["fact"] == "housing_status"
    assert question["choices"][0] == {
        "label": "Locataire d’un propriétaire privé",
        "value": "fact:housing_status=tenant_private",
    }


async def test_a_choice_is_answered_with_cards(http: AsyncClient) -> None:
    """A value is answered; the cards keep their null members and their dates."""
    path, token = await opened(http)
    choice = {"value": "fact:housing_status=tenant_private"}
    answer = await http.post(f"{path}/messages", json=choice, headers=token)
    aids, places, _ = answer.json()["messages"]
    assert [card["status"] for card in aids["aids"]] == ["likely", "to_check", "unlikely"]
    assert aids["aids"][1]["amount"] is None
    assert aids["aids"][0]["source"] == {
        "title": "Fiche d’exemple",
        "url": "https://exemple.fr/fiche",
        "checked_on": "2026-05-01",
        "to_verify": False,
    }
    assert places["places"][1]["phone"] is None


async def test_urgent_help_comes_first(http: AsyncClient) -> None:
    """The urgent message is the first of the answer, whatever its place in the turn."""
    path, token = await opened(http)
    answer = await http.post(f"{path}/messages", json={"text": "il me frappe"}, headers=token)
    assert [message["kind"] for message in answer.json()["messages"]] == ["urgent", "text"]


async def test_the_owner_reads_messages_facts_and_status(http: AsyncClient) -> None:
    """Reading gives every message, the facts as plain values and the status."""
    path, token = await opened(http)
    choice = {"value": "fact:housing_status=tenant_private"}
    await http.post(f"{path}/messages", json=choice, headers=token)
    answer = await http.get(path, headers=token)
    assert answer.status_code == 200
    body = answer.json()
    assert [message["role"] for message in body["messages"]][:2] == ["assistant", "citizen"]
    assert body["facts"] == {
        "housing_status": "tenant_private",
        "age": 82,
        "income": {"low": 2201, "high": None},
    }
    assert body["status"] == "open"


async def test_erasing_leaves_nothing(http: AsyncClient, gateway: FakeGateway) -> None:
    """After DELETE (204) the conversation is gone, for its owner too."""
    path, token = await opened(http)
    answer = await http.delete(path, headers=token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert gateway.conversations == {}
    assert_problem(await http.get(path, headers=token), 404, "conversation-inconnue")
    assert_problem(await http.delete(path, headers=token), 404, "conversation-inconnue")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no token"),
        pytest.param({"Authorization": "Bearer wrong"}, id="a wrong token"),
        pytest.param({"Authorization": "Basic d3Jvbmc6d3Jvbmc="}, id="another scheme"),
        pytest.param({"Authorization": "Bearer a b%00"}, id="a token of another shape"),
    ],
)
async def test_nothing_without_the_token(http: AsyncClient, headers: dict[str, str]) -> None:
    """Every route of a conversation answers 401 without its token."""
    path, _ = await opened(http)
    answers = [
        await http.get(path, headers=headers),
        await http.delete(path, headers=headers),
        await http.post(f"{path}/messages", json={"text": "loyer"}, headers=headers),
        await http.post(f"{path}/messages/stream", json={"text": "loyer"}, headers=headers),
    ]
    for answer in answers:
        assert_problem(answer, 401, "jeton-refuse")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("unknown", ["nobody", "a%00b", "x" * 200])
async def test_an_unknown_conversation_is_404(http: AsyncClient, unknown: str) -> None:
    """An id that no conversation has is 404, whatever its shape."""
    _, token = await opened(http)
    answer = await http.get(f"{V1}/{unknown}", headers=token)
    assert_problem(answer, 404, "conversation-inconnue")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{}", id="neither text nor value"),
        pytest.param('{"text": "a", "value": "b"}', id="both"),
        pytest.param('{"text": 3}', id="not a text"),
        pytest.param('{"value": ""}', id="an empty value"),
        pytest.param('{"value": "do:greet"}', id="a request that no choice makes"),
        pytest.param('{"value": "a\\u0000b"}', id="a NUL in the value"),
        pytest.param('{"text": "a", "sender": "me"}', id="an unknown member"),
        pytest.param("[]", id="not an object"),
        pytest.param('{"text":', id="not JSON"),
        pytest.param('"' + "[" * 30_000, id="a broken string"),
        pytest.param("[" * 30_000, id="a very deep list"),
        pytest.param('{"value": "\\ud800"}', id="half a character in the value"),
    ],
)
async def test_a_wrong_body_is_422(http: AsyncClient, body: str) -> None:
    """A body that the contract does not describe is 422, and is not repeated."""
    path, token = await opened(http)
    headers = token | {"Content-Type": "application/json"}
    answer = await http.post(f"{path}/messages", content=body, headers=headers)
    assert_problem(answer, 422, "demande-incorrecte")
    assert sorted(answer.json()) in (
        ["detail", "errors", "status", "title", "type"],
        ["detail", "status", "title", "type"],
    )
    assert "[[[" not in answer.text


@pytest.mark.parametrize("channel", ["", "WEB", "nimporte", "a/b"])
async def test_a_wrong_channel_is_422(http: AsyncClient, channel: str) -> None:
    """A channel is one of a list, which the refusal gives."""
    answer = await http.post(V1, json={"channel": channel})
    assert_problem(answer, 422, "demande-incorrecte")
    said = "« channel » n’est pas connu. Valeurs possibles : web, telegram, api."
    assert answer.json()["detail"] == said


@pytest.mark.parametrize("channel", ["web", "telegram", "api"])
async def test_a_known_channel_is_taken(http: AsyncClient, channel: str) -> None:
    """Every channel of the list opens a conversation."""
    assert (await http.post(V1, json={"channel": channel})).status_code == 201


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("{}", "text_or_value", "Donnez « text » ou « value », l’un des deux."),
        (
            '{"text": "a", "value": "do:other_need"}',
            "text_or_value",
            "Donnez « text » ou « value », l’un des deux.",
        ),
        (
            '{"value": "do:nimporte"}',
            "not_a_choice",
            "Ce choix n’est pas connu. Renvoyez la valeur d’un choix proposé.",
        ),
        ('{"text": "a"', "json_invalid", "Le corps de la demande n’est pas du JSON correct."),
        ('{"text": 3}', "string_type", "« text » doit être un texte."),
        ('{"texte": "a", "text": "b"}', "extra_forbidden", "« texte » n’est pas connu ici."),
    ],
)
async def test_what_is_wrong_is_said_in_french(
    http: AsyncClient, body: str, code: str, said: str
) -> None:
    """A refusal says in a plain sentence what to change; its code is stable."""
    path, token = await opened(http)
    headers = token | {"Content-Type": "application/json"}
    answer = await http.post(f"{path}/messages", content=body, headers=headers)
    assert_problem(answer, 422, "demande-incorrecte")
    (wrong,) = answer.json()["errors"]
    assert (wrong["code"], wrong["message"], answer.json()["detail"]) == (code, said, said)


async def test_codes_tried_in_the_chat_are_counted_for_the_address(
    http: AsyncClient, gateway: FakeGateway
) -> None:
    """The assistant knows the address of each turn, streamed or not, as the other doors do."""
    path, token = await opened(http)
    await http.post(f"{path}/messages", json={"text": "CDF347"}, headers=token)
    await http.post(f"{path}/messages/stream", json={"text": "CDF347"}, headers=token)
    assert gateway.addresses == ["203.0.113.7", "203.0.113.7"]


async def test_two_thousand_characters_pass_and_one_more_is_413(http: AsyncClient) -> None:
    """2,000 characters of text are taken, 2,001 are refused in plain French."""
    path, token = await opened(http)
    fits = await http.post(f"{path}/messages", json={"text": "é" * 2000}, headers=token)
    assert fits.status_code == 200
    long = await http.post(f"{path}/messages", json={"text": "é" * 2001}, headers=token)
    assert_problem(long, 413, "texte-trop-long")
    assert long.json()["detail"] == (
        "Votre message est trop long. Gardez l’essentiel, en 2 000 caractères au plus."
    )


async def test_control_characters_never_reach_the_assistant(
    http: AsyncClient, gateway: FakeGateway
) -> None:
    """NUL and other control characters are taken out; lines stay."""
    path, token = await opened(http)
    text = "mon\x00 loyer\r\nest \x1bcher\x7f"
    await http.post(f"{path}/messages", json={"text": text}, headers=token)
    assert gateway.said == [("mon loyer\nest cher", None)]


async def test_the_same_key_is_played_once(http: AsyncClient, gateway: FakeGateway) -> None:
    """The same message with the same key gives the same answers and changes nothing."""
    path, token = await opened(http)
    headers = token | {"Idempotency-Key": "first"}
    once = await http.post(f"{path}/messages", json={"text": "loyer"}, headers=headers)
    twice = await http.post(f"{path}/messages", json={"text": "loyer"}, headers=headers)
    other = await http.post(f"{path}/messages", json={"text": "autre"}, headers=headers)
    assert once.json() == twice.json()
    assert other.json() != once.json()
    assert gateway.said == [("loyer", None), ("autre", None)]


async def test_the_stream_gives_working_then_messages_then_done(http: AsyncClient) -> None:
    """The streamed answer is « working », one « message » each, then « done »."""
    path, token = await opened(http)
    body = {"text": "il me frappe"}
    answer = await http.post(f"{path}/messages/stream", json=body, headers=token)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    names = [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]
    assert names == ["working", "message", "message", "done"]
    assert '"kind": "urgent"' in answer.text.split("\n\n")[1]


async def test_too_many_conversations_of_one_address_wait(gateway: FakeGateway) -> None:
    """Beyond its burst an address gets 429 with the seconds to wait; another one passes."""
    limits = make_limits(Rates(conversations=Rate(2, 60.0)))
    app = demo_app(gateway, limits=limits)
    async with client_of(app, "203.0.113.7") as http, client_of(app, "203.0.113.8") as other:
        assert [(await http.post(V1)).status_code for _ in range(2)] == [201, 201]
        refused = await http.post(V1)
        assert_problem(refused, 429, "trop-de-demandes")
        assert refused.headers["retry-after"] == "60"
        assert (await other.post(V1)).status_code == 201


async def test_too_many_messages_of_one_conversation_wait(gateway: FakeGateway) -> None:
    """Beyond its burst a conversation gets 429; the others are not touched."""
    app = demo_app(gateway, limits=make_limits(Rates(messages=Rate(1, 30.0))))
    async with client_of(app) as http:
        path, token = await opened(http)
        other_path, other_token = await opened(http)
        body = {"text": "loyer"}
        assert (await http.post(f"{path}/messages", json=body, headers=token)).status_code == 200
        refused = await http.post(f"{path}/messages", json=body, headers=token)
        assert_problem(refused, 429, "trop-de-demandes")
        passed = await http.post(f"{other_path}/messages", json=body, headers=other_token)
        assert passed.status_code == 200


async def test_a_crash_is_a_500_that_says_nothing_technical(http: AsyncClient) -> None:
    """An unforeseen error is a problem in plain French, with the security headers."""
    path, token = await opened(http)
    answer = await http.post(f"{path}/messages", json={"text": CRASH}, headers=token)
    assert_problem(answer, 500, "panne")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
