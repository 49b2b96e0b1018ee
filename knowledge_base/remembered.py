"""An encoder that reads a text once: its vectors are kept for the next command.

Learning reads every way of saying, an index a third of them: half an hour on a slow machine.
After one card has changed only its new sayings have to be read.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.encoder import Encoder, Told, Vectors, untold

#: Raised when an encoder comes to give something else for the same text and the same name.
VERSION = 1
#: Rows in a file: when there are more, only those that the command at work has used stay.
MOST = 200_000
#: Fewer new texts than this are not worth writing the file again.
_WORTH = 32


class Remembering:
    """Gives what ``encoder`` gives; one file of ``folder`` for each encoder, whatever it learnt.

    Only hashes of the texts are written. The name of an encoder tells its weights, as in the
    manifest of an index: after a new training nothing old is used, and its file is replaced.
    """

    def __init__(self, encoder: Encoder, folder: Path, told: Told = untold) -> None:
        """``told`` hears of the texts that did not have to be read."""
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder, self._told = encoder, told
        self._made_by = f"{encoder.name} {VERSION}"
        base = encoder.name.partition("+")[0]
        self._path = folder / f"{hashlib.sha256(base.encode()).hexdigest()[:12]}.npz"
        self._rows = self._read()
        self._used: set[bytes] = set()

    def encode_query(self, texts: list[str]) -> Vectors:
        return self._encode("query", texts, self._encoder.encode_query)

    def encode_document(self, texts: list[str]) -> Vectors:
        return self._encode("document", texts, self._encoder.encode_document)

    def _encode(
        self, kind: str, texts: list[str], encode: Callable[[list[str]], Vectors]
    ) -> Vectors:
        keys = [hashlib.sha256(f"{kind}:{text}".encode()).digest()[:16] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}
        self._told(len(texts) - len(new))
        if new:
            self._rows.update(zip(new, encode(list(new.values())), strict=True))
        self._used.update(keys)
        if len(new) >= _WORTH:
            self._write()
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._rows[key] for key in keys])

    def _read(self) -> dict[bytes, Vectors]:
        """Return what is kept; a file that is damaged or of other weights is as none."""
        if not zipfile.is_zipfile(self._path):
            return {}
        with np.load(self._path) as arrays:
            if "made_by" not in arrays or str(arrays["made_by"]) != self._made_by:
                return {}
            keys = [bytes(key) for key in arrays["keys"]]
            return dict(zip(keys, arrays["vectors"], strict=True))

    def _write(self) -> None:
        """Replace the file in one step: a reader never sees half of it."""
        rows = self._rows
        if len(rows) > MOST:
            rows = {key: row for key, row in rows.items() if key in self._used}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_name(f"{self._path.stem}.{os.getpid()}.part.npz")
        keys: npt.NDArray[np.uint8] = np.frombuffer(b"".join(rows), dtype=np.uint8)
        vectors = np.stack(list(rows.values()))
        np.savez(part, made_by=np.array(self._made_by), keys=keys.reshape(-1, 16), vectors=vectors)
        part.replace(self._path)
