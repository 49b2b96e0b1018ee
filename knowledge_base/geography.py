"""The communes: finding one by its code, by what a person types, or inside a sentence.

The table holds the 267 communes of Loir-et-Cher and their neighbours. Reading a commune
in free text is in ``toponyms.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge_base.beginnings import beginnings, names_of, shared
from knowledge_base.commune import (
    OURS,
    Commune,
    distance_km,
    keys_of,
    on_the_globe,
    rank,
    with_preposition,
)
from knowledge_base.commune_names import Level, head_of, level_of, name_key
from knowledge_base.toponyms import Mention, Toponyms

__all__ = [
    "OURS", "Commune", "Communes", "GeographyError", "distance_km", "load_communes",
    "with_preposition",
]  # fmt: skip

DATA = Path(__file__).parent / "data"
FIELDS = (
    "code_insee", "nom", "codes_postaux", "departement", "epci", "epci_nom", "population",
    "lat", "lon", "communes_deleguees",
)  # fmt: skip
#: Below this likeness (0–100) a badly written name is not recognised.
_LIKENESS = 82.0
#: Letters under which a name that is not exact is not recognised.
_LEAST_LETTERS = 4
#: Letters from which two errors are accepted in an answer, one under it.
_LONG_NAME = 8


class GeographyError(Exception):
    """The table of the communes cannot be read."""


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
        ranked = {code: tuple(sorted(found, key=rank)) for code, found in postal.items()}
        names = [(key, commune) for commune in self.communes for key in keys_of(commune)]
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

    def of_epci(self, epci: str) -> tuple[Commune, ...]:
        """Return the communes of an intercommunal body (its SIREN), in the order of the codes."""
        return self._by_epci.get(epci, ())

    @cached_property
    def _by_epci(self) -> Mapping[str, tuple[Commune, ...]]:
        members: dict[str, list[Commune]] = {}
        for commune in self.communes:
            members.setdefault(commune.epci, []).append(commune)
        return {epci: tuple(found) for epci, found in members.items()}

    def ours(self) -> tuple[Commune, ...]:
        """Return the communes of Loir-et-Cher."""
        return tuple(commune for commune in self.communes if commune.is_ours)

    def nearest(self, lat: float, lon: float) -> Commune:
        """Return the commune whose point is the nearest to a position."""
        return self.communes[int(np.argmax(self._points @ on_the_globe(lat, lon)))]

    @cached_property
    def _points(self) -> NDArray[np.float64]:
        """Where the communes are on a globe of radius 1, float64 [communes, 3]."""
        return np.array([on_the_globe(commune.lat, commune.lon) for commune in self.communes])

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
        found.sort(key=lambda commune: (classes[commune.code_insee], *rank(commune)))
        return found[:limit] if found else self._misspelt(key, limit)

    def named_by(self, answer: str) -> Commune | None:
        """Return the commune that an answer names, or None when that is not sure.

        ``search`` completes what is being typed, and « non » begins Nonvilliers-Grandhoux.
        Here a name is whole (« selles » counts, as people say it) or one or two letters
        wrong, and a postal code has its five figures.
        """
        in_text = self.find_in_text(answer)
        if in_text is not None:
            return in_text
        key = name_key(answer)
        digits = key.replace(" ", "")
        if digits.isdigit():
            return next(iter(self.by_postal_code(digits)), None)
        same = {commune for name, commune in self._names if name == key}
        best = min(
            same, key=lambda c: (not c.is_ours, name_key(c.name) != key, rank(c)), default=None
        )
        if best is not None and best.is_ours:
            return best
        return self._by_head.get(key) or best or self._nearly(key)

    @cached_property
    def _by_head(self) -> Mapping[str, Commune]:
        """Our communes by the beginning of a long name that no other one of ours shares."""
        return {
            key: found[0]
            for key, found in self._beginnings.items()
            if len(found) == 1 and (" " in key or head_of(name_key(found[0].name)) == key)
        }

    @cached_property
    def _beginnings(self) -> Mapping[str, tuple[Commune, ...]]:
        return beginnings(self.ours())

    def _nearly(self, key: str) -> Commune | None:
        """Return our commune whose name is badly written in ``key``.

        A name that is also an ordinary word must be exact: « mère » is not Mer.
        """
        if len(key) < _LEAST_LETTERS:
            return None
        sure = {
            name: commune
            for name, commune in self._names
            if commune.is_ours
            and name[0] == key[0]
            and name.count(" ") == key.count(" ")
            and level_of(name, ours=True, population=0) is Level.ALONE
        }
        errors = 1 if len(key) < _LONG_NAME else 2
        near = process.extract(key, sure.keys(), scorer=OSA.distance, score_cutoff=errors)
        best = {sure[name] for name, distance, _ in near if distance == near[0][1]}
        return best.pop() if len(best) == 1 else None

    def find_in_text(self, text: str) -> Commune | None:
        """Return the commune that a free message speaks of, or None.

        A name that is also an ordinary word (« Mer ») counts only where a place is meant.
        """
        return self.by_code(self._toponyms.find(text))

    def homes_in(self, text: str) -> list[Mention]:
        """Return the communes where a message says that somebody lives, the surest first.

        Those that somebody is only near come last.
        """
        found = self._toponyms.find_all(text, home=True)
        return sorted(found, key=lambda mention: (mention.near, -mention.score))

    def with_one_name(self, text: str, name: str) -> str:
        """Return ``text`` with ``name`` in place of every commune that it speaks of."""
        for mention in sorted(self._toponyms.find_all(text), key=lambda m: -m.start):
            text = text[: mention.start] + name + text[mention.end :]
        return text

    def is_near(self, text: str) -> bool:
        """Tell whether the commune of ``text`` is only one that somebody is near."""
        return any(mention.near for mention in self.homes_in(text)[:1])

    def unclear_in(self, text: str) -> tuple[Commune, ...]:
        """Return the communes among which ``text`` does not choose, the most peopled first.

        Several begin by the name said, or have the postal code.
        """
        return tuple(self._by_code[code] for code in self._toponyms.unclear(text))

    @cached_property
    def _toponyms(self) -> Toponyms:
        postal = {
            code: tuple(c.code_insee for c in found) for code, found in self._by_postal.items()
        }
        return Toponyms(names_of(self.communes, self._beginnings), postal, shared(self._beginnings))

    def _by_postal_prefix(self, digits: str, limit: int) -> list[Commune]:
        found = {
            c for code, rows in self._by_postal.items() if code.startswith(digits) for c in rows
        }
        return sorted(found, key=rank)[:limit]

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
        found.sort(key=lambda commune: (-best[commune.code_insee], *rank(commune)))
        return found[:limit]


def _match(key: str, name: str) -> int | None:
    """Return 0 for the same name, 1 for its beginning, 2 for the beginning of a word."""
    if key == name:
        return 0
    if name.startswith(key):
        return 1
    return 2 if len(key) >= 3 and f" {key}" in name else None


@lru_cache(maxsize=4)
def load_communes(path: Path = DATA / "communes.csv") -> Communes:
    """Read the table of the communes, once for each path; a commune without a point is left out.

    Raises GeographyError when the file is missing or holds a line that cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            return Communes(tuple(Commune.from_row(row) for row in rows if row["lat"] != ""))
    except (OSError, KeyError, ValueError) as error:
        raise GeographyError(f"{path.name} : {error}") from error
