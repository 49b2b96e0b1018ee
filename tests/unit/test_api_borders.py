"""What surrounds the routes: size of the body, headers, events, OpenAPI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from assistant.messages import Message
from connectors.event_stream import TurnStreams
from connectors.gateway import TextTooLong, UnknownConversation
from connectors.incoming import clean_text, turn_key
from connectors.security_headers import secure_headers
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app

V1 = "/api/v1"


@pytest.fixture(name="http")
async def _http() -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app()) as http:
        yield http


async def test_an_announced_heavy_body_is_413(http: AsyncClient) -> None:
    """A body announced over 64 KiB is refused before it is read."""
    answer = await http.post(f"{V1}/conversations", content=b"x" * (64 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:premiere-reponse:probleme:envoi-trop-lourd"


async def test_a_heavy_body_that_hides_its_size_is_413(http: AsyncClient) -> None:
    """A body sent piece by piece is refused as soon as it is over the limit."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    headers = {"Content-Type": "application/json"}
    answer = await http.post(f"{V1}/conversations", content=pieces(), headers=headers)
    assert answer.status_code == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    page = await http.post("/parler", content=pieces(), headers=form)
    assert page.status_code == 413
    assert "Cet envoi est trop lourd." in page.text


async def test_every_answer_carries_the_headers(http: AsyncClient) -> None:
    """Pages, API and errors allow nothing from outside, no frame and no copy."""
    for path in ("/", "/aide", "/nothing", f"{V1}/communes?q=blo", f"{V1}/nothing"):
        headers = (await http.get(path)).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_https_is_remembered_only_over_https() -> None:
    """Strict-Transport-Security is sent with HTTPS alone."""
    assert "Strict-Transport-Security" in secure_headers(https=True)
    assert "Strict-Transport-Security" not in secure_headers(https=False)


async def test_only_versioned_files_stay_on_the_device(http: AsyncClient) -> None:
    """A file under its versioned address is kept; under another it is asked for again."""
    page = (await http.get("/")).text
    versioned = page.split('href="/static/chat.css')[1].split('"')[0]
    kept = await http.get("/static/chat.css" + versioned)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    asked_again = await http.get("/static/chat.css")
    assert asked_again.headers["cache-control"] == "no-cache"
    assert (await http.get("/static/..%2froutes.py")).status_code == 404


async def test_openapi_describes_the_whole_contract(http: AsyncClient) -> None:
    """OpenAPI has exactly the paths of the contract; the pages are not in it."""
    paths = (await http.get("/openapi.json")).json()["paths"]
    assert {path: sorted(methods) for path, methods in paths.items()} == {
        "/api/v1/conversations": ["post"],
        "/api/v1/conversations/{conversation_id}": ["delete", "get"],
        "/api/v1/conversations/{conversation_id}/messages": ["post"],
        "/api/v1/conversations/{conversation_id}/messages/stream": ["post"],
        "/api/v1/search": ["get"],
        "/api/v1/places": ["get"],
        "/api/v1/communes": ["get"],
        "/api/v1/aids/{aid_id}": ["get"],
        "/api/v1/handoffs": ["post"],
        "/api/v1/handoffs/{code}": ["get"],
        "/hsds/": ["get"],
        "/hsds/services": ["get"],
        "/hsds/services/{service_id}": ["get"],
    }
    answers = paths["/api/v1/conversations/{conversation_id}/messages"]["post"]["responses"]
    assert sorted(answers) == [
        "200", "401", "404", "405", "413", "422", "429", "500", "503",
    ]  # fmt: skip


async def test_every_error_is_described(http: AsyncClient) -> None:
    """Under ``/api/v1`` as under ``/hsds``, a problem has its type, its title and its sentence."""
    paths = (await http.get("/openapi.json")).json()["paths"]
    for methods in paths.values():
        for method in methods.values():
            errors = {code: one for code, one in method["responses"].items() if code >= "400"}
            assert set(errors) >= {"404", "405", "422", "429", "500"}
            for described in errors.values():
                schema = described["content"]["application/problem+json"]["schema"]
                assert set(schema["properties"]) >= {"type", "title", "status", "detail"}


async def test_working_is_said_before_the_answer_is_known() -> None:
    """« working » comes at once, and a sign of life while the turn takes its time."""
    answered: asyncio.Future[list[Message]] = asyncio.get_running_loop().create_future()

    async def turn() -> list[Message]:
        return await answered

    events = TurnStreams(beat_s=0.001).events(turn(), lambda message: {"text": message.text})
    assert await anext(events) == b"event: working\ndata: {}\n\n"
    assert await anext(events) == b": toujours au travail\n\n"
    answered.set_result([Message(text="où ?")])
    rest = [event async for event in events if not event.startswith(b":")]
    assert rest == [
        'event: message\ndata: {"text": "où ?"}\n\n'.encode(),
        b"event: done\ndata: {}\n\n",
    ]


async def test_a_turn_goes_to_its_end_when_the_page_is_closed() -> None:
    """Closing the stream does not stop the turn: its answer must be stored."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def turn() -> list[Message]:
        await begun.wait()
        ended.set()
        return []

    events = TurnStreams().events(turn(), lambda _message: {})
    await anext(events)
    await events.aclose()  # type: ignore[attr-defined]
    begun.set()
    await asyncio.wait_for(ended.wait(), timeout=5)
    assert ended.is_set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(TextTooLong(), "Votre message est trop long.", id="too long"),
        pytest.param(UnknownConversation(), "Cette conversation a été effacée.", id="erased"),
    ],
)
async def test_a_turn_that_cannot_be_played_is_told(error: Exception, said: str) -> None:
    """A known refusal in the middle of a stream is an « error » event in plain French."""

    async def turn() -> list[Message]:
        raise error

    events = [event async for event in TurnStreams().events(turn(), lambda _message: {})]
    assert events[1].startswith(b"event: error\n")
    assert said in events[1].decode()


async def test_a_crash_in_a_stream_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """An unforeseen error is told in French; the log says where, not what was written."""

    words = " ".join(["mon", "loyer"])

    async def turn() -> list[Message]:
        raise RuntimeError(words)

    events = [event async for event in TurnStreams().events(turn(), lambda _message: {})]
    assert events[1].startswith(b"event: error\n")
    assert "de notre côté. Envoyez votre message à nouveau." in events[1].decode()
    assert "a turn failed: RuntimeError" in caplog.text
    assert "mon loyer" not in caplog.text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        pytest.param("  a\r\nb\rc ", "a\nb\nc", id="line ends and blanks"),
        pytest.param("a\x00b\x1b[31m", "ab[31m", id="control characters"),
        pytest.param("mon \ud83d loyer", "mon  loyer", id="half a character"),
        pytest.param("là 👩‍👧 ؟", "là 👩‍👧 ؟", id="joined emoji and other scripts"),
    ],
)
def test_text_is_cleaned_without_losing_words(raw: str, clean: str) -> None:
    """Control characters go, everything a person types stays."""
    assert clean_text(raw) == clean


def test_other_words_from_the_same_page_are_another_turn() -> None:
    """The identifier of a turn depends on the key and on what is said."""
    assert turn_key("k", "a", None) == turn_key("k", "a", None)
    assert len({turn_key("k", "a", None), turn_key("k", "b", None), turn_key("l", "a", None),
                turn_key("k", "", "a")}) == 4  # fmt: skip
    assert len(turn_key("k", "a", None)) == 64
