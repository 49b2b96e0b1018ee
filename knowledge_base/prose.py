"""What the words of a card may not hold: a number of the law, or a promise.

A threshold or an amount changes with the law, so it is written once, in ``montants.yml``,
and named in braces. What the words may hold is listed in ``_ALLOWED``; the guide for
editors, docs/catalogue.md, says the same in French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge_base.models import Entry, Line
from knowledge_base.passages import Passage, passages

#: Fields whose codes in braces are replaced before the card is shown; elsewhere a person
#: would read the code.
_FILLED = re.compile(r"^(summary|amount|steps\.\d+)$")
_REFERENCE = re.compile(r"\{[a-z0-9_]+\}")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
#: « 6 », « 6 à 18 », « 11-14 »: at most two figures, so that « 130 jours » stays a threshold.
_SMALL = r"(?<![\d.,])\d{1,2}(?:(?:\s(?:à|ou|et)\s|[-–])\d{1,2})?"
_ALLOWED = re.compile(
    "|".join(
        (
            r"\S*\w\.(?:fr|com|org|eu)\b\S*",  # web addresses
            rf"(?:1er|\d{{1,2}})\s(?:{_MONTHS})\b",  # days of the calendar
            r"(?<!\d)(?:19|20)\d\d(?:-(?:19|20)\d\d)?(?!\d|\s?(?:€|%|euro|heure|jour))",  # years
            r"(?:[Cc]erfa|n°)\s\d+",  # forms
            r"(?<!\d)(?:1?\d|2[0-4])\sh(?:\s[0-5]\d)?\b",  # times of the day
            rf"{_SMALL}\s(?:(?:premiers|derniers|dernières)\s)?"
            r"(?:ans?|mois|semaines?|jours?)\b",  # ages, durations and delays
            r"(?<!\d)(?:24|48)\sheures\b",
            r"(?<!\d)\d{1,2}(?:er|re|e)\b",  # ranks: « 3e mois »
            r"(?<!\d)100\s%",  # « à 100 % » is how people say « en entier »
            r"\b[A-Z][\w@]*\s41\b|\s41(?=\s\(|[),]|$)",  # the département in a name: « Udaf 41 »
            r"[A-Za-z]+\d+",  # names: « AV41 », « niveau A2 »
            r"Départ 18-25",
            r"Communauté 360",
            r"permis à un euro par jour",
        )
    )
)
_NUMBER = re.compile(r"\d(?:[\d\s.,]*\d)?(?:\s?(?:%|€|km\b))?|\beuros?\b|\bpour\s?cent\b|€|%")
_PROMISE = re.compile(
    r"\b(?:avez|aurez|auriez|avoir|a|as|ont|aura|auront)\s(?:(?!une?\b|le\b|du\b)[\w’]+\s){0,3}droit\b"
    r"|\bdonn(?:e|ent|era)\s(?:\w+\s)?droit\b"
    r"|\béligib\w+"
    r"|\bvous\s(?:toucherez|recevrez|percevrez|obtiendrez|bénéficierez)\b",
    re.IGNORECASE,
)


#: What an empty card holds where something is to be written.
TO_WRITE = "À ÉCRIRE"


def problems(entry: Entry, lines: Mapping[str, Line]) -> Iterator[str]:
    """Yield a sentence, with file and field, for each number and each promise in ``entry``.

    The numbers of the help lines that the card names may be said.
    """
    said = [lines[line].number for line in entry.lines if line in lines]
    for passage in passages(entry):
        where = f"{entry.id}.yml : {passage.field}"
        if TO_WRITE in passage.text:
            yield f"{where} : reste à écrire"
        for number in numbers(passage, said):
            yield (
                f"{where} : nombre dans le texte « {number} » : "
                "le mettre dans montants.yml et l’appeler entre accolades, ou l’écrire sans nombre"
            )
        if (code := _REFERENCE.search(passage.text)) and not _FILLED.match(passage.field):
            yield f"{where} : {code.group()} n’est remplacé que dans summary, amount et steps"
        if promise := _PROMISE.search(passage.text):
            yield (
                f"{where} : promesse « {promise.group()} » : "
                "dire « peut », « probable » ou « à vérifier »"
            )


def numbers(passage: Passage, said: list[str]) -> list[str]:
    """Return the numbers of ``passage`` that must not be there; ``said`` are allowed ones."""
    text = passage.text
    for number in said:
        text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", " ", text)
    return _NUMBER.findall(_ALLOWED.sub(" ", _REFERENCE.sub(" ", text)))
