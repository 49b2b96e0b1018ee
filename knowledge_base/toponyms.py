"""Reading the name of a commune inside what a person writes.

Many communes are called like an ordinary word (Mer, Fossé, Seur) or a forename (Billy):
those are read only where the sentence speaks of a place. A typing error is accepted only
after « j’habite », « à »… and on names that are no ordinary word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from knowledge_base.commune_names import SAINTS, TOKEN, Level, fold
from knowledge_base.homes import IS, LINKS, LIVED, LIVES, Standing, Token, standing

#: What the words before a name say, as a score; the best name of the sentence wins.
_WHOLE, _LIVES_IN, _AT, _NEAR, _BARE = 5, 4, 3, 2, 1

_STREETS = frozenset(
    """
    rue avenue av boulevard bd bld route place allee allees quai faubourg fbg impasse chemin
    cours square residence
    """.split()
)
_NEAR_WORDS = frozenset(
    """
    pres cote proche environs alentours commune ville village bourg mairie ccas gare loin
    secteur coin canton maire centre hopital mds agglo
    """.split()
)
_NOT_THERE = re.compile(r"(?:\b(?:plus|pas|jamais) (?:a|sur|vers|de|d)|\bquitt\w*)$")
_FILLERS = frozenset(
    """
    c est a svp stp merci bonjour oui 41 moi je suis loir et cher
    """.split()
)
_MONEY = frozenset({"€", "euro", "euros", "eur", "e", "km"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a commune: its words as compared, the code, how much it proves.

    ``contracted`` is a name without its article, as in « au Controis », « des Montils ».
    """

    words: tuple[str, ...]
    code: str
    level: Level
    contracted: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A commune named in a text: its code, where it is written, how sure it is (1 to 6)."""

    code: str
    start: int
    score: int


class Toponyms:
    """The names to look for in a text, and the postal codes with their main commune."""

    def __init__(self, names: Iterable[Name], postal_codes: Mapping[str, tuple[str, ...]]) -> None:
        self._postal = postal_codes
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

        With ``home``, only one where somebody may live: neither « à côté de Vendôme », nor
        where they work or study, nor the first commune of a postal code that several share.
        """
        tokens = _tokens(text)
        shouting = text.isupper()
        postal = self._postal_in(tokens)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            name = self._name_at(tokens, at)
            if name is None:
                at += 1
                continue
            said = standing(tokens, at, at + len(name.words)) if home else Standing.UNSAID
            lives = said in (Standing.HOME, Standing.CORRECTED)
            score = _score(tokens, at, name, shouting=shouting, lives=lives)
            if score < _WHOLE and said is Standing.AWAY:
                score = 0
            if said is Standing.NEARBY:
                score = min(score, _BARE)
            if score and said is Standing.CORRECTED:
                found.clear()
            if score:
                score = _WHOLE + 1 if name.code in postal else score
                found.append(Mention(name.code, tokens[at].start, score))
            at += len(name.words)
        if found:
            return found
        if postal and not (home and len(postal) > 1):
            return [Mention(postal[0], 0, _WHOLE)]
        code = self._misspelt(tokens, home=home)
        return [Mention(code, 0, _AT)] if code else []

    def _name_at(self, tokens: list[Token], at: int) -> Name | None:
        for name in self._by_word.get(tokens[at].word, ()):
            window = tokens[at : at + len(name.words)]
            if tuple(token.word for token in window) == name.words:
                return name
        return None

    def _postal_in(self, tokens: list[Token]) -> tuple[str, ...]:
        for at, token in enumerate(tokens):
            after = tokens[at + 1].word if at + 1 < len(tokens) else ""
            if token.next_char == "€" or after in _MONEY:
                continue
            if token.raw in self._postal:
                return self._postal[token.raw]
        return ()

    def _misspelt(self, tokens: list[Token], *, home: bool) -> str | None:
        for at, token in enumerate(tokens):
            said = standing(tokens, at, at + 1) if home else Standing.UNSAID
            near_word = _context(tokens, at) >= _AT and not _bare_a(tokens, at)
            if len(token.word) < 5 or said is Standing.AWAY or not near_word:
                continue
            allowed = 1 if len(token.word) < 8 else 2
            near = [
                (OSA.distance(token.word, name.words[0], score_cutoff=allowed), name.code)
                for name in self._single
                if name.words[0][0] == token.word[0]
            ]
            best = min(near, default=(9, ""))
            if best[0] <= allowed:
                return best[1]
        return None


def _can_be_misspelt(name: Name) -> bool:
    return name.level is Level.ALONE and len(name.words) == 1 and len(name.words[0]) >= 5


def _tokens(text: str) -> list[Token]:
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("s/", "sur ")
    tokens = []
    for match in TOKEN.finditer(text):
        word = fold(match.group())
        rest = text[match.end() :].lstrip()
        tokens.append(Token(match.group(), SAINTS.get(word, word), rest[:1], match.start()))
    return tokens


def _score(tokens: list[Token], at: int, name: Name, *, shouting: bool, lives: bool = False) -> int:
    """Return how sure it is that the name at ``at`` is the place meant; 0 for not at all."""
    end = at + len(name.words)
    capital = tokens[at].raw[0].isupper()
    others = [token.word for token in (*tokens[:at], *tokens[end:])]
    if all(word in _FILLERS or word.isdigit() for word in others) and (
        name.level >= Level.CAPITAL or (name.level is Level.AFTER_PREPOSITION and capital)
    ):
        return _WHOLE
    score = _context(tokens, at)
    if score < 0:
        return 0
    told = at > 0 and tokens[at - 1].word in ("a", "au", "aux", "sur")
    settled = lives and told
    if settled and name.level > Level.AFTER_LIVING:
        score = _LIVES_IN
    if end < len(tokens) and tokens[end].word == "41":
        return max(score, _AT)
    after_article = at > 0 and tokens[at - 1].word in ("au", "aux", "du", "des")
    if after_article != name.contracted:
        # « aux veuves » is not the commune of Veuves; « au Temple » may be Le Temple.
        return 0 if after_article or name.level < Level.ALONE else max(score, _BARE)
    if name.level is Level.ALONE:
        return max(score, _LIVES_IN if lives else _BARE)
    if name.level is Level.AFTER_LIVING or name.contracted:
        return score if score == _LIVES_IN else 0
    if score >= _NEAR and (settled or not _bare_a(tokens, at)):
        return score
    inside = capital and at > 0 and not shouting
    return _BARE if inside and name.level is Level.CAPITAL else 0


def _context(tokens: list[Token], at: int) -> int:
    """Return what the words before ``at`` say: a score, 0 for nothing, -1 for « not there »."""
    before = [token.word for token in tokens[max(0, at - 5) : at]]
    if not before:
        return 0
    if _NOT_THERE.search(" ".join(before)):
        return -1
    first = _first_link(before)
    if first and before[first - 1] in _STREETS and not _homeless(before, first - 1):
        return -1
    if first and LIVED.match(before[first - 1]):
        return -1
    if first and LIVES.match(before[first - 1]) and (first < len(before) or _is_verb(before)):
        return _LIVES_IN
    if before[-1] in ("a", "au", "aux"):
        return _AT
    near = before[-2:-1] and before[-2] in _NEAR_WORDS and before[-1] in ("de", "d", "du", "des")
    # « Je suis sur Mer » is a place, « une vue sur mer » is not.
    about = before[-1] in ("sur", "vers") and before[-2:-1] and before[-2] in IS
    return _NEAR if near or about else 0


def _first_link(before: list[str]) -> int:
    """Return where the small words that end ``before`` (« près de ») begin."""
    first = len(before)
    while first and before[first - 1] in LINKS:
        first -= 1
    return first


def _homeless(before: list[str], street: int) -> bool:
    """Tell « à la rue à Blois », « dans la rue à Blois », from « rue de Blois »."""
    return before[max(0, street - 2) : street] in (["a", "la"], ["dans", "la"])


def _is_verb(before: list[str]) -> bool:
    """Tell whether the last word alone announces a place: « j’habite Mer »."""
    return bool(re.match(r"^(?:j?h?abit|resid)", before[-1]))


def _bare_a(tokens: list[Token], at: int) -> bool:
    """Tell whether the word before is « a » without accent, maybe the verb « avoir »."""
    if at == 0 or tokens[at - 1].raw not in ("a", "A"):
        return False
    said_before = at >= 2 and tokens[at - 2].word in IS
    return not said_before and _context(tokens, at) == _AT
