"""Related needs: what people in the same situation often ask for too.

An offer is a reminder made of additive, published weights (``besoins_lies.yml``). It is
shown in words after the cards; it changes no condition and no order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from knowledge_base.conditions import Figures, Situation, Status, evaluate, holds
from knowledge_base.models import Entry, Leaf, Model, Slug, Text
from knowledge_base.vocabulary import Theme


class Reason(Leaf):
    """A test on a fact: when it holds, ``because`` is said and ``weight`` counted."""

    weight: int = Field(ge=1, le=3)
    because: Text


class Touched(Leaf):
    """A test on a fact that makes a theme concern the person."""

    theme: Theme


class Related(Model):
    """The whole file: offers by entry, and the themes that facts touch.

    An offer needs ``least`` points and one reason; ``most`` are made at once;
    ``related_card`` are the points of an entry that a shown card names as related.
    """

    least: int = Field(ge=1)
    most: int = Field(ge=1, le=2)
    related_card: int = Field(ge=0)
    offers: dict[Slug, tuple[Reason, ...]]
    themes: tuple[Touched, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An entry to speak of, with its points and the reasons in French."""

    entry: Entry
    points: int
    because: tuple[str, ...]


NO_OFFER = Related(least=1, most=1, related_card=0, offers={}, themes=())


def problems(related: Related, entries: Mapping[str, Entry], figures: Figures) -> Iterator[str]:
    """Yield a sentence for each entry or amount that does not exist."""
    for entry_id, reasons in related.offers.items():
        if entry_id not in entries:
            yield f"besoins_lies.yml : fiche inconnue « {entry_id} »"
        for reason in reasons:
            for amount in (reason.below, reason.above):
                if amount is not None and amount not in figures:
                    yield f"besoins_lies.yml : {entry_id} : montant inconnu « {amount} »"


def offers(
    related: Related,
    entries: Mapping[str, Entry],
    figures: Figures,
    situation: Situation,
    shown: Collection[str],
    left_out: Collection[str],
) -> list[Offer]:
    """Return the offers to make after the cards ``shown``, the most pointed first.

    ``left_out`` are entries not to speak of: said before, or already received.
    """
    named = {other for card in shown for other in entries[card].related}
    found: list[Offer] = []
    for entry_id, reasons in related.offers.items():
        true = [reason for reason in reasons if holds(reason, situation, figures) is True]
        points = sum(reason.weight for reason in true)
        points += related.related_card if entry_id in named else 0
        if not true or points < related.least or entry_id in shown or entry_id in left_out:
            continue
        entry = entries[entry_id]
        if evaluate(entry.conditions, situation, figures).status is not Status.UNLIKELY:
            found.append(Offer(entry, points, tuple(reason.because for reason in true)))
    found.sort(key=lambda offer: (-offer.points, offer.entry.id))
    return found[: related.most]


def touched(related: Related, situation: Situation, figures: Figures) -> Iterable[Theme]:
    """Return the themes that the facts touch, each once, in the order of the file."""
    true = [row.theme for row in related.themes if holds(row, situation, figures) is True]
    return dict.fromkeys(true)
