"""How far the encoder of danger is to be believed on a message in which little can be read.

Made to find something, it hears a danger in « gnark flup » and « va te faire foutre ». It is
believed on words: those of French, and those of the messages in danger that it learnt from,
which are also in other languages and written by ear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from assistant.understanding.consent import says_when, untold_words
from assistant.understanding.foreign_words import load_foreign_words
from assistant.understanding.sound import sound
from assistant.understanding.spelling import Speller, load_speller
from knowledge_base.catalogue import DATA
from knowledge_base.tokens import fold

SMALL_TALK = Path(__file__).with_name("small_talk.yml")
_LEARNT = DATA / "dangers"
#: Whatever the encoder gives, it is not enough.
NEVER = 2.0
#: Where no word is known the encoder is believed from this probability on: it still hears
#: « nataka kufa » (0.98), no longer « fjdkslq fjdksl » (0.68). Chosen on
#: tests/quality/tune/danger_noise.yml, 28 November 2026.
UNKNOWN = 0.8
_CIVIL = 6  # words: a longer message is never only civilities or insults
_SHORT = 12  # words: in a longer one some word is known
#: Words that tell more than an hour, even among hours: « je n’en peux plus ce soir ».
_HEAVY = frozenset(
    """plus rien jamais fin dort sort rentre absent absente partir peux jour jours sait habite vis
    personne parler dire""".split()
)
_WORD = re.compile(r"[^\W\d_]{2,30}")
#: A letter that French does not have: another language, which our lists do not hold.
_NOT_FRENCH = re.compile(r"[^\W\d_a-zàâæçèéêëîïôœùûüÿ]")
_MARKS = re.compile(r"[\W_]+")
_REPAIRED = 5  # letters: a shorter word is repaired into anything
_GLUED, _END = 7, 4  # letters: « jveuxmourir » ends with « mourir »
_HEARD = 4  # letters of how a word sounds: « sufoque » is heard as « suffoque »


class Hearing:
    """Tells from which probability on the encoder is believed; safe to share."""

    def __init__(
        self,
        said: Iterable[str],
        beside: Iterable[str],
        speller: Speller,
        telling: frozenset[str],
        foreign: frozenset[str] = frozenset(),
    ) -> None:
        """``said`` and ``beside`` are those of small_talk.yml.

        ``telling`` are the folded words of messages in danger, ``foreign`` those of other
        languages.
        """
        said, beside = "|".join(said), "|".join(beside)
        self._said = re.compile(rf"(?<!\w)(?:{said})(?!\w)")
        self._civil = re.compile(rf"(?:(?:{said}|{beside})(?: |$))+")
        self._speller, self._telling, self._foreign = speller, telling, foreign
        self._heard = frozenset(heard for word in telling if len(heard := sound(word)) >= _HEARD)

    def least(self, text: str) -> float:
        """Return the probability from which the encoder is believed on ``text``, or NEVER."""
        plain = _MARKS.sub(" ", fold(text)).strip()
        length = len(plain.split())
        if length <= _CIVIL and self._civil.fullmatch(plain) and self._said.search(plain):
            return NEVER
        told = untold_words(text) or _HEAVY & set(plain.split())
        if length <= _CIVIL and says_when(text) and not told:
            return NEVER  # « demain », « après 17 h sauf mercredi »
        if length > _SHORT or self._knows_a_word(text.casefold()):
            return 0.0
        return UNKNOWN

    def _knows_a_word(self, lowered: str) -> bool:
        if _NOT_FRENCH.search(lowered):
            return True
        return any(self._knows(word) for word in _WORD.findall(lowered))

    def _knows(self, word: str) -> bool:
        plain = fold(word)
        ends = range(len(plain) - _END + 1) if len(plain) >= _GLUED else range(1)
        return (
            self._speller.knows(word)
            or plain in self._foreign
            or any(plain[at:] in self._telling for at in ends)
            or sound(word) in self._heard
            or (len(plain) >= _REPAIRED and self._speller.repairs(word))
        )


def load_hearing(path: Path = SMALL_TALK) -> Hearing:
    """Read the lists (half a second)."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Hearing(
        raw["said"], raw["beside"], load_speller(), telling_words(), load_foreign_words()
    )


def telling_words(folder: Path = _LEARNT) -> frozenset[str]:
    """Return the folded words of the messages in danger that the encoder learnt from."""
    return frozenset(
        word
        for path in sorted(folder.glob("*.yml"))
        for one in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["messages"]
        if one["danger"]
        for word in _WORD.findall(fold(one["text"]))
    )
