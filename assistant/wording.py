"""The fixed texts of the assistant, read from ``domain.yml``: one home for Rasa and for us."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.names import Response

DOMAIN = Path(__file__).parent.parent / "domain.yml"


class Wording:
    """Texts by name; ``say`` fills the placeholders. Raises KeyError for a missing text."""

    def __init__(self, texts: Mapping[Response, str]) -> None:
        self._texts = texts

    def say(self, response: Response, **values: str) -> str:
        """Return the text of ``response`` with its placeholders filled."""
        return self._texts[response].format(**values)


def load_wording(path: Path = DOMAIN) -> Wording:
    """Read the responses of ``domain.yml``. Raises KeyError when one is missing."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return Wording({name: str(raw[name.value][0]["text"]).strip() for name in Response})
