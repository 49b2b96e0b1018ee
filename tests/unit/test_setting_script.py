"""``scripts/setting``, which make uses before Python is there, reads as the service does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from connectors.settings import Settings

SCRIPT = Path(__file__).parents[2] / "scripts" / "setting"


def _said(env_file: Path, name: str, default: str, **environment: str) -> str:
    """Return what the script prints."""
    done = subprocess.run(
        [str(SCRIPT), name, default],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(env_file), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.rstrip("\n")


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the path of a file of settings, in an environment that has none."""
    for name in ("VAR_DIR", "RASA_ENABLED", "ENCODER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "reglages"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ENCODER=/srv/modele", "/srv/modele"),
        ("encoder=/srv/modele", "/srv/modele"),
        ("export ENCODER=/srv/modele", "/srv/modele"),
        ("  ENCODER = /srv/modele  ", "/srv/modele"),
        ('ENCODER="/srv/mon modele" # le nôtre', "/srv/mon modele"),
        ("ENCODER='/srv/a#b'", "/srv/a#b"),
        ("ENCODER=/srv/a#b # le nôtre", "/srv/a#b"),
        ("ENCODER=/un\nENCODER=/deux", "/deux"),
        ("# ENCODER=/un\nENCODER=/deux", "/deux"),
        ("ENCODER=/srv/modele\r\nPORT=8001\r\n", "/srv/modele"),
        ("SECOND_ENCODER=/autre\nENCODER=/srv/modele", "/srv/modele"),
        ("ENCODER=a=b", "a=b"),
    ],
)
def test_a_line_is_read_as_the_service_reads_it(
    env_file: Path, written: str, expected: str
) -> None:
    """Quotes, spaces, comments, capitals, repeated lines: the same value in both."""
    env_file.write_text(written, encoding="utf-8", newline="")
    assert Settings(_env_file=env_file).encoder == expected
    assert _said(env_file, "ENCODER", "") == expected


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for the service, whatever the case of the name."""
    env_file.write_text("RASA_ENABLED=true\n", encoding="utf-8")
    monkeypatch.setenv("rasa_enabled", "false")
    assert Settings(_env_file=env_file).rasa_enabled is False
    assert _said(env_file, "RASA_ENABLED", "true", rasa_enabled="false") == "false"


def test_without_file_nor_variable_the_default_is_said(env_file: Path) -> None:
    """A fresh clone has no file of settings."""
    assert _said(env_file, "VAR_DIR", "var") == "var"
    env_file.write_text("PORT=8001\n", encoding="utf-8")
    assert _said(env_file, "VAR_DIR", "var") == "var"
