"""What the encoder of messages reads: danger, and the facts told, in any wording.

It is the published encoder of the search with other low-rank changes, learnt on messages
labelled by people (``knowledge_base/data/dangers/`` and ``faits/``). It does not depend on
the catalogue: a new card never changes how danger is noticed nor which facts are read.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.adapter import READING
from knowledge_base.encoder import Encoder, OnnxEncoder, Vectors
from knowledge_base.facts import FACTS, Kind
from knowledge_base.parts import sentences

#: What multiplies the unit vectors before the last layers: fixed, so that weights stay small.
SCALE = 10.0
#: Name, in the file, of the probability that there is some danger.
ANY = "any"
#: Every choice of every fact, as « fact=value »: what the second last layer tells.
FACT_VALUES = tuple(
    f"{definition.name.value}={choice.value}"
    for definition in FACTS.values()
    if definition.kind in (Kind.CHOICE, Kind.CHOICES)
    for choice in definition.choices
)
#: A message of more words is read whole and by its sentences: in a long story the danger may
#: be five words. Facts come several in one message, so they are looked for in shorter ones.
LONG, LONG_FACTS = 40, 12
_MOST = 12  # sentences read
_QUOTES = re.compile(r"[«»“”\"]")
_REMEMBERED = 64  # messages whose vectors are kept: danger and facts are read one after the other


@dataclass(frozen=True, slots=True)
class Layer:
    """A last layer: ``names``, ``weight`` float32 [names, dimension], ``bias`` float32 [names]."""

    names: tuple[str, ...]
    weight: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Return float32 [n, names] for unit vectors [n, dimension]."""
        logits = vectors @ self.weight.T * SCALE + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Read:
    """A choice read in a message: its probability, 0 to 1, and the words that tell it most."""

    probability: float
    words: str


class ReadingModel:
    """The encoder of messages with its last layers; safe to share between threads."""

    def __init__(self, encoder: Encoder, dangers: Layer, facts: Layer) -> None:
        self._encoder, self._dangers, self._facts = encoder, dangers, facts
        self._lock = Lock()
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()

    @classmethod
    def open(cls, folder: Path, learnt: Path = READING, threads: int = 1) -> ReadingModel:
        """Load the encoder built in ``folder`` with the last layers of the file ``learnt``."""
        return cls(
            OnnxEncoder(folder, threads), read_layer(learnt, "danger"), read_layer(learnt, "facts")
        )

    def dangers(self, text: str) -> Mapping[str, float]:
        """Return the probability, 0 to 1, of each kind of danger and of « any »."""
        count = len(parts(text, LONG))
        highest = self._dangers.probabilities(self._vectors(text)[:count]).max(axis=0)
        return {kind: float(p) for kind, p in zip(self._dangers.names, highest, strict=True)}

    def facts(self, text: str) -> Mapping[str, Read]:
        """Return each « fact=value » with its probability and where it is told."""
        told = parts(text, LONG_FACTS)
        by_part = self._facts.probabilities(self._vectors(text))
        highest, where = by_part.max(axis=0), by_part.argmax(axis=0)
        return {
            name: Read(float(p), told[part])
            for name, p, part in zip(self._facts.names, highest, where, strict=True)
        }

    def _vectors(self, text: str) -> Vectors:
        """Return the vectors of ``parts(text, LONG_FACTS)``, float32 [parts, dimension]."""
        # What people write is not kept, only what it sums up to.
        key = hashlib.sha256(text.encode()).digest()
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = self._encoder.encode_query([plain(one) for one in parts(text, LONG_FACTS)])
            with self._lock:
                self._kept[key] = known
                while len(self._kept) > _REMEMBERED:
                    self._kept.popitem(last=False)
        return known


def parts(text: str, longest: int) -> list[str]:
    """Return ``text``, then its sentences where it has more than ``longest`` words."""
    return [text, *(sentences(text)[:_MOST] if len(text.split()) > longest else [])]


def plain(text: str) -> str:
    """Return ``text`` without what only tells who typed it: capitals, typography, full stop.

    A first model had learnt that « ’ » means no danger, because the catalogue is well typed
    and people are not: it missed twelve more messages of a hundred.
    """
    text = _QUOTES.sub(" ", text.replace("’", "'").replace("…", "...").casefold())
    return " ".join(text.split()).strip(" .")


def read_layer(path: Path, name: str) -> Layer:
    """Return a last layer, « danger » or « facts », that the file of an adapter also holds."""
    with np.load(path) as arrays:
        return Layer(
            tuple(str(one) for one in arrays[f"{name}.names"]),
            arrays[f"{name}.weight"].astype(np.float32),
            arrays[f"{name}.bias"].astype(np.float32),
        )


def layer_arrays(
    name: str, names: Sequence[str], weight: Vectors, bias: Vectors
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that ``read_layer`` reads."""
    return {f"{name}.names": np.array(names), f"{name}.weight": weight, f"{name}.bias": bias}
