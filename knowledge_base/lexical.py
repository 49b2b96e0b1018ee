"""Lexical indexes: BM25 over the words, the character n-grams and the sounds of an entry.

One document per entry: its title, summary, keywords and all its situations. The three
readings fail on different messages: words on spelling, n-grams on short words, sounds on
nothing written alike (figures in ``docs/adr/0004``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from knowledge_base.tokens import grams, sounds, words

Scores = npt.NDArray[np.float32]


class Reading(StrEnum):
    """How a text is cut into tokens."""

    WORDS = "words"
    GRAMS = "grams"
    SOUNDS = "sounds"


TOKENS: dict[Reading, Callable[[str], list[str]]] = {
    Reading.WORDS: words,
    Reading.GRAMS: grams,
    Reading.SOUNDS: sounds,
}


class LexicalIndex:
    """BM25 of one reading; ``scores`` gives float32 [entries], higher is better, 0 is nothing."""

    def __init__(self, reading: Reading, model: bm25s.BM25, size: int) -> None:
        self.reading = reading
        self._model = model
        self._size = size

    @classmethod
    def build(cls, reading: Reading, documents: list[str]) -> LexicalIndex:
        """Index one text per entry."""
        # The library writes a line for each index, at debug level, whatever we configure.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        model = bm25s.BM25(k1=1.2, b=0.5)
        tokens = [TOKENS[reading](document) for document in documents]
        model.index(tokens, create_empty_token=False, show_progress=False)
        return cls(reading, model, len(documents))

    def scores(self, query: str) -> Scores:
        """Return the score of every entry for ``query``, divided by the number of tokens."""
        tokens = TOKENS[self.reading](query)
        known = [token for token in tokens if token in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found = np.asarray(self._model.get_scores(known), dtype=np.float32)
        return found / np.float32(np.sqrt(len(tokens)))

    def save(self, folder: Path) -> None:
        """Write the index under ``folder``."""
        self._model.save(str(folder / self.reading.value), show_progress=False)

    @classmethod
    def load(cls, reading: Reading, folder: Path, size: int) -> LexicalIndex:
        """Read an index written by ``save`` for ``size`` entries."""
        model = bm25s.BM25.load(str(folder / reading.value), show_progress=False, verbosity=0)
        return cls(reading, model, size)
