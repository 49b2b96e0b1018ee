"""Is there, for every commune and every theme, somebody to reach? And where is it thin?

Somebody is reached when the competent place, or who answers for it, has a telephone or an
e-mail address, or when a national line takes the theme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge_base.competence import LINES
from knowledge_base.geography import Commune, distance_km
from knowledge_base.models import Line
from knowledge_base.places import Directory
from knowledge_base.structures import Place
from knowledge_base.vocabulary import Theme

#: Beyond this distance, as the crow flies, a place is not near for a person without a car.
FAR_KM = 20.0


@dataclass(frozen=True, slots=True)
class Cover:
    """Who takes a theme in a commune: the place, whom to call, and how far it is (km)."""

    theme: Theme
    commune: Commune
    place: Place
    contact: Place | None
    distance_km: float

    @property
    def is_relayed(self) -> bool:
        """Tell whether somebody else answers for the place."""
        return self.contact is not None and self.contact.id != self.place.id


def covers(directory: Directory) -> Iterator[Cover]:
    """Yield who takes each theme in each commune of Loir-et-Cher: 267 for each theme."""
    for theme in Theme:
        for commune in directory.communes.ours():
            place = directory.competent(theme, commune.code_insee)
            distance = distance_km(commune.lat, commune.lon, place.lat, place.lon)
            yield Cover(theme, commune, place, directory.contact(place), distance)


def problems(found: Iterable[Cover], lines: Mapping[str, Line]) -> Iterator[str]:
    """Yield a sentence for each theme and commune with nobody to reach."""
    for cover in found:
        if cover.contact is None and not any(line in lines for line in LINES[cover.theme]):
            yield (
                f"annuaire : {cover.theme.label}, {cover.commune.name} : "
                f"personne à joindre ({cover.place.name} n’a ni téléphone ni relais)"
            )


def thin_spots(found: Iterable[Cover]) -> Iterator[str]:
    """Yield a line for each theme: who answers, and how many communes are far from everybody."""
    by_theme: dict[Theme, list[Cover]] = {}
    for cover in found:
        by_theme.setdefault(cover.theme, []).append(cover)
    for theme, mine in by_theme.items():
        places = Counter(cover.place.type.label for cover in mine)
        far = [cover for cover in mine if cover.distance_km > FAR_KM]
        farthest = max(mine, key=lambda cover: cover.distance_km)
        told = (
            f"{sum(cover.is_relayed for cover in mine):>3} par un relais",
            f"{sum(cover.place.to_verify for cover in mine):>3} à vérifier",
            f"{len(far):>3} à plus de {FAR_KM:.0f} km",
            f"le plus loin : {farthest.commune.name}, {farthest.distance_km:.0f} km",
        )
        kinds = ", ".join(f"{label} {number}" for label, number in places.most_common())
        yield f"  {theme.label:<32} {' ; '.join(told)} ({kinds})"
