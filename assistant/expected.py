"""What people usually answer: weighs the questions, never decides of an aid.

A question is worth what its probable answers settle. « Êtes-vous étudiant ? » is worth
nothing at 82, and a residence permit is seldom missing. The shares are round hypotheses,
in ``expected_answers.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import ConfigDict, Field

from knowledge_base.conditions import Figures, Interval, Situation, Value, holds
from knowledge_base.facts import FACTS, Choice, Fact, Kind
from knowledge_base.models import Condition, Leaf, Model

SHARES = Path(__file__).with_name("expected_answers.yml")
#: The answers to a question, each with its probability; they add up to 1.
Answers = tuple[tuple[Value, float], ...]
#: A leaf whose answers do not settle it (« 65 ans ou plus » for « 70 ans »).
_EVEN = 0.5
#: From this share on, an answer is not worth a question.
SURE = 0.95
_NO_CHILD: Interval = (0.0, 0.0)


class _Weights(Model):
    weights: dict[str, float]


class _ByAge(_Weights):
    """Weights when the known age is between the two ends, included."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    least: float = Field(default=0, alias="from")
    most: float = Field(default=150, alias="to")


class _When(_Weights):
    """Weights when all the tests hold; an answer that is not among them is impossible.

    Tests of amounts are refused: what is usual does not follow the figures of the year.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    tests: tuple[Leaf, ...] = Field(alias="if", min_length=1)


class _Table(_Weights):
    by_age: tuple[_ByAge, ...] = ()
    when: tuple[_When, ...] = ()


@dataclass(frozen=True, slots=True)
class _Shares:
    """The answers of one fact, by what is told and by age when they change them.

    Both ends of an age are included; what is told comes first.
    """

    usual: Answers
    by_age: tuple[tuple[float, float, Answers], ...]
    when: tuple[tuple[tuple[Leaf, ...], Answers], ...]

    def told(self, situation: Situation) -> Answers | None:
        for tests, answers in self.when:
            if all(holds(one, situation, {}) for one in tests):
                return answers
        return None

    def at(self, situation: Situation) -> Answers:
        told = self.told(situation)
        if told is not None:
            return told
        age = situation.get(Fact.AGE)
        if isinstance(age, tuple):
            low, high = age
            for least, most, answers in self.by_age:
                if low >= least and (high if high is not None else low) <= most:
                    return answers
        return self.usual


class Expected:
    """The probable answers to every question but the commune."""

    def __init__(self, shares: Mapping[Fact, _Shares]) -> None:
        self._shares = shares

    def answers(self, fact: Fact, situation: Situation) -> Answers:
        """Return the probable answers about ``fact``, those that agree with what is known.

        () when none is known, or when the question means nothing.
        """
        shares = self._shares.get(fact)
        if shares is None or means_nothing(fact, situation):
            return ()
        answers = shares.at(situation)
        known = situation.get(fact)
        if isinstance(known, frozenset) and FACTS[fact].kind is Kind.CHOICE:
            return _among(answers, known)
        return _within(answers, known) if isinstance(known, tuple) else answers

    def possible(self, fact: Fact, situation: Situation) -> frozenset[Value] | None:
        """Return the answers that what is told leaves possible; None when it rules out none."""
        shares, known = self._shares.get(fact), situation.get(fact)
        told = shares.told(situation) if shares is not None else None
        if told is None and not isinstance(known, tuple):
            return None
        return frozenset(value for value, _ in self.answers(fact, situation))

    def is_nearly_sure(self, fact: Fact, situation: Situation) -> bool:
        """Tell whether the answer about ``fact`` can be foreseen, or there is none."""
        return max((share for _, share in self.answers(fact, situation)), default=1) >= SURE

    def holds(self, condition: Condition, situation: Situation, figures: Figures) -> float:
        """Return the probability that ``condition`` holds; 1 or 0 when it is known."""
        open_facts: set[Fact] = set()
        for leaf in condition.any:
            result = holds(leaf, situation, figures)
            if result is True:
                return 1.0
            if result is None and not means_nothing(leaf.fact, situation):
                open_facts.add(leaf.fact)
        fails = 1.0
        for fact in open_facts:
            fails *= 1.0 - self._share(condition, fact, self.answers(fact, situation), figures)
        return round(1.0 - fails, 9)

    @staticmethod
    def _share(condition: Condition, fact: Fact, answers: Answers, figures: Figures) -> float:
        if not answers:
            return _EVEN
        total = 0.0
        for value, share in answers:
            told = {fact: value}
            results = [holds(leaf, told, figures) for leaf in condition.any if leaf.fact is fact]
            total += share if True in results else share * _EVEN if None in results else 0.0
        return total


def means_nothing(fact: Fact, situation: Situation) -> bool:
    """Tell whether the question has no answer: the age of a child that there is not."""
    return fact is Fact.CHILD_AGE and situation.get(Fact.CHILDREN) == _NO_CHILD


def _among(answers: Answers, possible: frozenset[str]) -> Answers:
    """Return the answers that are ``possible``, their shares brought back to 1."""
    kept = [(value, share) for value, share in answers if value in possible]
    total = sum(share for _, share in kept)
    return tuple((value, share / total) for value, share in kept) if total else ()


def _within(answers: Answers, known: Interval) -> Answers:
    """Return the answers that ``known`` leaves possible, their shares brought back to 1."""
    low, high = known
    kept = [
        (value, share)
        for value, share in answers
        if isinstance(value, tuple)
        and value[0] >= low
        and (high is None or (value[1] is not None and value[1] <= high))
    ]
    total = sum(share for _, share in kept)
    return tuple((value, share / total) for value, share in kept)


def value_of_choice(fact: Fact, option: Choice) -> Value:
    """Return the value that choosing ``option`` gives to ``fact``."""
    kind = FACTS[fact].kind
    if kind in (Kind.NUMBER, Kind.MONEY):
        return (float(option.low or 0), None if option.high is None else float(option.high))
    return frozenset({option.value}) if kind is Kind.CHOICES else option.value


@cache
def load_expected(path: Path = SHARES) -> Expected:
    """Read the shares. Raises ValueError for an unknown fact or choice."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = {Fact(name): _Table.model_validate(table) for name, table in raw.items()}
    return Expected({fact: _shares(fact, table) for fact, table in tables.items()})


def _shares(fact: Fact, table: _Table) -> _Shares:
    by_age = ((row.least, row.most, _answers(fact, row.weights)) for row in table.by_age)
    when = ((row.tests, _answers(fact, row.weights)) for row in table.when)
    return _Shares(_answers(fact, table.weights), tuple(by_age), tuple(when))


def _answers(fact: Fact, weights: Mapping[str, float]) -> Answers:
    options = {option.value: option for option in FACTS[fact].choices}
    unknown = sorted(set(weights) - set(options))
    if unknown:
        raise ValueError(f"{fact} : réponse inconnue {', '.join(unknown)}")
    total = sum(weights.values())
    return tuple(
        (value_of_choice(fact, options[name]), weight / total) for name, weight in weights.items()
    )
