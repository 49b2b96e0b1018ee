"""Searching the catalogue: a message in, the entries that may answer it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base import index as index_module
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.fusion import features, fuse
from knowledge_base.index import Index

#: Below this sum of the probabilities of the first three entries the assistant says that it
#: is not sure: on the tune set it refuses 3 real needs in 1 000 (docs/adr/0004).
UNSURE = 0.2
_DEPARTEMENT = "departement-41"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found. ``score`` is the probability that it answers, from 0 to 1;
    ``rank_score`` the fused score that orders the hits (higher is better); ``because`` the
    situation of the entry that is nearest to the message."""

    entry_id: str
    score: float
    rank_score: float
    because: str | None = None


class Searcher:
    """The index with the encoders it was made with; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, index: Index, encoders: Sequence[Encoder]) -> None:
        self.catalogue = catalogue
        self._index = index
        self._encoders = tuple(encoders)
        entries = [catalogue.entries[entry_id] for entry_id in index.manifest.entries]
        self._territories = [entry.territory for entry in entries]

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
        vectors = [encoder.encode_query([query]) for encoder in self._encoders]
        signals = self._index.signals(query, vectors)
        fused = fuse(signals)
        served = np.array([_serves(territory, commune) for territory in self._territories])
        order = np.argsort(-np.where(served, fused, -np.inf))[:limit]
        order = order[served[order]]
        probability = self._index.calibration.probability(features(signals, fused)[order])
        ids = self._index.manifest.entries
        return [
            Hit(
                ids[entry],
                float(score),
                float(fused[entry]),
                self._because(vectors[0], int(entry)) if explain else None,
            )
            for entry, score in zip(order, probability, strict=True)
        ]

    def _because(self, vector: Vectors, entry: int) -> str | None:
        number = self._index.dense[0].nearest_situation(vector, entry)
        entry_id = self._index.manifest.entries[entry]
        return None if number is None else self.catalogue.sayings[entry_id][number]


def _serves(territory: str | tuple[str, ...], commune: str | None) -> bool:
    if commune is None or (isinstance(territory, str) and territory in ("france", "region-24")):
        return True
    if territory == _DEPARTEMENT:
        return commune.startswith("41")
    return commune in territory
