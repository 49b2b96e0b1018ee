"""Short forms of SMS that only their neighbours decide: « g », « c », « é », « mé », « pu »."""

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
_DISH = frozenset("fait va fé aide marche arrive coute suffit fai".split())


def in_context(lowered: list[str], at: int) -> str | None:
    """Return the meaning of the few short forms that their neighbours decide."""
    word = lowered[at]
    before = lowered[at - 1] if at else ""
    after = lowered[at + 1] if at + 1 < len(lowered) else ""
    if word == "g":
        return None if before[:1].isdigit() or not after else "j'ai"
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
    return None
