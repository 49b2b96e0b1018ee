"""What explains an alarm that only the encoder hears: a tired carer, bed bugs, a past told.

The person gets the gentle line instead of the alert: the number is still there. What a rule
reads is never quietened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.urgency.rules import whole

QUIET = Path(__file__).with_name("quiet.yml")


@dataclass(frozen=True, slots=True)
class _Kind:
    when: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    silent: bool

    def explains(self, read: str) -> bool:
        return all(pattern.search(read) for pattern in self.when) and not any(
            pattern.search(read) for pattern in self.unless
        )


class Quiet:
    """Tells whether the words of a message explain an alarm; safe to share."""

    def __init__(self, kinds: tuple[_Kind, ...]) -> None:
        self._kinds = kinds

    def explains(self, text: str) -> bool:
        """Return whether ``text`` holds every « when » of a kind and none of its « unless »."""
        read = whole(text)
        return any(kind.explains(read) for kind in self._kinds)

    def silences(self, text: str) -> bool:
        """Return whether a kind that explains ``text`` leaves not even the gentle line."""
        read = whole(text)
        return any(kind.silent and kind.explains(read) for kind in self._kinds)


def load_quiet(path: Path = QUIET) -> Quiet:
    """Read the kinds of explanations."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Quiet(
        tuple(
            _Kind(
                tuple(re.compile(one) for one in kind["when"]),
                tuple(re.compile(one) for one in kind["unless"]),
                kind.get("silent", False),
            )
            for kind in raw.values()
        )
    )
