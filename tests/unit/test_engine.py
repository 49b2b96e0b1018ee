"""What Rasa's own process adds to Rasa, as far as it needs no Rasa."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from assistant.engine import absent
from assistant.engine.actions import UnreadableAnswer, check_outline
from assistant.engine.neighbours import Neighbours
from assistant.engine.report import f1_scores


@pytest.fixture
def heavy(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a package replaced by a stand-in for one test."""
    name = "a_heavy_package"
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    absent.install([name])
    yield name
    for imported in [known for known in sys.modules if known.partition(".")[0] == name]:
        del sys.modules[imported]


def catches(error: type[Exception]) -> bool:
    """Tell whether ``except error`` catches an error that has nothing to do with it."""
    try:
        raise KeyError("something else")
    except error:
        return True
    except KeyError:
        return False


def test_a_stand_in_lets_names_resolve(heavy: str) -> None:
    """Rasa's imports, base classes, annotations and « except » must go on working."""
    module = importlib.import_module(f"{heavy}.deep.inside")

    class Layer(module.Base):  # type: ignore[misc, name-defined]
        field: module.Tensor | None = None  # type: ignore[name-defined]

    assert issubclass(Layer, module.Base)
    assert not catches(module.errors.ConnectionFailure)


def test_a_stand_in_refuses_to_be_used(heavy: str) -> None:
    """The first real use fails at once and says which package it needs."""
    module = importlib.import_module(heavy)
    with pytest.raises(absent.AbsentPackageUsed, match=r"a_heavy_package\.Model\.load"):
        module.Model.load("file")


def test_a_package_already_imported_is_refused() -> None:
    """Too late to replace: better said than half done."""
    with pytest.raises(absent.AbsentPackageUsed, match="json"):
        absent.install(["json"])


def test_an_answer_of_the_actions_has_two_lists() -> None:
    """Events and responses, each a list of objects; both may be missing."""
    assert check_outline({"events": [{"event": "slot"}], "responses": []})
    assert check_outline({})


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param({"events": {}}, id="events that are no list"),
        pytest.param({"responses": ["text"]}, id="a response that is no object"),
    ],
)
def test_another_outline_is_refused(answer: object) -> None:
    """Anything else is an error of its own."""
    with pytest.raises(UnreadableAnswer):
        check_outline(answer)


@pytest.fixture
def neighbours() -> Neighbours:
    """Twelve examples of two intents: six around each of two meanings."""
    meanings = np.array([[1.0, 0.0]] * 6 + [[0.0, 1.0]] * 6, dtype=np.float32)
    spellings = np.zeros((12, 4), dtype=np.float32)
    spellings[:6, 0] = spellings[6:, 1] = 1.0
    return Neighbours.of_examples(meanings, spellings, np.array([0] * 6 + [1] * 6))


def test_the_nearest_examples_decide(neighbours: Neighbours) -> None:
    """A sentence like the first six goes with them; the shares make one."""
    meaning, spelling = np.array([0.9, 0.1]), np.array([1.0, 0.0, 0.0, 0.0])
    shares = neighbours.shares(meaning, spelling, 2)
    assert shares[0] > 0.99
    assert shares.sum() == pytest.approx(1.0)


def test_the_examples_come_back_from_their_arrays(neighbours: Neighbours) -> None:
    """What is stored reads as what was learnt."""
    again = Neighbours.of_arrays(neighbours.arrays())
    meaning, spelling = np.array([0.4, 0.6]), np.array([0.0, 1.0, 0.0, 0.0])
    expected = neighbours.shares(meaning, spelling, 2)
    assert again.shares(meaning, spelling, 2) == pytest.approx(expected, abs=1e-3)


def test_f1_of_each_intent() -> None:
    """Two right of three found and of four expected: 2 × 2 / (3 + 4)."""
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("a", "b"), ("b", "a"), ("b", "b")]
    assert f1_scores(pairs) == pytest.approx({"a": 4 / 7, "b": 2 / 5})
