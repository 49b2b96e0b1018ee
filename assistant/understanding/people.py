"""The people of a message, and who is spoken of at each place of its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the person who writes."""

    ME = "me"
    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    RELATIVE = "relative"
    OTHER = "someone_else"
    EX = "ex"  # a former partner, the father of the children
    OFFICE = "office"  # a landlord, an employer, a doctor: never the person concerned
    SOMEONE = "someone"  # « elle », and nobody was named


#: Sentences that tell of somebody, from which « elle » goes back to them over a passer-by.
_A_TOPIC = 2
_INSTITUTIONS = frozenset(
    """
    caf cpam secu mdph msa carsat banque mairie prefecture mutuelle ecole creche agence entreprise
    boite usine association police travail emploi
    """.split()
)


@dataclass(eq=False)
class Person:
    """Somebody spoken of. ``subject`` when at least one sentence says what they do or are.

    ``told`` counts those sentences.
    """

    role: Role
    name: str
    start: int
    feminine: bool | None = None
    plural: bool = False
    indefinite: bool = False
    subject: bool = False
    told: int = 0


def _salience(person: Person, with_topic: bool) -> tuple[bool, bool, int]:
    """Sort key of whom a pronoun means: the last one named, but not somebody only met once.

    « Ma mère… elle… elle… La voisine passe le mardi. Elle touche… »: ``with_topic`` when
    somebody it fits was already told of at length.
    """
    passing = with_topic and person.role is Role.OTHER and person.told < _A_TOPIC
    aside = passing or person.name in _INSTITUTIONS
    return (not aside, not person.indefinite or person.told >= _A_TOPIC, person.start)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where somebody is named or meant."""

    start: int
    end: int
    person: Person


@dataclass
class Track:
    """The people of a message, and who is spoken of at each place of its text."""

    text: str
    me: Person = field(default_factory=lambda: Person(Role.ME, "je", 0))
    people: list[Person] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    me_first: bool = False  # the message begins with the person who writes
    _starts: list[int] = field(default_factory=list)
    _owners: list[Person | None] = field(default_factory=list)

    def owner(self, position: int) -> Person | None:
        """Return who is spoken of at ``position``; None where nobody is named yet."""
        at = bisect_right(self._starts, position) - 1
        return self._owners[at] if at >= 0 else None

    def named(self, role: Role) -> list[Person]:
        """Return the people of that role, in the order in which they come."""
        return [person for person in self.people if person.role is role]

    def set(self, position: int, owner: Person | None) -> None:
        """From ``position`` on, ``owner`` is spoken of."""
        self._starts.append(position)
        self._owners.append(owner)

    def begin_with_subject(self) -> None:
        """« Veuve, je vis… »: the words before « je » in its sentence are said of the same."""
        for match in re.finditer(r"(?:^|[.?])[^.?]+", self.text):
            at = bisect_right(self._starts, match.start()) - 1
            if at >= 0 and self._owners[at] is not None:
                continue
            first = max(0, at)
            while first < len(self._starts) and self._starts[first] < match.end():
                if self._owners[first] is not None:
                    break
                first += 1
            else:
                continue
            if first < len(self._owners) and self._owners[first] is self.me:
                self._owners[max(0, at) : first] = [self.me] * (first - max(0, at))
                if at < 0:
                    self._starts.insert(0, match.start())
                    self._owners.insert(0, self.me)

    def pronoun(self, word: str, before: int, *, kin: bool = False, tonic: bool = False) -> Person:
        """Return whom « il », « elle » or « lui » means: the last one named that it fits.

        With ``kin``, no office: « c’est pour elle » is not said of the MDPH. ``tonic`` after
        a preposition, where « lui » is a man.
        """
        either = word == "leur" or (word == "lui" and not tonic)
        feminine = None if either else word.startswith("elle")
        plural = word in ("ils", "elles", "eux")
        fits = [
            person
            for person in self.people
            if person.start < before
            and not (kin and person.role is Role.OFFICE)
            and person.plural == plural
            and (feminine is None or person.feminine is None or person.feminine == feminine)
        ]
        if fits:
            topics = [person for person in fits if person.told >= _A_TOPIC]
            return max(fits, key=lambda person: _salience(person, bool(topics)))
        someone = Person(Role.SOMEONE, word, before, feminine, plural)
        self.people.append(someone)
        return someone
