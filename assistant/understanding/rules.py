"""The rules of ``rules/*.yml``: how people say the choices of a fact, compiled once.

A file gives, for each fact, an ordered list of values and the regular expressions that tell
each one, read on the text of ``text.read``. The first value of the list wins for a single
choice; a value may come back lower in the list for weaker signs. ``<word>`` in a pattern is a
shorthand of ``shorthands.yml``. A pattern may begin with:

- ``!as_is``: what is wished or supposed around it does not change what it says, nor does a
  negation when it holds one itself;
- ``!event``: it happened once and still holds, told of the past or not: « j’ai été licencié »;
- ``!me``: it is said of the person who writes, whoever it names;
- ``!mine``: it counts only when it is said of the person who writes;
- ``!stranger``: it does not count when it is said of family: « mes parents m’ont mis dehors »;
- ``!them``: it is said of the person named right after it.

A value may be ``recognised|not_recognised``: one of the two, which is not said.
``when_denied`` is the value told by the denial of any pattern of the fact, and ``only_now``
ignores what is told of the past, wished or still to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.understanding import clauses
from assistant.understanding.needles import needles
from assistant.understanding.people import Person, Role, Track
from knowledge_base.facts import FACTS, YES, Fact, Kind

FOLDER = Path(__file__).with_name("rules")
SHORTHANDS = "shorthands.yml"
#: Between the values of which one is told, no matter which.
EITHER = "|"
_TAG = re.compile(r"^!(as_is|event|me|mine|them|stranger) ")
_SHORTHAND = re.compile(r"<([a-z]\w*)>")
#: « il va me mettre dehors » is told of me, whoever does it.
_ABOUT_ME = re.compile(r"\b(?<!chez )(?<!avec )(?:me|m|nous)\b")
_DENIES = re.compile(r"\b(?:pas|plus|jamais|sans|aucune?|ni|zero|non|peux|peut|nulle|ne|n)\b")
#: « je ne m’occupe pas de ma tante »: the gap of a pattern holds the denial.
_DENIED_WITHIN = re.compile(r"\b(?:pas|plus|jamais)\b(?! (?:que|seulement|mal)\b)")
#: What is told by a denial counts after everything told plainly.
_DENIED_RANK = 100
#: Facts that a doubt leaves to be asked.
_LEFT_TO_ASK = frozenset(
    fact for fact, known in FACTS.items() if YES in {choice.value for choice in known.choices}
) | {Fact.DISABILITY}
_FAMILY = frozenset({Role.PARTNER, Role.PARENT, Role.CHILD, Role.RELATIVE, Role.EX})
_FOR_OTHERS = re.compile(r"\b(?:pour|aux?|les|des) (?:personnes?|gens|jeunes|public|publics) $")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something read in a message: a value of a fact, where, and whom it is said of.

    ``rank`` orders the values of a single choice, the lowest wins. What is ``doubted`` says whom
    the message is about, and is left to be asked.
    """

    fact: Fact
    start: int
    end: int
    owner: Person | None
    value: str = ""
    low: float | None = None
    high: float | None = None
    rank: int = 0
    denied: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A pattern, tried only on a text that holds one of ``needles``."""

    pattern: re.Pattern[str]
    needles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The ways to tell ``value`` of ``fact``; at the same place, the first one is read."""

    fact: Fact
    value: str
    ways: tuple[Way, ...]
    rank: int
    tag: str = ""
    when_denied: str = ""
    only_now: bool = False


def load_rules(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Compile every rule of ``folder``.

    Raises ValueError for an unknown fact, value, tag or shorthand, or a wrong pattern.
    """
    raw = yaml.safe_load((folder / SHORTHANDS).read_text(encoding="utf-8"))
    shorthands: dict[str, str] = {}
    for name, pattern in raw.items():
        shorthands[name] = f"(?:{_expanded(pattern, shorthands)})"
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.yml")):
        if path.name != SHORTHANDS:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            for name, definition in content.items():
                rules.extend(_rules_of(path.name, name, definition, shorthands))
    return tuple(rules)


def _rules_of(
    file: str, name: str, definition: Mapping[str, Any], shorthands: Mapping[str, str]
) -> Iterator[Rule]:
    try:
        fact = Fact(name)
    except ValueError:
        raise ValueError(f"{file} : fait inconnu {name!r}") from None
    known = {choice.value for choice in FACTS[fact].choices}
    when_denied = definition.get("when_denied", "")
    if when_denied and when_denied not in known:
        raise ValueError(f"{file} : {name} : valeur inconnue {when_denied!r}")
    for rank, entry in enumerate(definition["values"]):
        ((value, patterns),) = entry.items()
        if not set(value.split(EITHER)) <= known:
            raise ValueError(f"{file} : {name} : valeur inconnue {value!r}")
        for tag, group in _by_tag(patterns).items():
            try:
                ways = tuple(_way(_expanded(pattern, shorthands)) for pattern in group)
            except re.error as error:
                raise ValueError(f"{file} : {name} : {value} : {error}") from error
            only_now = bool(definition.get("only_now"))
            yield Rule(fact, value, ways, rank, tag, when_denied, only_now)


def _way(pattern: str) -> Way:
    return Way(re.compile(rf"\b(?:{pattern})(?!\w)"), needles(pattern))


def _by_tag(patterns: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for pattern in patterns:
        tag = _TAG.match(pattern)
        if pattern.startswith("!") and tag is None:
            raise ValueError(f"marque inconnue : {pattern}")
        key, body = (tag[1], pattern[tag.end() :]) if tag else ("", pattern)
        groups.setdefault(key, []).append(body)
    return groups


def _expanded(pattern: str, shorthands: Mapping[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match[1] not in shorthands:
            raise ValueError(f"raccourci inconnu <{match[1]}> dans {pattern}")
        return shorthands[match[1]]

    return _SHORTHAND.sub(replaced, pattern)


def matches(
    rules: tuple[Rule, ...], track: Track, sentences: clauses.Sentences
) -> Iterator[Finding]:
    """Return everything that the rules read in a message."""
    text = track.text
    for rule in rules:
        for match in in_order(rule.ways, text):
            finding = _finding(rule, match, track, sentences)
            if finding is not None:
                yield finding
                if FACTS[rule.fact].kind is Kind.CHOICES:
                    break


def in_order(ways: tuple[Way, ...], text: str) -> Iterator[re.Match[str]]:
    """Yield what the ways match, from left to right, where nothing was matched yet."""
    tried = [
        way.pattern
        for way in ways
        if not way.needles or any(needle in text for needle in way.needles)
    ]
    found = [
        (match.start(), at, match) for at, one in enumerate(tried) if (match := one.search(text))
    ]
    while found:
        match = min(found)[2]
        yield match
        end = match.end()
        for i in range(len(found) - 1, -1, -1):
            start, at, _ = found[i]
            if start >= end:
                continue
            after = tried[at].search(text, end)
            if after is None:
                del found[i]
            else:
                found[i] = (after.start(), at, after)


def _finding(
    rule: Rule, match: re.Match[str], track: Track, sentences: clauses.Sentences
) -> Finding | None:
    text, start, end = track.text, match.start(), match.end()
    if sentences.impersonal(start) or _FOR_OTHERS.search(text[max(0, start - 30) : start]):
        return None
    told = _told(rule, match, text)
    if told is None:
        return None
    owner = track.owner(start)
    if rule.tag == "mine" and owner not in (None, track.me):
        return None
    if rule.tag == "stranger" and owner is not None and owner.role in _FAMILY:
        return None
    if rule.tag == "them":
        owner = track.owner(end)
    elif rule.tag == "me" or _ABOUT_ME.search(text, max(0, start - 6), end):
        owner = track.me
    denied = told != rule.value
    rank = rule.rank + (_DENIED_RANK if denied else 0)
    doubted = rule.fact in _LEFT_TO_ASK and clauses.doubted(text, start, end)
    return Finding(rule.fact, start, end, owner, told, rank=rank, denied=denied, doubted=doubted)


def _told(rule: Rule, match: re.Match[str], text: str) -> str | None:
    """Return the value that a match tells where it stands, or None."""
    start, end = match.span()
    if clauses.unknown(text, start):
        return None
    only_now = rule.only_now and rule.tag != "event"
    past = only_now and clauses.over(text, start, end)
    if rule.tag == "as_is":
        denied = not _DENIES.search(match[0]) and clauses.denied(text, start, end)
        return None if denied or past else rule.value
    if clauses.denied(text, start, end) or (rule.when_denied and _DENIED_WITHIN.search(match[0])):
        return rule.when_denied or None
    if past or clauses.supposed(text, start) or clauses.generic(text, start):
        return None
    return None if only_now and clauses.to_come(text, start) else rule.value
