"""One row of the collected sources turned into a place of the directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from knowledge_base import hours
from knowledge_base.commune_names import name_key
from knowledge_base.exchange import corrections_41 as corrections
from knowledge_base.exchange.french_hours import convert
from knowledge_base.exchange.source_titles import readable_source
from knowledge_base.geography import Commune, Communes, with_preposition
from knowledge_base.structures import TYPES, Place
from knowledge_base.vocabulary import PlaceType

Row = dict[str, Any]

#: When the sources were put together: the date given to what an undated page says.
COLLECTED_ON = date(2026, 11, 21)
#: What was true in that year or before has to be checked again.
_OLD_YEAR = 2021
_BOX = re.compile(r"(?:\s*[-–,])?\s*\b(?:BP|CS) ?\d+$|^(?:BP|CS) ?\d+$")
_DOUBTFUL = re.compile(r"à (?:re)?(?:vérifier|confirmer|compléter)|horaires anciens", re.IGNORECASE)
_APPOINTMENT = re.compile(r"\brdv\b|rendez[- ]vous", re.IGNORECASE)
_CHANGES_HOURS = re.compile(
    r"(?:exclusivement|uniquement|seulement) sur (?:rdv|rendez-vous)|\best fermé\b", re.IGNORECASE
)
#: The country of a telephone number, in the départements that have a prefix of their own.
_REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "976": "YT",
    "977": "BL",
    "978": "MF",
}
_OWN_COMMUNE = frozenset({PlaceType.MAIRIE, PlaceType.MAIRIE_DELEGUEE, PlaceType.CCAS})
_OWN_EPCI = frozenset({PlaceType.CIAS, PlaceType.INTERCOMMUNALITE})


def is_old(row: Row) -> bool:
    """Tell whether a row is undated or of 2021 or before."""
    return "date" not in row or int(str(row["date"])[:4]) <= _OLD_YEAR


def place_of(row: Row, rows: Mapping[str, Row], communes: Communes, refused: list[str]) -> Place:
    """Return the place that ``row`` describes; ``rows`` are all of them, by id.

    Values that cannot be used are left out and named in ``refused``. Raises pydantic's
    ValidationError when what is left does not make a place.
    """
    row = row | dict(corrections.VALUES.get(row["id"], {}))
    kind = TYPES[row["type"]]
    commune = communes.by_code(row["code_insee"])
    if commune is None:
        raise ValueError(f"{row['id']} : commune inconnue {row['code_insee']}")
    values: Row = {
        "id": row["id"],
        "name": _name(row["nom"], commune),
        "type": kind,
        "address": _address(row, rows),
        "postal_code": _postal_code(row, commune),
        "commune": commune.name,
        "code_insee": commune.code_insee,
        **_point(row, commune),
        "phone": phone_of(row, refused),
        "email": email_of(row, refused),
        "url": _site(row, refused),
        **_hours(row),
        "appointment": _appointment(row),
        "services": _text(row.get("services", "").replace(corrections.FILE_REMARK, "")),
        "audience": _text(row.get("publics")),
        "themes": corrections.THEMES.get(row["id"]),
        "service_area": _service_area(row, kind, commune, communes),
        "hosted_by": row.get("situe_dans"),
        **_provenance(row),
        "announced": row["id"] in corrections.ANNOUNCED,
    }
    return Place.model_validate({key: value for key, value in values.items() if value is not None})


def _text(text: str | None) -> str | None:
    """Return a French text with its apostrophes and dashes, or None when it is empty."""
    return text.replace("''", "").replace("'", "’").replace(" - ", " – ").strip() if text else None


def _name(name: str, commune: Commune) -> str:
    """Return « Mairie d’Averdon » for « Mairie - Averdon »."""
    head, dash, place = name.rpartition(" - ")
    known = {name_key(known): known for known in (commune.name, *commune.former_names)}
    known |= {"loir et cher": "Loir-et-Cher", "romorantin": "Romorantin"}
    if dash and name_key(place) in known:
        return f"{_text(head)} {with_preposition(known[name_key(place)])}"
    return _text(name) or name


def _address(row: Row, rows: Mapping[str, Row]) -> str | None:
    street = row.get("adresse")
    if street is None and "celle du lieu hôte" in row.get("note", ""):
        street = rows[row["situe_dans"]].get("adresse")
    detail = _BOX.sub("", row.get("complement", "")).strip()
    if street and detail:
        return _text(f"{street} ({detail})")
    return _text(street or detail)


def _postal_code(row: Row, commune: Commune) -> str | None:
    """Return the code of the row, or the one of the commune for a code of a post office."""
    code = row.get("code_postal")
    if code in commune.postal_codes:
        return str(code)
    return commune.postal_code if len(commune.postal_codes) == 1 else None


def _point(row: Row, commune: Commune) -> Row:
    """Return where the place is; a bus is nowhere in particular."""
    precise = row["precision_coord"] == "adresse" and not _itinerant(row)
    lat, lon = (row["lat"], row["lon"]) if precise else (commune.lat, commune.lon)
    return {"lat": lat, "lon": lon, "precise": precise}


def _itinerant(row: Row) -> bool:
    return str(row.get("note", "")).startswith("itinérant")


def phone_of(row: Row, refused: list[str]) -> str | None:
    """Return the phone of a row in E.164, a short number as it is; None, named, if it is wrong."""
    written = row.get("telephone")
    if written is None:
        return None
    digits = re.sub(r"\D", "", written)
    if len(digits) <= 6:
        return digits or None
    try:
        number = phonenumbers.parse(written, _REGIONS.get(str(row.get("code_insee", ""))[:3], "FR"))
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        refused.append(f"{row['id']} : telephone {written}")
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_of(row: Row, refused: list[str]) -> str | None:
    """Return the e-mail of a row; None, and a line in ``refused``, for one that we do not take."""
    address = row.get("courriel")
    if address is None:
        return None
    try:
        checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        checked = None
    if checked is None or address in corrections.REFUSED_EMAILS:
        refused.append(f"{row['id']} : courriel")
        return None
    return checked.normalized


def _site(row: Row, refused: list[str]) -> str | None:
    site = row.get("site")
    if site and any(host in site for host in corrections.REFUSED_SITES):
        refused.append(f"{row['id']} : site {site}")
        return None
    return site


def _hours(row: Row) -> Row:
    converted = convert(row.get("horaires"))
    spec, text = converted.spec, _text(converted.text)
    note = row.get("note", "")
    if spec is not None and _CHANGES_HOURS.search(note):
        # The note contradicts the hours: neither alone is true.
        return {"hours_text": f"{hours.in_french(spec)} ; {_text(note)}"}
    if spec is not None and _itinerant(row):
        # The hours of a bus are those of its round, not of the address of its garage.
        return {"hours_text": f"{hours.in_french(spec)} ; bus itinérant"}
    return {"opening_hours": spec, "hours_text": text}


def _appointment(row: Row) -> str | None:
    said, note = row.get("rendez_vous"), row.get("note", "")
    if said not in ("Oui", "Non"):
        return _text(said)
    if _APPOINTMENT.search(note):
        return _text(note)
    return "rendez-vous possible" if said == "Oui" else "sans rendez-vous"


def _service_area(
    row: Row, kind: PlaceType, commune: Commune, communes: Communes
) -> tuple[str, ...]:
    if kind in _OWN_COMMUNE:
        return (commune.code_insee,)
    if kind in _OWN_EPCI or row["id"] in corrections.SERVES_ITS_EPCI:
        return tuple(other.code_insee for other in communes.of_epci(commune.epci))
    return ()


def _provenance(row: Row) -> Row:
    note = _text(row.get("note"))
    doubtful = row["a_verifier"] if "older" in row else row.get("a_verifier") or is_old(row)
    return {
        "source": _source(row),
        "other_sources": tuple(_source(older) for older in row.get("older", ())),
        "licence": _text(row["licence"]),
        "note": note,
        "to_verify": bool(doubtful) or bool(note and _DOUBTFUL.search(note)),
    }


def _source(row: Row) -> Row:
    title, url = readable_source(row["source"])
    parts = [int(part) for part in str(row.get("date", COLLECTED_ON)).split("-")] + [1, 1]
    return {"title": title, "url": url, "checked_on": date(parts[0], parts[1], parts[2])}
