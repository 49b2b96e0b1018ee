"""Three-valued evaluation of the conditions of an entry.

A condition is true, false or unknown (None); an entry is *likely* when every condition
is true, *unlikely* when a hard one is false, *to check* otherwise. Nothing here knows
what the facts mean: a situation is a mapping from fact to value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.figures import per_month
from knowledge_base.models import Condition, Figure, Leaf

#: A choice (str), a set of choices (frozenset), or an interval [low, high] of a number
#: or of euros per month; ``high`` None means no upper end.
Interval = tuple[float, float | None]
Value = str | frozenset[str] | Interval
Situation = Mapping[Fact, Value]
Figures = Mapping[str, Figure]


class Status(StrEnum):
    """What can be said of an entry for a situation; never « vous avez droit »."""

    LIKELY = "likely"
    TO_CHECK = "to_check"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status of an entry with its reasons and the facts that would settle it."""

    status: Status
    because: tuple[str, ...]
    against: tuple[str, ...]
    missing: tuple[Fact, ...]


def _at_least(value: Interval, bound: float) -> bool | None:
    low, high = value
    if low >= bound:
        return True
    return False if high is not None and high < bound else None


def _at_most(value: Interval, bound: float) -> bool | None:
    low, high = value
    if high is not None and high <= bound:
        return True
    return False if low > bound else None


def _conjunction(results: list[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True


def _of_one_among(leaf: Leaf, possible: frozenset[str]) -> bool | None:
    """Tell whether ``leaf`` holds when only one of the ``possible`` choices is true."""
    refused = frozenset(leaf.is_not or ())
    accepted = possible if leaf.is_ is None else frozenset(leaf.is_)
    results = [one in accepted and one not in refused for one in possible]
    if all(results):
        return True
    return None if any(results) else False


def holds(leaf: Leaf, situation: Situation, figures: Figures) -> bool | None:
    """Tell whether ``leaf`` holds: True, False, or None when it is not known."""
    value = situation.get(leaf.fact)
    if value is None:
        return None
    if isinstance(value, tuple):
        results: list[bool | None] = []
        if leaf.at_least is not None:
            results.append(_at_least(value, leaf.at_least))
        if leaf.at_most is not None:
            results.append(_at_most(value, leaf.at_most))
        if leaf.below is not None:
            results.append(_at_most(value, per_month(figures[leaf.below])))
        if leaf.above is not None:
            results.append(_at_least(value, per_month(figures[leaf.above])))
        return _conjunction(results)
    if isinstance(value, frozenset) and FACTS[leaf.fact].kind is Kind.CHOICE:
        return _of_one_among(leaf, value)
    values = value if isinstance(value, frozenset) else frozenset({value})
    if leaf.is_ is not None and not values & set(leaf.is_):
        return False
    return not (leaf.is_not is not None and values & set(leaf.is_not))


def holds_any(condition: Condition, situation: Situation, figures: Figures) -> bool | None:
    """Tell whether at least one test of ``condition`` holds (three-valued « or »)."""
    results = [holds(leaf, situation, figures) for leaf in condition.any]
    if True in results:
        return True
    return None if None in results else False


def evaluate(conditions: tuple[Condition, ...], situation: Situation, figures: Figures) -> Verdict:
    """Evaluate all ``conditions``; ``missing`` lists unknown facts, each once, in order."""
    because: list[str] = []
    against: list[str] = []
    missing: list[Fact] = []
    unlikely = False
    unsure = False
    for condition in conditions:
        result = holds_any(condition, situation, figures)
        if result is True:
            because.append(condition.because)
        elif result is False:
            against.append(condition.otherwise)
            unlikely = unlikely or not condition.soft
            unsure = unsure or condition.soft
        else:
            unsure = True
            for leaf in condition.any:
                if holds(leaf, situation, figures) is None and leaf.fact not in missing:
                    missing.append(leaf.fact)
    if unlikely:
        return Verdict(Status.UNLIKELY, tuple(because), tuple(against), ())
    status = Status.TO_CHECK if unsure else Status.LIKELY
    return Verdict(status, tuple(because), tuple(against), tuple(missing))


def interval(fact: Fact, low: float, high: float | None) -> Interval:
    """Return the value of a number or money fact known to lie between ``low`` and ``high``.

    Raises ValueError for a fact of another kind or an empty interval.
    """
    if FACTS[fact].kind not in (Kind.NUMBER, Kind.MONEY):
        raise ValueError(f"{fact} is not a number")
    if high is not None and high < low:
        raise ValueError(f"empty interval: {low} > {high}")
    return (float(low), None if high is None else float(high))
