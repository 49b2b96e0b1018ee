"""Facts are read in what people write, with numbers in letters, negation and typos."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


def read(reader: FactReader, text: str) -> dict[str, object]:
    """Return the facts of ``text`` as plain values."""
    return {
        fact.value: known.value or known.values or (known.low, known.high)
        for fact, known in reader.read(text, TODAY).items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma mère de 82 ans à Vendôme",
         {"for_whom": "parent", "age": (82, 82), "commune": "41269"}),
        ("elle a quatre-vingt-deux ans", {"age": (82, 82)}),
        ("née en 1941", {"age": (85, 85)}),
        ("ma fille de 3 mois", {"for_whom": "child", "child_age": (0, 0)}),
        ("mes deux enfants de 4 et 7 ans",
         {"for_whom": "child", "children": (2, 2), "child_age": (4, 4)}),
        ("je n'ai pas d'enfants", {"children": (0, 0)}),
        ("je touche 780 euros", {"income": (780, 780)}),
        ("je gagne mille deux cents euros par mois", {"income": (1200, 1200)}),
        ("j'ai plus aucun revenu", {"income": (0, 0)}),
        ("j'ai 800 euros de dettes", {"debts": "some"}),
        ("au chômage depuis 2 ans", {"employment_status": "job_seeker"}),
        ("je suis pas handicapé", {}),
        ("enceinte de 4 mois", {"pregnant": "yes"}),
        ("j'arrive plus à payer mon loyer",
         {"housing_trouble": ("unpaid_rent",)}),
        ("mon proprio veut me virer",
         {"housing_trouble": ("eviction",), "housing_status": "tenant_private"}),
        ("je touche le RSA et les APL",
         {"benefits_received": ("apl", "rsa")}),
        ("je n'ai plus le RSA", {}),
        ("ma mère a besoin de l'apa", {"for_whom": "parent"}),
        ("la mer est belle", {}),
    ],
)  # fmt: skip
def test_facts_of_a_sentence(
    reader: FactReader, text: str, expected: dict[str, object]
) -> None:
    """Exactly these facts are read, no more."""
    assert read(reader, text) == expected


def test_the_words_of_a_fact_are_kept(reader: FactReader) -> None:
    """A fact remembers the passage it was read in, for the professional."""
    facts = reader.read("mon père a 75 ans et il ne peut plus se laver", TODAY)
    assert facts[Fact.AGE].words == "75 ans"
    assert "se laver" in facts[Fact.LOSS_OF_AUTONOMY].words
