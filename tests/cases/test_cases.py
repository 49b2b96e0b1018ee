"""Plays the conversations of ``tests/cases/*.yml`` with the real knowledge."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.conversation import OpenCase, Reply, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import Message, MessageKind
from assistant.names import Intent
from assistant.respond import respond
from assistant.understanding.intents import guess_intent
from knowledge_base.facts import Fact

CASES = [
    pytest.param(case, id=f"{path.stem}-{case['nom']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KNOWN_EXPECTATIONS = {
    "fiches", "probable", "absentes", "faits", "danger", "lieux", "questions_au_plus", "demande",
    "echeance",
    "demandes", "pas_demandes", "dernieres_fiches", "derniers_lieux", "dit", "tait", "boutons",
    "sans_boutons", "premier_bouton", "sans_faits", "numeros",
}  # fmt: skip


def play(case: dict[str, Any], knowledge: Knowledge, now: datetime) -> tuple[Session, list[Reply]]:
    """Return the last state and every reply of the conversation."""
    session = Session()
    replies: list[Reply] = []
    for step in case["conversation"]:
        turn = _turn(step, replies, now)
        reply = respond(session, turn, knowledge)
        session = reply.session
        replies.append(reply)
    return session, replies


def _turn(step: dict[str, str], replies: list[Reply], now: datetime) -> Turn:
    if "choisit" in step:
        choices = {
            choice.label: choice.value
            for message in replies[-1].messages
            for choice in message.choices or []
        }
        assert step["choisit"] in choices, (
            f"pas proposé : {step['choisit']} (parmi {list(choices)})"
        )
        return Turn(value=choices[step["choisit"]], now=now)
    intent = Intent(step["intention"]) if "intention" in step else guess_intent(step["dit"])
    return Turn(text=step["dit"], intent=intent, confidence=0.9, now=now)


@pytest.mark.parametrize("case", CASES)
def test_conversation(case: dict[str, Any], knowledge: Knowledge, now: datetime) -> None:
    """The conversation gives the person what a social worker expects."""
    expected = case["attendu"]
    assert set(expected) <= KNOWN_EXPECTATIONS
    session, replies = play(case, knowledge, now)
    messages = [message for reply in replies for message in reply.messages]
    assert all(reply.messages or reply.effects for reply in replies), "une réponse est vide"
    _check_cards(expected, messages)
    _check_situation(expected, session, replies)
    cases = [e for reply in replies for e in reply.effects if isinstance(e, OpenCase)]
    if "echeance" in expected:
        days = [one.sheet.deadline.day if one.sheet.deadline else "aucune" for one in cases]
        assert days == [expected["echeance"]]
    _check_last_reply(expected, replies[-1])
    if "demande" in expected:
        assert [one.sheet.theme for one in cases] == [expected["demande"]]


def _check_cards(expected: dict[str, Any], messages: list[Message]) -> None:
    cards = {card.id: card for message in messages for card in message.aids or []}
    assert set(expected.get("fiches", [])) <= set(cards), f"cartes montrées : {list(cards)}"
    assert not set(expected.get("absentes", [])) & set(cards), f"cartes montrées : {list(cards)}"
    for aid in expected.get("probable", []):
        assert cards[aid].status == "likely", f"{aid} : {cards[aid].status}, {cards[aid].missing}"
    places = {place.type for message in messages for place in message.places or []}
    assert set(expected.get("lieux", [])) <= places, f"lieux montrés : {places}"


def _check_situation(expected: dict[str, Any], session: Session, replies: list[Reply]) -> None:
    messages = [message for reply in replies for message in reply.messages]
    for name, value in expected.get("faits", {}).items():
        known = session.facts.get(Fact(name))
        assert known is not None, f"fait inconnu : {name}"
        found: object = known.value or list(known.values or ()) or known.low
        assert found == value, f"{name} : {found} au lieu de {value}"
    unwanted = {name for name in expected.get("sans_faits", []) if Fact(name) in session.facts}
    assert not unwanted, f"faits compris à tort : {unwanted}"
    if "danger" in expected:
        assert (session.danger or "aucun") == expected["danger"]
        if expected["danger"] != "aucun":
            firsts = [reply.messages[0].kind for reply in replies if reply.messages]
            assert MessageKind.URGENT in firsts, "le danger doit venir en premier"
    asked = {m.fact for m in messages if m.kind is MessageKind.QUESTION and m.fact}
    assert set(expected.get("demandes", [])) <= asked, f"questions posées : {asked}"
    assert not set(expected.get("pas_demandes", [])) & asked, f"questions posées : {asked}"
    if "questions_au_plus" in expected:
        assert len(asked) <= expected["questions_au_plus"], f"questions posées : {asked}"


def _check_last_reply(expected: dict[str, Any], reply: Reply) -> None:
    messages = reply.messages
    if "dernieres_fiches" in expected:
        cards = [card.id for message in messages for card in message.aids or []]
        assert cards == expected["dernieres_fiches"]
    if "derniers_lieux" in expected:
        places = [place.type for message in messages for place in message.places or []]
        assert places == expected["derniers_lieux"]
    said = "\n".join(message.text for message in messages)
    for words in expected.get("dit", []):
        assert words in said, said
    for words in expected.get("tait", []):
        assert words not in said, said
    numbers = {line.number for message in messages for line in message.lines or []}
    assert set(expected.get("numeros", [])) <= numbers, f"numéros : {numbers}"
    labels = [choice.label for message in messages for choice in message.choices or []]
    assert set(expected.get("boutons", [])) <= set(labels), f"boutons : {labels}"
    assert not set(expected.get("sans_boutons", [])) & set(labels), f"boutons : {labels}"
    if "premier_bouton" in expected:
        assert labels[0] == expected["premier_bouton"]
