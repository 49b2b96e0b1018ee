"""The day by which it will be too late, as the person says it: « il sort jeudi ».

Only a day that is said is read, and only ahead of the person: « l'huissier est passé lundi »
is a story. Of what is over, one thing counts: what is missing since a few days (« plus de gaz
depuis hier »). A relative day is read on the day it is written: it must be kept, not read again.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from assistant.conversation import SaidDay
from assistant.understanding.deadline_words import (
    CORRECTS,
    EVENT,
    LACK,
    MONTH_NUMBERS,
    NUMBERS,
    OTHER,
    OVER,
    PLANNED,
    SAID,
    SINCE,
    WAGE,
)
from knowledge_base.french_dates import DAYS
from knowledge_base.tokens import fold

#: A day of the year said without its year is not read further than this: it may be the past one.
_FAR: Final = timedelta(days=183)
#: What is missing since longer than this is no news of the day.
_RECENT: Final = timedelta(days=14)
#: Words kept before and after the day when the sentence is long.
_BEFORE, _AFTER = 7, 4
_LONG: Final = 16

_CLAUSE = re.compile(
    r"[!?;:\n]+|[.,](?=\s|$)|\s(?:mais|et|donc|car|puis|parce\sque)\s", re.IGNORECASE
)
_MARKS = re.compile(r"[^\w/]+")


def read_deadline(text: str, today: date) -> SaidDay | None:
    """Return the nearest day ahead that ``text`` says, or since when something is missing."""
    ahead: list[SaidDay] = []
    since: list[SaidDay] = []
    for clause in filter(None, (one.strip() for one in _CLAUSE.split(text))):
        folded = _Folded(clause)
        ahead += _ahead(folded, today)
        since += _since(folded, today)
    return min(ahead or since, key=lambda said: said.day, default=None)


def keep(noted: SaidDay | None, text: str, today: date) -> SaidDay | None:
    """Return the deadline to remember after ``text``: the nearest, unless it is corrected."""
    told = read_deadline(text, today)
    if noted is None or told is None:
        return told or noted
    over = noted.since or noted.day < today
    corrected = not told.since and CORRECTS.search(_plain(text)) is not None
    nearer = not told.since and told.day < noted.day
    return told if over or corrected or nearer else noted


class _Folded:
    """A clause as it is read, which knows what was written at each place."""

    def __init__(self, clause: str) -> None:
        self._written = clause.split()
        self._starts: list[int] = []
        self.text = ""
        for word in self._written:
            self._starts.append(len(self.text))
            self.text += _plain(word) + " "
        self.text = self.text.rstrip()

    def passage(self, start: int) -> str:
        """Return the clause as written, cut around ``start`` when it is long."""
        at = max(i for i, begins in enumerate(self._starts) if begins <= start)
        if len(self._written) <= _LONG:
            first, last = 0, len(self._written)
        else:
            first, last = max(0, at - _BEFORE), at + _AFTER
        return " ".join(self._written[first:last])


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub(" ", fold(text)).split())


def _ahead(clause: _Folded, today: date) -> Iterator[SaidDay]:
    if OTHER.search(clause.text):
        return
    for said in SAID.finditer(clause.text):
        limit = any(said[way] is not None for way in ("limit", "unit", "unit2"))
        if not limit and not _may_be_ahead(clause.text, said):
            continue
        day = _day(said, today, known=limit or EVENT.search(clause.text) is not None)
        if day is not None and day >= today:
            yield SaidDay(day=day, words=clause.passage(said.start()))


def _may_be_ahead(clause: str, said: re.Match[str]) -> bool:
    before = clause[: said.start()].rstrip()
    if re.search(r"\b(?:depuis|pas|non|ni|on est|sommes)$", before) or said["which"] in (
        " dernier",
        " passe",
    ):
        return False
    if said["weekday"] and said["article"]:
        return False  # « le lundi » is a habit
    if WAGE.search(clause):
        return False
    return OVER.search(clause) is None or PLANNED.search(clause) is not None


def _day(said: re.Match[str], today: date, *, known: bool) -> date | None:
    """Return the day; the vague ways to say one need to be ``known`` to be a deadline."""
    if said["weekday"]:
        week = 7 if said["which"] == " en huit" else 0
        return _next(DAYS.index(said["weekday"]), today) + timedelta(days=week)
    if said["day"]:
        return _calendar(said["day"], MONTH_NUMBERS[said["month"]], said["year"], today)
    if said["dated"]:
        return _this_month_or_next(int(said["dated"]), today)
    if said["num_day"]:
        month = int(said["num_month"])
        return _calendar(said["num_day"], month, said["num_year"], today)
    count = said["count"] or said["count2"]
    if count:
        return today + _span(count, said["unit"] or said["unit2"])
    if said["tomorrow"] or said["after"]:
        return today + timedelta(days=1 if said["tomorrow"] else 2)
    if said["tonight"]:
        return today
    return _vague(said, today) if known else None


def _vague(said: re.Match[str], today: date) -> date | None:
    if said["now"]:
        return today
    if said["next_week"]:
        return _next(0, today)
    if said["weekend"]:
        return _next(5, today)
    if said["week_end"]:
        return _next(4, today - timedelta(days=1))
    if said["month_end"]:
        return today.replace(day=monthrange(today.year, today.month)[1])
    if said["alone"] and (said["article"] == "le " or (said["limit"] or "").endswith("le ")):
        return _this_month_or_next(int(said["alone"]), today)
    return None


def _since(clause: _Folded, today: date) -> Iterator[SaidDay]:
    if not LACK.search(clause.text):
        return
    for said in SINCE.finditer(clause.text):
        day = _begun(said, today)
        if day is not None and today - _RECENT <= day <= today:
            yield SaidDay(day=day, words=clause.passage(said.start()), since=True)


def _begun(said: re.Match[str], today: date) -> date | None:
    if said["weekday"]:
        return _next(DAYS.index(said["weekday"]), today) - timedelta(days=7)
    if said["day"]:
        return _exact(today.year, MONTH_NUMBERS[said["month"]], int(said["day"]))
    if said["count"]:
        return today - _span(said["count"], said["unit"])
    return today - timedelta(days=1 if said["yesterday"] else 2 if said["before"] else 0)


def _next(weekday: int, today: date) -> date:
    """Return the next such day after ``today``."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _span(count: str, unit: str) -> timedelta:
    number = int(count) if count.isdigit() else NUMBERS[count]
    if unit.startswith("h"):
        return timedelta(days=number // 24)
    return timedelta(days=number * (7 if unit.startswith("s") else 1))


def _calendar(day: str, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _exact(int(year) % 100 + 2000, month, int(day))
    found = _exact(today.year, month, int(day))
    if found is None or found < today:
        found = _exact(today.year + 1, month, int(day))
    return found if found is not None and found - today <= _FAR else None


def _this_month_or_next(day: int, today: date) -> date | None:
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    first = today if day >= today.day else following
    return _exact(first.year, first.month, day)


def _exact(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
