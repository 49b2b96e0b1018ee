"""Ways of reading French words that are badly written: folding, character n-grams, sound.

``assistant.understanding`` repairs what a person wrote; here the same words of the query
and of the catalogue are only brought to a common form, so nothing is ever lost.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")

#: Words that say nothing of a need. Kept short: « plus », « pas », « sans » are needs.
STOP_WORDS = frozenset(
    """
    a ai ait as au aux avec avoir c ca car ce cela ces cet cette ceux chez comme comment d dans de
    des donc du elle elles en entre es est et etait ete etre eu eux fait faire fais il ils j je l la
    le les leur leurs lui m ma mais me meme mes moi mon n ne nos notre nous on ont or ou par pour qu
    quand que quel quelle qui quoi s sa se ses si son sont suis sur t ta te tes toi ton tout tous
    toute toutes tres tu un une vos votre vous y
    """.split()
)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, ligatures opened."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def all_words(text: str) -> list[str]:
    """Return the folded words of ``text``."""
    return _WORD.findall(fold(text))


def words(text: str) -> list[str]:
    """Return the folded words of ``text`` without stop words."""
    return [word for word in all_words(text) if word not in STOP_WORDS]


def grams(text: str, low: int = 3, high: int = 5) -> list[str]:
    """Return the character n-grams of each word of ``text``, its ends marked by a space."""
    found: list[str] = []
    for word in all_words(text):
        if word in STOP_WORDS and len(word) < low:
            continue
        padded = f" {word} "
        for size in range(low, high + 1):
            found.extend(padded[at : at + size] for at in range(len(padded) - size + 1))
    return found


#: What is heard, longest first: each rule replaces letters by a sound.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eaux?|aux?|ô", "o"),
        (r"ain|ein|aim|im(?=[pb])|in(?![aeiouyn])|un(?![aeiouyn])|ym|yn(?![aeiou])", "1"),
        (r"[ae][nm](?![aeiouynm])", "2"),
        (r"o[nm](?![aeiouynm])", "3"),
        (r"oi", "wa"),
        (r"ou", "u"),
        (r"ph", "f"),
        (r"ch|sch|sh", "x"),
        (r"gn", "ni"),
        (r"gu(?=[eiy])", "g"),
        (r"ge(?=[aou])", "j"),
        (r"g(?=[eiy])", "j"),
        (r"qu|q|k|c(?![eiyh])", "k"),
        (r"c(?=[eiy])|ç|ss|sc(?=[eiy])", "s"),
        (r"(?<=[aeiou])s(?=[aeiou])|z", "z"),
        (r"ai|ei|er$|ez$|et$|é|è|ê|ee?s?$|ent$", "e"),
        (r"eu|oe", "e"),
        (r"y|ill(?=[aeiou])|ll", "i"),
        (r"h", ""),
        (r"w", "v"),
    )
)
_SILENT_END = re.compile(r"[tdspxe]+$")
_DOUBLE = re.compile(r"(.)\1+")


def sound(word: str) -> str:
    """Return how the folded ``word`` sounds, roughly: « loyer », « loyé », « loiller »."""
    heard = word[:-1] if len(word) > 3 and word[-1] in "sx" else word
    for pattern, replacement in _SOUNDS:
        heard = pattern.sub(replacement, heard)
    heard = _DOUBLE.sub(r"\1", heard)
    short = _SILENT_END.sub("", heard)
    return short if len(short) >= 2 else heard


def sounds(text: str) -> list[str]:
    """Return the sounds of the words of ``text`` without stop words."""
    return [heard for word in words(text) if (heard := sound(word))]
