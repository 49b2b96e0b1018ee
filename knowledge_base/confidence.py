"""How sure the search may be: fitted on sentences that the index has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.encoder import Vectors
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


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the number of its entry (None when no entry answers) and its vectors."""

    text: str
    owner: int | None
    vectors: Sequence[Vectors]


def fit(
    look: Callable[[str, Sequence[Vectors]], Evidence], examples: Sequence[Example]
) -> tuple[Calibration, Calibration]:
    """Return (that some entry answers, that this one does) from unseen ``examples``.

    ``look`` gives the evidence of an index that was built without them. The second is
    fitted on the examples that an entry answers: given that one does, which.
    """
    scope_rows, rows, right = [], [], []
    for example in examples:
        evidence = look(example.text, example.vectors)
        fused = fuse(evidence.signals)
        scope_rows.append(scope_features(evidence, fused))
        if example.owner is not None:
            best = np.argsort(-fused)[:_DEPTH]
            rows.append(entry_features(evidence, fused)[best])
            right.append(best == example.owner)
    answered = np.array([example.owner is not None for example in examples])
    return (
        calibrate(np.concatenate(scope_rows), answered),
        calibrate(np.concatenate(rows), np.concatenate(right)),
    )
