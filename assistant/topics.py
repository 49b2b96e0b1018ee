"""The most frequent needs of each theme: what is offered to who opens a door without a word.

The vital entries of a whole theme are nobody's need: a need is chosen first, in a few words.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import yaml
from pydantic import Field

from assistant.conversation import Known
from assistant.messages import ChoiceButton
from assistant.understanding import answers
from knowledge_base.facts import Fact
from knowledge_base.models import Model
from knowledge_base.tokens import all_words
from knowledge_base.vocabulary import Theme

TOPICS: Final = Path(__file__).with_name("topics.yml")
#: Value of a choice that names a need: « topic:loyer ».
VALUE: Final = "topic:"
#: How relevant the first entry of a need is, and how much less each of the next ones.
_FIRST: Final = 0.9
_STEP: Final = 0.2
_CLAUSE = re.compile(r"[.,;:!?\n]+")
#: « Bonjour, je cherche du travail svp »
_COURTESY: Final = frozenset({"bonjour", "bonsoir", "salut", "svp", "stp", "merci", "aidez", "moi"})
#: Words: a longer message tells more than its simplest sentence.
_LONGEST: Final = 14


class Topic(Model):
    """A need in a few words, the entries that answer it, the most useful first, and its facts.

    ``said`` are the simplest sentences that tell it, those that the search takes for others.
    """

    theme: Theme
    label: str
    entries: tuple[str, ...] = Field(min_length=1)
    facts: dict[Fact, str] = Field(default_factory=dict)
    said: tuple[str, ...] = ()

    def scores(self) -> dict[str, float]:
        """Return how relevant each of its entries is, from 0 to 1."""
        return {one: _FIRST - _STEP * rank for rank, one in enumerate(self.entries)}

    def told(self) -> dict[Fact, Known]:
        """Return what choosing this need says of the situation."""
        found = {fact: answers.of_choice(fact, value) for fact, value in self.facts.items()}
        return {fact: known for fact, known in found.items() if isinstance(known, Known)}


class Topics(Model):
    """Every need by its name, and those of each door."""

    topics: dict[str, Topic]
    doors: dict[str, tuple[str, ...]]

    def labels(self) -> frozenset[str]:
        """Return the words of every need."""
        return frozenset(topic.label for topic in self.topics.values())

    def of_choice(self, value: str) -> Topic | None:
        """Return the need that a choice names, or None."""
        return self.topics.get(value.removeprefix(VALUE)) if value.startswith(VALUE) else None

    def in_words(self, text: str) -> Topic | None:
        """Return the need that a clause of a short ``text`` says in its simplest words, or None."""
        if len(all_words(text)) > _LONGEST:
            return None
        clauses = map(_plain, _CLAUSE.split(text))
        return next((self._said[one] for one in clauses if one in self._said), None)

    @cached_property
    def _said(self) -> dict[str, Topic]:
        return {_plain(one): topic for topic in self.topics.values() for one in topic.said}

    def of_door(self, door: str) -> list[ChoiceButton]:
        """Return the buttons of a door."""
        return [self._button(name) for name in self.doors[door]]

    def of_theme(self, theme: Theme) -> list[ChoiceButton]:
        """Return the buttons of a theme; none for violence, which is not named on a screen."""
        return [self._button(name) for name, topic in self.topics.items() if topic.theme is theme]

    def _button(self, name: str) -> ChoiceButton:
        return ChoiceButton(label=self.topics[name].label, value=f"{VALUE}{name}")


def _plain(text: str) -> str:
    return " ".join(word for word in all_words(text) if word not in _COURTESY)


@cache
def load_topics(path: Path = TOPICS) -> Topics:
    """Read the needs. Raises ValueError for a theme that does not exist."""
    return Topics.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
