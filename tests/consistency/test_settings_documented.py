"""The table of settings in ``docs/exploitation.md`` and ``connectors/settings.py`` agree."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from connectors.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "exploitation.md"
_SECTION = re.compile(r"^### Réglages du service\n(.*?)^#", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)

Row = tuple[str, str, str]


def _default(field: FieldInfo) -> str:
    """Return a default as the page writes it."""
    value = field.default
    if value is None:
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _rows_of_the_page() -> list[Row]:
    section = _SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert section is not None, f"{PAGE.name} has lost its section « Réglages du service »"
    return [(name, default, said) for name, default, said in _ROW.findall(section[1])]


def _rows_of_the_code() -> list[Row]:
    return [
        (name.upper(), _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    """The page names all the variables of the code, no other, in the same order."""
    assert [row[0] for row in _rows_of_the_page()] == [row[0] for row in _rows_of_the_code()]


@pytest.mark.parametrize("row", _rows_of_the_code(), ids=lambda row: row[0])
def test_a_row_says_the_default_and_the_description_of_the_code(row: Row) -> None:
    """The default and the French description of a variable are those of its field."""
    assert row in _rows_of_the_page()


def test_every_setting_is_described() -> None:
    """A field without a description would be an empty cell for the operator."""
    assert [name for name, _, said in _rows_of_the_code() if not said] == []
