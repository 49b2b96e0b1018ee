"""Eight real conversations, one per domain, from the first message to the receipt.

They go through the public API, the live Rasa and the database; ``make transcripts`` writes
the same ones to ``docs/conversations/``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.journeys.stack import Person, Stack

FOLDER = Path(__file__).parent / "conversations"
CONVERSATIONS = [
    pytest.param(yaml.safe_load(path.read_text(encoding="utf-8")), id=path.stem)
    for path in sorted(FOLDER.glob("*.yml"))
]
pytestmark = pytest.mark.rasa
_CODE = re.compile(r"code est ([A-Z0-9]{6})")


def play(person: Person, steps: list[dict[str, str]]) -> list[list[dict[str, Any]]]:
    """Play the steps of a conversation; return the answers to each.

    A step « choisit_si_propose » is left out when the button is not there: how many
    questions are worth asking depends on the catalogue.
    """
    answers = []
    for step in steps:
        if "dit" in step:
            answers.append(person.say(step["dit"]))
        elif "choisit" in step:
            answers.append(person.choose(step["choisit"]))
        elif person.offers(step["choisit_si_propose"]):
            answers.append(person.choose(step["choisit_si_propose"]))
    return answers


def test_there_is_a_conversation_for_each_domain() -> None:
    """The eight domains of the plan are there."""
    assert {path.stem for path in FOLDER.glob("*.yml")} == {
        "handicap", "insertion", "logement", "sante", "enfance_famille", "personnes_agees",
        "budget", "violences",
    }  # fmt: skip


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_from_the_first_message_to_the_receipt(stack: Stack, conversation: dict[str, Any]) -> None:
    """The right cards and places are shown, and the case is with somebody."""
    before = stack.engines()
    person = stack.person()
    answers = play(person, conversation["conversation"])
    messages = [message for turn in answers for message in turn]
    cards = {card["id"]: card for message in messages for card in message.get("aids") or []}
    places = {place["type"] for message in messages for place in message.get("places") or []}
    expected = conversation["attendu"]
    assert set(expected["fiches"]) <= set(cards), f"cartes montrées : {list(cards)}"
    assert set(expected["lieux"]) & places, f"lieux montrés : {places}"
    assert all(card["source"]["checked_on"] for card in cards.values())
    if "danger" in expected:
        assert answers[0][0]["kind"] == "urgent"
        assert expected["danger"] in {line["number"] for line in answers[0][0]["lines"]}
    # A question that waited may come again after the receipt.
    receipts = [message for message in answers[-1] if message["kind"] == "receipt"]
    assert [_CODE.search(message["text"]) is not None for message in receipts] == [True]
    (status, *_) = person.say("où en est ma demande ?")
    assert "Elle attend d’être lue" in status["text"]
    after = stack.engines()
    turns = len(answers) + 1
    assert after["rasa"] - before["rasa"] == turns, "une partie n’est pas passée par Rasa"
    assert after["service"] == before["service"]


def test_a_conversation_can_be_read_and_erased(stack: Stack) -> None:
    """What was said is there for its owner, then for nobody."""
    person = stack.person()
    person.say("j'arrive plus à payer mon loyer")
    headers = {"Authorization": f"Bearer {person.token}"}
    address = f"/api/v1/conversations/{person.conversation_id}"
    read = person.http.get(address, headers=headers).json()
    assert read["facts"]["housing_trouble"] == ["unpaid_rent"]
    assert [m["text"] for m in read["messages"] if m["role"] == "citizen"] == [
        "j'arrive plus à payer mon loyer"
    ]
    assert person.http.get(address, headers={"Authorization": "Bearer x"}).status_code == 401
    assert person.http.delete(address, headers=headers).status_code == 204
    assert person.http.get(address, headers=headers).status_code == 404
