"""What ``measure`` says of facts and of danger: figures by hand, and errors for a person."""

from __future__ import annotations

import pytest

from tests.quality import facts_rates, understanding_page
from tests.quality.facts_rates import Reading
from tests.quality.understanding_page import Error

READINGS = [
    Reading("a", "j’ai 31 ans", {"age": 31}, {"age": 31}),
    Reading("b", "à < Mer", {"commune": "Mer", "age": 40}, {"commune": "Blois"}),
    Reading("c", "bonjour", {}, {"children": 2}),
]


def test_a_wrong_value_is_both_a_miss_and_an_error() -> None:
    """One right, two wrong (another town, children invented), two missed: 2 / (2 + 2 + 2)."""
    assert [(one.right, one.wrong, one.missed) for one in READINGS] == [
        (1, 0, 0),
        (0, 1, 2),
        (0, 1, 0),
    ]
    found, low, high = facts_rates.f1(READINGS)
    assert found == pytest.approx(1 / 3)
    assert 0.0 <= low < found < high <= 1.0


def test_the_errors_of_facts_say_what_was_expected_and_what_was_read() -> None:
    """One line for each fact; what is right is not there."""
    assert understanding_page.facts_errors(READINGS) == [
        Error("age", "b", "à < Mer", "40", "rien"),
        Error("commune", "b", "à < Mer", "Mer", "Blois"),
        Error("children", "c", "bonjour", "rien", "2"),
    ]


def test_the_page_opens_by_kind_and_escapes_what_was_written() -> None:
    """A part for each file, a fold for each kind with its count."""
    errors = understanding_page.facts_errors(READINGS)
    page = understanding_page.render("tune", {"Faits": errors, "Danger": []})
    assert "<h2>Faits : 3</h2>" in page
    assert "<h2>Danger : 0</h2>" in page
    assert "<summary>age : 1</summary>" in page
    assert "<p>à &lt; Mer</p>" in page
    assert "<dt>Attendu</dt><dd>40</dd><dt>Lu</dt><dd>rien</dd>" in page
