"""Reading what a person answers to a question: a button, a word, a number, a way out."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import Known, Provenance
from assistant.names import Intent
from assistant.understanding import answers
from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


def typed(
    reader: FactReader, fact: Fact, text: str, intent: Intent = Intent.INFORM
) -> Known | answers.Skip | None:
    """Return how ``text`` is read as an answer about ``fact``."""
    return answers.of_text(fact, text, intent, reader, load_communes(), TODAY)


@pytest.mark.parametrize(
    ("fact", "text", "number"),
    [
        (Fact.AGE, "82", 82),
        (Fact.AGE, "j'ai quatre-vingt-deux ans", 82),
        (Fact.AGE, "née en 1941", 85),
        (Fact.CHILDREN, "trois", 3),
        (Fact.CHILDREN, "deux filles", 2),
        (Fact.CHILDREN, "une fille", 1),
        (Fact.CHILDREN, "aucun", 0),
        (Fact.CHILD_AGE, "8 mois", 0),
        (Fact.CHILD_AGE, "18 mois", 1),
        (Fact.CHILD_AGE, "6 ans", 6),
        (Fact.INCOME, "780", 780),
        (Fact.INCOME, "environ 1 200 euros", 1200),
        (Fact.INCOME, "rien", 0),
    ],
)
def test_a_number_is_read(reader: FactReader, fact: Fact, text: str, number: int) -> None:
    """Numbers in digits, in letters, in months, and « aucun » are understood."""
    known = typed(reader, fact, text)
    assert isinstance(known, Known)
    assert (known.low, known.high) == (number, number)
    assert known.provenance is Provenance.ANSWERED


@pytest.mark.parametrize(
    ("fact", "text", "intent", "value"),
    [
        (Fact.PREGNANT, "oui", Intent.AFFIRM, "yes"),
        (Fact.PREGNANT, "non", Intent.DENY, "no"),
        (Fact.DEBTS, "non", Intent.DENY, "none"),
        (Fact.DEBTS, "oui", Intent.AFFIRM, "overwhelming"),
        (Fact.VIOLENCE, "oui", Intent.AFFIRM, "ongoing"),
        (Fact.VIOLENCE, "non", Intent.DENY, "no"),
        (Fact.DISABILITY, "non", Intent.DENY, "none"),
        (Fact.DIGITAL_EASE, "oui", Intent.AFFIRM, "easy"),
        (Fact.DIGITAL_EASE, "non", Intent.DENY, "hard"),
        (Fact.HOUSING_STATUS, "proprietaire", Intent.INFORM, "owner"),
        (Fact.HOUSING_STATUS, "je suis en HLM", Intent.INFORM, "tenant_social"),
        (Fact.EMPLOYMENT_STATUS, "à la retraite", Intent.INFORM, "retired"),
        (Fact.HOUSEHOLD, "en couple", Intent.INFORM, "couple"),
        (Fact.COMMUNE, "vendome", Intent.INFORM, "41269"),
        (Fact.COMMUNE, "à côté de Vendôme", Intent.INFORM, "41269"),
        (Fact.COMMUNE, "41100", Intent.INFORM, "41269"),
    ],
)
def test_a_word_is_read(
    reader: FactReader, fact: Fact, text: str, intent: Intent, value: str
) -> None:
    """Yes, no, the words of a choice and the name of a commune are understood."""
    known = typed(reader, fact, text, intent)
    assert isinstance(known, Known)
    assert known.value == value


def test_several_choices_are_a_set(reader: FactReader) -> None:
    """« Aucune » to the benefits received is the set of that one choice."""
    known = typed(reader, Fact.BENEFITS_RECEIVED, "non", Intent.DENY)
    assert isinstance(known, Known)
    assert known.values == ("none",)


def test_the_ways_out_are_heard(reader: FactReader) -> None:
    """Not knowing and not wanting to say end the question, whatever it is."""
    assert typed(reader, Fact.INCOME, "je sais pas", Intent.DONT_KNOW) is answers.Skip.DONT_KNOW
    refused = typed(reader, Fact.INCOME, "ça vous regarde pas", Intent.REFUSE_TO_ANSWER)
    assert refused is answers.Skip.NO_ANSWER


def test_what_answers_something_else_is_no_answer(reader: FactReader) -> None:
    """A sentence that does not speak of the question gives nothing."""
    assert typed(reader, Fact.AGE, "je cherche un logement") is None
    assert typed(reader, Fact.RESIDENCE_STATUS, "oui", Intent.AFFIRM) is None


def test_a_button_gives_its_choice() -> None:
    """The value of a button is the answer: a choice, an interval, a set or a way out."""
    couple = answers.of_choice(Fact.HOUSEHOLD, "couple")
    assert couple == Known(value="couple", provenance=Provenance.ANSWERED)
    old = answers.of_choice(Fact.AGE, "65_plus")
    assert old == Known(low=65, high=None, provenance=Provenance.ANSWERED)
    aided = answers.of_choice(Fact.BENEFITS_RECEIVED, "rsa")
    assert aided == Known(values=("rsa",), provenance=Provenance.ANSWERED)
    assert answers.of_choice(Fact.AGE, "dont_know") is answers.Skip.DONT_KNOW
    assert answers.of_choice(Fact.AGE, "nonsense") is None
