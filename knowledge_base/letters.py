"""The second supervised signal: which entry the words, letters and sounds of a text call for.

A low-rank linear classifier over what a text is made of (Joulin et al., « Bag of Tricks for
Efficient Text Classification », 2016): its words and pairs of words, their n-grams, their sounds
and pairs of sounds, each hashed to a row of a small table. It learns from all the ways of
saying, written as people type, so it reads messages written by ear better than any encoder:
SMS first right .84 to .90 with it (docs/adr/0004). The table is learnt by
``knowledge_base.learning.letters``; here it is only read, in less than a millisecond.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from knowledge_base.tokens import all_words, grams, sounds

Scores = npt.NDArray[np.float32]

#: Rows of the table: more find no more.
BUCKETS = 1 << 16
#: Length of what a text is brought to before the table: a long text weighs as a short one.
LENGTH = 8.0


@dataclass(frozen=True, slots=True)
class Letters:
    """``table`` int8 [buckets, d] times ``unit``, ``rarity`` float16 [buckets], then
    ``weights`` float16 [d, entries + 1] and ``bias`` float16 [entries + 1] (the last: no entry).
    """

    table: npt.NDArray[np.int8]
    unit: float
    rarity: npt.NDArray[np.float16]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def scores(self, text: str) -> tuple[Scores, float]:
        """Return log-probabilities float32 [entries] for ``text``, and of « no entry »."""
        rows = pieces(text)
        weighed = weigh(self.rarity[rows].astype(np.float32)) * np.float32(self.unit)
        logits = weighed @ self.table[rows].astype(np.float32) @ self.weights + self.bias
        highest = logits.max()
        found = logits - highest - np.log(np.exp(logits - highest).sum())
        return np.asarray(found[:-1], dtype=np.float32), float(found[-1])


def pieces(text: str) -> npt.NDArray[np.int64]:
    """Return the rows of what ``text`` is made of, int64 [n], at least one."""
    words, heard = all_words(text), sounds(text)
    made_of = [f"w{word}" for word in words]
    made_of += [f"b{one} {other}" for one, other in pairwise(words)]
    made_of += [f"g{gram}" for gram in grams(text)]
    made_of += [f"s{sound}" for sound in heard]
    made_of += [f"t{one} {other}" for one, other in pairwise(heard)]
    rows = [zlib.crc32(piece.encode("utf-8")) % BUCKETS for piece in made_of]
    return np.array(rows or [0], dtype=np.int64)


def weigh(rarity: Scores) -> Scores:
    """Return the weights [n] of the pieces of a text of this ``rarity`` [n], of fixed length."""
    length = np.sqrt(np.square(rarity).sum()) + np.float32(1e-3)
    return np.asarray(rarity * (np.float32(LENGTH) / length), dtype=np.float32)
