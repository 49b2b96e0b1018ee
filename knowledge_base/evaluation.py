"""Measures the search on messages that were not used to build it, beside simpler systems.

``python -m knowledge_base eval --set tune`` (to choose) or ``--set report`` (once, at the
end). Every figure comes with a 95 % bootstrap interval: with 300 messages, two points are
noise. A page under ``var/`` shows the errors one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from knowledge_base.catalogue import Catalogue
from knowledge_base.search import UNSURE
from knowledge_base.tokens import fold

Ranking = tuple[str, ...]
OUT_OF_SCOPE = "out_of_scope"
ORDINARY = "ordinary"
LONG = "long"
SEVERAL = "several"
#: The kinds of messages that tell several needs, and how many entries are looked at.
_TELLING = {LONG: "récits longs", SEVERAL: "messages à plusieurs besoins"}
_COVERED = (3, 5)
_DRAWS = 1000
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message; each need is the set of the entries that answer it."""

    id: str
    kind: str
    text: str
    needs: tuple[frozenset[str], ...]

    @property
    def accepted(self) -> frozenset[str]:
        """The entries that answer any of its needs."""
        return frozenset().union(*self.needs)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system gave for a message."""

    message: Message
    ranking: Ranking
    in_scope: float = 1.0

    @property
    def rank(self) -> int | None:
        """The rank, from 1, of the first right entry; None when it is not among them."""
        places = (i + 1 for i, entry in enumerate(self.ranking) if entry in self.message.accepted)
        return next(places, None)


def load_messages(path: Path) -> list[Message]:
    """Read a labelled set (``tests/quality/<set>/needs.yml``)."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    return [
        Message(one["id"], one["kind"], one["text"], tuple(map(frozenset, one["needs"])))
        for one in raw
    ]


def reciprocal(answer: Answer) -> float:
    """Return 1 / rank of the first right entry, 0 when it is not found."""
    return 0.0 if answer.rank is None else 1.0 / answer.rank


def within(limit: int) -> Callable[[Answer], float]:
    """Return the measure « a right entry is among the first ``limit`` »."""
    return lambda answer: float(answer.rank is not None and answer.rank <= limit)


def gain(answer: Answer) -> float:
    """Return nDCG@10; a need counts once, at its first answer."""
    left, total = list(answer.message.needs), 0.0
    for place, entry in enumerate(answer.ranking[:_DEPTH]):
        met = next((need for need in left if entry in need), None)
        if met is not None:
            left.remove(met)
            total += 1.0 / float(np.log2(place + 2))
    best = sum(1.0 / np.log2(place + 2) for place in range(len(answer.message.needs)))
    return float(total / best) if best else 0.0


def covered(answer: Answer, limit: int) -> float:
    """Return the share of the needs told that the first ``limit`` entries answer."""
    first = set(answer.ranking[:limit])
    return float(np.mean([bool(first & need) for need in answer.message.needs]))


MEASURES: Mapping[str, Callable[[Answer], float]] = {
    "Hit@1": within(1),
    "Hit@3": within(3),
    "Hit@5": within(5),
    "MRR": reciprocal,
    "nDCG@10": gain,
}


def interval(values: npt.NDArray[np.float64], seed: int = 7) -> tuple[float, float, float]:
    """Return the mean of ``values`` and its 95 % bootstrap interval."""
    generator = np.random.default_rng(seed)
    drawn = values[generator.integers(0, len(values), (_DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def table(answers: Sequence[Answer]) -> str:
    """Return one line of measures with their intervals, in %, for ``answers``."""
    cells = []
    for name, measure in MEASURES.items():
        mean, low, high = interval(np.array([measure(answer) for answer in answers]))
        cells.append(f"{name} {100 * mean:5.1f} [{100 * low:.0f}–{100 * high:.0f}]")
    return "  ".join(cells)


def asked(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers to the messages that some entry answers."""
    return [a for a in answers if a.message.kind != OUT_OF_SCOPE and a.message.needs]


def by_difficulty(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Return the answers in scope: all, ordinary, hard."""
    found = {"ensemble": asked(answers)}
    found["ordinaires"] = [a for a in found["ensemble"] if a.message.kind == ORDINARY]
    found["difficiles"] = [a for a in found["ensemble"] if a.message.kind != ORDINARY]
    return {name: some for name, some in found.items() if some}


def by_kind(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Return the answers in scope by the kind of their message, as they come."""
    found: dict[str, list[Answer]] = {}
    for answer in asked(answers):
        found.setdefault(answer.message.kind, []).append(answer)
    return found


def by_theme(answers: Sequence[Answer], known: Catalogue) -> dict[str, list[Answer]]:
    """Return the answers in scope by the theme of the first entry of their first need."""
    found: dict[str, list[Answer]] = {}
    for answer in asked(answers):
        first = min(answer.message.needs[0])
        theme = known.entries[first].themes[0].label if first in known.entries else "?"
        found.setdefault(theme, []).append(answer)
    return dict(sorted(found.items(), key=lambda item: fold(item[0])))


def groups(answers: Sequence[Answer], known: Catalogue) -> dict[str, list[Answer]]:
    """Return the answers in scope: all, ordinary, hard, then by kind and by theme."""
    kinds = {f"  {kind}": some for kind, some in by_kind(answers).items() if kind != ORDINARY}
    themes = {f"  thème : {theme}": some for theme, some in by_theme(answers, known).items()}
    return {**by_difficulty(answers), **kinds, **themes}


def lines(answers: Sequence[Answer], known: Catalogue, *, themes: bool) -> list[str]:
    """Return the report of one system, a line for each group (``themes``: theirs too)."""
    out = [
        f"{name:<42} {len(some):>4}  {table(some)}"
        for name, some in groups(answers, known).items()
        if themes or "thème" not in name
    ]
    return [*out, *coverage(answers)]


def coverage(answers: Sequence[Answer]) -> list[str]:
    """Return how many of the needs told come first, for each kind that tells several."""
    kinds = by_kind(answers)
    return [_coverage(label, kinds[kind]) for kind, label in _TELLING.items() if kind in kinds]


def _coverage(label: str, answers: Sequence[Answer]) -> str:
    cells = []
    for limit in _COVERED:
        shares = np.array([covered(answer, limit) for answer in answers])
        mean, low, high = (100 * part for part in interval(shares))
        cells.append(f"{limit} premières fiches {mean:.1f} % [{low:.0f}–{high:.0f}]")
    return f"besoins dits par les {label} ({len(answers)}), dans les {' ; '.join(cells)}"


def refusals(answers: Sequence[Answer]) -> list[str]:
    """Return how often « I am not sure » is said: rightly, then wrongly by kind of message."""
    kinds = by_kind(answers)
    outside = [a for a in answers if a.message.kind == OUT_OF_SCOPE]
    inside = [a for some in kinds.values() for a in some]
    told = ", ".join(f"{kind} {_unsure(some)}" for kind, some in kinds.items())
    return [
        *([f"hors sujet reconnus : {_unsure(outside)}"] if outside else []),
        *([f"vrais besoins renvoyés à « pas sûr » : {_unsure(inside)} ({told})"] if inside else []),
    ]


def _unsure(answers: Sequence[Answer]) -> str:
    return f"{sum(a.in_scope < UNSURE for a in answers)} sur {len(answers)}"


def errors(answers: Iterable[Answer]) -> list[Answer]:
    """Return the messages in scope whose first entry is not a right one, worst first."""
    wrong = [a for a in answers if a.message.kind != OUT_OF_SCOPE and a.rank != 1]
    return sorted(wrong, key=lambda answer: -(answer.rank or 99))
