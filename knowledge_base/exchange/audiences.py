"""Whom a card is for, in the publics of data·inclusion."""

from __future__ import annotations

from data_inclusion.schema.v1 import Public

from knowledge_base.facts import Fact
from knowledge_base.models import Condition, Entry, Leaf

#: From this age at least, or to this one at most, a condition on the age is about a public.
_SENIOR = 55
_YOUNG = 30
#: The public that one answer to a fact tells.
_ANSWERS = {
    (Fact.PREGNANT, "yes"): Public.FAMILLES,
    (Fact.DISABILITY, "recognised"): Public.PERSONNES_EN_SITUATION_DE_HANDICAP,
    (Fact.DISABILITY, "not_recognised"): Public.PERSONNES_EN_SITUATION_DE_HANDICAP,
    (Fact.EMPLOYMENT_STATUS, "job_seeker"): Public.DEMANDEURS_EMPLOI,
    (Fact.EMPLOYMENT_STATUS, "student"): Public.ETUDIANTS,
    (Fact.EMPLOYMENT_STATUS, "employed"): Public.ACTIFS,
    (Fact.EMPLOYMENT_STATUS, "self_employed"): Public.ACTIFS,
    (Fact.HOUSING_STATUS, "homeless"): Public.PERSONNES_EN_SITUATION_D_URGENCE,
    (Fact.VIOLENCE, "ongoing"): Public.PERSONNES_EN_SITUATION_D_URGENCE,
    (Fact.RESIDENCE_STATUS, "asylum"): Public.PERSONNES_EXILEES,
    (Fact.RESIDENCE_STATUS, "undocumented"): Public.PERSONNES_EXILEES,
    (Fact.BENEFITS_RECEIVED, "rsa"): Public.BENEFICIAIRES_DES_MINIMAS_SOCIAUX,
    (Fact.BENEFITS_RECEIVED, "ass"): Public.BENEFICIAIRES_DES_MINIMAS_SOCIAUX,
    (Fact.BENEFITS_RECEIVED, "aspa"): Public.BENEFICIAIRES_DES_MINIMAS_SOCIAUX,
}


def publics_of(entry: Entry) -> list[Public]:
    """Return the publics of a card, sorted; « tous publics » when its conditions name none.

    One of the publics is enough in data·inclusion, so only a condition that is wholly said by
    publics counts, and the first one only: two would have to hold together.
    """
    for condition in entry.conditions:
        publics = set() if condition.soft else _publics_of(condition)
        if publics:
            return sorted(publics)
    return [Public.TOUS_PUBLICS]


def _publics_of(condition: Condition) -> set[Public]:
    """Return the publics that say the whole condition, or none."""
    said = [_public_of(leaf) for leaf in condition.any]
    return set().union(*said) if all(said) else set()


def _public_of(leaf: Leaf) -> set[Public]:
    if leaf.fact is Fact.AGE:
        if leaf.at_most is not None and leaf.at_most <= _YOUNG:
            return {Public.JEUNES}
        if leaf.at_least is not None and leaf.at_least >= _SENIOR:
            return {Public.SENIORS}
    if leaf.fact in (Fact.CHILDREN, Fact.CHILD_AGE) and not leaf.is_not:
        return {Public.FAMILLES}
    answers = [_ANSWERS.get((leaf.fact, value)) for value in leaf.is_ or ()]
    return {public for public in answers if public} if all(answers) else set()
