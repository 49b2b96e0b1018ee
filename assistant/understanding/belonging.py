"""Whose fact is it? What is told of a partner, a child, a landlord, or only of the writer."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.understanding import ages, concern
from assistant.understanding.concern import Concern
from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

#: What an office, an employer or a landlord does tells of the person, but only these facts.
_BY_AN_OFFICE = frozenset(
    {
        Fact.HOUSING_TROUBLE,
        Fact.HOUSING_STATUS,
        Fact.DISABILITY,
        Fact.HEALTH_COVER,
        Fact.INCOME,
        Fact.SCHOOLING,
        Fact.BENEFITS_RECEIVED,
        Fact.RESIDENCE_STATUS,
        Fact.DEBTS,
        Fact.CHILDREN,
        Fact.TRANSPORT,
    }
)
#: Facts of a home that are also those of a child or a partner who lives in it.
_OF_THE_HOME = frozenset(
    {
        Fact.INCOME,
        Fact.HOUSING_STATUS,
        Fact.HOUSING_TROUBLE,
        Fact.CHILDREN,
        Fact.HOUSEHOLD,
        Fact.DEBTS,
    }
)
#: Facts of the partner or a child that count for the person who writes.
_OF_PARTNER = frozenset(
    {
        Fact.PREGNANT,
        Fact.HOUSING_TROUBLE,
        Fact.INCOME,
        Fact.CHILDREN,
        Fact.HOUSING_STATUS,
        Fact.HOUSEHOLD,
    }
)
_OF_CHILDREN = frozenset({Fact.SCHOOLING, Fact.CHILDREN, Fact.INCOME, Fact.HOUSING_TROUBLE})
_CHILD_BENEFITS = frozenset({"aeeh", "family_benefits"})
#: « mon usine a fermé », « la mutuelle me prend… sur ma retraite »: still told of the person.
_BY_WORK = frozenset({"retired", "job_seeker"})
#: « la MDPH nous a accordé l’AEEH et une reconnaissance »: told to the parents, of the child.
_TOLD_TO_PARENTS = _CHILD_BENEFITS | {"recognised"}
#: Where a partner alone is: the home of the person who writes is another one.
_WITHOUT_ME = frozenset({"institution", "homeless", "alone"})
_AT_WORK = re.compile(
    r"patiente?s?|eleves?|usagere?s?|residente?s?|cliente?s?|beneficiaires?|allocataires?|famille|"
    r"mineure?|refugiee?|etudiante?s?|locataire"
)
_OF_A_ROOF = frozenset({Fact.HOUSING_STATUS, Fact.HOUSEHOLD})
_HOSTS = re.compile(
    r"(?:(?:une?|mon|ma|mes|son|sa|ses|leurs?) (?:\w+ ){1,2})?(?:m|me|nous|l|la|le|les) "
    r"(?:a |ont )?(?:heberge(?:nt)?|loge|recueilli\w*|depanne|accueille|prete)\b"
)
#: Who hurts at school or at work.
_BULLIES = re.compile(
    r"\b(?:a l ecole|au college|au lycee|a la (?:recre\w*|cantine)|dans la cour|en classe|"
    r"dans (?:sa|ma) classe|scolaire|(?:eleves?|camarades?|copains|copines) d\w*|"
    r"par (?:des|les|ses|mes|d autres|un|une) (?:autres? )?(?:eleves?|camarades?|gamins|"
    r"collegues?)|"
    r"(?:mon|ma|mes|un|une|des|le|la|son|sa) (?:chef\w*|patronn?e?|collegues?|superieure?|"
    r"manager\w*|maitre d apprentissage|format(?:eur|rice)|responsable|employeur|"
    r"directeur|directrice|prof\w*))\b"
)
_AT_WORKPLACE = re.compile(
    r"\b(?:au (?:travail|boulot|taf|bureau)|a mon travail|dans (?:mon|ma) (?:entreprise|boite|"
    r"service)|moral|sur (?:mon lieu de travail|internet|les reseaux|snap\w*|insta\w*|tiktok))\b"
)
_HARASSED = re.compile(r"\b(?:harcel|insult|humili|rabaiss|menac|racket|traiter)")
_AT_HOME = re.compile(
    r"\b(?:mari|conjointe?|compagnon|compagne|copain|copine|mec|ex|femme|epou\w+|(?:beau )?pere|"
    r"(?:belle )?mere|frere|parents|conjugal\w*)\b(?! de classe)"
)
_HURTS_ME = re.compile(r"\b(?:me|m|nous|moi)\b")


def writes_for_others(track: Track) -> bool:
    """Tell whether the person who writes does it at work, for a patient, a pupil, a family."""
    return any(p.indefinite and _AT_WORK.fullmatch(p.name) for p in track.named(Role.OTHER))


def is_their_work(finding: Finding, track: Track) -> bool:
    """Tell whether a finding is the job of the person who writes."""
    return finding.fact is Fact.EMPLOYMENT_STATUS and finding.owner in (None, track.me)


def is_bullying(finding: Finding, track: Track) -> bool:
    """Tell whether a blow or an insult comes from school or from work, not from the home."""
    if finding.fact is not Fact.VIOLENCE or finding.denied:
        return False
    begins = max(track.text.rfind(stop, 0, finding.start) for stop in (". ", "? ")) + 1
    sentence = re.split(r" [.?]", track.text[begins : finding.end + 60])[0]
    if _AT_HOME.search(sentence):
        return False
    harassed = _HARASSED.search(track.text[finding.start : finding.end])
    return bool(_BULLIES.search(sentence) or (harassed and _AT_WORKPLACE.search(sentence)))


def with_victim(finding: Finding, track: Track) -> Finding:
    """A blow is told of who gives it: move it to who receives it."""
    words = track.text[finding.start : finding.end]
    if finding.fact in _OF_A_ROOF and _HOSTS.match(words):
        return replace(finding, owner=_taken_in(words, finding, track))
    if finding.fact is not Fact.VIOLENCE:
        return finding
    if re.search(r"\b(?:est|devient|ete|redevient)\b.*\b(?:violent|agressi|brutal)", words):
        return replace(finding, owner=track.me)
    if _HURTS_ME.search(words) or finding.denied:
        return replace(finding, owner=track.me)
    if re.match(r"(?:la|l|lui)\b", words):
        named = [p for p in track.people if p.start < finding.start and p is not finding.owner]
        women = [p for p in named if p.feminine is not False and p.role in concern.CONCERNED]
        return replace(finding, owner=women[-1] if women else None)
    return finding


def _taken_in(words: str, finding: Finding, track: Track) -> Person | None:
    """« une amie l’héberge »: whom a friend takes in is who was spoken of before."""
    if _HURTS_ME.search(words):
        return track.me
    host = finding.owner
    named = [
        p
        for p in track.people
        if p.start < finding.start
        and p is not host
        and p.role in concern.CONCERNED
        and not p.plural
        and not p.indefinite
    ]
    return named[-1] if named else None


def about_them(finding: Finding, track: Track, about: Concern) -> Finding | None:
    """Return the finding as a fact of the person concerned, or None when it is not theirs."""
    owner, fact = finding.owner, finding.fact
    if fact is Fact.CAREGIVER:
        return finding
    if fact is Fact.AGE:
        return _age(finding, track, about)
    if owner is None:
        return None if _of_the_writer(finding, track, about) else finding
    if owner.role is Role.OFFICE:
        return finding if fact in _BY_AN_OFFICE or finding.value in _BY_WORK else None
    if about.person is None:
        return finding if _is_mine(finding, track) else None
    if _same(owner, about.person) or owner.role is Role.SOMEONE:
        return finding
    if owner is track.me and about.person.role in (Role.CHILD, Role.PARTNER):
        theirs = fact in _OF_THE_HOME or finding.value in _TOLD_TO_PARENTS
        return finding if theirs else None
    if owner is track.me and about.said and finding.value == "looking":
        return finding  # « je cherche un logement pour ma sœur »
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
        shared = fact in _OF_PARTNER and finding.value not in _WITHOUT_ME
        return shared or finding.value in _CHILD_BENEFITS
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
