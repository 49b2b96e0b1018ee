"""The names of communes as they are compared, and how much each one proves.

Many communes are called like an ordinary word (Mer, Fossé, Seur) or a forename (Billy).
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum

#: A word: letters and figures.
TOKEN = re.compile(r"[^\W_]+")
#: « St » and « Ste » are read as written in full.
SAINTS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


class Level(IntEnum):
    """How much a name proves by itself that a place is meant."""

    AFTER_LIVING = 0  # an ordinary word that « à » often precedes (« à charge »)
    AFTER_PREPOSITION = 1  # an ordinary word or a forename, capital or not
    CAPITAL = 2  # an ordinary word, but not with a capital inside a sentence
    ALONE = 3  # can only be the place


#: Names that are also an ordinary word, a misspelt one, or a well-known place elsewhere.
_ORDINARY = frozenset(
    """
    mer ange aze celle choue fosse francay lance lisle roches rocy seur seris thesee troo
    pray epuisay ouchamps talcy thenay onzain maray danze pouille souge conan fresnes
    romilly contres veuves verdes bourre couture coulanges tours
    """.split()
) | {
    "le temple", "les essarts", "les hayes", "les roches", "sainte anne", "saint loup",
    "saint ouen", "la fontenelle", "la bosse", "la colombe",
}  # fmt: skip
#: Names that are also a forename, a family name or a past participle.
_NOT_BY_CAPITAL = frozenset(
    """
    ange billy conan faye boisseau beauchene bourre lance couture neuvy coulanges celle lancome
    pouille danze fosse romilly
    """.split()
)
#: Names of the neighbours that are ordinary words.
_ORDINARY_NEIGHBOURS = frozenset(
    """
    charge change champagne bretagne monnaie murs ormes plou lange monts jars dry flee bou
    brou thou vou breches varennes cigogne genille mayet vance villiers villars preaux olle
    marcon lavare brion ruan luble verrieres magny ige male lye clion
    """.split()
) | {"le noyer", "le liege", "les choux", "la riche", "saint genou", "la rouge", "le theil"}
#: What follows the head of a long name: « Villedieu-le-Château », « Souvigny-en-Sologne ».
_LINKS = frozenset("sur en le la les l lez du de des d au aux sous".split())
_NO_HEADS = frozenset(
    "vallee beauce fontaine fontaines landes langon couture chaumont ville".split()
)
#: Short names in use that can only be the place, with the official one.
_SHORT = {
    "romorantin": "Romorantin-Lanthenay",
    "romo": "Romorantin-Lanthenay",
    "montoire": "Montoire-sur-le-Loir",
    "mennetou": "Mennetou-sur-Cher",
    "neung": "Neung-sur-Beuvron",
    "chissay": "Chissay-en-Touraine",
    "saint aignan sur cher": "Saint-Aignan",
    "saint laurent des eaux": "Saint-Laurent-Nouan",
    "veuzain": "Veuzain-sur-Loire",
    "controis": "Le Controis-en-Sologne",
    "le controis": "Le Controis-en-Sologne",
}
#: Short names that need a preposition: others are called so, or it is an ordinary word.
_SHORT_AMBIGUOUS = {
    "lamotte": "Lamotte-Beuvron",
    "la chaussee": "La Chaussée-Saint-Victor",
    "saint gervais": "Saint-Gervais-la-Forêt",
    "saint laurent": "Saint-Laurent-Nouan",
    "saint claude": "Saint-Claude-de-Diray",
    "saint georges": "Saint-Georges-sur-Cher",
    "saint amand": "Saint-Amand-Longpré",
    "saint dye": "Saint-Dyé-sur-Loire",
    "les roches": "Les Roches-l'Évêque",
    "selles": "Selles-sur-Cher",
    "noyers": "Noyers-sur-Cher",
    "savigny": "Savigny-sur-Braye",
    "nouan": "Nouan-le-Fuzelier",
    "pruniers": "Pruniers-en-Sologne",
    "soings": "Soings-en-Sologne",
    "ouzouer": "Beauce la Romaine",
    "villefranche": "Villefranche-sur-Cher",
    "couture": "Vallée-de-Ronsard",
}
SHORT_NAMES = _SHORT | _SHORT_AMBIGUOUS


def name_key(text: str) -> str:
    """Return a name as it is compared: no accent, no hyphen, « st » read « saint »."""
    text = text.replace("s/", "sur ").replace("S/", "sur ")
    words = (fold(word) for word in TOKEN.findall(text.replace("œ", "oe").replace("Œ", "Oe")))
    return " ".join(SAINTS.get(word, word) for word in words)


def head_of(key: str) -> str:
    """Return « villedieu » of « villedieu le chateau », as people say it; "" for no such head."""
    head, _, rest = key.partition(" ")
    linked = rest.split(" ")[0] in _LINKS
    return head if len(head) >= 5 and linked and head not in _NO_HEADS else ""


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def level_of(key: str, *, ours: bool, population: int) -> Level:
    """Return how much the name ``key`` proves; ``ours`` for a commune of Loir-et-Cher."""
    if key in _ORDINARY_NEIGHBOURS and not ours:
        return Level.AFTER_LIVING
    if key in _NOT_BY_CAPITAL or key in _SHORT_AMBIGUOUS:
        return Level.AFTER_PREPOSITION
    if key in _ORDINARY:
        return Level.CAPITAL
    words = key.count(" ") + 1
    if ours or population >= 8000 or words >= 3:
        return Level.ALONE
    return Level.CAPITAL if words == 2 else Level.AFTER_PREPOSITION
