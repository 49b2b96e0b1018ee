"""What is kept out of the training, so that the probabilities shown are honest.

A probability calibrated on what the encoder was trained on would be too sure of itself.
Which sentence is kept out is decided by its words alone: adding others changes nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_ONE_IN = 8


def held_out(saying: str) -> bool:
    """Tell whether a saying of the catalogue is kept out of the training."""
    return _number(saying) % _ONE_IN == 0


def halves(off_topic: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the messages that no entry answers: those that train, those that calibrate."""
    both: tuple[list[str], list[str]] = ([], [])
    for text in off_topic:
        both[_number(text) % 2].append(text)
    return both


def _number(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))
