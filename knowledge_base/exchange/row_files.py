"""Reading a file of rows that somebody sent: JSON, JSON Lines or CSV, gzip or not.

A row that cannot be read is named and the others are taken; a file that is not what it says
it is, is refused whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
#: Under these keys an object holds its rows: a page of an API, or several lists in one file.
_LISTS = ("items", "contents", "structures", "services", "organizations", "results")
_GZIP = b"\x1f\x8b"


class FileRefused(Exception):
    """The file cannot be read as rows; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row and where it was read (« ligne 3 »); ``fault`` says why it could not be read."""

    where: str
    row: Row
    fault: str | None = None


def read_rows(path: Path, required: Sequence[str] = ()) -> list[Numbered]:
    """Return the rows of ``path``. A CSV file must have the ``required`` columns.

    Raises FileRefused when the file is missing, not text, empty or without these columns.
    """
    text = _text(path)
    if not text.strip():
        raise FileRefused(f"{path.name} : fichier vide")
    if text.lstrip()[0] in "[{":
        return list(_json_rows(text, path))
    return list(_csv_rows(text, path, required))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except (OSError, EOFError) as error:
        raise FileRefused(f"{path.name} : illisible ({error})") from error
    except UnicodeDecodeError as error:
        raise FileRefused(f"{path.name} : ce n’est pas de l’UTF-8") from error


def _json_rows(text: str, path: Path) -> Iterator[Numbered]:
    """Yield the rows of a list, of the lists of an object, or of an object on each line."""
    try:
        read = json.loads(text)
    except json.JSONDecodeError:
        yield from _cut_list(text) if text.lstrip().startswith("[") else _json_lines(text)
        return
    rows = [read] if isinstance(read, dict) and not _is_envelope(read) else _listed(read)
    if not rows:
        raise FileRefused(f"{path.name} : aucune ligne dans ce JSON")
    yield from (_numbered(f"ligne {at}", row) for at, row in enumerate(rows, start=1))


def _is_envelope(read: Row) -> bool:
    return any(isinstance(read.get(key), list) for key in _LISTS) and "name" not in read


def _listed(read: object) -> list[object]:
    if isinstance(read, dict):
        return [row for key in _LISTS if isinstance(read.get(key), list) for row in read[key]]
    return list(read) if isinstance(read, list) else []


def _json_lines(text: str) -> Iterator[Numbered]:
    # Not splitlines: it cuts at the separators (U+2028) that a text may hold.
    for at, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _numbered(f"ligne {at}", json.loads(line))
        except json.JSONDecodeError as error:
            yield Numbered(f"ligne {at}", {}, f"JSON illisible : {error.msg}")


def _cut_list(text: str) -> Iterator[Numbered]:
    """Yield the whole rows of a list that does not read to its end, then what stopped it."""
    decoder, at, number = json.JSONDecoder(), text.index("[") + 1, 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text) or text[at] == "]":
            break
        number += 1
        try:
            row, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            yield Numbered(f"ligne {number}", {}, f"JSON coupé ou illisible : {error.msg}")
            return
        yield _numbered(f"ligne {number}", row)
    yield Numbered(
        f"après la ligne {number}", {}, "JSON coupé ou illisible : la liste n’est pas finie"
    )


def _numbered(where: str, row: object) -> Numbered:
    if isinstance(row, dict):
        return Numbered(where, row)
    return Numbered(where, {}, "un objet est attendu")


def _csv_rows(text: str, path: Path, required: Sequence[str]) -> Iterator[Numbered]:
    """Yield the rows of a CSV file, by commas or semicolons, without the empty values."""
    head = text.splitlines()[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    columns = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = columns
    missing = [name for name in required if name not in columns]
    if missing:
        found = ", ".join(columns[:8])
        raise FileRefused(
            f"{path.name} : colonnes absentes : {', '.join(missing)} (lues : {found})"
        )
    for row in reader:
        where = f"ligne {reader.line_num}"
        if "" in row or None in row.values():
            yield Numbered(where, {}, f"{len(columns)} colonnes sont attendues")
        else:
            yield Numbered(where, {key: value for key, value in row.items() if value.strip()})
