"""The client of Rasa, against answers given by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from assistant.messages import Message
from connectors.rasa.breaker import CircuitBreaker
from connectors.rasa.client import (
    RasaClient,
    RasaRefused,
    RasaResting,
    RasaSilent,
    RasaTooSlow,
    RasaUnreachable,
)

ANSWER = [{"recipient_id": "abc", "custom": {"kind": "text", "text": "Bonjour."}}]
Open = Callable[..., RasaClient]


@pytest.fixture
async def client() -> AsyncIterator[Open]:
    """Give a function that opens a client on a hand-written server; closed at the end."""
    opened: list[RasaClient] = []

    def with_server(handler: Callable[..., object], **options: object) -> RasaClient:
        transport = httpx.MockTransport(handler)  # type: ignore[arg-type]
        made = RasaClient("http://127.0.0.1:1", transport=transport, **options)  # type: ignore[arg-type]
        opened.append(made)
        return made

    yield with_server
    for one in opened:
        await one.close()


async def test_the_messages_come_back_in_order(client: Open) -> None:
    """Every « custom » of the answer is one message of ours."""
    both = [*ANSWER, {"recipient_id": "abc", "custom": {"kind": "question", "text": "Où ?"}}]
    rasa = client(lambda request: httpx.Response(200, json=both))
    said = await rasa.send("abc", "bonjour", {"value": None})
    assert said == [Message(text="Bonjour."), Message.model_validate(both[1]["custom"])]


async def test_what_is_sent_is_what_rasa_reads(client: Open) -> None:
    """Sender, message and metadata travel as they are to the REST channel."""
    seen: list[tuple[str, object]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json=ANSWER)

    metadata: dict[str, object] = {"turn_id": "t1", "value": "fact:age=18_25", "text": ""}
    await client(answer).send("abc", "/inform", metadata)
    body = {"sender": "abc", "message": "/inform", "metadata": metadata}
    assert seen == [("/webhooks/rest/webhook", body)]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        pytest.param("/restart", "restart", id="an intent typed by hand"),
        pytest.param(" //erase", "erase", id="several slashes"),
        pytest.param("/", "?", id="nothing but a slash"),
        pytest.param("24h/24", "24h/24", id="a slash inside"),
    ],
)
async def test_nobody_can_type_an_intent(client: Open, typed: str, sent: str) -> None:
    """Rasa obeys a text that begins with « / »: what a person types never begins so."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content)["message"])
        return httpx.Response(200, json=ANSWER)

    await client(answer).send("abc", typed, {"value": None, "text": typed})
    assert seen == [sent]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        pytest.param(httpx.Response(200, json=[]), RasaSilent, id="nothing said"),
        pytest.param(httpx.Response(500), RasaRefused, id="an HTTP error"),
        pytest.param(httpx.Response(200, text="oups"), RasaRefused, id="not JSON"),
        pytest.param(
            httpx.Response(200, json=[{"text": "a bare text"}]), RasaRefused, id="not our messages"
        ),
    ],
)
async def test_a_bad_answer_has_its_own_error(
    client: Open, response: httpx.Response, error: type[Exception]
) -> None:
    """Silence and nonsense are told apart."""
    with pytest.raises(error):
        await client(lambda request: response).send("abc", "bonjour", {"value": None})


async def test_no_connection_has_its_own_error(client: Open) -> None:
    """A refused connection is « unreachable »."""

    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(RasaUnreachable):
        await client(answer).send("abc", "bonjour", {"value": None})


async def test_a_slow_answer_is_not_waited_for(client: Open) -> None:
    """Past the timeout, counted over the whole exchange, the call is given up."""

    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(RasaTooSlow):
        await client(never, timeout=0.01).send("abc", "bonjour", {"value": None})


async def test_after_failures_rasa_is_left_alone(client: Open) -> None:
    """Two failures open this circuit: the third call is not made."""
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(500)

    rasa = client(answer, breaker=CircuitBreaker(failures=2, pause=60))
    for expected in (RasaRefused, RasaRefused, RasaResting):
        with pytest.raises(expected):
            await rasa.send("abc", "bonjour", {"value": None})
    assert len(calls) == 2


async def test_an_error_never_holds_what_was_said(client: Open) -> None:
    """The words of the answer are not in the error: errors are logged."""
    secret = [{"custom": {"kind": "text", "text": "canari", "unknown": "canari"}}]
    rasa = client(lambda request: httpx.Response(200, json=secret))
    with pytest.raises(RasaRefused) as caught:
        await rasa.send("abc", "canari", {"value": None})
    assert "canari" not in str(caught.value)


@pytest.mark.parametrize(("status", "up"), [(200, True), (503, False)])
async def test_is_up_tells_what_rasa_says(client: Open, status: int, up: bool) -> None:
    """Ready only when Rasa answers 200."""
    assert await client(lambda request: httpx.Response(status)).is_up() is up
