"""The route that Rasa calls: guarded, bounded, and silent about what people write."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from rasa_sdk import ActionExecutionRejection

from assistant.actions import TurnResult
from assistant.names import Intent
from connectors.rasa.actions_endpoint import MAX_BODY_BYTES, TOKEN_HEADER, actions_router

TOKEN = {TOKEN_HEADER: "secret"}
SAID = {"kind": "text", "text": "Où habitez-vous ?"}


class FakeTurns:
    """Remembers how it was called and answers what it was told to."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.result = TurnResult([SAID])
        self.error: Exception | None = None

    async def __call__(self, **call: Any) -> TurnResult:
        """Answer one turn."""
        self.calls.append(call)
        if self.error is not None:
            raise self.error
        return self.result


@pytest.fixture
def turns() -> FakeTurns:
    """The service's function, played by hand."""
    return FakeTurns()


def call(action: str, *, asked: str | None = None, **message: Any) -> dict[str, Any]:
    """Return an action call as Rasa 3.6 posts it."""
    latest = {
        "intent": {"name": "inform", "confidence": 0.8},
        "entities": [],
        "metadata": {"turn_id": "t1", "value": None, "text": "à Blois"},
    }
    tracker = {
        "sender_id": "abc",
        "slots": {"requested_slot": asked},
        "latest_message": latest | message,
        "events": [],
    }
    return {"next_action": action, "sender_id": "abc", "tracker": tracker, "version": "3.6.21"}


async def post(
    turns: FakeTurns, body: object, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Post to the route."""
    app = FastAPI()
    app.include_router(actions_router(turns, "secret"))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        given = TOKEN if headers is None else headers
        if isinstance(body, bytes):
            return await client.post("/webhook", content=body, headers=given)
        return await client.post("/webhook", json=body, headers=given)


def slots(response: httpx.Response) -> dict[str, object]:
    """Return the slots that the answer sets."""
    events = response.json()["events"]
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def others(response: httpx.Response) -> list[tuple[str, object]]:
    """Return the events that set no slot."""
    events = response.json()["events"]
    return [(event["event"], event.get("name")) for event in events if event["event"] != "slot"]


async def test_an_action_hands_the_message_over(turns: FakeTurns) -> None:
    """The service receives the sender, the turn, the intent, the words and the right."""
    names = [{"entity": "right", "value": "apa"}, {"entity": "right", "value": "apa à domicile"}]
    await post(turns, call("action_explain_right", entities=names))
    assert turns.calls == [
        {
            "sender_id": "abc",
            "turn_id": "t1",
            "intent": Intent.INFORM,
            "text": "à Blois",
            "value": None,
            "confidence": 0.8,
            "right": "apa à domicile",
        }
    ]


async def test_an_unknown_intent_is_the_fallback(turns: FakeTurns) -> None:
    """Whatever Rasa calls it, the service gets one of its own intents."""
    await post(turns, call("action_understand", intent={"name": "other", "confidence": 1.0}))
    assert turns.calls[0]["intent"] is Intent.FALLBACK


async def test_a_question_opens_the_interview(turns: FakeTurns) -> None:
    """The answer itself activates the form, so that Rasa asks for nothing more."""
    turns.result = TurnResult([SAID], pending="commune")
    response = await post(turns, call("action_understand"))
    assert [shown["custom"] for shown in response.json()["responses"]] == [SAID]
    assert slots(response) == {"requested_slot": "commune"}
    assert others(response) == [("active_loop", "interview_form"), ("followup", "action_listen")]


async def test_without_a_question_there_is_no_interview(turns: FakeTurns) -> None:
    """Nothing pending: the form is closed, wherever the message came from."""
    response = await post(turns, call("action_converse"))
    assert slots(response) == {"requested_slot": None}
    assert others(response) == [("active_loop", None), ("followup", "action_listen")]


async def test_the_form_goes_on_with_the_question_chosen(turns: FakeTurns) -> None:
    """Inside the interview, the next slot is the fact that the service asks."""
    turns.result = TurnResult([SAID], pending="age")
    response = await post(turns, call("validate_interview_form", asked="commune"))
    assert slots(response) == {"commune": None, "requested_slot": "age"}
    assert others(response) == [("followup", "action_listen")]


async def test_an_interruption_keeps_the_question(turns: FakeTurns) -> None:
    """The same question again is not a failure of the form: its slot is set, to nothing."""
    turns.result = TurnResult([SAID], pending="commune")
    response = await post(turns, call("validate_interview_form", asked="commune"))
    assert slots(response) == {"commune": None, "requested_slot": "commune"}


async def test_the_last_answer_ends_the_form(turns: FakeTurns) -> None:
    """No next question: the requested slot is emptied, which ends the form."""
    turns.result = TurnResult([SAID])
    response = await post(turns, call("validate_interview_form", asked="age"))
    assert slots(response) == {"age": None, "requested_slot": None}


@pytest.mark.parametrize("headers", [{}, {TOKEN_HEADER: "wrong"}], ids=["no token", "wrong token"])
async def test_without_the_token_nothing_runs(turns: FakeTurns, headers: dict[str, str]) -> None:
    """401, an empty body, and no turn played."""
    response = await post(turns, call("action_understand"), headers)
    assert (response.status_code, response.content, turns.calls) == (401, b"", [])


def test_an_empty_token_is_refused(turns: FakeTurns) -> None:
    """A service without a token would let anybody play a turn."""
    with pytest.raises(ValueError, match="token"):
        actions_router(turns, "")


async def test_an_unknown_action_is_not_found(turns: FakeTurns) -> None:
    """404 with the name, as Rasa reads it, and nothing of the request."""
    response = await post(turns, call("action_nothing"))
    assert response.status_code == 404
    assert response.json() == {"error": "no such action", "action_name": "action_nothing"}


async def test_a_rejection_says_which_action(turns: FakeTurns) -> None:
    """400 with the name, as Rasa reads it; the reason may hold words and is not told."""
    turns.error = ActionExecutionRejection("action_understand", "canari")
    response = await post(turns, call("action_understand"))
    assert response.status_code == 400
    assert response.json() == {
        "error": "the action was rejected",
        "action_name": "action_understand",
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"canari", id="not JSON"),
        pytest.param(["canari"], id="not an object"),
        pytest.param({"next_action": "action_understand"}, id="no tracker"),
        pytest.param({"next_action": "action_understand", "tracker": {}}, id="no sender"),
    ],
)
async def test_a_body_that_is_no_call_is_refused_without_an_echo(
    turns: FakeTurns, body: object
) -> None:
    """400, and nothing of what was sent comes back."""
    response = await post(turns, body)
    assert response.status_code == 400
    assert "canari" not in response.text


async def test_a_huge_body_is_not_read(turns: FakeTurns) -> None:
    """413 past the bound."""
    response = await post(turns, b" " * (MAX_BODY_BYTES + 1))
    assert (response.status_code, turns.calls) == (413, [])
