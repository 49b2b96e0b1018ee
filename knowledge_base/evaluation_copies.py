"""Whether the messages of a labelled set are near copies of what the search learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.encoder import Encoder
from knowledge_base.evaluation import Message
from knowledge_base.tokens import fold

_GRAM = 4  # words of the n-grams that a copy would share
#: A message is a near copy of a saying when it shares this part of its 4-grams, or this
#: cosine for the encoder that knows nothing of the catalogue.
COPY_GRAMS, COPY_COSINE = 0.5, 0.95


@dataclass(frozen=True, slots=True)
class Copy:
    """A message and the saying it is nearest to."""

    message: str
    saying: str
    grams: float
    cosine: float

    @property
    def near(self) -> bool:
        """Whether it is a near copy."""
        return self.grams >= COPY_GRAMS or self.cosine >= COPY_COSINE


def overlap(encoder: Encoder, sayings: Sequence[str], messages: Sequence[Message]) -> list[Copy]:
    """Return, for each message, how near it is to the saying that is nearest to it.

    ``encoder`` must not have been trained on the sayings.
    """
    told = encoder.encode_query(list(sayings))
    asked = encoder.encode_query([message.text for message in messages])
    grams = [_grams(saying) for saying in sayings]
    found = []
    for message, vector in zip(messages, asked, strict=True):
        cosines = told @ vector
        mine = _grams(message.text)
        shared = [len(mine & other) / len(mine) if mine else 0.0 for other in grams]
        worst = int(np.argmax(shared)) if max(shared) >= COPY_GRAMS else int(np.argmax(cosines))
        found.append(Copy(message.id, sayings[worst], max(shared), float(cosines.max())))
    return found


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text).replace("’", " ").replace("'", " ").split()
    return frozenset(tuple(words[at : at + _GRAM]) for at in range(len(words) - _GRAM + 1))
