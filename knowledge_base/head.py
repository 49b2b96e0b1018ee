"""The supervised signal: which entry a vector calls for, learnt from all the sayings.

A multinomial logistic regression on the vectors of every encoder side by side, one class for
each entry and one more for what no entry answers. It is fitted when the index is built. A
ridge regression did as well on 122 entries and much worse on 315 (docs/adr/0004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Vectors

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
    """``weights`` float32 [d, entries + 1] and ``bias`` float32 [entries + 1]."""

    weights: Scores
    bias: Scores

    def scores(self, vector: Vectors) -> tuple[Scores, float]:
        """Return log-probabilities float32 [entries] for a vector [1, d], and of « no entry »."""
        logits = (vector @ self.weights)[0] + self.bias
        highest = logits.max()
        found = logits - highest - np.log(np.exp(logits - highest).sum())
        return np.asarray(found[:-1], dtype=np.float32), float(found[-1])


def fit(
    vectors: Vectors, owners: npt.NDArray[np.int32], entries: int, start: Head | None = None
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
    with threadpool_limits(_THREADS):
        model.fit(np.asarray(vectors, dtype=np.float32), owners)
    weights = np.zeros((vectors.shape[1], entries + 1), dtype=np.float32)
    bias = np.full(entries + 1, model.intercept_.min() - _NEVER, dtype=np.float32)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return Head(weights, bias)
