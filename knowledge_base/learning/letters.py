"""Learning which entry the words, letters and sounds of a text call for.

Each reading of a saying is another: written as people type it, often with a courtesy, a town or
an age around it, and with some of its pieces left out. Two minutes on two cores.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as nn
from torch import Tensor

from knowledge_base.letters import BUCKETS, Letters, pieces, weigh
from knowledge_base.noise import noisy, situated

Rows = npt.NDArray[np.int64]

_DIMENSION = 64
_BATCH = 64
_RATE, _SLOWER = 4e-3, 0.72  # of a reading; that of the next one
_SMOOTHING = 0.05
_NOISY, _SITUATED = 0.7, 0.25  # share of the texts
_KEPT, _DROPPED = 0.6, 0.2  # share of the pieces of a text; of the dimensions
READINGS = 7


class Classifier:
    """What is learnt, in training: a table float32 [buckets, 64] and a layer over it."""

    def __init__(self, texts: Sequence[str], classes: int, seed: int = 3) -> None:
        """``texts`` tell how rare each piece is; the last of ``classes`` is « no entry »."""
        torch.manual_seed(seed)
        self._dice = random.Random(seed)  # noqa: S311
        seen = np.zeros(BUCKETS, dtype=np.float32)
        for text in texts:
            seen[np.unique(pieces(text))] += 1
        self.rarity = np.log((1 + len(texts)) / (1 + seen)).astype(np.float16)
        self._table = torch.nn.EmbeddingBag(BUCKETS, _DIMENSION, mode="sum", sparse=True)
        self._table.weight.data.normal_(0, 0.05)
        self._layer = torch.nn.Linear(_DIMENSION, classes)

    def read(self, texts: Sequence[str], owners: Rows, readings: int, rate: float = _RATE) -> None:
        """Read ``texts`` so many times; ``owners`` [n] are the classes that they call for."""
        sparse = torch.optim.SparseAdam(self._table.parameters(), lr=rate)
        dense = torch.optim.Adam(self._layer.parameters(), lr=rate)
        for _ in range(readings):
            order = self._dice.sample(range(len(texts)), len(texts))
            for at in range(0, len(order), _BATCH):
                chosen = order[at : at + _BATCH]
                loss = nn.cross_entropy(
                    self._logits([self._seen(texts[i]) for i in chosen]),
                    torch.from_numpy(owners[chosen]),
                    label_smoothing=_SMOOTHING,
                )
                sparse.zero_grad()
                dense.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                sparse.step()  # type: ignore[no-untyped-call]
                dense.step()
            for group in (*sparse.param_groups, *dense.param_groups):
                group["lr"] *= _SLOWER

    def _seen(self, text: str) -> Rows:
        if self._dice.random() < _SITUATED:
            text = situated(text, self._dice)
        if self._dice.random() < _NOISY:
            text = noisy(text, self._dice)
        rows = pieces(text)
        kept = rows[[self._dice.random() < _KEPT for _ in rows]]
        return kept if len(kept) else rows

    def _logits(self, bags: Sequence[Rows]) -> Tensor:
        weights = [weigh(self.rarity[rows].astype(np.float32)) for rows in bags]
        starts = np.cumsum([0, *map(len, bags)])[:-1]
        hidden = self._table(
            torch.from_numpy(np.concatenate(bags)),
            torch.from_numpy(starts),
            per_sample_weights=torch.from_numpy(np.concatenate(weights)),
        )
        out: Tensor = self._layer(nn.dropout(hidden, _DROPPED))
        return out

    def letters(self) -> Letters:
        """Return what is learnt, as it is served: the table in 8 bits."""
        table = self._table.weight.detach().numpy()
        # A few pieces weigh much more than the others: they are cut rather than all the rest.
        unit = float(np.quantile(np.abs(table), 0.9999)) / 127
        return Letters(
            np.clip(np.rint(table / unit), -127, 127).astype(np.int8),
            unit,
            self.rarity,
            self._layer.weight.detach().numpy().T.astype(np.float16).astype(np.float32),
            self._layer.bias.detach().numpy().astype(np.float16).astype(np.float32),
        )
