"""The commune where the person concerned lives, among those that a message names."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from assistant.understanding.foreign_words import load_foreign_words
from assistant.understanding.people import Role, Track
from assistant.understanding.sound import sound
from assistant.understanding.spelling import load_speller
from assistant.understanding.text import Plain
from knowledge_base.commune import keys_of
from knowledge_base.commune_names import Level, head_of, level_of
from knowledge_base.geography import Communes
from knowledge_base.tokens import fold

#: Those whose home is not that of the person who writes, unless it is said.
_APART = frozenset({Role.PARENT, Role.RELATIVE, Role.OTHER})
_I_LIVE = re.compile(
    r"\b(?:je|j|moi) (?:(?!on |nous )\w+ ){0,2}(?:habite|vis|suis|loge|reside|demeure)\b"
    r"(?!.*\b(?:on|nous|il|elle)\b)"
)
#: « pas Blois, Vendôme », « pas à Blois mais à Vendôme »
_NAME = r"[^\W\d_][\w’' -]{2,30}?"
_NOT_HERE = re.compile(
    rf"\bpas (?:[àa] |de |d['’]|sur |au )?(?P<wrong>{_NAME})\s*(?:,|;|:|\bmais\b|\bplut[oô]t\b)+\s*"
    rf"(?:(?:mais|plut[oô]t|moi|non|c['’]est|j['’]habite|je vis|je suis|[àa]|de|sur|au) )*"
    rf"(?P<right>{_NAME})\s*(?:[.!?,]|$)",
    re.IGNORECASE,
)
#: A name heard in fewer sounds is that of too many other words.
_LEAST_SOUNDS = 4


#: A word of the usual spelling: where it is, and where it was written (start and end).
_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Home:
    """A commune read in a message: its code, the words said, and whether it is only near."""

    code: str
    words: str
    near: bool


class Homes:
    """Reads where the person concerned lives, badly written names heard as they sound."""

    def __init__(self, communes: Communes) -> None:
        self._communes = communes
        self._by_sound = _by_sound(communes)
        self._foreign = load_foreign_words()

    def read(self, plain: Plain, track: Track, role: Role, *, grown: bool) -> Home | None:
        """Return the commune where the person of that ``role`` lives, or None when not said.

        ``grown``: the person concerned is an adult, a child of theirs lives elsewhere.
        """
        text, places = self._as_meant(plain)
        found = self._communes.homes_in(text)
        rather = self._instead(plain.original)
        if rather is not None:
            return rather
        if role in _APART or (role is Role.CHILD and grown):
            found = [
                mention
                for mention in found
                if not _is_only_mine(track, plain.position(_piece(places, mention.start)[1]))
            ]
        if not found:
            return None
        best = found[0]
        first, last = _piece(places, best.start), _piece(places, best.end - 1)
        return Home(best.code, plain.original[first[1] : last[2]], best.near)

    def _instead(self, said: str) -> Home | None:
        """Return the place of « pas Blois, Vendôme », where both are communes."""
        match = _NOT_HERE.search(said)
        if match is None:
            return None
        wrong, right = (self._communes.named_by(match[part]) for part in ("wrong", "right"))
        if wrong is None or right is None or wrong is right:
            return None
        return Home(right.code_insee, match["right"].strip(), near=False)

    def _as_meant(self, plain: Plain) -> tuple[str, list[_Place]]:
        """Return a message in its usual spelling, and where each of its words was written."""
        speller = load_speller()
        heard = speller.is_french(plain.original)
        parts: list[str] = []
        places: list[_Place] = []
        done = length = 0
        for piece in plain.pieces:
            word, meant = plain.original[piece.start : piece.end], piece.meant
            told = heard and len(word) >= _LEAST_SOUNDS and word.isalpha()
            if told and not (speller.knows(word.lower()) or fold(word) in self._foreign):
                meant = self._by_sound.get(sound(word), meant)
            gap = plain.original[done : piece.start]
            length += len(gap)
            places.append((length, piece.start, piece.end))
            parts += [gap, meant]
            length += len(meant)
            done = piece.end
        return "".join(parts) + plain.original[done:], places


def _is_only_mine(track: Track, position: int) -> bool:
    """Tell whether the person who writes says of themselves alone that they live there."""
    sentence = re.split(r"[.?] ", track.text[:position])[-1]
    return track.owner(position) is track.me and _I_LIVE.search(sentence) is not None


def _piece(places: list[_Place], position: int) -> _Place:
    """Return the word at ``position`` of the usual spelling, and where it was written."""
    return places[max(0, bisect_right(places, position, key=lambda place: place[0]) - 1)]


def _by_sound(communes: Communes) -> dict[str, str]:
    """Return the names of one word that can only be one of ours, by the way they sound."""
    found: dict[str, str] = {}
    for commune in communes.communes:
        if not commune.is_ours:
            continue
        for key in keys_of(commune):
            word = head_of(key) or key
            sure = level_of(key, ours=True, population=commune.population) is Level.ALONE
            if sure and " " not in word and len(sound(word)) >= _LEAST_SOUNDS:
                found.setdefault(sound(word), word.capitalize())
    return found
