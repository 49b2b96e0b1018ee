"""Who is spoken of at each place of a message: the person who writes, a parent, a child…

Everything is read once, from left to right: pronouns, « ma mère », « un voisin », the marks
that end a clause. A fact belongs to the person spoken of where it stands.
"""

from __future__ import annotations

import re

from assistant.understanding.kin import (
    ABOUT_THEM,
    APPOSED,
    BEGINS,
    CHILD,
    COUNTED,
    DOES,
    DOES_THEN,
    EVENTS,
    FEMININE,
    GOES_ON,
    IMPERSONAL,
    NEUTRAL,
    PARENT,
    PARTNER,
    PLURAL,
    PREPOSITION,
    RELATIVE,
    RELATIVE_CLAUSE,
    SOMEBODY_DOES,
)
from assistant.understanding.people import Mention, Person, Role, Track

#: How far the few words that decide are looked for, in characters.
_NEAR = 16


def track(text: str) -> Track:
    """Read who is spoken of, all along ``text`` (as ``text.read`` gives it)."""
    tracker = _Tracker(text)
    for match in EVENTS.finditer(text):
        tracker.take(match)
    tracker.found.begin_with_subject()
    return tracker.found


class _Tracker:
    """Where the reading stands: whose sentence it is, and what is told aside."""

    def __init__(self, text: str) -> None:
        self.found = Track(text)
        self._text = text
        self._current: Person | None = None  # whose sentence it is
        self._back: Person | None = None  # whose it is again after « , que j’élève, »
        self._aside = False  # inside what is told of somebody who is not the subject
        self._relative = False  # « … un ami qui n’a plus de logement, plus de droits »

    def take(self, match: re.Match[str]) -> None:
        """Read one pronoun, one name, or one mark."""
        kind = str(match.lastgroup)
        if kind in ("stop", "comma"):
            self._mark(kind, match)
        elif kind == "me":
            self._me(match)
        elif kind == "he":
            self._he(match)
        elif kind == "their":
            self._theirs(match)
        elif kind == "who":
            self._relative = self._aside
        else:
            self._named(kind, match)

    def _speak_of(self, person: Person | None, position: int) -> None:
        self._current, self._aside = person, False
        if person is not None:
            person.subject = True
            person.told += 1
        self.found.set(position, person)

    def _mark(self, kind: str, match: re.Match[str]) -> None:
        after = self._after(match)
        listed = self._relative and GOES_ON.match(after)
        if kind == "comma" and self._aside and (ABOUT_THEM.match(after) or listed):
            return
        self._relative = False
        self._current = None if kind == "stop" else self._back or self._current
        self._back, self._aside = None, False
        self.found.set(match.start(), self._current)

    def _me(self, match: re.Match[str]) -> None:
        start = match.start()
        if _is_object(self._text, match):
            return
        if self._current is not None and RELATIVE_CLAUSE.search(self._before(start)):
            self._back = self._current
        self.found.me_first = self.found.me_first or not self.found.people
        self._speak_of(self.found.me, start)

    def _he(self, match: re.Match[str]) -> None:
        start = match.start()
        if PREPOSITION.search(self._before(start)):
            kin = self._before(start).endswith(("pour ", "concernant ", "aider "))
            person = self.found.pronoun(match[0], start, kin=kin, tonic=True)
            self.found.mentions.append(Mention(start, match.end(), person))
        elif not IMPERSONAL.match(self._after(match)):
            self._speak_of(self.found.pronoun(match[0], start), start)

    def _named(self, kind: str, match: re.Match[str]) -> None:
        start, end = match.span()
        if _IS_ONE.search(self._before(start)):
            return  # « je suis une maman » names nobody else
        last = self.found.mentions[-1] if self.found.mentions else None
        if last is not None and _OF.fullmatch(self._text[last.end : start]):
            return  # « mon beau-fils, le fils de ma femme »: still of the first one
        if kind == "other" and _PARENT_OF.search(self._before(start)):
            kind = "child"
        person = _person(self.found, match, kind)
        self.found.mentions.append(Mention(start, end, person))
        if self._is_subject(match) or (kind == "other" and _RECEIVED.search(self._before(start))):
            self._speak_of(person, start)
            return
        self.found.set(start, person)
        if ABOUT_THEM.match(self._after(match)):
            self._aside = True
        else:
            self.found.set(end, self._current)

    def _theirs(self, match: re.Match[str]) -> None:
        """« son frère » of a child is a child too; of anybody else, nobody of ours."""
        word, start = match[0].split()[-1], match.start()
        begins = BEGINS.search(self._before(start)) is not None
        whose = self._current or self.found.owner(start)
        of_ours = whose is not None and whose.role in (Role.CHILD, Role.PARTNER)
        if _A_CHILD.fullmatch(word) or (of_ours and _SIBLING.fullmatch(word)):
            several = match[0].startswith(("ses ", "leurs "))
            feminine = None if word in NEUTRAL else bool(_GIRL.fullmatch(word))
            person = Person(Role.CHILD, word, start, feminine, plural=several)
        elif begins and _OF_THE_FAMILY.fullmatch(word):
            person = Person(Role.SOMEONE, word, start, bool(FEMININE.search(match[0])))
        else:
            return
        self.found.people.append(person)
        self.found.mentions.append(Mention(start, match.end(), person))
        self.found.set(start, person)
        if begins:
            self._current = person

    def _is_subject(self, match: re.Match[str]) -> bool:
        before, after = self._before(match.start()), self._after(match)
        if PREPOSITION.search(before) or _ME_TOO.search(before):
            return False
        added = before.endswith("et ") and self._current is not None
        if added or COUNTED.match(match[0]):
            return bool(DOES.match(after))
        if DOES_THEN.match(after) or self._current is None:
            return True
        return bool(BEGINS.search(before))

    def _before(self, position: int) -> str:
        return self._text[max(0, position - _NEAR) : position]

    def _after(self, match: re.Match[str]) -> str:
        return self._text[match.end() : match.end() + 5 * _NEAR]


_A_CHILD = re.compile(CHILD)
_GIRL = re.compile(r"(?:petites? )?(?:filles?|\w+ees?|gamines?|puces?|petites?|grandes?|"
    r"cadettes?|soeurs?|"
                   r"benjamine|derniere|jumelles)")  # fmt: skip
_SIBLING = re.compile(r"freres?|soeurs?")
_OF_THE_FAMILY = re.compile(f"{CHILD}|{PARENT}|{PARTNER}|{RELATIVE}")
_PARENT_OF = re.compile(r"\b(?:mere|pere|maman|papa|parents) (?:d|de) $")
_OF = re.compile(r" (?:de|d|du|des) ")
_IS_ONE = re.compile(r"\b(?:suis|sommes|etant|comme|en tant que|suis pas)(?: \w+)? $")
#: « je reçois un monsieur roumain, qui vit… »: a professional speaks of them from there on.
_RECEIVED = re.compile(r"\b(?:recois|accompagne|accueille|rencontre|suis|aide|heberge) $")
_ME_TOO = re.compile(r"\bmoi (?:ni|et) $")


def _is_object(text: str, match: re.Match[str]) -> bool:
    """Tell whether « on », « nous » or « moi » is not who the clause tells about."""
    if match[0] == "on":
        return bool(SOMEBODY_DOES.match(text[match.end() : match.end() + _NEAR]))
    if match[0] in ("moi", "nous"):
        return bool(PREPOSITION.search(text[max(0, match.start() - _NEAR) : match.start()]))
    return False


def _person(found: Track, match: re.Match[str], kind: str) -> Person:
    role = Role.OTHER if kind == "other" else Role(kind)
    name = match[0].split()[-1]
    for person in found.people:
        if person.role is role and person.name == name:
            return person
    last = found.mentions[-1] if found.mentions else None
    if (
        last is not None
        and last.person.indefinite
        and role is last.person.role is Role.OTHER
        and match.start() - last.end <= APPOSED
    ):
        return last.person  # « une dame de 91 ans, ma voisine »
    article, indefinite = match[0].split()[0], False
    told_apart = role is Role.CHILD and article in ("le", "la")
    if article in ("un", "une", "des", "d") or told_apart:
        indefinite = True
    feminine: bool | None = bool(FEMININE.search(match[0]))
    if name in NEUTRAL or name == "petit":
        feminine = feminine or None
    plural = article not in ("un", "une") and PLURAL.search(match[0]) is not None
    person = Person(role, name, match.start(), feminine, plural, indefinite)
    found.people.append(person)
    return person
