"""Bringing the signals of a query together, and giving the result a meaning.

The order is a weighted sum of z-scores; the score shown is a probability, from a logistic
regression on the z-sum and on the absolute strength of the signals (a z-score alone is
high for nonsense too). It is fitted when the index is built, by two-fold cross-validation
on the situations and on messages that no entry answers: « 0.5 » means that about one card
in two with this score is the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

#: Weights of the z-scores, by kind of signal. Those of the prototype (search.md): equal
#: for what people say, half for the title and summary.
WEIGHTS: Mapping[str, float] = {
    "situations": 1.0,
    "general": 0.5,
    "words": 1.0,
    "grams": 1.0,
    "sounds": 0.5,
}
_ITERATIONS = 60
_RIDGE = 1e-2


def z(scores: Scores) -> Scores:
    """Return ``scores`` [entries] with mean 0 and deviation 1 (zeros when all are equal)."""
    deviation = scores.std()
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def weight(signal: str) -> float:
    """Return the weight of a signal named « kind » or « kind:encoder »."""
    return WEIGHTS[signal.split(":", 1)[0]]


def fuse(signals: Mapping[str, Scores]) -> Scores:
    """Return the weighted mean of the z-scores of ``signals``, float32 [entries]."""
    total = sum(weight(name) for name in signals)
    summed = sum(weight(name) * z(scores) for name, scores in signals.items())
    return np.asarray(summed / total, dtype=np.float32)


def features(signals: Mapping[str, Scores], fused: Scores) -> npt.NDArray[np.float64]:
    """Return float64 [entries, 3 + signals]: what the probability is computed from."""
    best = float(np.sort(fused)[-1])
    columns = [fused, fused - best, *(signals[name] for name in sorted(signals))]
    return np.stack([np.ones_like(fused), *columns], axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the logistic regression, with the scale of each feature."""

    coefficients: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    def probability(self, rows: npt.NDArray[np.float64]) -> Scores:
        """Return the probability [n] that each row [n, features] is a right answer."""
        logits = (rows / self.scale) @ self.coefficients
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def calibrate(rows: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Calibration:
    """Fit the regression on ``rows`` [n, features] and ``right`` [n] (Newton, ridge)."""
    scale = np.maximum(np.abs(rows).max(axis=0), 1e-6)
    x, y = rows / scale, right.astype(np.float64)
    beta = np.zeros(x.shape[1])
    for _ in range(_ITERATIONS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (y - p) - _RIDGE * beta
        hessian = (x * (p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(x.shape[1])
        step = np.linalg.solve(hessian, gradient)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return Calibration(beta, scale)
