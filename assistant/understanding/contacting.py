"""How somebody may be reached, read in the words: what is missing, whose it is, what is wrong.

The number or the address itself is read by ``Knowledge.contact``.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.conversation import Way
from assistant.understanding.consent import as_read, says_when

#: Ways to be reached that somebody has not, cannot use, or does not want to give.
_WAYS: Final = {
    Way.PHONE: r"(?:tel|telephones?|portables?|mobile|smartphone|numeros?|fixe|credit|forfait)",
    Way.EMAIL: r"(?:e\ ?mails?|mails?|mel|courriel|adresse|internet|ordi\w*|boite\ mail)",
}
_WITHOUT = r"(?:pas|plus|ni|aucune?|sans|jamais|veux|prefere)"
_BROKEN = (
    r"(?:casse|coupe|perdu|vole|hs|mort|en\ panne"
    r"|(?:ne\ |n\ )?(?:marche|fonctionne)\ (?:plus|pas))e?"
)
_MISSING: Final = {
    way: re.compile(
        rf"""\b{_WITHOUT}\ (?:(?!mais|sauf|que|ou|si|joi\w*|appel\w*|sur|par)\w+\ ){{0,4}}?{names}\b
        |\b{names}\ (?:est\ |a\ ete\ |ne\ )?{_BROKEN}\b
        |\b(?:surveill\w*|fouill\w*|regarde|lit|pris|prend|confisqu\w*)
            \ (?:mon|le|mes)\ {names}\b
        |\b{_BROKEN}\ (?:mon|le|son)\ {names}\b""",
        re.VERBOSE,
    )
    for way, names in _WAYS.items()
}
#: « j’ai rien », « ni l’un ni l’autre »: of what was asked.
_NEITHER = re.compile(
    r"^(?:(?:non|mais|euh|bah|ben) )*(?:je |j )?(?:n )?(?:ai )?(?:rien(?: du tout| de tout ca)?"
    r"|(?:ni (?:l un|l une) ni l autre)|aucun(?:e)?(?: des deux| moyen.*)?"
    r"|(?:pas|aucun) (?:de )?moyen\b.*|les deux non|pas (?:l un|les deux).*)$"
)


def ways_missing(text: str) -> frozenset[Way]:
    """Return the ways to be reached that the text says somebody has not or will not give.

    « j’ai ni téléphone ni mail », « mon téléphone est cassé », « pas mon numéro ».
    """
    plain = as_read(text)
    if re.search(r"\b(?:pas|plus|jamais) (?:de )?(?:sms|message|appel)", plain):
        return frozenset()
    if _NEITHER.search(plain):
        return frozenset(Way)
    return frozenset(way for way, pattern in _MISSING.items() if pattern.search(plain))


_THERE = re.compile(
    r"\bsur place\b|\bj irai\b|\bj y vais\b"
    r"|\b(?:prefere|vais|veux|peux|voudrais) (?:y |me |plutot )*(?:aller|venir|passer|deplacer)\b"
)


def goes_there(text: str) -> bool:
    """Tell whether somebody would rather go in person: « je préfère y aller »."""
    return _THERE.search(as_read(text)) is not None


_SOMEBODY = (
    r"(?P<whose>(?:mon|ma|notre|son|sa|une?|le|la|l)\ "
    r"(?:(?:belle|beau|grand|petite?|meilleure?|ex)\ )?"
    r"(?:mere|pere|maman|papa|soeur|frere|fils|fille|cousine?|tante|oncle|niece|neveu|voisine?|ami|amie"
    r"|copain|copine|mari|femme|conjointe?|compagnon|compagne|colocataire|coloc|patron\w*|proprietaire"
    r"|assistante?\ social\w*|educat\w+|referent\w*|curat\w+|tut\w+|infirm\w+|medecin"
    r"|aide\ a\ domicile|auxiliaire|association|foyer|conseill\w+|travailleu\w+\ social\w*))"
)
_OF_SOMEBODY = re.compile(
    rf"""\b(?:numero|tel|telephone|portable|mobile|fixe|e?\ ?mail|adresse|celui|celle|chez
        |appele[rz]|contacte[rz]|joindre|voir|passe[rz]|demande[rz]|c\ est)
        \ (?:(?!pour)\w+\ ){{0,2}}?(?:(?:de|d|a|chez|avec|par|du)\ )?{_SOMEBODY}\b
    |^{_SOMEBODY.replace("whose", "alone")}(?:\ \w+){{0,3}}$""",
    re.VERBOSE,
)


def whose_contact(text: str) -> str | None:
    """Return whose contact is given when it is somebody else's: « ma voisine »."""
    found = _OF_SOMEBODY.search(" ".join(re.sub(r"\d", " ", as_read(text)).split()))
    return None if found is None else found["whose"] or found["alone"]


_WRONG = r"(?:tromp\w*|erreur|faute|inverse\w*|chang\w*|corrig\w*|modifi\w*)"
_BAD = r"(?:faux|fausse|mauvais\w*|pas\ (?:le\ |la\ )?bon(?:ne)?)"
_GIVEN = r"(?:numero|num|tel\w*|portable|mails?|adresse|chiffres?)"
_WRONG_CONTACT = re.compile(
    rf"""\b(?:{_WRONG}|{_BAD})\b(?:\ \w+){{0,4}}\ {_GIVEN}\b
    |\b{_GIVEN}\b(?:\ \w+){{0,3}}\ {_BAD}\b
    |\b{_GIVEN}\ (?:\w+\ )?a\ change\b""",
    re.VERBOSE,
)


def corrects_contact(text: str) -> bool:
    """Tell whether the contact given before is wrong: « je me suis trompé de numéro »."""
    return _WRONG_CONTACT.search(as_read(text)) is not None


_CALLING = re.compile(r"\b(?:r?appel\w*|joindre|joign\w*|contact\w*|telephon\w*|dispo\w*|libre)\b")
_OTHERWISE = re.compile(
    r"\b(?:plutot|finalement|en fait|seulement|uniquement|chang\w*|"
    r"(?:pas|plus|jamais)(?: \w+)? (?:le|la|l|ce|cette|avant|apres|entre|demain|lundi|mardi|"
    r"mercredi|jeudi|vendredi|samedi|dimanche))\b"
)
_RATHER = re.compile(r"^(?:(?:en fait|finalement|plutot|non|changez?)\b ?,? ?)+(?:\w+ ){0,5}\w+$")
_HOURS_NAMED = re.compile(
    r"\b(?:chang\w*|tromp\w*|modifi\w*) (?:\w+ ){0,3}(?:heures?|horaires?|creneau)\b"
)


def corrects_hours(text: str) -> bool:
    """Tell whether the hours given before no longer hold: « ne m’appelez plus le soir »."""
    plain = as_read(text)
    if "?" in plain:
        return False
    calling = _CALLING.search(plain) or _RATHER.search(plain)
    otherwise = calling and _OTHERWISE.search(plain) and says_when(text)
    return bool(otherwise) or _HOURS_NAMED.search(plain) is not None


_NO_LONGER = re.compile(
    r"\b(?:veux|voudrais|faut|peut|peux)(?: (?:surtout|vraiment))? (?:pas|plus)"
    r" (?:qu on|que vous|que l equipe|etre|me faire)(?: \w+){0,2}"
    r" (?:ecri\w*|r?appel\w*|contact\w*|envoy\w*|joign\w*)\b"
)


def wants_no_contact(text: str) -> bool:
    """Tell whether nobody must write nor call any more: « je ne veux plus qu’on m’écrive »."""
    return _NO_LONGER.search(as_read(text)) is not None
