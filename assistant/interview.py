"""Choosing the next question: the one that settles the most of what is at stake.

For each fact that is not known, the expected fall of uncertainty over the candidates is
computed: every possible answer is tried on every candidate's conditions, and the entropy
of « this aid applies » is weighted by the relevance of the candidate and by what is lost
when it is missed. The intrusiveness of the question is subtracted. No question is worth
asking when the best one gains less than ``LEAST_GAIN``, or after ``MOST_QUESTIONS``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assistant.candidates import STAKE_WEIGHT, Candidate
from knowledge_base.conditions import Figures, Situation, Value, holds_any
from knowledge_base.facts import FACTS, Choice, Fact, Kind
from knowledge_base.models import Condition

MOST_QUESTIONS = 5
#: In bits × relevance × stake. Tuned so that one unsure, relevant, vital entry is enough
#: to ask a harmless question, and a marginal entry is not.
LEAST_GAIN = 0.06
#: Price of the most intrusive question (``cost`` = 1), in the same unit.
INTRUSION_PRICE = 0.5
#: What knowing the commune is worth by itself: without it no near place can be shown.
COMMUNE_GAIN = 0.2
#: Relevance under which a candidate does not weigh on the choice of a question.
IGNORED_SCORE = 0.03
_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Question:
    """The next question and what it is expected to settle (bits, weighted)."""

    fact: Fact
    gain: float


def next_question(
    found: list[Candidate],
    situation: Situation,
    closed: Collection[Fact],
    asked: int,
    figures: Figures,
) -> Question | None:
    """Return the most useful question, or None when none is worth asking.

    ``closed`` are facts that must not be asked (again): asked, skipped or known;
    ``asked`` is how many questions were already put.
    """
    if asked >= MOST_QUESTIONS:
        return None
    weighty = [c for c in found[:_CANDIDATES] if c.score >= IGNORED_SCORE]
    open_facts = sorted(
        {fact for c in weighty for fact in c.verdict.missing} - set(closed) - set(situation)
    )
    questions = [
        Question(fact, _gain(fact, weighty, situation, figures) - _price(fact))
        for fact in open_facts
        if FACTS[fact].choices
    ]
    if weighty and Fact.COMMUNE not in situation and Fact.COMMUNE not in closed:
        questions.append(Question(Fact.COMMUNE, COMMUNE_GAIN))
    best = max(questions, key=lambda question: question.gain, default=None)
    return best if best is not None and best.gain >= LEAST_GAIN else None


def value_of_choice(fact: Fact, option: Choice) -> Value:
    """Return the value that choosing ``option`` gives to ``fact``."""
    kind = FACTS[fact].kind
    if kind in (Kind.NUMBER, Kind.MONEY):
        return (float(option.low or 0), None if option.high is None else float(option.high))
    return frozenset({option.value}) if kind is Kind.CHOICES else option.value


def _price(fact: Fact) -> float:
    return FACTS[fact].cost * INTRUSION_PRICE


def _gain(fact: Fact, found: Iterable[Candidate], situation: Situation, figures: Figures) -> float:
    answers = [value_of_choice(fact, option) for option in FACTS[fact].choices]
    total = 0.0
    for candidate in found:
        if not _concerned(candidate.entry.conditions, fact):
            continue
        before = _entropy(_applies(candidate.entry.conditions, situation, figures))
        after = sum(
            _entropy(_applies(candidate.entry.conditions, {**situation, fact: answer}, figures))
            for answer in answers
        ) / len(answers)
        weight = candidate.score * STAKE_WEIGHT[candidate.entry.stake]
        total += weight * max(0.0, before - after)
    return total


def _concerned(conditions: Iterable[Condition], fact: Fact) -> bool:
    return any(leaf.fact == fact for condition in conditions for leaf in condition.any)


def _applies(
    conditions: Iterable[Condition], situation: Mapping[Fact, Value], figures: Figures
) -> float:
    """Return the probability that every condition holds, an unknown one being even."""
    probability = 1.0
    for condition in conditions:
        result = holds_any(condition, situation, figures)
        if result is None:
            probability *= 0.75 if condition.soft else 0.5
        elif result is False:
            probability *= 0.5 if condition.soft else 0.0
    return probability


def _entropy(p: float) -> float:
    if p <= 0.0 or p >= 1.0:
        return 0.0
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))
