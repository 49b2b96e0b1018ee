"""Who is spoken of at each place of a message: the person who writes, a parent, a child…

Everything is read once, from left to right: pronouns, « ma mère », « un voisin », the marks
that end a clause. A fact belongs to the person spoken of where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the person who writes."""

    ME = "me"
    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    RELATIVE = "relative"
    OTHER = "someone_else"
    EX = "ex"  # a former partner, the father of the children
    OFFICE = "office"  # a landlord, an employer, a doctor: never the person concerned
    SOMEONE = "someone"  # « elle », and nobody was named


@dataclass(eq=False)
class Person:
    """Somebody spoken of. ``subject`` when at least one sentence says what they do or are."""

    role: Role
    name: str
    start: int
    feminine: bool | None = None
    plural: bool = False
    indefinite: bool = False
    subject: bool = False


_MY = r"(?:mon|ma|mes|notre|nos)"
_SMALL = (
    r"(?:(?:petite?s?|jeunes?|vieille|vieux|vielle|pauvre|chere?|seule?|propre|grande?s?|belle|"
    r"premiere?|derniere?|meilleure?s?|autres?|futurs?|futures?|2|3|4|5|6|7|8) ){0,2}"
)
PARENT = r"(?:peres?|meres?|papa|maman|parents|daronne|daron|vieux)"
PARTNER = (
    r"(?:maris?|femme|epouse|epoux|conjointe?|compagnon|compagne|copain|copine|concubine?|homme|"
    r"mec|fiancee?|cherie?|nana|moitie)"
)
CHILD = (
    r"(?:fils|fille|filles|enfants?|bebes?|gamine?s?|gosses?|garcons?|ados?|adolescente?s?|petit|"
    r"petite|petits|petites|grand|grande|ainee?s?|cadette?s?|cadet|benjamine?|derniere?s?|loulous?|"
    r"loulou|puce|loustics?|gars|jumeaux|jumelles|nourrissons?|momes?|fistons?|minots?|marmots?|"
    r"bambins?|rejetons?|bout de chou|tout petit|tribu|plus petite?|plus jeune|plus grande?|"
    r"nouveau ne)"
)
RELATIVE = (
    r"(?:arriere )?(?:grands? ?meres?|grands? ?peres?|grands? ?parents|grand (?:oncle|tante)|mamie|"
    r"mamy|mamies|meme(?= (?:a|est|vit))|memere|papi|papy|pepe|pepere|oncles?|tontons?|tantes?|tatas?|tatie|"
    r"freres?|frangins?|frangines?|soeurs?|cousine?s?|nieces?|neveux?|petits? ?neveux?|"
    r"petites? ?nieces?|petits? ?fils|petites? ?filles?|petits enfants|beaux? ?peres?|belles? ?meres?|beaux ?parents|"
    r"belle maman|beau papa|beaux? ?freres?|belles? ?soeurs?|gendre|belles? ?filles?|beaux? ?fils|"
    r"filleule?|marraine|parrain)"
)
_KNOWN = (
    r"(?:voisine?s?|amie?s?|collegues?|copains?|copines?|potes?|patiente?s?|eleves?|usagere?s?|"
    r"residente?s?|cliente?s?|beneficiaires?|allocataires?|administree?s?|apprentie?|salariee?|"
    r"locataire|employee?|protegee?|stagiaire|etudiante?)"
)
_STRANGER = (
    r"(?:dame|monsieur|homme|femme|jeune(?: \w+)?|mineure?|maman|papa|mamie|papi|mere|"
    r"couple|famille|migrante?|refugiee?|sdf)"
)
_OFFICE = (
    r"(?:proprio|proprietaires?|bailleur|patronn?e?|employeur|chef|cheffe|directeur|directrice|"
    r"conseillere?|medecin|docteur|generaliste|toubib|avocate?|juge|banque|banquiere?|huissier|"
    r"maire|mairie|prof|profs|maitresse|instit\w*|professeure?|principal|proviseure?|infirmiere?|"
    r"kine|dentiste|specialiste|caf|cpam|secu|mdph|prefecture|msa|carsat|edf|veolia|agence|"
    r"assistante? (?:sociale|maternelle)|assistante?|educat\w+|educ|as|tuteur|tutrice|curateur|"
    r"curatrice|departement|psy\w*|secretaire|boulanger|facteur|gendarmes?|police|nounou|"
    r"france travail|pole emploi|oncologue|cancerologue|garagiste|notaire|assureur|mutuelle|"
    r"entreprise|boite|usine|ecole|creche|association)"
)
_FORMER = (
    rf"(?:(?:mon|ma|mes|l) ex(?: {PARTNER})?|(?:le|son) (?:pere|papa|geniteur) (?:de|du|des)"
    rf"(?: mes| ma| mon| la| nos)? {CHILD}|la (?:mere|maman) (?:de|du|des)(?: mes| ma| mon)? {CHILD})"
)
_EVENTS = re.compile(
    rf"\b(?:(?P<ex>{_FORMER})"
    rf"|(?P<relative>{_MY} {_SMALL}{RELATIVE}|(?:la|le) (?:tata|tatie|mamie|papi|papy|grand pere|"
    rf"grand mere)|papi|papy|mamie|mamy|pepe|memere|tonton|tata|tatie)"
    rf"|(?P<parent>{_MY} {_SMALL}{PARENT}|(?<!une )(?<!la )(?<!de )papa(?! (?:solo|de \d|celib))"
    rf"|(?<!une )(?<!la )(?<!de )maman(?! (?:solo|isolee|celib|de \d|seule)))"
    rf"|(?P<office>(?:{_MY}|le|la|l|les|un|une) (?:\w+ )?{_OFFICE}\b)"
    rf"|(?P<partner>{_MY} {_SMALL}{PARTNER})"
    rf"|(?P<child>(?:{_MY}|un|une|le|la|les|des|du|au|\d{{1,2}}|leur) {_SMALL}{CHILD}|bebe)"
    rf"|(?P<other>(?:{_MY}|un|une|l|des|nos|d) {_SMALL}{_KNOWN}|(?:un|une|cette|cet|ce) "
    rf"{_SMALL}{_STRANGER}|(?:la|le) (?:voisine?|veuf|veuve|dame|monsieur))"
    r"|(?P<me>j|je|moi|nous|on)|(?P<he>il|elle|ils|elles|lui)|(?P<who>qui)"
    r"|(?P<their>(?:son|sa|ses|leur|leurs) \w+))\b|(?P<stop>[.?])|(?P<comma>,)"
)
_PREPOSITION = re.compile(
    r"\b(?:chez|avec|pour|de|d|du|des|a|par|sans|sur|contre|comme|vers|concernant|envers|entre|"
    r"aupres de) $"
)
_BEGINS = re.compile(
    r"(?:^|[,.?] |\b(?:et|mais|que|qu|quand|si|puisque|car|parce que|alors|voila|donc|est ce que|"
    r"bonjour|bonsoir|salut|svp|c est|depuis que|comme|or|sinon|merci|ou|ni|dont) )$"
)
_IMPERSONAL = re.compile(
    r"^(?: (?:n )?y a\b| (?:me |m |nous |lui |vous )?(?:en )?(?:faut|faudrait|faudra|reste|restait|semble|semblait|"
    r"parait|existe|manque)\b| (?:fait|pleut|gele|neige|s agit)\b| (?:est|etait) "
    r"(?:\d+ ?h|possible|normal|vrai|question|temps|urgent|tard))"
)
_SOMEBODY_DOES = re.compile(r"^ (?:m|me|nous|lui|leur|te|vous) (?!en\b|y\b)")
#: After a name that is not the subject, what still tells of that person.
_ABOUT_THEM = re.compile(
    r"^ ?(?:de \w+ )?(?:, )?(?:qui|dont|alitee?|grabataire|invalide|tres |avec \d|agee?s? |de \d|\d+(?: (?:, |et )?\d+)* ?(?:ans?|mois|semaines)|atteinte?|handicap\w*|malade|"
    r"retraitee?|autiste|trisomique|nee? |veuf|veuve|en situation de|dependante?|invalide|sourde?|"
    r"aveugle|en fauteuil|etudiante?|lyceenn?e?|sans papiers|a la retraite|au chomage|hemiplegique|"
    r"enceinte|en perte|alzheimer|tdah|dys\w+|, celibataire|bipolaire|schizo\w*|qu)"
)
#: « et mon père est… » begins a sentence, « et 4 enfants dans un F3 » does not.
_DOES = re.compile(
    r"^ (?:a|est|ont|sont|va|vit|vont|ne|n|entre|rentre|passe|habite|touche|gagne|travaille|\d+|qui|se|s|le|me|m|l|"
    r"cherche|veut|peut|dort|perd)\b"
)
_DOES_THEN = re.compile(
    r"^ (?:est|sont|va|vit|ne|n|entre|rentre|passe|habite|touche|gagne|travaille|cherche|veut|peut|dort|perd)\b"
)
_FEMININE = re.compile(
    r"\b(?:ma|une|la|cette|mere|maman|mamie|mamy|tante|tata|tatie|soeur|fille|femme|niece|cousine|"
    r"dame|epouse|compagne|copine|voisine|amie|patiente|cliente|conjointe|belle|elle|eleve)\b"
)
#: « le fils » of somebody else, when « mon fils » is one’s own.
_GENERAL = frozenset({"fils", "fille", "garcon", "enfant"})
_PLURAL = re.compile(r"\b(?:mes|nos|des|les|\d+)\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where somebody is named or meant."""

    start: int
    end: int
    person: Person


@dataclass
class Track:
    """The people of a message, and who is spoken of at each place of its text."""

    text: str
    me: Person = field(default_factory=lambda: Person(Role.ME, "je", 0))
    people: list[Person] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    me_first: bool = False  # the message begins with the person who writes
    _starts: list[int] = field(default_factory=list)
    _owners: list[Person | None] = field(default_factory=list)

    def owner(self, position: int) -> Person | None:
        """Return who is spoken of at ``position``; None where nobody is named yet."""
        at = bisect_right(self._starts, position) - 1
        return self._owners[at] if at >= 0 else None

    def named(self, role: Role) -> list[Person]:
        """Return the people of that role, in the order in which they come."""
        return [person for person in self.people if person.role is role]

    def set(self, position: int, owner: Person | None) -> None:
        """From ``position`` on, ``owner`` is spoken of."""
        self._starts.append(position)
        self._owners.append(owner)

    def begin_with_subject(self) -> None:
        """« Veuve, je vis… »: the words before « je » in its sentence are said of the same."""
        for match in re.finditer(r"(?:^|[.?])[^.?]+", self.text):
            at = bisect_right(self._starts, match.start()) - 1
            if at >= 0 and self._owners[at] is not None:
                continue
            first = max(0, at)
            while first < len(self._starts) and self._starts[first] < match.end():
                if self._owners[first] is not None:
                    break
                first += 1
            else:
                continue
            if first < len(self._owners) and self._owners[first] is self.me:
                self._owners[max(0, at) : first] = [self.me] * (first - max(0, at))
                if at < 0:
                    self._starts.insert(0, match.start())
                    self._owners.insert(0, self.me)

    def pronoun(self, word: str, before: int) -> Person:
        """Return whom « il », « elle » or « lui » means: the last one named that it fits."""
        feminine = None if word in ("lui", "leur") else word.startswith("elle")
        plural = word in ("ils", "elles", "eux")
        fits = [
            person
            for person in self.people
            if person.start < before
            and person.plural == plural
            and (feminine is None or person.feminine is None or person.feminine == feminine)
        ]
        if fits:
            return max(fits, key=lambda person: (not person.indefinite, person.start))
        someone = Person(Role.SOMEONE, word, before, feminine, plural)
        self.people.append(someone)
        return someone


def track(text: str) -> Track:
    """Read who is spoken of, all along ``text`` (as ``text.read`` gives it)."""
    found = Track(text)
    current: Person | None = None  # whose sentence it is
    aside = False  # inside what is told of somebody who is not the subject
    for match in _EVENTS.finditer(text):
        kind, start = str(match.lastgroup), match.start()
        if kind in ("stop", "comma"):
            after_name = kind == "comma" and aside and _still_them(text, match.end())
            if not after_name:
                current = None if kind == "stop" else current
                aside = False
                found.set(start, current)
        elif kind == "me":
            if not _is_object(text, match):
                current, aside = found.me, False
                found.me.subject = True
                found.me_first = found.me_first or not found.people
                found.set(start, current)
        elif kind == "he":
            if _PREPOSITION.search(text[max(0, start - 14) : start]):
                person = found.pronoun(match[0], start)
                found.mentions.append(Mention(start, match.end(), person))
            elif not _IMPERSONAL.match(text[match.end() :]):
                current, aside = found.pronoun(match[0], start), False
                current.subject = True
                found.set(start, current)
        elif kind == "who":
            continue
        elif kind == "their":
            current, aside = _theirs(found, match, current), aside
        else:
            person = _person(found, match, kind)
            found.mentions.append(Mention(start, match.end(), person))
            if _is_subject(text, match, current):
                person.subject = True
                current, aside = person, False
                found.set(start, person)
            elif _ABOUT_THEM.match(text[match.end() :]):
                aside = True
                found.set(start, person)
            else:
                found.set(start, person)
                found.set(match.end(), current)
    found.begin_with_subject()
    return found


def _still_them(text: str, after: int) -> bool:
    return bool(_ABOUT_THEM.match(text[after:]))


def _is_object(text: str, match: re.Match[str]) -> bool:
    """Tell whether « on », « nous » or « moi » is not who the clause tells about."""
    if match[0] == "on":
        return bool(_SOMEBODY_DOES.match(text[match.end() : match.end() + 12]))
    if match[0] in ("moi", "nous"):
        return bool(_PREPOSITION.search(text[max(0, match.start() - 14) : match.start()]))
    return False


def _is_subject(text: str, match: re.Match[str], current: Person | None) -> bool:
    before = text[max(0, match.start() - 16) : match.start()]
    if _PREPOSITION.search(before) or re.search(r"\bmoi (?:ni|et) $", before):
        return False
    if before.endswith("et ") and current is not None:
        return bool(_DOES.match(text[match.end() : match.end() + 12]))
    if _DOES_THEN.match(text[match.end() : match.end() + 12]):
        return True
    return bool(_BEGINS.search(before)) or current is None


def _theirs(found: Track, match: re.Match[str], current: Person | None) -> Person | None:
    """« son frère » of a child is a child too; of anybody else, nobody of ours."""
    word = match[0].split()[1]
    start = match.start()
    before = found.text[max(0, start - 16) : start]
    if re.fullmatch(f"{CHILD}|freres?|soeurs?", word):
        whose = current or found.owner(start)
        child = re.fullmatch(CHILD, word) is not None
        if child or (whose is not None and whose.role in (Role.CHILD, Role.PARTNER)):
            person = Person(Role.CHILD, word, start, None, plural=False)
            found.people.append(person)
            found.set(start, person)
            return person if _BEGINS.search(before) else current
    if re.fullmatch(f"{CHILD}|{PARENT}|{PARTNER}|{RELATIVE}", word) and _BEGINS.search(before):
        someone = Person(Role.SOMEONE, word, start, bool(_FEMININE.search(match[0])))
        found.people.append(someone)
        found.set(start, someone)
        return someone
    return current


def _person(found: Track, match: re.Match[str], kind: str) -> Person:
    role = Role.OTHER if kind == "other" else Role(kind)
    name = match[0].split()[-1]
    for person in found.people:
        if person.role is role and person.name == name:
            return person
    article, indefinite = match[0].split()[0], False
    if article in ("un", "une", "des", "d") or (article in ("le", "la") and name in _GENERAL):
        indefinite = True
    feminine: bool | None = bool(_FEMININE.search(match[0]))
    if name in ("enfant", "bebe", "ado", "eleve", "petit"):
        feminine = None if not feminine else feminine
    person = Person(
        role, name, match.start(), feminine, bool(_PLURAL.search(match[0])), indefinite
    )  # fmt: skip
    found.people.append(person)
    return person
