"""The encoder in training: its weights are frozen, low-rank changes of them are learnt (LoRA).

The result is a file of a few megabytes that travels with the code (``knowledge_base.adapter``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as nn
from torch import Tensor

from knowledge_base import adapter


def device() -> torch.device:
    """Return the accelerator where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def numbers() -> torch.dtype:
    """Return the numbers to compute with: 16 bits where the machine computes with them.

    A processor without them imitates them: three minutes a step of training, nine seconds with
    32 bits.
    """
    able = torch.cpu.get_capabilities()
    if device().type == "cuda" or any(able[name] for name in able if name.endswith("bf16")):
        return torch.bfloat16
    return torch.float32


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


class Tokens:
    """Texts → numbers, with the tokenizer of the encoder."""

    def __init__(self, folder: Path, pad: int, longest: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(longest)
        self._tokenizer.enable_padding(pad_id=pad)

    def of(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return (ids int64 [n, longest], mask bool [n, longest])."""
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = torch.tensor([one.ids for one in encoded])
        return ids, torch.tensor([one.attention_mask for one in encoded], dtype=torch.bool)


class Student:
    """The encoder of ``folder`` (plain sentence-transformers) with its low-rank changes.

    ``longest`` is the number of tokens read of a text, ``dropout`` the share of the
    activations that each layer leaves out while it learns.
    """

    def __init__(
        self, folder: Path, *, rank: int, seed: int, longest: int = 64, dropout: float = 0.0
    ) -> None:
        from transformers import AutoModel

        torch.manual_seed(seed)
        self.device = device()
        self.dropout = dropout
        self.model: Any = AutoModel.from_pretrained(
            str(folder), dtype=numbers(), attn_implementation="eager",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self.model.requires_grad_(False)
        self.layers: dict[str, LowRank] = {}
        for name, module in list(self.model.named_modules()):
            if isinstance(module, torch.nn.Linear) and name.startswith("encoder.layer."):
                parent, _, last = name.rpartition(".")
                self.layers[name] = LowRank(module, rank)
                setattr(self.model.get_submodule(parent), last, self.layers[name])
        self.model.to(self.device)
        self.hidden = int(self.model.config.hidden_size)
        self.tokens = Tokens(folder, int(self.model.config.pad_token_id), longest)

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return float32 [n, hidden], rows of unit length."""
        return self.encode_tokens(*self.tokens.of(texts))

    def encode_tokens(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return float32 [n, hidden], rows of unit length, for what ``Tokens.of`` gave."""
        ids, mask = ids.to(self.device), mask.to(self.device)
        hidden = self._hidden(ids, mask)
        summed = torch.zeros(len(ids), hidden.shape[1], device=self.device)
        return nn.normalize(summed.index_add(0, mask.nonzero()[:, 0], hidden), dim=1)

    def _hidden(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return float32 [tokens, hidden] of the real tokens; padding costs nothing but here."""
        embeddings = self.model.embeddings
        places = torch.arange(ids.shape[1], device=self.device).expand_as(ids)[mask]
        x = embeddings.word_embeddings(ids[mask]) + embeddings.position_embeddings(places)
        x = embeddings.LayerNorm(x + embeddings.token_type_embeddings.weight[0])
        hidden_from = torch.where(mask, 0.0, -1e4).to(x.dtype)[:, None, None, :]
        real = mask.flatten().nonzero()[:, 0]
        for layer in self.model.encoder.layer:
            attended = self._left_out(self._attention(layer, x, mask.shape, real, hidden_from))
            x = layer.attention.output.LayerNorm(x + attended)
            wide = nn.gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(x + self._left_out(layer.output.dense(wide)))
        flat: Tensor = x.float()
        return flat

    def _left_out(self, x: Tensor) -> Tensor:
        learning = self.dropout > 0 and torch.is_grad_enabled()
        return nn.dropout(x, self.dropout) if learning else x

    def _attention(
        self, layer: Any, x: Tensor, shape: torch.Size, real: Tensor, hidden_from: Tensor
    ) -> Tensor:
        heads = int(self.model.config.num_attention_heads)
        one = layer.attention.self
        rows, width = shape

        def spread(flat: Tensor) -> Tensor:
            padded = flat.new_zeros(rows * width, flat.shape[1]).index_copy(0, real, flat)
            return padded.view(rows, width, heads, -1).transpose(1, 2)

        query, key, value = (spread(part(x)) for part in (one.query, one.key, one.value))
        weights = query @ key.transpose(2, 3) / query.shape[3] ** 0.5 + hidden_from
        mixed = (torch.softmax(weights, dim=3) @ value).transpose(1, 2)
        out: Tensor = layer.attention.output.dense(mixed.reshape(rows * width, -1)[real])
        return out

    def low_rank(self) -> list[torch.nn.Parameter]:
        """Return what is learnt of the encoder."""
        return [
            matrix
            for layer in self.layers.values()
            for matrix in (layer.down, layer.up)
            if matrix.requires_grad
        ]

    def freeze(self, lowest: int) -> None:
        """Leave the changes of the ``lowest`` layers as they are: going on is then faster."""
        for name, layer in self.layers.items():
            if int(name.split(".")[2]) < lowest:
                layer.down.requires_grad_(False)
                layer.up.requires_grad_(False)

    def start_from(self, path: Path) -> None:
        """Take the low-rank matrices of a file written before, and their rank.

        Raises AdapterError.
        """
        adapter.read_card(path)
        with np.load(path) as arrays:
            for name, layer in self.layers.items():
                layer.down = self._taken(arrays[f"{name}.down"])
                layer.up = self._taken(arrays[f"{name}.up"])

    def _taken(self, matrix: npt.NDArray[np.float16]) -> torch.nn.Parameter:
        return torch.nn.Parameter(torch.from_numpy(matrix.astype(np.float32)).to(self.device))

    def adapter(self) -> dict[str, npt.NDArray[np.float32]]:
        """Return the low-rank matrices « layer.down » and « layer.up »."""
        found = {}
        for name, layer in self.layers.items():
            found[f"{name}.down"] = layer.down.detach().cpu().numpy().copy()
            found[f"{name}.up"] = layer.up.detach().cpu().numpy().copy()
        return found
