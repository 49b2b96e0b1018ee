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
URGENT_DAYS: Final = 2
USUAL_DAYS: Final = 5


@cache
def _french_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def is_business_day(day: date) -> bool:
    """Say whether ``day`` is neither a week-end day nor a French public holiday."""
    return day.weekday() < 5 and day not in _french_holidays()


def due_date(now: datetime, *, urgent: bool) -> datetime:
    """Return when somebody must have taken a case sent at ``now``, in UTC.

    Two business days if ``urgent``, five otherwise, at the same hour of the day in France.
    What arrives on a day off counts as arrived at 9:00 on the next business day.
    """
    local = now.astimezone(_PARIS)
    day, hour = local.date(), local.time()
    if not is_business_day(day):
        day, hour = _next_business_day(day), _OPENING
    for _ in range(URGENT_DAYS if urgent else USUAL_DAYS):
        day = _next_business_day(day)
    return datetime.combine(day, hour, _PARIS).astimezone(UTC)


def _next_business_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def french_moment(moment: datetime) -> str:
    """Return a moment as it is said in France: « mercredi 25 novembre à 10 h 30 »."""
    local = moment.astimezone(_PARIS)
    day = "1er" if local.day == 1 else str(local.day)
    hour = f"{local.hour} h" + (f" {local.minute:02d}" if local.minute else "")
    return f"{DAYS[local.weekday()]} {day} {MONTHS[local.month - 1]} à {hour}"
