"""The money that comes into a home each month, as people tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.understanding.clauses import Sentences
from assistant.understanding.income_words import (
    AFTER_IN,
    AFTER_OUT,
    ALONE,
    AMOUNT,
    COSTS,
    CUES,
    FOR_RENT,
    FORTNIGHTLY,
    GIVEN_ME,
    IN_JUST,
    LEAST_TO_LIVE,
    LIVES,
    MOST,
    MOST_TO_LIVE,
    NAMED_AFTER,
    NOTHING,
    PAID_AT,
    QUARTERLY,
    RANGE,
    RENT_AID_BEFORE,
    SET_APART,
    TOTAL,
    WEAK,
    WEEKLY,
    YEARLY,
)
from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

#: Months in what each period covers, as a factor on the amount.
_PERIODS = (
    (YEARLY, 1 / 12),
    (QUARTERLY, 1 / 3),
    (FORTNIGHTLY, 26 / 12),
    (WEEKLY, 52 / 12),
)
#: Less by the year is a bill or a premium, not an income.
_LEAST_BY_YEAR = 5_000
_LEAST_BESIDE_A_JOB = 150
_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class _Amount:
    value: float
    high: float
    start: int
    end: int
    owner: Person | None
    total: bool
    for_rent: bool


def read(track: Track, sentences: Sentences, work: Iterable[Finding]) -> list[Finding]:
    """Return the monthly resources told by a message, one finding for each person's.

    ``work`` is what it says of the work of people: an amount beside a job is what it brings.
    """
    amounts = _amounts(track, sentences, [finding.start for finding in work])
    if all(amount.for_rent for amount in amounts):
        amounts = []  # an aid for the rent alone is not what a home lives on
    if not any(_at_home(amount.owner) for amount in amounts):
        nothing = NOTHING.search(track.text)
        if nothing is None or sentences.impersonal(nothing.start()):
            return [_summed(track.text, amounts)] if amounts else []
        owner = track.owner(nothing.start())
        return [Finding(Fact.INCOME, nothing.start(), nothing.end(), owner, low=0, high=0)]
    totals = [amount for amount in amounts if amount.total]
    if totals and len(amounts) > 1:
        amounts = totals[-1:]
    groups: dict[bool, list[_Amount]] = {}
    for amount in amounts:
        groups.setdefault(_at_home(amount.owner), []).append(amount)
    return [_summed(track.text, group) for group in groups.values()]


def _at_home(owner: Person | None) -> bool:
    """Tell whether the money of ``owner`` is that of the home of the person who writes."""
    return owner is None or owner.role in (
        Role.ME,
        Role.PARTNER,
        Role.CHILD,
        Role.OFFICE,
        Role.SOMEONE,
    )


def _amounts(track: Track, sentences: Sentences, jobs: list[int]) -> list[_Amount]:
    text = track.text
    found: list[_Amount] = []
    ranges = {match.end("high"): float(match["low"]) for match in RANGE.finditer(text)}
    lows = {match.start("low") for match in RANGE.finditer(text)}
    for match in AMOUNT.finditer(text):
        start, end = match.span()
        if start in lows or text[:start].endswith(" pas ") or text[:start] == "pas ":
            continue  # « pas 1 200 euros, 1 100 »
        added = found and re.fullmatch(r" (?:\+|plus) (?:\w+ )?", text[found[-1].end : start])
        told = added or _is_income(text, match) or _beside_a_job(text, match, jobs)
        if not told or (sentences.impersonal(start) and not _yearly(text, match)):
            continue
        high = float(match["n"])
        value = ranges.get(match.end("n"), high)
        after = text[end : end + 40]
        factor = next((by for period, by in _PERIODS if period.match(after)), 1)
        value, high = round(value * factor), round(high * factor)
        if value <= MOST:
            around, before = text[max(0, start - 14) : end + 30], text[max(0, start - 40) : start]
            owner = track.me if GIVEN_ME.search(before) else track.owner(start)
            for_rent = bool(FOR_RENT.match(after) or RENT_AID_BEFORE.search(before))
            total = bool(TOTAL.search(around))
            found.append(_Amount(value, high, start, end, owner, total, for_rent))
    return found


def _yearly(text: str, match: re.Match[str]) -> bool:
    enough = int(match["n"]) >= _LEAST_BY_YEAR
    return enough and bool(match["money"]) and bool(YEARLY.match(text[match.end() :]))


def _beside_a_job(text: str, match: re.Match[str], jobs: list[int]) -> bool:
    """« Je fais le ménage dans un hôtel, 1 050 euros, … »: what the job of the sentence pays."""
    start, after = match.start(), text[match.end() : match.end() + 30]
    if not match["money"] and not AFTER_IN.match(after):
        return False
    if not ALONE.match(after) or AFTER_OUT.match(after) or int(match["n"]) < _LEAST_BESIDE_A_JOB:
        return False
    begins = max(text.rfind(stop, 0, start) for stop in (". ", "? ")) + 1
    before = text[begins:start]
    apart = SET_APART.search(before) or PAID_AT.search(before)
    spent = [cue for cue in CUES.finditer(before) if cue.lastgroup == "out"]
    return bool(apart and not spent and any(begins <= job < start for job in jobs))


def _is_income(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    number, money = int(match["n"]), bool(match["money"])
    if not money and (
        1900 <= number <= 2035 and not _after_in(text, end) and not IN_JUST.search(text[:start])
    ):
        return False
    if len(match["n"]) < _LEAST_DIGITS:
        return False
    after = text[end : end + 50]
    if AFTER_OUT.match(after):
        return False
    before = re.split(r"[.?] ", text[max(0, start - 70) : start])[-1]
    cues = list(CUES.finditer(before))
    nearest = cues[-1] if cues else None
    if nearest is not None and nearest.lastgroup == "out":
        spent_on = before[nearest.end() :]
        return bool(re.search(r",| et ", spent_on)) and NAMED_AFTER.match(after) is not None
    if AFTER_IN.match(after) or _yearly(text, match):
        return True
    if nearest is None:
        return money and _by_default(text, match)
    distance = len(before[nearest.end() :].split())
    if nearest[0] in WEAK:
        spent = [cue for cue in cues if cue.lastgroup == "out"]
        if spent and "," not in before[spent[-1].end() :] and COSTS.search(before):
            return False
        by_month = re.search(r"\bpar mois\b", after)
        strong = [cue for cue in cues if cue.lastgroup == "into" and cue[0] not in WEAK]
        return bool(
            distance <= 2 and (by_month or strong or nearest[0] == "avec" or LIVES.search(before))
        )
    return distance <= (8 if money else 4)


def _by_default(text: str, match: re.Match[str]) -> bool:
    """A sum of money that nothing in its sentence says to be spent is what somebody lives on."""
    if not LEAST_TO_LIVE <= int(match["n"]) <= MOST_TO_LIVE:
        return False
    begins = max(text.rfind(stop, 0, match.start()) for stop in (". ", "? ")) + 1
    sentence = re.split(r" [.?]", text[begins : match.end() + 80])[0]
    return not any(cue.lastgroup == "out" for cue in CUES.finditer(sentence))


def _after_in(text: str, end: int) -> bool:
    return bool(AFTER_IN.match(text[end : end + 40]))


def _summed(text: str, amounts: list[_Amount]) -> Finding:
    """Add what several people or sources bring; the last one wins after a correction."""
    first, last = amounts[0], amounts[-1]
    between = text[first.end : last.start]
    if len(amounts) > 1 and re.search(
        r"\b(?:non|pardon|enfin|plutot|erreur|maintenant|desormais)\b", between
    ):
        amounts = [last]
    low = sum(amount.value for amount in amounts)
    high = sum(amount.high for amount in amounts)
    owners = [a.owner for a in amounts if a.owner is not None]
    owner = next((o for o in owners if o.role is Role.ME), owners[0] if owners else None)
    return Finding(Fact.INCOME, amounts[0].start, amounts[-1].end, owner, low=low, high=high)
