"""The command line of the catalogue is set as the service is."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.__main__ import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with no setting in the environment."""
    for name in ("VAR_DIR", "ENCODER", "SECOND_ENCODER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def _refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Search with a model that does not exist; return what is said."""
    assert main([*options, "search", "loyer"]) == 1
    return capsys.readouterr().err


def test_the_model_of_the_settings_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``ENCODER`` in ``.env`` names the model, as for the service."""
    model = tmp_path / "pas-de-modele"
    (tmp_path / ".env").write_text(f"ENCODER={model}\n", encoding="utf-8")
    assert f"Le modèle « {model} » ne peut pas être chargé" in _refused(capsys)


def test_an_option_wins_over_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the command line is what counts."""
    monkeypatch.setenv("ENCODER", "/srv/modele")
    model = tmp_path / "pas-de-modele"
    assert f"Le modèle « {model} » ne peut pas" in _refused(capsys, "--encoder", str(model))
