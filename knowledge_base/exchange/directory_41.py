"""Import of the directory of Loir-et-Cher from the collected sources to our own format.

Two files are read: the rows, and the rows that complete or replace them. A value that the
sources do not give stays missing; a row of 2021 or before, undated or doubtful is marked
to be verified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base.commune_names import name_key
from knowledge_base.exchange import corrections_41 as corrections
from knowledge_base.exchange.communes import DEPARTEMENT, import_communes, write_communes
from knowledge_base.exchange.national_places import FRANCE_SERVICES
from knowledge_base.exchange.place_rows import Row, is_old, place_of
from knowledge_base.exchange.ring import Ring, with_ring
from knowledge_base.geography import load_communes
from knowledge_base.structures import Place, as_line

#: The file of the places of the other départements.
NEIGHBOURS = "voisinage"
_POINT = ("lat", "lon", "precision_coord")
_CONTACTS = ("telephone", "courriel", "horaires", "adresse")


@dataclass(slots=True)
class Report:
    """What an import did; the lists hold ids, to be looked at by a person."""

    places: int = 0
    merged: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    with_hours: int = 0
    hours_as_text: list[str] = field(default_factory=list)
    without_contact: list[str] = field(default_factory=list)
    to_verify: int = 0
    refused_values: list[str] = field(default_factory=list)
    ring: Ring | None = None

    def lines(self) -> list[str]:
        """Return the report in French, the figures first, then what a person must look at."""
        told = [
            f"{self.places} lieux, dont {self.to_verify} à vérifier.",
            f"{self.with_hours} avec des horaires calculables, {len(self.hours_as_text)} en texte.",
            f"{len(self.without_contact)} sans téléphone ni adresse e-mail.",
            f"{len(self.merged)} lignes complétées, {len(self.dropped)} doublons retirés.",
            f"{len(self.refused_values)} valeurs refusées :",
            *(f"  {value}" for value in self.refused_values),
        ]
        return told + (self.ring.lines() if self.ring is not None else [])


def import_directory(sources_dir: Path, out_dir: Path) -> Report:
    """Write ``communes.csv`` and ``structures/*.jsonl`` under ``out_dir``.

    The national files, when they are there, bring the places around the département. Raises
    OSError when a source is missing, pydantic's ValidationError for a row that does not make
    a place.
    """
    main = sources_dir / "annuaire_41.jsonl"
    table = out_dir / "communes.csv"
    out_dir.mkdir(parents=True, exist_ok=True)
    write_communes(import_communes(sources_dir / "communes_france.csv", main), table)
    load_communes.cache_clear()
    communes = load_communes(table)
    report = Report()
    rows = _merged(_read(main), _read(sources_dir / "annuaire_41_complement.jsonl"), report)
    places = [place_of(row, rows, communes, report.refused_values) for row in rows.values()]
    if (sources_dir / FRANCE_SERVICES).exists():
        places, report.ring = with_ring(places, sources_dir, communes)
    for place in places:
        _count(place, report)
    _write(places, out_dir / "structures")
    return report


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _merged(rows: Iterable[Row], additions: Iterable[Row], report: Report) -> dict[str, Row]:
    """Return the rows by id; an addition that replaces a row is merged field by field."""
    merged = {str(row["id"]): row for row in rows}
    for addition in additions:
        replaced = str(addition.get("remplace", ""))
        if replaced:
            report.merged.append(replaced)
            merged[replaced] = _merge(merged[replaced], addition) | {"id": replaced}
        else:
            merged[str(addition["id"])] = addition
    for dropped, kept in corrections.SAME_PLACE.items():
        if not {dropped, kept} <= merged.keys():
            continue
        merged[kept] = _merge(merged.pop(dropped), merged[kept]) | {"id": kept}
        report.dropped.append(dropped)
    return merged


def _merge(old: Row, new: Row) -> Row:
    """Return ``old`` with the values of ``new``; what ``new`` does not say is kept.

    The coordinates of the old address stay when the new row, only placed in its commune,
    gives the same street. The result is doubtful when a contact comes from an old row.
    """
    merged = old | new
    if "adresse" in new and "complement" not in new:
        merged.pop("complement", None)
    if "date" not in new:
        merged.pop("date", None)
    located = old["precision_coord"] == "adresse" and new["precision_coord"] != "adresse"
    if located and _same_street(old, new):
        merged |= {key: old[key] for key in _POINT}
    kept = any(key in old and key not in new for key in _CONTACTS)
    doubtful = bool(new.get("a_verifier")) or is_old(new) or (kept and is_old(old))
    return merged | {"a_verifier": doubtful, "older": [*new.get("older", ()), old]}


def _same_street(old: Row, new: Row) -> bool:
    if "adresse" not in new:
        return True
    # « Cité administrative, porte D, 34 avenue Maunoury »: the street comes last.
    streets = [name_key(str(row.get("adresse", "")).rpartition(",")[2]) for row in (old, new)]
    before, after = (set(street.replace("fbg", "faubourg").split()) for street in streets)
    return before <= after or after <= before


def _count(place: Place, report: Report) -> None:
    report.places += 1
    report.to_verify += place.to_verify
    report.with_hours += place.opening_hours is not None
    if place.hours_text is not None:
        report.hours_as_text.append(place.id)
    if not (place.phone or place.email):
        report.without_contact.append(place.id)


def _write(places: Sequence[Place], folder: Path) -> None:
    """Write the places in files by family, each sorted by id, without the empty fields."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem in (*corrections.FILES, "autres", NEIGHBOURS):
        chosen = sorted((p for p in places if _stem(p) == stem), key=lambda place: place.id)
        text = "".join(f"{as_line(place)}\n" for place in chosen)
        (folder / f"{stem}.jsonl").write_text(text, encoding="utf-8")


def _stem(place: Place) -> str:
    if not place.code_insee.startswith(DEPARTEMENT):
        return NEIGHBOURS
    families = (stem for stem, types in corrections.FILES.items() if place.type in types)
    return next(families, "autres")
