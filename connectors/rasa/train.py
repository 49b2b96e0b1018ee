"""Learning the dialogue model, only when something it depends on has changed.

``python -m connectors.rasa.train`` prints what it does. The digest of the inputs is kept
beside the model; the same inputs again cost a tenth of a second.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.rasa.environment import rasa_environment
from connectors.rasa.rights import lookup_table, names_of_rights
from knowledge_base.catalogue import load
from knowledge_base.steps import say, step

ROOT: Final = Path(__file__).parents[2]
MODEL_NAME: Final = "dialogue"
#: Everything that the model depends on, from the root of the project.
INPUTS: Final = (
    "config.yml",
    "domain.yml",
    "assistant/dialogue/nlu/*.yml",
    "assistant/dialogue/rules/*.yml",
    "assistant/dialogue/stories/*.yml",
    "assistant/engine/*.py",
    "assistant/requirements-rasa.txt",
)
_DATA: Final = (
    "assistant/dialogue/nlu",
    "assistant/dialogue/rules",
    "assistant/dialogue/stories",
)


class TrainingFailed(Exception):
    """Rasa could not learn; the message gives its last lines."""


@dataclass(frozen=True, slots=True)
class DialogueModel:
    """Where the model and what it was made from are kept."""

    folder: Path

    @property
    def file(self) -> Path:
        """The model that Rasa loads."""
        return self.folder / f"{MODEL_NAME}.tar.gz"

    @property
    def digest_file(self) -> Path:
        """The digest of the inputs of the model."""
        return self.folder / "digest"

    @property
    def rights_file(self) -> Path:
        """The names of rights, drawn from the catalogue."""
        return self.folder / "rights.yml"


def train(
    python: Path,
    folder: Path,
    *,
    root: Path = ROOT,
    tell: Callable[[str], None] = say,
) -> Path:
    """Return the model's file, learnt again if its inputs changed.

    ``python`` is the Python of Rasa's environment. Raises TrainingFailed.
    """
    model = DialogueModel(folder.resolve())
    data = write_training_data(folder, root)
    digest = digest_of(root, model.rights_file)
    if is_current(model, digest):
        tell("Modèle de dialogue : à jour.")
        return model.file
    model.digest_file.unlink(missing_ok=True)
    with step("Modèle de dialogue", "apprentissage (une demi-minute environ)", tell):
        _learn(python, model, data, root)
    model.digest_file.write_text(digest, encoding="ascii")
    return model.file


def write_training_data(folder: Path, root: Path = ROOT) -> list[Path]:
    """Write what is generated into ``folder``; return all the paths to learn from."""
    model = DialogueModel(folder.resolve())
    model.folder.mkdir(parents=True, exist_ok=True)
    names = names_of_rights(load(root / "knowledge_base" / "data"))
    model.rights_file.write_text(lookup_table(names), encoding="utf-8")
    return [*(root / part for part in _DATA if any((root / part).glob("*"))), model.rights_file]


def digest_of(root: Path, rights: Path) -> str:
    """Return a SHA-256 over the names and contents of the inputs."""
    total = hashlib.sha256()
    for path in [*_inputs(root), rights]:
        total.update(path.name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current(model: DialogueModel, digest: str) -> bool:
    """Tell whether the model was learnt from the inputs of this digest."""
    if not (model.file.exists() and model.digest_file.exists()):
        return False
    return model.digest_file.read_text(encoding="ascii") == digest


def _inputs(root: Path) -> Iterator[Path]:
    for pattern in INPUTS:
        yield from sorted(root.glob(pattern))


def _learn(python: Path, model: DialogueModel, data: list[Path], root: Path) -> None:
    command = [
        str(python), "-m", "assistant.engine.command", "train",
        "--config", str(root / "config.yml"),
        "--domain", str(root / "domain.yml"),
        "--data", *(str(path) for path in data),
        "--out", str(model.folder),
        "--fixed-model-name", MODEL_NAME,
        "--force",
    ]  # fmt: skip
    # A cache would keep the features of every example: 60 MB, to save ten seconds.
    environment = rasa_environment(os.environ, RASA_MAX_CACHE_SIZE="0")
    done = subprocess.run(  # noqa: S603  # our own command, no shell
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 or not model.file.exists():
        last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise TrainingFailed(f"Rasa a échoué (code {done.returncode}) :\n{last}")


def main() -> int:
    """Run from the command line; return the exit status."""
    from connectors.settings import Settings

    settings = Settings()
    parser = argparse.ArgumentParser(prog="connectors.rasa.train", description=__doc__)
    parser.add_argument("--python", type=Path, default=settings.rasa_interpreter)
    parser.add_argument("--out", type=Path, default=settings.models / MODEL_NAME)
    arguments = parser.parse_args()
    if not settings.rasa_enabled or settings.rasa_url is not None:
        say("Modèle de dialogue : inutile ici, Rasa est coupé ou démarré ailleurs.")
        return 0
    try:
        train(arguments.python, arguments.out)
    except TrainingFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
