"""The communes: finding one by its code, by what a person types, or inside a sentence.

The table holds the 267 communes of Loir-et-Cher and their neighbours. Reading a commune
in free text is in ``toponyms.py``.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge_base.commune_names import SHORT_NAMES, Level, head_of, level_of, name_key
from knowledge_base.toponyms import Name, Toponyms

DATA = Path(__file__).parent / "data"
OURS = "41"
FIELDS = (
    "code_insee",
    "nom",
    "codes_postaux",
    "departement",
    "epci",
    "epci_nom",
    "population",
    "lat",
    "lon",
    "communes_deleguees",
)
_EARTH_KM = 6371.0
#: Below this likeness (0–100) a badly written name is not recognised.
_LIKENESS = 82.0
_ARTICLES = ("le ", "la ", "les ", "l ")


class GeographyError(Exception):
    """The table of the communes cannot be read."""


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


def with_preposition(name: str) -> str:
    """Return « de Blois », « d’Averdon », « du Controis-en-Sologne », « des Montils »."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d’{name}" if name_key(name)[:1] in tuple("aeiouyh") else f"de {name}"


@dataclass(frozen=True)
class Communes:
    """The communes of the table; built once by ``load_communes``."""

    communes: tuple[Commune, ...]
    _by_code: Mapping[str, Commune] = field(init=False, repr=False, compare=False)
    _by_postal: Mapping[str, tuple[Commune, ...]] = field(init=False, repr=False, compare=False)
    _names: tuple[tuple[str, Commune], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the indexes: by code, by postal code and by every name."""
        postal: dict[str, list[Commune]] = {}
        for commune in self.communes:
            for code in commune.postal_codes:
                postal.setdefault(code, []).append(commune)
        ranked = {code: tuple(sorted(found, key=_rank)) for code, found in postal.items()}
        names = [(key, commune) for commune in self.communes for key in _keys(commune)]
        object.__setattr__(self, "_by_code", {c.code_insee: c for c in self.communes})
        object.__setattr__(self, "_by_postal", ranked)
        object.__setattr__(self, "_names", tuple(names))

    def __iter__(self) -> Iterator[Commune]:
        """Iterate over the communes in the order of their codes."""
        return iter(self.communes)

    def by_code(self, code_insee: str | None) -> Commune | None:
        """Return the commune whose INSEE code is ``code_insee``, or None."""
        return self._by_code.get(code_insee or "")

    def by_postal_code(self, code: str) -> tuple[Commune, ...]:
        """Return the communes of a postal code, ours and the most peopled first."""
        return self._by_postal.get(code, ())

    def ours(self) -> tuple[Commune, ...]:
        """Return the communes of Loir-et-Cher."""
        return tuple(commune for commune in self.communes if commune.is_ours)

    def nearest(self, lat: float, lon: float) -> Commune:
        """Return the commune whose point is the nearest to a position."""
        return min(self.communes, key=lambda c: distance_km(lat, lon, c.lat, c.lon))

    def search(self, query: str, limit: int = 8) -> list[Commune]:
        """Return the communes that ``query`` may mean, the best first.

        ``query`` is a name or its beginning, a former name, a postal code or its
        beginning, with or without accents, hyphens and capitals, or badly written.
        """
        key = name_key(query)
        if not key:
            return []
        if key.replace(" ", "").isdigit():
            return self._by_postal_prefix(key.replace(" ", ""), limit)
        classes: dict[str, int] = {}
        for name, commune in self._names:
            match = _match(key, name)
            if match is not None and match < classes.get(commune.code_insee, 9):
                classes[commune.code_insee] = match
        found = [self._by_code[code] for code in classes]
        found.sort(key=lambda commune: (classes[commune.code_insee], *_rank(commune)))
        return found[:limit] if found else self._misspelt(key, limit)

    def find_in_text(self, text: str) -> Commune | None:
        """Return the commune that a free message speaks of, or None.

        A name that is also an ordinary word (« Mer ») counts only where a place is meant.
        """
        return self.by_code(self._toponyms.find(text))

    def find_home(self, text: str) -> Commune | None:
        """Return the commune where a free message says that somebody lives, or None.

        « À côté de Vendôme », where one works, and a postal code of several communes say none.
        """
        return self.by_code(self._toponyms.find(text, home=True))

    @cached_property
    def _toponyms(self) -> Toponyms:
        names: list[Name] = []
        heads = Counter(
            head_of(name_key(name)) for c in self.communes for name in {c.name, *c.former_names}
        )
        for commune in sorted(self.communes, key=_rank):
            names.extend(_names_in_text(commune))
            for head in {head_of(name_key(name)) for name in (commune.name, *commune.former_names)}:
                if commune.is_ours and head and heads[head] == 1:
                    names.append(Name((head,), commune.code_insee, Level.AFTER_PREPOSITION))
        postal = {
            code: tuple(c.code_insee for c in found) for code, found in self._by_postal.items()
        }
        return Toponyms(names, postal)

    def _by_postal_prefix(self, digits: str, limit: int) -> list[Commune]:
        found = {
            c for code, rows in self._by_postal.items() if code.startswith(digits) for c in rows
        }
        return sorted(found, key=_rank)[:limit]

    def _misspelt(self, key: str, limit: int) -> list[Commune]:
        # Compared with as many words as were typed: « romorentin » has only the first one.
        words = key.count(" ") + 1
        starts = [" ".join(name.split()[:words]) for name, _ in self._names]
        best: dict[str, float] = {}
        for _, score, at in process.extract(
            key, starts, scorer=fuzz.ratio, limit=limit * 3, score_cutoff=_LIKENESS
        ):
            code = self._names[at][1].code_insee
            best[code] = max(score, best.get(code, 0.0))
        found = [self._by_code[code] for code in best]
        found.sort(key=lambda commune: (-best[commune.code_insee], *_rank(commune)))
        return found[:limit]


def _rank(commune: Commune) -> tuple[bool, int, str]:
    """Sort key among equals: ours first, then the most peopled."""
    return (not commune.is_ours, -commune.population, commune.name)


def _keys(commune: Commune) -> Iterable[str]:
    """Return every name of a commune as it is compared, also without its article."""
    if commune.is_ours:
        yield from (key for key, official in SHORT_NAMES.items() if official == commune.name)
    for name in (commune.name, *commune.former_names):
        key = name_key(name)
        yield key
        for article in _ARTICLES:
            if key.startswith(article):
                yield key.removeprefix(article)


def _names_in_text(commune: Commune) -> Iterable[Name]:
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


def _match(key: str, name: str) -> int | None:
    """Return 0 for the same name, 1 for its beginning, 2 for the beginning of a word."""
    if key == name:
        return 0
    if name.startswith(key):
        return 1
    return 2 if len(key) >= 3 and f" {key}" in name else None


def _commune(row: Mapping[str, str]) -> Commune:
    former = tuple(name.strip() for name in row["communes_deleguees"].split(";") if name.strip())
    return Commune(
        code_insee=row["code_insee"],
        name=row["nom"],
        postal_codes=tuple(row["codes_postaux"].split()),
        departement=row["departement"],
        epci=row["epci"],
        epci_name=row["epci_nom"],
        population=int(row["population"] or 0),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        former_names=former,
    )


@lru_cache(maxsize=4)
def load_communes(path: Path = DATA / "communes.csv") -> Communes:
    """Read the table of the communes, once for each path.

    Raises GeographyError when the file is missing or holds a line that cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return Communes(tuple(_commune(row) for row in csv.DictReader(stream)))
    except (OSError, KeyError, ValueError) as error:
        raise GeographyError(f"{path.name} : {error}") from error
