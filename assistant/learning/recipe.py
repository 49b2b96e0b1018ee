"""Recipes of the encoder that reads messages: everything that decides the result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingRecipe:
    """How the encoder learns danger and facts. As it stands: half an hour on two cores."""

    steps: int = 600
    rank: int = 16
    seed: int = 41
    rate: float = 1e-3
    head_rate: float = 3e-3
    messages: int = 64  # messages of a batch, in danger or look-alikes
    ordinary: int = 32  # ordinary needs of a batch
    told_twice: float = 0.35  # share of them that join two ways of saying
    stories: int = 8  # messages of a batch told among other needs
    facts: int = 24  # messages of a batch that tell facts
    noise: float = 0.35  # share of the texts written again as people type
    smoothing: float = 0.01
    dropout: float = 0.0
    processes: int = 0  # that draw batches beside the training


#: For an accelerator.
LONG = ReadingRecipe(
    steps=2500, messages=256, ordinary=160, stories=48, facts=128, dropout=0.1, processes=12
)
