"""Dense index: one FAISS vector per view of an entry (title, summary, each situation).

Vectors are normalised, centred on the mean of the catalogue and normalised again: the
common part of all sentences about social rights says nothing (+7 points, design §7). An
entry is scored by the mean of its best three situations, not by its best one: short
aliases attract everything.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Encoder, Vectors, unit
from knowledge_base.large_index import LARGE, LargeIndex

Scores = npt.NDArray[np.float32]
BEST_SITUATIONS = 3


class DenseIndex:
    """Views of the entries for one encoder.

    ``owners`` int32 [views] is the entry of each view; ``general`` bool [views] tells the
    title and summary from the situations.
    """

    def __init__(
        self,
        index: faiss.IndexFlat | LargeIndex,
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
        self._cosines = index.cosines if isinstance(index, LargeIndex) else _whole_product(index)
        self._said = _rows(owners, ~general, entries, BEST_SITUATIONS)
        self._told = _rows(owners, general, entries, 1)

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
        centred = unit(vectors - mean)
        index = LargeIndex.build(centred) if len(centred) > LARGE else _flat(centred)
        return cls(index, mean, owners, general, entries)

    def centre(self, vectors: Vectors) -> Vectors:
        """Return query vectors float32 [n, d] moved as the views were."""
        return unit(vectors - self.mean)

    def scores(self, queries: Vectors) -> tuple[Scores, Scores]:
        """Return (situations, general) float32 [n, entries] cosines for centred queries [n, d]."""
        cosines = self._cosines(queries)
        return (
            _best(cosines, self._said, BEST_SITUATIONS),
            _best(cosines, self._told, 1),
        )

    def nearest_situation(self, query: Vectors, entry: int) -> int | None:
        """Return the rank, among the situations of ``entry``, of the nearest to ``query``."""
        views = np.flatnonzero((self.owners == entry) & ~self.general)
        if not len(views):
            return None
        stored = np.stack([self.index.reconstruct(int(view)) for view in views])
        return int(np.argmax(stored @ self.centre(query)[0]))

    def save(self, folder: Path, name: str) -> None:
        """Write ``name``.faiss (``name``.ivf when it is large) and ``name``.npz in ``folder``."""
        if isinstance(self.index, LargeIndex):
            self.index.save(folder / f"{name}.ivf")
        else:
            faiss.write_index(self.index, str(folder / f"{name}.faiss"))
        np.savez(folder / f"{name}.npz", mean=self.mean, owners=self.owners, general=self.general)

    @classmethod
    def load(cls, folder: Path, name: str, entries: int) -> DenseIndex:
        """Read an index written by ``save``, memory-mapped: copies of the service share it."""
        large = folder / f"{name}.ivf"
        index = LargeIndex.open(large) if large.exists() else _mapped(folder / f"{name}.faiss")
        arrays = np.load(folder / f"{name}.npz")
        return cls(index, arrays["mean"], arrays["owners"], arrays["general"], entries)


def _flat(vectors: Vectors) -> faiss.IndexFlat:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _mapped(path: Path) -> faiss.IndexFlat:
    return cast("faiss.IndexFlat", faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))


def _whole_product(index: faiss.IndexFlat) -> Callable[[Vectors], Scores]:
    """Return what gives the cosines [n, views] of every view with queries [n, d].

    Every view counts (an entry is scored by several): the product is taken whole, on the
    memory of FAISS, which sorting thousands of views would only slow down. Reading that memory
    is most of the time: the parts of a story share one reading.
    """
    memory = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    # In a mapped file the numbers begin after a header of any length: numpy would copy them all
    # at each query to put them right. Once is enough.
    vectors = np.require(memory.reshape(index.ntotal, index.d), requirements="A")
    return lambda queries: np.ascontiguousarray((vectors @ queries.T).T)


def _rows(
    owners: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_], entries: int, least: int
) -> npt.NDArray[np.int64]:
    """Return the views ``chosen`` of each entry, int64 [entries, most], filled up with -1."""
    views = np.flatnonzero(chosen)
    views = views[np.argsort(owners[views], kind="stable")]
    counts = np.bincount(owners[views], minlength=entries)
    rank = np.arange(len(views)) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.full((entries, max(least, counts.max(initial=0))), -1, dtype=np.int64)
    rows[owners[views], rank] = views
    return rows


def _best(cosines: Scores, rows: npt.NDArray[np.int64], count: int) -> Scores:
    """Return the mean of the ``count`` best ``cosines`` [n, views] of each entry [n, entries].

    Where an entry has fewer views the lowest cosine of the query stands for them.
    """
    known = np.append(cosines, cosines.min(axis=1, keepdims=True), axis=1)[:, rows]
    return np.asarray(np.partition(known, -count)[..., -count:].mean(axis=-1), np.float32)


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
