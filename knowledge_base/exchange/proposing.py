"""Writing what an import proposes: a folder for a person to read, and what this person accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge_base.editing import Draft, skeleton
from knowledge_base.exchange.receiving import Accepted, Proposals
from knowledge_base.structures import Place, as_line

#: The file of the directory that receives the new places: no source writes it again.
IMPORTED = "importes.jsonl"


def write(done: Proposals, drafts: Sequence[Draft], folder: Path) -> None:
    """Write the proposals and the report under ``folder``, in the place of a former import."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "rapport.csv").open("w", encoding="utf-8", newline="") as stream:
        done.report.write(stream)
    _write_places(folder / "lieux.jsonl", done.places)
    replaced = [one.replaces for one in done.accepted if one.replaces is not None]
    if replaced:
        _write_places(folder / "remplaces.jsonl", replaced)
    if drafts:
        cards = folder / "fiches"
        cards.mkdir(exist_ok=True)
        for draft in drafts:
            (cards / f"{draft.id}.yml").write_text(skeleton(draft), encoding="utf-8")


def accept(accepted: Iterable[Accepted], structures: Path) -> None:
    """Write the accepted places into the directory: a changed one in its line, a new one apart."""
    changed = {one.place.id: one.place for one in accepted if one.replaces is not None}
    new = [one.place for one in accepted if one.replaces is None]
    for file in sorted(structures.glob("*.jsonl")):
        places = _read(file)
        if any(place.id in changed for place in places):
            _write_places(file, [changed.get(place.id, place) for place in places])
    if new:
        path = structures / IMPORTED
        before = _read(path) if path.exists() else []
        _write_places(path, sorted([*before, *new], key=lambda place: place.id))


def _read(path: Path) -> list[Place]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Place.model_validate_json(line) for line in lines if line]


def _write_places(path: Path, places: Iterable[Place]) -> None:
    """Write a whole file beside, then in its place: a cut leaves the former one."""
    beside = path.with_suffix(".tmp")
    beside.write_text("".join(f"{as_line(place)}\n" for place in places), encoding="utf-8")
    beside.replace(path)
