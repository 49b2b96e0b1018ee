"""The next question is the one that settles the most of what is at stake."""

from __future__ import annotations

import pytest

from assistant.candidates import Candidate
from assistant.interview import MOST_QUESTIONS, next_question
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation, evaluate
from knowledge_base.facts import Fact

KNOWN_COMMUNE: Situation = {Fact.COMMUNE: "41018"}


def candidate(catalogue: Catalogue, entry_id: str, score: float, facts: Situation) -> Candidate:
    """Return an entry of the real catalogue with its verdict."""
    entry = catalogue.entries[entry_id]
    return Candidate(entry, score, evaluate(entry.conditions, facts, catalogue.figures))


def test_the_question_decides_the_most_relevant_entry(catalogue: Catalogue) -> None:
    """With the APA alone in sight, a fact of the APA is asked."""
    found = [candidate(catalogue, "apa_domicile", 0.9, KNOWN_COMMUNE)]
    question = next_question(found, KNOWN_COMMUNE, set(), 0, catalogue.figures)
    assert question is not None
    assert question.fact in found[0].verdict.missing


def test_nothing_is_asked_when_everything_is_settled(catalogue: Catalogue) -> None:
    """When the verdict no longer depends on anything, the cards are shown."""
    facts = {
        **KNOWN_COMMUNE,
        Fact.AGE: (80.0, 80.0),
        Fact.LOSS_OF_AUTONOMY: "yes",
        Fact.HOUSING_STATUS: "owner",
    }
    found = [candidate(catalogue, "apa_domicile", 0.9, facts)]
    assert next_question(found, facts, set(), 1, catalogue.figures) is None


def test_a_fact_is_never_asked_twice(catalogue: Catalogue) -> None:
    """A fact that was asked or skipped is closed for good."""
    found = [candidate(catalogue, "apa_domicile", 0.9, KNOWN_COMMUNE)]
    first = next_question(found, KNOWN_COMMUNE, set(), 0, catalogue.figures)
    assert first is not None
    second = next_question(found, KNOWN_COMMUNE, {first.fact}, 1, catalogue.figures)
    assert second is None or second.fact != first.fact


def test_never_more_than_five_questions(catalogue: Catalogue) -> None:
    """The sixth question does not exist."""
    found = [candidate(catalogue, entry_id, 0.9, {}) for entry_id in catalogue.entries]
    assert next_question(found, {}, set(), MOST_QUESTIONS, catalogue.figures) is None


def test_no_candidate_no_question(catalogue: Catalogue) -> None:
    """Without an idea of the need, no question is worth its answer."""
    assert next_question([], {}, set(), 0, catalogue.figures) is None


@pytest.mark.parametrize("score", [0.0, 0.02])
def test_a_marginal_entry_does_not_cost_a_question(catalogue: Catalogue, score: float) -> None:
    """An entry that hardly answers is not worth a question."""
    found = [candidate(catalogue, "apa_domicile", score, KNOWN_COMMUNE)]
    assert next_question(found, KNOWN_COMMUNE, set(), 0, catalogue.figures) is None
