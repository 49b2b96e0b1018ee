"""Titles that a person can read for the sources of the directory."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: The beginning of a source as it is noted, and its title.
_KNOWN = {
    "DILA, Annuaire de l'administration (service-public.gouv.fr)": (
        "Annuaire de l’administration (service-public.gouv.fr)"
    ),
    "DILA, Annuaire de l'administration, état d'août-octobre 2019": (
        "Annuaire de l’administration, état de 2019"
    ),
    "MayetSoft/rouages.fr public/territoires/dep/41-services.json": (
        "Liste des services du Loir-et-Cher (rouages.fr)"
    ),
    "MayetSoft/rouages.fr public/territoires/dep/41-ccas.json": (
        "Comptes des CCAS et CIAS (OFGL, rouages.fr)"
    ),
    "Hub numérique Centre-Val de Loire": "Recensement du hub numérique Centre-Val de Loire",
    "ANCT, liste des France services": "Liste des France services (ANCT)",
    "gip-inclusion/les-emplois": "Agences France Travail (Les emplois de l’inclusion)",
}
_URL = re.compile(r"https?://[^\s;)]+")
_TITLE = re.compile(r"«\s*([^»]+?)\s*»")


def readable_source(source: str) -> tuple[str, str | None]:
    """Return the title of a source as it is noted, and its first address or None."""
    for start, title in _KNOWN.items():
        if source.startswith(start):
            return title, None
    parts = [_readable_part(part.strip()) for part in re.split(r"\s;\s", source)]
    urls = _URL.findall(source)
    return " ; ".join(dict.fromkeys(parts)), urls[0] if urls else None


def _readable_part(part: str) -> str:
    url = _URL.search(part)
    title = _TITLE.search(part)
    if url is None:
        return part.replace("'", "’")
    site = urlsplit(url.group()).netloc.removeprefix("www.")
    if title is not None:
        return f"« {title[1]} » ({site})"
    remark = part[url.end() :].strip(" ()")
    return f"{site} ({remark})" if remark else site
