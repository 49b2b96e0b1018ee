"""A call as the hotline page carries it: what was typed, corrected and noted, never stored.

Everything travels in the form, so that the page works without JavaScript and the server
remembers nothing of a call until it is handed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import Request

from assistant.conversation import Provenance
from assistant.handoff import PROVENANCE_LABELS
from assistant.hotline import MAX_CALL, REMOVED, FactUnderstood, HotlineView
from assistant.messages import AidCard, LineCard
from assistant.names import FACT
from connectors import wording
from connectors.incoming import clean_text
from knowledge_base.facts import FACTS, WAYS_OUT, Fact, Kind

#: Characters of the agent's own summary.
MAX_NOTES: Final = 4000
_MAX_FIELD: Final = 300
_CORRECTION: Final = "fact_"


@dataclass(frozen=True, slots=True)
class Call:
    """What the form holds. ``copied`` is the aid whose card goes into the notes."""

    csrf: str = ""
    text: str = ""
    notes: str = ""
    corrections: Mapping[str, str] = field(default_factory=dict)
    copied: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return another field of the form, on one line; empty when it is missing."""
        return " ".join(self.fields.get(name, "").split())[:_MAX_FIELD]

    def with_commune(self) -> Call:
        """Return the call with the commune typed in the hand-off form, if it was changed there.

        Untouched, the commune stays the one understood: its name alone may be that of another.
        """
        typed = self.get("commune")
        if not typed or typed == self.get("commune_shown"):
            return self
        return replace(self, corrections={**self.corrections, Fact.COMMUNE.value: typed})


async def call_of(request: Request) -> Call:
    """Read the form of the request; usable as a FastAPI dependency."""
    async with request.form(max_files=0, max_fields=100) as form:
        return read_call({name: str(value) for name, value in form.items()})


def read_call(form: Mapping[str, str]) -> Call:
    """Return the call that a form holds; an answer given with a button is a correction."""
    corrections = {
        name.removeprefix(_CORRECTION): value.strip()[:_MAX_FIELD]
        for name, value in form.items()
        if name.startswith(_CORRECTION)
    }
    answered, _, value = form.get("answer", "").removeprefix(FACT).partition("=")
    if value:
        corrections[answered] = value[:_MAX_FIELD]
    known = set(Fact)
    return Call(
        csrf=form.get("csrf", ""),
        text=clean_text(form.get("text", ""))[:MAX_CALL],
        notes=clean_text(form.get("notes", ""))[:MAX_NOTES],
        corrections={name: value for name, value in corrections.items() if name in known and value},
        copied=form.get("copy", ""),
        fields={name: clean_text(value) for name, value in form.items()},
    )


@dataclass(frozen=True, slots=True)
class FactControl:
    """One fact on the page: what is understood of it and how the agent corrects it.

    ``current`` is the correction in force, "" for none; ``options`` its possible values,
    none for a fact that is typed (the commune).
    """

    fact: Fact
    label: str
    understood: str
    origin: str
    words: str
    current: str
    options: tuple[tuple[str, str], ...]
    unreadable: bool


def controls(view: HotlineView, corrections: Mapping[str, str]) -> list[FactControl]:
    """Return a control for each fact understood, then for each one corrected away."""
    understood = {one.fact: one for one in view.facts}
    others = [fact for fact in Fact if fact in corrections and fact not in understood]
    return [
        _control(fact, understood.get(fact), corrections.get(fact, ""), fact in view.unreadable)
        for fact in (*understood, *others)
    ]


def _control(
    fact: Fact, understood: FactUnderstood | None, current: str, unreadable: bool
) -> FactControl:
    definition = FACTS[fact]
    typed = definition.kind is Kind.COMMUNE
    choices = [(one.value, one.label) for one in (*definition.choices, *WAYS_OUT)]
    return FactControl(
        fact=fact,
        label=definition.label_of_anybody,
        understood=understood.value_label if understood else "",
        origin=PROVENANCE_LABELS[understood.provenance] if understood else "",
        words=understood.words if understood and _was_said(understood) else "",
        current=current,
        options=() if typed else (*choices, (REMOVED, "Ce n’est pas vrai, retirer")),
        unreadable=unreadable,
    )


def _was_said(understood: FactUnderstood) -> bool:
    return understood.provenance is Provenance.SAID


def card_text(aid: AidCard) -> str:
    """Return a card in plain text, for the agent's summary: what it is, what to do, its date."""
    steps = [f"- {step}" for step in aid.steps]
    documents = [f"Papiers : {', '.join(aid.documents)}"] if aid.documents else []
    lines = [f"{line.name} : {line.number}" for line in aid.lines]
    source = f"Source : {aid.source.title}, {wording.day(aid.source.checked_on)}"
    heading = f"{aid.title} ({wording.status_words(aid.status).lower()})"
    return "\n".join([heading, *steps, *documents, *lines, source])


def with_copied(call: Call, view: HotlineView) -> str:
    """Return the notes with the card that was to be copied, once."""
    aid = next((one for one in view.aids if one.id == call.copied), None)
    if aid is None or card_text(aid) in call.notes:
        return call.notes
    return "\n\n".join(part for part in (call.notes, card_text(aid)) if part)[:MAX_NOTES]


def announcement(view: HotlineView) -> str:
    """Return what a screen reader says when the page has understood something new."""
    parts = [_count(len(view.aids), "aide"), _count(len(view.places), "lieu", "lieux")]
    said = ", ".join(part for part in parts if part)
    if view.question is not None:
        said = f"{said}. " if said else ""
        said += f"Question à poser : {view.question.text}"
    return said


def neutral_labels(names: Sequence[str]) -> str:
    """Return « la commune, l’âge » for names of facts."""
    return ", ".join(FACTS[Fact(name)].label_of_anybody for name in names if name in set(Fact))


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """What several numbers of a list share, to be read once below it; "" when they differ."""

    deaf: str
    checked_on: str


def said_once(lines: Sequence[LineCard]) -> SaidOnce:
    """Return what is said below a list of numbers instead of after each of them."""
    ways = Counter(line.deaf for line in lines if line.deaf)
    (way, times), *_ = ways.most_common(1) or [("", 0)]
    days = {wording.day(line.checked_on) for line in lines}
    return SaidOnce(way if times > 1 else "", days.pop() if len(days) == 1 else "")


def _count(number: int, one: str, several: str | None = None) -> str:
    if not number:
        return ""
    return f"{number} {one}" if number == 1 else f"{number} {several or one + 's'}"
