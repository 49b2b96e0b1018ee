"""Whether the messages of a labelled set are near copies of what something learns from.

By words (``near_by_words``): a message shares half of its 4-grams with one learnt text, or
is the same words. By meaning (``nearest``): its cosine with the nearest, for an encoder that
was not trained on them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Encoder
from knowledge_base.tokens import fold

Gram = tuple[str, ...]
_GRAM = 4  # words of the n-grams that a copy would share
#: Half of the 4-grams of a message, or nearly the same meaning.
COPY_GRAMS, COPY_COSINE = 0.5, 0.95
#: Three 4-grams are six words in a row: with fewer (« je n'ai plus de ») nothing is proved,
#: unless the whole message is in the learnt text.
_PROOF = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Learnt:
    """Texts that are learnt from, and where each of their 4-grams is."""

    texts: tuple[str, ...]
    places: Mapping[Gram, tuple[int, ...]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Learnt:
        """Read the 4-grams of ``texts``; a text counts once."""
        kept = tuple(dict.fromkeys(texts))
        places: defaultdict[Gram, list[int]] = defaultdict(list)
        for number, text in enumerate(kept):
            for gram in grams(text):
                places[gram].append(number)
        return cls(kept, {gram: tuple(found) for gram, found in places.items()})


def grams(text: str) -> frozenset[Gram]:
    """Return the 4-grams of ``text``, folded: no accent, no capital, no apostrophe."""
    told = _WORD.findall(fold(text))
    return frozenset(tuple(told[at : at + _GRAM]) for at in range(len(told) - _GRAM + 1))


def shared(learnt: Learnt, text: str) -> float:
    """Return the largest share of the 4-grams of ``text`` in one learnt text, from 0 to 1.

    0 when too few are shared to prove anything, and for a text of four words or fewer.
    """
    mine = grams(text)
    common = Counter(number for gram in mine for number in learnt.places.get(gram, ()))
    most = max(common.values(), default=0)
    proved = len(mine) > 1 and (most >= _PROOF or most == len(mine))
    return most / len(mine) if proved else 0.0


def near_by_words(learnt: Learnt, messages: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the near copies among ``messages`` (id → text)."""
    return frozenset(one for one, text in messages.items() if shared(learnt, text) >= COPY_GRAMS)


def nearest(
    encoder: Encoder, learnt: Sequence[str], messages: Sequence[str]
) -> npt.NDArray[np.float32]:
    """Return the cosine of each message with the learnt text that is nearest to it.

    ``encoder`` must not have been trained on those texts.
    """
    told = encoder.encode_query(list(learnt))
    return np.asarray((encoder.encode_query(list(messages)) @ told.T).max(axis=1), np.float32)
