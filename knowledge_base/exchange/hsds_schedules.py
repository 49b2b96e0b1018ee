"""Opening hours as HSDS schedules (RFC 5545 rules), and back.

HSDS does not know public holidays nor « on appointment »: the expression itself travels beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from knowledge_base.exchange.french_hours import convert
from knowledge_base.hours import DAYS

Record = dict[str, Any]
_RULE = re.compile(
    r"^(?:week (?P<start>\d\d)-\d\d/2 )?(?P<days>[A-Za-z0-9,\[\]-]+)"
    r" (?P<times>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)$"
)
_DAY = re.compile(r"^([A-Z][a-z])(?:-([A-Z][a-z]))?(?:\[([-0-9,]+)\])?$")
_CODES = {day.upper(): day for day in DAYS}
_FRENCH = dict(zip(DAYS, "lun mar mer jeu ven sam dim".split(), strict=True))
_ODD, _EVEN = range(1, 54, 2), range(2, 53, 2)


def schedules(spec: str | None, owner: str) -> list[Record]:
    """Return one schedule for each span of hours of each rule that HSDS can say.

    ``owner`` is the UUID of what is open: the ids follow from it.
    """
    rules = [rule.strip() for rule in (spec or "").split(";")]
    found = [(rule, match) for rule in rules if (match := _RULE.match(rule))]
    return [
        {"id": str(uuid5(UUID(owner), f"{rule}/{span}")), **_repeated(match), **_span(span)}
        for rule, match in found
        for span in match["times"].split(",")
    ]


def _span(span: str) -> Record:
    opens, closes = span.split("-")
    return {"opens_at": opens, "closes_at": closes}


def _repeated(rule: Mapping[str, Any] | re.Match[str]) -> Record:
    days = [day for part in re.split(r",(?=[A-Z])", rule["days"]) for day in _codes(part)]
    monthly = any(day[0] in "-123456789" for day in days)
    repeated: Record = {"freq": "MONTHLY" if monthly else "WEEKLY", "byday": ",".join(days)}
    if rule["start"]:
        weeks = _ODD if rule["start"] == "01" else _EVEN
        repeated["byweekno"] = ",".join(map(str, weeks))
    return repeated


def _codes(part: str) -> Iterator[str]:
    """Yield « MO » and « 2SA » for « Mo », « Mo-We » and « Sa[2] »."""
    match = _DAY.match(part)
    if match is None:
        return
    first, last, ranks = match.groups()
    if last:
        yield from (day.upper() for day in DAYS[DAYS.index(first) : DAYS.index(last) + 1])
    elif ranks:
        yield from (f"{rank}{first.upper()}" for rank in ranks.split(","))
    else:
        yield first.upper()


def expression(given: Iterable[Record]) -> tuple[str | None, str | None]:
    """Return weekly schedules as an expression, and what else they say as text.

    The days are written in French and read as any French hours, so that « fermé les jours
    fériés » is understood as everywhere in the directory.
    """
    spans: dict[str, list[str]] = {}
    text: list[str] = []
    for one in given:
        days = [_CODES.get(code.strip()) for code in str(one.get("byday") or "").split(",")]
        hours = f"{str(one.get('opens_at', ''))[:5]}-{str(one.get('closes_at', ''))[:5]}"
        plain = one.get("freq") == "WEEKLY" and one.get("interval") in (None, 1)
        if plain and all(days) and not one.get("byweekno") and len(hours) == 11:
            for day in days:
                spans.setdefault(str(day), []).append(hours)
        elif said := one.get("description") or one.get("notes"):
            text.append(str(said))
    week = (f"{_FRENCH[day]} {', '.join(sorted(spans[day]))}" for day in DAYS if day in spans)
    converted = convert(" ; ".join(week))
    left = " ; ".join(part for part in (converted.text, *dict.fromkeys(text)) if part)
    return converted.spec, left or None
