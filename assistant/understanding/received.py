"""The aids that a person says they already receive, by the names that their cards give.

``benefits`` reads the few that the conditions of the cards need; this reads every aid whose
card names itself in ``already``. An aid asked for, lost, or that goes wrong is not received.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from assistant.understanding import text as reading
from knowledge_base.models import Entry
from knowledge_base.tokens import fold

#: The first words of what is the name of an aid, not a situation: « parent isolé » is a keyword
#: of the ASF, and no name of it.
_AID: Final = re.compile(
    r"(?:allocations?|aloc\w*|prime|prestation|majoration|bource|bourse|cheques?|chek|pass|carte|"
    r"indemnites?|pension|complementaire|minimum vieillesse|supplement|livret d|revenu de|"
    r"reconnaissance|contrat (?:d engagement|engagement|jeune)|"
    r"complement (?:familial|de libre|mode|aeeh)|aide (?:medicale|personnalisee|au logement)|"
    r"aides personnelles) \w"
)
#: Words of every day, places and situations that are also the name of an aid.
_COMMON: Final = frozenset(
    {"age", "pas", "pass", "cap", "ami", "gen", "crous", "arret maladie", "prime rsa"}
)
_WORD: Final = re.compile(r"\w+")
_WORD_OR_MARK: Final = re.compile(r"\w+|[.,?!;:]")
_STUCK: Final = re.compile(r"\bjai\b")
_STOP: Final = re.compile(r"[.?]")
_LONGEST_HEAD: Final = 4  # words of a title before its explanation that is a name

_THE = r"(?:l|le|la|les|du|de|d|des|un|une|mon|ma|mes|notre|nos|son|sa|ses|cette|ce)"
_STILL = r"(?:deja|bien|actuellement|aussi|toujours|encore|seulement|juste|que|qu|la|en)"
_MINE = r"(?:j|je|on|nous|moi je)"
_THEIRS = r"(?:il|elle|ils|elles|qui|mere|pere|parents|mari|femme|fils|fille|enfant|voisine?)"
_PAID = r"(?:touch(?:e|es|ons|ent)|percoi[st]|percoivent|percevons|recoi[st]|recoivent|recevons)"
_GETS = (
    rf"(?:{_PAID}(?: {_STILL})*(?: {_THE})*|"
    rf"beneficie(?:ons|nt)?(?: {_STILL})* (?:de|du|d|des)(?: {_THE})*|"
    rf"(?:ai|a|avons|ont)(?: {_STILL})*(?: (?:recu|obtenu))?(?: {_THE})+|"
    rf"(?:suis|est|sommes|sont)(?: {_STILL})*(?: en| sous| a| au| beneficiaires? (?:de|du|d)|"
    rf" titulaires? (?:de|du|d)| reconnue?s?(?: en)?)?(?: {_THE})*)"
)
_SAID: Final = re.compile(
    rf"(?:\b(?P<mine>{_MINE})|\b(?P<theirs>{_THEIRS})|(?P<bare>(?:^|[.,])(?: deja)?))"
    rf"(?: {_STILL})* (?:{_GETS}) $"
)
_DENIED: Final = re.compile(
    rf"\b(?:(?:n|ne) )?(?:{_PAID}|ai|a|avons|ont|beneficie\w*) (?:pas|plus|jamais)"
    rf"(?: encore)?(?: {_THE})* $"
)
_DENIES_IT: Final = re.compile(
    rf"\b(?:(?:n|ne) )?(?:le|la|les|l|en) (?:{_PAID}|ai|a|avons|ont|beneficie\w*) "
    r"(?:pas|plus|jamais)\b"
)
#: « je touche l’ASF et la prime d’activité »: the second one is received too.
_AND: Final = re.compile(rf" (?:et|,|plus|ainsi que|avec)(?: {_THE})* $")
_ASKS: Final = re.compile(r"\b(?:si|est ce que|quand|pourquoi|comment|ou)\b[^.?,]*$")
#: The aid goes wrong, ends, or is what the person asks about: its card may be what they need.
_TROUBLE: Final = re.compile(
    r"^(?: [\w,]+){0,9}? (?:refus\w*|coup\w+|suspen\w*|supprim\w*|arret\w*|renouvel\w*|expir\w*|"
    r"perim\w*|finit?|termin\w*|prend fin|baiss\w*|diminu\w*|retard|bloqu\w*|perdue?s?|"
    r"volee?s?|comment (?:l|le|la|les|ca|on|faire)|utilis\w*|chang\w*|trop percu|rembours\w*|"
    r"reclam\w*|erreur|verse pas|recu pas|plus verse\w*|jamais)\b"
)
_SHORT: Final = 8  # words of a message that only takes back what was noted


@dataclass(frozen=True, slots=True)
class Received:
    """What a message says: ids of entries received by who writes (``mine``), by somebody else
    (``theirs``), not received (``denied``), and whether it only takes back what was noted."""

    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    takes_back: bool = False


class AidNames:
    """The names of the aids of the catalogue, and how they are said to be received."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        self._received: set[str] = set()
        for entry in entries:
            if entry.id in entry.already:
                self._received.add(entry.id)
            for name in _names(entry):
                self._ids[name] = (*self._ids.get(name, ()), entry.id)
        longest = sorted(self._ids, key=lambda name: (-len(name), name))
        self._pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b")

    def named_in(self, message: str) -> frozenset[str]:
        """Return the entries that ``message`` calls by their name."""
        return frozenset(
            one
            for plain in _readings(message)
            for match in self._pattern.finditer(plain)
            for one in self._ids[match[0]]
        )

    def read(self, message: str) -> Received:
        """Return which aids ``message`` says to be received, or not."""
        mine: list[str] = []
        theirs: list[str] = []
        denied: list[str] = []
        for plain in _readings(message):
            last: tuple[int, list[str]] = (-1, [])
            for match in self._pattern.finditer(plain):
                told = _told(plain, match, last, mine=mine, theirs=theirs, denied=denied)
                ids = [one for one in self._ids[match[0]] if one in self._received]
                if ids and told is not None:
                    told.extend(ids)
                    last = (match.end(), told)
        short = len(message.split()) <= _SHORT
        back = short and (bool(denied) or _DENIES_IT.search(_as_typed(message)) is not None)
        return Received(_once(mine), _once(theirs), _once(denied), back)


def _told(
    plain: str,
    match: re.Match[str],
    last: tuple[int, list[str]],
    *,
    mine: list[str],
    theirs: list[str],
    denied: list[str],
) -> list[str] | None:
    """Return the list in which the aid named at ``match`` goes, or None.

    ``last`` is where the aid before it ends, and the list in which it went.
    """
    before, after = plain[: match.start()], _STOP.split(plain[match.end() :])[0]
    if last[0] >= 0 and _AND.fullmatch(plain[last[0] : match.start()]):
        return last[1]
    if _DENIED.search(before):
        return denied
    said = _SAID.search(before)
    if said is None or _TROUBLE.match(after) or _ASKS.search(before[: said.start()]):
        return None
    return theirs if said["theirs"] else mine


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _readings(message: str) -> tuple[str, ...]:
    """Return the message in its usual spelling, then as typed: « paje » is no word of French."""
    return tuple(dict.fromkeys((reading.readable(message), _as_typed(message))))


def _as_typed(message: str) -> str:
    marks = {"!": ".", ";": ".", ":": ","}
    words = _WORD_OR_MARK.findall(fold(message))
    return _STUCK.sub("j ai", " ".join(marks.get(word, word) for word in words))


def _names(entry: Entry) -> Iterator[str]:
    """Yield the names of the aid itself, as the messages are read.

    The first keyword of a card is its name when the aid may be received, or its acronym.
    """
    head = entry.title.split(" : ")[0]
    capitals = [word for word in _WORD.findall(head) if len(word) > 2 and word.isupper()]
    keywords = [_plain(keyword) for keyword in entry.keywords]
    first = entry.keywords[0]
    names = [*capitals, *([first] if first.isupper() or entry.id in entry.already else [])]
    if _plain(head) in keywords and len(head.split()) <= _LONGEST_HEAD:
        names.append(head)
    names += [keyword for keyword in entry.keywords if _AID.match(_plain(keyword))]
    yield from {_plain(name) for name in names} - _COMMON


def _plain(name: str) -> str:
    return " ".join(_WORD.findall(fold(name)))
