"""Choosing the next question: the one that settles the most of what is at stake.

For each fact that is not known, the expected fall of uncertainty over the candidates is
computed: every probable answer is tried on every candidate's conditions, and the entropy
of « this aid applies » is weighted by the relevance of the candidate and by what is lost
when it is missed, the urgent and the vital first. The intrusiveness of the question is
subtracted. Never asked: what is known or was asked, what can be foreseen, what cannot
change the first cards, what gains less than ``least_gain``, a sixth question.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.candidates import Candidate, reassessed, worth_showing
from assistant.deductions import AT_LEAST_ONE
from assistant.expected import SURE, Answers, Expected, load_expected, value_of_choice
from knowledge_base.conditions import Figures, Situation, Value
from knowledge_base.facts import FACTS, Choice, Fact, Kind
from knowledge_base.models import Condition

MOST_QUESTIONS = 5
#: The cards that a question must be able to change to be worth asking.
FIRST_CARDS = 5


@dataclass(frozen=True, slots=True)
class Tuning:
    """The constants of the choice; gains are in bits × relevance × stake.

    ``least_gain`` stops the interview; ``intrusion_price`` is the price of the most
    intrusive question (``cost`` = 1), and falls with the square of the cost: debts may be
    asked about, violence or a residence permit only for what depends on them;
    ``commune_gain`` is what knowing the commune is worth by itself, since no near place can
    be shown without it; ``least_score`` the relevance under which a candidate does not
    weigh; ``closing`` what is added for the last fact that a card lacks: a card half settled
    helps nobody.
    """

    least_gain: float = 0.02
    intrusion_price: float = 1.0
    commune_gain: float = 0.2
    least_score: float = 0.01
    closing: float = 0.3


#: Chosen on population A of the simulator, November 2026 (docs/simulation.md).
TUNED = Tuning()
_CANDIDATES = 12  # the most worth are weighed; the next ones never reach the first cards
#: From this cost on, a question is asked for what depends on it, not for a formality.
_INTRUSIVE = 0.5
#: The answer to a list that says nothing of it is true.
_NONE = "none"


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
    tuning: Tuning = TUNED,
) -> Question | None:
    """Return the most useful question, or None when none is worth asking.

    ``closed`` are facts that must not be asked (again): asked, skipped or known;
    ``asked`` is how many questions were already put.
    """
    if asked >= MOST_QUESTIONS:
        return None
    expected = load_expected()
    for question in _questions(found, situation, closed, figures, expected, tuning):
        if question.gain < tuning.least_gain:
            return None
        fact = question.fact
        if fact is Fact.COMMUNE or (
            _changes_the_first_cards(fact, found, situation, figures, expected)
            and len(choices_worth_showing(fact, found, situation, figures)) > 1
        ):
            return question
    return None


def choices_worth_showing(
    fact: Fact, found: list[Candidate], situation: Situation, figures: Figures
) -> list[Choice]:
    """Return the answers to offer: those that what is told leaves possible.

    Of a long list (« quelle aide recevez-vous déjà ? »), only what gives other first cards
    than « aucune » does: nobody reads fourteen lines, and the others would change nothing.
    """
    choices = FACTS[fact].choices
    possible = load_expected().possible(fact, situation)
    if possible is not None:
        left = [one for one in choices if value_of_choice(fact, one) in possible]
        choices = tuple(left) or choices
    if FACTS[fact].kind is not Kind.CHOICES:
        return list(choices)

    def cards(option: Choice) -> list[tuple[str, object]]:
        told = {**situation, fact: value_of_choice(fact, option)}
        return _first_cards(reassessed(found, told, fact, figures))

    without = next((cards(one) for one in choices if one.value == _NONE), None)
    return [one for one in choices if one.value == _NONE or cards(one) != without]


def _questions(
    found: list[Candidate],
    situation: Situation,
    closed: Collection[Fact],
    figures: Figures,
    expected: Expected,
    tuning: Tuning,
) -> list[Question]:
    """Return every question that could be asked, the most useful first."""
    weighty = [c for c in found[:_CANDIDATES] if c.score >= tuning.least_score]
    view = _View(weighty, situation, figures, expected, tuning.closing)
    missing = {fact for candidate in weighty for fact in candidate.verdict.missing}
    questions = [
        Question(fact, view.gain(fact) - FACTS[fact].cost ** 2 * tuning.intrusion_price)
        for fact in sorted(missing - set(closed))
        if _is_open(fact, situation)
        and not expected.is_nearly_sure(fact, situation)
        and not _is_foreseen(fact, weighty, situation, figures, expected)
    ]
    if weighty and Fact.COMMUNE not in situation and Fact.COMMUNE not in closed:
        questions.append(Question(Fact.COMMUNE, tuning.commune_gain))
    return sorted(questions, key=lambda one: -one.gain)


def _is_foreseen(
    fact: Fact,
    weighty: list[Candidate],
    situation: Situation,
    figures: Figures,
    expected: Expected,
) -> bool:
    """Tell whether an intrusive question would settle only what nearly everybody meets.

    Nobody is asked for a residence permit because a housing aid wants one: the card says it.
    """
    if FACTS[fact].cost < _INTRUSIVE:
        return False
    chances = [
        expected.holds(condition, situation, figures)
        for candidate in weighty
        for condition in candidate.entry.conditions
        if _tests(condition, fact)
    ]
    return all(chance >= SURE for chance in chances)


def _is_open(fact: Fact, situation: Situation) -> bool:
    return fact not in situation or (fact is Fact.CHILDREN and situation[fact] == AT_LEAST_ONE)


class _View:
    """The candidates that weigh, with the probability that each condition holds."""

    def __init__(
        self,
        weighty: list[Candidate],
        situation: Situation,
        figures: Figures,
        expected: Expected,
        closing: float,
    ) -> None:
        self._closing = closing
        self._situation = situation
        self._figures = figures
        self._expected = expected
        self._rows = [
            (c, tuple(self._chance(one, situation) for one in c.entry.conditions)) for c in weighty
        ]

    def gain(self, fact: Fact) -> float:
        """Return the expected fall of the weighted entropy when ``fact`` becomes known."""
        answers = self._expected.answers(fact, self._situation)
        total = 0.0
        for candidate, chances in self._rows:
            conditions = candidate.entry.conditions
            # The age changes what is expected of everything else.
            moved = [fact is Fact.AGE or _tests(one, fact) for one in conditions]
            if not any(_tests(one, fact) for one in conditions):
                continue
            after = sum(
                share * _entropy(math.prod(self._moved(conditions, chances, moved, fact, value)))
                for value, share in answers
            )
            gain = max(0.0, _entropy(math.prod(chances)) - after)
            if fact in candidate.verdict.missing:
                gain += self._closing / len(candidate.verdict.missing) ** 2
            total += candidate.stakes * gain
        return total

    def _moved(
        self,
        conditions: tuple[Condition, ...],
        chances: tuple[float, ...],
        moved: list[bool],
        fact: Fact,
        value: Value,
    ) -> Iterator[float]:
        told = {**self._situation, fact: value}
        for condition, chance, again in zip(conditions, chances, moved, strict=True):
            yield self._chance(condition, told) if again else chance

    def _chance(self, condition: Condition, situation: Situation) -> float:
        """Return the probability that ``condition`` lets the aid through.

        A soft condition that fails leaves it possible, one time in two.
        """
        chance = self._expected.holds(condition, situation, self._figures)
        return 0.5 + 0.5 * chance if condition.soft else chance


def _changes_the_first_cards(
    fact: Fact, found: list[Candidate], situation: Situation, figures: Figures, expected: Expected
) -> bool:
    answers: Answers = expected.answers(fact, situation)
    before = _first_cards(found)
    return any(
        _first_cards(reassessed(found, {**situation, fact: value}, fact, figures)) != before
        for value, _ in answers
    )


def _first_cards(found: list[Candidate]) -> list[tuple[str, object]]:
    """Return what the person would see: the cards, their status and what they lack."""
    return [(c.entry.id, c.verdict) for c in worth_showing(found, FIRST_CARDS)]


def _tests(condition: Condition, fact: Fact) -> bool:
    return any(leaf.fact is fact for leaf in condition.any)


def _entropy(p: float) -> float:
    if p <= 0.0 or p >= 1.0:
        return 0.0
    return -(p * math.log2(p) + (1 - p) * math.log2(1 - p))
