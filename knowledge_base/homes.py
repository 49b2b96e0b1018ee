"""What the words around the name of a commune say: somebody lives there, or does not.

The words before a name are read backwards, to the beginning of the sentence; the nearest one
that says something decides: « j’habite », « je travaille », « née à », « à dix km de ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a message: as written, as compared, its place, and the mark that follows it."""

    raw: str
    word: str
    next_char: str
    start: int = 0

    @property
    def end(self) -> int:
        """Return where the word stops."""
        return self.start + len(self.raw)


class Standing(Enum):
    """What a sentence says of a commune, for who looks for a home."""

    HOME = "home"
    AWAY = "away"  # left, born there, far, or only for work or studies
    AROUND = "around"  # beside it: good to look for places, not a home
    NEARBY = "nearby"  # a school, a shop, a job: home unless a better one is told
    CORRECTED = "corrected"  # home, and the one told before was a mistake
    UNSAID = "unsaid"


#: Words read before a name, at most.
_FAR = 13
#: « entre Blois et Vendôme »
_BETWEEN = 5
_STOPS = ".!?;:…"
LIVES = re.compile(
    r"^(?:j?h?abit|resid|demeur|domicil|log(?!eur|euse)|viv|vis$|vit$|install|demenag|emmenag|heberg"
    r"|appart|maison$|studio$|hlm$|chambre$|loue$|louons$|louent$)"
)
LIVED = re.compile(
    r"^(?:j?h?abitai(?:s|t)|habitions|viv(?:ais|ait|ions)|logeai(?:s|t)|j?etai(?:s|t)|etions"
    r"|residai(?:s|t))$"
)
IS = frozenset("suis est sommes sont etes etait etaient ne nee travaille reste".split())
LINKS = frozenset("a au aux sur vers dans de d des du pres en ville cote commune la".split())
#: Who sleeps behind the station of a town is in that town.
_SLEEPS = re.compile(
    r"^(?:dors|dort|dormons|dorment|dormir|couche|campe|squatte?|rue|tente|caravane)$"
)
_BORN = re.compile(r"^(?:nee?s?|originaires?|natifs?|natives?|grandi|naissance)$")
_COMES_FROM = re.compile(
    r"^(?:viens|vient|venus?|venue?s?|revenue?s?|arrive\w*|reviens|revient|cousine?|ami|amie|part\w*)$"
)
_MOVES = re.compile(r"^(?:demenag|emmenag)")
_LEFT = re.compile(r"^(?:quitt\w*|fui)$")
#: « à côté de Vendôme », « pas loin de Blois », « au nord de Blois ».
_AROUND = re.compile(
    r"^(?:pres|cote|proche|environs|alentours|secteur|coin|nord|sud|ouest|autour|derriere|loin"
    r"|vers)$"
)
#: « à dix kilomètres de Mer », and the longest way that is still near.
_MEASURES = re.compile(r"^(?:km|kms|kilometres?|bornes|minutes?|mn|min)$")
_NEAR_ENOUGH = 20
_FAR_AWAY = re.compile(r"^(?:heures?|h|direction|jusqu|jusque)$")
#: Where somebody studies or works is not where they live.
_ELSEWHERE = re.compile(
    r"^(?:bts|licence|master|iut|fac|universite|cap|apprenti.*|stage|formation"
    r"|travaill(?:e|es|ais|ait|ant|er|ons|ent)|boss.*|boulot|travail|poste|emploi|cdi|cdd|tribunal"
    r"|mdph|caf|cpam|prefecture|gare|usine|entrepot|hopital|clinique|maternite|etudiante?"
    r"|hospitalise.*|operee?|alternance|abattoir|menages|chantier|grossiste|notaire|avocate?"
    r"|dentiste|115|interim|vendanges|rdv|vais)$"
)
#: Where children go to school, where one shops, is often where one lives, not always.
_NEARBY = re.compile(
    r"^(?:lycee|college|premiere|terminale|seconde|internat|ecole|creche|entreprise|societe|boite"
    r"|magasin|boutique|restaurant|garage|banque|agence|bureau|mairie|marche|medecin|cabinet|ccas"
    r"|centre|mission|ehpad|pharmacie|saisonni.*|retraite|prison|foyer|residence|ce[12]|cm[12]|cp)$"
)
_JOB = re.compile(r"^\w{3,}(?:iere?|eure?|euse|trice|cienn?e?|iste)$")
_NO_JOB = re.compile(
    r"^(?:premiere?|derniere?|entiere?|meilleure?|\w*terieure?|heure|soeur|monsieur|particuliere?|"
    r"hier|ailleurs|tutrice|liste|mineure?|majeure?|anciene?|ancienne)$"
)
_ADVERBS = frozenset("plus pas jamais".split())
_BREAKS = frozenset("mais puis maintenant desormais depuis".split())
_CORRECTS = frozenset("non pardon enfin plutot erreur oups".split())
_THEM = frozenset("moi lui elle nous eux elles soi".split())
_WHO = frozenset("j je nous on il elle ils elles".split())


def standing(tokens: Sequence[Token], at: int, end: int) -> Standing:
    """Return what is said of the name that the tokens ``at`` to ``end`` (excluded) write."""
    told = _after(tokens, end)
    return told if told is not Standing.UNSAID else _before(tokens, at)


def _after(tokens: Sequence[Token], end: int) -> Standing:
    """« à Cour-Cheverny, où nous habitons », « Blois, où je suis née »."""
    words = [token.word for token in tokens[end : end + 5]]
    if words[:1] != ["ou"] or not (words[1:2] and (words[1] in _WHO or words[1][0] == "j")):
        return Standing.UNSAID
    for word in words[1:]:
        if LIVED.match(word) or _BORN.match(word) or _ELSEWHERE.match(word):
            return Standing.AWAY
        if LIVES.match(word):
            return Standing.HOME
    return Standing.UNSAID


def _before(tokens: Sequence[Token], at: int) -> Standing:
    weak: Standing | None = None
    comma = False
    for i in range(at - 1, max(-1, at - _FAR), -1):
        token, word = tokens[i], tokens[i].word
        if token.next_char and token.next_char in _STOPS:
            break
        comma = comma or token.next_char == ","
        linked = all(between.word in LINKS for between in tokens[i + 1 : at])
        if linked and word in _CORRECTS:
            return Standing.CORRECTED
        if word in _BREAKS:
            return Standing.HOME if linked and _no_longer(tokens, i) else weak or Standing.UNSAID
        if _SLEEPS.match(word):
            return Standing.HOME
        told = _word(tokens, i, at, comma=comma, linked=linked)
        if told in (Standing.HOME, Standing.CORRECTED):
            return weak or told
        weak = told if told is Standing.AWAY else weak or told
    return weak or Standing.UNSAID


def _word(
    tokens: Sequence[Token], i: int, at: int, *, comma: bool, linked: bool
) -> Standing | None:
    """Return what the word ``i`` says by itself, None for nothing."""
    word = tokens[i].word
    after = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if LIVED.match(word) or (_is_birth(tokens[i], after) and not comma):
        return Standing.AWAY
    if linked and (_FAR_AWAY.match(word) or _LEFT.match(word)):
        return Standing.AWAY
    if linked and (_AROUND.match(word) or _MEASURES.match(word)):
        return Standing.AROUND if _is_close(tokens, i) else Standing.AWAY
    if word == "entre" and at - i <= _BETWEEN:
        return Standing.AROUND
    if linked and word in _THEM and i and tokens[i - 1].word == "chez":
        return Standing.HOME
    if linked and _COMES_FROM.match(word) and after in ("de", "d", "du", "des"):
        return Standing.AWAY
    if LIVES.match(word):
        if after in _ADVERBS and (i == 0 or tokens[i - 1].word in ("n", "ne", "j", "je")):
            return Standing.AWAY
        if word == "maison" and after == "de":
            return Standing.NEARBY
        return Standing.CORRECTED if linked and _MOVES.match(word) else Standing.HOME
    if word in ("suis", "sommes") and linked and at - i > 1:
        return Standing.HOME
    if comma:
        return None
    if _ELSEWHERE.match(word):
        return Standing.AWAY
    return Standing.NEARBY if _NEARBY.match(word) or _is_job(tokens, i) else None


def _is_close(tokens: Sequence[Token], i: int) -> bool:
    """Tell « pas loin de », « à 10 km de », « j’habite vers », from « loin de », « à 80 km de »."""
    word, before = tokens[i].word, tokens[i - 1].word if i else ""
    if word == "loin":
        return before in ("pas", "non")
    if word == "vers":
        return before in IS or LIVES.match(before) is not None
    if _MEASURES.match(word):
        return not before.isdigit() or int(before) <= _NEAR_ENOUGH
    return True


def _is_birth(token: Token, after: str) -> bool:
    """Tell « née à », « né en » from the « ne » of a negation."""
    plain = token.raw.casefold() == "ne"
    return bool(_BORN.match(token.word)) and (not plain or after in ("a", "en", "le", "au"))


def _is_job(tokens: Sequence[Token], i: int) -> bool:
    """« Cuisinière à Mer », « je suis facteur à Blois »: at the head, or said of somebody."""
    word = tokens[i].word
    if not _JOB.match(word) or _NO_JOB.match(word):
        return False
    before = tokens[i - 1] if i else None
    return before is None or before.next_char in tuple(_STOPS) or before.word in IS


def _no_longer(tokens: Sequence[Token], i: int) -> bool:
    """« je n’habite plus Averdon mais … »: the words before « mais » say what is over."""
    before = [token.word for token in tokens[max(0, i - 8) : i]]
    return any(LIVES.match(word) for word in before) and bool(_ADVERBS & set(before))
