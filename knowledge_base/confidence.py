"""How sure the search may be: fitted on sentences that the index has not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge_base.fusion import (
    Calibration,
    Evidence,
    calibrate,
    entry_features,
    fuse,
    scope_features,
)

#: Of an index that is not calibrated yet.
BLANK = Calibration(np.zeros(1), np.ones(1))
_DEPTH = 10  # entries of a query that the calibration looks at


def fit(seen: Sequence[Evidence], owners: Sequence[int | None]) -> tuple[Calibration, Calibration]:
    """Return (that some entry answers, that this one does) from what is ``seen`` of sentences.

    ``seen`` is the evidence of an index that was built without them, ``owners`` the numbers of
    their entries (None when no entry answers). The second is fitted on the sentences that an
    entry answers: given that one does, which.
    """
    scope_rows, rows, right = [], [], []
    for evidence, owner in zip(seen, owners, strict=True):
        fused = fuse(evidence.signals)
        scope_rows.append(scope_features(evidence, fused))
        if owner is not None:
            best = np.argsort(-fused)[:_DEPTH]
            rows.append(entry_features(evidence, fused)[best])
            right.append(best == owner)
    answered = np.array([owner is not None for owner in owners])
    return (
        calibrate(np.concatenate(scope_rows), answered),
        calibrate(np.concatenate(rows), np.concatenate(right)),
    )
