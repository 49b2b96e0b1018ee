"""How much the words around the name of a commune say that the place is meant.

Many communes are called like an ordinary word (Mer, Fossé, Seur) or a forename (Billy).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge_base.commune_names import SAINTS, TOKEN, Level, fold
from knowledge_base.homes import IS, LINKS, LIVED, LIVES, Token

#: What the words before a name say, as a score; the best name of the sentence wins.
WHOLE, LIVES_IN, AT, NEAR, BARE = 5, 4, 3, 2, 1

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


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a commune: its words as compared, the code, how much it proves.

    ``contracted`` is a name without its article, as in « au Controis », « des Montils ».
    """

    words: tuple[str, ...]
    code: str
    level: Level
    contracted: bool = False


def alone(tokens: list[Token], at: int, end: int) -> bool:
    """Tell whether the message says nothing else than the name from ``at`` to ``end``."""
    others = (token.word for token in (*tokens[:at], *tokens[end:]))
    return all(word in _FILLERS or word.isdigit() for word in others)


def tokens_of(text: str) -> list[Token]:
    """Return the words of ``text``, each as written and as compared."""
    text = text.replace("œ", "oe").replace("Œ", "Oe").replace("s/", "sur ")
    tokens = []
    for match in TOKEN.finditer(text):
        word = fold(match.group())
        rest = text[match.end() :].lstrip()
        tokens.append(Token(match.group(), SAINTS.get(word, word), rest[:1], match.start()))
    return tokens


def score_of(
    tokens: list[Token], at: int, name: Name, *, shouting: bool, lives: bool = False
) -> int:
    """Return how sure it is that the name at ``at`` is the place meant; 0 for not at all."""
    end = at + len(name.words)
    capital = tokens[at].raw[0].isupper()
    if alone(tokens, at, end) and (
        name.level >= Level.CAPITAL or (name.level is Level.AFTER_PREPOSITION and capital)
    ):
        return WHOLE
    score = context(tokens, at)
    if score < 0:
        return 0
    told = at > 0 and tokens[at - 1].word in ("a", "au", "aux", "sur")
    settled = lives and told
    if settled and name.level > Level.AFTER_LIVING:
        score = LIVES_IN
    if end < len(tokens) and tokens[end].word == "41":
        return max(score, AT)
    after_article = at > 0 and tokens[at - 1].word in ("au", "aux", "du", "des")
    if after_article != name.contracted:
        # « aux veuves » is not the commune of Veuves; « au Temple » may be Le Temple.
        return 0 if after_article or name.level < Level.ALONE else max(score, BARE)
    if name.level is Level.ALONE:
        return max(score, LIVES_IN if lives else BARE)
    if name.level is Level.AFTER_LIVING or name.contracted:
        return score if score == LIVES_IN else 0
    if score >= NEAR and (settled or not is_bare_a(tokens, at)):
        return score
    inside = capital and at > 0 and not shouting
    return BARE if inside and name.level is Level.CAPITAL else 0


def context(tokens: list[Token], at: int) -> int:
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
        return LIVES_IN
    if before[-1] in ("a", "au", "aux"):
        return AT
    if before[-1] == "entre" or (before[-1] == "et" and "entre" in before[-4:]):
        return NEAR
    near = before[-2:-1] and before[-2] in _NEAR_WORDS and before[-1] in ("de", "d", "du", "des")
    # « Je suis sur Mer » is a place, « une vue sur mer » is not.
    about = before[-1] in ("sur", "vers") and before[-2:-1] and before[-2] in IS
    return NEAR if near or about else 0


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


def is_bare_a(tokens: list[Token], at: int) -> bool:
    """Tell whether the word before is « a » without accent, maybe the verb « avoir »."""
    if at == 0 or tokens[at - 1].raw not in ("a", "A"):
        return False
    said_before = at >= 2 and tokens[at - 2].word in IS
    return not said_before and context(tokens, at) == AT
