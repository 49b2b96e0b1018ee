"""One commune: what is known of it, its names, and how it is written in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge_base.commune_names import SHORT_NAMES, level_of, name_key
from knowledge_base.toponym_context import Name

OURS = "41"
_EARTH_KM = 6371.0
_ARTICLES = ("le ", "la ", "les ", "l ")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune; ``lat`` and ``lon`` are those of its town hall, or else of its centre.

    ``former_names`` are the communes that merged into it, whose names people still use.
    """

    code_insee: str
    name: str
    postal_codes: tuple[str, ...]
    departement: str
    epci: str
    epci_name: str
    population: int
    lat: float
    lon: float
    former_names: tuple[str, ...] = ()

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Commune:
        """Return the commune of a row of the table. Raises KeyError or ValueError."""
        former = (name.strip() for name in row["communes_deleguees"].split(";"))
        return cls(
            code_insee=row["code_insee"],
            name=row["nom"],
            postal_codes=tuple(row["codes_postaux"].split()),
            departement=row["departement"],
            epci=row["epci"],
            epci_name=row["epci_nom"],
            population=int(row["population"] or 0),
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            former_names=tuple(name for name in former if name),
        )

    @property
    def is_ours(self) -> bool:
        """Tell whether the commune is in Loir-et-Cher."""
        return self.departement == OURS

    @property
    def postal_code(self) -> str:
        """Return the first postal code of the commune."""
        return self.postal_codes[0] if self.postal_codes else ""


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the distance as the crow flies between two points, in kilometres."""
    phi, other_phi = math.radians(lat), math.radians(other_lat)
    half_phi = math.sin((other_phi - phi) / 2) ** 2
    half_lambda = math.sin(math.radians(other_lon - lon) / 2) ** 2
    chord = half_phi + math.cos(phi) * math.cos(other_phi) * half_lambda
    return 2 * _EARTH_KM * math.asin(math.sqrt(chord))


def on_the_globe(lat: float, lon: float) -> tuple[float, float, float]:
    """Return a position (degrees) on a globe of radius 1: nearer is a greater inner product."""
    phi, theta = math.radians(lat), math.radians(lon)
    return math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)


def with_preposition(name: str) -> str:
    """Return « de Blois », « d’Averdon », « du Controis-en-Sologne », « des Montils »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d’{name}" if name_key(name)[:1] in tuple("aeiouyh") else f"de {name}"


def rank(commune: Commune) -> tuple[bool, int, str]:
    """Sort key among equals: ours first, then the most peopled."""
    return (not commune.is_ours, -commune.population, commune.name)


def keys_of(commune: Commune) -> Iterable[str]:
    """Return every name of a commune as it is compared, also without its article."""
    if commune.is_ours:
        yield from (key for key, official in SHORT_NAMES.items() if official == commune.name)
    for name in (commune.name, *commune.former_names):
        key = name_key(name)
        yield key
        for article in _ARTICLES:
            if key.startswith(article):
                yield key.removeprefix(article)


def names_in_text(commune: Commune) -> Iterable[Name]:
    """Return the names to look for in a text, the neighbours only by their full names."""
    ours, code, population = commune.is_ours, commune.code_insee, commune.population
    full = [name_key(name) for name in (commune.name, *commune.former_names)]
    short = [key for key, official in SHORT_NAMES.items() if ours and official == commune.name]
    for key in (*full, *short):
        level = level_of(key, ours=ours, population=population)
        yield Name(tuple(key.split()), code, level)
        article, _, rest = key.partition(" ")
        if ours and rest and article in ("le", "la", "les"):
            yield Name(tuple(rest.split()), code, level, contracted=article != "la")
