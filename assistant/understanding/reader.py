"""Reading the facts of a situation in free text, with the words each was read in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.conversation import Known
from assistant.understanding import ages, benefits, children, clauses, concern, income, people, text
from assistant.understanding.concern import Concern
from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import FOLDER, Finding, Rule, load_rules, matches
from assistant.understanding.spelling import load_speller
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.geography import Communes

#: « non pardon », « enfin » between two values of a fact: the second one is meant.
_CORRECTS = re.compile(
    r"\b(?:non|pardon|enfin|plutot|erreur|oups|je voulais dire|je me trompe|en fait|finalement|rectification)\b"
)
_CORRECTION_SPAN = 60
#: What an office, an employer or a landlord does tells of the person, but only these facts.
_BY_AN_OFFICE = frozenset(
    {
        Fact.HOUSING_TROUBLE, Fact.HOUSING_STATUS, Fact.DISABILITY, Fact.HEALTH_COVER, Fact.INCOME,
        Fact.SCHOOLING, Fact.BENEFITS_RECEIVED, Fact.RESIDENCE_STATUS, Fact.DEBTS, Fact.CHILDREN, Fact.TRANSPORT,
    }
)  # fmt: skip
#: Facts of a home that are also those of a child or a partner who lives in it.
_OF_THE_HOME = frozenset(
    {Fact.INCOME, Fact.HOUSING_STATUS, Fact.HOUSING_TROUBLE, Fact.CHILDREN, Fact.HOUSEHOLD, Fact.DEBTS}
)
#: Facts of the partner or a child that count for the person who writes.
_OF_PARTNER = frozenset({Fact.PREGNANT, Fact.HOUSING_TROUBLE, Fact.INCOME, Fact.CHILDREN, Fact.HOUSING_STATUS, Fact.HOUSEHOLD})
_OF_CHILDREN = frozenset({Fact.SCHOOLING, Fact.CHILDREN, Fact.INCOME, Fact.HOUSING_TROUBLE})
_CHILD_BENEFITS = frozenset({"aeeh", "family_benefits"})
_RECOGNISING = frozenset({"aah", "aeeh", "pch"})
_AT_WORK = re.compile(
    r"patiente?s?|eleves?|usagere?s?|residente?s?|cliente?s?|beneficiaires?|allocataires?|famille|couple|mineure?|refugiee?|"
    r"etudiante?s?|locataire"
)
_HURTS_ME = re.compile(r"\b(?:me|m|nous|moi)\b")


class FactReader:
    """Reads the facts of the closed list in what a person writes."""

    def __init__(self, rules: tuple[Rule, ...], communes: Communes) -> None:
        self._rules = rules
        self._communes = communes

    def read(self, message: str, today: date) -> dict[Fact, Known]:
        """Return every fact told by ``message``, each with the words it was read in."""
        plain = text.read(message)
        track = people.track(plain.text)
        sentences = clauses.sentences(plain.text)
        findings = _findings(self._rules, track, sentences, today)
        if _writes_for_others(track):
            findings = [f for f in findings if not _is_their_work(f, track)]
        about = concern.decide(track, findings)
        kept = [moved for f in findings if (moved := _about(f, track, about)) is not None]
        found = _known(kept, plain)
        if about.person is not None or about.said:
            value = about.person.role.value if about.person is not None else Role.ME.value
            found[Fact.FOR_WHOM] = Known(value=value, words=plain.said(about.start, about.end))
        _deduce(found)
        commune = self._communes.find_home(message)
        if commune is not None:
            found[Fact.COMMUNE] = Known(value=commune.code_insee, words=commune.name)
        return {fact: found[fact] for fact in Fact if fact in found}


def load_reader(communes: Communes, folder: Path = FOLDER) -> FactReader:
    """Compile the rules. Raises ValueError for an unknown fact or value."""
    load_speller()
    return FactReader(load_rules(folder), communes)


def _findings(
    rules: tuple[Rule, ...], track: Track, sentences: clauses.Sentences, today: date
) -> list[Finding]:
    found = [_with_victim(f, track) for f in matches(rules, track, sentences)]
    found.extend(benefits.read(track, sentences))
    found.extend(income.read(track, sentences))
    found.extend(children.read(track, sentences))
    for age in ages.read(track, sentences, today):
        if not (age.listed and (age.owner is None or age.owner.role is not Role.CHILD)):
            found.append(
                Finding(Fact.AGE, age.start, age.end, age.owner, low=age.years, high=age.years)
            )
    return found


def _writes_for_others(track: Track) -> bool:
    """Tell whether the person who writes does it at work, for a patient, a pupil, a family."""
    return any(p.indefinite and _AT_WORK.fullmatch(p.name) for p in track.named(Role.OTHER))


def _is_their_work(finding: Finding, track: Track) -> bool:
    return finding.fact is Fact.EMPLOYMENT_STATUS and finding.owner in (None, track.me)


def _with_victim(finding: Finding, track: Track) -> Finding:
    """A blow is told of who gives it: move it to who receives it."""
    if finding.fact is not Fact.VIOLENCE:
        return finding
    words = track.text[finding.start : finding.end]
    if re.search(r"\b(?:est|devient|ete|redevient)\b.*\b(?:violent|agressi|brutal)", words):
        return replace(finding, owner=track.me)
    if _HURTS_ME.search(words) or finding.denied:
        return replace(finding, owner=track.me)
    if re.match(r"(?:la|l|lui)\b", words):
        named = [p for p in track.people if p.start < finding.start and p is not finding.owner]
        women = [p for p in named if p.feminine is not False and p.role in concern.CONCERNED]
        return replace(finding, owner=women[-1] if women else None)
    return finding


def _about(finding: Finding, track: Track, about: Concern) -> Finding | None:
    """Return the finding as a fact of the person concerned, or None when it is not theirs."""
    owner, fact = finding.owner, finding.fact
    if fact is Fact.CAREGIVER:
        return finding
    if fact is Fact.AGE:
        return _age(finding, track, about)
    if owner is None:
        return None if _of_the_writer(finding, track, about) else finding
    if owner.role is Role.OFFICE:
        return finding if fact in _BY_AN_OFFICE else None
    if about.person is None:
        return finding if _is_mine(finding, track) else None
    if _same(owner, about.person) or owner.role is Role.SOMEONE:
        return finding
    if owner is track.me and about.person.role in (Role.CHILD, Role.PARTNER):
        return finding if fact in _OF_THE_HOME else None
    if owner.role is Role.CHILD:
        return finding if fact is Fact.CHILDREN else None
    return None


def _of_the_writer(finding: Finding, track: Track, about: Concern) -> bool:
    """« Fille unique, 58 ans. Mon père… »: what comes before is not said of the father."""
    if about.person is None or finding.start > about.person.start:
        return False
    if finding.fact is Fact.EMPLOYMENT_STATUS:
        return True
    between = track.text[finding.end : about.person.start]
    return finding.fact is Fact.AGE and not about.said and "." in between


def _is_mine(finding: Finding, track: Track) -> bool:
    owner, fact = finding.owner, finding.fact
    if owner is None or owner is track.me:
        return True
    if owner.role is Role.SOMEONE:
        return not track.me.subject
    if owner.role is Role.PARTNER:
        return fact in _OF_PARTNER
    if owner.role is Role.CHILD:
        return fact in _OF_CHILDREN or finding.value in _CHILD_BENEFITS
    return False


def _same(owner: Person, person: Person) -> bool:
    if owner is person:
        return True
    alike = owner.feminine is None or person.feminine is None or owner.feminine == person.feminine
    return owner.role is person.role and alike and owner.plural == person.plural


def _age(finding: Finding, track: Track, about: Concern) -> Finding | None:
    """Decide whether an age is that of the person concerned, of a child, or of nobody here."""
    owner, years = finding.owner, finding.low or 0
    person = about.person
    of_child = owner is not None and owner.role is Role.CHILD
    if person is not None and person.role is Role.CHILD:
        if owner is not None and owner.role not in (Role.CHILD, Role.SOMEONE):
            return None
        return replace(finding, fact=Fact.CHILD_AGE) if years <= ages.OLDEST_CHILD else finding
    if of_child:
        return replace(finding, fact=Fact.CHILD_AGE) if years <= ages.OLDEST_CHILD else None
    if owner is None:
        return None if _of_the_writer(finding, track, about) else finding
    if owner.role is Role.SOMEONE:
        return finding
    if person is None:
        return finding if owner.role is Role.ME else None
    return finding if _same(owner, person) else None


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
    elif fact is Fact.HOUSING_STATUS and {f.value for f in found} >= {"homeless", "hosted"}:
        best = [f for f in found if f.value in ("homeless", "hosted")][-1]
    else:
        best = min(found, key=lambda f: f.rank)
    words = plain.said(best.start, best.end)
    if best.value:
        return Known(value=best.value, words=words)
    return Known(low=best.low, high=best.high, words=words)


def _set(found: list[Finding], plain: text.Plain) -> Known:
    told = {f.value: f for f in reversed(found)}
    if len(told) > 1:
        told.pop("none", None)
    words = ", ".join(plain.said(f.start, f.end) for f in sorted(told.values(), key=lambda f: f.start))
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


def _deduce(found: dict[Fact, Known]) -> None:
    """Add what follows from what was read."""
    received = set((found.get(Fact.BENEFITS_RECEIVED) or Known()).values or ())
    if "css" in received:
        words = found[Fact.BENEFITS_RECEIVED].words
        found[Fact.HEALTH_COVER] = Known(value="css", words=words)
    disability = found.get(Fact.DISABILITY)
    if disability is not None and disability.value == "not_recognised" and received & _RECOGNISING:
        found[Fact.DISABILITY] = Known(value="recognised", words=disability.words)
