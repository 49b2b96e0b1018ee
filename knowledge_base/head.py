"""The supervised signal: which entry a vector calls for, learnt from all the sayings.

A multinomial logistic regression on the vectors of the encoder that learnt the catalogue, one
class for each entry and one more for what no entry answers. A ridge regression did as well on
122 entries and much worse on 315; a second encoder beside it adds nothing (docs/adr/0004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Vectors, unit

Scores = npt.NDArray[np.float32]
#: Inverse of the penalty on the weights: the larger, the closer to the sayings.
_FREEDOM = 4.0
#: More than it takes: it stops by itself after some thirty.
_STEPS = 200
_THREADS = 2
#: Logits under the lowest one: a class without a row.
_NEVER = 20.0


@dataclass(frozen=True, slots=True)
class Head:
    """``mean`` float32 [1, d], ``weights`` [d, entries + 1] and ``bias`` [entries + 1]."""

    mean: Vectors
    weights: Scores
    bias: Scores

    def scores(self, vector: Vectors) -> tuple[Scores, float]:
        """Return log-probabilities float32 [entries] for a vector [1, d], and of « no entry »."""
        logits = (unit(vector - self.mean) @ self.weights)[0] + self.bias
        highest = logits.max()
        found = logits - highest - np.log(np.exp(logits - highest).sum())
        return np.asarray(found[:-1], dtype=np.float32), float(found[-1])


def fit(
    vectors: Vectors, owners: npt.NDArray[np.integer], entries: int, start: Head | None = None
) -> Head:
    """Fit on float32 [n, d]; ``owners`` [n] is the entry of each row, ``entries`` for none.

    What has no row is never called for by this signal. ``start`` is a head of the same
    entries, fitted on some of the rows: it takes half of the time from there.
    """
    # Imported here: only the building of an index needs it.
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(C=_FREEDOM, max_iter=_STEPS, warm_start=start is not None)
    if start is not None:
        known = np.unique(owners)
        model.classes_ = known
        model.coef_ = start.weights[:, known].T.copy()
        model.intercept_ = start.bias[known].copy()
    mean = vectors.mean(axis=0, keepdims=True).astype(np.float32) if start is None else start.mean
    with threadpool_limits(_THREADS):
        model.fit(unit(vectors - mean), owners)
    weights = np.zeros((vectors.shape[1], entries + 1), dtype=np.float32)
    bias = np.full(entries + 1, model.intercept_.min() - _NEVER, dtype=np.float32)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    # As they are kept in the file: an index gives the same scores before and after.
    return Head(mean, weights.astype(np.float16).astype(np.float32), bias)
