"""What the assistant does when it notices danger, and how the conversation goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from assistant.conversation import Reply, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from assistant.respond import respond
from assistant.urgency import DangerWatch
from assistant.urgency.model import ANY
from knowledge_base.facts import Fact

RENT = "j'arrive plus à payer mon loyer"
BEATEN = "mon mari me frappe"


class Hears:
    """A model that hears violence in every message."""

    def read(self, text: str) -> Mapping[str, float]:
        """Return the same probabilities for every text."""
        return {"violence_couple": 0.9, ANY: 0.9}


def _say(
    session: Session, text: str, knowledge: Knowledge, now: datetime, intent: Intent | None = None
) -> Reply:
    turn = Turn(text=text, intent=intent or Intent.DESCRIBE_NEED, confidence=0.9, now=now)
    return respond(session, turn, knowledge)


def _choose(session: Session, value: str, knowledge: Knowledge, now: datetime) -> Reply:
    return respond(session, Turn(value=value, now=now), knowledge)


def _kinds(reply: Reply) -> list[MessageKind]:
    return [message.kind for message in reply.messages]


def _values(reply: Reply) -> set[str]:
    return {choice.value for message in reply.messages for choice in message.choices or []}


def test_the_question_that_waited_comes_again_after_an_alert(
    knowledge: Knowledge, now: datetime
) -> None:
    """An emergency interrupts the interview, which then goes on where it was."""
    asked = _say(Session(), RENT, knowledge, now)
    pending = asked.session.pending
    assert pending is not None
    reply = _say(asked.session, BEATEN, knowledge, now)
    assert _kinds(reply)[0] is MessageKind.URGENT
    assert reply.session.pending is pending
    assert reply.messages[-1].fact == pending.value


def test_an_unclear_call_for_help_is_never_a_wrong_answer(
    knowledge: Knowledge, now: datetime
) -> None:
    """« vite c'est urgent » during the interview gives the numbers, then the question again."""
    asked = _say(Session(), RENT, knowledge, now)
    reply = _say(asked.session, "aidez-moi vite c'est très urgent", knowledge, now,
                 Intent.EMERGENCY)  # fmt: skip
    urgent = [message for message in reply.messages if message.kind is MessageKind.URGENT]
    assert {line.number for line in urgent[0].lines or []} >= {"112", "15", "17", "114"}
    assert reply.session.pending is asked.session.pending
    assert reply.session.misunderstood == 0


@pytest.mark.parametrize(
    ("choice", "number"),
    [
        pytest.param("fact:violence=ongoing", "3919", id="violence now"),
        pytest.param("fact:housing_status=homeless", "115", id="nowhere to live"),
    ],
)
def test_a_button_can_tell_a_danger(
    knowledge: Knowledge, now: datetime, choice: str, number: str
) -> None:
    """An answer chosen from the list raises the same alert as words."""
    session = _say(Session(), RENT, knowledge, now).session
    reply = _choose(session, choice, knowledge, now)
    assert _kinds(reply)[0] is MessageKind.URGENT
    assert number in {line.number for line in reply.messages[0].lines or []}


def test_what_only_the_encoder_hears_is_no_fact(knowledge: Knowledge, now: datetime) -> None:
    """The numbers come at once; « violences : en ce moment » only from the person's words."""
    heard = replace(knowledge, dangers=DangerWatch(knowledge.dangers.rules, Hears()))
    reply = _say(Session(), "il rentre à six heures et je tremble", heard, now)
    assert _kinds(reply)[0] is MessageKind.URGENT
    assert reply.session.dangers == ["violence_couple"]
    assert reply.session.discreet
    assert Fact.VIOLENCE not in reply.session.facts
    said = _say(reply.session, BEATEN, heard, now)
    assert said.session.facts[Fact.VIOLENCE].value == "ongoing"


@pytest.mark.parametrize("text", ["blublu blabla", "t'es nul espèce de merde", "gnark flup", "ok"])
def test_noise_raises_no_alert(knowledge: Knowledge, now: datetime, text: str) -> None:
    """Gibberish, insults and « ok »: no urgent card, no line, no discreet mode, no fact."""
    reply = _say(Session(), text, knowledge, now)
    assert not [message for message in reply.messages if message.lines]
    assert reply.session.dangers == []
    assert reply.session.hinted == []
    assert not reply.session.discreet
    assert reply.session.facts == {}


def test_a_danger_told_again_is_shown_again(knowledge: Knowledge, now: datetime) -> None:
    """Somebody who repeats that they are hit sees the numbers each time."""
    first = _say(Session(), BEATEN, knowledge, now)
    again = _say(first.session, "il me frappe encore", knowledge, now)
    assert _kinds(first)[0] is MessageKind.URGENT
    assert _kinds(again)[0] is MessageKind.URGENT
    assert again.session.dangers == ["violence_couple"]


def test_a_second_danger_does_not_hide_the_first(knowledge: Knowledge, now: datetime) -> None:
    """The most pressing one leads the case, whatever was told last."""
    first = _say(Session(), "je veux mourir", knowledge, now)
    second = _say(first.session, "et je n'ai plus rien à manger depuis hier", knowledge, now)
    assert second.session.dangers == ["suicide", "hunger"]
    assert second.session.danger == "suicide"


def test_a_figure_of_speech_is_answered_as_an_ordinary_message(
    knowledge: Knowledge, now: datetime
) -> None:
    """« je suis mort de rire » raises no alert."""
    reply = _say(Session(), "je suis mort de rire avec mes voisins", knowledge, now)
    assert MessageKind.URGENT not in _kinds(reply)


def test_a_gentle_line_comes_once_and_the_conversation_goes_on(
    knowledge: Knowledge, now: datetime
) -> None:
    """A possible danger gives its line once; the need is answered as well."""
    session = Session(facts={Fact.COMMUNE: {"value": "41018"}})  # type: ignore[dict-item]
    text = "mon fils a une copine, il tape sur la table"
    first = _say(session, text, knowledge, now)
    hints = [m for m in first.messages if m.lines and m.kind is MessageKind.TEXT]
    again = _say(first.session, text, knowledge, now)
    assert len(hints) <= 1
    assert not [m for m in again.messages if m.lines and m.kind is MessageKind.TEXT]


def test_an_old_person_hit_by_a_child_reads_the_line_for_abuse_first(
    knowledge: Knowledge, now: datetime
) -> None:
    """The 3977 and its card lead; the violence of a partner stays first for somebody younger."""
    old = _say(Session(), "j’ai 82 ans, mon fils me frappe", knowledge, now)
    assert next(line.number for line in old.messages[0].lines or []) == "3977"
    assert old.session.dangers[0] == "elder_abuse"
    younger = _say(Session(), "j’ai 45 ans, mon fils me frappe", knowledge, now)
    assert younger.session.dangers[0] == "violence_couple"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("do:not_in_danger", "", id="the button"),
        pytest.param(None, "Mais non, je ne suis pas en danger !", id="in words"),
        pytest.param(None, "personne n’est en danger", id="the words of the button"),
    ],
)
def test_what_only_the_encoder_hears_can_be_denied_in_one_step(
    knowledge: Knowledge, now: datetime, value: str | None, text: str
) -> None:
    """« Personne n’est en danger »: the numbers stay, the need is taken up, nothing is urgent."""
    knowledge = replace(knowledge, dangers=DangerWatch(knowledge.dangers.rules, Hears()))
    alerted = _say(Session(), RENT, knowledge, now)
    assert "do:not_in_danger" in _values(alerted)
    turn = Turn(text=text, value=value, intent=Intent.DENY, confidence=0.9, now=now)
    reply = respond(alerted.session, turn, knowledge)
    assert MessageKind.URGENT not in _kinds(reply)
    assert "3919" in {line.number for line in reply.messages[0].lines or []}
    assert reply.session.danger is None
    assert reply.session.discreet
    assert reply.session.pending is not None or MessageKind.AIDS in _kinds(reply)
    assert any("loyer" in need for need in reply.session.needs)


def test_what_a_rule_reads_is_not_denied_by_a_button(knowledge: Knowledge, now: datetime) -> None:
    """« Mon mari me frappe » was said: no button offers to say that it was not."""
    reply = _say(Session(), BEATEN, knowledge, now)
    assert "do:not_in_danger" not in _values(reply)
    after = _say(reply.session, "personne n'est en danger", knowledge, now, Intent.DENY)
    assert after.session.danger == "violence_couple"
