"""What the rules read, completed by what the encoder of messages reads.

Rules are exact where they speak and silent on wordings that nobody foresaw; the encoder
reads any wording and is less sure. Where the rules are silent, what it is sure of is kept,
with the sentence it was told in; a choice that it finds most unlikely is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from assistant.conversation import Known
from knowledge_base.facts import FACTS, Fact, Kind

#: From this probability on, a choice that no rule read is kept; from the second one on it takes
#: the place of what a rule read. Chosen on the tune sets (docs/adr/0013).
ADDED, SURE = 0.6, 0.9
#: Under this probability, a choice that a rule read is dropped.
UNLIKELY = 0.02
#: Words of the shortest message read: « oui », « à Blois » answer a question not known here.
_LEAST = 3


class ReadChoice(Protocol):
    """A choice read in a message (``assistant.reading.Read``)."""

    @property
    def probability(self) -> float:
        """From 0 to 1."""

    @property
    def words(self) -> str:
        """The words that tell it most."""


class ChoiceReader(Protocol):
    """Gives what a message tells (``assistant.reading.ReadingModel``)."""

    def facts(self, text: str) -> Mapping[str, ReadChoice]:
        """Return each « fact=value » with its probability and its words."""


def complete(
    found: dict[Fact, Known], message: str, reader: ChoiceReader | None
) -> dict[Fact, Known]:
    """Return ``found``, read by rules in ``message``, with what ``reader`` adds and drops."""
    if reader is None or len(message.split()) < _LEAST:
        return found
    read = reader.facts(message)
    judged = dict(found)
    for fact, definition in FACTS.items():
        if definition.kind not in (Kind.CHOICE, Kind.CHOICES):
            continue
        choices = {
            choice.value: read[name]
            for choice in definition.choices
            if (name := f"{fact.value}={choice.value}") in read
        }
        judge = _one if definition.kind is Kind.CHOICE else _several
        known = judge(found.get(fact), choices)
        judged.pop(fact, None)
        if known is not None:
            judged[fact] = known
    return judged


def _one(known: Known | None, choices: Mapping[str, ReadChoice]) -> Known | None:
    best = max(choices, key=lambda value: choices[value].probability)
    probability = choices[best].probability
    least = ADDED if known is None else SURE
    if probability >= least and (known is None or known.value != best):
        return Known(value=best, words=choices[best].words)
    if known is not None and known.value is not None and known.value in choices:
        return known if choices[known.value].probability >= UNLIKELY else None
    return known


def _several(known: Known | None, choices: Mapping[str, ReadChoice]) -> Known | None:
    by_rule = set(known.values or ()) if known is not None else set()
    kept = {
        value
        for value, choice in choices.items()
        if choice.probability >= (UNLIKELY if value in by_rule else ADDED)
    }
    kept |= by_rule - set(choices)
    if len(kept) > 1:
        kept.discard("none")
    if not kept:
        return None
    if known is not None and kept == by_rule:
        return known
    added = dict.fromkeys(choices[value].words for value in sorted(kept - by_rule))
    words = ", ".join(filter(None, [known.words if known is not None else "", *added]))
    return Known(values=tuple(sorted(kept)), words=words)
