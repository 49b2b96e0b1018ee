"""How hard the words of a card are: long sentences, acronyms that nobody explains."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge_base.models import Entry
from knowledge_base.passages import body

#: Words in a sentence, on average over one text: the rule of docs/catalogue.md.
LONGEST = 20
_END = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"\w")
_ACRONYM = re.compile(r"\b[A-ZÉ]{2,}[A-Za-z0-9]*\b")


def problems(entry: Entry, shared: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence, with file and field, for each text of ``entry`` that is hard to read.

    ``shared`` are the acronyms whose meaning is shown under the card.
    """
    for passage in body(entry):
        mean = mean_length(passage.text)
        if mean > LONGEST:
            yield (
                f"{entry.id}.yml : {passage.field} : phrases de {mean:.0f} mots : "
                f"{LONGEST} au plus, en moyenne"
            )
    for acronym, (field, text) in _first_uses(entry, shared).items():
        if acronym not in shared and not explains(text, acronym):
            yield (
                f"{entry.id}.yml : {field} : sigle sans explication « {acronym} » : "
                "l’expliquer entre parenthèses, ou l’ajouter à sigles.yml"
            )


def meanings(entry: Entry, shared: Mapping[str, str]) -> list[str]:
    """Return « MDS : maison départementale des solidarités » for each acronym to explain.

    These are the ones of ``shared`` that the card uses and does not explain itself.
    """
    return [
        f"{acronym} : {shared[acronym]}"
        for acronym, (_, text) in sorted(_first_uses(entry, shared).items())
        if acronym in shared and not explains(text, acronym)
    ]


def mean_length(text: str) -> float:
    """Return the mean number of words of the sentences of ``text``."""
    sentences = [sentence for sentence in _END.split(text) if _WORD.search(sentence)]
    words = [word for word in text.split() if _WORD.search(word)]
    return len(words) / max(len(sentences), 1)


def explains(text: str, acronym: str) -> bool:
    """Tell whether ``text`` says what ``acronym`` means.

    The ways to say it: « CCAS (centre communal d’action sociale) », « l’assurance maladie
    (CPAM) », « CSAPA, un centre de soins », « une ALD est une affection », « l’association
    ALVE » (a name). One word in brackets explains nothing: « MDPH (décision) ».
    """
    name = rf"\b{re.escape(acronym)}(?:\s41)?"
    return any(
        re.search(pattern, text)
        for pattern in (
            rf"{name}\s\((?!à vérifier|règle|valeur)[^()\s]+\s[^()]+\)",
            rf"[\w’]\s\((?:[^()]*[\s–-])?{name}\)",
            rf"{name}, (?:les?|la|l’|une?)\b",
            rf"{name} est (?:l[ea]|l’|une?)\b",
            rf"\bassociation {name}",
        )
    )


def _first_uses(entry: Entry, shared: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return each acronym of the card with the field and the text where it comes first.

    The title and the summary are read together; the provider comes last.
    """
    first, *rest = ((passage.field, passage.text) for passage in body(entry))
    texts = [(first[0], f"{entry.title}. {first[1]}"), *rest, ("provider", entry.provider)]
    uses: dict[str, tuple[str, str]] = {}
    for field, text in texts:
        words = set(re.findall(r"\w+", text))
        for acronym in {*_ACRONYM.findall(text), *(words & shared.keys())}:
            uses.setdefault(acronym, (field, text))
    return uses
