"""Reading the facts of a situation in free text, with the words each was read in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.conversation import Known
from assistant.understanding import (
    ages,
    benefits,
    children,
    clauses,
    concern,
    households,
    income,
    text,
)
from assistant.understanding.belonging import (
    about_them,
    is_bullying,
    is_their_work,
    with_victim,
    writes_for_others,
)
from assistant.understanding.people import Role, Track
from assistant.understanding.places import Homes
from assistant.understanding.rules import EITHER, FOLDER, Finding, Rule, load_rules, matches
from assistant.understanding.spelling import load_speller
from assistant.understanding.tracking import track as track_people
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.geography import Communes

#: « non pardon », « enfin » between two values of a fact: the second one is meant.
_CORRECTS = re.compile(
    r"\b(?:non|pardon|enfin|plutot|erreur|oups|je voulais dire|je me trompe|en fait|finalement|"
    r"rectification)\b"
)
_CORRECTION_SPAN = 60
_SCHOOLS = frozenset({"primary", "middle", "high"})
_AT_SCHOOL = frozenset({"middle", "high"})
_OLDEST_PUPIL = 21
_GROWN = 18
_WORKING = frozenset({"employed", "self_employed", "retired"})
_WITHOUT_HOME = frozenset({"homeless", "hosted", "institution"})
#: « dossier MDPH en cours », « rien demandé à la MDPH »: nothing is recognised so far.
_NO_DECISION = re.compile(
    r"\b(?:pas|aucune?|sans|jamais|rien) (?:\w+ ){0,6}(?:mdph|reconnue?s?|rqth|"
    r"(?:carte|dossier) handicap)\b|"
    r"\b(?:dossier|demande|attend\w*|depose\w*|renvoye\w*) (?:\w+ ){0,6}mdph\b|"
    r"\bmdph (?:\w+ ){0,5}(?:en cours|attend\w*|pas (?:\w+ )?repon\w*|traine)\b"
)
_RECOGNISING = frozenset({"aah", "aeeh", "pch"})


class FactReader:
    """Reads the facts of the closed list in what a person writes."""

    def __init__(self, rules: tuple[Rule, ...], communes: Communes) -> None:
        self._rules = rules
        self._homes = Homes(communes)

    def read(self, message: str, today: date, *, of_writer: bool = False) -> dict[Fact, Known]:
        """Return every fact told by ``message``, each with the words it was read in.

        ``of_writer``: the conversation is about who writes so far. What is then told of « elle »,
        whom nobody named, or of what a parent lives on, is a fact of somebody else.
        """
        plain = text.read(message)
        track = track_people(plain.text)
        sentences = clauses.sentences(plain.text)
        findings = _findings(self._rules, track, sentences, today)
        if writes_for_others(track):
            findings = [f for f in findings if not is_their_work(f, track)]
        about = concern.decide(track, findings, of_writer=of_writer)
        sure = [f for f in findings if not f.doubted]
        if of_writer:
            sure = [f for f in sure if f.owner is None or f.owner.role is not Role.SOMEONE]
        kept = [moved for f in sure if (moved := about_them(f, track, about)) is not None]
        found = _known(_first_of_mine(kept, track), plain)
        if about.person is not None or about.said:
            value = about.person.role.value if about.person is not None else Role.ME.value
            found[Fact.FOR_WHOM] = Known(value=value, words=plain.said(about.start, about.end))
        _deduce(found, track)
        role = Role.ME if about.person is None else about.person.role
        home = self._homes.read(plain, track, role, grown=_is_grown(found))
        if home is not None:
            found[Fact.COMMUNE] = Known(value=home.code, words=home.words, approximate=home.near)
        return {fact: found[fact] for fact in Fact if fact in found}

    def tells_of_others(self, message: str, today: date) -> bool:
        """Tell whether ``message`` only tells facts of others, though it is about who writes."""
        track = track_people(text.read(message).text)
        found = _findings(self._rules, track, clauses.sentences(track.text), today)
        aside = [f for f in found if f.owner not in (None, track.me)]
        return bool(aside) and not self.read(message, today, of_writer=True)


def load_reader(communes: Communes, folder: Path = FOLDER) -> FactReader:
    """Compile the rules. Raises ValueError for an unknown fact or value."""
    load_speller()
    return FactReader(load_rules(folder), communes)


def _findings(
    rules: tuple[Rule, ...], track: Track, sentences: clauses.Sentences, today: date
) -> list[Finding]:
    read = matches(rules, track, sentences)
    found = [with_victim(f, track) for f in read if not is_bullying(f, track)]
    found = [
        replace(f, value="family_or_friends") if households.of_kin(f, track) else f for f in found
    ]
    found.extend(households.read(track))
    found.extend(benefits.read(track, sentences))
    work = [finding for finding in found if finding.fact is Fact.EMPLOYMENT_STATUS]
    found.extend(income.read(track, sentences, work))
    found.extend(children.read(track, sentences))
    for age in ages.read(track, sentences, today):
        if not (age.listed and (age.owner is None or age.owner.role is not Role.CHILD)):
            found.append(
                Finding(Fact.AGE, age.start, age.end, age.owner, low=age.years, high=age.years)
            )
    return found


def _first_of_mine(findings: list[Finding], track: Track) -> list[Finding]:
    """« il a 71 ans moi 68 »: once an age is told of who writes, that of « il » is not theirs."""
    ages_told = [f for f in findings if f.fact is Fact.AGE]
    if not any(f.owner is track.me for f in ages_told):
        return findings
    strangers = [f for f in ages_told if f.owner is not None and f.owner.role is Role.SOMEONE]
    return [f for f in findings if f not in strangers]


def _known(findings: Iterable[Finding], plain: text.Plain) -> dict[Fact, Known]:
    by_fact: dict[Fact, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: f.start):
        by_fact.setdefault(finding.fact, []).append(finding)
    return {fact: _one(fact, found, plain) for fact, found in by_fact.items()}


def _one(fact: Fact, found: list[Finding], plain: text.Plain) -> Known:
    if FACTS[fact].kind is Kind.CHOICES:
        return _set(found, plain)
    found = _without_corrected(found, plain.text)
    if fact is Fact.CHILD_AGE:
        best = min(found, key=lambda f: f.low or 0)
    elif fact is Fact.HOUSING_STATUS and "homeless" in {f.value for f in found}:
        best = [f for f in found if f.value in _WITHOUT_HOME][-1]  # where they are now
    else:
        best = min(found, key=lambda f: f.rank)
    words = plain.said(best.start, best.end)
    if EITHER in best.value:
        return Known(values=tuple(best.value.split(EITHER)), words=words)
    if best.value:
        return Known(value=best.value, words=words)
    return Known(low=best.low, high=best.high, words=words)


def _set(found: list[Finding], plain: text.Plain) -> Known:
    told = {f.value: f for f in reversed(found)}
    if len(told) > 1:
        told.pop("none", None)
    words = ", ".join(
        plain.said(f.start, f.end) for f in sorted(told.values(), key=lambda f: f.start)
    )
    return Known(values=tuple(sorted(told)), words=words)


def _without_corrected(found: list[Finding], plain: str) -> list[Finding]:
    """Drop what « non, pardon… » takes back."""
    kept: list[Finding] = []
    for finding in found:
        if kept:
            last = kept[-1]
            between = plain[last.end : finding.start]
            if len(between) <= _CORRECTION_SPAN and _CORRECTS.search(between):
                kept.clear()
        kept.append(finding)
    return kept


def _is_grown(found: dict[Fact, Known]) -> bool:
    """Tell whether the person concerned is an adult, or a child as old as one."""
    age = found.get(Fact.AGE) or found.get(Fact.CHILD_AGE)
    return age is not None and (age.low or 0) >= _GROWN


def _is_pupil(found: dict[Fact, Known], track: Track) -> bool:
    """Tell whether the school is that of the person who writes: « 15 ans, au collège »."""
    age, whom = found.get(Fact.AGE), found.get(Fact.FOR_WHOM)
    young = age is not None and age.high is not None and age.high <= _OLDEST_PUPIL
    mine = whom is None or whom.value == Role.ME.value
    return young and mine and not track.named(Role.CHILD)


def _deduce(found: dict[Fact, Known], track: Track) -> None:
    """Add what follows from what was read, drop what cannot be."""
    school, work = found.get(Fact.SCHOOLING), found.get(Fact.EMPLOYMENT_STATUS)
    working = work is not None and work.value in _WORKING
    if school is not None and school.value in _SCHOOLS and working and not track.named(Role.CHILD):
        del found[Fact.SCHOOLING]  # they work at a school
    if (
        school is not None
        and school.value in _AT_SCHOOL
        and work is None
        and _is_pupil(found, track)
    ):
        found[Fact.EMPLOYMENT_STATUS] = Known(value="student", words=school.words)
    received = set((found.get(Fact.BENEFITS_RECEIVED) or Known()).values or ())
    if "css" in received:
        words = found[Fact.BENEFITS_RECEIVED].words
        found[Fact.HEALTH_COVER] = Known(value="css", words=words)
    disability = found.get(Fact.DISABILITY)
    if disability is not None and disability.value != "none" and received & _RECOGNISING:
        found[Fact.DISABILITY] = Known(value="recognised", words=disability.words)
    elif disability is not None and disability.values and _NO_DECISION.search(track.text):
        found[Fact.DISABILITY] = Known(value="not_recognised", words=disability.words)
