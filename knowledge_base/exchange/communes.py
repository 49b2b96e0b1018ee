"""Import of the communes: those of the département and their neighbours, in a small table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge_base.geography import FIELDS, Commune, Communes, distance_km

DEPARTEMENT = "41"
#: A person near the border may name a neighbouring commune; beyond, the place is unknown.
NEIGHBOURHOOD_KM = 40.0

#: Cities that the source leaves without a centre: that of their town hall (degrees).
_CENTRES = {"13055": (43.2965, 5.3698), "69123": (45.7676, 4.8345), "75056": (48.8566, 2.3522)}

Row = dict[str, str]


def import_communes(communes_csv: Path, places_jsonl: Path) -> list[Row]:
    """Return the rows of ``communes.csv`` in the order of the codes.

    The point of a commune of the département is its town hall, where people live, when
    the address of the town hall is located; elsewhere it is the centre of the commune.
    """
    with communes_csv.open(encoding="utf-8", newline="") as stream:
        known = [row for row in csv.DictReader(stream) if row["lat"]]
    town_halls = _town_halls(places_jsonl)
    ours = [row for row in known if row["departement"] == DEPARTEMENT]
    near = [row for row in known if row["departement"] != DEPARTEMENT and _is_near(row, ours)]
    rows = [_row(row, town_halls) for row in (*ours, *near)]
    return sorted(rows, key=lambda row: row["code_insee"])


def france_communes(communes_csv: Path) -> Communes:
    """Return every commune of France whose centre is known, overseas included."""
    with communes_csv.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return Communes(
        tuple(
            Commune.from_row(_row(row, _CENTRES))
            for row in rows
            if row["lat"] or row["code_insee"] in _CENTRES
        )
    )


def write_communes(rows: Iterable[Row], path: Path) -> None:
    """Write ``communes.csv``."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _town_halls(places_jsonl: Path) -> dict[str, tuple[float, float]]:
    points: dict[str, tuple[float, float]] = {}
    for line in places_jsonl.read_text(encoding="utf-8").splitlines():
        place = json.loads(line)
        if place["type"] == "mairie" and place["precision_coord"] == "adresse":
            points[place["code_insee"]] = (place["lat"], place["lon"])
    return points


def _is_near(row: Row, ours: list[Row]) -> bool:
    lat, lon = float(row["lat"]), float(row["lon"])
    return any(
        distance_km(lat, lon, float(other["lat"]), float(other["lon"])) <= NEIGHBOURHOOD_KM
        for other in ours
    )


def _row(row: Row, points: Mapping[str, tuple[float, float]]) -> Row:
    lat, lon = points.get(row["code_insee"]) or (float(row["lat"]), float(row["lon"]))
    kept = {field: row[field] for field in FIELDS}
    return kept | {
        "epci_nom": row["epci_nom"].replace("''", "").strip(),
        "lat": f"{lat:.5f}",
        "lon": f"{lon:.5f}",
    }
