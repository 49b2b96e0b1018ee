"""The ways to say a day ahead, a story that is over, and since when something is missing.

Read on a folded text: lower case, no accent, marks replaced by spaces, « / » kept.
"""

from __future__ import annotations

import re
from typing import Final

from knowledge_base.french_dates import DAYS, MONTHS
from knowledge_base.tokens import fold

NUMBERS: Final = {
    name: number
    for number, names in enumerate(
        "zero un|une deux trois quatre cinq six sept huit neuf dix onze douze".split()
    )
    for name in names.split("|")
} | {"quinze": 15, "vingt": 20, "trente": 30}
MONTH_NUMBERS: Final = {fold(name): at for at, name in enumerate(MONTHS, start=1)}

WEEKDAYS = "|".join(DAYS)
MONTH = "|".join(MONTH_NUMBERS)
NUMBER = rf"\d{{1,3}}|{'|'.join(NUMBERS)}"
#: « avant », « d’ici »: whatever the rest says, the day is ahead.
LIMIT = (
    r"(?:avant|d\ ici|jusqu(?:e|\ a|\ au|\ en)?|au\ plus\ tard|a\ partir\ d[eu]|pour|des|sous)"
    r"(?:\ le|\ la|\ au|\ a|\ ce)?"
)
#: A way to say a day; the first that matches at a place wins, so the most exact comes first.
SAID = re.compile(
    rf"""
    \b(?P<limit>{LIMIT}\ )?(?P<article>le\ |les\ |tous\ les\ |chaque\ |du\ |au\ )?(?:
        (?:(?:{WEEKDAYS})\ )?(?P<day>\d{{1,2}})(?:er)?\ (?P<month>{MONTH})
            (?:\ (?P<year>20\d\d))?
        |(?P<num_day>\d{{1,2}})/(?P<num_month>\d{{1,2}})(?:/(?P<num_year>(?:20)?\d\d))?
        |(?:{WEEKDAYS})\ (?P<dated>\d{{1,2}})(?!\ ?(?:\d|h\b|heures?\b|euros?\b|ans?\b|fois\b))
        |(?P<weekday>{WEEKDAYS})(?P<which>\ prochaine?|\ qui\ vient|\ en\ huit|\ dernier|\ passe)?
        |(?P<after>apres\ demain)|(?P<tomorrow>demain)
        |(?P<tonight>ce\ soir|cette\ nuit)
        |(?:dans|sous|reste|d\ ici)\ (?P<count>{NUMBER})\ ?(?P<unit>h|heures?|jours?|semaines?)
        |(?P<count2>{NUMBER})\ ?(?P<unit2>h|heures?|jours?|semaines?)\ (?:pour|avant)
        |(?P<now>aujourd\ hui)|(?P<weekend>ce\ week\ ?end|le\ week\ ?end\ qui\ vient)
        |(?P<next_week>la\ semaine\ prochaine)
        |(?P<month_end>(?:la\ )?fin\ (?:du|de\ ce)\ mois)
        |(?P<week_end>(?:la\ )?fin\ de\ (?:la|cette)\ semaine)
        |(?P<alone>\d{{1,2}})(?!\ ?(?:\d|/|h\b|euros?\b|ans?\b|jours?\b|mois\b|rue\b|bis\b|km\b))
    )\b
    """,
    re.VERBOSE,
)
EVENT = re.compile(
    r"\b(?:expuls\w*|audience|tribunal|jugement|juge|convoqu\w*|convocation|huissier|saisie"
    r"|rendez vous|rdv|coup(?:e|ent|er|ure)\b|sor[st]\w*|sortie|quitter|partir|operation|operer?"
    r"|hospitalis\w*"
    r"|demenag\w*|echeance|delai|fin de bail|bail|preavis|dehors|rendre les cles|limite)\b"
)
PLANNED = re.compile(
    r"\b(?:prevue?s?|fixee?s?|convoque\w*|convocation|programme\w*|laisse\w*|donne\w*|demande\w*"
    r"|repouss\w*|report\w*|decal\w*|renvoye\w*|assigne\w*|cite\w*|dois|doit|doivent|va|vont|vais)\b"
)
STAYS = r"(?:est|suis|sont|sommes|es|etes)\ (?:\w+\ )?"
OVER = re.compile(
    rf"""
    \b(?:j\ ai|jai|g|as|a|avons|avez|ont)\ (?:pas\ |plus\ |tout\ |deja\ |bien\ |ete\ )*
        (?!(?:une?|le|la|les|l|des|du|de|d|mon|ma|mes|son|sa|ses|plus|pas|rien|jusqu\w*|peur|besoin
        |que|qu|encore|juste|rendez|rdv|audience|froid|faim|mal|a|{NUMBER})\b)
        \w+(?:e|es|ee|ees|er|i|is|it|u|us|ue|ert|ait|s)\b
    |\b{STAYS}(?:venue?s?|partie?s?|sortie?s?|tombee?s?|allee?s?|arrivee?s?|rentree?s?|passee?s?
        |decedee?s?|morte?s?|restee?s?|entree?s?)\b
    |\b(?:etait|etais|avait|avais|devait|devais|etaient)\b
    """,
    re.VERBOSE,
)
#: Days that are no deadline: a birth, a habit, when to call, when it is open, a wage.
OTHER = re.compile(
    r"\b(?:nee?|naissance|r?appel(?:l?e[sz]?|er)|joindre|joignable|contact\w*|telephon\w*|dispo\w*|libre"
    r"|ouvert\w*|ferme[es]?\b|habitude|toujours|souvent|parfois)\b"
)
WAGE = re.compile(r"\b(?:touche|payee?s?|paie|paye|virement|salaire)\b")
LACK = re.compile(
    r"\bplus (?:de|d|rien|aucun\w*|a manger)\b|\bsans\b|\bcoup(?:e|ee|es|ees|er|ure)\b"
    r"|\bpannes?\b|\brien (?:mange|a manger)|\bpas (?:de|d|mange|dormi)\b|\bdehors\b|\brue\b"
    r"|\bvoiture\b|\bporte\b|\bfuite\b|\bdispar\w*|\bfugu\w*"
)
SINCE = re.compile(
    rf"""
    \b(?:depuis\ (?:le\ )?|coupee?s?\ )(?:
        (?P<yesterday>hier)|(?P<before>avant\ hier)|(?P<today>ce\ matin|cette\ nuit|aujourd\ hui)
        |(?P<day>\d{{1,2}})(?:er)?\ (?P<month>{MONTH})|(?P<weekday>{WEEKDAYS})
        |(?P<count>{NUMBER})\ ?(?P<unit>h|heures?|jours?|semaines?)
    )\b
    """,
    re.VERBOSE,
)
CORRECTS = re.compile(
    r"\b(?:report\w*|repouss\w*|decal\w*|avance\w*|finalement|en fait|trompe\w*|renvoye\w*)\b"
)
#: « depuis lundi », « pas lundi », « on est lundi ».
NOT_THIS_DAY = re.compile(r"\b(?:depuis|pas|non|ni|on est|sommes)$")
