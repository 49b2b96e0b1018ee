"""The code of a receipt: how it is made, and how people type it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from assistant.receipt import CODE_ALPHABET, find_code, new_code, read_code
from tests.fakes.gateway import CODE

ROOT = Path(__file__).parents[2]


def test_codes_have_six_characters_without_look_alikes() -> None:
    """A code is six characters, none of which is taken for another one."""
    code = new_code(Random(41))
    assert len(code) == 6
    assert set(CODE_ALPHABET).isdisjoint("01258ABEGILNOSUYZ6")


def test_codes_come_from_the_system_by_default() -> None:
    """Without a generator of its own, two thousand codes are (nearly) all different."""
    assert len({new_code() for _ in range(2000)}) > 1990


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CDF347", "CDF347"),
        ("cdf 347", "CDF347"),
        (" cdf-347. ", "CDF347"),
        ("CDF34", None),
        ("CDF3477", None),
        ("CDF34O", None),
        ("", None),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, code: str | None) -> None:
    """Case, spaces and dashes do not matter; anything else is not a code."""
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("où en est ma demande CDF347", "CDF347"),
        ("mon code c'est cdfhjk", "CDFHJK"),
        ("c'est le CDF-347, merci", "CDF347"),
        ("cdf 347", "CDF347"),
        ("je veux savoir où ça en est", None),
        ("mes enfants mangent", None),
        ("CDF3477", None),
    ],
)
def test_a_code_is_found_in_a_sentence(text: str, code: str | None) -> None:
    """No French word is made of these letters: a code without a figure is found too."""
    assert find_code(text) == code


@pytest.mark.parametrize(
    "page", ["connectors/web/templates/case.html", "connectors/api/schemas.py"]
)
def test_the_code_given_as_an_example_can_exist(page: str) -> None:
    """Who copies the example must not meet characters that no receipt has."""
    assert read_code(CODE) == CODE
    assert CODE in (ROOT / page).read_text(encoding="utf-8")
