"""The receipt of a case: its code, and what anybody who has it may know.

One reading for every door: the chat, the web page, the API and the database.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from random import Random
from typing import Final

from assistant.handoff import Status

#: No vowel, so that no word appears; none of 0-O, 1-I-L, 2-Z, 5-S, 8-B, U-V, M-N, G-6.
CODE_ALPHABET: Final = "CDFHJKMPQRTVWX3479"
CODE_LENGTH: Final = 6

_HALF: Final = rf"[{CODE_ALPHABET}]{{{CODE_LENGTH // 2}}}"
_SEPARATOR: Final = r"[\s.\-–—]"
_SEPARATORS: Final = re.compile(_SEPARATOR)
_WHOLE: Final = re.compile(_HALF * 2)
#: In a sentence: « mon code est cdf 347 ». No French word is made of these letters alone.
_INSIDE: Final = re.compile(rf"(?<!\w)({_HALF}){_SEPARATOR}?({_HALF})(?!\w)")


def new_code(rng: Random | None = None) -> str:
    """Return a new receipt code; ``rng`` replaces the system's randomness in tests."""
    source = rng or secrets.SystemRandom()
    return "".join(source.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str | None:
    """Return the code as stored if ``text`` is one (any case, spaces, dashes), else None."""
    code = _SEPARATORS.sub("", text).upper()
    return code if _WHOLE.fullmatch(code) else None


def find_code(text: str) -> str | None:
    """Return the first code that ``text`` is or holds, as stored, else None."""
    whole = read_code(text)
    if whole is not None:
        return whole
    found = _INSIDE.search(text.upper())
    return found[1] + found[2] if found else None


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """What anybody with the code may know; ``label`` is the sentence to show."""

    status: Status
    label: str
    since: datetime
    taken_by: str | None
    due: datetime | None
    place_name: str


class NotLookedUp(Enum):
    """Why a code gives nothing."""

    UNKNOWN = "unknown"  # no case has it
    TOO_MANY = "too_many"  # too many codes were tried: wait a minute


LookedUp = PublicStatus | NotLookedUp
