"""An encoder whose vectors can be computed by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class LetterEncoder:
    """Two dimensions: the share of one letter among the letters, and the rest; unit length."""

    name = "letter"
    dimension = 2

    def __init__(self, letter: str) -> None:
        self._letter = letter

    def encode_query(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return float32 [n, 2]."""
        rows = []
        for text in texts:
            letters = [char for char in text if char.isalpha()]
            share = letters.count(self._letter) / max(1, len(letters))
            rows.append((share, 1.0 - share))
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_document(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return the same as for a query."""
        return self.encode_query(texts)

    def layer(self, kinds: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return a last layer that answers « yes » when most letters are the letter."""
        weight = np.tile(np.array([1.0, -1.0], dtype=np.float32), (kinds, 1))
        return weight, np.zeros(kinds, dtype=np.float32)
