"""Drawing a whole situation, every fact true, from ``distribution.yml``."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import Field

from knowledge_base.conditions import Figures, Situation, Value, holds
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.geography import Communes
from knowledge_base.models import Leaf, Model

DATA = Path(__file__).with_name("distribution.yml")
#: The household of a child is drawn as that of a person of this age.
_AGE_OF_A_PARENT = 38
_NUMBERS = (Kind.NUMBER, Kind.MONEY)
_PUPIL = "pupil"
_OLDEST = 95
_OLDEST_CHILD, _YOUNGEST_PARENT_OF_ADULT = 20, 55

Weights = Mapping[str, float]


class Table(Model):
    """How the values of a fact are shared out, for each value of ``given`` if it has one."""

    fact: Fact
    source: str
    given: str | None = None
    weights: dict[str, float] = Field(default_factory=dict)
    rows: dict[str, dict[str, float]] = Field(default_factory=dict)


class Received(Model):
    """A benefit: the ``share`` (%) of those who fulfil ``when`` and have it already."""

    value: str
    share: float
    source: str
    when: tuple[Leaf, ...]


class Manners(Model):
    """How people answer, in per cent; see the file."""

    source: str
    needs: dict[str, float]
    mismatch: float
    related: float
    dont_know: float
    dont_know_of: dict[Fact, float]
    refuse: float
    refuse_of_cost: float
    contradict: float
    corrected: float
    button: float


class Distribution(Model):
    """The whole file."""

    tables: tuple[Table, ...]
    benefits: tuple[Received, ...]
    manners: Manners


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole situation; ``weight`` is how probable what was told is in it."""

    facts: dict[Fact, Value]
    weight: float


def load_distribution(path: Path = DATA) -> Distribution:
    """Read the tables. Raises pydantic's ValidationError."""
    return Distribution.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def flattened(tables: Distribution, share: float) -> Distribution:
    """Return ``tables`` with every proportion moved by ``share`` (0 to 1) towards equality."""

    def level(row: Weights) -> dict[str, float]:
        mean = sum(row.values()) / max(1, len(row))
        return {key: (1 - share) * weight + share * mean for key, weight in row.items()}

    moved = [
        one.model_copy(
            update={
                "weights": level(one.weights),
                "rows": {key: level(row) for key, row in one.rows.items()},
            }
        )
        for one in tables.tables
    ]
    return tables.model_copy(update={"tables": tuple(moved)})


def draw(tables: Distribution, told: Situation, figures: Figures, dice: random.Random) -> Drawn:
    """Draw every fact but the commune, in a situation in which ``told`` is true.

    Without a child at home there is no age of a child.
    """
    facts: dict[Fact, Value] = {}
    weight = 1.0
    for table in tables.tables:
        if table.fact is Fact.CHILD_AGE and _has_no_child(facts, told):
            continue
        row = _row(table, facts)
        if table.fact is Fact.CHILD_AGE and table.fact not in told and _about_child(facts):
            value = facts[Fact.AGE]
        elif table.fact in told:
            value, share = _as_told(table.fact, told[table.fact], row, dice)
            weight *= share
        else:
            value = _value(table.fact, dice.choices(list(row), list(row.values()))[0], dice)
        facts[table.fact] = value
    facts[Fact.BENEFITS_RECEIVED] = _benefits(tables, facts, told, figures, dice)
    return Drawn(facts, weight * _plausible(facts))


def number(value: Value | None) -> float | None:
    """Return the lower end of an interval, None for anything else."""
    return value[0] if isinstance(value, tuple) else None


def _about_child(facts: Situation) -> bool:
    return facts[Fact.FOR_WHOM] == "child"


def _has_no_child(facts: Situation, told: Situation) -> bool:
    if Fact.CHILD_AGE in told or _about_child(facts):
        return False
    return not number(facts.get(Fact.CHILDREN))


def _plausible(facts: Situation) -> float:
    """Return 0 for what cannot be: a child of 50, a parent of 20, a child without parents."""
    age, child_age = number(facts[Fact.AGE]) or 0.0, number(facts.get(Fact.CHILD_AGE))
    about = facts[Fact.FOR_WHOM]
    if _about_child(facts) and child_age != age:
        return 0.0
    if about == "parent" and age < _YOUNGEST_PARENT_OF_ADULT:
        return 0.0
    small = child_age is not None and child_age <= _OLDEST_CHILD
    return 0.0 if small and about != "child" and not number(facts[Fact.CHILDREN]) else 1.0


def _row(table: Table, facts: Situation) -> Weights:
    if table.given is None:
        return table.weights
    if table.given in (Fact.AGE, _PUPIL):
        at = _age(table, facts)
        return next(row for key, row in table.rows.items() if _within(key, at))
    given = facts[Fact(table.given)]
    key = min(given) if isinstance(given, frozenset) else str(given)
    return table.rows[key]


def _age(table: Table, facts: Situation) -> float:
    own = min(number(facts[Fact.AGE]) or 0.0, _OLDEST)
    if _about_child(facts):
        its_own = table.given == _PUPIL or table.fact in (Fact.DISABILITY, Fact.LOSS_OF_AUTONOMY)
        return own if its_own or table.fact is Fact.CHILD_AGE else _AGE_OF_A_PARENT
    child = number(facts.get(Fact.CHILD_AGE))
    return child if table.given == _PUPIL and child is not None else own


def _within(key: str, value: float) -> bool:
    low, high = _ends(key)
    return low <= value <= high


def _ends(key: str) -> tuple[int, int]:
    low, _, high = key.partition("-")
    return int(low), int(high)


def _value(fact: Fact, key: str, dice: random.Random) -> Value:
    kind = FACTS[fact].kind
    if kind in _NUMBERS:
        exact = float(dice.randint(*_ends(key)))
        return (exact, exact)
    return frozenset({key}) if kind is Kind.CHOICES else key


def _as_told(fact: Fact, told: Value, row: Weights, dice: random.Random) -> tuple[Value, float]:
    """Return a value in which ``told`` is true, and how probable it was."""
    total = sum(row.values())
    if isinstance(told, tuple):
        low, high = told[0], told[1] if told[1] is not None else max(told[0], _OLDEST)
        exact = float(dice.randint(int(low), int(high)))
        inside = [weight for key, weight in row.items() if _within(key, exact)]
        return (exact, exact), sum(inside) / total
    share = row.get(told, 0.0) / total if isinstance(told, str) else 1.0
    return told, share


def _benefits(
    tables: Distribution,
    facts: Situation,
    told: Situation,
    figures: Figures,
    dice: random.Random,
) -> Value:
    said = told.get(Fact.BENEFITS_RECEIVED, frozenset())
    received = set(said if isinstance(said, frozenset) else ())
    for benefit in tables.benefits:
        entitled = all(holds(leaf, facts, figures) is True for leaf in benefit.when)
        if dice.random() < benefit.share / 100 and entitled and "none" not in received:
            received.add(benefit.value)
    if facts[Fact.HEALTH_COVER] == "css":
        received.add("css")
    return frozenset(received or {"none"})


def draw_commune(communes: Communes, dice: random.Random) -> str:
    """Return the code of a commune of the département, drawn by its inhabitants."""
    ours = communes.ours()
    return dice.choices(ours, [commune.population or 1 for commune in ours])[0].code_insee
