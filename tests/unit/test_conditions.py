"""The conditions of the catalogue are three-valued: true, false, or not known."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from knowledge_base.conditions import Status, evaluate, holds, interval
from knowledge_base.facts import Fact
from knowledge_base.models import Condition, Figure, Leaf

FIGURES = {
    "ceiling_month": Figure(
        label="plafond", value=1000, unit="€", period="mois",
        in_force_since=date(2026, 1, 1), reference="texte",
    ),
    "ceiling_year": Figure(
        label="plafond annuel", value=12000, unit="€", period="an",
        in_force_since=date(2026, 1, 1), reference="texte",
    ),
}  # fmt: skip
SIXTY = Condition.model_validate(
    {"fact": "age", "at_least": 60, "because": "60 ans ou plus.", "otherwise": "Dès 60 ans."}
)
TENANT_SOFT = Condition.model_validate(
    {
        "fact": "housing_status", "is": ["tenant_private"], "soft": True,
        "because": "Locataire.", "otherwise": "Plutôt pour les locataires.",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param((60.0, 60.0), True, id="exactly the bound"),
        pytest.param((59.0, 59.0), False, id="one year short"),
        pytest.param((26.0, 59.0), False, id="a bracket under the bound"),
        pytest.param((65.0, None), True, id="an open bracket over the bound"),
        pytest.param((55.0, 65.0), None, id="a bracket across the bound"),
        pytest.param(None, None, id="not known"),
    ],
)
def test_an_age_bound(value: tuple[float, float | None] | None, expected: bool | None) -> None:
    """An age or a bracket of ages is compared with a bound in three values."""
    situation = {} if value is None else {Fact.AGE: value}
    assert holds(SIXTY.any[0], situation, FIGURES) is expected


@pytest.mark.parametrize("code", ["ceiling_month", "ceiling_year"])
def test_a_yearly_ceiling_is_compared_per_month(code: str) -> None:
    """12 000 € per year and 1 000 € per month are the same ceiling."""
    leaf = Leaf.model_validate({"fact": "income", "below": code})
    assert holds(leaf, {Fact.INCOME: interval(Fact.INCOME, 990, 990)}, FIGURES) is True
    assert holds(leaf, {Fact.INCOME: interval(Fact.INCOME, 1010, 1010)}, FIGURES) is False
    assert holds(leaf, {Fact.INCOME: interval(Fact.INCOME, 600, 1500)}, FIGURES) is None


def test_an_unknown_fact_leaves_the_entry_to_check() -> None:
    """What is missing is named, once."""
    verdict = evaluate((SIXTY, SIXTY), {}, FIGURES)
    assert verdict.status is Status.TO_CHECK
    assert verdict.missing == (Fact.AGE,)


def test_every_condition_true_makes_the_entry_likely() -> None:
    """The reasons are those of the conditions, in order."""
    situation = {Fact.AGE: (70.0, 70.0), Fact.HOUSING_STATUS: "tenant_private"}
    verdict = evaluate((SIXTY, TENANT_SOFT), situation, FIGURES)
    assert verdict.status is Status.LIKELY
    assert verdict.because == ("60 ans ou plus.", "Locataire.")


def test_a_hard_condition_false_makes_the_entry_unlikely() -> None:
    """The reason against is given and nothing more is asked."""
    verdict = evaluate((SIXTY, TENANT_SOFT), {Fact.AGE: (30.0, 30.0)}, FIGURES)
    assert verdict.status is Status.UNLIKELY
    assert verdict.against == ("Dès 60 ans.",)
    assert verdict.missing == ()


def test_a_soft_condition_false_leaves_the_entry_to_check() -> None:
    """A soft condition never excludes."""
    situation = {Fact.AGE: (70.0, 70.0), Fact.HOUSING_STATUS: "owner"}
    verdict = evaluate((SIXTY, TENANT_SOFT), situation, FIGURES)
    assert verdict.status is Status.TO_CHECK
    assert verdict.against == ("Plutôt pour les locataires.",)


def test_one_of_several_tests_is_enough() -> None:
    """« any » is true as soon as one test is, unknown while one may be."""
    condition = Condition.model_validate(
        {
            "any": [{"fact": "pregnant", "is": ["yes"]}, {"fact": "children", "at_least": 1}],
            "because": "Un enfant ou une grossesse.",
            "otherwise": "Il faut un enfant ou une grossesse.",
        }
    )
    assert evaluate((condition,), {Fact.PREGNANT: "yes"}, {}).status is Status.LIKELY
    assert evaluate((condition,), {Fact.PREGNANT: "no"}, {}).missing == (Fact.CHILDREN,)
    none = {Fact.PREGNANT: "no", Fact.CHILDREN: (0.0, 0.0)}
    assert evaluate((condition,), none, {}).status is Status.UNLIKELY


@pytest.mark.parametrize(
    ("leaf", "said"),
    [
        pytest.param({"fact": "age", "is": ["60"]}, "n’accepte pas", id="a list for a number"),
        pytest.param({"fact": "age"}, "aucun opérateur", id="no operator"),
        pytest.param(
            {"fact": "household", "is": ["seul"]}, "valeur inconnue seul", id="an unknown value"
        ),
    ],
)
def test_a_wrong_condition_is_refused_with_its_reason(leaf: dict[str, object], said: str) -> None:
    """An editor reads what is wrong with a condition."""
    with pytest.raises(ValidationError, match=said):
        Leaf.model_validate(leaf)
