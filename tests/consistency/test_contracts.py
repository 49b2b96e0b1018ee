"""The contracts of the imports name every module they are about."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: What Rasa calls, what Rasa loads, and the command line.
APART = {"actions", "engine", "dialogue", "__main__"}


def _contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(one for one in contracts if one["name"].startswith(name))


def _modules(folder: Path) -> set[str]:
    """Return the modules and packages of a folder."""
    files = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def test_every_pure_module_of_the_assistant_is_checked() -> None:
    """A new module is in the list that may need neither Rasa's actions nor its engine."""
    pure = {f"assistant.{name}" for name in _modules(ROOT / "assistant") - APART}
    assert set(_contract("Nothing of the assistant")["source_modules"]) == pure


def test_every_door_is_checked() -> None:
    """The doors are the folders of ``connectors`` that have routes or a channel of their own."""
    shared = {"handoff", "migrations"}
    folders = {path.parent.name for path in (ROOT / "connectors").glob("*/__init__.py")} - shared
    assert set(_contract("The doors")["modules"]) == {f"connectors.{name}" for name in folders}
