"""Every button that asks for something asks for something the assistant knows."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.names import REQUESTS, Intent

ROOT = Path(__file__).parents[2]
_WRITTEN = re.compile(r"(?:\{DO\}|\bdo:)(\w+)")
_NAMED = re.compile(r"\{DO\}\{Intent\.(\w+)")


def requests_in(*folders: str) -> set[str]:
    """Return what the buttons of the sources ask for."""
    found: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".js"}:
                text = path.read_text(encoding="utf-8")
                found |= set(_WRITTEN.findall(text))
                found |= {Intent[name].value for name in _NAMED.findall(text)}
    return found


def test_every_button_is_accepted() -> None:
    """What a button sends is never refused at the doors."""
    assert requests_in("assistant", "connectors") - REQUESTS == set()
