"""Bringing the signals of a query together, and giving the result a meaning.

The order is a weighted mean of z-scores; that of a long message also counts the best of
its parts. The score shown is a probability in two steps, each a logistic regression fitted
when the index is built on sentences that neither the index nor the encoder has seen: that
an entry answers at all (messages that none answers are the other side), and that it is this
one. « 0.5 » means that about one card in two with this score is the right one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.float64]

#: Weights of the z-scores, by signal (« situations:0 » is the first encoder, the one that
#: was trained on the catalogue) or else by kind. Round numbers on purpose: around them
#: nothing moves by more than a message or two of the tune set (docs/adr/0004).
WEIGHTS: Mapping[str, float] = {
    "situations:0": 2.0,
    "situations": 1.0,
    "general": 0.5,
    "head": 4.0,
    "letters": 2.0,
    "words": 1.0,
    "grams": 1.0,
    "sounds": 0.5,
}
#: What a part of a long message counts for beside the whole.
PART = 0.6
#: What an entry gains when a part of a long message surely calls for it: the other needs told
#: in the same part would hide it in the mean.
CALLED = 1.5
#: A clause of a shorter message surely calls for an entry from this probability on. Where two
#: clauses do, each entry gains so many times the probability; with more, single needs lose.
SURELY, CALLED_BY_CLAUSE = 0.35, 0.8
_ITERATIONS = 60
_RIDGE = 1e-2
_TOP = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals float32 [entries] of one text, and how much it looks like no entry to each
    of those that learnt it (log-probabilities)."""

    signals: Mapping[str, Scores]
    nothing: tuple[float, ...]


def z(scores: Scores) -> Scores:
    """Return ``scores`` [entries] with mean 0 and deviation 1 (zeros when all are equal)."""
    deviation = scores.std()
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def weight(signal: str) -> float:
    """Return the weight of a signal named « kind » or « kind:encoder »."""
    return WEIGHTS.get(signal) or WEIGHTS[signal.split(":", 1)[0]]


def fuse(signals: Mapping[str, Scores]) -> Scores:
    """Return the weighted mean of the z-scores of ``signals``, float32 [entries]."""
    total = sum(weight(name) for name in signals)
    summed = sum(weight(name) * z(scores) for name, scores in signals.items())
    return np.asarray(summed / total, dtype=np.float32)


def fuse_parts(whole: Evidence, told: Sequence[Evidence]) -> Scores:
    """Return the fused scores of a message with those of its parts.

    An entry keeps the best of them, and gains with the probability that a part calls for it.
    """
    fused = fuse(whole.signals)
    if not told:
        return fused
    for part in told:
        fused = np.maximum(fused, np.float32(PART) * fuse(part.signals))
    called = np.max([np.exp(part.signals["head"]) for part in told], axis=0)
    return np.asarray(fused + np.float32(CALLED) * called, dtype=np.float32)


def lift_called(fused: Scores, called: Sequence[Scores]) -> Scores:
    """Return the fused scores of a short message that tells several needs.

    ``called`` are the probabilities [entries] that each of its clauses calls for an entry.
    """
    sure = [probabilities for probabilities in called if probabilities.max() >= SURELY]
    if len(sure) < 2:
        return fused
    return np.asarray(fused + np.float32(CALLED_BY_CLAUSE) * np.max(sure, axis=0), np.float32)


def entry_features(evidence: Evidence, fused: Scores) -> Rows:
    """Return float64 [entries, 3 + signals]: what tells that it is this entry."""
    best = float(fused.max())
    columns = [fused, fused - best, *(scores for _, scores in sorted(evidence.signals.items()))]
    return np.stack([np.ones_like(fused), *columns], axis=1).astype(np.float64)


def scope_features(evidence: Evidence, fused: Scores) -> Rows:
    """Return float64 [1, 5 + signals]: what tells that some entry answers."""
    ordered = np.sort(fused)[::-1]
    strengths = [
        float(np.sort(scores)[-_TOP:].mean()) for _, scores in sorted(evidence.signals.items())
    ]
    lead = float(ordered[0] - ordered[min(_TOP, len(ordered) - 1)])
    return np.array([[1.0, float(ordered[0]), lead, *evidence.nothing, *strengths]])


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of a logistic regression, with the scale of each feature."""

    coefficients: Rows
    scale: Rows

    def probability(self, rows: Rows) -> Scores:
        """Return the probability [n] that each row [n, features] is right."""
        logits = (rows / self.scale) @ self.coefficients
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


def calibrate(rows: Rows, right: npt.NDArray[np.bool_]) -> Calibration:
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
