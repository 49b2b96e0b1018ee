"""The supervised signal: which entry a vector calls for, learnt from all the sayings.

A ridge regression on the vectors of every encoder side by side, one column for each entry
and one more for what no entry answers. It is fitted in a second when the index is built.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Vectors

Scores = npt.NDArray[np.float32]
_RIDGE = 10.0


@dataclass(frozen=True, slots=True)
class Head:
    """``weights`` float32 [d, entries + 1] and ``bias`` float32 [entries + 1]."""

    weights: Scores
    bias: Scores

    def scores(self, vector: Vectors) -> tuple[Scores, float]:
        """Return float32 [entries] for one vector [1, d], and the score of « no entry »."""
        found = (vector @ self.weights)[0] + self.bias
        return found[:-1], float(found[-1])


def fit(vectors: Vectors, owners: npt.NDArray[np.int32], entries: int) -> Head:
    """Fit on float32 [n, d]; ``owners`` [n] is the entry of each row, ``entries`` for none."""
    target = np.zeros((len(vectors), entries + 1), dtype=np.float32)
    target[np.arange(len(vectors)), owners] = 1.0
    bias = target.mean(axis=0)
    inner = vectors.T @ vectors + _RIDGE * np.eye(vectors.shape[1], dtype=np.float32)
    weights = np.linalg.solve(inner.astype(np.float64), vectors.T @ (target - bias))
    return Head(weights.astype(np.float32), bias)
