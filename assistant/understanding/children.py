"""How many dependent children a message says there are."""

from __future__ import annotations

import re

from assistant.understanding.clauses import Sentences
from assistant.understanding.people import Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

_MOST = 15
_ORDINALS = {"deuxi": 2, "secon": 2, "trois": 3, "quatr": 4, "cinqu": 5}
_ADJ = r"(?:(?:petite?s?|jeunes?|grande?s?|autres?|beaux|belles|adorables|seule?) )?"
_WHOLE = (
    r"(?:enfants?|gosses?|gamine?s?|momes?|marmots?|loulous?|mineurs?|bambins?|minots?|gones|"
    r"gnomes|rejetons|zouzous)"
)
_SMALL_ONES = r"petits(?= (?:[,.?]|et|a|avec|de|qui|dont|en|sans|pour|depuis)|$)"
_PART = (
    r"(?:filles?|fils|garcons?|bebes?|ados?|adolescente?s?|grande?s?|petite?s?|"
    r"jumeaux|jumelles|gars)"
)
_TWINS = re.compile(r"\b(?:des|mes|nos|ses|de|les|avec|2) (?:\w+ )?(?:jumeaux|jumelles)\b")
_TRIPLETS = re.compile(r"\b(?:des|mes|nos) triple(?:s|tte?s?)\b")
_COUNT = re.compile(
    rf"\b(?P<n>\d{{1,2}}|un seul|un unique|un) {_ADJ}(?P<noun>(?:{_WHOLE}|{_SMALL_ONES}))\b"
)
_PARTS = re.compile(rf"\b(?P<n>\d{{1,2}}|une?) {_ADJ}(?P<noun>{_PART})\b")
_LEFT = re.compile(
    r"\b(?:il (?:m |nous )?en reste|(?:n |m )?en (?:ai|a|avons)(?: plus que)?|ils sont|elles sont|"
    r"enfin|non|pardon|plutot) (?:que |plus que |moi )?(?P<n>\d)(?! (?:ans?|mois|euros|h|%|fois))\b"
)
_IN_CHARGE = re.compile(r"\b(?P<n>\d{1,2}) (?:\w+ )?(?:a charge|a ma charge|a notre charge)\b")
_NONE = re.compile(
    r"\b(?:pas|sans|aucune?|ni|zero|0|plus|jamais eu) (?:d |de |encore d )?enfants?(?! (?:a la|en|"
    r"dans la|handic|de moins))\b|\b(?:plus|pas) (?:personne|aucun|d enfants?) a (?:ma |"
    r"notre )?charge\b|\bmoi (?:je n en ai |j en ai |)?(?:aucun|pas|zero|0)(?= [,.]| et|"
    r"$)"
)
_ONLY = re.compile(
    r"\b(?:mon|notre|un|ma|une) (?:seul|seule|unique) (?:enfant|fils|fille|bebe)|(?:mon|ma|notre|"
    r"un|une|leur) (?:fils|fille|enfant) unique\b"
)
#: Not children in charge: brothers and sisters, children kept for others, grown up or past.
_NOT_MINE = re.compile(
    r"\b(?:sommes|etions|famille de|fratrie de|garde|gardais|garder|eleve deja|ai eleve|"
    r"avons eleve|elevee?s?|perdu|avais|avait|avions|voudrais|aimerais|attends|dont|soeurs? et|"
    r"freres et|tous les|chambre pour|decede\w*|sur|moins de|plus de|entre|classe de|enfant de|1er|"
    r"jusqu a)(?: \w+){0,2} $"
)
_NOT_MINE_AFTER = re.compile(
    r"^ (?:sur (?:\d|un|deux)|sont (?:grands|partis|adultes|majeurs|loin)|(?:\w+ )?(?:adultes|"
    r"majeurs|places)|de ma (?:soeur|voisine|compagne)|de mon (?:frere|compagnon))"
)
_RANK = re.compile(
    r"\b(?:mon|notre|ma|un|le|son) (?P<n>[2-9]e|deuxieme|second|seconde|troisieme|quatrieme|"
    r"cinquieme) (?:petite? )?(?:enfant|bebe|fille|garcon|gosse)\b"
)
_RECOUNTED = re.compile(
    rf"^(?: {_WHOLE})?(?: a charge)?(?: ,)?(?: euh)?(?: (?:enfin|non|pardon|plutot|mais|"
    rf"oups))+(?: ,)?"
    r"(?: (?:j en ai|il m en reste|ils sont|c est|en fait|pardon|,))* (?P<n>\d)(?! (?:ans?|mois|"
    r"euros))\b"
)

#: « pas 3 enfants, 2 »
_NOT_SO_MANY = re.compile(r"\bpas $")
_RATHER = re.compile(
    r"^ (?:,|mais)(?: (?:,|mais|plutot|c est|j en ai|en ai|seulement))* (?P<n>\d)"
    r"(?= (?:[,.]|enfants?)|$)"
)


def read(track: Track, sentences: Sentences) -> list[Finding]:
    """Return the numbers of dependent children told by a message, and of whom."""
    found = []
    counted = _counted(track, sentences) or _summed(track, sentences) or _ordinal(track)
    if counted is not None:
        found.append(counted)
    none = _NONE.search(track.text)
    if none and _is_ours(track, none.start()):
        found.append(_finding(track, none.start(), none.end(), 0))
    return found


def _ordinal(track: Track) -> Finding | None:
    """« notre 3e enfant » just born makes three; still to come, two."""
    match = _RANK.search(track.text)
    if match is None or not _is_ours(track, match.start()):
        return None
    before = track.text[max(0, match.start() - 30) : match.start()]
    to_come = re.search(r"\b(?:attend\w*|enceinte|prochain|grossesse)\b", before) is not None
    return _finding(
        track, match.start(), match.end(), _ordinal_number(match["n"]) - (1 if to_come else 0)
    )


def _ordinal_number(word: str) -> int:
    return int(word[0]) if word[0].isdigit() else _ORDINALS[word[:5]]


def _counted(track: Track, sentences: Sentences) -> Finding | None:
    text = track.text
    best: Finding | None = None
    for pattern in (_COUNT, _IN_CHARGE):
        for match in pattern.finditer(text):
            if not _counts(track, sentences, match):
                continue
            number = int(match["n"]) if match["n"].isdigit() else 1
            if pattern is _COUNT and match["n"] == "un" and _unsaid(text, match):
                continue
            recounted = _RECOUNTED.match(text[match.end() : match.end() + 60])
            if _NOT_SO_MANY.search(text[: match.start()]):
                recounted = _RATHER.match(text[match.end() :])
                if recounted is None:
                    continue
            if recounted:
                return _finding(
                    track, match.start(), match.end() + recounted.end(), int(recounted["n"])
                )
            if number <= _MOST and (best is None or number > (best.low or 0)):
                best = _finding(track, match.start(), match.end(), number)
    left = re.search(
        r"\b(?:il (?:m |nous )?en reste|n en ai plus que|y en a (?:plus )?que|ils sont|elles sont|"
        r"dont seulement) (?P<n>\d)\b|\bdont (?P<kept>\d) (?:\w+ ){0,2}a (?:ma |notre )?charge\b",
        text,
    )
    if left and re.search(rf"\b{_WHOLE}|{_PART}\b", text):
        return _finding(track, left.start(), left.end(), int(left["n"] or left["kept"]))
    return _with_baby(track, best)


def _with_baby(track: Track, best: Finding | None) -> Finding | None:
    """« 2 enfants et un bébé » are three."""
    if best is None:
        return None
    more = re.match(
        r"^(?: [^.?]{0,40})? et (?:un|1) (?:petit )?(?:bebe|nourrisson|nouveau ne)\b",
        track.text[best.end :],
    )
    if not more or not best.low:
        return best
    return _finding(track, best.start, best.end + more.end(), int(best.low) + 1)


def _summed(track: Track, sentences: Sentences) -> Finding | None:
    """« des jumeaux et une grande », « 2 garçons et un bébé »: the parts are added."""
    text = track.text
    only = _ONLY.search(text)
    if only and _is_ours(track, only.start()):
        return _finding(track, only.start(), only.end(), 1)
    parts: list[tuple[int, int, int, bool]] = []
    for match in _TRIPLETS.finditer(text):
        parts.append((3, match.start(), match.end(), True))
    for match in _TWINS.finditer(text):
        parts.append((2, match.start(), match.end(), True))
    for match in _PARTS.finditer(text):
        if re.search("jum", match["noun"]) or not _counts(track, sentences, match):
            continue
        sure = match["n"].isdigit()
        parts.append((int(match["n"]) if sure else 1, match.start(), match.end(), sure))
    # « une fille de 15 ans » alone does not say that there is no other child.
    if not parts or (not any(sure for *_, sure in parts) and len(parts) == 1):
        return None
    total = sum(number for number, *_ in parts)
    if total > _MOST:
        return None
    return _finding(track, min(p[1] for p in parts), max(p[2] for p in parts), total)


def _counts(track: Track, sentences: Sentences, match: re.Match[str]) -> bool:
    start, end = match.start(), match.end()
    if sentences.impersonal(start) or not _is_ours(track, start):
        return False
    before, after = track.text[max(0, start - 40) : start], track.text[end : end + 40]
    if _NOT_MINE.search(before) and not re.search(r"\b(?:mes|nos) $", before):
        return bool(re.search(r"\bdont $", before)) and match["n"].isdigit() and int(match["n"]) > 1
    if re.match(r"^ (?:de )?moins de|^ ans", after):
        return False
    return not _NOT_MINE_AFTER.match(after)


def _unsaid(text: str, match: re.Match[str]) -> bool:
    """« un enfant handicapé », « aide pour un enfant »: no count."""
    before = text[max(0, match.start() - 20) : match.start()]
    return not re.search(
        r"\b(?:ai|a|avons|avec|et|eleve|eleve seule?|maman d|papa d|mere d|pere d|charge|que) $",
        before,
    )


def _is_ours(track: Track, start: int) -> bool:
    """Tell whether the children at ``start`` are not those of somebody aside."""
    owner = track.owner(start)
    holder = track.owner(max(0, start - 2))
    for person in (owner, holder):
        if person is not None and person.role in (Role.OFFICE, Role.EX):
            return False
    return True


def _finding(track: Track, start: int, end: int, number: int) -> Finding:
    holder = track.owner(start)
    if holder is not None and holder.role is Role.CHILD:
        holder = track.owner(max(0, start - 2))
    if holder is not None and holder.role is Role.CHILD:
        holder = None
    return Finding(Fact.CHILDREN, start, end, holder, low=number, high=number)
