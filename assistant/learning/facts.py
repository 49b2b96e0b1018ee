"""Messages labelled with the facts they tell, drawn in batches.

``knowledge_base/data/faits/*.yml`` hold them. Only choices are learnt: numbers, sums and
communes are read by rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.reading import FACT_VALUES
from knowledge_base.catalogue import DATA
from knowledge_base.noise import noisy

_FOLDER = DATA / "faits"


class LabelError(Exception):
    """A label is not a choice of the closed list of facts."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message and the choices that it tells, as « fact=value »."""

    text: str
    values: frozenset[str]


def load_told(folder: Path = _FOLDER) -> list[Told]:
    """Read every train message. Raises LabelError."""
    return [
        Told(one["text"], _values(path.name, one))
        for path in sorted(folder.glob("*.yml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _values(file: str, one: dict[str, object]) -> frozenset[str]:
    facts = one.get("facts") or {}
    assert isinstance(facts, dict)  # noqa: S101
    found = frozenset(
        f"{fact}={value}"
        for fact, values in facts.items()
        for value in (values if isinstance(values, list) else [values])
    )
    unknown = found - set(FACT_VALUES)
    if unknown:
        raise LabelError(f"{file} : {sorted(unknown)} : {one['text']!r}")
    return found


class Sampler:
    """Draws messages; each comes once before any comes again."""

    def __init__(self, told: Sequence[Told], noise: float, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311
        self._told, self._noise = list(told), noise
        self._left: list[Told] = []

    def draw(self, count: int) -> Iterator[Told]:
        """Yield ``count`` messages, some written again as people type."""
        for _ in range(count):
            if not self._left:
                self._left = self._dice.sample(self._told, len(self._told))
            one = self._left.pop()
            if self._dice.random() < self._noise:
                one = Told(noisy(one.text, self._dice), one.values)
            yield one
