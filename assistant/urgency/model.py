"""What the encoder reads of danger: a probability for each kind, in any wording.

The encoder is the one of the search with other low-rank changes, learnt on messages written
in pairs, in danger and not (``knowledge_base/data/dangers/``). It does not depend on the
catalogue: a new card never changes how danger is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.adapter import DANGER
from knowledge_base.encoder import Encoder, OnnxEncoder
from knowledge_base.parts import sentences

#: What multiplies the unit vectors before the last layer: fixed, so that its weights stay small.
SCALE = 10.0
#: Name, in the file, of the probability that there is some danger.
ANY = "any"
#: A message of more words is read whole and by its sentences: in a long story the danger may
#: be five words.
_LONG = 40
_MOST = 12  # sentences read
_QUOTES = re.compile(r"[«»“”\"]")


@dataclass(frozen=True, slots=True)
class Head:
    """The last layer: ``weight`` float32 [kinds, dimension], ``bias`` float32 [kinds]."""

    kinds: tuple[str, ...]
    weight: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return float32 [n, kinds] for unit vectors [n, dimension]."""
        logits = vectors @ self.weight.T * SCALE + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)


class DangerModel:
    """The encoder of danger with its last layer; safe to share between threads."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._encoder, self._head = encoder, head

    @classmethod
    def open(cls, folder: Path, learnt: Path = DANGER, threads: int = 1) -> DangerModel:
        """Load the encoder built in ``folder`` with the last layer of the file ``learnt``."""
        return cls(OnnxEncoder(folder, threads), read_head(learnt))

    def read(self, text: str) -> Mapping[str, float]:
        """Return the probability, 0 to 1, of each kind of danger and of « any »."""
        (found,) = self.read_all([text])
        return found

    def read_all(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """Return what ``read`` gives for each text."""
        return [self._highest(text) for text in texts]

    def _highest(self, text: str) -> Mapping[str, float]:
        parts = [text, *_sentences(text)]
        vectors = self._encoder.encode_query([plain(part) for part in parts])
        highest = self._head.probabilities(vectors).max(axis=0)
        return {kind: float(p) for kind, p in zip(self._head.kinds, highest, strict=True)}


def plain(text: str) -> str:
    """Return ``text`` without what only tells who typed it: capitals, typography, full stop.

    A first model had learnt that « ’ » means no danger, because the catalogue is well typed
    and people are not: it missed twelve more messages of a hundred.
    """
    text = _QUOTES.sub(" ", text.replace("’", "'").replace("…", "...").casefold())
    return " ".join(text.split()).strip(" .")


def read_head(path: Path) -> Head:
    """Return the last layer that the file of an adapter also holds."""
    with np.load(path) as arrays:
        return Head(
            tuple(str(kind) for kind in arrays["danger.kinds"]),
            arrays["danger.weight"].astype(np.float32),
            arrays["danger.bias"].astype(np.float32),
        )


def _sentences(text: str) -> list[str]:
    return sentences(text)[:_MOST] if len(text.split()) > _LONG else []
