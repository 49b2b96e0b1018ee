"""Whether two places of the directory are the same one, and how surely.

``Certainty.SAME`` is for a rule that a person would not contradict: it may be acted upon.
``Certainty.CANDIDATE`` is for a person to look at, never for a program to merge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from knowledge_base.commune_names import name_key
from knowledge_base.geography import distance_km
from knowledge_base.structures import Place
from knowledge_base.vocabulary import PlaceType

#: Likeness of two names, 0 to 100. Measured in November 2026 on the 582 places of the directory,
#: told apart by hand: at 90 no two of them are « the same », and at 75 seven pairs are candidates,
#: all of two services behind one door.
NEAR_SAME = 90.0
SIMILAR = 75.0
#: Kilometres under which two located places may be one behind two doors.
NEARBY_KM = 0.15

_ABBREVIATIONS = {
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard",
    "blvd": "boulevard", "bvd": "boulevard", "ch": "chemin", "che": "chemin", "fg": "faubourg",
    "fbg": "faubourg", "imp": "impasse", "pl": "place", "pce": "place", "r": "rue",
    "rte": "route", "sq": "square", "za": "zone artisanale", "zi": "zone industrielle",
    "gal": "general", "mal": "marechal", "dr": "docteur", "pdt": "president",
}  # fmt: skip
_LINKS = frozenset("d de du des l la le les et a au aux en sur".split())
_STREETS = frozenset(
    """
    allee avenue boulevard chemin cour cours faubourg impasse mail passage place promenade quai
    residence route rue ruelle square venelle voie
    """.split()
)
_NUMBERED = re.compile(r"^\d+(?:\s?(?:bis|ter|quater|[a-d]))?\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_POST_BOX = re.compile(r"\b(?:BP|CS|TSA)\s?\d+\b", re.IGNORECASE)
_PARTS = re.compile(r"\s*(?:,|;|\s[-–]\s|\n)\s*")
_ACRONYM = re.compile(r"^(?P<full>.+) \((?P<short>[^()]+)\)$")
_LABELS = [(kind, label) for kind in PlaceType if (label := _ACRONYM.match(kind.label))]
#: The acronyms of the types that have one, as they are compared: « ccas ».
SHORT_NAMES = {kind: name_key(label["short"]) for kind, label in _LABELS}
_SHORTENED = {name_key(label["full"]): name_key(label["short"]) for _, label in _LABELS}


class Certainty(IntEnum):
    """How surely two places are one."""

    DIFFERENT = 0
    CANDIDATE = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Match:
    """What two places are to one another; ``reason`` in French, empty when they are different."""

    certainty: Certainty
    reason: str = ""

    @property
    def is_same(self) -> bool:
        """Tell whether the two are one place by a rule of high precision."""
        return self.certainty is Certainty.SAME


DIFFERENT = Match(Certainty.DIFFERENT)


def same_place(a: Place, b: Place) -> Match:
    """Return whether ``a`` and ``b`` are one place. Symmetric; the ids are not looked at.

    A town hall and the France services that it hosts share an address, a phone and a SIRET:
    these prove nothing between two types of place, the name must say it too.
    """
    alike, same_name = likeness(a, b), near_same_name(a, b)
    same_type = a.type is b.type
    if a.siret and a.siret == b.siret and (same_type or same_name):
        return Match(Certainty.SAME, "même SIRET")
    if a.code_insee != b.code_insee:
        return _nearby(a, b, alike)
    street = street_key(a.address)
    same_street = bool(street) and street == street_key(b.address)
    if same_type and same_street and not _rivals(a, b, alike):
        return Match(Certainty.SAME, "même type et même adresse")
    if a.phone and a.phone == b.phone and same_name:
        return Match(Certainty.SAME, "même téléphone, même commune et même nom")
    if same_name:
        return Match(Certainty.CANDIDATE, "même commune et même nom")
    if same_type and same_street:
        return Match(Certainty.CANDIDATE, "même type et même adresse, noms différents")
    return _nearby(a, b, alike)


def best_match(place: Place, others: Iterable[Place]) -> tuple[Place, Match] | None:
    """Return the place of ``others`` that is the most surely ``place``, with why, or None."""
    found = ((other, same_place(place, other)) for other in others)
    known = [pair for pair in found if pair[1] is not DIFFERENT]
    return max(known, key=lambda pair: (pair[1].certainty, likeness(place, pair[0])), default=None)


def likeness(a: Place, b: Place) -> float:
    """Return how alike the names of two places are, from 0 to 100, whatever their communes."""
    return fuzz.token_sort_ratio(_core_name(a.name, a.commune), _core_name(b.name, b.commune))


def near_same_name(a: Place, b: Place) -> bool:
    """Tell whether two places are called the same, but for their commune and a slip of the pen.

    « Mairie déléguée de Saint-Agil » is not the one of Saint-Avit, of the same commune: each
    word of one name is in the other, with one letter of difference at most.
    """
    mine, theirs = (set(_core_name(place.name, place.commune).split()) for place in (a, b))
    alone = (mine - theirs, theirs - mine)
    slips = all(
        any(_a_slip(x, y) for y in other) for one, other in (alone, alone[::-1]) for x in one
    )
    return slips and likeness(a, b) >= NEAR_SAME


def _a_slip(word: str, other: str) -> bool:
    return not (word + other).isdigit() and OSA.distance(word, other) <= 1


def _nearby(a: Place, b: Place, alike: float) -> Match:
    """Return a candidate for two located places a few steps apart with similar names."""
    located = a.precise and b.precise
    if located and alike >= SIMILAR and distance_km(a.lat, a.lon, b.lat, b.lon) < NEARBY_KM:
        return Match(Certainty.CANDIDATE, "noms proches, à moins de 150 m")
    return DIFFERENT


#: Of these there can be several at one address: a house of associations, a training centre.
_SHARE_A_ROOF = frozenset(PlaceType) - {
    PlaceType.MAIRIE, PlaceType.CCAS, PlaceType.CIAS, PlaceType.MDS, PlaceType.FRANCE_SERVICES,
    PlaceType.INTERCOMMUNALITE, PlaceType.CONSEIL_DEPARTEMENTAL, PlaceType.PREFECTURE,
    PlaceType.SOUS_PREFECTURE, PlaceType.MDPH, PlaceType.FRANCE_TRAVAIL, PlaceType.MISSION_LOCALE,
    PlaceType.ADIL, PlaceType.TRIBUNAL, PlaceType.MAISON_JUSTICE_DROIT, PlaceType.POINT_JUSTICE,
    PlaceType.BIBLIOTHEQUE,
}  # fmt: skip


def _rivals(a: Place, b: Place, alike: float) -> bool:
    """Tell whether two places of one type at one address may be two: their names differ."""
    return a.type in _SHARE_A_ROOF and alike < SIMILAR


@lru_cache(maxsize=65536)
def street_key(address: str | None) -> str:
    """Return an address as it is compared: « 3 av. du Dr-Roux (2e étage), BP 12 » → « 3 avenue
    docteur roux »; "" when it names no street, which proves nothing.
    """
    if not address:
        return ""
    plain = _POST_BOX.sub("", _ASIDE.sub("", address))
    parts = [part for part in _PARTS.split(plain) if part]
    numbered = next((i for i, part in enumerate(parts) if _NUMBERED.match(part)), None)
    if numbered is not None:
        # « 12, rue Haute »: the comma is inside the street.
        bare = _NUMBERED.fullmatch(parts[numbered]) is not None
        parts = parts[numbered : numbered + 2 if bare else numbered + 1]
    words = [_ABBREVIATIONS.get(word, word) for part in parts for word in name_key(part).split()]
    if not any(word in _STREETS for word in words):
        return ""
    return " ".join(word for word in words if word not in _LINKS)


@lru_cache(maxsize=65536)
def _core_name(name: str, commune: str) -> str:
    """Return what a name says beside its commune, in the short form of its type."""
    key = name_key(_ASIDE.sub("", name)) or name_key(name)
    for full, short in _SHORTENED.items():
        key = key.replace(full, short)
    where = frozenset(name_key(commune).split())
    kept = (word for word in key.split() if word not in where and word not in _LINKS)
    return " ".join(dict.fromkeys(kept)) or key
