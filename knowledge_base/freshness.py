"""How old what we say is: entries to review, entries resting on old sources only."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Entry
from knowledge_base.tokens import fold

_DAYS_IN_A_MONTH = 30.4


def checked_on(entry: Entry) -> date:
    """Return the date of the newest confirmed source of ``entry``, or of its newest source.

    A source to verify does not make a card fresh when another one is sure: a page without a
    date, read today, would hide that nobody has looked at the card for two years.
    """
    sure = [source for source in entry.sources if not source.to_verify]
    return max(source.checked_on for source in sure or entry.sources)


def months_between(start: date, end: date) -> float:
    """Return the number of months from ``start`` to ``end``, in mean months of 30.4 days."""
    return (end - start).days / _DAYS_IN_A_MONTH


def is_due(entry: Entry, today: date) -> bool:
    """Tell whether the review period of ``entry`` has passed."""
    return months_between(checked_on(entry), today) > entry.review_months


def due(catalogue: Catalogue, today: date | None = None) -> list[str]:
    """Return the ids of the entries to review ``today``, the oldest first."""
    day = today or date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    late = [entry for entry in catalogue.entries.values() if is_due(entry, day)]
    return [entry.id for entry in sorted(late, key=checked_on)]


def unconfirmed(catalogue: Catalogue) -> int:
    """Return how many entries have no source but ones to verify."""
    return sum(all(s.to_verify for s in entry.sources) for entry in catalogue.entries.values())


def shared_situations(catalogue: Catalogue) -> list[str]:
    """Return a sentence for each way of saying that two entries share."""
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, sayings in catalogue.sayings.items():
        for saying in sayings:
            owners[" ".join(fold(saying).split())].append(entry_id)
    return [
        f"« {situation} » est dans {' et '.join(ids)}"
        for situation, ids in owners.items()
        if len(ids) > 1
    ]
