"""Others write in the same place at the same moment: everybody is asked to come back soon."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from assistant.messages import Message
from connectors.handoff.follow_up import ChangedMeanwhile
from connectors.turns import Busy
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.gateway import FakeGateway

V1 = "/api/v1/conversations"
SAID = "Plusieurs messages sont arrivés en même temps."


class BusyGateway(FakeGateway):
    """A gateway in which others always write first."""

    async def say(
        self,
        conversation_id: str,
        text: str = "",
        value: str | None = None,
        turn_id: str | None = None,
        address: str | None = None,
    ) -> list[Message]:
        """Refuse."""
        raise Busy(conversation_id)

    async def erase(self, conversation_id: str) -> None:
        """Refuse."""
        raise ChangedMeanwhile("case k changes too often")


@pytest.fixture(name="http")
async def _http() -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app(BusyGateway())) as http:
        yield http


async def _opened(http: AsyncClient) -> tuple[str, dict[str, str]]:
    body = (await http.post(V1)).json()
    return f"{V1}/{body['conversation_id']}", {"Authorization": f"Bearer {body['token']}"}


@pytest.mark.parametrize("doing", ["say", "erase"])
async def test_the_api_says_when_to_try_again(http: AsyncClient, doing: str) -> None:
    """503 with ``Retry-After``, in plain French, instead of a breakdown."""
    path, token = await _opened(http)
    if doing == "say":
        answer = await http.post(f"{path}/messages", json={"text": "loyer"}, headers=token)
    else:
        answer = await http.delete(path, headers=token)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:premiere-reponse:probleme:occupe"
    assert answer.json()["detail"].startswith(SAID)


async def test_a_stream_tells_it_too(http: AsyncClient) -> None:
    """The events end with the same sentence, and nothing is logged as a breakdown."""
    path, token = await _opened(http)
    answer = await http.post(f"{path}/messages/stream", json={"text": "loyer"}, headers=token)
    assert f'event: error\ndata: {{"detail": "{SAID}' in answer.text


async def test_the_page_keeps_what_was_typed(http: AsyncClient) -> None:
    """Without JavaScript the sentence is on a page that still holds the message."""
    answer = await http.post("/parler", data={"text": "mon loyer"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert SAID in answer.text
    assert "mon loyer</textarea>" in answer.text
