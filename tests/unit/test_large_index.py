"""The index for very many vectors: as good as the exact search, but for what it does not read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base import dense as dense_module
from knowledge_base.dense import DenseIndex
from knowledge_base.encoder import Vectors, unit
from knowledge_base.large_index import LargeIndex

COUNT, DIMENSION, NEEDS = 5_000, 64, 250


def made(count: int, seed: int) -> tuple[Vectors, np.ndarray]:
    """Return vectors around 250 needs, as sayings are, and the need of each."""
    needs = np.random.default_rng(1).standard_normal((NEEDS, DIMENSION))
    rng = np.random.default_rng(seed)
    owners = np.sort(rng.integers(0, NEEDS, count)).astype(np.int32)
    return unit(needs[owners] + rng.standard_normal((count, DIMENSION))), owners


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Five thousand vectors of unit length."""
    return made(COUNT, seed=2)[0]


@pytest.fixture(scope="module")
def queries() -> Vectors:
    """Two hundred others, of the same needs."""
    return made(200, seed=3)[0]


@pytest.fixture(scope="module")
def index(vectors: Vectors) -> LargeIndex:
    """Their index, built once."""
    return LargeIndex.build(vectors)


def nearest(vectors: Vectors, queries: Vectors, limit: int) -> np.ndarray:
    """Return the numbers [n, limit] of an exact search."""
    return np.argsort(-(queries @ vectors.T), axis=1)[:, :limit]


def test_it_finds_what_an_exact_search_finds(
    index: LargeIndex, vectors: Vectors, queries: Vectors
) -> None:
    """Of the ten nearest, at least 95 in a hundred; most of the groups were not read."""
    _, found = index.search(queries, 10)
    exact = nearest(vectors, queries, 10)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, exact, strict=True)])
    assert recall >= 0.95
    assert (index.search(queries[:1], COUNT)[1] == -1).mean() > 0.5


def test_cosines_are_exact_where_it_looked(
    index: LargeIndex, vectors: Vectors, queries: Vectors
) -> None:
    """A thousand views have their own cosine, all the others the lowest of those."""
    for query, cosines in zip(queries, index.cosines(queries[:2]), strict=False):
        exact = vectors @ query
        own = cosines > cosines.min()
        assert own.sum() == 999
        assert cosines[own] == pytest.approx(exact[own], abs=1e-5)
        assert int(np.argmax(cosines)) == int(np.argmax(exact))


def test_a_query_alone_finds_itself(index: LargeIndex, vectors: Vectors) -> None:
    """The vector that was number 4 321 is number 4 321, at cosine 1."""
    cosines, numbers = index.search(vectors[4321:4322], 1)
    assert numbers.tolist() == [[4321]]
    assert cosines[0, 0] == pytest.approx(1.0, abs=1e-5)
    assert index.reconstruct(4321) == pytest.approx(vectors[4321])


def test_it_is_the_same_once_written_and_mapped(
    index: LargeIndex, queries: Vectors, tmp_path: Path
) -> None:
    """Reading from the disk changes no answer, and vectors can be had back."""
    index.save(tmp_path / "large.ivf")
    mapped = LargeIndex.open(tmp_path / "large.ivf")
    assert len(mapped) == COUNT
    before, after = index.search(queries, 10), mapped.search(queries, 10)
    assert after[1].tolist() == before[1].tolist()
    assert mapped.reconstruct(17) == pytest.approx(index.reconstruct(17))


def test_it_can_be_built_from_a_file(
    index: LargeIndex, vectors: Vectors, queries: Vectors, tmp_path: Path
) -> None:
    """Vectors mapped from the disk give the same index as those in memory."""
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = LargeIndex.build(np.load(tmp_path / "vectors.npy", mmap_mode="r"))
    assert mapped.search(queries, 5)[1].tolist() == index.search(queries, 5)[1].tolist()


def test_entries_keep_their_order_beyond_the_limit(
    queries: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A catalogue too large for the exact product: same first need, written and read again."""
    views, owners = made(COUNT, seed=2)
    general = np.zeros(COUNT, dtype=bool)
    general[::10] = True
    exact = DenseIndex.build(views, owners, general, NEEDS)
    monkeypatch.setattr(dense_module, "LARGE", 1_000)
    DenseIndex.build(views, owners, general, NEEDS).save(tmp_path, "dense")
    large = DenseIndex.load(tmp_path, "dense", NEEDS)
    assert isinstance(large.index, LargeIndex)
    assert (tmp_path / "dense.ivf").exists()
    centred = exact.centre(queries)
    expected, found = exact.scores(centred)[0], large.scores(centred)[0]
    assert (expected.argmax(axis=1) == found.argmax(axis=1)).sum() >= 195
    assert large.nearest_situation(queries[:1], 7) == exact.nearest_situation(queries[:1], 7)
