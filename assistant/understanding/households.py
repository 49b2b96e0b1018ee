"""With whom people live, when it follows from who « nous » are: « mon mari… nous louons… »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

#: What « we » do together when we live together.
_WE_LIVE = re.compile(
    r"\b(?:nous|on) (?:(?!ne|n|me|m|vous)\w+ ){0,3}?(?:vivons|vit|habit\w+|lou(?:e|ons)|"
    r"log(?:e|eons)|partag(?:e|eons)|install\w+|sommes (?:locataires|proprietaires)|"
    r"est (?:locataires|proprietaires)|(?<=on )rembourse|(?<=nous )rembours(?:e|ons)|(?:paie|paye|"
    r"payons) (?:\w+ ){0,3}"
    r"(?:loyer|maison|credit|emprunt)|(?:a|avons|est|sommes) (?:(?!pas|plus)\w+ ){0,3}(?:maison|"
    r"appart\w*|pavillon|proprietaires?|locataires?|hlm|logement|t[2-5]|retraites|bail|chez nous|"
    r"voitures?|mutuelle))\b(?! (?:avec|de|d|sur) (?:\w+ )?\d)|"
    r"\b(?:notre|nos) (?:\w+ )?(?:maison|appart\w*|studio|loyer|logement|couple)\b|"
    r"\bensemble\b|\ba nous 2\b"
)
#: They are no longer, or not, under one roof.
_APART = re.compile(
    r"\b(?:separ\w+|divorc\w+|dece\w+|mort\w?|veuf|veuve|deuil|ehpad|maison de retraite|prison|"
    r"quitt\w+|part(?:ie?|is?)|ancienn?e?|ex|rompu|incarcer\w+|seule?|en foyer|fait dormir)\b"
)
_WITH_KIN = re.compile(
    r"\b(?:partag\w+|coloc\w*|loue|louons) (?:\w+ ){0,6}(?:avec|a \d|chez)\b(?! (?:mon|ma) "
    r"(?:mari|femme|conjointe?|compagnon|compagne|copain|copine))"
)
#: Read only where no rule tells it.
_LAST = 60


def read(track: Track) -> Iterator[Finding]:
    """Return the household that follows from who « we » are, after what is told plainly."""
    text = track.text
    shared = _WITH_KIN.search(text)
    if shared:
        yield _finding(shared, "family_or_friends", track.owner(shared.start()))
    we = _WE_LIVE.search(text)
    if we is None:
        return
    partner = next((p for p in track.named(Role.PARTNER) if not p.indefinite), None)
    if partner is not None and not _APART.search(text):
        yield _finding(we, "couple", track.me)


def of_kin(finding: Finding, track: Track) -> bool:
    """« Ma sœur et moi, nous vivons toutes les deux »: two who are no couple."""
    if finding.fact is not Fact.HOUSEHOLD or finding.value != "couple":
        return False
    if not re.search(r"\b(?:tous|toutes) les 2|a 2\b", track.text[finding.start : finding.end]):
        return False
    kin = [p for p in track.named(Role.RELATIVE) + track.named(Role.PARENT) if not p.plural]
    return len(kin) == 1 and not track.named(Role.PARTNER)


def _finding(match: re.Match[str], value: str, owner: Person | None) -> Finding:
    start, end = match.span()
    return Finding(Fact.HOUSEHOLD, start, end, owner, value, rank=_LAST)
