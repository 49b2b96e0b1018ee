"""A hotline in memory that plays a call about rent, and one with a danger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from assistant.conversation import Provenance, ReportedFact
from assistant.handoff import Contact, HandoffRequest, Status
from assistant.hotline import REMOVED, FactUnderstood, HotlineView, NeedUnderstood
from assistant.messages import ChoiceButton, Message, MessageKind
from connectors.handoff.cases import OpenedCase
from knowledge_base.facts import FACTS, Fact
from tests.fakes.cards import EMERGENCY, FRANCE_SERVICES, HOUSING_BENEFIT, RENT, SOCIAL_CENTRE

CASE_ID = "case-of-the-call"
CODE = "K7M4QX"
_PLACES = {
    "budget": ("udaf-41", "Point conseil budget"),
    "logement": ("mds-41269", "MDS de Vendôme"),
}


class FakeHotline:
    """Implements ``connectors.console.ports.Hotline``; remembers what was handed over."""

    def __init__(self) -> None:
        self.understood: list[tuple[str, dict[str, str]]] = []
        self.handed: list[HandoffRequest] = []

    def understand(self, text: str, corrections: Mapping[str, str]) -> HotlineView:
        """Understand « loyer », « 82 ans », « Vendôme » and « frappe »."""
        self.understood.append((text, dict(corrections)))
        rent = "loyer" in text
        return HotlineView(
            urgent=[_alert()] if "frappe" in text else [],
            hints=[],
            needs=[NeedUnderstood("Logement : FSL", "je paie plus mon loyer")] if rent else [],
            facts=list(_facts(text, corrections)),
            question=_question() if rent and "housing_status" not in corrections else None,
            why=FACTS[Fact.HOUSING_STATUS].why if rent else "",
            aids=[RENT, HOUSING_BENEFIT] if rent else [],
            places=[SOCIAL_CENTRE, FRANCE_SERVICES] if rent else [],
            unreadable=[Fact.COMMUNE] if corrections.get("commune") == "Nulle-Part" else [],
        )

    def prepare(
        self, text: str, corrections: Mapping[str, str], theme: str | None
    ) -> HandoffRequest:
        """Send rent to the MDS, a budget to the PCB."""
        chosen = theme or "logement"
        place_id, place_name = _PLACES[chosen]
        facts = {
            one.fact.value: ReportedFact("?", one.value_label, one.provenance)
            for one in _facts(text, corrections)
        }
        return HandoffRequest(
            conversation_id=None,
            theme=chosen,
            needs=(RENT.id,),
            urgent="frappe" in text,
            urgency_rule="partner_violence" if "frappe" in text else None,
            commune="41269",
            place_id=place_id,
            place_name=place_name,
            words=(),
            contact=Contact(),
            facts=facts,
            proposed=(RENT.id,),
        )

    def hand_off(self, request: HandoffRequest) -> OpenedCase:
        """Remember the request."""
        self.handed.append(request)
        due = datetime(2026, 12, 2, 16, 0, tzinfo=UTC)
        return OpenedCase(CASE_ID, CODE, Status.SENT, due, emailed=True)


def _alert() -> Message:
    lines = [line for line in EMERGENCY if line.number in ("17", "114", "3919")]
    return Message(kind=MessageKind.URGENT, text="Si le danger est là, appelez le 17.", lines=lines)


def _question() -> Message:
    fact = FACTS[Fact.HOUSING_STATUS]
    choices = [
        ChoiceButton(label=one.label, value=f"fact:{fact.name}={one.value}")
        for one in fact.choices[:3]
    ]
    return Message(
        kind=MessageKind.QUESTION, text=fact.question, fact=fact.name.value, choices=choices
    )


def _facts(text: str, corrections: Mapping[str, str]) -> list[FactUnderstood]:
    said = {Fact.AGE: ("82 ans", "82 ans"), Fact.COMMUNE: ("Vendôme", "à Vendôme")}
    found = []
    for fact, (value, words) in said.items():
        correction = corrections.get(fact, "")
        if correction and correction != REMOVED:
            found.append(_fact(fact, f"corrigé : {correction}", Provenance.ANSWERED, ""))
        elif value in text and correction != REMOVED:
            found.append(_fact(fact, value, Provenance.SAID, words))
    if "housing_status" in corrections:
        value = corrections["housing_status"]
        found.append(_fact(Fact.HOUSING_STATUS, value, Provenance.ANSWERED, ""))
    return found


def _fact(fact: Fact, value: str, provenance: Provenance, words: str) -> FactUnderstood:
    return FactUnderstood(fact, FACTS[fact].label_of_anybody, value, provenance, words)
