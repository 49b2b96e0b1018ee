"""What follows from what is known, so that it is not asked."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.conversation import Known, Provenance
from knowledge_base.conditions import Interval
from knowledge_base.facts import Fact

_CHILD = "child"
_DISABILITY_BENEFITS = frozenset({"aah", "aeeh", "pch"})
#: Age (years) until which a child may be at the charge of its parents.
_OLDEST_DEPENDENT = 20
_APA_FROM = 60  # years

#: « Ma fille de 3 ans »: at least one child. How many may still be asked.
AT_LEAST_ONE: Interval = (1.0, None)


def deduce(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """Return the facts that follow from ``facts`` and are not among them."""
    found = {
        **_age_of_the_child(facts),
        **_at_least_one_child(facts),
        **_recognised_disability(facts),
        **_what_the_apa_says(facts),
    }
    return {fact: known for fact, known in found.items() if fact not in facts}


def _age_of_the_child(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """When the message is about a child, its age is the age of the person concerned."""
    about, age = facts.get(Fact.FOR_WHOM), facts.get(Fact.CHILD_AGE)
    if about is None or about.value != _CHILD or age is None:
        return {}
    return {Fact.AGE: age.model_copy(update={"provenance": Provenance.DEDUCED})}


def _at_least_one_child(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    age = facts.get(Fact.CHILD_AGE)
    if age is None or age.low is None or age.low > _OLDEST_DEPENDENT:
        return {}
    low, high = AT_LEAST_ONE
    return {Fact.CHILDREN: Known(low=low, high=high, provenance=Provenance.DEDUCED)}


def _recognised_disability(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """These benefits are only given once the disability is recognised."""
    if not _DISABILITY_BENEFITS & _received(facts):
        return {}
    return {Fact.DISABILITY: Known(value="recognised", provenance=Provenance.DEDUCED)}


def _what_the_apa_says(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """The APA is only given from 60 on, to somebody who needs help every day."""
    if "apa" not in _received(facts):
        return {}
    return {
        Fact.AGE: Known(low=_APA_FROM, high=None, provenance=Provenance.DEDUCED),
        Fact.LOSS_OF_AUTONOMY: Known(value="yes", provenance=Provenance.DEDUCED),
    }


def _received(facts: Mapping[Fact, Known]) -> set[str]:
    received = facts.get(Fact.BENEFITS_RECEIVED)
    return set(received.values or ()) if received is not None else set()
