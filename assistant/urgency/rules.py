"""The rules of danger, which a person can read: kinds, texts, lines, turns of phrase.

They are in ``knowledge_base/data/urgences.yml``. A message is cut into clauses, so that
« je ne veux pas mourir, mais mon mari me tape » is not silenced by its first half.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge_base.catalogue import DATA, Catalogue, CatalogueError
from knowledge_base.facts import Fact
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Theme

_MARKS = re.compile(r"[’'`´\-_/()\"«»]+")
_SPACES = re.compile(r"\s+")
SHORT = 8  # words: a longer message may deny one thing and tell another
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: A clause ends at a mark or before a word that turns to something else.
_CLAUSES = re.compile(r"[.!?;:\n]+|,|\b(?:mais|par contre|sinon|en revanche)\b")


class DangerRule(BaseModel):
    """One kind of danger, as written in the data file.

    ``text`` is the urgent card; ``hint`` one gentle line, for when danger is only possible.
    ``answers`` are the facts that tell this danger by themselves, with their values.
    ``reviewed_on`` is the day of the last reading of both texts, ``reviewed_by`` the role of
    who read them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    text: str
    hint: str
    reviewed_on: date
    reviewed_by: str
    lines: tuple[str, ...]
    hint_lines: tuple[str, ...] = ()  # those that ``hint`` names, filled in when it is read
    entries: tuple[str, ...]
    theme: Theme
    facts: dict[Fact, str] = {}
    answers: dict[Fact, tuple[str, ...]] = {}
    discreet: bool = False
    explains: tuple[str, ...] = ()  # kinds that the encoder hears in the same words
    patterns: tuple[str, ...]
    certain: tuple[str, ...] = ()  # patterns that need no second opinion
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger noticed: the rule's id and the rule; ``said`` unless only the encoder hears it."""

    id: str
    rule: DangerRule
    said: bool = True


@dataclass(frozen=True, slots=True)
class _Compiled:
    danger: Danger
    patterns: tuple[re.Pattern[str], ...]
    certain: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class RuleReader:
    """Finds dangers in a text by the rules alone, in the order of the file."""

    def __init__(self, rules: Mapping[str, DangerRule]) -> None:
        self.rules = rules
        self._compiled = tuple(
            _Compiled(
                Danger(name, rule),
                _compile((*rule.patterns, *rule.certain)),
                _compile(rule.certain),
                _compile(rule.unless),
            )
            for name, rule in rules.items()
        )

    def find(self, text: str) -> list[Danger]:
        """Return the dangers that the rules find in ``text``, the most pressing first."""
        read = _readings(text)
        return [one.danger for one in self._compiled if _fires(one.patterns, one.unless, read)]

    def certain(self, text: str) -> set[str]:
        """Return the dangers told in ``text`` by a turn that can mean nothing else."""
        read = _readings(text)
        return {one.danger.id for one in self._compiled if _fires(one.certain, one.unless, read)}

    def denied(self, text: str) -> set[str]:
        """Return the dangers that a short ``text`` denies: « je ne veux pas mourir »."""
        read = whole(text)
        if len(read.split()) > SHORT:
            return set()
        return {
            one.danger.id
            for one in self._compiled
            if any(pattern.search(read) for pattern in one.unless)
        }


def load_rules(catalogue: Catalogue, path: Path = DATA / "urgences.yml") -> dict[str, DangerRule]:
    """Read the rules, fill in the numbers and check every reference. Raises CatalogueError."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules = {name: DangerRule.model_validate(values) for name, values in raw.items()}
    problems = [
        f"{path.name} : {name} : {problem}"
        for name, rule in rules.items()
        for problem in (*_problems(rule, catalogue), *_unknown_kinds(rule, rules))
    ]
    if problems:
        raise CatalogueError(problems)
    return {name: _with_numbers(rule, catalogue) for name, rule in rules.items()}


def _problems(rule: DangerRule, catalogue: Catalogue) -> Iterable[str]:
    yield from (f"numéro inconnu « {one} »" for one in rule.lines if one not in catalogue.lines)
    yield from (f"fiche inconnue « {one} »" for one in rule.entries if one not in catalogue.entries)
    for text in (rule.text, rule.hint):
        named = _PLACEHOLDER.findall(text)
        yield from (f"« {one} » n’est pas dans « lines »" for one in named if one not in rule.lines)
        if re.search(r"\d", _PLACEHOLDER.sub("", text)):
            yield "un nombre est écrit dans le texte : nommez le numéro entre accolades"


def _unknown_kinds(rule: DangerRule, rules: Mapping[str, DangerRule]) -> Iterable[str]:
    yield from (f"danger inconnu « {one} »" for one in rule.explains if one not in rules)


def _with_numbers(rule: DangerRule, catalogue: Catalogue) -> DangerRule:
    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: catalogue.lines[found[1]].number, text)

    return rule.model_copy(
        update={
            "text": filled(rule.text),
            "hint": filled(rule.hint),
            "hint_lines": tuple(_PLACEHOLDER.findall(rule.hint)),
        }
    )


def _compile(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w)(?:{pattern})") for pattern in patterns)


def _clauses(text: str) -> Iterable[str]:
    for clause in _CLAUSES.split(fold(text)):
        clean = _SPACES.sub(" ", _MARKS.sub(" ", clause)).strip()
        if clean:
            yield clean


def whole(text: str) -> str:
    """Return ``text`` as the rules read it: folded, without its marks."""
    return " ".join(_clauses(text))


def _readings(text: str) -> list[str]:
    """Return the clauses and the whole: « , » may cut « ma fille, il la frappe »."""
    return [*_clauses(text), whole(text)]


def _fires(
    patterns: Iterable[re.Pattern[str]], unless: Iterable[re.Pattern[str]], read: list[str]
) -> bool:
    return any(
        any(pattern.search(clause) for pattern in patterns)
        and not any(pattern.search(clause) for pattern in unless)
        for clause in read
    )
