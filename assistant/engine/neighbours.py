"""The examples nearest to a sentence, by meaning and by spelling together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

#: Examples that vote. 10 and 20 are as good; fewer follows a single odd example.
VOTERS = 10
#: How fast a vote fades with distance (the similarity goes from -1 to 1).
FADING = 0.05


@dataclass(frozen=True)
class Neighbours:
    """The examples: meanings (centred, length one), spellings (sparse), intent numbers."""

    mean: np.ndarray
    meanings: np.ndarray
    spellings: csr_matrix
    intents: np.ndarray

    @classmethod
    def of_examples(
        cls, meanings: np.ndarray, spellings: np.ndarray, intents: np.ndarray
    ) -> Neighbours:
        """Keep the examples; one row each, ``intents`` their numbers."""
        mean = meanings.mean(axis=0)
        return cls(mean, _unit(meanings - mean), csr_matrix(spellings), intents)

    @classmethod
    def of_arrays(cls, stored: Mapping[str, np.ndarray]) -> Neighbours:
        """Read what ``arrays`` gave."""
        meanings = stored["meanings"].astype(np.float32)
        shape = (len(meanings), int(stored["letters"]))
        parts = (
            stored["spelling_values"].astype(np.float32),
            stored["spelling_columns"].astype(np.int32),
            stored["spelling_rows"],
        )
        return cls(stored["mean"], meanings, csr_matrix(parts, shape=shape), stored["voters"])

    def arrays(self) -> dict[str, np.ndarray]:
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

    def shares(self, meaning: np.ndarray, spelling: np.ndarray, intents: int) -> np.ndarray:
        """Return what the nearest examples say: one share per intent, one in all.

        An intent with many examples does not win by their number alone.
        """
        centred = meaning - self.mean
        length = float(np.linalg.norm(centred)) or 1.0
        near = self.meanings @ (centred / length) / 2 + self.spellings @ spelling / 2
        voters = np.argpartition(-near, VOTERS)[:VOTERS]
        votes = np.exp((near[voters] - near[voters].max()) / FADING)
        said = np.bincount(self.intents[voters], weights=votes, minlength=intents)
        said /= np.sqrt(np.maximum(np.bincount(self.intents, minlength=intents), 1))
        return said / said.sum()


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)
