"""The names of the days and of the months, written once."""

from __future__ import annotations

from datetime import date
from typing import Final

#: Monday first, as ``date.weekday`` counts.
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: January first: the month less one is the index.
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


def month_and_year(day: date) -> str:
    """Return the month of ``day`` as it is read: « mars 2025 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"
