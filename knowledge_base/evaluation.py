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
from knowledge_base.encoder import Encoder
from knowledge_base.search import UNSURE, Hit, Searcher
from knowledge_base.tokens import fold

Ranking = tuple[str, ...]
OUT_OF_SCOPE = "out_of_scope"
ORDINARY = "ordinary"
LONG = "long"
_DRAWS = 1000
_DEPTH = 10
_GRAM = 4  # words of the n-grams that a copy would share
#: A message is a near copy of a saying when it shares this part of its 4-grams, or this
#: cosine for the encoder that knows nothing of the catalogue.
COPY_GRAMS, COPY_COSINE = 0.5, 0.95


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


def covered(answer: Answer) -> float:
    """Return the share of the needs told that the first five entries answer."""
    first = set(answer.ranking[:5])
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


def run_system(searcher: Searcher, messages: Sequence[Message]) -> list[Answer]:
    """Return what the search of the service gives."""
    answers = []
    for message in messages:
        hits: list[Hit] = searcher.search(message.text, _DEPTH)
        scope = hits[0].in_scope if hits else 0.0
        answers.append(Answer(message, tuple(hit.entry_id for hit in hits), scope))
    return answers


def run_signals(
    searcher: Searcher, messages: Sequence[Message], signals: Mapping[str, str]
) -> dict[str, list[Answer]]:
    """Return what each signal of the search gives alone, by the label of ``signals``."""
    ids = list(searcher.catalogue.entries)
    found: dict[str, list[Answer]] = {label: [] for label in signals.values()}
    for message in messages:
        evidence = searcher.evidence(message.text)
        for signal, label in signals.items():
            order = np.argsort(-evidence.signals[signal])[:_DEPTH]
            found[label].append(Answer(message, tuple(ids[int(i)] for i in order)))
    return found


def run_encoder(
    encoder: Encoder, known: Catalogue, messages: Sequence[Message], best: int = 3
) -> list[Answer]:
    """Return what an ``encoder`` alone gives: the mean of the ``best`` nearest sayings."""
    ids = list(known.entries)
    query = encoder.encode_query([message.text for message in messages])
    columns = []
    for entry_id in ids:
        cosines = np.sort(query @ encoder.encode_query(list(known.sayings[entry_id])).T, axis=1)
        columns.append(cosines[:, -best:].mean(axis=1))
    order = np.argsort(-np.stack(columns, axis=1), axis=1)[:, :_DEPTH]
    return [
        Answer(message, tuple(ids[int(i)] for i in row))
        for message, row in zip(messages, order, strict=True)
    ]


def table(answers: Sequence[Answer]) -> str:
    """Return one line of measures with their intervals, in %, for ``answers``."""
    cells = []
    for name, measure in MEASURES.items():
        mean, low, high = interval(np.array([measure(answer) for answer in answers]))
        cells.append(f"{name} {100 * mean:5.1f} [{100 * low:.0f}–{100 * high:.0f}]")
    return "  ".join(cells)


def groups(answers: Sequence[Answer], known: Catalogue) -> dict[str, list[Answer]]:
    """Return the answers in scope: all, ordinary, hard, then by kind and by theme."""
    asked = [a for a in answers if a.message.kind != OUT_OF_SCOPE and a.message.needs]
    found: dict[str, list[Answer]] = {"ensemble": asked}
    found["ordinaires"] = [a for a in asked if a.message.kind == ORDINARY]
    found["difficiles"] = [a for a in asked if a.message.kind != ORDINARY]
    for kind in sorted({a.message.kind for a in asked} - {ORDINARY}):
        found[f"  {kind}"] = [a for a in asked if a.message.kind == kind]
    by_theme: dict[str, list[Answer]] = {}
    for answer in asked:
        first = min(answer.message.needs[0])
        theme = known.entries[first].themes[0].label if first in known.entries else "?"
        by_theme.setdefault(f"  thème : {theme}", []).append(answer)
    return {
        name: some for name, some in {**found, **dict(sorted(by_theme.items()))}.items() if some
    }


def lines(answers: Sequence[Answer], known: Catalogue, *, themes: bool) -> list[str]:
    """Return the report of one system, a line for each group (``themes``: theirs too)."""
    out = [
        f"{name:<42} {len(some):>4}  {table(some)}"
        for name, some in groups(answers, known).items()
        if themes or "thème" not in name
    ]
    told = [a for a in answers if a.message.kind == LONG]
    if told:
        mean, low, high = interval(np.array([covered(answer) for answer in told]))
        out.append(
            f"besoins des récits longs dans les 5 premières fiches : "
            f"{100 * mean:.1f} % [{100 * low:.0f}–{100 * high:.0f}]"
        )
    return out


def refusals(answers: Sequence[Answer]) -> str:
    """Return how often « I am not sure » is said, rightly and wrongly."""
    outside = [a.in_scope < UNSURE for a in answers if a.message.kind == OUT_OF_SCOPE]
    inside = [a.in_scope < UNSURE for a in answers if a.message.kind != OUT_OF_SCOPE]
    if not outside or not inside:
        return "hors sujet : aucun message dans ce jeu"
    return (
        f"hors sujet reconnus : {100 * np.mean(outside):.0f} % "
        f"({sum(outside)} sur {len(outside)}) ; "
        f"vrais besoins renvoyés à « pas sûr » : {100 * np.mean(inside):.1f} %"
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """A message and the saying it is nearest to."""

    message: str
    saying: str
    grams: float
    cosine: float

    @property
    def near(self) -> bool:
        """Whether it is a near copy."""
        return self.grams >= COPY_GRAMS or self.cosine >= COPY_COSINE


def overlap(encoder: Encoder, sayings: Sequence[str], messages: Sequence[Message]) -> list[Copy]:
    """Return, for each message, how near it is to the saying that is nearest to it.

    ``encoder`` must not have been trained on the sayings.
    """
    told = encoder.encode_query(list(sayings))
    asked = encoder.encode_query([message.text for message in messages])
    grams = [_grams(saying) for saying in sayings]
    found = []
    for message, vector in zip(messages, asked, strict=True):
        cosines = told @ vector
        mine = _grams(message.text)
        shared = [len(mine & other) / len(mine) if mine else 0.0 for other in grams]
        worst = int(np.argmax(shared)) if max(shared) >= COPY_GRAMS else int(np.argmax(cosines))
        found.append(Copy(message.id, sayings[worst], max(shared), float(cosines.max())))
    return found


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text).replace("’", " ").replace("'", " ").split()
    return frozenset(tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1))


def errors(answers: Iterable[Answer]) -> list[Answer]:
    """Return the messages in scope whose first entry is not a right one, worst first."""
    wrong = [a for a in answers if a.message.kind != OUT_OF_SCOPE and a.rank != 1]
    return sorted(wrong, key=lambda answer: -(answer.rank or 99))
