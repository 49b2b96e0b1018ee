"""Facts in words, for « ce que j’ai compris » and for the professional who receives a case."""

from __future__ import annotations

import re

from assistant.conversation import Known
from knowledge_base.facts import FACTS, Fact, Kind, choice
from knowledge_base.geography import Communes, with_preposition

_UNITS = {Fact.AGE: "ans", Fact.CHILD_AGE: "ans", Fact.INCOME: "€ par mois", Fact.CHILDREN: ""}
#: « L’aide » begins with « L », and « RSA » is one word.
_FIRST_WORD = re.compile(r"\w+")


def value_label(fact: Fact, known: Known, communes: Communes) -> str:
    """Return the value of ``fact`` in French (« 82 ans », « près de Vendôme », « en couple »)."""
    if FACTS[fact].kind is Kind.COMMUNE:
        return _commune(known, communes)
    if known.value is not None:
        return _label(fact, known.value)
    if known.values is not None:
        labels = [_label(fact, value) for value in known.values]
        return ", ".join(labels) if FACTS[fact].kind is Kind.CHOICES else _one_among(labels)
    return _interval(fact, known)


def _one_among(labels: list[str]) -> str:
    """« oui » for « oui, reconnu » or « oui, mais pas reconnu », of which nothing more is known."""
    heads = {label.split(",")[0] for label in labels}
    return heads.pop() if len(heads) == 1 else " ou ".join(labels)


def _commune(known: Known, communes: Communes) -> str:
    commune = communes.by_code(known.value)
    if commune is None:
        return "commune inconnue"
    if not known.approximate:
        return commune.name
    there = with_preposition(commune.name)
    return f"secteur {there} ({known.words})" if known.words.isdigit() else f"près {there}"


def _label(fact: Fact, value: str) -> str:
    option = choice(fact, value)
    return inside_a_sentence(option.label) if option is not None else value


def inside_a_sentence(label: str) -> str:
    """Return ``label`` as it stands after other words: « AAH » and « Sécurité sociale » stay."""
    first = _FIRST_WORD.match(label)
    if first is None or (len(first[0]) > 1 and first[0].isupper()):
        return label
    return label[0].lower() + label[1:]


def _interval(fact: Fact, known: Known) -> str:
    unit = _UNITS[fact]
    low, high = int(known.low or 0), known.high
    if high == low:
        if fact is Fact.CHILD_AGE and low == 0:
            return "moins d’un an"
        if fact is Fact.CHILDREN and low == 0:
            return "aucun"
        return f"{low} {unit}".strip()
    for option in FACTS[fact].choices:
        if option.low == low and option.high == high:
            return inside_a_sentence(option.label)
    return f"{low} {unit} ou plus" if high is None else f"de {low} à {int(high)} {unit}".strip()
