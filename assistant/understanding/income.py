"""The money that comes into a home each month, as people tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understanding.clauses import Sentences
from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

_MOST = 15_000
_CURRENCY = r"(?:euros?|eur|balles|boules|roros)"
_AMOUNT = re.compile(
    rf"(?<!\d )\b(?P<n>\d{{2,6}})(?: , \d\d(?= {_CURRENCY}))?(?P<money> {_CURRENCY})?\b"
    r"(?! ?(?:ans?|mois|jours?|semaines?|h|heures?|%|enfants?|personnes?|km|kg|m|cm|gosses?|"
    r"minutes|fois|e|vaches|hectares|degres|pieces|ter|bis|rue|avenue)\b)"
)
_IN = (
    r"touch\w*|gagn\w*|percoi\w*|percev\w*|recoi\w*|recev\w*|salaires?|revenus?|retraites?|pension|"
    r"ressources|vi[st] (?:\w+ ){0,3}(?:avec|sur|de)|vivre (?:\w+ ){0,3}(?:avec|sur|de)|"
    r"vivons (?:\w+ ){0,3}(?:avec|sur|de)|avec|rentr\w*|paie de|nets?|indemni\w*|bourse|ij|rsa|aah|"
    r"ass|are|chomage|alloc\w*|aspa|apl|prime|declar\w*|au total|en tout|sur|tourne a|on est a|"
    r"suis a|est a|payee?|smic|invalidite|fait|ca fait|tombe|moi|lui|elle|mari|femme|moyenne|on a|"
    r"j ai|il a|elle a|nous avons|ils ont"
)
_OUT = (
    r"loyers?|factur\w*|dettes?|credits?|dois|doit|devons|devait|caution|devis|cout\w*|prix|tarif|"
    r"reclam\w*|demand\w*|payer|paye|paie(?! de)|payons|paient|rembours\w*|retard|impaye\w*|frais|"
    r"amende|placer|vire|perdu|economies|livret|decouvert|heritage|vaut|achet\w*|vend\w*|mutuelle|"
    r"dont|reste|devant moi|assurance|charges|revient|depot|avance|epargne|chauffage|electricite|"
    r"edf|eau|gaz|essence|mensualites|cheque|vole\w*|sucre|rappel|trop percu|plus de (?=\d)|"
    r"il faut|faut|manque|coupe|louer|loue|baisse de|augment\w*|moins|caf me doit|propose|"
    r"veu\w+ \d*|au lieu de"
)
_CUES = re.compile(rf"\b(?:(?P<out>{_OUT})|(?P<into>{_IN}))\b")
_WEAK = frozenset("avec sur fait moi lui elle mari femme tombe".split()) | {
    *("on a", "ca fait", "on est a", "suis a", "est a"),
    *("j ai", "il a", "elle a", "nous avons", "ils ont"),
}
_AFTER_IN = re.compile(
    r"^ (?:nets?|net par mois|brut|par mois|mensuels?|/ ?mois|chaque mois|tous les mois|le mois|"
    r"(?:\w+ ){0,3}(?:de|d|du|en) (?:ma |mon |petite? |la )?(?:salaires?|retraite|pension|revenus?|"
    r"chomage|rsa|aah|bourse|allocations?|allocs?|indemni\w*|ressources|ass|are|aspa|prime|apl|"
    r"reversion|invalidite|paie)|pour (?:vivre|(?:faire|passer) le mois)|(?:\w+ )?(?:rentrent|"
    r"rentre|"
    r"entrent|arrivent) (?:chaque|par|tous|a la)|de la (?:caf|msa)|de france travail|a nous 2|"
    r"a 2\b|"
    r"pour \d+ personnes|en tout|au total|a la maison|qui (?:rentre|tombe)\w*|ensemble)"
)
_AFTER_OUT = re.compile(
    r"^ (?:(?:de|d|du|en) (?:mon |ma |)?(?:loyers?|dettes?|credits?|factures?|caution|charges|"
    r"frais|retard|decouvert|cantine|devis|electricite|edf|impayes?|arrieres?|essence|avance|"
    r"mutuelle|remboursement|fioul|gaz|eau|garde|nounou|depot|courses|trop percu|depassement|"
    r"menage|cotisations?|loyer)|par (?:seance|jour|repas|enfant|nuit)|la (?:seance|nuit|journee)|"
    r"de l heure|a l heure|pour (?:une?|la|le|les|mes|ma|mon|en|manger|deux|un|finir|tenir)\b|"
    r"jusqu|"
    r"a placer|a payer|a rembourser|a regler|que je (?:dois|n)|partis|par mois (?:pour|de (?:loyer|"
    r"credit|mutuelle|charges))|impaye\w*|devant|net vendeur)"
)
_YEARLY = re.compile(r"^(?: \w+){0,3} (?:par an|annuels?|l an|a l annee|sur l annee|l annee)\b")
_WEEKLY = re.compile(r"^(?: \w+){0,2} (?:par semaine|la semaine)\b")
_TOTAL = re.compile(
    r"\b(?:en tout|au total|a nous 2|a 2|tout compris|tous les 2|ensemble|pour \d+ personnes|"
    r"a la maison|chez nous|total)\b"
)
_RANGE = re.compile(r"\b(?:entre|de) (?P<low>\d{3,4})(?: euros)? (?:et|a) (?P<high>\d{3,4})\b")
_NOTHING = re.compile(
    r"\b(?:pas|aucune?|(?<!en )(?<!de )plus(?! du)|sans|zero|0|ni) (?:(?:vraie?|autre|seul|moindre|"
    r"aucune?|encore|plus|un|le) ){0,2}(?:de |d )?(?:revenus?|ressources?|salaire|rentree d argent|"
    r"argent qui rentre|sous qui rentrent?)(?! (?:de|du|d) (?:mon|sa|son))|\b(?:gagne|touche|"
    r"percois) (?:plus |pas |absolument )?rien(?! (?:de|pour|d))|\brien (?:ne |n )?(?:rentre|"
    r"qui rentre)|\b(?:plus|pas) (?:un|de) (?:rond|centime|sou|kopeck|euro) (?:qui|ne) \w+|"
    r"\bni (?:taf |travail |boulot |ecole |\w+ ){0,3}ni (?:sous|argent|revenus?|ressources)\b|"
    r"\bpas un (?:rond|centime|sou) (?:qui|de revenu)|"
    r"\b(?:pas|plus|jamais) (?:rentre |gagne |touche |encaisse |fait rentrer |vu |vendu )(?:pour )?"
    r"(?:un|1|le moindre|2) (?:seul )?(?:euros?|centimes?|sous?|rond|kopeck|balles)|"
    r"\b(?:bourse|salaire|chomage|rsa|revenus?|allocations?)(?: ,)?(?: et)? (?:maintenant |la |"
    r"depuis |et "
    r"|mais )(?:je n ai |j ai )?plus rien\b|\b(?:vi[st]|vivons) (?:de rien|sans rien|sans argent)\b"
)
_PER_MONTH_WEEKS = 52 / 12


@dataclass(frozen=True, slots=True)
class _Amount:
    value: float
    high: float
    start: int
    end: int
    owner: Person | None
    total: bool


def read(track: Track, sentences: Sentences) -> list[Finding]:
    """Return the monthly resources told by a message, one finding for each person's."""
    amounts = _amounts(track, sentences)
    if not any(_at_home(amount.owner) for amount in amounts):
        nothing = _NOTHING.search(track.text)
        if nothing is None or sentences.impersonal(nothing.start()):
            return [_summed(track.text, amounts)] if amounts else []
        owner = track.owner(nothing.start())
        return [Finding(Fact.INCOME, nothing.start(), nothing.end(), owner, low=0, high=0)]
    totals = [amount for amount in amounts if amount.total]
    if totals and len(amounts) > 1:
        amounts = totals[-1:]
    groups: dict[bool, list[_Amount]] = {}
    for amount in amounts:
        groups.setdefault(_at_home(amount.owner), []).append(amount)
    return [_summed(track.text, group) for group in groups.values()]


def _at_home(owner: Person | None) -> bool:
    """Tell whether the money of ``owner`` is that of the home of the person who writes."""
    return owner is None or owner.role in (
        Role.ME,
        Role.PARTNER,
        Role.CHILD,
        Role.OFFICE,
        Role.SOMEONE,
    )


def _amounts(track: Track, sentences: Sentences) -> list[_Amount]:
    text = track.text
    found: list[_Amount] = []
    ranges = {match.end("high"): float(match["low"]) for match in _RANGE.finditer(text)}
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        added = found and re.fullmatch(r" (?:\+|plus) (?:\w+ )?", text[found[-1].end : start])
        if sentences.impersonal(start) or not (added or _is_income(text, match)):
            continue
        high = float(match["n"])
        value = ranges.get(match.end("n"), high)
        after = text[end : end + 40]
        factor = 1 / 12 if _YEARLY.match(after) else _PER_MONTH_WEEKS if _WEEKLY.match(after) else 1
        value, high = round(value * factor), round(high * factor)
        if value <= _MOST:
            around = text[max(0, start - 14) : end + 30]
            total = bool(_TOTAL.search(around))
            found.append(_Amount(value, high, start, end, track.owner(start), total))
    return found


def _is_income(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    number, money = int(match["n"]), bool(match["money"])
    if not money and (
        1900 <= number <= 2035 and not _after_in(text, end) and not _IN_JUST.search(text[:start])
    ):
        return False
    if not money and len(match["n"]) < 3:
        return False
    after = text[end : end + 50]
    if _AFTER_OUT.match(after):
        return False
    before = re.split(r"[.?] ", text[max(0, start - 70) : start])[-1]
    cues = list(_CUES.finditer(before))
    nearest = cues[-1] if cues else None
    if nearest is not None and nearest.lastgroup == "out":
        return False
    if _AFTER_IN.match(after):
        return True
    if nearest is None:
        return money and bool(_ALONE.match(after) and before.endswith(", ") and _EARNS.search(text))
    distance = len(before[nearest.end() :].split())
    if nearest[0] in _WEAK:
        spent = [cue for cue in cues if cue.lastgroup == "out"]
        if spent and "," not in before[spent[-1].end() :] and _COSTS.search(before):
            return False
        by_month = re.search(r"\bpar mois\b", after)
        strong = [cue for cue in cues if cue.lastgroup == "into" and cue[0] not in _WEAK]
        return bool(
            distance <= 2 and (by_month or strong or nearest[0] == "avec" or _LIVES.search(before))
        )
    return distance <= (8 if money else 4)


_IN_JUST = re.compile(
    r"\b(?:touch\w*|gagn\w*|salaire de|retraite de|percois?|avec|on a|recois?) (?:environ |que |"
    r"net )?$"
)
#: « stagiaire, 28 ans, 700 euros »: an amount by itself, beside what somebody lives on.
_ALONE = re.compile(r"^ (?:[,.]|$)|^$")
_EARNS = re.compile(
    r"\b(?:retraitee?|stagiaire|salariee?|invalidite|rsa|aah|chomage|pension\w*|travaille|cdi|cdd|"
    r"interim\w*|employee?|temps partiel)\b"
)
#: « le loyer HLM fait 690 »
_COSTS = re.compile(
    r"\b(?:loyers?|factures?|chambre|cantine|mutuelle|assurance|credits?)(?: \w+){0,2} fait $"
)
_LIVES = re.compile(r"\b(?:vi[st]|vivons|vivre|gagn\w*|touch\w*)\b")


def _after_in(text: str, end: int) -> bool:
    return bool(_AFTER_IN.match(text[end : end + 40]))


def _summed(text: str, amounts: list[_Amount]) -> Finding:
    """Add what several people or sources bring; the last one wins after a correction."""
    first, last = amounts[0], amounts[-1]
    between = text[first.end : last.start]
    if len(amounts) > 1 and re.search(
        r"\b(?:non|pardon|enfin|plutot|erreur|maintenant|desormais)\b", between
    ):
        amounts = [last]
    low = sum(amount.value for amount in amounts)
    high = sum(amount.high for amount in amounts)
    owner = next((a.owner for a in amounts if a.owner is not None), None)
    return Finding(Fact.INCOME, amounts[0].start, amounts[-1].end, owner, low=low, high=high)
