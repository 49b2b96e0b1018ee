"""The fixed texts of the assistant, read from ``wording.yml``.

They are not responses of Rasa's domain: every message goes through the service, which looks
for danger first, so Rasa never speaks by itself and its validator would call them unused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.names import Response

TEXTS = Path(__file__).with_name("wording.yml")


class Wording:
    """Texts by name; ``say`` fills the placeholders. Raises KeyError for a missing text."""

    def __init__(self, texts: Mapping[Response, str]) -> None:
        self._texts = texts

    def say(self, response: Response, **values: str) -> str:
        """Return the text of ``response`` with its placeholders filled."""
        return self._texts[response].format(**values)


def load_wording(path: Path = TEXTS) -> Wording:
    """Read the texts. Raises KeyError when one is missing."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Wording({name: str(raw[name.value]).strip() for name in Response})
