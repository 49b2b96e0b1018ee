"""Searching the catalogue: a message in, the entries that may answer it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base import index as index_module
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import Encoder
from knowledge_base.fusion import features, fuse
from knowledge_base.index import Index

#: Below this probability for the best entry the assistant says that it is not sure.
#: Measured on situations and off-topic messages the index had not seen: see ADR 0004.
UNSURE = 0.35
_DEPARTEMENT = "departement-41"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found. ``score`` is the probability that it answers, from 0 to 1;
    ``rank_score`` the fused score that orders the hits (higher is better)."""

    entry_id: str
    score: float
    rank_score: float


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

    def search(self, query: str, limit: int = 10, commune: str | None = None) -> list[Hit]:
        """Return at most ``limit`` entries, best first.

        ``commune`` (code INSEE) leaves out what is reserved to another territory.
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
            Hit(ids[entry], float(score), float(fused[entry]))
            for entry, score in zip(order, probability, strict=True)
        ]


def _serves(territory: str | tuple[str, ...], commune: str | None) -> bool:
    if commune is None or (isinstance(territory, str) and territory in ("france", "region-24")):
        return True
    if territory == _DEPARTEMENT:
        return commune.startswith("41")
    return commune in territory
