"""The directory: the nearest places, and the place that is competent for a theme.

Loaded once, then read only: distances are computed on arrays, nothing is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from knowledge_base import hours
from knowledge_base.competence import COMPETENT, RELAYS, STAND_INS, YOUTH
from knowledge_base.geography import Communes, load_communes
from knowledge_base.structures import SECRET, Place, PlaceSource, phone_in_french
from knowledge_base.vocabulary import PlaceType, Theme

__all__ = [
    "Directory",
    "DirectoryError",
    "NearPlace",
    "Place",
    "PlaceSource",
    "load_directory",
    "phone_in_french",
]

DATA = Path(__file__).parent / "data"
_EARTH_KM = 6371.0
#: How far from the town hall a place without a known address may be: it is not « at 0 km ».
_UNKNOWN_ADDRESS_KM = 1.0
_Mask = NDArray[np.bool_]


class DirectoryError(Exception):
    """The directory holds errors; ``problems`` has one sentence for each, with its file."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class NearPlace:
    """A place as seen from where the person is.

    ``distance_km`` is as the crow flies, None when the person's place is not known, and
    ``approximate`` when the place is only located by its commune. ``serves`` tells that the
    place is the one of the person's commune. ``contact`` is whom to call: the place itself,
    or the place that hosts it or answers for it when it has no telephone. ``stands_for`` are
    the types it was found for beside its own: a town hall does what a CCAS does.
    """

    place: Place
    distance_km: float | None
    approximate: bool
    serves: bool
    open_now: bool | None
    contact: Place | None
    stands_for: tuple[PlaceType, ...] = ()


class Directory:
    """All the places, ready to be searched."""

    def __init__(self, places: Sequence[Place], communes: Communes) -> None:
        self.places = tuple(places)
        self.communes = communes
        self._by_id = {place.id: at for at, place in enumerate(self.places)}
        self._lat = np.radians(np.array([place.lat for place in self.places], dtype=np.float64))
        self._lon = np.radians(np.array([place.lon for place in self.places], dtype=np.float64))
        kinds = np.array([place.type.value for place in self.places])
        self._types = {kind: kinds == kind.value for kind in PlaceType}
        self._themes = {
            theme: np.array([theme in place.themes for place in self.places]) for theme in Theme
        }
        vague = np.array([not place.precise for place in self.places])
        self._uncertainty = np.where(vague, _UNKNOWN_ADDRESS_KM, 0.0)
        self._limited = np.array([bool(place.service_area) for place in self.places])
        self._shown = np.array([place.type not in SECRET for place in self.places])
        self._announced = np.array([place.announced for place in self.places])
        ours = {commune.code_insee for commune in communes.ours()}
        self._ours = np.array([place.code_insee in ours for place in self.places])
        self._serving: dict[str, list[int]] = {}
        for at, place in enumerate(self.places):
            own = (place.code_insee,) if place.type is PlaceType.MDS else ()
            for code in {*place.service_area, *own}:
                self._serving.setdefault(code, []).append(at)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.places)

    def __iter__(self) -> Iterator[Place]:
        """Iterate over the places in the order of the files."""
        return iter(self.places)

    def get(self, place_id: str) -> Place | None:
        """Return the place whose id is ``place_id``, or None."""
        at = self._by_id.get(place_id)
        return None if at is None else self.places[at]

    def nearest(
        self,
        commune: str | None = None,
        *,
        lat: float | None = None,
        lon: float | None = None,
        types: Sequence[PlaceType] = (),
        theme: Theme | None = None,
        limit: int = 5,
        at: datetime | None = None,
    ) -> list[NearPlace]:
        """Return the places to propose, those that serve the commune first, then by distance.

        ``commune`` is an INSEE code; ``lat`` and ``lon`` (degrees) locate the person better
        when they are given. Without types and theme, every place is a candidate, but those
        that stay secret. A place limited to other communes comes only when there is nothing
        else. ``at`` is an aware moment for « open now ».
        """
        if commune is None and lat is not None and lon is not None:
            commune = self.communes.nearest(lat, lon).code_insee
        serves = self._serves(commune)
        chosen, missing = self._candidates(types, theme, serves)
        order, distances = self._ordered(chosen, serves, self._origin(commune, lat, lon))
        found = [
            self._near(int(index), distances, serves=bool(serves[index]), at=at)
            for index in order[:limit]
        ]
        return [_standing_in(near, missing) for near in found]

    def competent(self, theme: Theme, code_insee: str, *, age: int | None = None) -> Place:
        """Return the place to hand a case to: never another commune's, never unconfirmed.

        ``age`` (years) sends the work questions of the young to a mission locale. Falls back
        on the Département, also for a commune that is unknown or not in Loir-et-Cher. Raises
        DirectoryError when the directory has not even that.
        """
        commune = self.communes.by_code(code_insee)
        groups = COMPETENT[theme] if commune is not None and commune.is_ours else ()
        if groups and theme is Theme.INSERTION and age in YOUTH:
            groups = ((PlaceType.MISSION_LOCALE,), *groups)
        for group in (*groups, (PlaceType.CONSEIL_DEPARTEMENTAL,)):
            place = self._first(group, code_insee)
            if place is not None:
                return place
        raise DirectoryError(["annuaire : aucun lieu pour recevoir une demande"])

    def contact(self, place: Place) -> Place | None:
        """Return whom to call for ``place``: itself, its host, or who answers for it."""
        if place.phone or place.email:
            return place
        host = self.get(place.hosted_by) if place.hosted_by else None
        if host is not None and (host.phone or host.email):
            return host
        relay = RELAYS.get(place.type)
        if relay is None or not self._ours[self._by_id[place.id]]:
            return None  # nobody of Loir-et-Cher answers for a place of another département
        return self._first((relay,), place.code_insee)

    def _serves(self, commune: str | None) -> _Mask:
        serves = np.zeros(len(self.places), dtype=np.bool_)
        serves[self._serving.get(commune or "", [])] = True
        return serves

    def _candidates(
        self, types: Sequence[PlaceType], theme: Theme | None, serves: _Mask
    ) -> tuple[_Mask, list[PlaceType]]:
        """Return which places may be proposed, those of other communes as a last resort, and the
        types that the commune has only by a stand-in."""
        asked = self._of_types(types) & self._shown
        if theme is not None:
            asked = asked & self._themes[theme]
        within = asked & (serves | ~self._limited)
        wanted = [kind for kind in STAND_INS if kind in types]
        missing = [kind for kind in wanted if not (within & self._types[kind]).any()]
        for kind in missing:
            within = within | (self._types[STAND_INS[kind]] & serves)
        return (within if within.any() else asked), missing

    def _of_types(self, types: Sequence[PlaceType]) -> _Mask:
        if not types:
            return np.ones(len(self.places), dtype=np.bool_)
        chosen: _Mask = np.logical_or.reduce([self._types[kind] for kind in types])
        return chosen

    def _origin(
        self, commune: str | None, lat: float | None, lon: float | None
    ) -> tuple[float, float] | None:
        if lat is not None and lon is not None:
            return lat, lon
        known = self.communes.by_code(commune)
        return None if known is None else (known.lat, known.lon)

    def _distances(self, origin: tuple[float, float]) -> NDArray[np.float64]:
        """Return the distance of every place in kilometres, longer where it is uncertain."""
        lat, lon = np.radians(origin[0]), np.radians(origin[1])
        half_lat = np.sin((self._lat - lat) / 2) ** 2
        half_lon = np.sin((self._lon - lon) / 2) ** 2
        chord = half_lat + np.cos(self._lat) * np.cos(lat) * half_lon
        exact = 2 * _EARTH_KM * np.arcsin(np.sqrt(chord))
        distances: NDArray[np.float64] = np.hypot(exact, self._uncertainty)
        return distances

    def _ordered(
        self, chosen: _Mask, serves: _Mask, origin: tuple[float, float] | None
    ) -> tuple[NDArray[np.intp], NDArray[np.float64] | None]:
        at = np.flatnonzero(chosen)
        distances = None if origin is None else self._distances(origin)
        far = self._limited[at] if distances is None else distances[at]
        return at[np.lexsort((far, ~serves[at], self._announced[at]))], distances

    def _near(
        self,
        index: int,
        distances: NDArray[np.float64] | None,
        *,
        serves: bool,
        at: datetime | None,
    ) -> NearPlace:
        place = self.places[index]
        return NearPlace(
            place=place,
            distance_km=None if distances is None else round(float(distances[index]), 1),
            approximate=not place.precise,
            serves=serves,
            open_now=None if at is None else hours.open_now(place.opening_hours, at),
            contact=self.contact(place),
        )

    def _first(self, types: Sequence[PlaceType], code_insee: str) -> Place | None:
        """Return the nearest confirmed place of these types that serves the commune.

        Only of Loir-et-Cher: a case is not handed to another département.
        """
        serves = self._serves(code_insee)
        chosen = self._of_types(types) & (serves | ~self._limited) & ~self._announced & self._ours
        order, _ = self._ordered(chosen, serves, self._origin(code_insee, None, None))
        return self.places[int(order[0])] if len(order) else None


def _standing_in(near: NearPlace, missing: Sequence[PlaceType]) -> NearPlace:
    """Return the place with the types that it stands for in its own commune."""
    does = tuple(kind for kind in missing if near.serves and near.place.type is STAND_INS[kind])
    return replace(near, stands_for=does) if does else near


def load_directory(path: Path = DATA / "structures", communes: Communes | None = None) -> Directory:
    """Read and check every ``*.jsonl`` file of places under ``path``.

    Raises DirectoryError with every problem found, each with its file and line.
    """
    known = load_communes() if communes is None else communes
    problems: list[str] = []
    places: dict[str, Place] = {}
    for file in sorted(path.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            where = f"{file.name}, ligne {number}"
            try:
                place = Place.model_validate_json(line)
            except ValidationError as error:
                problems.extend(_sentences(where, error))
                continue
            if place.id in places:
                problems.append(f"{where} : id « {place.id} » déjà employé")
            places[place.id] = place
    problems.extend(_broken_references(places, known))
    if problems or not places:
        raise DirectoryError(problems or [f"{path} : aucun lieu"])
    return Directory(list(places.values()), known)


def _sentences(where: str, error: ValidationError) -> Iterator[str]:
    for detail in error.errors():
        name = ".".join(str(part) for part in detail["loc"])
        yield f"{where} : {name or 'ligne'} : {detail['msg']}"


def _broken_references(places: Mapping[str, Place], communes: Communes) -> Iterator[str]:
    for place in places.values():
        if place.hosted_by is not None and place.hosted_by not in places:
            yield f"{place.id} : hosted_by : lieu inconnu « {place.hosted_by} »"
        for code in {place.code_insee, *place.service_area}:
            if communes.by_code(code) is None:
                yield f"{place.id} : commune inconnue « {code} »"
