"""Opening hours: open or not at a moment, the next change, and the hours in French.

Hours are OpenStreetMap ``opening_hours`` expressions, read by opening-hours-py with the
public holidays of France. A rule marked ``unknown`` (« sur rendez-vous ») answers None.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, validate

from knowledge_base import french_dates

PARIS = ZoneInfo("Europe/Paris")
_SPACE = "\u00a0"
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_FRENCH_WEEKS = {
    "week 01-53/2": "semaines impaires",
    "week 02-52/2": "semaines paires",
}
_RANK = {"1": "1er", "2": "2e", "3": "3e", "4": "4e", "5": "5e", "-1": "dernier"}
_RULE = re.compile(
    r"^(?:(?P<week>week \S+) )?(?P<days>[A-Za-z0-9,\[\]-]+)"
    r"(?: (?P<times>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*))?"
    r'(?P<off> off)?(?: unknown)?(?: "(?P<comment>[^"]*)")?$'
)
_DAY = re.compile(r"^(?P<first>[A-Z][a-z])(?:-(?P<last>[A-Z][a-z]))?(?:\[(?P<ranks>[-0-9,]+)\])?$")
CLOSED = "fermé maintenant"
_ALWAYS = "24/7"
_HOLIDAYS = "PH off"


class HoursError(Exception):
    """The expression is not valid opening hours, or cannot be said in French."""


@lru_cache(maxsize=2048)
def parse(spec: str) -> OpeningHours:
    """Return ``spec`` read as opening hours in France.

    Raises HoursError when it is not valid.
    """
    if not validate(spec):
        raise HoursError(f"horaires illisibles « {spec} »")
    return OpeningHours(spec, country="FR")


def open_now(spec: str | None, at: datetime) -> bool | None:
    """Tell whether a place is open ``at`` an aware moment; None when nobody can tell."""
    if spec is None:
        return None
    hours, moment = parse(spec), _in_paris(at)
    return None if hours.is_unknown(moment) else hours.is_open(moment)


def next_change(spec: str | None, at: datetime) -> datetime | None:
    """Return the next moment at which the place opens or closes, in Paris time, or None."""
    if spec is None:
        return None
    change = parse(spec).next_change(_in_paris(at))
    return None if change is None else change.replace(tzinfo=PARIS)


def _in_paris(at: datetime) -> datetime:
    """Return the Paris wall-clock time without zone, as the parser expects it."""
    if at.tzinfo is None:
        raise ValueError("an aware datetime is needed: hours depend on the time zone")
    return at.astimezone(PARIS).replace(tzinfo=None)


def state_in_french(spec: str | None, at: datetime) -> str | None:
    """Return « ouvert jusqu’à 12 h », « fermé maintenant, ouvre lundi à 9 h », or None."""
    state = open_now(spec, at)
    change = next_change(spec, at)
    if state is None or (change is not None and open_now(spec, change) is None):
        return None
    if change is None:
        return "ouvert" if state else "fermé"
    hour = _hour(f"{change:%H:%M}")
    days = (change.date() - at.astimezone(PARIS).date()).days
    when = {0: "", 1: "demain "}.get(days, f"{french_dates.DAYS[change.weekday()]} ")
    if days > 6:
        when = f"le {change.day} {french_dates.MONTHS[change.month - 1]} "
    return f"ouvert jusqu’à {hour}" if state else f"{CLOSED}, ouvre {when}à {hour}"


def in_french(spec: str) -> str:
    """Return « lundi au vendredi : 9 h – 12 h, 13 h 30 – 17 h 30 ; samedi : … ».

    The closing on public holidays is not said. Raises HoursError for an expression that
    uses more of the grammar than days, ranks in the month, parity of weeks and comments.
    """
    parse(spec)
    if spec.strip() == _ALWAYS:
        return "24 h sur 24, 7 jours sur 7".replace(" h", f"{_SPACE}h")
    rules = [rule.strip() for rule in spec.split(";")]
    return " ; ".join(_rule_in_french(rule) for rule in rules if rule != _HOLIDAYS)


def _rule_in_french(rule: str) -> str:
    match = _RULE.match(rule)
    if match is None:
        raise HoursError(f"horaires impossibles à dire en français : « {rule} »")
    days = _days_in_french(match["days"])
    week = _FRENCH_WEEKS.get(match["week"] or "")
    if match["week"] and week is None:
        raise HoursError(f"semaines impossibles à dire en français : « {rule} »")
    notes = [note for note in (week, match["comment"]) if note]
    remark = f" ({', '.join(notes)})" if notes else ""
    if match["off"]:
        return f"{days} : fermé{remark}"
    if match["times"] is None:
        return f"{days}{remark}"
    spans = (span.split("-") for span in match["times"].split(","))
    times = ", ".join(f"{_hour(start)} – {_hour(end)}" for start, end in spans)
    return f"{days} : {times}{remark}"


def _days_in_french(days: str) -> str:
    parts = [name for part in re.split(r",(?=[A-Z])", days) for name in _day_names(part)]
    if parts == ["lundi au dimanche"]:
        return "tous les jours"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}"


def _day_names(part: str) -> list[str]:
    match = _DAY.match(part)
    if match is None or not {match["first"], match["last"] or "Mo"} <= set(DAYS):
        raise HoursError(f"jours impossibles à dire en français : « {part} »")
    first = DAYS.index(match["first"])
    if match["last"]:
        last = DAYS.index(match["last"])
        if last == first + 1:
            return [french_dates.DAYS[first], french_dates.DAYS[last]]
        return [f"{french_dates.DAYS[first]} au {french_dates.DAYS[last]}"]
    if match["ranks"] is None:
        return [french_dates.DAYS[first]]
    ranks = [_RANK.get(rank, f"{rank}e") for rank in match["ranks"].split(",")]
    plural = "s" if len(ranks) > 1 else ""
    return [f"{' et '.join(ranks)} {french_dates.DAYS[first]}{plural} du mois"]


def _hour(clock: str) -> str:
    """Return « 9 h » or « 13 h 30 » for « 09:00 » or « 13:30 »."""
    hours, minutes = clock.split(":")
    rest = f"{_SPACE}{minutes}" if minutes != "00" else ""
    return f"{int(hours)}{_SPACE}h{rest}"
