"""Ages told by a message: in years, months or weeks, by year of birth, in lists, corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.understanding.clauses import Sentences
from assistant.understanding.kin import CHILD
from assistant.understanding.people import Person, Role, Track

_OLDEST = 115
_YOUNGEST_WRITER = 8
#: The age of somebody older than this is never that of a dependent child.
OLDEST_CHILD = 20
_YEAR = 12  # months
#: « lui 71, moi 68 » are ages, « moi 2, lui 1 » are counted.
_GROWN = 18
_NUMBERS = r"\d{1,3}(?: (?:, |et |, et )?\d{1,3})*"
_UNIT = r"(?P<unit>ans?|annees|berges|balais|piges|mois|semaines?|jours)"
_AGE = re.compile(rf"\b(?<!sur )(?P<numbers>{_NUMBERS}) (?:petits? )?{_UNIT}\b")
#: « 15 ans de métier », « 10 ans plus tard » are no ages.
_LASTS_AFTER = re.compile(
    r"^ (?:de|d|que|qu|plus tard|apres|avant|d attente|encore|maximum|minimum|renouvelable|"
    r"passes? a|a (?!l |la |charge)\w+(?:er|ir|re)|ferme|avec sursis|d ici|durant)\b(?! (?:mon|ma|"
    r"moi|la|mars|blois|vendome|(?:a )?\w+ (?:a|en) ))(?!.{0,3}(?:plus|moins) de la)"
)
_LASTS_BEFORE = re.compile(
    r"\b(?:depuis|il y a|y a|ya|pendant|dans|durant|tous les|toutes les|apres|avant|ca fait|"
    r"cela fait|voila|voici|bientot|enceinte de|grossesse de|"
    r"carte(?: de (?:sejour|resident))?(?: de)?|"
    r"titre(?: de sejour)? de|visa de|valables?|recepisse de|resident de|bail de|contrat de|avais|"
    r"avait|travaille|cotise|bosse|vecu|habite|passe|attendu|ete|cdd de|credit de|pret de|"
    r"condamne a|retard de|arret de|stage de|attendre|attends|preavis de|delai de|formation de|"
    r"faire|fait|encore|prend|sous|en|loyers? de|dure|moins de|plus de|relation de|mariage de|"
    r"ensemble|mariee?s? depuis|les|premiers?|derniers|dernieres|autorisation(?: \w+)? de|"
    r"anciennete de|ehpad a|peine de|suivi de|plan de|sejour de|sur|pour|bientot|au bout de|"
    r"duree de|jusqu a|a partir de|des|vers|reste|(?:depuis|des|jusqu a|avant|vers|apres) l age de|"
    r"depuis (?:que|qu) (?:j|il|elle) (?:ai|a)|quand (?:j|il|elle) (?:ai|a) eu|"
    r"presque)(?: (?:environ|plus de|a peu pres|les|mes|ses|la|deja|au moins|presque|pres de))* $"
)
#: « j’ai été aide à domicile trente ans »
_WAS = re.compile(r"\b(?:ai|a|etais|etait|avons) (?:ete |travaille |fait )(?:\w+ ){1,5}$")
#: « j’ai commencé à 17 ans », « partir à 64 ans »: the age of a day gone by, or still to come.
_AT_THAT_AGE = re.compile(
    r"\b(?:(?:ai|as|avons|ont|avais|avait|(?:il|elle|on|qui|l|m|fils|fille|mere|pere|mari|femme) a)"
    r"(?: (?:deja|tout|toujours|aussi|jamais|pas|seulement))?"
    r" (?!une?\b|mes\b|ses\b|des\b|les\b|de\b|que\b|le\b|ce\b|aucune?\b|autres?\b|peine\b|"
    r"plus\b|tres\b|petite?s?\b|mal\b|encore\b)\w*(?:e|i|u|it|is|ert|int)e?s?|"
    r"(?:suis|est|etais|etait|sommes|sont|ete) (?:deja )?(?:nee?s?|arrivee?s?|partie?s?|entree?s?|"
    r"sortie?s?|tombee?s?|devenue?s?|mort[es]?|decedee?s?|venue?s?|placee?s?|passee?s?|mariee?s?)|"
    r"(?:^|[,.?] )(?:et )?(?:commence|debute|arrete|demarre|quitte)|mariee?s?|"
    r"partir|pars|part|partirai?|depart|(?<!suis a la )(?<!suis en )retraite|taux plein|ouvre|"
    r"droits?|commencer|arreter|finir)(?: \w+){0,6} (?:a|a l age de|a mes|a ses) $"
)
#: « à 20 ans j’étais déjà mère »
_AT_THAT_AGE_THEN = re.compile(
    r"^(?: ,)? (?:je|j|il|elle|on|nous) (?:\w+ ){0,3}?(?:etai[st]|avai[st]|faisai[st]|vivai[st]|"
    r"travaillai[st]|bossai[st])\b"
)
_AT = re.compile(r"(?:^|[,.?] |\bet )a $")
_HALF_LASTS = re.compile(r"\b(?:\d+ )?(?:fois|mois|ans?|jours) (?:et|ou|a) $")
#: The words just before that can only announce an age.
_ANNOUNCES = re.compile(
    r"\b(?:agee?s? de|age de|(?:j|qui|il|elle|lui|et|mere|pere|\w+) (?:a|ai|ont|as|avons|avait)|"
    r"fete\w*|feter|ans|mes|ses|j ai|de|a|et|ayant|aura|aurai|va avoir|vais avoir)(?: (?:que|deja|"
    r"seulement|tout juste|juste|maintenant|presque|bientot|environ|a peine|pres de|maintenant|"
    r"encore|donc|aujourd hui|ses|mes|les))* $"
)
_ALMOST = re.compile(
    r"\b(?:presque|bientot|(?:va|vais|allant) sur (?:mes|ses|les)|vais avoir|va avoir|aurai|"
    r"aura|pas encore|approche)(?: \w+)? $"
)
#: « j’ai 18 ans dans deux mois »: seventeen, today.
_NOT_YET = re.compile(
    r"^ (?:dans (?:\w+ ){0,2}(?:jours?|semaines?|mois)|"
    r"(?:en|le (?:\d+|premier)|debut|fin|mi) (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|"
    r"septembre|octobre|novembre|decembre) (?:prochain|qui vient)|"
    r"(?:la semaine|le mois) prochaine?)\b"
)
_BORN = re.compile(
    r"\b(?:nee?s?|naissance|naquit|classe)(?: \w+){0,3}?(?: (?:le|en|du|:|"
    r"de))?(?: ,)?(?: \d{1,2}e?)?(?: ,)?(?: \d{1,2}| \w+)?(?: ,)? (?P<year>(?:19|20)\d\d)\b|"
    r"\bnee? (?:le \d+ \w+ |en |en \w+ )(?P<short>[3-9]\d)\b(?! (?:euros|ans))"
)
_NEWBORN = re.compile(
    r"\b(?:nouveau ne|nourrisson|vient de naitre|(?:ai|a|avons|on a) eu (?:notre|un|une|mon|"
    r"ma|le|la) (?:\w+ )?"
    r"(?:enfant|bebe|fille|fils|garcon|petite?) il y a \d+ (?:jours|semaines|mois)|"
    r"accouche il y a \d+ "
    r"(?:jours|semaines|mois)|vien\w* d avoir (?:notre|un|une|mon|ma|le|"
    r"la) (?:\w+ )?(?:enfant|bebe|fille|garcon)|nee? (?:hier|ce (?:matin|mois)|la semaine|"
    r"il y a \d+ (?:jours|semaines|mois)|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|"
    r"septembre|octobre|novembre|decembre|debut|cours)(?! (?:19|20)\d\d)))"
)
_CHILD_BEFORE = re.compile(rf"\b{CHILD}(?: \w+)?(?: (?:de|d|a|ont|agee?s? de|qui a|,|ayant|et))*"
                           rf"(?: \d+ (?:ans?|mois)(?: (?:,|et|de))*)* $")  # fmt: skip
#: « j’ai 3 enfants et 62 ans »
_CHILDREN_AND = re.compile(r"\b(?:\d|une?) (?:enfants?|gosses?|filles?|fils|garcons?) et $")
#: « 13 ans, mon aîné »
_NAMED_AFTER = re.compile(r"^ , (?:mon|ma|notre|mes|nos)\b")
_ONE_YEAR = re.compile(
    rf"\b{CHILD}(?: (?:a|d|de|age d|agee d))* (?P<one>un an)\b(?! (?:que|de|apres))"
)
_LAST_ONE = re.compile(r"\b(?:un|une|dernier|derniere|dont 1) (?:de|a) $")
_OF_BABY = re.compile(r"(?:\b(?:il|elle|qui|n|y) (?:a|aura|avait|a que|a pas)|,|^)(?: \w+)? $")
_BARE = re.compile(
    r"\b(?P<who>elle|lui|il|mere|pere|papa|maman|frere|soeur|mari|femme|moi|fils|fille|"
    r"petite?|grande?|ainee?|cadette?|cadet|derniere?|garcon)(?: (?:a|de|"
    r"en a|c est|j ai|j en ai))? (?P<n>\d{1,2})(?= (?:[,.?]|et|mais|moi|lui|elle)|$)"
    r"(?! (?:euros|%|(?:h|km|m)\b))"
)
_BARE_LIST = re.compile(
    rf"\b{CHILD}(?: (?:de|ont|a|,|ages? de))* (?P<numbers>\d{{1,2}}(?: (?:, |et |, et )\d{{1,2}})+)"
    r"(?= (?:[,.?])|$)"
)
_CORRECTED = re.compile(
    r"^(?: et demi)?(?: ,)?(?: euh)?(?: (?:non|enfin|pardon|plutot|oups|erreur|desole\w*|"
    r"rectification|je (?:voulais dire|me trompe)))+(?: ,)?(?: (?:j ai|elle a|il a|c est|plutot|"
    r"en fait|pardon|,))* (?P<n>\d{1,3})(?! (?:euros|enfants|mois|%))"
)
#: « pas 62 ans, 63 »
_RATHER = re.compile(
    r"^ (?:,|mais)(?: (?:,|mais|plutot|c est|j ai|j en ai|il a|elle a))* (?P<n>\d{1,3})"
    r"(?= (?:[,.]|ans)|$)"
)
_DENIED_THEN = re.compile(r"\b(?:pas|plus) $")


@dataclass(frozen=True, slots=True)
class Age:
    """An age in whole years, of whom, and where it is told; ``listed`` with other ages."""

    years: int
    start: int
    end: int
    owner: Person | None
    listed: bool = False


def read(track: Track, sentences: Sentences, today: date) -> Iterator[Age]:
    """Return every age that a message tells, those of children in months counted in years."""
    text = track.text
    seen = False
    for match in _AGE.finditer(text):
        if sentences.impersonal(match.start()):
            continue
        for age in _ages(track, match):
            seen = True
            yield age
    for match in _ONE_YEAR.finditer(text):
        owner = _whose(track, match.start("one"), text[: match.start("one")])
        yield Age(1, match.start("one"), match.end(), owner)
    yield from _bare(track, seen=seen)
    yield from _born(track, sentences, today)


def _ages(track: Track, match: re.Match[str]) -> Iterator[Age]:
    text, start = track.text, match.start()
    before, after = text[max(0, start - 60) : start], text[match.end() : match.end() + 60]
    years = match["unit"] not in ("mois", "semaine", "semaines", "jours")
    owner = _whose(track, start, before)
    if owner is None and _NAMED_AFTER.match(after):
        owner = track.owner(match.end() + 3)
    if not _is_age(before, after, match["numbers"], years=years, owner=owner):
        return
    numbers = [int(n) for n in re.findall(r"\d+", match["numbers"]) if int(n) <= _OLDEST]
    if len(numbers) == 1:
        corrected = _CORRECTED.match(after)
        if corrected and years:
            numbers = [int(corrected["n"])]
        elif _DENIED_THEN.search(before):
            rather = _RATHER.match(after)
            if rather is None:
                return
            numbers = [int(rather["n"])]
        elif years and (_ALMOST.search(before) or _NOT_YET.match(after)):
            numbers = [numbers[0] - 1]
    elif re.match(r"^\d+ \d+$", match["numbers"]):
        numbers = numbers[-1:]  # « F3 82 ans »: only the last one is an age
    if len(numbers) > 1:
        owner = _of_children(track, start, owner, max(numbers))
    child = owner is not None and owner.role is not Role.ME
    for number in numbers:
        value = number if years else number // 12 if match["unit"] == "mois" else 0
        if child or value >= _YOUNGEST_WRITER:
            yield Age(value, start, match.end(), owner, listed=len(numbers) > 1)


def _of_children(track: Track, start: int, owner: Person | None, oldest: int) -> Person | None:
    """« 2 filles que j’ai une semaine sur 2, 6 et 10 ans »: listed ages are theirs."""
    several = [p for p in track.named(Role.CHILD) if p.plural and p.start < start]
    mine = owner is None or owner is track.me
    return several[-1] if mine and several and oldest <= OLDEST_CHILD else owner


def _is_age(before: str, after: str, numbers: str, *, years: bool, owner: Person | None) -> bool:
    child = owner is not None and owner.role is Role.CHILD
    if not years:
        # Months are an age only for a baby: « ma fille de 3 mois », « 4 ans et 8 mois ».
        in_list = re.search(r"\bans? (?:et|,) $", before)
        one = owner is not None and not owner.plural and len(re.findall(r"\bans?\b", before)) == 1
        if (
            in_list
            and one
            and before.endswith("et ")
            and numbers.isdigit()
            and int(numbers) < _YEAR
        ):
            return False  # « 3 ans et 4 mois » is one age
        of_baby = _CHILD_BEFORE.search(before) or _LAST_ONE.search(before)
        told = child and _OF_BABY.search(before) is not None
        if re.match(r"^ (?:de|d|que|qu)\b", after):
            return False
        return (told or in_list is not None or of_baby is not None) and not _lasts(before, after)
    if _LASTS_AFTER.match(after) and not re.match(r"^ (?:de|d) (?:blois|vendome)", after):
        return bool(re.search(r"\b(?:j ai|elle a|il a|agee?s? de) $", before)) and not re.match(
            r"^ (?:de|d) (?!\d)", after
        )
    return not _lasts(before, after)


def _lasts(before: str, after: str) -> bool:
    """Tell whether it is how long something lasts: « depuis 3 ans »."""
    if _ALMOST.search(before) and re.search(
        r"\b(?:ai|a|avoir|aurai|aura|est|,) (?:\w+ )?$|\bsur (?:mes|ses|les) $", before
    ):
        return False
    return bool(
        _LASTS_BEFORE.search(before)
        or _WAS.search(before)
        or _AT_THAT_AGE.search(re.split(r" (?=(?:mais|car|alors) )|[,.?](?= \w)", before)[-1])
        or (_AT.search(before) and _AT_THAT_AGE_THEN.match(after))
        or (_HALF_LASTS.search(before) and not _CHILD_BEFORE.search(before))
    )


def _whose(track: Track, start: int, before: str) -> Person | None:
    owner = track.owner(start)
    counted = _CHILDREN_AND.search(before)
    if counted is not None:
        return track.owner(max(0, start - len(before) + counted.start() - 2))
    if _CHILD_BEFORE.search(before) and (owner is None or owner.role is not Role.CHILD):
        children = [
            p for p in track.people if p.start < start and p.role in (Role.CHILD, Role.RELATIVE)
        ]
        if children:
            return children[-1]
    return owner


def _bare(track: Track, *, seen: bool) -> Iterator[Age]:
    """« elle 78 » after an age, « mes gamins, 6 et 9 »."""
    text = track.text
    found = list(_BARE.finditer(text))
    pair = len(found) > 1 and all(int(match["n"]) >= _GROWN for match in found)
    if seen or pair or re.search(r"\bage\b", text):
        for match in found:
            yield Age(
                int(match["n"]), match.start("n"), match.end("n"), track.owner(match.start("n"))
            )
    for match in _BARE_LIST.finditer(text):
        owner = _whose(track, match.start("numbers"), text[: match.start("numbers")])
        for number in re.findall(r"\d+", match["numbers"]):
            if int(number) <= 30:
                yield Age(int(number), match.start("numbers"), match.end(), owner, listed=True)


def _born(track: Track, sentences: Sentences, today: date) -> Iterator[Age]:
    text = track.text
    for match in _BORN.finditer(text):
        years = today.year - (int(match["year"] or 0) or 1900 + int(match["short"]))
        if 0 <= years <= _OLDEST:
            yield Age(
                years,
                match.start(),
                match.end(),
                _whose(track, match.start(), text[: match.start()]),
            )
    for match in _NEWBORN.finditer(text):
        owner = track.owner(match.start())
        if sentences.impersonal(match.start()):
            continue
        birth = re.search(r" d avoir | eu |accouche", match[0]) is not None
        if " d avoir " in match[0]:
            owner = track.owner(match.end() - 1)
        elif birth:
            owner = Person(Role.CHILD, "bebe", match.start())
        named = match[0] in ("nouveau ne", "nourrisson") or birth
        if named or (owner is not None and owner.role is Role.CHILD):
            yield Age(0, match.start(), match.end(), owner)
