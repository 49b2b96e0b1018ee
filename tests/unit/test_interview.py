"""The next question is the one that settles the most of what is at stake."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.candidates import Candidate, candidates
from assistant.deductions import AT_LEAST_ONE
from assistant.expected import value_of_choice
from assistant.interview import MOST_QUESTIONS, next_question
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation, Value, evaluate
from knowledge_base.facts import FACTS, Fact

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


def test_a_vital_entry_is_settled_before_a_useful_one(catalogue: Catalogue) -> None:
    """Equally relevant, what is lost most when it is missed is asked about first."""
    found = candidates(catalogue, {"vacances": 0.5, "siao_115": 0.5}, KNOWN_COMMUNE)
    question = next_question(found, KNOWN_COMMUNE, set(), 0, catalogue.figures)
    assert question is not None
    assert question.fact in {Fact.HOUSING_STATUS, Fact.HOUSING_TROUBLE}


def test_an_intrusive_question_waits_for_a_harmless_one(catalogue: Catalogue) -> None:
    """The residence permit, which seldom fails, is not the first question about the RSA."""
    found = candidates(catalogue, {"rsa": 0.9}, KNOWN_COMMUNE)
    question = next_question(found, KNOWN_COMMUNE, set(), 0, catalogue.figures)
    assert question is not None
    assert question.fact is not Fact.RESIDENCE_STATUS


def test_what_cannot_change_a_card_is_not_asked(catalogue: Catalogue) -> None:
    """An aid that the age rules out is not asked about: no answer would bring it back."""
    facts = {**KNOWN_COMMUNE, Fact.AGE: (30.0, 30.0)}
    found = candidates(catalogue, {"apa_domicile": 0.9}, facts)
    assert next_question(found, facts, set(), 0, catalogue.figures) is None


def test_what_can_be_foreseen_is_not_asked(catalogue: Catalogue) -> None:
    """At 70 nobody is asked whether she works before hearing of a home help."""
    facts = {**KNOWN_COMMUNE, Fact.AGE: (70.0, 70.0)}
    found = candidates(catalogue, {"pension_invalidite": 0.9}, facts)
    question = next_question(found, facts, set(), 0, catalogue.figures)
    assert question is not None
    assert question.fact is Fact.DISABILITY


def test_how_many_children_may_be_asked_after_one_was_told(catalogue: Catalogue) -> None:
    """« ma fille de 3 ans » says one at least; the family benefit starts at two."""
    facts = {**KNOWN_COMMUNE, Fact.CHILD_AGE: (3.0, 3.0), Fact.CHILDREN: AT_LEAST_ONE}
    found = candidates(catalogue, {"allocations_familiales": 0.9}, facts)
    question = next_question(found, facts, set(), 0, catalogue.figures)
    assert question is not None
    assert question.fact is Fact.CHILDREN


ANSWERS: dict[Fact, list[Value]] = {
    fact: [value_of_choice(fact, option) for option in FACTS[fact].choices] for fact in Fact
} | {Fact.COMMUNE: ["41018", "41269"]}
FACTS_KNOWN = st.dictionaries(st.sampled_from(list(Fact)), st.integers(0, 20), max_size=6)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), known=FACTS_KNOWN)
def test_any_interview_ends_and_never_repeats(
    catalogue: Catalogue, data: st.DataObject, known: dict[Fact, int]
) -> None:
    """Whatever is found, known, answered or refused: at most five questions, each once."""
    ids = st.sampled_from(sorted(catalogue.entries))
    scores = data.draw(st.dictionaries(ids, st.floats(0.001, 1.0), max_size=40))
    situation = {fact: ANSWERS[fact][at % len(ANSWERS[fact])] for fact, at in known.items()}
    asked: list[Fact] = []
    while True:
        found = candidates(catalogue, scores, situation)
        question = next_question(found, situation, asked, len(asked), catalogue.figures)
        if question is None:
            break
        assert question.fact not in asked
        assert question.fact not in situation
        asked.append(question.fact)
        if data.draw(st.booleans()):
            situation[question.fact] = data.draw(st.sampled_from(ANSWERS[question.fact]))
    assert len(asked) <= MOST_QUESTIONS
