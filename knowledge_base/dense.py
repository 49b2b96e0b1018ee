"""Dense index: one FAISS vector per view of an entry (title, summary, each situation).

Vectors are normalised, centred on the mean of the catalogue and normalised again: the
common part of all sentences about social rights says nothing (+7 points, design §7). An
entry is scored by the mean of its best three situations, not by its best one: short
aliases attract everything.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Encoder, Vectors, unit

Scores = npt.NDArray[np.float32]
BEST_SITUATIONS = 3
#: Views looked at for a query; all of them in a catalogue of a few hundred entries.
DEPTH = 4096


class DenseIndex:
    """Views of the entries for one encoder.

    ``owners`` int32 [views] is the entry of each view; ``general`` bool [views] tells the
    title and summary from the situations.
    """

    def __init__(
        self,
        index: faiss.Index,
        mean: Vectors,
        owners: npt.NDArray[np.int32],
        general: npt.NDArray[np.bool_],
        entries: int,
    ) -> None:
        self.index = index
        self.mean = mean
        self.owners = owners
        self.general = general
        self.entries = entries

    @classmethod
    def build(
        cls,
        vectors: Vectors,
        owners: npt.NDArray[np.int32],
        general: npt.NDArray[np.bool_],
        entries: int,
    ) -> DenseIndex:
        """Index float32 [views, d] ``vectors`` of unit length."""
        mean = vectors.mean(axis=0, keepdims=True).astype(np.float32)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(unit(vectors - mean))
        return cls(index, mean, owners, general, entries)

    def centre(self, vectors: Vectors) -> Vectors:
        """Return query vectors float32 [n, d] moved as the views were."""
        return unit(vectors - self.mean)

    def scores(self, query: Vectors) -> tuple[Scores, Scores]:
        """Return (situations, general) float32 [entries] cosines for one centred query [1, d]."""
        found, views = self.index.search(query, min(DEPTH, self.index.ntotal))
        cosines, views = found[0], views[0]
        owners, general = self.owners[views], self.general[views]
        floor = float(cosines[-1])
        return (
            _best(cosines[~general], owners[~general], self.entries, BEST_SITUATIONS, floor),
            _best(cosines[general], owners[general], self.entries, 1, floor),
        )

    def nearest_situation(self, query: Vectors, entry: int) -> int | None:
        """Return the rank, among the situations of ``entry``, of the nearest to ``query``."""
        views = np.flatnonzero((self.owners == entry) & ~self.general)
        if not len(views):
            return None
        stored = np.stack([self.index.reconstruct(int(view)) for view in views])
        return int(np.argmax(stored @ self.centre(query)[0]))

    def save(self, folder: Path, name: str) -> None:
        """Write the index as ``name``.faiss and ``name``.npz under ``folder``."""
        faiss.write_index(self.index, str(folder / f"{name}.faiss"))
        np.savez(folder / f"{name}.npz", mean=self.mean, owners=self.owners, general=self.general)

    @classmethod
    def load(cls, folder: Path, name: str, entries: int) -> DenseIndex:
        """Read an index written by ``save``, memory-mapped: copies of the service share it."""
        index = faiss.read_index(str(folder / f"{name}.faiss"), faiss.IO_FLAG_MMAP_IFC)
        arrays = np.load(folder / f"{name}.npz")
        return cls(index, arrays["mean"], arrays["owners"], arrays["general"], entries)


def _best(
    cosines: Scores, owners: npt.NDArray[np.int32], entries: int, count: int, floor: float
) -> Scores:
    """Return the mean of the ``count`` best cosines of each entry; missing ones are ``floor``.

    ``cosines`` come in falling order, so the first of an owner is its best.
    """
    best = np.full((entries, count), floor, dtype=np.float32)
    order = np.argsort(owners, kind="stable")
    sorted_owners = owners[order]
    starts = np.flatnonzero(np.r_[True, sorted_owners[1:] != sorted_owners[:-1]])
    lengths = np.diff(np.r_[starts, len(sorted_owners)])
    rank = np.arange(len(sorted_owners)) - np.repeat(starts, lengths)
    kept = rank < count
    best[sorted_owners[kept], rank[kept]] = cosines[order][kept]
    return np.asarray(best.mean(axis=1), dtype=np.float32)


def views_of(
    encoder: Encoder, general: list[list[str]], situations: list[list[str]]
) -> tuple[Vectors, npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Encode the views of every entry.

    ``general[i]`` are the title and summary of entry i, encoded as documents;
    ``situations[i]`` what people say, encoded as queries, as the messages will be.
    Returns (float32 [views, d], owners int32 [views], general bool [views]).
    """
    documents = [text for texts in general for text in texts]
    said = [text for texts in situations for text in texts]
    vectors = np.concatenate([encoder.encode_document(documents), encoder.encode_query(said)])
    owners = np.concatenate([_owners(general), _owners(situations)])
    flags = np.r_[np.ones(len(documents), dtype=bool), np.zeros(len(said), dtype=bool)]
    return vectors, owners, flags


def _owners(texts: list[list[str]]) -> npt.NDArray[np.int32]:
    return np.repeat(np.arange(len(texts)), [len(one) for one in texts]).astype(np.int32)
