"""What the encoder reads while it learns the catalogue: ways of saying, written as people type."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from knowledge_base.catalogue import Catalogue
from knowledge_base.holdout import held_out
from knowledge_base.learning.recipe import Recipe
from knowledge_base.noise import cut, noisy

QUERY, DOCUMENT = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts with their prompts; ``owners[i]`` are the entries that text i calls for."""

    texts: list[str]
    owners: list[tuple[int, ...]]

    def called(self, classes: int) -> Tensor:
        """Return bool [texts, classes]: the entries that each text calls for."""
        table = torch.zeros(len(self.texts), classes, dtype=torch.bool)
        for row, several in enumerate(self.owners):
            table[row, list(several)] = True
        return table


class Sampler:
    """Draws batches from the catalogue."""

    def __init__(
        self, catalogue: Catalogue, off_topic: Sequence[str], recipe: Recipe, process: int = 0
    ) -> None:
        """``process`` is the number of the process that draws: each draws otherwise."""
        self.dice = random.Random(recipe.seed + 1_000 * process)  # noqa: S311
        self.recipe = recipe
        self.said = [
            [text for text in catalogue.sayings[entry_id] if not held_out(text)]
            for entry_id in catalogue.entries
        ]
        self.scenes = [
            [text for text in catalogue.scenes.get(entry_id, ()) if not held_out(text)]
            for entry_id in catalogue.entries
        ]
        self._with_scenes = [entry for entry, some in enumerate(self.scenes) if some]
        self.told = [
            [entry.title, entry.summary, f"{entry.title}. {entry.summary}", *entry.keywords]
            for entry in catalogue.entries.values()
        ]
        self.off_topic = list(off_topic)
        self.nothing = len(self.said)
        self._left: list[list[str]] = [[] for _ in self.said]
        self._scenes_left: list[list[str]] = [[] for _ in self.said]

    def draw(self, neighbours: Tensor) -> Batch:
        """Return one batch; ``neighbours`` int64 [entries, k] are those nearest to each."""
        texts: list[str] = []
        owners: list[tuple[int, ...]] = []
        for entry in self._entries(neighbours):
            for _ in range(self.recipe.texts):
                texts.append(self._text(entry))
                owners.append((entry,))
        for _ in range(self.recipe.joined):
            several = self.dice.sample(range(self.nothing), self.dice.choice((2, 2, 3)))
            texts.append(QUERY + noisy(self._joined(several), self.dice))
            owners.append(tuple(several))
        nothing = min(self.recipe.off_topic, len(self.off_topic))
        for text in self.dice.sample(self.off_topic, nothing):
            texts.append(QUERY + noisy(text, self.dice))
            owners.append((self.nothing,))
        return Batch(texts, owners)

    def _entries(self, neighbours: Tensor) -> list[int]:
        chosen: list[int] = []
        while len(chosen) < self.recipe.entries:
            seed = self._seed()
            near = self.dice.sample(neighbours[seed].tolist(), 3)
            chosen += [entry for entry in (seed, *near) if entry not in chosen]
        return chosen[: self.recipe.entries]

    def _seed(self) -> int:
        if self._with_scenes and self.dice.random() < self.recipe.scenes:
            return self.dice.choice(self._with_scenes)
        return self.dice.randrange(self.nothing)

    def _text(self, entry: int) -> str:
        if self.dice.random() < 0.12:
            return DOCUMENT + self.dice.choice(self.told[entry])
        saying = self._saying(entry)
        if self.dice.random() < self.recipe.cut:
            saying = cut(saying, self.dice)
        return QUERY + noisy(saying, self.dice)

    def _saying(self, entry: int) -> str:
        if self.scenes[entry] and self.dice.random() < self.recipe.scenes:
            return self._next(self._scenes_left, self.scenes, entry)
        return self._next(self._left, self.said, entry)

    def _next(self, left: list[list[str]], among: list[list[str]], entry: int) -> str:
        # Each saying once before any comes again.
        if not left[entry]:
            left[entry] = self.dice.sample(among[entry], len(among[entry]))
        return left[entry].pop()

    def _joined(self, entries: Sequence[int]) -> str:
        parts = [self.dice.choice(self.said[entry]).rstrip(" .?!") for entry in entries]
        return self.dice.choice((". ", ", et ", " ", ". Et puis ")).join(parts)
