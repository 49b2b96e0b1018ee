"""Everyday French brought to its usual spelling: SMS, missing accents, glued words, errors.

A word that a dictionary knows is never touched, nor one that looks like nothing known, nor
a name with a capital: what is not understood is kept as it was written. A message that is
mostly not French comes back unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from assistant.understanding.frenchness import FOREIGN, GRAMMAR, is_french
from assistant.understanding.shorthand import in_context
from assistant.understanding.sound import sound
from knowledge_base.commune_names import name_key
from knowledge_base.geography import load_communes
from knowledge_base.tokens import fold

LEXICON = Path(__file__).with_name("lexicon.yml")
#: A word, a number, or one mark.
_TOKEN = re.compile(r"\d+(?:[.,]\d{3}\b)*(?:[.,]\d{1,2}\b)?|[^\W\d_]+|[^\w\s]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
#: How often a word of the dictionary must be met (counts of the dictionary) to be proposed
#: for a word that sounds the same, or looks the same.
_OFTEN, _VERY_OFTEN = 1_500, 10_000
#: Weight of a word of our own lexicon, beside the counts of the dictionary.
_OURS = 200_000
_ELIDED = re.compile(r"^(qu|k|[jldmsn])([aeiouyhéèêâ].*)$")
_AFTER_J = re.compile(r"^j([a-zé].+)$")
#: « dboulo », « lboulo »: the e that nobody says is not written either.
_MUTE = re.compile(r"^([dlmn])([bcdfgjklmnpqrstvz].{3,})$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: what it means, and where it was written."""

    meant: str
    start: int
    end: int


class Speller:
    """A dictionary with frequencies, our lexicon, and the ways a word goes wrong."""

    def __init__(
        self,
        counts: Mapping[str, int],
        known: Iterable[str],
        written: Mapping[str, str],
        names: Iterable[str] = (),
    ) -> None:
        self._names = frozenset(names)
        self._counts = dict(counts)
        self._counts.update((word, max(_OURS, self._counts.get(word, 0))) for word in known)
        self._written = dict(written)
        self._repair = lru_cache(maxsize=20_000)(self._repair_word)

    @cached_property
    def _by_fold(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in self._counts:
            found.setdefault(word if word.isascii() else fold(word), []).append(word)
        return found

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        """The most frequent word for each sound."""
        best: dict[str, str] = {}
        for word, count in self._counts.items():
            if count >= _OFTEN and len(word) >= 2:
                heard = sound(word)
                if count > self._counts.get(best.get(heard, ""), 0):
                    best[heard] = word
        return best

    @cached_property
    def _by_letter(self) -> dict[str, list[tuple[str, str]]]:
        """The frequent words, folded beside as they are, by first letter."""
        found: dict[str, list[tuple[str, str]]] = {}
        for word, count in self._counts.items():
            if count >= _VERY_OFTEN and len(word) >= 4:
                plain = fold(word)
                found.setdefault(plain[0], []).append((plain, word))
        return found

    def prepare(self) -> Speller:
        """Build the indexes now rather than at the first message."""
        _ = self._by_fold, self._by_sound, self._by_letter
        return self

    def knows(self, word: str) -> bool:
        """Tell whether ``word``, in lower case, is French as it stands, accents aside."""
        return word in self._counts or word in self._by_fold or fold(word) in self._names

    def repairs(self, word: str) -> bool:
        """Tell whether the unknown ``word``, in lower case, is one that can be repaired."""
        return self._repair(word) is not None

    def is_french(self, text: str) -> bool:
        """Tell whether ``text`` is French enough for its unknown words to be badly written ones."""
        return self._is_french([match[0].casefold() for match in _TOKEN.finditer(text)])

    def pieces(self, text: str) -> list[Piece]:
        """Return the words and marks of ``text`` as they are meant, in order."""
        tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
        lowered = [
            _REPEATED.sub(r"\1\1", token.casefold()).replace("œ", "oe") for token, _, _ in tokens
        ]
        if not self._is_french(lowered):
            return [Piece(*token) for token in tokens]
        found = []
        for at, (token, start, end) in enumerate(tokens):
            meant = self._meant(token, lowered, at, first=_starts_sentence(tokens, at))
            found.append(Piece(meant, start, end))
        return found

    def _is_french(self, lowered: list[str]) -> bool:
        words = [word for word in lowered if word[0].isalpha()]
        grammar = sum(
            word in self._written or self._counts.get(word, 0) >= GRAMMAR
            for word in words
            if word not in FOREIGN
        )
        known = sum(word in self._written or self.knows(word) for word in words)
        return is_french(words, grammar, known)

    def _meant(self, token: str, lowered: list[str], at: int, *, first: bool) -> str:
        word = lowered[at]
        if not word[0].isalpha() and word not in ("1", "2"):
            return token
        short = in_context(lowered, at) if token != "I" else None  # noqa: S105 - English
        if short is not None:
            return short
        if word[0].isdigit():
            return token
        if word in self._written and not (token.isupper() and len(token) > 1 and len(token) < 5):
            return self._written[word]
        if word in self._counts or fold(word) in self._names:
            return token
        if token[0].isupper() and not first and not token.isupper():
            return token  # a name
        return self._repair(word) or token

    def _repair_word(self, word: str) -> str | None:
        """Return what the unknown ``word`` means, or None when nothing is sure."""
        accents = _accents(word)
        candidates = [c for c in self._by_fold.get(fold(word), ()) if _accents(c) >= accents]
        if candidates:
            return max(candidates, key=lambda c: (-OSA.distance(c, word), self._counts[c]))
        if len(word) < 3:
            return None
        match = _ELIDED.match(word)
        if match and len(match[2]) >= 4 and self._counts.get(match[2], 0) >= _OFTEN:
            return f"{'qu' if match[1] == 'k' else match[1]}'{match[2]}"
        for spoken in _spoken(word):
            heard = self._by_sound.get(spoken)
            if heard is not None and len(spoken) >= 3 and _close_enough(word, heard):
                done = f"{heard[:-2]}é"  # « frapé » is « frappé » rather than « frapper »
                return done if word[-1] == "é" and done in self._counts else heard
        return self._unglued(word, match) or self._looks_like(word)

    def _unglued(self, word: str, match: re.Match[str] | None) -> str | None:
        """Read « lapart » as « l'appart », « jtravaille » as « je travaille »."""
        if match:
            rest = self._known_part(match[2])
            if rest is not None:
                return f"{'qu' if match[1] == 'k' else match[1]}'{rest}"
        match = _AFTER_J.match(word)
        rest = self._known_part(match[1]) if match else None
        if rest is not None:
            return f"je {rest}"
        match = _MUTE.match(word)
        rest = self._known_part(match[2]) if match else None
        return None if rest is None or match is None else f"{match[1]}e {rest}"

    def _known_part(self, rest: str) -> str | None:
        if rest in self._written:
            return self._written[rest]
        if len(rest) < 2:
            return None
        if self._counts.get(rest, 0) >= _OFTEN:
            return rest
        folded = self._by_fold.get(fold(rest), ())
        best = max(folded, key=self._counts.__getitem__, default=None)
        if best is not None:
            return best
        heard = self._by_sound.get(sound(rest))
        return heard if heard is not None and len(sound(rest)) >= 3 else None

    def _looks_like(self, word: str) -> str | None:
        """Return the most frequent word one typing error away (two in a long word)."""
        plain = fold(word)
        if len(plain) < 5:
            return None
        allowed = 1 if len(plain) < 9 else 2
        best, best_rank = None, (allowed + 1, 0)
        for folded, candidate in self._by_letter.get(plain[0], ()):
            if abs(len(folded) - len(plain)) > allowed:
                continue
            far = OSA.distance(plain, folded, score_cutoff=allowed)
            if far <= allowed:
                rank = (far, -self._counts[candidate])
                if rank < best_rank:
                    best, best_rank = candidate, rank
        return best


def _close_enough(word: str, heard: str) -> bool:
    """Tell whether two words that sound alike may be one: not « ah » for « as »."""
    longest = max(len(word), len(heard))
    return OSA.distance(fold(word), fold(heard)) <= max(2, longest // 2 + 1)


def _spoken(word: str) -> tuple[str, ...]:
    """Return how a word may be meant to sound: the last letter of « malad » is heard."""
    return (sound(word),) if word[-1] in "cg" else (sound(word), sound(f"{word}e"))


def _accents(word: str) -> int:
    return sum(char > "\x7f" for char in word)


def _starts_sentence(tokens: list[tuple[str, int, int]], at: int) -> bool:
    return at == 0 or tokens[at - 1][0] in ".!?…"


@cache
def load_speller(path: Path = LEXICON) -> Speller:
    """Read the dictionary and our lexicon, once."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    counts = SpellChecker(language="fr").word_frequency.dictionary
    names = (word for commune in load_communes() for word in name_key(commune.name).split())
    return Speller(counts, raw["known"].split(), raw["written"], names).prepare()


def normalise(text: str) -> str:
    """Return ``text`` in its usual spelling; spaces and marks stay as they are."""
    parts: list[str] = []
    done = 0
    for piece in load_speller().pieces(text):
        parts += [text[done : piece.start], piece.meant]
        done = piece.end
    return "".join(parts) + text[done:]
