"""From every state, any input yields a useful reply and loses nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversation import LookUpCase, OpenCase, Session, Stage, Turn
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import REQUESTS, Intent
from assistant.respond import respond, welcome
from knowledge_base.facts import Fact

TEXTS = st.one_of(
    st.sampled_from(
        [
            "oui", "non", "bonjour", "blois", "41000", "je sais pas", "j'ai 45 ans", "merci",
            "j'arrive plus à payer mon loyer", "mon mari me tape", "06 12 34 56 78", "CDF347",
            "pourquoi ?", "c'est quoi l'apa", "", "   ", "?!", "🙂", "a" * 2000, "{facts}", "%s",
            "ma mère de 82 ans tombe tout le temps", "connard", "effacer", "recommencer",
        ]
    ),
    st.text(max_size=60),
)  # fmt: skip
VALUES = st.sampled_from(
    [
        "do:ask_human", "do:show_aids", "do:more_aids", "do:ask_place", "do:restart", "do:erase",
        "do:why_this_question", "do:other_need", "do:case_status", "fact:age=65_plus",
        "fact:commune=dont_know", "fact:income=none", "fact:nothing=1", "fact:age=zzz",
        "theme:logement", "theme:zzz", "aid:apa_domicile", "aid:zzz", "consent:yes", "consent:no",
        "hours:any", "erase:yes", "erase:no", "zzz", "",
    ]
)  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(TEXTS, st.none(), st.sampled_from(list(Intent))),
        st.tuples(st.just(""), VALUES, st.just(Intent.INFORM)),
    ),
    max_size=8,
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_conversation_stays_alive(
    knowledge: Knowledge, now: datetime, steps: list[tuple[str, str | None, Intent]]
) -> None:
    """Every turn is answered, the state can be stored and read back, no braces are left."""
    session = Session()
    for text, value, intent in steps:
        turn = Turn(text=text, value=value, intent=intent, confidence=0.8, now=now)
        reply = respond(session, turn, knowledge)
        assert reply.messages or reply.effects
        assert all(message.text or message.aids for message in reply.messages)
        stored = reply.session.model_dump_json(exclude_defaults=True)
        session = Session.model_validate_json(stored)
        assert session == reply.session


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("text", ["je ne comprends rien", "non", "oui", "123"])
def test_no_stage_is_a_dead_end(
    knowledge: Knowledge, now: datetime, stage: Stage, text: str
) -> None:
    """Whatever is being asked, a text is answered with words or a card."""
    pending = Fact.AGE if stage is Stage.INTERVIEW else None
    session = Session(stage=stage, pending=pending, asked=[Fact.AGE] if pending else [])
    reply = respond(session, Turn(text=text, now=now, intent=Intent.FALLBACK), knowledge)
    assert reply.messages or reply.effects


@pytest.mark.parametrize("request_name", [*sorted(REQUESTS), "greet", "thanks", "rien"])
def test_every_request_is_answered_without_rasa(
    knowledge: Knowledge, now: datetime, request_name: str
) -> None:
    """A choice comes as « inform » when Rasa is away; even an unknown one gets an answer."""
    turn = Turn(value=f"do:{request_name}", intent=Intent.INFORM, now=now)
    reply = respond(Session(), turn, knowledge)
    assert reply.messages or reply.effects


def test_the_session_given_is_never_changed(knowledge: Knowledge, now: datetime) -> None:
    """The core is pure: the caller may throw the reply away."""
    session = Session()
    respond(session, Turn(text="j'arrive plus à payer mon loyer", now=now), knowledge)
    assert session == Session()


def test_the_welcome_says_that_it_is_automatic(knowledge: Knowledge, now: datetime) -> None:
    """Nobody may take the assistant for a person, and a person is one step away."""
    (message,) = welcome(knowledge, now).messages
    assert "assistant automatique" in message.text
    assert [choice.value for choice in message.choices or []] == ["do:ask_human"]


def test_danger_comes_first_even_in_the_middle_of_a_handoff(
    knowledge: Knowledge, now: datetime
) -> None:
    """A person asked for a phone number who writes that they are in danger is heard."""
    session = Session(stage=Stage.HANDOFF_CONTACT)
    reply = respond(session, Turn(text="il me frappe au secours", now=now), knowledge)
    assert reply.messages[0].kind is MessageKind.URGENT
    assert {line.number for line in reply.messages[0].lines or []} >= {"17", "114", "3919"}


def test_a_code_is_looked_up_and_not_taken_for_a_need(knowledge: Knowledge, now: datetime) -> None:
    """« où en est ma demande CDF347 » gives the effect with the code."""
    turn = Turn(text="où en est ma demande CDF347", intent=Intent.CASE_STATUS, now=now)
    assert respond(Session(), turn, knowledge).effects == [LookUpCase(code="CDF347")]


def test_nothing_is_sent_without_consent(knowledge: Knowledge, now: datetime) -> None:
    """A contact typed before the consent opens no case."""
    session = Session(facts={Fact.COMMUNE: {"value": "41018"}})  # type: ignore[dict-item]
    for text in ("je veux parler à quelqu'un", "06 12 34 56 78", "le matin", "non"):
        intent = Intent.ASK_HUMAN if "parler" in text else Intent.FALLBACK
        reply = respond(session, Turn(text=text, intent=intent, now=now), knowledge)
        session = reply.session
        assert not [effect for effect in reply.effects if isinstance(effect, OpenCase)]
