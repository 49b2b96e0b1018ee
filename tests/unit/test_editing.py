"""Who writes a card is helped: an empty card, a schema for the editor, a guide that is true."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from knowledge_base import editing
from knowledge_base.catalogue import CatalogueError, entry_files
from knowledge_base.models import Entry
from knowledge_base.passages import passages
from knowledge_base.prose import TO_WRITE
from knowledge_base.vocabulary import EntryKind

TODAY = date(2026, 11, 27)
GUIDE = Path(__file__).parents[2] / "docs" / "catalogue.md"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give an empty catalogue."""
    for folder in ("droits", "services"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Give the committed schema, ready to validate."""
    return Draft202012Validator(json.loads(editing.SCHEMA.read_text(encoding="utf-8")))


def read(path: Path) -> Any:
    """Read a card as an editor's extension does: dates are words."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


@pytest.mark.parametrize(
    ("kind", "folder"),
    [
        (EntryKind.RIGHT, "droits"),
        (EntryKind.SERVICE, "services"),
        (EntryKind.PROCEDURE, "droits"),
        (EntryKind.PROTECTION, "droits"),
    ],
)
def test_an_empty_card_has_every_required_field(data: Path, kind: EntryKind, folder: str) -> None:
    """What is missing is only what a person must write."""
    path = editing.write_new(kind, "mon_aide", 'Une "aide"', TODAY, data)
    assert path == data / folder / "mon_aide.yml"
    card = read(path)
    required = {name for name, field in Entry.model_fields.items() if field.is_required()}
    assert required <= card.keys()
    assert (card["id"], card["title"], card["kind"]) == ("mon_aide", "Une ”aide”", kind.value)
    assert card["reviewed_on"] == "2026-11-27"


def test_an_empty_card_is_refused_until_it_is_written(data: Path) -> None:
    """Every text that a person reads starts as something to write."""
    card = read(editing.write_new(EntryKind.RIGHT, "mon_aide", "À ÉCRIRE", TODAY, data))
    card["situations"] = [f"façon de dire {number}" for number in range(15)]
    card["sources"][0]["url"] = "https://exemple.fr"
    unwritten = [p.field for p in passages(Entry.model_validate(card)) if TO_WRITE in p.text]
    assert unwritten == ["title", "need", "summary", "steps.0", "provider"]


def test_a_card_that_exists_is_never_overwritten(data: Path) -> None:
    """Not even by a card of another kind."""
    path = editing.write_new(EntryKind.RIGHT, "mon_aide", "Une aide", TODAY, data)
    path.write_text("écrite", encoding="utf-8")
    with pytest.raises(CatalogueError, match="existe déjà"):
        editing.write_new(EntryKind.SERVICE, "mon_aide", "Une aide", TODAY, data)
    assert path.read_text(encoding="utf-8") == "écrite"


@pytest.mark.parametrize("wrong", ["Mon aide", "aide-1", "1aide", "../aide", "é"])
def test_an_id_that_is_not_a_file_name_is_refused(data: Path, wrong: str) -> None:
    """The message says what an id is made of."""
    with pytest.raises(CatalogueError, match="minuscules sans accent"):
        editing.write_new(EntryKind.RIGHT, wrong, "Une aide", TODAY, data)


def test_the_committed_schema_is_that_of_the_model() -> None:
    """« python -m knowledge_base schema » was run after the model changed."""
    assert editing.SCHEMA.read_text(encoding="utf-8") == editing.json_schema()


@pytest.mark.parametrize("path", entry_files(), ids=lambda path: path.stem)
def test_every_card_follows_the_schema(validator: Draft202012Validator, path: Path) -> None:
    """What the catalogue accepts, an editor does not underline."""
    assert [error.message for error in validator.iter_errors(read(path))] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("themes", ["vacances"]),
        ("situations", ["une seule"]),
        ("documents", None),
        ("inconnu", "x"),
        ("conditions", [{"fact": "age", "any": [], "because": "oui", "otherwise": "non"}]),
    ],
)
def test_the_schema_underlines_a_mistake(
    validator: Draft202012Validator, field: str, value: object
) -> None:
    """An unknown domain, too few ways of saying, a field that does not exist."""
    card = read(entry_files()[0])
    assert list(validator.iter_errors({**card, field: value}))


def test_the_guide_lists_the_fields_as_the_model_describes_them() -> None:
    """Each field once, in the same order, with the same words."""
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (oui|non.*?) \|$", GUIDE.read_text("utf-8"), re.M)
    fields = [(name, field.description) for name, field in Entry.model_fields.items()]
    assert [(name, said) for name, said, _ in rows] == fields
    required = {name for name, field in Entry.model_fields.items() if field.is_required()}
    assert {name for name, _, needed in rows if needed == "oui"} == {*required, "documents", "need"}
