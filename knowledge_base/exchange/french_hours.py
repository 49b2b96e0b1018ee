"""French hours as the sources write them, turned into ``opening_hours`` expressions.

« lun-ven 9h-12h, 13h30-17h30 » becomes « Mo-Fr 09:00-12:00,13:30-17:30; PH off ». What
does not read completely stays as text: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge_base.hours import DAYS, parse

_FRENCH = {"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6}
_DAY = r"(?:lun|mar|mer|jeu|ven|sam|dim)"
_SEGMENT = re.compile(
    rf"^(?P<days>{_DAY}(?:\s*[-,]\s*{_DAY})*)\s+(?P<times>[\d:h,\s/–-]+?)"
    r"(?P<free>\s+avec ou sans rendez-vous)?\s*(?:\((?P<remark>[^()]*)\))?$"
)
_APPOINTMENT = re.compile(rf"^(?P<days>{_DAY}(?:\s*[-,]\s*{_DAY})*)\s+sur rendez-vous uniquement$")
_TIME = re.compile(r"^(\d{1,2})[h:](\d{2})?\s*[-–]\s*(\d{1,2})[h:](\d{2})?$")
_YEAR = re.compile(r"\s*\((?:20\d\d)\)$")
_RANKS = re.compile(
    r"^((?:1er|[2-5]e|dernier)(?: et (?:1er|[2-5]e|dernier))*)(?: samedis?)? du mois$"
)
_RANK = {"1er": "1", "2e": "2", "3e": "3", "4e": "4", "5e": "5", "dernier": "-1"}
_PARITY = {"impaire": "week 01-53/2", "paire": "week 02-52/2"}
#: Remarks that say who is received or when: open or not, nobody can tell from here.
_DEPENDS = frozenset(
    (
        "état civil uniquement",
        "permanence adjoint",
        "permanence du maire",
        "samedis impairs",
        "sur rendez-vous uniquement",
        "un samedi sur deux",
    )
)
#: Hours of something else than the counter.
_NOT_THE_COUNTER = re.compile(r"^(?:accueil téléphonique|téléphone|équipe présente)\b")
_COUNTER = re.compile(r"^accueil sans rendez-vous\s+")
_EVERY_DAY = re.compile(r"^tous les jours\s+")
_HOLIDAYS = "PH off"


@dataclass(frozen=True, slots=True)
class Converted:
    """Hours as an expression, and what is left as text; either may be missing."""

    spec: str | None
    text: str | None


class _UnreadableError(Exception):
    """A part of the text is not understood: the whole stays as text."""


@dataclass(frozen=True, slots=True)
class _Rule:
    days: tuple[int, ...]
    times: str = ""
    week: str = ""
    ranks: str = ""
    depends_on: str = ""
    off: bool = False


def convert(french: str | None) -> Converted:
    """Return the hours of the counter and the rest of what the source says."""
    if not french:
        return Converted(None, None)
    segments = [segment.strip() for segment in french.split(";")]
    elsewhere = [segment for segment in segments if _NOT_THE_COUNTER.match(segment)]
    counter = [segment for segment in segments if segment not in elsewhere]
    try:
        spec = _spec(counter) if counter else None
    except _UnreadableError:
        return Converted(None, french)
    return Converted(spec, " ; ".join(elsewhere) or None)


def _spec(segments: Sequence[str]) -> str:
    holidays = [_HOLIDAYS]
    rules: list[_Rule] = []
    for segment in segments:
        text = _YEAR.sub("", _COUNTER.sub("", segment))
        if _EVERY_DAY.match(text):
            # « Tous les jours » says nothing against public holidays.
            text, holidays = _EVERY_DAY.sub("lun-dim ", text), []
        rules.extend(_rules(text))
    used = [day for rule in rules for day in rule.days if not rule.off]
    if len(used) != len(set(used)):
        raise _UnreadableError  # the same day twice: the second rule would hide the first
    spec = "; ".join([*_written(rules), *holidays])
    parse(spec)
    return spec


def _rules(segment: str) -> list[_Rule]:
    appointment = _APPOINTMENT.match(segment)
    if appointment is not None:
        return [_Rule(_days(appointment["days"]), depends_on="sur rendez-vous uniquement")]
    match = _SEGMENT.match(segment)
    if match is None:
        raise _UnreadableError
    days, times = _days(match["days"]), _times(match["times"])
    remark = match["remark"] or ""
    if not remark or _YEAR.match(f" ({remark})"):
        return [_Rule(days, times)]
    return _with_remark(days, times, remark)


def _with_remark(days: tuple[int, ...], times: str, remark: str) -> list[_Rule]:
    if remark in _DEPENDS and len(days) == 1:
        return [_Rule(days, times, depends_on=remark)]
    parity = re.match(r"^semaines? (impaire|paire)s?$", remark)
    if parity is not None:
        return [_Rule(days, times, week=_PARITY[parity[1]])]
    if days == (5,) and remark == "fermé le dernier samedi du mois":
        return [_Rule(days, times), _Rule(days, ranks="-1", off=True)]
    ranks = _RANKS.match(remark)
    if days != (5,) or ranks is None:
        raise _UnreadableError
    return [_Rule(days, times, ranks=",".join(_RANK[rank] for rank in ranks[1].split(" et ")))]


def _days(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"\s*,\s*", text):
        first, _, last = re.sub(r"\s", "", part).partition("-")
        start, end = _FRENCH[first], _FRENCH[last or first]
        if end < start:
            raise _UnreadableError
        found.extend(range(start, end + 1))
    return tuple(found)


def _times(text: str) -> str:
    spans: list[str] = []
    before = ""
    for part in re.split(r"\s*[,/]\s*", text.strip()):
        match = _TIME.match(part)
        if match is None:
            raise _UnreadableError
        start = f"{int(match[1]):02d}:{match[2] or '00'}"
        end = f"{int(match[3]):02d}:{match[4] or '00'}"
        if not before <= start < end <= "24:00":
            raise _UnreadableError
        before = end
        spans.append(f"{start}-{end}")
    return ",".join(spans)


def _written(rules: Sequence[_Rule]) -> list[str]:
    """Return the rules as expressions; the days with the same hours become one."""
    days: dict[_Rule, list[int]] = {}
    for rule in rules:
        days.setdefault(replace(rule, days=()), []).extend(rule.days)
    return [_one(sorted(found), rule) for rule, found in days.items()]


def _one(days: list[int], rule: _Rule) -> str:
    if rule.off:
        return f"{DAYS[days[0]]}[{rule.ranks}] off"
    names = f"{DAYS[days[0]]}[{rule.ranks}]" if rule.ranks else ",".join(_runs(days))
    unknown = f'unknown "{rule.depends_on}"' if rule.depends_on else ""
    return " ".join(part for part in (rule.week, names, rule.times, unknown) if part)


def _runs(days: list[int]) -> Iterator[str]:
    """Give the days, those that follow one another by three or more as « Mo-We »."""
    at = 0
    while at < len(days):
        last = at
        while last + 1 < len(days) and days[last + 1] == days[last] + 1:
            last += 1
        if last - at >= 2:
            yield f"{DAYS[days[at]]}-{DAYS[days[last]]}"
        else:
            yield from (DAYS[day] for day in days[at : last + 1])
        at = last + 1
