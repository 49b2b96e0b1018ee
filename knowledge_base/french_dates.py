"""The names of the days and of the months, written once."""

from __future__ import annotations

from typing import Final

#: Monday first, as ``date.weekday`` counts.
DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: January first: the month less one is the index.
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
