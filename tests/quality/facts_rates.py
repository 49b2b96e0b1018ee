"""What is read of the facts that labelled messages tell: F1 with its interval, and the errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.knowledge import Knowledge
from knowledge_base.facts import Fact

_DRAWS, _SEED = 1000, 7


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, the facts that it tells and those that were read, by name."""

    id: str
    text: str
    expected: Mapping[str, object]
    found: Mapping[str, object]

    @property
    def right(self) -> int:
        """How many facts were read as they were told."""
        return sum(self.found.get(name) == value for name, value in self.expected.items())

    @property
    def wrong(self) -> int:
        """How many facts were read that were not told, or not so."""
        return len(self.found) - self.right

    @property
    def missed(self) -> int:
        """How many facts were told and not read, or read otherwise."""
        return len(self.expected) - self.right


def read(knowledge: Knowledge, messages: Sequence[Mapping[str, Any]], day: date) -> list[Reading]:
    """Read the facts of each of ``messages``, as on ``day``."""
    found = []
    for message in messages:
        facts = knowledge.facts.read(message["text"], day)
        plain = {
            fact.value: _plain(knowledge, fact, known)
            for fact, known in facts.items()
            if not known.approximate
        }
        found.append(Reading(message["id"], message["text"], message["facts"] or {}, plain))
    return found


def f1(readings: Sequence[Reading]) -> tuple[float, float, float]:
    """Return F1 and its 95 % interval, by 1 000 draws of the messages.

    A wrong value is both a miss and an error.
    """
    counts = np.array([(one.right, one.wrong, one.missed) for one in readings], dtype=np.float64)
    generator = np.random.default_rng(_SEED)
    drawn = counts[generator.integers(0, len(counts), (_DRAWS, len(counts)))].sum(axis=1)
    low, high = np.quantile(_f1(drawn), [0.025, 0.975])
    return float(_f1(counts.sum(axis=0))), float(low), float(high)


def _f1(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    twice = 2 * counts[..., 0]
    return np.asarray(twice / np.maximum(twice + counts[..., 1] + counts[..., 2], 1.0))


def _plain(knowledge: Knowledge, fact: Fact, known: Any) -> object:
    if fact is Fact.COMMUNE:
        commune = knowledge.communes.by_code(known.value)
        return commune.name if commune else None
    return known.value or (sorted(known.values) if known.values else int(known.low))
