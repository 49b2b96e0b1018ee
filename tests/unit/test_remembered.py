"""A text is read once; what is remembered is what the encoder gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base import remembered
from knowledge_base.encoder import Vectors
from knowledge_base.remembered import Remembering
from tests.fakes.encoder import LetterEncoder

TEXTS = [f"texte numéro {number} a" for number in range(40)]


class Counting(LetterEncoder):
    """Counts the texts that it reads."""

    def __init__(self, letter: str, name: str = "letter") -> None:
        super().__init__(letter)
        self.name = name
        self.read: list[str] = []

    def encode_query(self, texts: list[str]) -> Vectors:
        """Return the vectors, and remember what was asked."""
        self.read += texts
        return super().encode_query(texts) if texts else np.zeros((0, 2), dtype=np.float32)


def test_a_second_command_reads_only_what_is_new(tmp_path: Path) -> None:
    """The vectors are the same, in the order of the texts, and the rest is told as read."""
    first = Remembering(Counting("a"), tmp_path).encode_query(TEXTS)
    again, told = Counting("a"), list[int]()
    asked = ["neuf a", *reversed(TEXTS)]
    found = Remembering(again, tmp_path, told.append).encode_query(asked)
    assert again.read == ["neuf a"]
    assert told == [40]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[1:], first[::-1])
    np.testing.assert_array_equal(found[:1], LetterEncoder("a").encode_query(["neuf a"]))


def test_a_query_is_not_a_document_and_another_model_is_not_this_one(tmp_path: Path) -> None:
    """Each kind of reading and each name has its own vectors."""
    Remembering(Counting("a"), tmp_path).encode_query(TEXTS)
    documents, other = Counting("a"), Counting("e", name="other")
    Remembering(documents, tmp_path).encode_document(TEXTS)
    Remembering(other, tmp_path).encode_query(TEXTS)
    assert documents.read == other.read == TEXTS


def test_no_text_is_written_and_nothing_is_half_written(tmp_path: Path) -> None:
    """Hashes only, in one file; no part is left beside it."""
    Remembering(Counting("a"), tmp_path).encode_query([*TEXTS, "canari-5412"])
    (kept,) = tmp_path.iterdir()
    assert b"canari-5412" not in kept.read_bytes()


def test_the_file_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit, what the command at work did not use is forgotten."""
    monkeypatch.setattr(remembered, "MOST", 60)
    Remembering(Counting("a"), tmp_path).encode_query(TEXTS)
    Remembering(Counting("a"), tmp_path).encode_query([f"{text} b" for text in TEXTS])
    last = Counting("a")
    Remembering(last, tmp_path).encode_query([TEXTS[0], f"{TEXTS[0]} b"])
    assert last.read == [TEXTS[0]]


def test_nothing_asked_gives_nothing(tmp_path: Path) -> None:
    """An entry without a saying has no vector."""
    assert Remembering(Counting("a"), tmp_path).encode_query([]).shape == (0, 2)


def test_after_a_new_training_the_old_file_is_not_used_and_is_replaced(tmp_path: Path) -> None:
    """Same encoder, other weights: everything is read again, and one file is left."""
    Remembering(Counting("a", name="e5+one"), tmp_path).encode_query(TEXTS)
    trained = Counting("a", name="e5+two")
    Remembering(trained, tmp_path).encode_query(TEXTS)
    assert trained.read == TEXTS
    assert len(list(tmp_path.iterdir())) == 1


def test_a_damaged_file_only_costs_time(tmp_path: Path) -> None:
    """Cut short by a full disk, it is as if there were none."""
    Remembering(Counting("a"), tmp_path).encode_query(TEXTS)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:200])
    again = Counting("a")
    Remembering(again, tmp_path).encode_query(TEXTS)
    assert again.read == TEXTS
