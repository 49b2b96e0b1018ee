"""What becomes of the rows of an import: taken as a proposal, already known, changed or refused.

Nothing here writes: a place of the directory is only changed when a person named it.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TextIO

from knowledge_base.exchange.row_files import Numbered
from knowledge_base.exchange.same_place import Certainty, best_match
from knowledge_base.structures import Place

#: What is compared between a place of ours and a row; the rest is ours to say.
COMPARED = (
    "name", "address", "postal_code", "phone", "email", "url", "opening_hours", "hours_text",
    "appointment", "services", "audience", "siret",
)  # fmt: skip

#: Lines of each kind, and ids in one of them, that are printed; the written report has them all.
_SHOWN, _IDS_SHOWN = 20, 5


class Outcome(Enum):
    """What became of a row, as the report says it."""

    TAKEN = "pris"
    CHANGED = "modifié"
    KNOWN = "déjà connu"
    ATTACHED = "rattaché"
    REFUSED = "refusé"


class Refused(Exception):
    """A row that cannot be taken; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that our place and the row do not say alike; ``theirs`` is what the row says."""

    name: str
    ours: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Received:
    """One row: what became of it, why, and how it differs from what we have."""

    where: str
    row_id: str
    outcome: Outcome
    reason: str = ""
    known_id: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(slots=True)
class Report:
    """Every row of an import, in the order of the file."""

    rows: list[Received] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """Return how many rows had this outcome."""
        return sum(row.outcome is outcome for row in self.rows)

    def lines(self) -> Iterator[str]:
        """Yield the report as it is printed: the counts, then the refusals and what differs."""
        counts = " · ".join(f"{one.value} : {self.count(one)}" for one in Outcome)
        yield f"{len(self.rows)} lignes – {counts}"
        refused: dict[str, list[str]] = {}
        for row in self.rows:
            if row.outcome is Outcome.REFUSED:
                refused.setdefault(row.reason, []).append(row.row_id or row.where)
        most = sorted(refused.items(), key=lambda pair: -len(pair[1]))
        yield from _shown([f"refusé : {why} : {_some(ids)}" for why, ids in most])
        yield from _shown(
            [
                f"déjà connu : {row.row_id} est {row.known_id}, "
                f"diffère par : {', '.join(one.name for one in row.differences)}"
                for row in self.rows
                if row.differences and row.outcome is Outcome.KNOWN
            ]
        )

    def write(self, stream: TextIO) -> None:
        """Write the report as CSV: one line for a row, one more for each field that differs."""
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(
            ["ligne", "identifiant", "résultat", "raison", "lieu", "champ", "ici", "fichier"]
        )
        for row in self.rows:
            start = [row.where, row.row_id, row.outcome.value, row.reason, row.known_id]
            writer.writerow([*start, "", "", ""])
            for one in row.differences:
                writer.writerow([*start, one.name, one.ours or "", one.theirs])


def _shown(lines: list[str]) -> Iterator[str]:
    """Yield the first lines, and how many more the written report has."""
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  … et {len(lines) - _SHOWN} autres, dans le rapport"


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:_IDS_SHOWN]) + (f"… ({len(ids)})" if len(ids) > _IDS_SHOWN else "")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A place that a person accepted: ``place`` as it becomes, ``replaces`` as it was, if any."""

    place: Place
    replaces: Place | None


@dataclass(slots=True)
class Proposals:
    """What an import proposes: new places, and those that a person accepted by their ids."""

    report: Report = field(default_factory=Report)
    places: list[Place] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)


class Reception:
    """Receives the places of a file one after the other, against those that are known."""

    def __init__(self, known: Iterable[Place], accept: Collection[str] = ()) -> None:
        self._known = {place.id: place for place in known}
        self._accept = frozenset(accept)
        self._seen: set[str] = set()
        self._near: dict[str, list[Place]] = {}
        for place in self._known.values():
            self._near.setdefault(place.code_insee, []).append(place)
        self.done = Proposals()

    def refuse(self, numbered: Numbered, row_id: str, reason: str) -> None:
        """Write down a row that is not taken."""
        self._add(Received(numbered.where, row_id, Outcome.REFUSED, reason))

    def receive(self, numbered: Numbered, row_id: str, place: Place, remark: str = "") -> None:
        """Take a place as a proposal, unless we have it; ``remark`` is what was left of the row."""
        if place.id in self._seen:
            return self.refuse(numbered, row_id, f"identifiant déjà lu : {place.id}")
        self._seen.add(place.id)
        ours, reason = self._ours(place)
        if ours is not None:
            return self._compare(numbered, row_id, ours, place, reason)
        said = "; ".join(part for part in (reason, remark) if part)
        self._add(Received(numbered.where, row_id, Outcome.TAKEN, said, place.id))
        self.done.places.append(place)
        if self._accept & {place.id, row_id}:
            self.done.accepted.append(Accepted(place, None))
        return None

    def _ours(self, place: Place) -> tuple[Place | None, str]:
        """Return the place of ours that this one is, with why; else whom it looks like."""
        if place.id in self._known:
            return self._known[place.id], "même identifiant"
        found = best_match(place, self._candidates(place))
        if found is None:
            return None, ""
        other, match = found
        if match.certainty is Certainty.SAME:
            return other, match.reason
        return None, f"à comparer avec {other.id} ({match.reason})"

    def _candidates(self, place: Place) -> Iterable[Place]:
        """Return the places of the commune; all of them for a place that says more than that."""
        if place.siret or place.precise:
            return self._known.values()
        return self._near.get(place.code_insee, [])

    def _compare(
        self, numbered: Numbered, row_id: str, ours: Place, theirs: Place, reason: str
    ) -> None:
        found = differences(ours, theirs)
        outcome = Outcome.KNOWN
        if found and self._accept & {ours.id, theirs.id, row_id}:
            outcome = Outcome.CHANGED
            self.done.accepted.append(Accepted(merged(ours, theirs, found), ours))
        self._add(Received(numbered.where, row_id, outcome, reason, ours.id, found))

    def _add(self, row: Received) -> None:
        self.done.report.rows.append(row)


def differences(ours: Place, theirs: Place) -> tuple[Difference, ...]:
    """Return the fields that ``theirs`` says otherwise; what it does not say is no difference."""
    pairs = ((name, getattr(ours, name), getattr(theirs, name)) for name in COMPARED)
    return tuple(
        Difference(name, mine, yours)
        for name, mine, yours in pairs
        if yours is not None and _plain(mine) != _plain(yours)
    )


def merged(ours: Place, theirs: Place, found: Iterable[Difference]) -> Place:
    """Return ``ours`` with what differs in ``theirs``, whose source comes first, ours after."""
    new = {one.name: one.theirs for one in found}
    if {"opening_hours", "hours_text"} & new.keys():
        new |= {"opening_hours": theirs.opening_hours, "hours_text": theirs.hours_text}
    sources = (ours.source, *ours.other_sources)
    return ours.model_copy(
        update=new
        | {
            "source": theirs.source,
            "other_sources": tuple(one for one in sources if one != theirs.source),
            "to_verify": theirs.to_verify,
        }
    )


def _plain(value: object) -> str:
    """Return a value as it is compared: « http://ccas.fr/ » is « http://ccas.fr »."""
    return str(value or "").casefold().rstrip("/").replace("'", "’")
