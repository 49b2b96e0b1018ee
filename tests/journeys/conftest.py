"""One assistant, started as an operator does, for all the journeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.settings import Settings
from tests.journeys.stack import Stack, running


@pytest.fixture(scope="session")
def rasa_installed() -> None:
    """Skip, by its name, what needs Rasa's environment."""
    if not Settings().rasa_interpreter.exists():
        pytest.skip("Rasa (environnement Python 3.10)")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, rasa_installed: None) -> Iterator[Stack]:
    """Give a running assistant with Rasa."""
    with running(Path(tmp_path_factory.mktemp("var"))) as started:
        yield started
