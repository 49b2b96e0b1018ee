"""What a text must hold for a pattern to be worth trying: most patterns are skipped unread.

A message is read by hundreds of patterns, and each one asks for words that few messages hold.
Looking for a word is far quicker than matching a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

#: The way ``re`` reads a pattern; without it, every pattern is tried.
_PARSER: Any = getattr(re, "_parser", None)
#: More words than that take longer to look for than the pattern.
_MOST = 40


def needles(pattern: str) -> tuple[str, ...]:
    """Return strings of which every text that ``pattern`` matches holds at least one.

    Empty when nothing is sure: the pattern must then be tried on every text.
    """
    if _PARSER is None:
        return ()
    found = _of_all(_PARSER.parse(pattern))
    if found is None or len(found) > _MOST:
        return ()
    return tuple(sorted(one for one in found if not any(o != one and o in one for o in found)))


def _of_all(nodes: Iterable[Any]) -> frozenset[str] | None:
    """Return the best strings among those of nodes that must all match."""
    sure: list[frozenset[str]] = []
    run = ""
    for kind, value in nodes:
        name = str(kind)
        if name == "LITERAL":
            run += chr(value)
            continue
        if run:
            sure.append(frozenset({run}))
            run = ""
        inside = _of_one(name, value)
        if inside is not None:
            sure.append(inside)
    if run:
        sure.append(frozenset({run}))
    return max(sure, key=_worth, default=None)


def _of_one(name: str, value: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _of_all(value[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] >= 1:
        return _of_all(value[-1])
    if name == "BRANCH":
        ways = [_of_all(way) for way in value[1]]
        known = [way for way in ways if way is not None]
        return frozenset().union(*known) if len(known) == len(ways) else None
    return None


def _worth(strings: frozenset[str]) -> float:
    """Long strings are rare in a text, and few are quickly looked for."""
    shortest = min(len(one.strip()) for one in strings)
    return min(shortest, 6) - len(strings) / 10
