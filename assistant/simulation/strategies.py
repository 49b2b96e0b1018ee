"""Ways of choosing the next question: ours, and those it is compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.candidates import Candidate
from assistant.expected import value_of_choice
from assistant.interview import MOST_QUESTIONS, TUNED, Tuning, next_question
from knowledge_base.conditions import Figures, Situation, holds_any
from knowledge_base.facts import FACTS, Fact
from knowledge_base.models import Entry


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when a question may be asked; ``asked`` are the facts already asked."""

    found: list[Candidate]
    situation: Situation
    asked: tuple[Fact, ...]
    figures: Figures

    @property
    def open_facts(self) -> list[Fact]:
        """Return the facts that are neither known nor asked, in the order of the list."""
        return [fact for fact in Fact if fact not in self.situation and fact not in self.asked]


Strategy = Callable[[Moment], Fact | None]

#: The order of a usual form: who and where, the home, the money, then the rest.
FORM = (
    Fact.FOR_WHOM,
    Fact.AGE,
    Fact.COMMUNE,
    Fact.HOUSEHOLD,
    Fact.CHILDREN,
    Fact.EMPLOYMENT_STATUS,
    Fact.INCOME,
    Fact.HOUSING_STATUS,
    Fact.BENEFITS_RECEIVED,
    Fact.DISABILITY,
)
#: The smallest gain, in bits × relevance, for which the greedy rule still asks.
_LEAST_GREEDY = 0.01


def ours(tuning: Tuning = TUNED) -> Strategy:
    """Return the interview of the assistant."""

    def choose(moment: Moment) -> Fact | None:
        question = next_question(
            moment.found,
            moment.situation,
            moment.asked,
            len(moment.asked),
            moment.figures,
            tuning,
        )
        return question.fact if question is not None else None

    return choose


def everything(moment: Moment) -> Fact | None:
    """Ask every fact of the list."""
    return next(iter(moment.open_facts), None)


def fixed_order(moment: Moment) -> Fact | None:
    """Ask the questions of a form, in its order, five at most."""
    if len(moment.asked) >= MOST_QUESTIONS:
        return None
    return next((fact for fact in FORM if fact in moment.open_facts), None)


def greedy(moment: Moment) -> Fact | None:
    """Ask what settles the most in one step: no stake, no cost, every answer as probable."""
    if len(moment.asked) >= MOST_QUESTIONS:
        return None
    missing = {fact for candidate in moment.found for fact in candidate.verdict.missing}
    gains = {
        fact: _plain_gain(fact, moment)
        for fact in moment.open_facts
        if fact in missing and FACTS[fact].choices
    }
    best = max(gains, key=lambda fact: gains[fact], default=None)
    return best if best is not None and gains[best] >= _LEAST_GREEDY else None


def nothing(_: Moment) -> Fact | None:
    """Ask nothing."""
    return None


OURS, EVERYTHING = "la nôtre", "(a) tout"
STRATEGIES: Mapping[str, Strategy] = {
    OURS: ours(),
    EVERYTHING: everything,
    "(b) ordre fixe": fixed_order,
    "(c) gloutonne": greedy,
    "aucune question": nothing,
}


def _plain_gain(fact: Fact, moment: Moment) -> float:
    answers = [value_of_choice(fact, option) for option in FACTS[fact].choices]
    total = 0.0
    for candidate in moment.found:
        if fact in candidate.verdict.missing:
            before = _entropy(_even_chance(candidate.entry, moment.situation, moment.figures))
            after = [
                _entropy(
                    _even_chance(candidate.entry, {**moment.situation, fact: one}, moment.figures)
                )
                for one in answers
            ]
            total += candidate.score * max(0.0, before - sum(after) / len(after))
    return total


def _even_chance(entry: Entry, situation: Situation, figures: Figures) -> float:
    chance = {True: 1.0, False: 0.0, None: 0.5}
    return math.prod(chance[holds_any(one, situation, figures)] for one in entry.conditions)


def _entropy(p: float) -> float:
    return 0.0 if p in (0.0, 1.0) else -(p * math.log2(p) + (1 - p) * math.log2(1 - p))
