"""Cutting a long message into parts: each may tell a need of its own.

One vector for a whole story is a vector for none of its needs. The parts are its sentences;
pairs of sentences were tried beside them and found nothing more (docs/adr/0004).
"""

from __future__ import annotations

import re

#: A shorter message is searched whole; what its clauses surely call for is added (docs/adr/0004).
MIN_WORDS = 45
_LEAST = 5  # words of a part; a shorter sentence goes with the next one
_MOST = 12  # parts searched, the first ones told
_CLAUSE = 3  # words of a clause; a shorter one goes with its neighbour
_BETWEEN = re.compile(r"[.!?…;,\n]+|\b(?:et|puis|aussi|mais|en plus)\b", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?…;])\s+|\n+")


def parts(message: str) -> list[str]:
    """Return the parts of a long ``message``, an empty list for a short one."""
    if len(message.split()) < MIN_WORDS:
        return []
    told = sentences(message)
    return told[:_MOST] if len(told) > 1 else []


def clauses(message: str) -> list[str]:
    """Return what a short ``message`` tells one thing after the other, or an empty list.

    « Trois loyers en retard et plus de mutuelle » tells two things.
    """
    if len(message.split()) >= MIN_WORDS:
        return []
    told: list[str] = []
    for clause in filter(str.strip, _BETWEEN.split(message)):
        if told and min(len(told[-1].split()), len(clause.split())) < _CLAUSE:
            told[-1] += " " + clause.strip()
        else:
            told.append(clause.strip())
    return told[:_MOST] if len(told) > 1 else []


def sentences(message: str) -> list[str]:
    """Return the sentences of ``message``; a very short one goes with its neighbour."""
    told: list[str] = []
    for sentence in filter(str.strip, _END.split(message)):
        if told and len(told[-1].split()) < _LEAST:
            told[-1] += " " + sentence
        else:
            told.append(sentence)
    if len(told) > 1 and len(told[-1].split()) < _LEAST:
        last = told.pop()
        told[-1] += " " + last
    return told
