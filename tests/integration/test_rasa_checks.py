"""Rasa's own checks: the data is consistent and the rules lead where the tests say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from connectors.rasa.environment import rasa_environment
from connectors.rasa.train import ROOT, write_training_data
from connectors.settings import Settings

pytestmark = pytest.mark.rasa


@pytest.fixture
def rasa(tmp_path: Path) -> Path:
    """Give the Python of Rasa, or skip by name."""
    python = Settings().rasa_interpreter
    if not python.exists():
        pytest.skip("Rasa (environnement Python 3.10)")
    return python


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of Rasa's commands."""
    return subprocess.run(
        [str(python.absolute()), "-m", "assistant.engine.command", *arguments],
        cwd=ROOT, env=rasa_environment({}), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_dialogue_data_is_valid(rasa: Path, tmp_path: Path) -> None:
    """``rasa data validate --fail-on-warnings`` finds nothing to say."""
    data = write_training_data(tmp_path)
    done = run(
        rasa, "data", "validate", "--fail-on-warnings",
        "--domain", "domain.yml", "--config", "config.yml", "--data", *map(str, data),
    )  # fmt: skip
    said = [line for line in (done.stdout + done.stderr).splitlines() if "Warning" in line]
    assert done.returncode == 0, "\n".join(said[-5:])


def test_every_intent_leads_to_its_action(rasa: Path, tmp_path: Path) -> None:
    """``rasa test core`` plays tests/dialogue with the trained model, none fails."""
    model = Settings().models / "dialogue" / "dialogue.tar.gz"
    assert model.exists(), "make train"
    done = run(
        rasa, "test", "core", "--model", str(model.resolve()),
        "--stories", "tests/dialogue", "--out", str(tmp_path),
        "--endpoints", str(_no_endpoints(tmp_path)), "--fail-on-prediction-errors",
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]


def _no_endpoints(folder: Path) -> Path:
    """Return endpoints without a service: the test predicts actions, it runs none."""
    path = folder / "endpoints.yml"
    path.write_text("tracker_store:\n  type: InMemory\n", encoding="utf-8")
    return path
