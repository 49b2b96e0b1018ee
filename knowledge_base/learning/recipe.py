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
    scenes: float = 0.0  # share of the entries and of their texts drawn among the scenes


_LARGE = Recipe(steps=800, entries=64, texts=6, joined=40, off_topic=24, dropout=0.1, processes=3)
#: For an accelerator: three trainings with batches ten times larger, of which the mean is kept.
#: Some eight readings of each saying: twice as many learn the sayings by heart (docs/adr/0004).
LONG: tuple[Recipe, ...] = (
    replace(_LARGE, cut=0.2),
    replace(_LARGE, cut=0.2, rank=32, dropout=0.15, rate=7e-4),
    replace(_LARGE, rank=48, rate=5e-4),
)
#: To go on with scenes, which only tell a moment: half of what is read are scenes.
WITH_SCENES = Recipe(steps=500, scenes=0.5, cut=0.1)
#: Of the mean of several trainings.
MEAN_RANK = 32

R = TypeVar("R", bound="DataclassInstance")


def going_on(recipe: R) -> R:
    """Return ``recipe`` to go on from a file: other draws, smaller steps.

    What is learnt is refined, not learnt again. Any recipe with a ``seed`` and a ``rate``.
    """
    known: Any = recipe
    return replace(recipe, seed=known.seed + 1, rate=known.rate / 2)
