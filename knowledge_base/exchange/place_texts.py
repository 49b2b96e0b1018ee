"""The texts of a place as every format writes them, and how they are read again."""

from __future__ import annotations

import re

from knowledge_base.structures import Place

#: The fields of a place that are written as « Public : … » in a description, with their labels.
LABELS = {
    "services": "Services",
    "audience": "Public",
    "appointment": "Rendez-vous",
    "hours_text": "Horaires",
}
_FIELDS = {label: name for name, label in LABELS.items()}
#: « 34 avenue Maunoury (porte D) »: the street, then how to find the door.
_DETAILED = re.compile(r"^(?P<street>.+) \((?P<detail>[^()]+)\)$")


def description_of(place: Place) -> str | None:
    """Return what a place does, for whom and when, one labelled line each; None for nothing."""
    said = ((label, getattr(place, name)) for name, label in LABELS.items())
    lines = (f"{label} : {text}".replace("\n", " ") for label, text in said if text)
    return "\n".join(lines) or None


def said_in(description: str | None) -> tuple[dict[str, str], str]:
    """Return the labelled lines of a description, by field of a place, and the rest on one line."""
    said: dict[str, str] = {}
    plain: list[str] = []
    for line in filter(None, map(str.strip, (description or "").split("\n"))):
        label, colon, text = line.partition(" : ")
        name = _FIELDS.get(label)
        if colon and name and name not in said:
            said[name] = text
        else:
            plain.append(line)
    return said, " ".join(plain)


def street_and_detail(address: str | None) -> tuple[str | None, str | None]:
    """Return the street of an address and how to find the door there, which may be None."""
    detailed = _DETAILED.match(address or "")
    return (detailed["street"], detailed["detail"]) if detailed else (address, None)


def address_of(street: str | None, detail: str | None) -> str | None:
    """Return the address that ``street_and_detail`` takes apart, or None when there is none."""
    return f"{street} ({detail})" if street and detail else street or detail or None
