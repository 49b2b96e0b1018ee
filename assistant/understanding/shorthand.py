"""Short forms of SMS that only their neighbours decide: « g », « é », « 2 », « 8 moi »."""

from __future__ import annotations

import re

_BEFORE_PU = frozenset(
    "peu peux peut veu veux veut ya est é sui suis marche paye dor dort dors mange ariv".split()
)
_AFTER_BUT = frozenset(
    """
    je j jai jé g ya il i elle el on pas pa la le les lé c cé ça sa un une avec quand kan si
    jsui jpeu jveu ma mon pour ki qui personne rien tout maintenant en a à aucun aucune
    """.split()
)
_IS_BEFORE = frozenset("il elle qui ki sa ça on el i mari mere maman tout".split())
_DOES_NOT_KNOW = frozenset("ne n il elle el".split())
_SAYS = re.compile(
    r"^(dit|di|mis|viré|vire|fait|donné|donne|refusé|coupé|coupe|laissé|quitté|envoyé|parlé|pris"
    r"|répondu|accordé|supprimé|conseillé|demandé|frappé|tapé|menacé|volé|radié|rien|pas|même)$"
)
#: More is said in years: « il a 71 ans, moi 68 ».
_MOST_MONTHS = 48
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SUBJECTS = frozenset("je j tu il elle on qui ki i el jy".split())
_THEY = frozenset("il i elle el on kelkun qqn patron mari ex proprio".split())
_HAVE = frozenset(
    "g ai jai jé j'ai avon avons a as juste just que ke touche touch jtouche jtouch ac avec".split()
)
_NO_ROOF = frozenset("sans san de 2 un 1 d".split())
_MONTH_BEFORE = frozenset(
    "le du des ce ces chaque un 1 au les par dernier quelque quelques".split()
)
#: « pa 2 boulo », « besoin 2 parlé »: the figure is said « de ».
_BEFORE_DE = frozenset(
    """
    pas pa plus plu pu besoin bsoin peur marre bcp beaucoup trop assez rien plein pleins manque
    parle coté coter pres près moitié lieu kelkun qqn quelqu'un quelque fin €  euro euros e envie
    """.split()
)
_CHILD = re.compile(r"^(bb|bébé|bebe|enfant?s?|fils|fis|fille?s?|gosses?|gamine?|garçon|ado|gars)$")
#: What is counted: the figure stays one.
_COUNTED = re.compile(
    r"^(ans?|année|annee|mois?|jours?|semaines?|fois|heures?|h|euros?|e|er|ere|ère|eme|ème|km|"
    r"enfant?s?|enf|gosses?|gamine?s?|fils|filles?|garçons?|bébés?|bebes?|bb|ados?|mômes?|momes?|"
    r"personnes?|chambres?|pièces?|pieces?|loyers?|voitures?|credits?|crédits?|factures?|salaires?|"
    r"rue|avenue|av|place|allée|allee|impasse|route|bis|ter|chemin|boulevard|et|à|a|ou|sur|de|cm)$"
)
_FEMININE = re.compile(r"(?:e|tion|sion|ité|té|son|eur|ée)$")
_DISH = frozenset("fait va fé aide marche arrive coute suffit fai".split())


def in_context(lowered: list[str], at: int) -> str | None:
    """Return the meaning of the few short forms that their neighbours decide."""
    word = lowered[at]
    before = lowered[at - 1] if at else ""
    after = lowered[at + 1] if at + 1 < len(lowered) else ""
    if word == "g":
        weighed = before[:1].isdigit() and not _YEAR.match(before)
        return None if weighed or not after else "j'ai"
    if word == "c":
        if before in _DOES_NOT_KNOW:
            return "sait"
        return "c'est" if after[:1].isalpha() and before not in ("'", "’", "bat") else None
    if word in ("é", "è"):
        return "est" if before in _IS_BEFORE else "et"
    if word == "o":
        return "au" if after[:1].isalpha() else None
    if word == "i":
        return "il" if after[:1].isalpha() else None
    if word in ("mé", "mè"):
        return "mais" if after in _AFTER_BUT or after[:1] == "j" else "mes"
    if word == "pu" and (after in ("de", "d", "du", "rien") or before in _BEFORE_PU):
        return "plus"
    if word in ("mer", "mere") and before == "ma":
        return "mère"
    if word in ("per", "pere") and before == "mon":
        return "père"
    if word == "ma" and _SAYS.match(after):
        return "m'a"
    if word == "sa" and after in _DISH:
        return "ça"
    return _sounds_like(word, before, after) or _figure(lowered, at)


def _sounds_like(word: str, before: str, after: str) -> str | None:
    """Return the word meant by one that is heard the same: « 8 moi », « je vie », « à la ru »."""
    if word == "ma" and before in _THEY:
        return "m'a"
    if word == "moi":
        counted = _counts_months(before, after) or (before in _MONTH_BEFORE and after != "même")
        return "mois" if counted else None
    if word == "travail" and before in _SUBJECTS:
        return "travaille"
    if word == "vie" and before in _SUBJECTS:
        return "vis" if before in ("je", "j") else "vit"
    if word == "toi" and before in _NO_ROOF:
        return "toit"
    if word in ("tan", "tant") and before == "mi":
        return "temps"
    if word in ("ru", "gar") and before == "la":
        return f"{word}e"
    if word == "lame" and before in _HAVE:
        return "l'ame"
    return "en" if word == "an" and after in ("tou", "tout") else None


def _counts_months(before: str, after: str) -> bool:
    """Tell « 8 moi » from « lui 71 moi 68 »."""
    if not before[:1].isdigit() or after[:1].isdigit():
        return False
    return not before.isdigit() or int(before) <= _MOST_MONTHS


def _figure(lowered: list[str], at: int) -> str | None:
    """Read « pa 2 boulo » as « pas de boulot », « 1 copain » as « un copain »."""
    word, before = lowered[at], lowered[at - 1] if at else ""
    after, then = (*lowered[at + 1 : at + 3], "", "")[:2]
    if word == "2" and after[:1].isdigit():
        return "de" if _CHILD.match(before) and then[:2] in ("an", "mo") else None
    if word not in ("1", "2") or not after[:1].isalpha() or _COUNTED.match(after):
        return None
    if word == "2":
        return "de" if before in _BEFORE_DE else None
    return "une" if _FEMININE.search(after) else "un"
