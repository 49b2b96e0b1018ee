"""Reading the answer to a question: a choice, a number, a commune, or a way out."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz, process

from assistant.conversation import Known, Provenance
from assistant.names import Intent
from assistant.understanding.reader import FactReader
from assistant.understanding.text import readable
from knowledge_base.facts import DONT_KNOW, FACTS, NO, NO_ANSWER, YES, Choice, Fact, Kind
from knowledge_base.geography import Communes
from knowledge_base.tokens import fold

#: How alike a typed answer and a choice must be (0..100) to be taken for it.
_ALIKE = 88.0
_NUMBER = re.compile(r"\b(\d{1,5})\b")
_MONTHS = re.compile(r"\b(\d{1,2}) (mois|semaines?|jours?)\b")
_ONE = re.compile(r"\b(un|une)\b")
_NOTHING = re.compile(r"^(aucune?|rien|zero|non|0|pas d\w*|nan|no)\b")
#: What « oui » says to a question whose choices are not yes and no.
_PLAIN_YES = {
    Fact.VIOLENCE: "ongoing",
    Fact.DEBTS: "overwhelming",
    Fact.DIGITAL_EASE: "easy",
}
_LONG_ANSWER = 60  # characters: more is a story, not a choice


class Skip(StrEnum):
    """The person does not know or does not want to say."""

    DONT_KNOW = DONT_KNOW
    NO_ANSWER = NO_ANSWER


def of_choice(fact: Fact, value: str) -> Known | Skip | None:
    """Return the answer given by a button; None for a value that is not a choice of ``fact``."""
    if value in (DONT_KNOW, NO_ANSWER):
        return Skip(value)
    for option in FACTS[fact].choices:
        if option.value == value:
            return known_of(fact, option)
    return None


def known_of(fact: Fact, option: Choice) -> Known:
    """Return the fact as answered by ``option``."""
    kind = FACTS[fact].kind
    if kind in (Kind.NUMBER, Kind.MONEY):
        high = None if option.high is None else float(option.high)
        return Known(low=float(option.low or 0), high=high, provenance=Provenance.ANSWERED)
    if kind is Kind.CHOICES:
        return Known(values=(option.value,), provenance=Provenance.ANSWERED)
    return Known(value=option.value, provenance=Provenance.ANSWERED)


_AT_HOME = re.compile(
    r"\bchez (?:elle|lui|moi|eux|elles|nous|soi)\b"
    r"|\b(?:a la|dans (?:ma|sa|leur|notre|une)|(?:une|ma|sa|leur|notre)) maison\b"
)


def of_text(
    fact: Fact, text: str, intent: Intent, reader: FactReader, communes: Communes, today: date
) -> Known | Skip | None:
    """Return the answer to the question of ``fact`` typed as ``text``, or None."""
    if intent is Intent.DONT_KNOW:
        return Skip.DONT_KNOW
    if intent is Intent.REFUSE_TO_ANSWER:
        return Skip.NO_ANSWER
    read = reader.read(text, today).get(fact)
    if read is not None:
        return read.model_copy(update={"provenance": Provenance.ANSWERED})
    if FACTS[fact].kind is Kind.COMMUNE:
        return _commune(text, communes)
    if len(text) > _LONG_ANSWER:
        return None
    return _number(fact, text) or _yes_or_no(fact, text, intent) or _alike(fact, text)


def is_at_home(text: str) -> bool:
    """« Elle est chez elle », « à la maison »: a home, but rented or owned is not said."""
    return _AT_HOME.search(readable(text)) is not None


def _commune(text: str, communes: Communes) -> Known | None:
    """Return the commune answered, whatever the sentence says of it."""
    if len(text) > _LONG_ANSWER:
        return None
    found = communes.named_by(text)
    if found is None:
        return None
    return Known(value=found.code_insee, provenance=Provenance.ANSWERED, words=text.strip())


def _number(fact: Fact, text: str) -> Known | None:
    if FACTS[fact].kind not in (Kind.NUMBER, Kind.MONEY):
        return None
    plain = readable(text)
    months = _MONTHS.search(plain) if fact is Fact.CHILD_AGE else None
    match = months or _NUMBER.search(plain)
    if months:
        value = float(int(months[1]) // 12 if months[2] == "mois" else 0)
    elif match:
        value = float(match[1])
    elif fact is Fact.CHILDREN and (match := _ONE.search(plain)):
        value = 1.0
    elif _NOTHING.match(plain) and fact in (Fact.CHILDREN, Fact.INCOME):
        value = 0.0
    else:
        return None
    return Known(
        low=value, high=value, provenance=Provenance.ANSWERED, words=match[0] if match else ""
    )


def _yes_or_no(fact: Fact, text: str, intent: Intent) -> Known | None:
    values = {option.value for option in FACTS[fact].choices}
    plain = fold(text).strip()
    no = intent is Intent.DENY or _NOTHING.match(plain) is not None
    if no and fact is Fact.DIGITAL_EASE:
        return _single(fact, "hard")
    if no:
        for negative in (NO, "none"):
            if negative in values:
                return _single(fact, negative)
    if intent is Intent.AFFIRM:
        if YES in values:
            return _single(fact, YES)
        if fact in _PLAIN_YES:
            return _single(fact, _PLAIN_YES[fact])
    return None


def _alike(fact: Fact, text: str) -> Known | None:
    labels = {option.value: fold(option.label) for option in FACTS[fact].choices}
    best = process.extractOne(fold(text), labels, scorer=fuzz.WRatio, score_cutoff=_ALIKE)
    return _single(fact, best[2]) if best and len(text) >= 3 else None


def _single(fact: Fact, value: str) -> Known:
    if FACTS[fact].kind is Kind.CHOICES:
        return Known(values=(value,), provenance=Provenance.ANSWERED)
    return Known(value=value, provenance=Provenance.ANSWERED)
