"""What surrounds a match: is it denied, over, still to come, or said of nobody?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

#: Where a clause begins anew.
_CLAUSE = re.compile(
    r"[,.?]|\b(?:mais|car|donc|alors|puisque|parce que|sauf que|et c)\b|(?=\b(?:je|j|il|elle|on|"
    r"ils|elles)\b)|\b(?:et )(?=mon\b|ma\b|mes\b|moi\b|nous\b)"
)
#: « plus » that counts rather than denies: « en plus », « le plus », « plus de 3 ».
_MORE = r"(?<!en )(?<!de )(?<!le )(?<!la )(?<!les )(?<!du )(?<!non )(?<!bien )(?<!au )(?<!un )"
_NOT = (
    rf"(?:pas|{_MORE}plus(?! (?:de \d|grand|petit|tard|jeune|vieux|que|souvent|ou moins))|jamais|"
    r"sans|aucune?|ni|zero|nullement)"
)
#: « ne … pas » closes up to three words before what is denied.
_DENIED = re.compile(rf"\b{_NOT}(?: (?!que\b|seulement\b|juste\b)\w+){{0,3}} $")
_NOBODY = re.compile(r"\b(?:personne(?: \w+){0,3}|rien|aucune? \w+) (?:ne|n) (?:\w+ ){0,2}$")
#: « je ne suis l’aidante de personne », « il me frappe pas ».
_OPEN_DENIAL = re.compile(r"\b(?:ne|n) (?!ai que\b)(?:\w+ ){0,3}$")
_CLOSES = re.compile(r"^(?: \w+){0,2}? (?:personne|rien|aucune?)\b")
_DENIED_AFTER = re.compile(
    r"^ (?:pas|jamais)\b(?! (?:(?:encore )?(?:seulement|que)|trop|cher|loin|tres|adapte))|"
    r"^ \? non\b|^ ,? ?non(?= [,.]|$)"
)
_NO_LONGER = re.compile(r"^ plus\b(?! de \d)")
_OVER = re.compile(
    r"\b(?:etais|etait|etions|avais|avait|avions|habitais|habitait|vivais|vivait|touchais|touchait|"
    r"percevais|recevais|travaillais|travaillait|bossais|gagnais|gagnait|louais|logeais|faisais|"
    r"ai ete|a ete|avons ete|ai deja(?= \w+(?:e|i|u|is|it|ert)s?\b)|ai vecu|ai habite|"
    r"ai longtemps|autrefois|a l epoque|"
    r"dans le temps|jadis|ancien|ancienne|ex|quand)(?: \w+){0,4} $"
)
_OVER_AFTER = re.compile(
    r"^(?: \w+){0,3} (?:avant(?! la | le | de | que )|autrefois|a l epoque|dans le temps)\b"
)
_TO_COME = re.compile(
    r"\b(?:serai|sera|serons|seront|seriez|serait|aille|(?:vais|va|allons)(?= \w*(?:er|ir|"
    r"re)\b)|bientot|futur|future|voudrais|voudrait|aimerais|aimerait|souhaite|souhaiterais|veux|"
    r"veut|espere|devenir|deviens|attends|attendant|prendre|prendrai|prochaine|prochain|partir|"
    r"depart|droits?|demande|demander|demandes|obtenir|avoir droit|toucher|refuse|pense|reve|"
    r"proche de|propose|promise?|promet|offre|formation|projet|avant|simulation|apres|"
    r"passer)(?: \w+){0,3} $"
)
#: « si je travaille », « au cas où » : nothing is said to be so.
_SUPPOSED = re.compile(
    r"(?<!savoir )(?<!sais pas )(?<!dire )(?<!demande )\b(?:si (?:jamais )?(?:je|j|on|il|elle|nous|"
    r"mon|ma)|au cas ou|meme si|"
    r"(?:refuse|veut|veux|voudrait|faudrait|interdit|empeche) (?:pas )?que (?:je|j|il|elle|on))\b"
)
#: « je ne sais pas si je suis … »: nobody knows.
_UNKNOWN = re.compile(
    r"\b(?:(?:sais|sait) (?:pas|plus)|je me demande|savoir|pas sure?)(?: \w+)? (?:si|s) "
    r"(?:je|j|il|elle|on|nous|c) (?:(?:suis|est|sommes|ai|a|avons|serais|serait) )?"
    r"(?:(?:bien|vraiment|deja|encore|toujours|peut etre) )?$"
)
#: « je crois que je suis … », « peut-être … »: it must still be asked.
_DOUBTED = re.compile(
    r"\b(?:crois|croit|croyons|pense|pensons|parait|peut etre|possible|probable|probablement|"
    r"impression|soupconne|doute|si ca se trouve)(?: \w+){0,5} $"
)
_DOUBTED_AFTER = re.compile(
    r"^(?: ,)? (?:je crois|je pense|on dirait|peut etre|sans doute|je (?:ne )?suis pas sure?|"
    r"si ca se trouve)(?= [,.?]|$)"
)
_ASKS = re.compile(
    r"^(?:bonjour |bonsoir |salut |svp |et |, |madame |monsieur )*(?:quel|quelle|quels|quelles|"
    r"comment|combien|qui|quand|pourquoi|est ce (?:que|qu)|y a t il|il y a t il|peut on|faut il|"
    r"c est quoi|c est ouvert|qu est ce|existe t il|a partir de|a quel|est il|doit on|ca depend|"
    r"quelqu un (?:sait|peut|connait)|ou)\b"
)
#: Somebody in particular is spoken of.
_SOMEBODY = re.compile(
    r"\b(?:j|je|m|me|moi|mon|ma|mes|nous|notre|nos|lui|papa|maman|mamie|papi|papy|(?<!t )il (?!y\b|"
    r"faut\b|existe\b|est possible\b)|(?<!t )elle|on (?!peut\b|doit\b|a droit\b|se\b|gagne\b|"
    r"touche\b|est\b|me\b|m\b))(?!\w)"
)
_GENERIC = re.compile(
    r"\b(?:les|des|aux|ces|d autres|certains|certaines|personnes?|gens|si (?:une?|on|les)|quand on|"
    r"place|parking|carte)(?: (?:jeunes|vieux|autres|petits|personnes|est|etait))? $"
)


class Said(Enum):
    """How a match stands in its clause."""

    SO = "so"
    DENIED = "denied"
    OVER = "over"
    TO_COME = "to come"
    NOBODY = "nobody"  # supposed, asked in general, or said of people in general


@dataclass(frozen=True)
class Sentences:
    """The sentences of a message, and which of them speak of nobody in particular."""

    text: str
    _impersonal: tuple[tuple[int, int], ...]

    def impersonal(self, position: int) -> bool:
        """Tell whether the sentence at ``position`` only asks something in general."""
        return any(start <= position < end for start, end in self._impersonal)


def sentences(text: str) -> Sentences:
    """Find in ``text`` (as the rules read it) the sentences that speak of nobody."""
    found, start = [], 0
    for match in re.finditer(r"[.?]|$", text):
        sentence = text[start : match.start()].strip()
        if sentence and not _SOMEBODY.search(sentence + " "):
            if _ASKS.match(sentence):
                found.append((start, match.end()))
            elif match[0] == "?" and " " in sentence and not sentence[:1].isdigit():
                # « Pas de permis, pas de boulot : par où commencer ? » asks only at its end.
                last = text.rfind(",", start, match.start())
                found.append((max(start, last), match.end()))
        start = match.end()
    return Sentences(text, tuple(found))


def clause_before(text: str, start: int) -> str:
    """Return what precedes ``start`` in its clause."""
    before = text[max(0, start - 90) : start]
    last = None
    for last in _CLAUSE.finditer(before):  # noqa: B007 - the last one is wanted
        pass
    return before if last is None else before[last.end() :]


def denied(text: str, start: int, end: int) -> bool:
    """Tell whether the stretch is denied: « pas », « ni », « ne … personne », « … ? non »."""
    before = clause_before(text, start)
    if _DENIED.search(before) or _NOBODY.search(before):
        return True
    after = text[end : end + 40]
    if _DENIED_AFTER.match(after):
        return True
    return bool(_OPEN_DENIAL.search(before) and _CLOSES.match(after))


def no_longer(text: str, start: int, end: int) -> bool:
    """Tell whether it has stopped: « il ne me frappe plus »."""
    return bool(_NO_LONGER.match(text[end : end + 12])) or bool(
        re.search(rf"\b{_MORE}plus (?:\w+ )?$", clause_before(text, start))
    )


def over(text: str, start: int, end: int) -> bool:
    """Tell whether the stretch is told of the past."""
    before = clause_before(text, start)
    return bool(_OVER.search(before) or _OVER_AFTER.match(text[end : end + 50]))


def to_come(text: str, start: int) -> bool:
    """Tell whether the stretch is hoped for, asked for, or still to come."""
    return bool(_TO_COME.search(clause_before(text, start)))


def supposed(text: str, start: int) -> bool:
    """Tell whether the stretch is only a supposition: « si je travaille »."""
    before = re.split(r"[,.?]", text[max(0, start - 40) : start])[-1]
    return bool(_SUPPOSED.search(before))


def unknown(text: str, start: int) -> bool:
    """Tell whether the stretch is what somebody does not know: « je ne sais pas si j’ai … »."""
    return bool(_UNKNOWN.search(text[max(0, start - 60) : start]))


def doubted(text: str, start: int, end: int) -> bool:
    """Tell whether the stretch is only believed: « je crois que … », « …, peut-être »."""
    before = re.split(r"[,.?]", text[max(0, start - 60) : start])[-1]
    return bool(_DOUBTED.search(before) or _DOUBTED_AFTER.match(text[end : end + 40]))


def generic(text: str, start: int) -> bool:
    """Tell whether the stretch is said of people in general: « les retraités »."""
    return bool(_GENERIC.search(text[max(0, start - 40) : start]))
