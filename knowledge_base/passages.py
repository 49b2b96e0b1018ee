"""The texts of a card, each with its field, in the order in which a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.models import Entry


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a card; ``field`` is its path in the file (« steps.2 »)."""

    field: str
    text: str


def passages(entry: Entry) -> Iterator[Passage]:
    """Yield every text of ``entry`` that is shown; not the situations, which nobody reads."""
    yield Passage("title", entry.title)
    if entry.need:
        yield Passage("need", entry.need)
    yield from body(entry)
    yield Passage("provider", entry.provider)


def body(entry: Entry) -> Iterator[Passage]:
    """Yield the texts that are sentences: all of them but the title, the need and the provider."""
    yield Passage("summary", entry.summary)
    for number, condition in enumerate(entry.conditions):
        yield Passage(f"conditions.{number}.because", condition.because)
        yield Passage(f"conditions.{number}.otherwise", condition.otherwise)
    if entry.amount:
        yield Passage("amount", entry.amount)
    if entry.delay_detail:
        yield Passage("delay_detail", entry.delay_detail)
    yield from (Passage(f"steps.{n}", text) for n, text in enumerate(entry.steps))
    yield from (Passage(f"documents.{n}", text) for n, text in enumerate(entry.documents))
