"""An index of a million vectors that look like ours, against the exact search.

Random vectors would have no neighbours worth finding. Here each one is a real saying of the
catalogue (its vector in the index of e5) moved by half of the difference between two real
sayings of one need: the directions are those in which people say the same thing otherwise.
The queries are a thousand real sayings, kept out of what the vectors are made from. The
cosines of the first ten neighbours and the local dimension of a sample of the same size as
the real set are printed beside those of the real set: the made one is the harder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Vectors, unit
from knowledge_base.large_index import LargeIndex
from tests.load.measures import each, memory_mb, p50_p95, timed

_COUNT = 1_000_000
_BLOCK = 50_000
_QUERIES = 1_000
_PRODUCTS = 20  # exact ones, to compare
_NEAREST = 10
_MOVED = 0.5
_PAIRS = 40  # of each need
_CORES = 2
_LOCAL = 20  # neighbours that the local dimension is estimated from
Numbers = npt.NDArray[np.int64]


class Sayings:
    """The real sayings: ``queries`` [1 000, d], the others, and their differences by need."""

    def __init__(self, index: Path) -> None:
        arrays = np.load(index / "dense0.npz")
        flat = faiss.read_index(str(index / "dense0.faiss"))
        vectors = flat.reconstruct_n(0, flat.ntotal)
        self._rng = np.random.default_rng(41)
        said = self._rng.permutation(np.flatnonzero(~arrays["general"]))
        self.queries = vectors[said[:_QUERIES]]
        self.others = vectors[said[_QUERIES:]]
        owners = arrays["owners"][said[_QUERIES:]]
        pairs = np.concatenate([self._pairs(owners == need) for need in np.unique(owners)])
        self._moves = self.others[pairs[:, 0]] - self.others[pairs[:, 1]]

    def _pairs(self, of_need: npt.NDArray[np.bool_]) -> Numbers:
        return self._rng.choice(np.flatnonzero(of_need), (_PAIRS, 2))

    def make(self, count: int) -> Vectors:
        """Return ``count`` vectors of unit length, all of them moved."""
        from_saying = self.others[self._rng.integers(0, len(self.others), count)]
        by = self._moves[self._rng.integers(0, len(self._moves), count)]
        return unit(from_saying + _MOVED * by)


def measure(_source: Path | None, work: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table; no source is read."""
    faiss.omp_set_num_threads(_CORES)
    sayings = Sayings(work.parents[1] / "index")
    for label, sample in (
        ("dites", sayings.others),
        ("fabriquées", sayings.make(len(sayings.others))),
    ):
        cosine, dimension = _shape(sample, sayings.queries)
        yield f"cosinus du 10e voisin, {len(sample)} {label}", f"{cosine:.2f}"
        yield f"dimension locale, {len(sample)} {label}", f"{dimension:.0f}"
    path = work / "vectors.npy"
    exact, took = timed(lambda: _write(sayings, path))
    yield f"{_COUNT} vecteurs fabriqués, réponses exactes", f"{took:.0f} s"
    built, took = timed(lambda: LargeIndex.build(np.load(path, mmap_mode="r"), _CORES))
    yield "construction de l’index", f"{took:.0f} s"
    yield "mémoire à la fin de la construction", f"{memory_mb(field='VmHWM'):.0f} Mo"
    built.save(work / "large.ivf")
    del built
    yield from _searches(work / "large.ivf", sayings.queries, exact)
    vectors = np.load(path, mmap_mode="r")
    products = [partial(np.matmul, vectors, query) for query in sayings.queries[:_PRODUCTS]]
    yield f"produit exact avec tous les vecteurs, {_CORES} fils", *p50_p95(each(products))


def _write(sayings: Sayings, path: Path) -> Numbers:
    """Write the vectors by blocks; return the exact ten nearest of each query [1 000, 10]."""
    shape = (_COUNT, sayings.queries.shape[1])
    out = np.lib.format.open_memmap(path, "w+", np.float32, shape)
    best = np.full((_QUERIES, 0), 0.0, dtype=np.float32)
    numbers = np.full((_QUERIES, 0), 0, dtype=np.int64)
    for start in range(0, _COUNT, _BLOCK):
        block = sayings.make(_BLOCK)
        out[start : start + _BLOCK] = block
        cosines, found = faiss.knn(
            sayings.queries, block, _NEAREST, metric=faiss.METRIC_INNER_PRODUCT
        )
        best = np.concatenate([best, cosines], axis=1)
        numbers = np.concatenate([numbers, found + start], axis=1)
        order = np.argsort(-best, axis=1)[:, :_NEAREST]
        best = np.take_along_axis(best, order, axis=1)
        numbers = np.take_along_axis(numbers, order, axis=1)
    out.flush()
    return numbers


def _searches(path: Path, queries: Vectors, exact: Numbers) -> Iterator[tuple[str, ...]]:
    faiss.omp_set_num_threads(1)
    before = memory_mb(field="RssAnon")
    _forget(path)
    index, took = timed(lambda: LargeIndex.open(path))
    yield f"ouverture de l’index ({path.stat().st_size / 1e9:.2f} Go, non lus)", f"{took:.1f} s"
    one_by_one = [partial(index.search, query[None], _NEAREST) for query in queries]
    yield "recherche, index pas encore en mémoire", *p50_p95(each(one_by_one))
    yield "recherche, une à la fois", *p50_p95(each(one_by_one))
    yield "mémoire propre prise par la recherche", f"{memory_mb(field='RssAnon') - before:.0f} Mo"
    yield "pages du fichier en mémoire", f"{memory_mb(field='RssFile'):.0f} Mo"
    with ThreadPoolExecutor(_CORES) as threads:
        halves = threads.map(each, (one_by_one[::2], one_by_one[1::2]))
        yield f"recherche, {_CORES} à la fois", *p50_p95([took for half in halves for took in half])
    whole = [partial(index.cosines, query[None]) for query in queries[:200]]
    yield "recherche de 1 000 voisins, pour les fiches", *p50_p95(each(whole))
    _, found = index.search(queries, _NEAREST)
    right = [len(set(a) & set(b)) for a, b in zip(found, exact, strict=True)]
    yield "rappel des 10 voisins exacts", f"{np.mean(right) / _NEAREST:.4f}"


def _forget(path: Path) -> None:
    """Take the pages of a file out of the memory of the system: the next read is from the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _shape(sample: Vectors, queries: Vectors) -> tuple[float, float]:
    """Return (mean cosine of the tenth neighbour, local dimension) of ``sample``.

    The dimension is the maximum-likelihood estimate from the distances of the neighbours.
    """
    cosines, _ = faiss.knn(queries, sample, _LOCAL, metric=faiss.METRIC_INNER_PRODUCT)
    distances = np.sqrt(np.maximum(2 - 2 * cosines, 1e-9))
    ratios = np.log(distances[:, :-1] / distances[:, -1:]).mean(axis=1)
    return float(cosines[:, _NEAREST - 1].mean()), float(np.median(-1 / ratios))
