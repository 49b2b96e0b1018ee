"""Ages, children and money in a readable text (see ``text.readable``)."""

from __future__ import annotations

import re
from datetime import date

from assistant.conversation import Known

_AGE = re.compile(
    r"(?<![\d,])(?P<n>\d{1,3}) ?(?P<unit>ans?\b|mois\b|semaines?\b)(?! (de |d )?(loyers?|retard|"
    r"prison|contrat|chomage|travail|salaire|preavis|grossesse|anciennete|mariage|vie commune|"
    r"attente|plus tard|que|depuis|apres|avant|d attente))"
)
_NOT_AN_AGE = re.compile(
    r"(depuis|il y a|ya|y a|pendant|dans|tous les|apres|enceinte de|fait|voila|ca fait|de|plus de|"
    r"cela fait|en|encore)"
    r" (\w+ )?$"
)
_SINCE = re.compile(r"(depuis|il y a|ya|pendant|ca fait|cela fait|dans|tous les) (\w+ )?$")
_OWNER_OF_AGE = re.compile(r"(age\w* de|qui a|ayant|elle a|il a|j ai|jai|a|de|et) $")
_BORN = re.compile(r"\bnee? (\w+ )?(en|le) (\d{1,2} \w+ |\d{1,2} \d{1,2} )?(?P<year>(19|20)\d\d)\b")
_CHILD = (
    r"(enfants?|fils|fille|filles|bebe|petite?|gamine?|garcon|ado|jumeaux|jumelles|nourrisson|"
    r"gosses?|mineure?s?)"
)
_OF_A_CHILD = re.compile(
    rf"{_CHILD}( \w+)? (de|a|ages? de|agee?s? de|qui a|,) ?(\d+ ans,? (et )?)*$"
)
_COUNT = re.compile(
    rf"(?P<n>\d{{1,2}}|un|une|des jumeaux|des jumelles) (petits? |jeunes? )?{_CHILD}\b"
)
_NO_CHILD = re.compile(r"(pas|sans|aucun|ni|n ai pas|zero) (d |de )?enfants?")
_MONEY = re.compile(
    r"(?P<n>\d{2,5})([.,]\d{1,2})? ?(€|euros?\b|eur\b|e\b)"
    r"(?! (de|d) (loyer|dettes?|retard|facture|credit|decouvert))"
)
_INCOME = re.compile(
    r"(touch\w*|gagn\w*|percoi\w*|recoi\w*|salaire|revenus?|retraite|pension|ressources|paye|"
    r"vis avec|vivre avec|vit avec|chomage|rsa|aah|alloc\w*|rentre\w*|avec)\b[^.;\n]{0,40}$"
)
_NO_INCOME = re.compile(
    r"(pas|aucune?|plus|sans|zero|0|pu) (\w+ )?(de |d )?"
    r"(revenus?|ressources?|salaire|argent qui rentre|sous qui rentrent)|"
    r"(gagne|touche|percois) (plus |pas )?rien\b|rien ne rentre"
)


def ages(text: str, today: date) -> list[tuple[int, int, int]]:
    """Return (age in years, start, end) of every age told by ``text``; months count as 0."""
    found = []
    for match in _AGE.finditer(text):
        before = text[: match.start()]
        value = int(match["n"])
        unit = match["unit"]
        if not unit.startswith("an"):
            if _NOT_AN_AGE.search(before) and not re.search(rf"{_CHILD} (de|a) $", before):
                continue
            value = value // 12 if unit == "mois" else 0
        elif (_NOT_AN_AGE.search(before) and not _OWNER_OF_AGE.search(before)) or re.search(
            r"(depuis|il y a|ya|pendant|ca fait|cela fait|dans|tous les) (\w+ )?$", before
        ):
            continue
        if value <= 115:
            found.append((value, match.start(), match.end()))
    for match in _BORN.finditer(text):
        age = today.year - int(match["year"])
        if 0 <= age <= 115:
            found.append((age, match.start(), match.end()))
    return found


def belongs_to_child(text: str, start: int) -> bool:
    """Tell whether the age at ``start`` is that of a child named just before it."""
    before = text[max(0, start - 40) : start]
    return (
        re.search(
            rf"{_CHILD}( \w+)? (de|a|ages? de|agee?s? de|qui a|,) ?(\d+ ans,? (et )?)*$", before
        )
        is not None
    )


def children(text: str) -> Known | None:
    """Return the number of dependent children told by ``text``."""
    none = _NO_CHILD.search(text)
    if none:
        return Known(low=0, high=0, words=none[0])
    best: Known | None = None
    for match in _COUNT.finditer(text):
        count = {"un": 1, "une": 1, "des jumeaux": 2, "des jumelles": 2}.get(match["n"])
        number = count if count is not None else int(match["n"])
        if number <= 15 and (best is None or number > (best.low or 0)):
            best = Known(low=number, high=number, words=match[0])
    return best


def income(text: str) -> Known | None:
    """Return the monthly resources in euros told by ``text``."""
    for match in _MONEY.finditer(text):
        if _INCOME.search(text[max(0, match.start() - 60) : match.start()]):
            amount = int(match["n"])
            if amount <= 20_000:
                return Known(low=amount, high=amount, words=match[0])
    nothing = _NO_INCOME.search(text)
    return Known(low=0, high=0, words=nothing[0]) if nothing else None
