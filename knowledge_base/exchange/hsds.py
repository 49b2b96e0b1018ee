"""Our places said in HSDS 3.0 (Open Referral): organizations, each with one location.

HSDS asks for UUIDs: they follow from our ids, and ours are beside them, as attributes, with all
that HSDS has no field for. The cards are in ``hsds_services``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from knowledge_base.exchange.hsds_schedules import schedules
from knowledge_base.exchange.place_texts import description_of, street_and_detail
from knowledge_base.structures import Place, as_line

VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/latest/hsds/overview.html"
#: The taxonomy under which our own words are attributes.
TAXONOMY = "premiere-reponse-41"
#: The namespace of every id: changing it changes them all.
_NAMESPACE = UUID("6f1f3c52-9a3e-5c0e-8d41-000000000041")
#: The attribute that holds the id of ours.
LOCAL_ID = "id"
#: What a place of ours says that HSDS has no field for; ``note`` is for our team only.
PLACE_EXTRAS = (
    "type", "services", "audience", "appointment", "opening_hours", "hours_text", "themes",
    "postal_code", "service_area", "hosted_by", "source", "other_sources", "licence", "to_verify",
)  # fmt: skip
Record = dict[str, Any]


def uid(kind: str, local: str) -> str:
    """Return the UUID of a record of ours: always the same for the same id."""
    return str(uuid5(_NAMESPACE, f"{kind}/{local}"))


def attribute(kind: str, local: str, name: str, value: str, taxonomy: str = TAXONOMY) -> Record:
    """Return an attribute of a record: the term ``name`` of ``taxonomy`` with its value."""
    return {
        "id": uid("attribute", f"{kind}/{local}/{taxonomy}/{name}/{value}"),
        "link_id": uid(kind, local),
        "link_entity": kind,
        "value": value,
        "taxonomy_term": {
            "id": uid("taxonomy_term", f"{taxonomy}/{name}"),
            "code": name,
            "name": name,
            "description": name,
            "taxonomy": taxonomy,
        },
    }


def organization(place: Place) -> Record:
    """Return the organization that a place is, with its location."""
    local = place.id
    identifier = {
        "id": uid("identifier", local),
        "identifier_type": "SIRET",
        "identifier": place.siret,
    }
    return without_empty(
        {
            "id": uid("organization", local),
            "name": place.name,
            "description": description_of(place) or place.type.label,
            "email": place.email,
            "website": place.url,
            "organization_identifiers": [identifier] if place.siret else None,
            "locations": [location(place)],
        }
    )


@lru_cache(maxsize=1024)
def location(place: Place) -> Record:
    """Return where a place is, with what HSDS cannot say; not the point of the town hall.

    Many services are at one place: it is said once, and not to be changed.
    """
    local = place.id
    contact = {"id": uid("contact", local), "email": place.email}
    return without_empty(
        {
            "id": uid("location", local),
            "location_type": "physical",
            "name": place.name,
            "latitude": place.lat if place.precise else None,
            "longitude": place.lon if place.precise else None,
            "external_identifier": place.code_insee,
            "external_identifier_type": "code INSEE de la commune",
            "addresses": [_address(place)] if place.address else None,
            "contacts": [contact] if place.email else None,
            "phones": [phone_record(uid("phone", local), place.phone)] if place.phone else None,
            "schedules": schedules(place.opening_hours, uid("location", local)) or None,
            "attributes": [
                attribute("location", local, name, value) for name, value in _extras(place).items()
            ],
        }
    )


def _extras(place: Place) -> dict[str, str]:
    said = json.loads(as_line(place))
    if place.address is not None:
        said.pop("postal_code", None)  # it is in the address
    extras = {name: said[name] for name in PLACE_EXTRAS if name in said}
    return {LOCAL_ID: place.id} | {name: _text(value) for name, value in extras.items()}


def _address(place: Place) -> Record:
    """Return the address of a place that has a street: HSDS wants one."""
    street, detail = street_and_detail(place.address)
    return without_empty(
        {
            "id": uid("address", place.id),
            "address_1": street or "",
            "address_2": detail,
            "city": place.commune,
            "state_province": place.code_insee[:2],
            "postal_code": place.postal_code or "",
            "country": "FR",
            "address_type": "physical",
        }
    )


def phone_record(identifier: str, number: str, description: str | None = None) -> Record:
    """Return a number to call."""
    return without_empty(
        {"id": identifier, "number": number, "type": "voice", "description": description}
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def without_empty(record: Record) -> Record:
    """Return a record without what is not known."""
    return {key: value for key, value in record.items() if value is not None}
