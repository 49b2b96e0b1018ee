"""What is shown before consent is what is sent: every field, and nothing else."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from assistant.conversation import (
    ContactGiven,
    Known,
    Provenance,
    ReportedFact,
    RequestSheet,
    SaidDay,
    Session,
    Turn,
)
from assistant.handoff import Contact, HandoffRequest
from assistant.knowledge import Knowledge
from assistant.names import Intent
from assistant.request_sheet import in_words, sheet_of
from assistant.talk import Talk
from connectors.handoff.request import request_for
from knowledge_base.facts import Fact
from tests.fakes.chat import Chat, with_rules_only

SHEET = RequestSheet(
    theme="logement",
    needs=("fsl_impayes", "apl"),
    urgent=True,
    urgency_rule="violence_couple",
    place_id="mds-41018",
    place_name="MDS de Blois",
    words=("j'arrive plus à payer", "x" * 2000),
    facts={
        "commune": ReportedFact("41018", "Blois", Provenance.SAID),
        "age": ReportedFact("82.0", "82 ans", Provenance.ANSWERED),
        "income": ReportedFact("none", "aucun", Provenance.DEDUCED),
    },
    proposed=("apl",),
    deadline=SaidDay(date(2026, 12, 3), "expulsion le 3 décembre"),
)
CONTACT = ContactGiven(phone="+33612345678", email="a@exemple.fr", safe_hours="le matin")


def shown(sheet: RequestSheet, knowledge: Knowledge) -> str:
    """Return what the person reads: the place, and the rest."""
    return f"{sheet.place_name}\n{in_words(sheet, knowledge)}"


def test_everything_that_is_sent_is_shown(knowledge: Knowledge) -> None:
    """A long text whole, each fact with where it comes from, danger, needs and aids by name."""
    said = shown(SHEET, knowledge)
    for part in (
        "MDS de Blois",
        "« j'arrive plus à payer »",
        f"« {'x' * 2000} »",
        "Ce que vous avez dit : votre commune : Blois.",
        "Ce que vous avez répondu : l’âge : 82 ans.",
        "Ce que j’en ai compris : ",
        "Demande urgente : violences dans le couple ou la famille.",
        "La date que vous avez dite : jeudi 3 décembre (« expulsion le 3 décembre »).",
        "Sujet : Logement.",
        f"Besoins compris : {knowledge.catalogue.entries['fsl_impayes'].title}",
        f"Aides déjà proposées : {knowledge.catalogue.entries['apl'].title}.",
    ):
        assert part in said


@pytest.mark.parametrize(
    "change",
    [
        {"theme": "budget"},
        {"needs": ("fsl_impayes",)},
        {"needs": ()},
        {"urgency_rule": "suicide"},
        {"urgency_rule": None},
        {"urgent": False, "urgency_rule": None},
        {"place_id": "mds-41269", "place_name": "MDS de Vendôme"},
        {"words": ("j'arrive plus à payer", "x" * 1999)},
        {"words": ()},
        {"facts": {}},
        {"facts": {**SHEET.facts, "age": ReportedFact("81.0", "81 ans", Provenance.ANSWERED)}},
        {"facts": {**SHEET.facts, "age": ReportedFact("82.0", "82 ans", Provenance.SAID)}},
        {"proposed": ()},
        {"proposed": ("fsl_impayes",)},
        {"deadline": None},
        {"deadline": SaidDay(date(2026, 12, 4), "expulsion le 3 décembre")},
        {"deadline": SaidDay(date(2026, 12, 3), "expulsion le 3 décembre", since=True)},
    ],
    ids=[
        "theme", "a need less", "no need", "another danger", "an urgency without a danger",
        "no urgency", "place", "one letter less", "no words", "no answer", "another answer",
        "the same answer, told otherwise", "no aid", "another aid",
        "no day", "another day", "since that day",
    ],
)  # fmt: skip
def test_two_sheets_that_differ_do_not_read_the_same(
    knowledge: Knowledge, change: dict[str, object]
) -> None:
    """No field can change what is sent without changing what is read."""
    assert shown(SHEET.model_copy(update=change), knowledge) != shown(SHEET, knowledge)


def test_every_field_of_the_sheet_is_covered() -> None:
    """A field added to what is sent must be added to what is shown, and to this test."""
    sent = {field.name for field in fields(HandoffRequest)}
    assert set(RequestSheet.model_fields) == sent - {"conversation_id", "contact", "commune"}


def test_the_request_is_the_sheet_and_the_contact() -> None:
    """Nothing of the conversation is added after the consent; the commune is a shown fact."""
    request = request_for("c1", SHEET, CONTACT)
    for name in RequestSheet.model_fields:
        assert getattr(request, name) == getattr(SHEET, name), name
    assert request.commune == "41018"
    assert request.contact == Contact("+33612345678", "a@exemple.fr", safe_hours="le matin")
    without = SHEET.model_copy(update={"facts": {}})
    assert request_for(None, without, CONTACT).commune is None


#: What may come between the steps of a hand-off: words, and buttons pressed late.
ASIDE = st.sampled_from(
    [
        "j'arrive plus à payer mon loyer", "mon mari me frappe", "ma mère de 82 ans tombe",
        "j'habite à Vendôme", "pourquoi ?", "en fait c'est pour mon père", "c'est quoi l'apa ?",
        "j'ai plus rien à manger " * 40, "où en est ma demande ?", "envie de mourir",
        "do:show_aids", "fact:age=65_plus", "theme:budget", "do:ask_human", "consent:add",
        "erase:no", "non", "oui envoyez", "finalement oui", "l'audience est lundi",
        "pas de téléphone", "contact:go", "je me suis trompé de numéro",
    ]
)  # fmt: skip
SCRIPT = ("do:ask_human", "consent:yes", "06 12 34 56 78", "le matin")


def test_whatever_is_said_what_leaves_was_read(knowledge: Knowledge, now: datetime) -> None:
    """However a hand-off is interrupted, what leaves is, word for word, the last one shown."""

    # Inside, so that an example that fails is printed without the whole knowledge.
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(asides=st.tuples(*[st.lists(ASIDE, max_size=2)] * len(SCRIPT)))
    def holds(asides: tuple[list[str], ...]) -> None:
        chat, read, checked = Chat(with_rules_only(knowledge), now), "", 0
        chat.say("j'ai faim à Blois")
        for between, step in zip(asides, SCRIPT, strict=True):
            for said in (*between, step):
                messages = chat.send(said) if ":" in said else chat.say(said)
                shown = [m.text for m in messages if "Voici tout ce que l’équipe va lire" in m.text]
                for case in chat.sent[checked:]:
                    assert case.sheet.place_name in read
                    assert in_words(case.sheet, knowledge) in read
                # What is shown after a case has left is for another one.
                read, checked = shown[-1] if shown else read, len(chat.sent)
        event(f"sent: {len(chat.sent)}")

    holds()


def test_the_sheet_is_made_of_the_state(knowledge: Knowledge, now: datetime) -> None:
    """The plain data come from what was said, with their provenance."""
    session = Session(
        needs=["je dors dehors"],
        candidates={"siao_115": 0.9, "apl": 0.1},
        facts={Fact.AGE: Known(low=82, high=82, provenance=Provenance.ANSWERED)},
    )
    sheet = sheet_of(Talk(session, Turn(now=now, intent=Intent.ASK_HUMAN), knowledge))
    assert sheet.words == ("je dors dehors",)
    assert sheet.needs == ("siao_115", "apl")
    assert sheet.proposed == ()
    assert sheet.facts == {"age": ReportedFact("82.0", "82 ans", Provenance.ANSWERED)}
    assert (sheet.urgent, sheet.urgency_rule) == (False, None)
