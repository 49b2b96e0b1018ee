"""Business days in France: when somebody must have answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from knowledge_base.french_dates import DAYS, MONTHS

_PARIS: Final = ZoneInfo("Europe/Paris")
_OPENING: Final = time(9)
_NOON: Final = time(12)
_CLOSING: Final = time(17)
#: A team needs this long to take what has just arrived.
_AT_LEAST: Final = timedelta(hours=2)
URGENT_DAYS: Final = 2
USUAL_DAYS: Final = 5


@cache
def _french_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def french_date(now: datetime) -> date:
    """Return the day it is in France at ``now``."""
    return now.astimezone(_PARIS).date()


def is_business_day(day: date) -> bool:
    """Say whether ``day`` is neither a week-end day nor a French public holiday."""
    return day.weekday() < 5 and day not in _french_holidays()


def due_date(now: datetime, *, urgent: bool, said: date | None = None) -> datetime:
    """Return when somebody must have taken a case sent at ``now``, in UTC.

    Two business days if ``urgent``, five otherwise, at the same hour of the day in France.
    What arrives on a day off counts as arrived at 9:00 on the next business day.

    ``said``, the day by which it is too late for the person, only shortens this: the case must
    be taken by noon of the last business day before it, or as soon as a team can. A day already
    past, since when something is missing, makes two business days.
    """
    usual = _in_business_days(now, URGENT_DAYS if urgent else USUAL_DAYS)
    if said is None:
        return usual
    if said < french_date(now):
        return min(usual, _in_business_days(now, URGENT_DAYS))
    before = datetime.combine(_last_business_day_before(said), _NOON, _PARIS)
    return min(usual, max(before.astimezone(UTC), _soonest(now)))


def opens_at(now: datetime) -> datetime | None:
    """Return when the team works again, in UTC; None when it works at ``now``."""
    local = now.astimezone(_PARIS)
    day = local.date()
    if is_business_day(day) and _OPENING <= local.time() < _CLOSING:
        return None
    if not is_business_day(day) or local.time() >= _CLOSING:
        day = _next_business_day(day)
    return datetime.combine(day, _OPENING, _PARIS).astimezone(UTC)


def reading_day(now: datetime) -> date | None:
    """Return the day on which the team can first read what leaves at ``now``; None for today."""
    opens = opens_at(now)
    day = None if opens is None else french_date(opens)
    return None if day == french_date(now) else day


def _in_business_days(now: datetime, days: int) -> datetime:
    local = now.astimezone(_PARIS)
    day, hour = local.date(), local.time()
    if not is_business_day(day):
        day, hour = _next_business_day(day), _OPENING
    for _ in range(days):
        day = _next_business_day(day)
    return datetime.combine(day, hour, _PARIS).astimezone(UTC)


def _soonest(now: datetime) -> datetime:
    """Return the end of the first half-day of work that leaves time to take the case."""
    ready = (opens_at(now) or now).astimezone(_PARIS) + _AT_LEAST
    day = ready.date()
    for end in (_NOON, _CLOSING):
        if ready.time() <= end:
            return datetime.combine(day, end, _PARIS).astimezone(UTC)
    return datetime.combine(_next_business_day(day), _NOON, _PARIS).astimezone(UTC)


def _last_business_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def _next_business_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def french_moment(moment: datetime) -> str:
    """Return a moment as it is said in France: « mercredi 25 novembre à 10 h 30 »."""
    local = moment.astimezone(_PARIS)
    hour = f"{local.hour} h" + (f" {local.minute:02d}" if local.minute else "")
    return f"{french_day(local.date())} à {hour}"


def french_day(day: date) -> str:
    """Return a day as it is said in France: « jeudi 3 décembre »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"
