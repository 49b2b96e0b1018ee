"""When the dialogue model is learnt again, and which names of rights it looks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from connectors.rasa.environment import rasa_environment
from connectors.rasa.rights import lookup_table, names_of_rights
from connectors.rasa.train import (
    INPUTS,
    ROOT,
    DialogueModel,
    TrainingFailed,
    digest_of,
    is_current,
    train,
)
from knowledge_base.catalogue import Catalogue


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of everything that the model depends on."""
    for pattern in INPUTS:
        for path in ROOT.glob(pattern):
            copy = tmp_path / "project" / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    shutil.copytree(ROOT / "knowledge_base" / "data", tmp_path / "project/knowledge_base/data")
    return tmp_path / "project"


@pytest.fixture
def rights(tmp_path: Path) -> Path:
    """A lookup table with one name."""
    path = tmp_path / "rights.yml"
    path.write_text(lookup_table(["rsa"]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "domain.yml",
        "assistant/dialogue/nlu/needs.yml",
        "assistant/dialogue/rules/every_intent.yml",
        "assistant/engine/featurizer.py",
        "assistant/requirements-rasa.txt",
    ],
)
def test_a_changed_input_changes_the_digest(project: Path, rights: Path, changed: str) -> None:
    """Whatever the model is made from, one more line makes it stale."""
    before = digest_of(project, rights)
    with (project / changed).open("a", encoding="utf-8") as file:
        file.write("\n# one more line\n")
    assert digest_of(project, rights) != before


def test_a_new_name_of_right_changes_the_digest(project: Path, rights: Path) -> None:
    """A keyword added to the catalogue makes the model stale."""
    before = digest_of(project, rights)
    rights.write_text(lookup_table(["apa", "rsa"]), encoding="utf-8")
    assert digest_of(project, rights) != before


def test_the_held_out_sentences_do_not_count(project: Path, rights: Path) -> None:
    """The sentences of the report are not an input."""
    before = digest_of(project, rights)
    held_out = project / "assistant/dialogue/held_out/nlu.yml"
    held_out.parent.mkdir(parents=True)
    held_out.write_text("nlu: []\n", encoding="utf-8")
    assert digest_of(project, rights) == before


def test_a_model_is_current_with_its_own_digest_only(tmp_path: Path) -> None:
    """No file, no digest or another digest: it must be learnt."""
    model = DialogueModel(tmp_path)
    assert not is_current(model, "abc")
    model.file.write_bytes(b"model")
    assert not is_current(model, "abc")
    model.digest_file.write_text("abc", encoding="ascii")
    assert is_current(model, "abc")
    assert not is_current(model, "def")


def test_a_failed_training_leaves_no_digest(project: Path, tmp_path: Path) -> None:
    """The next start tries again, and the error holds what Rasa said."""
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho la raison >&2\nexit 3\n", encoding="utf-8")
    failing.chmod(0o755)
    said: list[str] = []
    with pytest.raises(TrainingFailed, match=r"code 3(.|\n)*la raison"):
        train(failing, tmp_path / "model", root=project, tell=said.append)
    assert not (tmp_path / "model" / "digest").exists()


def test_names_are_looked_for_as_people_type_them(catalogue: Catalogue) -> None:
    """With and without accents and apostrophes; never a word of everyday talk."""
    names = set(names_of_rights(catalogue))
    assert {"rsa", "aah", "prime d'activité", "prime d'activite", "prime d activite"} <= names
    assert names.isdisjoint({"pas", "age", "seul", "as", "at"})


def test_the_secrets_of_the_service_stay_with_it() -> None:
    """Rasa's process receives what it needs and no password."""
    given = {"PATH": "/bin", "SMTP_PASSWORD": "x", "TELEGRAM_TOKEN": "y", "DATABASE_URL": "z"}
    environment = rasa_environment(given, ACTION_ENDPOINT_TOKEN="t")
    assert environment["PATH"] == "/bin"
    assert environment["ACTION_ENDPOINT_TOKEN"] == "t"
    assert environment.keys().isdisjoint({"SMTP_PASSWORD", "TELEGRAM_TOKEN", "DATABASE_URL"})
