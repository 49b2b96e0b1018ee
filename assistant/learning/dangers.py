"""Messages in danger and their look-alikes, ordinary messages beside them, drawn in batches."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.learning.recipe import ReadingRecipe
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.noise import noisy

_FOLDER = DATA / "dangers"
#: What people say to the dialogue itself: civilities, answers, requests. None tells a danger.
_SPOKEN = Path(__file__).parents[1] / "dialogue" / "nlu"
_SPOKEN_FILES = ("answers.yml", "requests.yml", "small_talk.yml", "unclear.yml")
_MARKUP = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the kinds of danger that it tells (none: a decoy)."""

    text: str
    danger: tuple[str, ...]


def load_messages(folder: Path = _FOLDER) -> list[Labelled]:
    """Read every train message."""
    return [
        Labelled(one["text"], tuple(one["danger"]))
        for path in sorted(folder.glob("*.yml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    ]


def ordinary_sayings(catalogue: Catalogue, folder: Path = _FOLDER) -> list[str]:
    """Return the sayings of the entries that do not tell a danger as often as not."""
    ambiguous = {
        entry
        for path in folder.glob("*.yml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("ambiguous_entries", [])
    }
    return [
        text for entry, ways in catalogue.sayings.items() if entry not in ambiguous for text in ways
    ]


def spoken(folder: Path = _SPOKEN) -> list[str]:
    """Return what people say to the dialogue itself (the examples of its intents)."""
    examples = [
        line.strip().removeprefix("- ")
        for name in _SPOKEN_FILES
        for intent in yaml.safe_load((folder / name).read_text(encoding="utf-8"))["nlu"]
        for line in intent.get("examples", "").splitlines()
    ]
    return [_MARKUP.sub(r"\1", example) for example in examples if example]


class Sampler:
    """Draws batches; each message comes once before any comes again."""

    def __init__(
        self,
        messages: Sequence[Labelled],
        ordinary: Sequence[str],
        recipe: ReadingRecipe,
        process: int = 0,
    ) -> None:
        """``process`` is the number of the process that draws: each draws otherwise."""
        self._dice = random.Random(recipe.seed + 1_000 * process)  # noqa: S311
        self._recipe = recipe
        self._messages, self._ordinary = list(messages), list(ordinary)
        self._left: list[Labelled] = []
        self._ordinary_left: list[str] = []

    def draw(self) -> Iterator[Labelled]:
        """Yield one batch."""
        for _ in range(self._recipe.messages):
            if not self._left:
                self._left = self._dice.sample(self._messages, len(self._messages))
            yield self._typed(self._left.pop())
        for _ in range(self._recipe.ordinary):
            if not self._ordinary_left:
                self._ordinary_left = self._dice.sample(self._ordinary, len(self._ordinary))
            text = self._ordinary_left.pop()
            if self._dice.random() < self._recipe.told_twice:
                text = f"{text.rstrip(' .?!')}. {self._dice.choice(self._ordinary)}"
            yield self._typed(Labelled(text, ()))
        for _ in range(self._recipe.stories):
            yield self._story(self._dice.choice(self._messages))

    def _typed(self, message: Labelled) -> Labelled:
        if self._dice.random() >= self._recipe.noise:
            return message
        return Labelled(noisy(message.text, self._dice), message.danger)

    def _story(self, message: Labelled) -> Labelled:
        told = self._dice.sample(self._ordinary, self._dice.choice((1, 2, 2)))
        told.insert(self._dice.randrange(len(told) + 1), message.text)
        joint = self._dice.choice((". ", ", ", " et "))
        return Labelled(joint.join(text.rstrip(" .?!") for text in told), message.danger)
