"""The form in which the rules read a message, and the way back to what was written.

Lower case, no accent, usual spelling, numbers in digits, one space between words; commas,
full stops and question marks are words of their own: they end clauses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from text_to_num import alpha2digit

from assistant.understanding.spelling import Piece, load_speller
from knowledge_base.tokens import fold

_WORD = re.compile(r"[a-z0-9]+")
_STOPS = {"!": ".", ";": ".", "…": ".", ".": ".", "?": "?", ",": ",", ":": ",", "(": ",", ")": ","}
_SIGNS = {"€": "euros", "%": "%", "&": "et", "+": "+", "/": "/"}
#: « 1 010 €/mois » is « par mois », any other stroke separates.
_PERIODS = frozenset({"mois", "an", "semaine", "jour", "h", "heure"})
_NUMBER_WORDS = frozenset(
    """
    deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt
    vingts trente quarante cinquante soixante septante huitante octante nonante cent cents mille
    """.split()
)
_ORDINAL_ENDS = frozenset({"e", "eme", "er", "ere", "ieme", "nd", "nde"})
#: « 4e » is a class or a floor, « 400e » an amount.
_LAST_ORDINAL = 19


@dataclass(frozen=True, slots=True)
class Token:
    """A word as the rules read it, and where it was written."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Plain:
    """A message as the rules read it: ``text``, with where each word was written.

    ``pieces`` are the words and marks of ``original``, in their usual spelling.
    """

    text: str
    original: str
    pieces: tuple[Piece, ...]
    tokens: tuple[Token, ...]
    _starts: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """Return the words of the person for the stretch ``start``-``end`` of ``text``."""
        first, last = self._at(start), self._at(max(start, end - 1))
        return self.original[self.tokens[first].start : self.tokens[last].end].strip()

    def position(self, written: int) -> int:
        """Return where in ``text`` is the word that begins at ``written`` in ``original``."""
        at = bisect_right(self.tokens, written, key=lambda token: token.start) - 1
        return self._starts[at] if at >= 0 else 0

    def _at(self, position: int) -> int:
        return max(0, bisect_right(self._starts, position) - 1)


def read(text: str) -> Plain:
    """Return ``text`` as the rules read it."""
    pieces = tuple(load_speller().pieces(text))
    tokens = _with_digits(_joined(_tokens(pieces, text), text), text)
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.text) + 1
    plain = " ".join(token.text for token in tokens)
    return Plain(plain, text, pieces, tuple(tokens), tuple(starts))


def readable(text: str) -> str:
    """Return only the text that the rules read: « J’ai 4 ans ! » gives « j ai 4 ans . »."""
    return read(text).text


def _tokens(pieces: Iterable[Piece], text: str) -> list[Token]:
    found: list[Token] = []
    done = 0
    for piece in pieces:
        gap = text[done : piece.start]
        if "\n" in gap:
            found.append(Token(".", piece.start, piece.start))
        done = piece.end
        found.extend(_tokens_of(piece, text))
    return found


def _tokens_of(piece: Piece, text: str) -> list[Token]:
    meant = piece.meant
    if not meant[0].isalnum():
        if meant in "-–—":
            spaced = text[piece.start - 1 : piece.start].isspace()
            return [Token(",", piece.start, piece.end)] if spaced else []
        sign = _STOPS.get(meant) or _SIGNS.get(meant)
        return [Token(sign, piece.start, piece.end)] if sign else []
    if meant[0].isdigit():
        return _number(piece)
    return [Token(word, piece.start, piece.end) for word in _WORD.findall(fold(meant))]


def _number(piece: Piece) -> list[Token]:
    """Read « 1.450,50 » as 1450 and « 4,7 » as two numbers: ages are listed that way."""
    groups = piece.meant.replace(",", ".").split(".")
    whole = groups[0] + "".join(group for group in groups[1:] if len(group) == 3)
    found = [Token(whole, piece.start, piece.end)]
    if len(whole) <= 2 and len(groups) == 2:
        comma = Token(",", piece.start, piece.end)
        found += [comma, Token(groups[1], piece.start, piece.end)]
    return found


def _joined(tokens: list[Token], text: str) -> list[Token]:
    """Join « 1 200 », « 4 » and « e », « t » and « 2 »; read « 400e » as an amount."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if last is None:
            found.append(token)
            continue
        gap = text[last.end : token.start]
        if last.text == "/":
            found[-1] = Token("par" if token.text in _PERIODS else ",", last.start, last.end)
            last = found[-1]
        joined = _join(last.text, token.text, gap)
        if joined is not None:
            found[-1] = Token(joined, last.start, token.end)
        elif token.text in ("e", "euro", "eur") and last.text.isdigit():
            found.append(Token("euros", token.start, token.end))
        elif token.text == "cent" and last.text == "pour":
            found[-1] = Token("%", last.start, token.end)
        elif token.text != "." or last.text != ".":
            found.append(token)
    return found


def _join(last: str, this: str, gap: str) -> str | None:
    if last.isdigit():
        if len(this) == 3 and this.isdigit() and len(last) <= 3 and last[0] != "0":
            return last + this if len(gap) == 1 and gap.isspace() else None
        if this in _ORDINAL_ENDS and gap == "" and int(last) <= _LAST_ORDINAL:
            return f"{int(last)}e"
    if not gap and last in ("t", "f", "ce", "cm") and this.isdigit():
        return last + this
    return None


def _with_digits(tokens: list[Token], text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _end_of_number(tokens, at)
        if end == at:
            found.append(tokens[at])
            at += 1
            continue
        words = " ".join(token.text for token in tokens[at:end])
        digits = str(alpha2digit(words, "fr"))
        start, stop = tokens[at].start, tokens[end - 1].end
        found.extend(Token(_SMALL.get(part, part), start, stop) for part in digits.split())
        at = end
    return _thousands(found)


#: The library leaves single small numbers alone.
_SMALL = {"deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7",
          "huit": "8", "neuf": "9", "dix": "10"}  # fmt: skip
_AFTER_TENS = frozenset({"un", "une", "onze"})


def _end_of_number(tokens: list[Token], at: int) -> int:
    """Return where the number in letters that starts at ``at`` ends; ``at`` for none."""
    end = at
    while end < len(tokens):
        word = tokens[end].text
        after = tokens[end + 1].text if end + 1 < len(tokens) else ""
        tens = end > at and tokens[end - 1].text in _NUMBER_WORDS
        if word in _NUMBER_WORDS:
            end += 1
        elif word == "et" and tens and after in _AFTER_TENS:
            end += 2
        elif word in ("un", "une") and tens and tokens[end - 1].text in ("vingts", "vingt", "cent"):
            end += 1
        else:
            break
    return end


def _thousands(tokens: list[Token]) -> list[Token]:
    """Read « 2 mille 300 » left by half-written numbers."""
    found: list[Token] = []
    for token in tokens:
        if token.text == "1000" and found and found[-1].text in "23456789":
            found[-1] = Token(f"{found[-1].text}000", found[-1].start, token.end)
        else:
            found.append(token)
    return found
