"""What follows from what is known, so that it is not asked."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.conversation import Known, Provenance
from knowledge_base.facts import Fact

_CHILD = "child"
_DISABILITY_BENEFITS = frozenset({"aah", "aeeh", "pch"})


def deduce(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """Return the facts that follow from ``facts`` and are not among them."""
    found = {**_age_of_the_child(facts), **_recognised_disability(facts)}
    return {fact: known for fact, known in found.items() if fact not in facts}


def _age_of_the_child(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """When the message is about a child, its age is the age of the person concerned."""
    about, age = facts.get(Fact.FOR_WHOM), facts.get(Fact.CHILD_AGE)
    if about is None or about.value != _CHILD or age is None:
        return {}
    return {Fact.AGE: age.model_copy(update={"provenance": Provenance.DEDUCED})}


def _recognised_disability(facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """These benefits are only given once the disability is recognised."""
    received = facts.get(Fact.BENEFITS_RECEIVED)
    named = _DISABILITY_BENEFITS & set(received.values or ()) if received is not None else set()
    if not named:
        return {}
    return {Fact.DISABILITY: Known(value="recognised", provenance=Provenance.DEDUCED)}
