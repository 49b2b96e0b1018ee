"""The examples nearest to a sentence, by meaning and by spelling together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

#: Examples that vote. 10 and 20 are as good; fewer follows a single odd example.
VOTERS = 10
#: How fast a vote fades with distance (the similarity goes from -1 to 1).
FADING = 0.05


@dataclass(frozen=True)
class Neighbours:
    """The examples: meanings (centred, length one), spellings (sparse), intent numbers."""

    mean: npt.NDArray[np.float32]
    meanings: npt.NDArray[np.float32]
    spellings: csr_matrix
    intents: npt.NDArray[np.int64]

    @classmethod
    def of_examples(
        cls,
        meanings: npt.NDArray[np.float32],
        spellings: npt.NDArray[np.float32],
        intents: npt.NDArray[np.int64],
    ) -> Neighbours:
        """Keep the examples; one row each, ``intents`` their numbers."""
        mean = meanings.mean(axis=0)
        return cls(mean, _unit(meanings - mean), csr_matrix(spellings), intents)

    @classmethod
    def of_arrays(cls, stored: Mapping[str, npt.NDArray[Any]]) -> Neighbours:
        """Read what ``arrays`` gave."""
        meanings = stored["meanings"].astype(np.float32)
        shape = (len(meanings), int(stored["letters"]))
        parts = (
            stored["spelling_values"].astype(np.float32),
            stored["spelling_columns"].astype(np.int32),
            stored["spelling_rows"],
        )
        return cls(stored["mean"], meanings, csr_matrix(parts, shape=shape), stored["voters"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the examples as arrays to store; two bytes a number are enough."""
        return {
            "mean": self.mean,
            "meanings": self.meanings.astype(np.float16),
            "letters": np.array(self.spellings.shape[1]),
            "spelling_values": self.spellings.data.astype(np.float16),
            "spelling_columns": self.spellings.indices.astype(np.uint16),
            "spelling_rows": self.spellings.indptr.astype(np.int32),
            "voters": self.intents.astype(np.int16),
        }

    def shares(
        self, meaning: npt.NDArray[np.float32], spelling: npt.NDArray[np.float32], intents: int
    ) -> npt.NDArray[np.float64]:
        """Return what the nearest examples say: one share per intent, one in all.

        An intent with many examples does not win by their number alone.
        """
        centred = meaning - self.mean
        length = float(np.linalg.norm(centred)) or 1.0
        near = self.meanings @ (centred / length) / 2 + self.spellings @ spelling / 2
        voters = np.argpartition(-near, VOTERS)[:VOTERS]
        votes = np.exp((near[voters] - near[voters].max()) / FADING)
        said = np.bincount(self.intents[voters], weights=votes, minlength=intents)
        fair = said / np.sqrt(np.maximum(np.bincount(self.intents, minlength=intents), 1))
        shares: npt.NDArray[np.float64] = fair / fair.sum()
        return shares


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = rows / np.where(lengths == 0, 1, lengths)
    return unit
