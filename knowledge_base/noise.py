"""Writing a sentence as people type it: SMS, by ear, without accents, with slips.

Used to train the encoder only: a message and its badly written double mean the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from knowledge_base.tokens import fold

_KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_LEAST = 8  # words that are left of a text that is cut
_APOSTROPHE = re.compile(r"['’]")
_PUNCTUATION = re.compile(r"[,;:.!?«»()…\"]+")

#: Whole words as they are typed on a telephone.
_SHORT: dict[str, tuple[str, ...]] = {
    "pas": ("pa",), "plus": ("pu", "plu", "+"), "que": ("ke", "q", "k"), "qui": ("ki",),
    "quoi": ("koi",), "quand": ("kan", "qd"), "comment": ("coman", "cmt", "komen"),
    "pour": ("pr", "pour"), "avec": ("avc", "avec", "avek"), "dans": ("ds", "dan"),
    "tout": ("tt", "tou"), "tous": ("ts", "tou"), "mais": ("mé", "mai"), "est": ("é", "e"),
    "les": ("lé",), "des": ("dé",), "mes": ("mé",), "ses": ("sé",), "ces": ("sé",),
    "suis": ("sui", "ss"), "fait": ("fé", "fai"), "faire": ("fer", "fair"), "faut": ("fo",),
    "beaucoup": ("bcp", "bocou"), "toujours": ("tjr", "tjs"), "jamais": ("jamé", "jms"),
    "quelque": ("kelk",), "quelqu": ("kelk",), "parce": ("pske", "pcq"), "peux": ("pe", "peu"),
    "peut": ("pe", "peu"), "veux": ("ve", "veu"), "veut": ("ve", "veu"), "sais": ("c", "sé"),
    "aide": ("aid", "ede"), "mois": ("moi", "moua"), "moi": ("moi", "moa"), "chez": ("ché",),
    "très": ("tré", "tro"), "aussi": ("ossi",), "alors": ("alor",), "avoir": ("avoir", "avwar"),
    "rien": ("rien", "ri1"), "bien": ("bi1", "bien"), "demain": ("dem1", "2m1"),
    "travail": ("taf", "travaille"), "maintenant": ("mtn", "maintenan"), "vous": ("vs", "vou"),
    "nous": ("ns", "nou"), "rendez": ("rdv",), "salut": ("slt",), "bonjour": ("bjr", "bonjour"),
    "droit": ("droi", "droa"), "euros": ("euro", "€", "e"), "problème": ("pb", "problem"),
}  # fmt: skip

#: Groups of words that are typed as one.
_GROUPS = (
    (r"\bj'ai\b", ("jé", "g", "jai", "j ai")),
    (r"\bc'est\b", ("c", "cé", "sé", "cest")),
    (r"\bje suis\b", ("jsui", "chui", "jsuis", "je sui")),
    (r"\bje ne\b", ("je", "j", "jne")),
    (r"\bil n'y a\b", ("ya", "y a")),
    (r"\bil y a\b", ("ya", "y a")),
    (r"\best-ce que\b", ("esk", "eske", "es que", "est ce que")),
    (r"\best-ce qu'", ("esk ", "eske ")),
    (r"\bqu'est-ce que\b", ("keske", "keskeu", "kesk")),
    (r"\bon m'a\b", ("on ma", "onma")),
    (r"\bje (?=[bcdfgklmpqrtv])", ("j", "je ", "j ")),
    (r"\b([jlmtsdnc])'", (r"\1", r"\1 ", r"\1'")),
    (r"\bqu'", ("k", "q ", "qu ")),
)

#: Letters as they sound; each is applied with its own chance.
_LETTERS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"eaux?\b|eau|aux?\b", "o"),
        (r"(?<=\w\w)(?:er|ez|és|ée|ées|ais|ait|aient)\b", "é"),
        (r"qu(?=[eiaoéè])", "k"),
        (r"ph", "f"),
        (r"(?<=[aeiouyén])ss(?=[aeiouyé])", "s"),
        (r"([bcdfglmnprt])\1", r"\1"),
        (r"(?<=\w\w)(?:s|t|x|d|p|ts|nts?|es)\b", ""),
        (r"(?<=\w\w)e\b", ""),
        (r"\bh(?=[aeiouyé])", ""),
        (r"ain|ein", "in"),
        (r"en(?=[tdscvrfg])", "an"),
        (r"ç", "ss"),
        (r"oi", "oua"),
        (r"eu", "e"),
        (r"y", "i"),
    )
)
_LETTER_CHANCE = (0.7, 0.7, 0.7, 0.5, 0.4, 0.5, 0.6, 0.3, 0.4, 0.25, 0.3, 0.5, 0.12, 0.08, 0.15)


def unchanged(text: str, _: random.Random) -> str:
    """Return ``text``."""
    return text


def bare(text: str, dice: random.Random) -> str:
    """Return ``text`` in lower case, without accents, or punctuation, or apostrophes."""
    if dice.random() < 0.7:
        text = fold(text)
    if dice.random() < 0.7:
        text = _PUNCTUATION.sub(" ", text)
    if dice.random() < 0.6:
        text = _APOSTROPHE.sub(dice.choice(("", " ")), text)
    return " ".join(text.lower().split())


def typos(text: str, dice: random.Random) -> str:
    """Return ``text`` with one slip in about ten letters at most: one to three of them."""
    letters = list(text)
    for _ in range(min(1 + dice.randrange(3), max(1, len(letters) // 12))):
        at = dice.randrange(len(letters))
        if not letters[at].isalpha():
            continue
        slip = dice.randrange(4)
        if slip == 0 and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif slip == 1:
            letters[at] = ""
        elif slip == 2:
            letters[at] *= 2
        else:
            letters[at] = _beside(letters[at], dice)
    return "".join(letters)


def _beside(letter: str, dice: random.Random) -> str:
    for row in _KEYS:
        at = row.find(letter.lower())
        if at >= 0:
            return dice.choice(row[max(0, at - 1) : at + 2])
    return letter


def sms(text: str, dice: random.Random) -> str:
    """Return ``text`` as it is typed by ear on a telephone."""
    text = _APOSTROPHE.sub("'", text.lower())
    for pattern, written in _GROUPS:
        if dice.random() < 0.8:
            text = re.sub(pattern, dice.choice(written), text)
    strength = dice.uniform(0.3, 1.0)
    out = []
    for word in _PUNCTUATION.sub(" ", text).split():
        short = _SHORT.get(word)
        if short is not None and dice.random() < 0.85 * strength:
            out.append(dice.choice(short))
        elif word.isalpha():
            out.append(_by_ear(word, strength, dice))
        else:
            out.append(word)
    text = " ".join(out)
    return fold(text) if dice.random() < 0.5 else text


def _by_ear(word: str, strength: float, dice: random.Random) -> str:
    for (pattern, sound), chance in zip(_LETTERS, _LETTER_CHANCE, strict=True):
        if dice.random() < chance * strength:
            word = pattern.sub(sound, word) or word
    return word


def cut(text: str, dice: random.Random) -> str:
    """Return a run of the words of ``text``, from half of them to all: people stop short."""
    words = text.split()
    kept = max(min(len(words), _LEAST), round(len(words) * dice.uniform(0.5, 1.0)))
    start = dice.randrange(len(words) - kept + 1)
    return " ".join(words[start : start + kept])


#: What comes before or after a need and says nothing of it. « {town} » is a commune.
_BEFORE = (
    "bonjour, ", "bonjour ", "bonsoir, ", "salut ", "bjr ", "svp ", "s'il vous plaît, ", "voilà, ",
    "excusez-moi, ", "j'habite à {town}, ", "je suis à {town} et ", "j'ai {age} ans, ",
    "je vis à {town}. ", "bonjour, j'ai {age} ans et ", "à {town}, ",
)  # fmt: skip
_AFTER = (
    ", j'habite à {town}", " à {town}", ", je suis de {town}", " merci", ", merci d'avance", " svp",
    " s'il vous plaît", ". J'ai {age} ans", ", j'ai {age} ans", ". Je vis à {town}.", " sur {town}",
    ", à côté de {town}", ". Vous pouvez m'aider ?", " que faire", " comment faire ?",
    ". On est à {town}.",
)  # fmt: skip
#: The larger communes of the département and some villages: which one it is must not count.
_TOWNS = (
    "Blois", "Vendôme", "Romorantin", "Romorantin-Lanthenay", "Vineuil", "Mer", "Salbris",
    "Montrichard", "Contres", "Selles-sur-Cher", "Saint-Aignan", "Montoire", "Lamotte-Beuvron",
    "Onzain", "Bracieux", "Morée", "Mondoubleau", "Droué", "Neung", "Cour-Cheverny", "Chailles",
    "La Chaussée-Saint-Victor", "Saint-Laurent-Nouan", "Nouan-le-Fuzelier", "Savigny", "Oucques",
    "Herbault", "Pontlevoy", "Noyers-sur-Cher", "Mennetou", "Muides", "Marchenoir", "Thésée",
)  # fmt: skip


def situated(text: str, dice: random.Random) -> str:
    """Return ``text`` with a courtesy, a town or an age before it, after it, or both."""
    where = dice.randrange(3)
    before = dice.choice(_BEFORE) if where != 1 else ""
    after = dice.choice(_AFTER) if where != 0 else ""
    said = text.rstrip(" .") if after else text
    town, age = dice.choice(_TOWNS), str(dice.randrange(17, 90))
    return (before + said + after).replace("{town}", town).replace("{age}", age)


_WAYS: tuple[tuple[float, Callable[[str, random.Random], str]], ...] = (
    (0.40, unchanged),
    (0.20, bare),
    (0.15, typos),
    (0.25, sms),
)


def noisy(text: str, dice: random.Random) -> str:
    """Return ``text`` written in one of the ways above, drawn by ``dice``."""
    weights = [weight for weight, _ in _WAYS]
    way = dice.choices([way for _, way in _WAYS], weights)[0]
    return way(text, dice) or text
