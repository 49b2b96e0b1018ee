"""What the training changed of the encoder: a small file that travels with the code.

For each matrix of the transformer the file holds « name.down » [rank, in] and « name.up »
[out, rank] in 16 bits; the matrix becomes ``weight + up @ down``. The card beside it says
what it was trained on, with which recipe and by which command.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.catalogue import DATA

SHIPPED = DATA / "encoder" / "e5-small-parcours.npz"
#: The changes learnt to notice danger, with the last layer (``assistant.urgency.model``).
DANGER = DATA / "encoder" / "e5-small-danger.npz"
#: Written in the folder of the encoder: which adapter its weights hold.
MARK = "adapter.json"
_SHORT = 8
#: Changed when the same weights are served otherwise: a model built before is built again.
_SERVED = b"3"

#: Low-rank matrices, and what else a training learns (a last layer, names).
Matrices = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Card:
    """What an adapter was made from; ``trained_on`` is the digest of the catalogue then."""

    base: str
    sha256: str
    trained_on: str
    sayings: int
    held_out: int
    recipe: dict[str, Any]
    command: str


class AdapterError(Exception):
    """The adapter does not fit the model, or its file is not the one its card describes."""


def version(path: Path = SHIPPED) -> str | None:
    """Return what names the model served with the file, None when there is none.

    The first letters of the SHA-256 of the file and of how its weights are served.
    """
    if not path.exists():
        return None
    return hashlib.sha256(path.read_bytes() + _SERVED).hexdigest()[:_SHORT]


def mark_of(folder: Path) -> str | None:
    """Return the version of the adapter that the encoder of ``folder`` holds, if any."""
    path = folder / MARK
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))["adapter"]
    return None if found is None else str(found)


def write_mark(folder: Path, adapter: str | None) -> None:
    """Record in ``folder`` the version of the adapter merged into its weights."""
    (folder / MARK).write_text(json.dumps({"adapter": adapter}) + "\n", encoding="utf-8")


def save(matrices: Matrices, card: Mapping[str, Any], path: Path = SHIPPED) -> Card:
    """Write the matrices in 16 bits, and the card (all but its SHA-256) beside them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    halves: dict[str, Any] = {
        name: one.astype(np.float16) if one.dtype == np.float32 else one
        for name, one in sorted(matrices.items())
    }
    np.savez_compressed(path, **halves)
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    written = Card(sha256=sha, **card)
    text = json.dumps(asdict(written), indent=2, ensure_ascii=False)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return written


def mean_of(all_of_them: Sequence[Matrices], rank: int) -> dict[str, npt.NDArray[np.float32]]:
    """Return the low-rank changes nearest to the mean of several, of the same matrices.

    Trainings that draw otherwise err otherwise: their mean errs less than any (« model soups »,
    Wortsman et al., 2022). It is brought back to ``rank`` by its largest singular values.
    """
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name in (key.removesuffix(".up") for key in all_of_them[0] if key.endswith(".up")):
        changes_of = [one[f"{name}.up"] @ one[f"{name}.down"] for one in all_of_them]
        left, values, right = np.linalg.svd(np.mean(changes_of, axis=0), full_matrices=False)
        root = np.sqrt(values[:rank])
        found[f"{name}.up"] = np.asarray(left[:, :rank] * root, dtype=np.float32)
        found[f"{name}.down"] = np.asarray(root[:, None] * right[:rank], dtype=np.float32)
    return found


def read_card(path: Path = SHIPPED) -> Card:
    """Return the card of an adapter. Raises AdapterError when the file is another one."""
    card = Card(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    if hashlib.sha256(path.read_bytes()).hexdigest() != card.sha256:
        raise AdapterError(
            f"« {path.name} » n’est pas le fichier que décrit sa fiche : relancez "
            "« python -m knowledge_base train »."
        )
    return card


def changes(path: Path = SHIPPED) -> dict[str, npt.NDArray[np.float32]]:
    """Return what is added to each weight: name of the matrix → float32 [out, in]."""
    read_card(path)
    with np.load(path) as arrays:
        names = [name.removesuffix(".up") for name in arrays.files if name.endswith(".up")]
        return {
            f"{name}.weight": arrays[f"{name}.up"].astype(np.float32)
            @ arrays[f"{name}.down"].astype(np.float32)
            for name in names
        }
