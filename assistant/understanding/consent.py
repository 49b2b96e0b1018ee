"""Yes, no and « when » in a hand-off, read in the words themselves.

A misread sentence sends a case that nobody wanted, or loses one: the engine's intent alone
never decides. What is neither a clear yes nor a clear no is asked again.
"""

from __future__ import annotations

import re
from enum import Enum

from knowledge_base.tokens import fold

_MARKS = re.compile(r"[^\w?]+")
_YES = r"""(?:
    oui+|ouais|ouai|ui|wi|yes|ok|okay|oki|d\ ?accord|dac|entendu|volontiers|absolument|j\ accepte
    |vas\ y|allez\ y|allons\ y|bien\ s[uû]r|tout\ a\ fait|c\ est\ (?:bon|ok|oui|d\ accord)
    |(?:je|j|jsuis|chui)\ ?(?:suis\ )?(?:bien\ )?(?:d\ accord|ok)|je\ (?:le\ )?veux(?:\ bien)?
    |(?:vous\ pouvez\ |tu\ peux\ )?(?:l\ )?(?:envoi|envoy|transmett|transmet)(?:ez|es?|er|re|s)?
        (?:\ (?:la|le|les))?
    |je\ (?:suis\ )?partante?|(?:je\ )?veux\ bien(?:\ que\ vous\ (?:l\ )?(?:envoy|transmett)\w+)?
    |ca\ (?:marche|me\ va)|pas\ de\ (?:souci|soucis|probleme)
)"""
_POLITE = (
    r"(?:merci|svp|stp|s\ il\ (?:vous|te)\ plait|(?:ma|la)\ demande|tout|madame|monsieur|alors)"
)
#: What people say before or after a yes when they come round to it.
_AFTER_ALL = (
    r"(?:finalement|en\ fait|apres\ tout|tout\ compte\ fait|(?:a\ la\ )?reflexion(?:\ faite)?)"
)
_FIRST = rf"(?:{_AFTER_ALL}|bon|bah|ben|eh|he|et|euh|ah|allez|non)"
_AGREES = re.compile(rf"(?:{_FIRST}\ )*?{_YES}(?:\ (?:{_YES}|{_POLITE}|{_AFTER_ALL}))*", re.VERBOSE)
_CHANGED_MIND = re.compile(
    r"^(?:(?:non|bon|finalement|en fait) )*(?:j ai |je |g )?chang\w* d avis "
)
_COMES_ROUND = re.compile(
    rf"\b(?:{_AFTER_ALL}|(?:vas|allez)\ y|veux\ bien|(?:envoy|transmett)\w*)\b", re.VERBOSE
)

_SENDING = r"(?:envo[iy]|transm[ei]t|communiqu|partag)\w*"
_DAY = r"(?:matin|midi|soir|journee|apres|week|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_BETWEEN = r"(?:que|qu|vous|on|ca|l|la|le|les|me|lui|ma|demande)"
#: « n’envoyez pas de SMS », « n’envoyez pas avant midi » say how and when, not no.
_HOW = rf"(?:de|d|avant|apres|entre|quand|si|trop|(?:le|la|l|les)\ {_DAY})\b"
_FIRM = re.compile(
    rf"""
    \b{_SENDING}\ (?:surtout\ |plus\ )?(?:rien|(?:pas|plus)(?!\ {_HOW}))
    |\b(?:rien|pas|plus|jamais)\ (?:{_BETWEEN}\ )*{_SENDING}
    |\b(?:pas|plus)\ que\ (?:ca|ma\ demande)\ parte
    |\bannul\w*|\blaiss\w*\ tombe\w*|\bchang\w*\ d\ avis|\bje\ refuse|\b(?:pas|plus)\ d\ accord
    |\bfinalement\ (?:non|pas|rien)
    |^(?:stop|arret\w*)\b|\b(?:arret|stopp?)\w*\ (?:tout|ca|l\ envoi|(?:la|ma)\ demande)
    |\b(?:retir|effac|supprim)\w*\ (?:tout|mon\ accord|(?:la|ma)\ demande)
    """,
    re.VERBOSE,
)
#: « je ne veux pas… » something: of the hand-off it is a no, of life or of a husband it is not.
_UNWILLING = re.compile(r"\b(?:veu[xt]?|vx|souhaite|prefere)(?: \w+)? (?:plus|pas|rien)\b")
_UNWILLING_TO_SEND = re.compile(
    _UNWILLING.pattern
    + r"""(?x:
    (?:\ rien)?
    (?:$|\ (?:il|elle|car|parce|merci|desole\w*|svp|finalement|continuer|donner|le\ d\w+|dire
        |(?:que\ vous|qu\ on|que\ l\ on|que\ quelqu\ un|qu\ une\ personne)
        |(?:etre\ |me\ faire\ |d\ etre\ |m\ )?(?:r?appel|contact|joint|rejoint)\w*)\b)
    )"""
)
_LATER = re.compile(
    r"^plus tard$|\breflechi|^(?:non )?pas (?:maintenant|tout de suite|encore)$"
    r"|^(?:en fait|finalement|bon|euh|ah) non\b"
)
_NO = re.compile(
    r"^(?:non+|nan|nn|nope|no|jamais|rien|aucune?|tant pis|oublie\w*)\b"
    r"|^(?:surtout )?pas (?:besoin|envie|la peine|question|maintenant|tout de suite)\b"
    r"|\b(?:plus|pas) (?:besoin|envie)\b"
    r"|^(?:ne |n )?(?:m |me )?(?:appel|rappel|contact|telephon|ecri)\w* (?:pas|plus|jamais)\b"
)

_WHEN = re.compile(
    rf"""
    \b(?:
        \d{{1,2}}\ ?h(?:\d{{2}})?|{_DAY}\w*|mat(?:in|ain)\w*|aprem\w*|soir\w*|journe\w*|nuit\w*
        |heure?s?|horaires?|h|midis?|jours?|semaine|demain|aujourd|maintenant|weekends?|we
        |tot|tard|avant|apres|entre|vers|pendant|durant|quand|qd|kan|lorsqu\w*|des\ que|partir
        |jusqu\w*|toujours|temps|tout\ de\ suite|moment|importe|voulez|vacances|feries?|dispo\w*
        |libre|possible|dejeuner|diner|repas|pause|sieste|ecole|travail\w*|boulot|taf|bureau
        |dort|dorment|absente?|sort|rentre\w*
    )\b
    """,
    re.VERBOSE,
)
#: What goes with an answer without telling anything else.
_WITH_ANSWERS = frozenset(
    """
    le la les l de du des d a au aux en et ou pas plus mais que qu si ne n je j moi me m vous s il
    on c ca ce cette est suis ai peux pouvez peut y un ma mon mes celui voici toute tout suite rien
    prefere plutot seulement surtout sauf uniquement jamais fin debut milieu sur bien
    oui ouais ok okay d accord entendu volontiers accepte vas allez envoyez envoyer envoie envoi
    transmettez transmettre demande non nan nn finalement annulez annuler annule laissez laisse
    tomber continuer donner change avis veux veut vx voulez arretez arrete stop retirez retire
    refuse besoin peine
    merci svp stp te plait bonjour bonsoir salut bonne revoir recommencer recommence effacer efface
    effacez supprimer donnees pourquoi question savoir sais sait dire repondre idee aucune
    parler quelqu personne code numero tel portable fixe adresse e joindre contactez ecrivez
    habite vis pres vers commune ville village
    """.split()
)
_FIGURES = re.compile(r"\b\d{1,2}\b")
#: A telephone number, even wrong: its figures are not hours.
_NUMBER = re.compile(r"(?:\d ?){8,}")
_HOW_TO_REACH = re.compile(
    r"\b(?:sms|textos?|messages?|repondeur|vocal|mails?|telephone\w*|r?appel\w*)\b"
)
_NOWHERE = re.compile(
    r"\b(?:a la rue|dans la rue|sdf|sans (?:domicile|abri|adresse|commune|logement)|nulle part"
    r"|pas d(?:e|) ?(?:commune|domicile|adresse|logement|maison|chez moi|endroit|toit)"
    r"|dehors|dans (?:ma|la|une) (?:voiture|tente|camion\w*)|habite (?:pas|plus)|de passage)\b"
)


def agrees(text: str) -> bool:
    """Tell whether the whole text is a yes: « oui », « d’accord », « oui envoyez »."""
    plain = as_read(text)
    if plain.startswith("non ") and not _COMES_ROUND.search(plain):
        return False
    return _AGREES.fullmatch(_CHANGED_MIND.sub("", plain)) is not None


def adds(text: str) -> bool:
    """Tell whether the text asks to put in the request what was just told: « ajoutez-le »."""
    return re.search(r"\bajout\w*|\b(?:mettez|mets|met) (?:le|la|ca)\b", as_read(text)) is not None


def comes_round(text: str) -> bool:
    """Tell a yes that takes a no back: « finalement oui », « oui envoyez », « ok allez-y ».

    « oui » alone may only say that the answer was read.
    """
    changed = _CHANGED_MIND.search(as_read(text)) is not None
    return agrees(text) and (changed or _COMES_ROUND.search(as_read(text)) is not None)


def asks_to_send(text: str) -> bool:
    """Tell whether the text is a yes that names the sending: « oui envoyez »."""
    return agrees(text) and re.search(_SENDING, as_read(text)) is not None


def refuses_firmly(text: str) -> bool:
    """Tell whether the text takes the agreement back, whatever else it says."""
    return _FIRM.search(as_read(text)) is not None and not agrees(text)


def refuses(text: str) -> bool:
    """Tell whether the text is a no: « non merci », « finalement n’envoyez rien »."""
    plain = as_read(text)
    if agrees(text):
        return False
    return any(pattern.search(plain) for pattern in (_FIRM, _UNWILLING_TO_SEND, _LATER, _NO))


class HoursSaid(Enum):
    """What an answer to « quand peut-on vous joindre sans risque ? » says."""

    TOLD = "told"
    REFUSED = "refused"
    UNCLEAR = "unclear"


def read_hours(text: str) -> HoursSaid:
    """Tell hours (« pas avant 18 h », « non, plutôt le soir ») from a refusal.

    « je ne veux plus le matin » may be either: it is unclear, like whatever says no hour.
    """
    plain = as_read(text)
    if refuses_firmly(text):
        return HoursSaid.REFUSED
    if "?" in plain or _NUMBER.search(plain):
        return HoursSaid.UNCLEAR
    if says_when(text) and not _LATER.search(plain):
        return HoursSaid.UNCLEAR if _UNWILLING.search(plain) else HoursSaid.TOLD
    if refuses(text):
        return HoursSaid.REFUSED
    return HoursSaid.TOLD if _HOW_TO_REACH.search(plain) else HoursSaid.UNCLEAR


def says_when(text: str) -> bool:
    """Tell whether ``text`` holds hours: « de 9 à 11 », not « ma mère de 82 ans »."""
    plain = as_read(text)
    figures = _FIGURES.search(plain) is not None and not untold_words(text)
    return figures or _WHEN.search(plain) is not None


def untold_words(text: str) -> list[str]:
    """Return the words of ``text`` that are neither an answer, nor hours, nor what goes with
    them; none when no story can hide in it."""
    return [
        word
        for word in as_read(text).replace("?", " ").split()
        if word not in _WITH_ANSWERS
        and not word.isdigit()
        and not (_WHEN.fullmatch(word) or _HOW_TO_REACH.fullmatch(word))
    ]


def has_no_commune(text: str) -> bool:
    """Tell whether somebody lives in no commune in particular: « je suis à la rue »."""
    return _NOWHERE.search(as_read(text)) is not None


def as_read(text: str) -> str:
    """Return the folded words of ``text``, one space apart; question marks are kept."""
    return " ".join(_MARKS.sub(" ", fold(text)).split())
