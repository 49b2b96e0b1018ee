"""How a value of a card is said in French on a page: the filters of the templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from assistant.business_days import french_moment
from assistant.messages import PlaceCard
from knowledge_base.facts import FACTS, Fact
from knowledge_base.french_dates import MONTHS
from knowledge_base.vocabulary import Delay

_PARIS: Final = ZoneInfo("Europe/Paris")
_STATUSES: Final = {"likely": "Probable", "to_check": "À vérifier", "unlikely": "Peu probable"}
_DELAYS: Final = {delay.value: delay.label for delay in Delay}
_BULLET: Final = re.compile(r"^\s*[-•–]\s+")
_PHONE: Final = re.compile(r"\+?[\d\s.()-]{2,20}")


def day(moment: date | datetime) -> str:
    """Return « 1er mai 2026 », on the clock of Paris."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(_PARIS).date()
    number = "1er" if moment.day == 1 else str(moment.day)
    return f"{number} {MONTHS[moment.month - 1]} {moment.year}"


def status_words(status: str) -> str:
    """Return how sure it is that the aid fits: never « vous avez droit »."""
    return _STATUSES[status]


def delay_words(delay: str) -> str:
    """Return when the help can be there."""
    return _DELAYS[delay]


def fact_labels(names: Sequence[str]) -> str:
    """Return « votre commune, l’âge » for names of facts."""
    known = {fact.value for fact in Fact}
    return ", ".join(FACTS[Fact(name)].label if name in known else name for name in names)


def distance_words(place: PlaceCard) -> str:
    """Return « à 3,2 km », « à environ 3 km » or nothing."""
    if place.distance_km is None:
        return ""
    if place.approximate:
        return f"à environ {max(1, round(place.distance_km))} km"
    if place.distance_km < 0.1:
        return "à moins de 100 m"
    if place.distance_km >= 10:
        return f"à {round(place.distance_km)} km"
    return f"à {place.distance_km:.1f} km".replace(".", ",")


def open_words(open_now: bool | None) -> str:
    """Return whether the place is open; unknown is said too."""
    if open_now is None:
        return "Ouvert ou fermé : à vérifier"
    return "Ouvert en ce moment" if open_now else "Fermé en ce moment"


def tel(number: str) -> str | None:
    """Return the ``tel:`` link of a number, or None when the text is not one number."""
    if not _PHONE.fullmatch(number.strip()):
        return None
    digits = re.sub(r"[^\d+]", "", number)
    # E.164 allows 15 digits: more is two numbers on one line.
    return f"tel:{digits}" if 2 <= len(digits.lstrip("+")) <= 15 else None


def web_link(url: str | None) -> str | None:
    """Return ``url`` if it is a web address; the directory is not ours to trust."""
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return None
    return url


def site_name(url: str) -> str:
    """Return the site of an address, « www.caf.fr »."""
    return urlsplit(url).netloc


def map_link(place: PlaceCard) -> str | None:
    """Return the page of the place on OpenStreetMap, or None.

    Without an address the position is that of the town hall: it would mislead.
    """
    if place.address is None or place.lat is None or place.lon is None:
        return None
    where = f"{place.lat:.5f}/{place.lon:.5f}"
    mark = f"mlat={place.lat:.5f}&mlon={place.lon:.5f}"
    return f"https://www.openstreetmap.org/?{mark}#map=17/{where}"


def paragraphs(text: str) -> Markup:
    """Return a text as paragraphs; lines that begin with a dash become a list."""
    blocks: list[Markup] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        for listed, group in groupby(lines, key=lambda line: bool(_BULLET.match(line))):
            if listed:
                items = (Markup("<li>%s</li>") % _BULLET.sub("", line) for line in group)
                blocks.append(Markup("<ul>%s</ul>") % Markup("").join(items))
            else:
                said = Markup("<br>").join(map(escape, group))
                blocks.append(Markup("<p>%s</p>") % said)
    return Markup("").join(blocks)


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "day": day,
    "moment": french_moment,
    "status_words": status_words,
    "delay_words": delay_words,
    "fact_labels": fact_labels,
    "distance_words": distance_words,
    "open_words": open_words,
    "tel": tel,
    "web_link": web_link,
    "site_name": site_name,
    "map_link": map_link,
    "paragraphs": paragraphs,
}
