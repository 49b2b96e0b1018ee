"""Noticing danger in what a person writes: recall first, with rules that a person can read.

The rules, texts and lines are in ``knowledge_base/data/urgences.yml``. A message is cut
into clauses, so that « je ne veux pas mourir, mais mon mari me tape » is not silenced by
its first half. Measured by the danger set of ``tests/quality``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge_base.catalogue import DATA, Catalogue, CatalogueError
from knowledge_base.facts import Fact
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Theme

_MARKS = re.compile(r"[’'`´\-_/()\"«»]+")
_SPACES = re.compile(r"\s+")
#: A clause ends at a mark or before a word that turns to something else.
_CLAUSES = re.compile(r"[.!?;:\n]+|,|\b(?:mais|par contre|sinon|en revanche)\b")


class DangerRule(BaseModel):
    """One kind of danger, as written in the data file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    text: str
    lines: tuple[str, ...]
    entries: tuple[str, ...]
    theme: Theme
    facts: dict[Fact, str] = {}
    discreet: bool = False
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger noticed: the rule's id and the rule."""

    id: str
    rule: DangerRule


@dataclass(frozen=True, slots=True)
class _Compiled:
    danger: Danger
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class DangerReader:
    """Finds dangers in a text; the order of the file is the order of the answer."""

    def __init__(self, rules: Mapping[str, DangerRule]) -> None:
        self.rules = rules
        self._compiled = tuple(
            _Compiled(Danger(name, rule), _compile(rule.patterns), _compile(rule.unless))
            for name, rule in rules.items()
        )

    def find(self, text: str) -> list[Danger]:
        """Return the dangers told by ``text``, the most pressing first."""
        clauses = list(_clauses(text))
        whole = " ".join(clauses)
        # The whole message is read too: « , » may cut « ma fille, il la frappe ».
        return [one.danger for one in self._compiled if _fires(one, [*clauses, whole])]


def load_dangers(catalogue: Catalogue, path: Path = DATA / "urgences.yml") -> DangerReader:
    """Read the rules and check their references. Raises CatalogueError."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules = {name: DangerRule.model_validate(values) for name, values in raw.items()}
    problems = [
        f"{path.name} : {name} : numéro inconnu « {line} »"
        for name, rule in rules.items()
        for line in rule.lines
        if line not in catalogue.lines
    ] + [
        f"{path.name} : {name} : fiche inconnue « {entry} »"
        for name, rule in rules.items()
        for entry in rule.entries
        if entry not in catalogue.entries
    ]
    if problems:
        raise CatalogueError(problems)
    return DangerReader(rules)


def _compile(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w)(?:{pattern})") for pattern in patterns)


def _clauses(text: str) -> Iterable[str]:
    for clause in _CLAUSES.split(fold(text)):
        clean = _SPACES.sub(" ", _MARKS.sub(" ", clause)).strip()
        if clean:
            yield clean


def _fires(rule: _Compiled, clauses: list[str]) -> bool:
    return any(
        any(pattern.search(clause) for pattern in rule.patterns)
        and not any(pattern.search(clause) for pattern in rule.unless)
        for clause in clauses
    )
