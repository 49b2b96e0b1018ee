"""What is learnt from and what is measured on stay apart, and every label means something."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.facts import FACTS, Fact, Kind, choice
from knowledge_base.tokens import words

_QUALITY = Path(__file__).parents[1] / "quality"
_TOLD = sorted((_QUALITY / "train" / "facts").glob("*.yml"))
_ROOT = Path(__file__).parents[2]
_ROLES = {"apprendre", "régler", "publier"}
_DANGERS = sorted((DATA / "dangers").glob("*.yml"))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the messages of a file, whichever of the two forms it has."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    messages: list[dict[str, Any]] = loaded["messages"] if isinstance(loaded, dict) else loaded
    return messages


def key(text: str) -> str:
    """Return the words of ``text``: two typings of one message are one message."""
    return " ".join(words(text))


@pytest.mark.parametrize("path", _TOLD, ids=lambda path: path.stem)
def test_every_fact_of_the_train_messages_is_a_choice_of_the_list(path: Path) -> None:
    """A choice for one fact, a list of choices for those that have several."""
    for message in read(path):
        for name, told in message["facts"].items():
            kind = FACTS[Fact(name)].kind
            values = told if kind is Kind.CHOICES else [told]
            assert isinstance(values, list)
            assert all(choice(Fact(name), value) for value in values), message["text"]


def test_every_choice_is_told_often_enough_to_be_learnt() -> None:
    """At least twenty-four messages for each; the fewest: « je ne m’occupe de personne »."""
    told: Counter[tuple[str, str]] = Counter()
    for message in (one for path in _TOLD for one in read(path)):
        for name, values in message["facts"].items():
            told.update(
                (name, value) for value in (values if isinstance(values, list) else [values])
            )
    expected = {
        (fact.value, one.value)
        for fact, definition in FACTS.items()
        if definition.kind in (Kind.CHOICE, Kind.CHOICES)
        for one in definition.choices
    }
    assert set(told) == expected
    assert min(told.values()) >= 24


@pytest.mark.parametrize("name", ["tune", "report"])
def test_no_message_that_measures_was_learnt_from(name: str, catalogue: Catalogue) -> None:
    """Facts, danger and needs: no train message has the very words of one that measures."""
    learnt = {key(one["text"]) for path in (*_TOLD, *_DANGERS) for one in read(path)}
    learnt |= {key(text) for said in catalogue.sayings.values() for text in said}
    shared = {
        one["text"]
        for path in (_QUALITY / name).glob("*.yml")
        for one in read(path)
        if len(key(one["text"]).split()) > 4 and key(one["text"]) in learnt
    }
    assert shared == set()


def roles() -> dict[str, str]:
    """Return the role of each pattern of files, as the table of tests/quality/README.md says."""
    lines = (_QUALITY / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "| `" in line]
    return {files.strip("`"): role for files, role, _ in rows}


def test_every_set_says_what_it_is_for() -> None:
    """Each file to learn from, to choose with or to publish is in one row of the table."""
    told = roles()
    assert set(told.values()) == _ROLES
    folders = {(_ROOT / pattern).parent for pattern in told if not pattern.endswith("sujet.yml")}
    listed = Counter(path for pattern in told for path in _ROOT.glob(pattern))
    assert set(listed.values()) == {1}
    assert {path for folder in folders for path in folder.glob("*.yml")} <= set(listed)


def test_a_set_that_names_itself_has_its_role() -> None:
    """« set: tune » is to choose with, « set: report » to publish."""
    named = {"tune": "régler", "report": "publier"}
    for pattern, role in roles().items():
        for path in _ROOT.glob(pattern):
            for line in path.read_text(encoding="utf-8").splitlines()[:2]:
                if line.startswith("set: "):
                    assert named[line.removeprefix("set: ")] == role, path.name
