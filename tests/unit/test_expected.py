"""What people usually answer only weighs the questions."""

from __future__ import annotations

import pytest

from assistant.deductions import AT_LEAST_ONE
from assistant.expected import load_expected, means_nothing
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation
from knowledge_base.facts import FACTS, Fact


@pytest.mark.parametrize("fact", [fact for fact in Fact if FACTS[fact].choices])
@pytest.mark.parametrize("age", [None, 0, 15, 20, 40, 61, 70, 90])
def test_every_question_has_its_answers(fact: Fact, age: int | None) -> None:
    """Whatever the age, the shares of a question that has choices add up to one."""
    situation = {} if age is None else {Fact.AGE: (float(age), float(age))}
    answers = load_expected().answers(fact, situation if fact is not Fact.AGE else {})
    assert sum(share for _, share in answers) == pytest.approx(1.0)


def test_the_age_changes_what_is_expected() -> None:
    """Nobody asks a person of 80 whether she is a student, nor whether she is pregnant."""
    expected = load_expected()
    old, young = {Fact.AGE: (80.0, 80.0)}, {Fact.AGE: (30.0, 30.0)}
    assert expected.is_nearly_sure(Fact.EMPLOYMENT_STATUS, old)
    assert expected.is_nearly_sure(Fact.PREGNANT, old)
    assert not expected.is_nearly_sure(Fact.EMPLOYMENT_STATUS, young)
    assert not expected.is_nearly_sure(Fact.PREGNANT, young)


def test_without_a_child_its_age_means_nothing() -> None:
    """The age of a child that there is not is no question."""
    childless = {Fact.CHILDREN: (0.0, 0.0)}
    assert means_nothing(Fact.CHILD_AGE, childless)
    assert load_expected().answers(Fact.CHILD_AGE, childless) == ()
    assert load_expected().is_nearly_sure(Fact.CHILD_AGE, childless)


def test_one_child_at_least_leaves_one_two_or_more() -> None:
    """« Aucun » is not expected any more; the rest keeps its proportions."""
    answers = load_expected().answers(Fact.CHILDREN, {Fact.CHILDREN: AT_LEAST_ONE})
    assert dict(answers) == {(1.0, 1.0): 0.4, (2.0, 2.0): 0.4, (3.0, None): 0.2}


def test_a_condition_known_is_certain(catalogue: Catalogue) -> None:
    """What is known is 0 or 1; what is not is the share of the answers that fit."""
    (from_60, *_) = catalogue.entries["apa_domicile"].conditions
    expected, figures = load_expected(), catalogue.figures
    assert expected.holds(from_60, {Fact.AGE: (70.0, 70.0)}, figures) == 1.0
    assert expected.holds(from_60, {Fact.AGE: (30.0, 30.0)}, figures) == 0.0
    assert expected.holds(from_60, {}, figures) == pytest.approx(0.30)


def test_what_is_told_rules_out_answers() -> None:
    """Who owes a rent is no owner, who is retired is not at school, at 16 nobody drives."""
    expected = load_expected()
    owes = {Fact.HOUSING_TROUBLE: frozenset({"unpaid_rent"})}
    assert expected.possible(Fact.HOUSING_STATUS, owes) == frozenset(
        {"tenant_private", "tenant_social", "hosted", "institution"}
    )
    assert expected.possible(Fact.HOUSING_STATUS, {}) is None
    retired = {Fact.EMPLOYMENT_STATUS: "retired"}
    for fact in (Fact.SCHOOLING, Fact.PREGNANT, Fact.CHILDREN):
        assert expected.is_nearly_sure(fact, retired)
    assert not expected.is_nearly_sure(Fact.SCHOOLING, {Fact.EMPLOYMENT_STATUS: "student"})
    assert expected.is_nearly_sure(Fact.TRANSPORT, {Fact.AGE: (16.0, 16.0)})
    assert not expected.is_nearly_sure(Fact.TRANSPORT, {Fact.AGE: (17.0, 25.0)})


def test_what_is_told_comes_before_the_age() -> None:
    """A person of 40 who has the APL rents; her age says nothing of it."""
    told = {Fact.AGE: (40.0, 40.0), Fact.BENEFITS_RECEIVED: frozenset({"apl"})}
    assert expected_choices(told) == {"tenant_private", "tenant_social", "institution"}


def expected_choices(situation: Situation) -> set[object]:
    """Return the answers expected to « où vivez-vous ? »."""
    return {value for value, _ in load_expected().answers(Fact.HOUSING_STATUS, situation)}
