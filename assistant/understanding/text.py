"""The form in which rules read a message: folded, numbers in digits, marks as spaces."""

from __future__ import annotations

import re

from text_to_num import alpha2digit

from knowledge_base.tokens import fold

_MARKS = re.compile(r"[’'`´\-_/()\"«»]+")
_SPACES = re.compile(r"[^\S\n]+")
#: « de 4 et 7 ans », « 4, 7 et 9 ans »: every number is an age.
_LISTED_AGES = re.compile(r"\b(\d{1,2})(?=(?:,? (?:et |, ?)?\d{1,2})* ?(?:,|et) ?\d{1,2} ans\b)")
#: The library leaves small numbers alone (« un » is also an article).
_DIGITS = {"deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6"}
_SMALL = re.compile(rf"\b({'|'.join(_DIGITS)})\b")
_THOUSANDS = re.compile(r"(?<=\d)[ .](?=\d{3}\b)")


def readable(text: str) -> str:
    """Return ``text`` as the rules of ``facts.yml`` expect it.

    Number words become digits (« quatre-vingt-deux » → « 82 »), « 1 200 » becomes « 1200 ».
    Commas and full stops stay: they end clauses.
    """
    with_digits = alpha2digit(text, "fr")
    plain = _SMALL.sub(lambda word: _DIGITS[word[0]], _MARKS.sub(" ", fold(with_digits)))
    plain = _SPACES.sub(" ", _THOUSANDS.sub("", plain)).strip()
    return _LISTED_AGES.sub(r"\1 ans", plain)
