"""What every format of places needs: where a row is, how to reach it, and a place of ours made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from knowledge_base import hours
from knowledge_base.commune_names import name_key
from knowledge_base.exchange.french_hours import convert
from knowledge_base.exchange.place_rows import email_of, phone_of
from knowledge_base.exchange.receiving import Refused
from knowledge_base.geography import OURS, Commune, Communes, distance_km
from knowledge_base.structures import Place

Values = dict[str, Any]
#: A point farther than this from its commune was wrongly located.
_FAR_KM = 30.0
_SHORTEST_PHONE = 2
#: The codes of the districts of the three cities that have them, by their beginning.
_ARRONDISSEMENTS = {"132": "13055", "6938": "69123", "751": "75056"}
#: What pydantic finds wrong, in French; anything else is « valeur incorrecte ».
_FAULTS = {
    "missing": "manque",
    "enum": "valeur inconnue",
    "string_too_short": "trop court",
    "string_too_long": "trop long",
    "string_pattern_mismatch": "forme incorrecte",
    "url_parsing": "adresse web incorrecte",
    "date_from_datetime_parsing": "date incorrecte",
    "date_parsing": "date incorrecte",
}
_FRENCH_ERRORS = frozenset({"value_error", "avertissement"})


@dataclass(frozen=True, slots=True)
class Territory:
    """The communes that are known, and whether those of another département are taken."""

    communes: Communes
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Where a row says that a place is; what it does not say is None."""

    code_insee: str | None = None
    postal_code: str | None = None
    commune: str | None = None
    lat: float | None = None
    lon: float | None = None


def located(told: Told, territory: Territory, left: list[str]) -> Values:
    """Return the commune and the point of a place; without a point, those of its commune.

    A point far from the commune is left out and named in ``left``. Raises Refused when the
    commune is not known, or is of another département.
    """
    commune = _commune(told, territory.communes)
    code = commune.departement if commune else (told.code_insee or told.postal_code or "?")[:2]
    if code != OURS and not territory.everywhere:
        raise Refused(f"autre département que le {OURS}")
    if commune is None:
        raise Refused(f"commune inconnue : {told.code_insee or told.postal_code or told.commune}")
    lat, lon, precise = commune.lat, commune.lon, False
    if told.lat is not None and told.lon is not None:
        precise = distance_km(told.lat, told.lon, commune.lat, commune.lon) <= _FAR_KM
        if precise:
            lat, lon = told.lat, told.lon
        else:
            left.append("point trop loin de sa commune")
    postal = told.postal_code if re.fullmatch(r"\d{5}", told.postal_code or "") else None
    return {
        "commune": commune.name,
        "code_insee": commune.code_insee,
        "postal_code": postal,
        "lat": lat,
        "lon": lon,
        "precise": precise,
    }


def _commune(told: Told, communes: Communes) -> Commune | None:
    """Return the commune by its code, or by its postal code and a name that it has or had."""
    code = told.code_insee or ""
    cities = (city for start, city in _ARRONDISSEMENTS.items() if code.startswith(start))
    found = communes.by_code(next(cities, code))
    if found is not None:
        return found
    key = name_key(told.commune or "")
    near = communes.by_postal_code(told.postal_code or "")
    named = (c for c in near if key in {name_key(n) for n in (c.name, *c.former_names)})
    return next(named, near[0] if len(near) == 1 and not key else None)


def reached(phone: str | None, email: str | None, url: str | None, left: list[str]) -> Values:
    """Return the ways to reach a place; what cannot be used is named in ``left``."""
    refused: list[str] = []
    row = {"id": "", "telephone": phone or None, "courriel": email or None}
    site = url.strip() if url else None
    if site and not re.match(r"https?://", site):
        left.append("site")
        site = None
    number, address = phone_of(row, refused), email_of(row, refused)
    if number is not None and len(number) < _SHORTEST_PHONE:
        refused.append(f" : telephone {phone}")
        number = None
    left.extend(one.removeprefix(" : ") for one in refused)
    return {"phone": number, "email": address, "url": site}


def opened(written: str | None, besides: str | None = None) -> Values:
    """Return hours given as an expression, or in French; what is neither stays as text."""
    spec, text = written, None
    try:
        if written:
            hours.in_french(written)
    except hours.HoursError:
        converted = convert(written)
        spec, text = converted.spec, converted.text
    said = " ; ".join(part for part in (text, besides) if part)
    return {"opening_hours": spec or None, "hours_text": said or None}


def made(values: Values) -> Place:
    """Return the place of these values. Raises Refused when they do not make one."""
    try:
        return Place.model_validate({k: v for k, v in values.items() if v is not None})
    except ValidationError as error:
        raise Refused(faults(error)) from error


def faults(error: ValidationError) -> str:
    """Return what pydantic found wrong, in French, without the values."""
    return " ; ".join(_faults(error))


def _faults(error: ValidationError) -> Iterable[str]:
    for detail in error.errors():
        kind, where = detail["type"], ".".join(str(part) for part in detail["loc"])
        if kind in _FRENCH_ERRORS and "ctx" in detail:
            yield f"{where} : {detail['msg'].removeprefix('Value error, ')}"
        else:
            yield f"{where} : {_FAULTS.get(kind, 'valeur incorrecte')}"


def local_id(prefix: str, foreign: str) -> str:
    """Return an id of ours for a row of somebody else: « dora--42 » → « di-dora-42 »."""
    return f"{prefix}-{'-'.join(name_key(foreign).split())}"
