"""Recipes: everything that decides the result of a training, with the seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder learns the catalogue. As it stands: half an hour on two cores."""

    steps: int = 1100
    rank: int = 16
    seed: int = 41
    rate: float = 1e-3
    entries: int = 12  # different entries in a batch
    texts: int = 4  # texts of each
    joined: int = 3  # messages of a batch that tell several needs
    off_topic: int = 3  # messages of a batch that no entry answers
    max_tokens: int = 64
    dropout: float = 0.0
    cut: float = 0.0  # share of the sayings of which a part is read
    processes: int = 0  # that draw batches beside the training


#: For an accelerator: batches ten times larger, and a hundred times as many texts read.
LONG = Recipe(steps=8000, entries=64, texts=6, joined=40, off_topic=24, dropout=0.1, processes=12)

R = TypeVar("R", bound="DataclassInstance")


def going_on(recipe: R) -> R:
    """Return ``recipe`` to go on from a file: other draws, smaller steps.

    What is learnt is refined, not learnt again. Any recipe with a ``seed`` and a ``rate``.
    """
    known: Any = recipe
    return replace(recipe, seed=known.seed + 1, rate=known.rate / 2)
