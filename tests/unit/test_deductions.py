"""What follows from what is known is not asked."""

from __future__ import annotations

from assistant.conversation import Known, Provenance
from assistant.deductions import deduce
from knowledge_base.facts import Fact


def test_the_age_of_the_child_is_the_age_of_the_person_concerned() -> None:
    """« mon fils de 17 ans » settles the age."""
    facts = {Fact.FOR_WHOM: Known(value="child"), Fact.CHILD_AGE: Known(low=17, high=17)}
    deduced = deduce(facts)[Fact.AGE]
    assert (deduced.low, deduced.high, deduced.provenance) == (17, 17, Provenance.DEDUCED)


def test_the_age_of_a_child_is_not_that_of_a_parent() -> None:
    """« j'ai une fille de 3 ans » says nothing of the speaker's age."""
    assert Fact.AGE not in deduce({Fact.CHILD_AGE: Known(low=3, high=3)})


def test_the_aah_means_a_recognised_disability() -> None:
    """The AAH is given once the disability is recognised; the RSA is not."""
    aah = deduce({Fact.BENEFITS_RECEIVED: Known(values=("aah",))})
    assert aah[Fact.DISABILITY].value == "recognised"
    assert deduce({Fact.BENEFITS_RECEIVED: Known(values=("rsa",))}) == {}


def test_what_was_said_is_never_replaced() -> None:
    """A deduction does not touch a fact that is known."""
    facts = {
        Fact.FOR_WHOM: Known(value="child"),
        Fact.CHILD_AGE: Known(low=17, high=17),
        Fact.AGE: Known(low=16, high=16),
        Fact.CHILDREN: Known(low=2, high=2),
    }
    assert deduce(facts) == {}


def test_a_child_told_is_at_least_one_child() -> None:
    """« ma fille de 3 ans »: one child at least, how many is not known."""
    deduced = deduce({Fact.CHILD_AGE: Known(low=3, high=3)})[Fact.CHILDREN]
    assert (deduced.low, deduced.high, deduced.provenance) == (1, None, Provenance.DEDUCED)


def test_a_grown_up_son_is_not_a_dependent_child() -> None:
    """« mon fils de 32 ans » says nothing of children at home."""
    assert deduce({Fact.CHILD_AGE: Known(low=32, high=32)}) == {}


def test_the_apa_means_60_years_and_help_every_day() -> None:
    """Who receives the APA is 60 or more and needs help: neither is asked again."""
    apa = deduce({Fact.BENEFITS_RECEIVED: Known(values=("apa",))})
    assert (apa[Fact.AGE].low, apa[Fact.AGE].high) == (60, None)
    assert apa[Fact.LOSS_OF_AUTONOMY].value == "yes"
