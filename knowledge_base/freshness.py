"""How old what we say is: when a card is to review, when it goes back, when it is not shown.

A card that nobody has read again is shown with its age, then after the others, then to nobody
but its owner. What saves a life is never hidden: it is shown with its age.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Entry
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Delay, Stage, Stake

_DAYS_IN_A_MONTH = 30.4
#: In review periods: after one a card is to review, after two it goes back, after three it is
#: hidden, but not sooner than _LEAST_HIDDEN_MONTHS.
_DEMOTED_PERIODS = 2
_HIDDEN_PERIODS = 3
_LEAST_HIDDEN_MONTHS = 24


def checked_on(entry: Entry) -> date:
    """Return the day for which ``entry`` is known to be right.

    It is the day on which a person last read it again, or the date of its newest confirmed
    source when that is later. A source to verify does not make a card fresh: a page without a
    date, read today, would hide that nobody has looked at the card for two years.
    """
    sure = [source.checked_on for source in entry.sources if not source.to_verify]
    known = [*sure, entry.reviewed_on] if entry.reviewed_on is not None else sure
    return max(known or (source.checked_on for source in entry.sources))


def months_between(start: date, end: date) -> float:
    """Return the number of months from ``start`` to ``end``, in mean months of 30.4 days."""
    return (end - start).days / _DAYS_IN_A_MONTH


def stage(entry: Entry, today: date) -> Stage:
    """Return how far ``entry`` is from its last review, on ``today``."""
    if entry.ends_on is not None and today > entry.ends_on:
        return Stage.HIDDEN
    months = months_between(checked_on(entry), today)
    if months <= entry.review_months:
        return Stage.CURRENT
    vital = entry.stake is Stake.HIGH and entry.delay is Delay.TONIGHT
    if vital or months <= entry.review_months * _DEMOTED_PERIODS:
        return Stage.DUE
    hidden = max(entry.review_months * _HIDDEN_PERIODS, _LEAST_HIDDEN_MONTHS)
    return Stage.DEMOTED if months <= hidden else Stage.HIDDEN


def as_of(catalogue: Catalogue, today: date) -> Catalogue:
    """Return ``catalogue`` with the stages, on ``today``, of the cards that are not current."""
    stages = {entry.id: stage(entry, today) for entry in catalogue.entries.values()}
    late = {entry_id: one for entry_id, one in stages.items() if one is not Stage.CURRENT}
    return replace(catalogue, stages=late)


def is_due(entry: Entry, today: date) -> bool:
    """Tell whether the review period of ``entry`` has passed."""
    return stage(entry, today) is not Stage.CURRENT


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
