"""The places around Loir-et-Cher, and those of the national files that we lack inside it.

A person lives near a border and needs the nearest door. Two national files are read: the
France services (2024) and the agencies of France Travail. The directory of 2019 and the census
of digital help of 2020 are not: they are too old to send somebody to another département.

A place that two sources give is one place that keeps both. Only the rule of high precision
of ``same_place`` merges; what it calls a candidate is left out and listed, for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from knowledge_base.exchange.national_places import (
    FRANCE_SERVICES,
    FRANCE_TRAVAIL,
    france_services_row,
    france_travail_row,
    places_of,
    table,
)
from knowledge_base.exchange.same_place import best_match
from knowledge_base.geography import Commune, Communes, distance_km
from knowledge_base.structures import Place, PlaceSource

#: How far from the nearest commune of Loir-et-Cher a place may be, as the crow flies.
RING_KM = 30.0
#: What a second source may tell of a place that the first one left empty.
_STEPS = 0.01  # degrees of latitude: about a kilometre
_COMPLETED = ("address", "phone", "email", "url", "opening_hours", "hours_text", "appointment")


@dataclass(slots=True)
class Ring:
    """What was done: places added, merged (ours and the reason), left for a person to decide."""

    added: list[Place] = field(default_factory=list)
    merged: list[tuple[str, str, str]] = field(default_factory=list)
    candidates: list[tuple[str, str, str]] = field(default_factory=list)
    far: int = 0

    def lines(self) -> list[str]:
        """Return the report in French, one line for each number, then the candidates."""
        return [
            f"{len(self.added)} lieux ajoutés, {len(self.merged)} déjà connus, "
            f"{self.far} à plus de {RING_KM:.0f} km.",
            f"{len(self.candidates)} à départager par une personne, laissés de côté :",
            *(f"  {new} ~ {known} ({reason})" for new, known, reason in self.candidates),
        ]


def with_ring(ours: list[Place], folder: Path, communes: Communes) -> tuple[list[Place], Ring]:
    """Return ``ours`` completed and followed by the places of the files around, and the report.

    ``communes`` are those of our table: they reach beyond the ring. Raises OSError when a
    file is missing.
    """
    ring = Ring()
    known = {place.id: place for place in ours}
    near = set(_near(communes))
    for place in _read(folder, communes):
        if place.code_insee not in near:
            ring.far += 1
            continue
        if place.id in known:
            continue
        found = best_match(place, _around(place, known.values()))
        if found is None:
            known[place.id] = place
            ring.added.append(place)
        elif found[1].is_same:
            twin = found[0]
            known[twin.id] = merged(twin, place)
            ring.merged.append((place.id, twin.id, found[1].reason))
        else:
            ring.candidates.append((place.id, found[0].id, found[1].reason))
    return list(known.values()), ring


def merged(ours: Place, other: Place) -> Place:
    """Return ``ours`` with what only ``other`` says, and both sources.

    What we say wins: it was looked at by a person. Hours are taken whole or not at all.
    """
    told = {name: getattr(other, name) for name in _COMPLETED if getattr(ours, name) is None}
    if ours.hours is not None:
        told = {name: value for name, value in told.items() if "hours" not in name}
    if "address" in told and other.precise and not ours.precise:
        told |= {"lat": other.lat, "lon": other.lon, "precise": True}
    taken = any(value is not None for value in told.values())
    sources = (*ours.other_sources, other.source)
    return ours.model_copy(
        update={
            **told,
            "other_sources": _once(sources, ours.source),
            "to_verify": ours.to_verify or (taken and other.to_verify),
        }
    )


def _once(sources: Iterable[PlaceSource], but: PlaceSource) -> tuple[PlaceSource, ...]:
    return tuple(source for source in dict.fromkeys(sources) if source != but)


def _near(communes: Communes) -> Iterator[str]:
    """Yield the codes of the communes of the département and of its ring."""
    ours = communes.ours()
    for commune in communes:
        if commune.is_ours or any(_distance(commune, one) <= RING_KM for one in ours):
            yield commune.code_insee


def _distance(one: Commune, other: Commune) -> float:
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def _around(place: Place, known: Iterable[Place]) -> Iterator[Place]:
    """Yield the places that may be this one: of the same commune, or a few steps away."""
    for other in known:
        steps_away = place.precise and other.precise and abs(place.lat - other.lat) < _STEPS
        if steps_away or other.code_insee == place.code_insee:
            yield other


def _read(folder: Path, communes: Communes) -> Iterator[Place]:
    rows = chain(
        places_of(table(folder / FRANCE_SERVICES), france_services_row, communes, []),
        places_of(
            filter(_is_agency, table(folder / FRANCE_TRAVAIL)), france_travail_row, communes, []
        ),
    )
    return (place for place in rows if isinstance(place, Place))


def _is_agency(row: dict[str, str]) -> bool:
    """Tell whether a row is an agency: some are the offices of a direction, closed to people."""
    return not {"DR", "DT"} & set(row["nom"].upper().split())
