"""Whom a message is about: the person who writes, or somebody close to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.understanding.people import Person, Role, Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

#: Those who may be the person concerned.
CONCERNED = frozenset({Role.PARTNER, Role.CHILD, Role.PARENT, Role.RELATIVE, Role.OTHER})

_FOR_ME = re.compile(
    r"\bc est (?:bien |juste |seulement )?pour moi(?! (?:difficile|dur|complique|important|trop|"
    r"impossible))\b|\bpour moi meme\b|\bc est moi (?:qu il|qui ai besoin|qui demande|"
    r"que ca concerne|la personne)|\b(?:demande|cherche|ecris|renseigne|"
    r"appelle) (?:\w+ )?pour moi\b|^(?:bonjour |bonsoir )?(?:, )?pour moi(?= [,.]|$)|"
    r"\bca me concerne(?: moi)?\b|\bje suis la personne concernee\b|"
    r"\b(?:question|demande|message) (?:\w+ )?(?:est|c est) (?:\w+ )?(?:pour moi|la mienne)\b|"
    r"\bme concerne (?:moi|personnellement)\b|\bc est (?:bien )?moi qui suis concernee?\b|"
    r"\bpour mes propres (?:droits|demarches|besoins)\b"
)
_FOR = re.compile(
    r"\b(?:pour|concernant|concerne|sujet de|propos de|nom de|part de|cas de|situation de|ehpad de|"
    r"maison de retraite de|(?:tutrice|tuteur|curatrice|curateur|mandataire|referente?) (?:de|d)|"
    r"s agit de|s agit d|(?:voudrais|voudrait|veux|souhaite|aimerais|comment|peux|"
    r"peut on) (?:\w+ ){0,2}aider) $"
)
_STRONG = re.compile(
    r"(?:^|[.?,] |\b(?:c est(?: pas)?(?: juste| seulement)?|ecris|appelle|appelais|demande|"
    r"demandes|demander|renseigne\w*|cherche|recherche|contacte|dossier(?: est)?|question(?: est)?|"
    r"aide|aider|agit|besoin|demarches?|svp|bonjour|bonsoir|voudrais|inscrire|inscription|est|"
    r"viens|message|solution|possible|faire|quoi|logement|place|rendez vous)(?: \w+){0,4} |"
    r"\b(?:concernant|concerne|sujet de|propos de|nom de|part de|s agit de|s agit d|tutrice de|"
    r"tuteur de|curatrice de|curateur de|aider) )$"
)
_HARD = re.compile(
    r"\b(?:(?:im)?possibles?|difficiles?|dure?s?|trop \w+|compliquee?s?|chere?s?|dangereu\w+|"
    r"lourde?s?|bien|mieux|pire|importante?s?|peur|paye|paie|touche|fais tout|faire tout|"
    r"tout faire|fait tout) (?:\w+ )?pour $"
)
_NOT_FOR = re.compile(r"\bpas (?:pour|de) $")
_PRESENTS = re.compile(r"(?:^|[.?,] |bonjour |et )(?:c est|voila|il s agit de?)(?: \w+)? $")
_PRESENTED = re.compile(r"^ (?:[,.]|il\b|elle\b|qui (?:a|est|vit|ne|n)\b|de \d|agee?\b|\d)")
#: What is told of somebody who is not the one who needs help: sayings, gifts, deaths, blows.
_ASIDE = re.compile(
    r"^ (?:de (?:\w+ ){1,2})?(?:ne |n )?(?:dit|disent|disait|pense|pensent|m a|me|m|nous|"
    r"veut que je|gagne|"
    r", moi|"
    r"gagnent|veulent|trouve que|est (?:morte?|decedee?|parti|partie)|vient de (?:mourir|deceder)|"
    r"avait|etait|travaille a|connait|conseille|paye|payait|refuse de me|parle|raconte|touche un|"
    r"et moi|a (?:quitte|monte|entendu|vu|su)|est parti|faisait|menace|n est plus (?:la|de ce)|"
    r"sait que|(?:sait|savent) (?:pas|rien)(?= (?:que|qu|pour moi|[,.?])|$)|"
    r"(?:veut|veulent) (?:pas|plus) (?:m|me|que je|de moi)|"
    r"(?:est|sont) (?:pas|jamais) au courant(?! de (?:ses|leurs|la|l)\b))(?!\w)"
)
#: « ma femme n’a pas de papiers, moi si »: told beside what is told of who writes.
_NOT_ME = re.compile(
    r"\b(?:pas moi|moi (?:si|non|rien|aucune?|pas|ca va|c est bon))(?= [,.?]|$)|"
    r"\bmoi c est autre chose\b"
)
_CURIOUS = re.compile(
    r"\b(?:il parait|vous confirmez|ca me parait|ca parait|et pourtant|pareil|et moi (?:non|"
    r"rien|pas)|pas moi|moi aucun|"
    r"moi rien|pourquoi (?:elle|lui|eux)|c est vrai ce|raconte des histoires|c est normal|"
    r"c est legal|jaloux|genre \d)\b"
)
#: Facts that say that a message is about somebody: all but the place and the children.
_WORTH = frozenset(Fact) - {
    Fact.COMMUNE,
    Fact.FOR_WHOM,
    Fact.CHILDREN,
    Fact.CHILD_AGE,
    Fact.CAREGIVER,
}
_NEEDS = frozenset(
    {
        Fact.DISABILITY,
        Fact.LOSS_OF_AUTONOMY,
        Fact.VIOLENCE,
        Fact.RESIDENCE_STATUS,
        Fact.HEALTH_COVER,
    }
)
#: A fact of the home rather than of the person who writes.
_SHARED = frozenset(
    {Fact.INCOME, Fact.HOUSING_TROUBLE, Fact.HOUSING_STATUS, Fact.DEBTS, Fact.HOUSEHOLD}
)
#: Offices that care for a child who has difficulties.
_FOR_CHILDREN = re.compile(
    r"\b(?:mdph|aesh|avs|ulis|camsp|cmpp?|orthophoniste|psychomot\w*|sessad|ime|itep|aeeh|"
    r"pedopsy\w*)\b"
)
#: What a child lacks is asked for the child.
_LACKS = re.compile(r"\b(?:il (?:lui|leur) (?:faut|faudrait)|(?:il|elle) (?:a|aurait) besoin d)\b")
#: Who keeps a small child is a need of its parents.
_MINDED = re.compile(r"\b(?:creche|nounou|nourrice|assistante maternelle|mode de garde|halte)\b")
#: What a partner brings to the home is no reason to be the person concerned.
_WORK = frozenset({Fact.EMPLOYMENT_STATUS, Fact.INCOME})
#: What somebody lives on.
_MEANS = _WORK | {Fact.BENEFITS_RECEIVED}
#: « ma sœur touche l’AAH, et moi j’ai droit à quoi ? »
_AND_ME = re.compile(r"(?:\bet|,|\bmais) moi (?:j|je|le|la|l)\b")
_SMALL_SCHOOL = frozenset({"primary"})
#: Characters within which the message begins.
_HEAD = 30
_OLD_ENOUGH = 11
_GROWN = 20
#: Facts of the one who is helped that make the message be about them.
_MUCH = 2


@dataclass(frozen=True, slots=True)
class Concern:
    """The person concerned (None for the one who writes) and where it is said."""

    person: Person | None
    start: int = 0
    end: int = 0
    said: bool = False  # « c’est pour moi », « pour ma mère »


def decide(track: Track, findings: Iterable[Finding], *, of_writer: bool = False) -> Concern:
    """Return whom the message is about, from what it says and of whom it says it.

    ``of_writer``: the conversation is about who writes so far.
    """
    explicit = _explicit(track)
    if explicit is not None:
        return explicit
    return _implied(track, list(findings), of_writer=of_writer)


def _explicit(track: Track) -> Concern | None:
    text = track.text
    for_me = _FOR_ME.search(text)
    denied = for_me and (text[: for_me.start()].endswith("pas ") or " pas " in for_me[0])
    if for_me and not denied:
        return Concern(None, for_me.start(), for_me.end(), said=True)
    best: tuple[int, Concern] | None = None
    for mention in track.mentions:
        if mention.person.role not in CONCERNED:
            continue
        weight = _purpose(text, mention.start, mention.end, mention.person)
        if weight and (best is None or weight > best[0]):
            best = (weight, Concern(mention.person, mention.start, mention.end, said=True))
    if best is None or (best[0] == 1 and track.me.subject and _mostly_mine(track)):
        return None
    return best[1]


def _purpose(text: str, start: int, end: int, person: Person) -> int:
    """Return 2 when it is said that the message is for that person, 1 when it may be, or 0."""
    before, after = text[max(0, start - 60) : start], text[end : end + 20]
    if person.role is Role.CHILD and person.plural:
        return 0
    minded = person.role is Role.CHILD and _MINDED.search(text) and "c est pour" not in before
    if minded or _HARD.search(before):
        return 0
    if _FOR.search(before) and not _NOT_FOR.search(before):
        introduction = _FOR.sub("", before)
        return 2 if _STRONG.search(introduction) or not introduction.strip() else 1
    if _PRESENTS.search(before) and _PRESENTED.match(after) and not before.endswith("pas "):
        return 2
    return 0


def _mostly_mine(track: Track) -> bool:
    return bool(
        re.search(
            r"\b(?:paye|paie|payer|touche|depense|garde|trop|dur|difficile|complique)\b", track.text
        )
    )


def _implied(track: Track, findings: list[Finding], *, of_writer: bool) -> Concern:
    best: tuple[int, Concern] | None = None
    curious = bool(_CURIOUS.search(track.text))
    contrasted = bool(_NOT_ME.search(track.text))
    for person in track.people:
        if person.role not in CONCERNED or not (person.subject or _told_of(person, findings)):
            continue
        theirs = [f for f in findings if f.owner is person and f.fact in _WORTH]
        if contrasted or _only_their_means(track, theirs, findings, of_writer=of_writer):
            continue
        if _is_concerned(track, person, findings, curious=curious):
            weight = 2 * len(theirs) + (1 if best is None else 0)
            if best is None or weight > best[0]:
                end = next(m.end for m in track.mentions if m.person is person)
                best = (weight, Concern(person, person.start, end))
    return best[1] if best else Concern(None)


def _only_their_means(
    track: Track, theirs: list[Finding], findings: list[Finding], *, of_writer: bool
) -> bool:
    """« Je cherche un logement. Ma mère touche 1 100 €. »: what they live on is no need of theirs.

    Not so when nothing is told of who writes.
    """
    if not theirs or any(f.fact not in _MEANS for f in theirs):
        return False
    mine = [f for f in findings if f.owner is track.me and f.fact in _WORTH]
    if any(f.fact is Fact.CAREGIVER and not f.denied for f in findings):
        return True
    return of_writer or (track.me_first and bool(mine)) or bool(_AND_ME.search(track.text))


def _is_concerned(track: Track, person: Person, findings: list[Finding], *, curious: bool) -> bool:
    mine = [f for f in findings if f.owner is track.me and f.fact in _WORTH]
    theirs = [f for f in findings if f.owner is person and f.fact in _WORTH]
    helped = any(f.fact is Fact.CAREGIVER and not f.denied for f in findings)
    if helped and (len(theirs) < _MUCH or any(f.fact not in _SHARED for f in mine)):
        return False
    needs = [f for f in theirs if f.fact in _NEEDS]
    my_needs = [f for f in mine if f.fact not in _SHARED]
    as_many = len(needs) <= len([f for f in mine if f.fact in _NEEDS])
    if my_needs and as_many and not _is_the_story(person, theirs, mine):
        return False
    if person.role is Role.CHILD:
        return _child_is_concerned(track, person, theirs, mine)
    if person.role is Role.PARTNER:
        told = [
            f for f in theirs if f.value != "couple" and not (track.me.subject and f.fact in _WORK)
        ]
        return bool(told) and not mine and not _aside(track, person)
    if person.role is Role.OTHER:
        # The job of who writes for them is no situation of theirs: « infirmier, je vois… ».
        met = person.indefinite and all(f.fact is Fact.EMPLOYMENT_STATUS for f in mine)
        if mine and not (met and len(theirs) >= _MUCH):
            return False
        return bool(theirs) and not curious and not _aside(track, person)
    return (
        not curious
        and not _aside(track, person)
        and (bool(theirs) or (not mine and not track.me_first and _first(track, person)))
    )


def _is_the_story(person: Person, theirs: list[Finding], mine: list[Finding]) -> bool:
    """Tell whether somebody comes first and more is told of them than of the one who writes."""
    first = min(finding.start for finding in mine)
    told = [f for f in theirs if f.value != "couple"]
    return person.start < first and person.told > 1 and len(told) > len(mine)


def _child_is_concerned(
    track: Track, person: Person, theirs: list[Finding], mine: list[Finding]
) -> bool:
    if person.plural or (person.indefinite and not _told_of(person, theirs)):
        return False
    worth = [
        f
        for f in theirs
        if not (f.fact is Fact.SCHOOLING and f.value in _SMALL_SCHOOL)
        and not (f.fact is Fact.AGE and (f.low or 0) < _OLD_ENOUGH)
        and f.fact is not Fact.HOUSING_TROUBLE
    ]
    if not mine and person.subject and _FOR_CHILDREN.search(track.text):
        return True
    if not person.plural and person.subject and _LACKS.search(track.text):
        return True
    only_school = all(f.fact is Fact.SCHOOLING for f in worth)
    return bool(worth) and not (only_school and [f for f in mine if f.fact not in _SHARED])


def _first(track: Track, person: Person) -> bool:
    """Tell whether somebody is the first one named, at the head of the message."""
    contrast = re.search(r", moi (?:je|j|a) ", track.text)
    return track.people[0] is person and person.start <= _HEAD and not contrast


def _told_of(person: Person, findings: list[Finding]) -> bool:
    """Tell whether somebody who is no subject is what is told: « j’ai un fils handicapé »."""
    theirs = [f for f in findings if f.owner is person]
    if person.role is Role.CHILD:
        grown = any(f.fact is Fact.AGE and (f.low or 0) > _GROWN for f in theirs)
        return grown or any(f.fact in _NEEDS for f in theirs)
    return person.role is Role.OTHER and person.indefinite and bool(theirs)


def _aside(track: Track, person: Person) -> bool:
    """Tell whether the first thing said of somebody shows that the message is not about them."""
    start = next((m.end for m in track.mentions if m.person is person), person.start)
    return bool(_ASIDE.match(track.text[start : start + 40]))
