"""The search: the same scores as brute force, territory inside, stale indexes refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.knowledge import Knowledge
from knowledge_base import adapter, learnt
from knowledge_base import index as index_module
from knowledge_base.catalogue import Catalogue
from knowledge_base.dense import BEST_SITUATIONS, DenseIndex
from knowledge_base.encoder import Vectors, unit
from knowledge_base.fusion import calibrate, fuse, z
from knowledge_base.index import Index
from knowledge_base.search import Searcher


class LetterEncoder:
    """A tiny encoder for the tests: how many of each letter."""

    name = "letters"
    dimension = 26

    def encode_query(self, texts: list[str]) -> Vectors:
        rows = [[text.lower().count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(-1, 26))

    encode_document = encode_query


@pytest.fixture(scope="module")
def small(catalogue: Catalogue) -> Catalogue:
    """Six real entries."""
    entries = dict(list(catalogue.entries.items())[:6])
    return replace(catalogue, entries=entries)


def build(catalogue: Catalogue, folder: Path) -> list[LetterEncoder]:
    """Write an index of ``catalogue`` made with the tiny encoder."""
    encoders = [LetterEncoder()]
    index_module.save(made(catalogue, encoders), folder)
    return encoders


def made(catalogue: Catalogue, encoders: list[LetterEncoder]) -> Index:
    """Return an index of ``catalogue`` with what it learns from its sayings."""
    return index_module.build(
        catalogue, encoders, learnt.fit(catalogue, encoders, ["quel temps fait-il"])
    )


def test_a_dense_score_is_the_mean_of_the_best_situations() -> None:
    """FAISS and a loop in Python give the same scores, for two questions at once."""
    generator = np.random.default_rng(7)
    vectors = unit(generator.normal(size=(40, 16)).astype(np.float32))
    owners = np.repeat(np.arange(5), 8).astype(np.int32)
    general = np.tile([True, True] + [False] * 6, 5)
    index = DenseIndex.build(vectors, owners, general, 5)
    queries = index.centre(unit(generator.normal(size=(2, 16)).astype(np.float32)))
    situations, titles = index.scores(queries)
    centred = unit(vectors - vectors.mean(axis=0))
    for number, entry in np.ndindex(2, 5):
        mine = owners == entry
        cosines = sorted((centred[mine & ~general] @ queries[number]).tolist(), reverse=True)
        expected = np.mean(cosines[:BEST_SITUATIONS])
        assert situations[number, entry] == pytest.approx(expected, abs=1e-5)
        best_title = float((centred[mine & general] @ queries[number]).max())
        assert titles[number, entry] == pytest.approx(best_title, abs=1e-5)


def test_an_index_is_read_as_it_was_written(small: Catalogue, tmp_path: Path) -> None:
    """Searching before saving and after loading gives the same hits."""
    encoders = [LetterEncoder()]
    built = made(small, encoders)
    index_module.save(built, tmp_path / "index")
    before = Searcher(small, built, encoders).search("aide à domicile", 6)
    after = Searcher.open(tmp_path / "index", small, encoders).search("aide à domicile", 6)
    assert [hit.entry_id for hit in after] == [hit.entry_id for hit in before]
    assert [hit.score for hit in after] == pytest.approx([hit.score for hit in before], abs=1e-5)


def test_an_index_of_another_catalogue_is_refused(small: Catalogue, tmp_path: Path) -> None:
    """A changed catalogue is never searched with the old index."""
    encoders = build(small, tmp_path / "index")
    with pytest.raises(index_module.StaleIndex, match="make index"):
        Searcher.open(tmp_path / "index", replace(small, digest="other"), encoders)


def test_an_index_of_another_model_is_refused(small: Catalogue, tmp_path: Path) -> None:
    """Vectors of two models are never compared."""
    build(small, tmp_path / "index")
    other = LetterEncoder()
    other.name = "other-model"
    with pytest.raises(index_module.StaleIndex, match="autre modèle"):
        Searcher.open(tmp_path / "index", small, [other])


def test_a_missing_index_says_what_to_do(small: Catalogue, tmp_path: Path) -> None:
    """The message names the command."""
    with pytest.raises(index_module.StaleIndex, match="make index"):
        Searcher.open(tmp_path / "nothing", small, [LetterEncoder()])


def test_an_entry_of_another_territory_is_left_out(small: Catalogue, tmp_path: Path) -> None:
    """A right of the 41 is not proposed to somebody of the Loiret."""
    first = next(iter(small.entries))
    local = small.entries[first].model_copy(update={"territory": "departement-41"})
    catalogue = replace(small, entries={**small.entries, first: local})
    encoders = build(catalogue, tmp_path / "index")
    searcher = Searcher.open(tmp_path / "index", catalogue, encoders)
    assert first in {hit.entry_id for hit in searcher.search("aide", 10, commune="41018")}
    assert first not in {hit.entry_id for hit in searcher.search("aide", 10, commune="45234")}


def test_an_entry_called_by_its_name_comes_first(small: Catalogue, tmp_path: Path) -> None:
    """One word that is a keyword is enough, and is never taken for another subject."""
    first = next(iter(small.entries))
    named = small.entries[first].model_copy(update={"keywords": ("Zygo-Bulle",)})
    catalogue = replace(small, entries={**small.entries, first: named})
    encoders = build(catalogue, tmp_path / "index")
    best = Searcher.open(tmp_path / "index", catalogue, encoders).search("zygo bulle", 3)[0]
    assert best.entry_id == first
    assert best.in_scope == 1.0


def test_z_scores_of_equal_scores_are_zero() -> None:
    """A signal that says nothing changes nothing."""
    assert z(np.ones(4, dtype=np.float32)).tolist() == [0, 0, 0, 0]


def test_the_fusion_weighs_situations_more_than_titles() -> None:
    """What people say counts twice as much as the title."""
    up = np.array([1, 0, 0, 0], dtype=np.float32)
    down = np.array([0, 1, 0, 0], dtype=np.float32)
    fused = fuse({"situations:a": up, "general:a": down})
    assert int(np.argmax(fused)) == 0


def test_the_calibration_gives_frequencies() -> None:
    """Rows that are right three times in four get a probability near 0.75."""
    rows = np.ones((400, 1))
    right = np.arange(400) % 4 != 0
    probability = calibrate(rows, right).probability(rows[:1])[0]
    assert probability == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("j arrive plus a payer mon loyer", "fsl_impayes"),
        ("jpe pu payé le loyé", "fsl_impayes"),
        ("je dors dans ma voiture", "siao_115"),
        ("la banque refuse de m'ouvrir un compte", "droit_compte"),
        ("mon fils est tombé dans la drogue", "addictions"),
        ("rsa", "rsa"),
    ],
)
def test_everyday_messages_find_their_entry(knowledge: Knowledge, message: str, entry: str) -> None:
    """The right card is among the first three."""
    assert entry in [hit.entry_id for hit in knowledge.search.search(message, 3)]


def served() -> list[LetterEncoder]:
    """A stand-in with the name of the encoder that the service loads."""
    encoder = LetterEncoder()
    encoder.name = f"e5-small+{adapter.version()}"
    return [encoder]


def test_what_was_learnt_is_that_of_the_catalogue(catalogue: Catalogue) -> None:
    """The file that travels was fitted on these sayings by this encoder: a first start is short.

    After a change of the sayings: ``python -m knowledge_base learn``.
    """
    off_topic = index_module.off_topic_messages()
    assert learnt.shipped(learnt.sum_of(catalogue, served(), off_topic)) is not None


def test_what_was_learnt_of_other_sayings_is_not_taken(catalogue: Catalogue) -> None:
    """One more way of saying, and the head is fitted anew."""
    off_topic = index_module.off_topic_messages()
    first = next(iter(catalogue.sayings))
    more = {**catalogue.sayings, first: (*catalogue.sayings[first], "une phrase de plus")}
    changed = replace(catalogue, sayings=more)
    assert learnt.shipped(learnt.sum_of(changed, served(), off_topic)) is None


def test_an_index_cut_short_is_never_taken_for_a_good_one(
    small: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while it writes, the build leaves nothing, or the index of before, whole."""
    encoders = [LetterEncoder()]
    folder = tmp_path / "index"
    known = made(small, encoders)
    save = DenseIndex.save

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(DenseIndex, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        index_module.save(known, folder)
    assert not index_module.is_current(folder, small.digest, ["letters"])
    monkeypatch.setattr(DenseIndex, "save", save)
    index_module.save(known, folder)
    monkeypatch.setattr(DenseIndex, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        index_module.save(known, folder)
    assert index_module.is_current(folder, small.digest, ["letters"])
    assert index_module.load(folder, small, encoders).manifest == known.manifest
    (folder / "learnt.npz").unlink()
    assert not index_module.is_current(folder, small.digest, ["letters"])
