"""Which ways of saying serve for what, decided by their words alone: adding others changes nothing.

Some are kept out of the training, so that the probabilities shown are honest: calibrated on
what the encoder was trained on they would be too sure of themselves. All are learnt from,
but a message is compared one by one with some of them only.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

_ONE_IN = 8
#: Sayings of an entry that a message is compared with: a third of them find as much as all
#: (docs/adr/0004), for a third of the time and of the memory.
_COMPARED = 48


def held_out(saying: str) -> bool:
    """Tell whether a saying of the catalogue is kept out of the training."""
    return _number(saying) % _ONE_IN == 0


def compared(sayings: Sequence[str]) -> tuple[str, ...]:
    """Return the sayings of an entry that become vectors of the index, in the same order."""
    kept = set(sorted(sayings, key=_number)[:_COMPARED])
    return tuple(text for text in sayings if text in kept)


def halves(off_topic: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the messages that no entry answers: those that train, those that calibrate."""
    both: tuple[list[str], list[str]] = ([], [])
    for text in off_topic:
        both[_number(text) % 2].append(text)
    return both


def _number(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))
