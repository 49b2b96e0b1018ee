"""Searching the catalogue: a message in, the entries that may answer it out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base import index as index_module
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.fusion import (
    Evidence,
    Scores,
    entry_features,
    fuse_parts,
    lift_called,
    scope_features,
)
from knowledge_base.holdout import compared
from knowledge_base.index import Index
from knowledge_base.parts import clauses, parts
from knowledge_base.tokens import fold

#: Below this probability that some entry answers (``Hit.in_scope``) the assistant says that
#: it is not sure. Tune, 28 November 2026: 5 of 763 needs refused, 28 of 36 other messages seen.
UNSURE = 0.7
#: From this probability on that an entry is the one, some entry answers: « je ne sais pas lire »
#: looks like small talk, and like a single card.
_THE_ONE = 0.8
#: Added to the fused score of an entry whose very name or acronym is the whole message.
_NAMED = 3.0
_DEPARTEMENT = "departement-41"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found. ``score`` is the probability that it answers, from 0 to 1;
    ``rank_score`` the fused score that orders the hits (higher is better); ``because`` the
    situation of the entry that is nearest to the message; ``in_scope`` the probability that
    some entry answers, the same for all the hits of a message."""

    entry_id: str
    score: float
    rank_score: float
    because: str | None = None
    in_scope: float = 1.0


class Searcher:
    """The index with the encoders it was made with; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, index: Index, encoders: Sequence[Encoder]) -> None:
        self.catalogue = catalogue
        self._index = index
        self._encoders = tuple(encoders)
        entries = [catalogue.entries[entry_id] for entry_id in index.manifest.entries]
        self._territories = [entry.territory for entry in entries]
        self._called: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for name in {_plain(keyword) for keyword in entry.keywords}:
                self._called[name].append(number)

    @classmethod
    def open(cls, folder: Path, catalogue: Catalogue, encoders: Sequence[Encoder]) -> Searcher:
        """Load the index of ``folder``. Raises StaleIndex."""
        return cls(catalogue, index_module.load(folder, catalogue, encoders), encoders)

    def search(
        self, query: str, limit: int = 10, commune: str | None = None, *, explain: bool = False
    ) -> list[Hit]:
        """Return at most ``limit`` entries, best first.

        ``commune`` (code INSEE) leaves out what is reserved to another territory;
        ``explain`` fills ``because``.
        """
        if not query.strip():
            return []
        whole, fused, vector = self._look(query)
        named = self._called.get(_plain(query), [])
        fused[named] += _NAMED
        served = np.array([_serves(territory, commune) for territory in self._territories])
        order = np.argsort(-np.where(served, fused, -np.inf))[:limit]
        order = order[served[order]]
        scope = self._index.learnt.in_scope.probability(scope_features(whole, fused))
        right = self._index.learnt.right_entry.probability(entry_features(whole, fused)[order])
        the_one = float(right.max(initial=0.0))
        in_scope = 1.0 if named else max(float(scope[0]), the_one if the_one >= _THE_ONE else 0.0)
        ids = self._index.manifest.entries
        return [
            Hit(
                ids[entry],
                in_scope * float(score),
                float(fused[entry]),
                self._because(vector, int(entry)) if explain else None,
                in_scope,
            )
            for entry, score in zip(order, right, strict=True)
        ]

    def _look(self, query: str) -> tuple[Evidence, Scores, Vectors]:
        """Return the evidence of the whole query, the fused scores, its first vector [1, d]."""
        # A long story is searched whole and in parts: every need it tells must come up.
        told, said = parts(query), clauses(query)
        first = self._encoders[0].encode_query([query, *told, *said])
        others = [encoder.encode_query([query, *told]) for encoder in self._encoders[1:]]
        whole, *of_parts = self._index.evidence(
            [query, *told], [rows[: 1 + len(told)] for rows in (first, *others)]
        )
        called = [self._index.called(text, first[i : i + 1]) for i, text in enumerate(said, 1)]
        return whole, lift_called(fuse_parts(whole, of_parts), called), first[:1]

    def evidence(self, query: str) -> Evidence:
        """Return the signals of the whole ``query``, to measure each of them alone."""
        (found,) = self._index.evidence(
            [query], [one.encode_query([query]) for one in self._encoders]
        )
        return found

    def _because(self, vector: Vectors, entry: int) -> str | None:
        number = self._index.dense[0].nearest_situation(vector, entry)
        entry_id = self._index.manifest.entries[entry]
        return None if number is None else compared(self.catalogue.sayings[entry_id])[number]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _serves(territory: str | tuple[str, ...], commune: str | None) -> bool:
    if commune is None or (isinstance(territory, str) and territory in ("france", "region-24")):
        return True
    if territory == _DEPARTEMENT:
        return commune.startswith("41")
    return commune in territory
