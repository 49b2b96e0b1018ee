"""Nearest vectors among very many, approximately, read from the disk as they are needed.

The exact product of ``dense.py`` reads every vector for every query: right for a département,
too slow for a country. Here the vectors are grouped around centres when the index is built,
and a query reads only the groups whose centres are the nearest (FAISS, IVF with whole
vectors). Figures and the choice are in ``docs/adr/0011``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Vectors

#: Beyond this many vectors the exact product of a query takes over 10 ms on one core.
LARGE = 50_000
#: Groups that a query reads: recall@10 over 0.98 on a million vectors, in a few milliseconds.
PROBES = 64
#: Vectors that ``cosines`` looks for; the others count as far.
_DEPTH = 1_000
_SAMPLE = 40  # vectors of the sample for each group: what FAISS asks for at least
_ROUNDS = 10  # of k-means: more changes nothing to the recall
_BLOCK = 50_000  # vectors added at once, so that the memory holds no second copy
_SEED = 41


class LargeIndex:
    """Vectors of unit length, numbered from 0 in the order in which they were given.

    Safe to share between threads once built: searching changes nothing.
    """

    def __init__(self, index: faiss.IndexIVFFlat) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, threads: int = 2) -> LargeIndex:
        """Index float32 [n, d] ``vectors``, which may be mapped from a file.

        Takes about 1.5 times the memory of the vectors. ``threads`` are those of FAISS; its
        products of matrices follow OPENBLAS_NUM_THREADS.
        """
        count, dimension = vectors.shape
        groups = math.ceil(4 * math.sqrt(count))
        index = faiss.IndexIVFFlat(
            faiss.IndexFlatIP(dimension), dimension, groups, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.niter, index.cp.seed, index.cp.spherical = _ROUNDS, _SEED, True
        index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, _SAMPLE
        chosen = np.random.default_rng(_SEED).choice(
            count, min(count, _SAMPLE * groups), replace=False
        )
        with _threads(threads):
            index.train(vectors[np.sort(chosen)])
            for start in range(0, count, _BLOCK):
                index.add(np.ascontiguousarray(vectors[start : start + _BLOCK]))
        index.nprobe = min(PROBES, groups)
        index.make_direct_map()
        return cls(index)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    def search(self, queries: Vectors, limit: int) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """Return (cosines, numbers) [n, limit] of the nearest vectors, the best first.

        A number is -1 where the groups that were read hold fewer vectors.
        """
        cosines, numbers = self._index.search(queries, limit)
        return cosines, numbers

    def cosines(self, queries: Vectors) -> Vectors:
        """Return float32 [n, vectors] for queries [n, d]; where it did not look, the lowest."""
        cosines = np.empty((len(queries), len(self)), dtype=np.float32)
        for row, found, numbers in zip(
            cosines, *self.search(queries, min(_DEPTH, len(self))), strict=True
        ):
            known = numbers >= 0
            row[:] = found[known].min(initial=1.0)
            row[numbers[known]] = found[known]
        return cosines

    def reconstruct(self, number: int) -> npt.NDArray[np.float32]:
        """Return one vector, float32 [d]."""
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the index."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def open(cls, path: Path) -> LargeIndex:
        """Map an index written by ``save``: only the centres are read into memory."""
        index = cast("faiss.IndexIVFFlat", faiss.read_index(str(path), faiss.IO_FLAG_MMAP))
        # By default FAISS starts 32 threads for each query, to read ahead: that costs more
        # than the search.
        lists: Any = faiss.downcast_InvertedLists(cast("faiss.InvertedLists", index.invlists))
        lists.prefetch_nthread = 0
        return cls(index)


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Lend ``count`` threads to FAISS; searching goes back to what was set."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
