"""Reading the name of a commune inside what a person writes.

Many communes are called like an ordinary word (Mer, Fossé, Seur) or a forename (Billy):
those are read only where the sentence speaks of a place. A typing error is accepted only
after « j’habite », « à »… and on names that are no ordinary word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from knowledge_base.commune_names import Level
from knowledge_base.homes import Standing, Token, standing
from knowledge_base.toponym_context import (
    AT,
    BARE,
    NEAR,
    WHOLE,
    Name,
    alone,
    context,
    is_bare_a,
    score_of,
    tokens_of,
)  # fmt: skip

#: Letters under which a name that is not exact is not looked for.
_LEAST_LETTERS = 5
_MONEY = frozenset({"€", "euro", "euros", "eur", "e", "km"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A commune named in a text: its code, where it is written, how sure it is (1 to 6).

    ``near``: somebody is near it, or in one of the communes of its postal code.
    """

    code: str
    start: int
    end: int
    score: int
    near: bool = False


class Toponyms:
    """The names to look for in a text, and the postal codes with their communes.

    ``shared`` are names that several communes have, as the codes of those communes.
    """

    def __init__(
        self,
        names: Iterable[Name],
        postal_codes: Mapping[str, tuple[str, ...]],
        shared: Mapping[tuple[str, ...], tuple[str, ...]],
    ) -> None:
        self._postal = postal_codes
        self._shared = shared
        self._by_word: dict[str, list[Name]] = {}
        known: set[tuple[str, ...]] = set()
        for name in names:  # the first one of a name wins: ours come first
            if name.words not in known:
                known.add(name.words)
                self._by_word.setdefault(name.words[0], []).append(name)
        for found in self._by_word.values():
            found.sort(key=lambda name: -len(name.words))
        self._single = [n for found in self._by_word.values() for n in found if _can_be_misspelt(n)]

    def find(self, text: str) -> str | None:
        """Return the code of the commune that ``text`` speaks of, or None."""
        found = self.find_all(text)
        return max(found, key=lambda mention: mention.score).code if found else None

    def find_all(self, text: str, *, home: bool = False) -> list[Mention]:
        """Return every commune that ``text`` speaks of, in order.

        With ``home``, only one where somebody may live, not where they work or study; « à côté
        de Vendôme » and the first commune of a postal code that several share are ``near``.
        """
        tokens = tokens_of(text)
        shouting = text.isupper()
        postal, written = self._postal_in(tokens)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            name = self._name_at(tokens, at)
            if name is None:
                at += 1
                continue
            end = at + len(name.words)
            said = standing(tokens, at, end) if home else Standing.UNSAID
            lives = said in (Standing.HOME, Standing.CORRECTED)
            score = score_of(tokens, at, name, shouting=shouting, lives=lives)
            if score < WHOLE and said is Standing.AWAY:
                score = 0
            if said in (Standing.NEARBY, Standing.AROUND):
                score = min(score, BARE)
            if score and said is Standing.CORRECTED:
                found.clear()
            if score:
                score = WHOLE + 1 if name.code in postal else score
                near = said is Standing.AROUND
                found.append(_mention(name.code, tokens[at:end], score, near=near))
            at = end
        if found or not (postal and written):
            return found or self._misspelt(tokens, home=home)
        if not home or len(postal) == 1:
            return [_mention(postal[0], [written], WHOLE)]
        return self._misspelt(tokens, home=True) or [
            _mention(postal[0], [written], WHOLE, near=True)
        ]

    def unclear(self, text: str) -> tuple[str, ...]:
        """Return the codes among which ``text`` does not choose: « Chaumont », « 41100 »."""
        tokens = tokens_of(text)
        at, named = 0, False
        while at < len(tokens):
            name = self._name_at(tokens, at)
            codes, end = self._shared_at(tokens, at)
            if name is None and codes and (context(tokens, at) >= NEAR or alone(tokens, at, end)):
                return codes
            named = named or name is not None
            at += len(name.words) if name is not None else 1
        postal, _ = self._postal_in(tokens)
        return postal if len(postal) > 1 and not named else ()

    def _name_at(self, tokens: list[Token], at: int) -> Name | None:
        for name in self._by_word.get(tokens[at].word, ()):
            window = tokens[at : at + len(name.words)]
            if tuple(token.word for token in window) == name.words:
                return name
        return None

    def _shared_at(self, tokens: list[Token], at: int) -> tuple[tuple[str, ...], int]:
        for size in (2, 1):
            words = tuple(token.word for token in tokens[at : at + size])
            if words in self._shared:
                return self._shared[words], at + size
        return (), at

    def _postal_in(self, tokens: list[Token]) -> tuple[tuple[str, ...], Token | None]:
        for at, token in enumerate(tokens):
            after = tokens[at + 1].word if at + 1 < len(tokens) else ""
            if token.next_char == "€" or after in _MONEY:
                continue
            if token.raw in self._postal:
                return self._postal[token.raw], token
        return (), None

    def _misspelt(self, tokens: list[Token], *, home: bool) -> list[Mention]:
        for at, token in enumerate(tokens):
            told = context(tokens, at) if len(token.word) >= _LEAST_LETTERS else 0
            if told < NEAR or (told >= AT and is_bare_a(tokens, at)):
                continue
            said = standing(tokens, at, at + 1) if home else Standing.UNSAID
            if said is Standing.AWAY or (told == NEAR and said is not Standing.AROUND):
                continue
            allowed = 1 if len(token.word) < 8 else 2
            close = [
                (OSA.distance(token.word, name.words[0], score_cutoff=allowed), name.code)
                for name in self._single
                if name.words[0][0] == token.word[0]
            ]
            distance, code = min(close, default=(9, ""))
            if distance <= allowed:
                return [_mention(code, [token], AT, near=said is Standing.AROUND)]
        return []


def _mention(code: str, written: list[Token], score: int, *, near: bool = False) -> Mention:
    return Mention(code, written[0].start, written[-1].end, score, near)


def _can_be_misspelt(name: Name) -> bool:
    return name.level is Level.ALONE and len(name.words) == 1 and len(name.words[0]) >= 5
