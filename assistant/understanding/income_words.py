"""The words that say that an amount comes into a home, goes out of it, and how often."""

from __future__ import annotations

import re

MOST = 15_000
_CURRENCY = r"(?:euros?|eur|balles|boules|roros)"
AMOUNT = re.compile(
    rf"(?<!\d )\b(?P<n>\d{{2,6}})(?: , \d\d(?= {_CURRENCY}))?(?P<money> {_CURRENCY})?\b"
    r"(?! ?(?:ans?|mois|jours?|semaines?|h|heures?|%|enfants?|personnes?|km|kg|m|cm|gosses?|"
    r"minutes|fois|e|vaches|hectares|degres|pieces|ter|bis|rue|avenue)\b)"
)
_IN = (
    r"touch\w*|gagn\w*|dispos\w*|ramen\w*|a nous 2|tout compris|percoi\w*|percev\w*|recoi\w*|"
    r"recev\w*|salaires?|payes?|revenus?|retraites?|pension|"
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
    r"veu\w+ \d*|au lieu de|prend|prends|preleve\w*|prelevent|retien\w*|retir\w*|saisi\w*|"
    r"abonnement"
)
CUES = re.compile(rf"\b(?:(?P<out>{_OUT})|(?P<into>{_IN}))\b")
WEAK = frozenset("avec sur fait moi lui elle mari femme tombe".split()) | {
    *("on a", "ca fait", "on est a", "suis a", "est a"),
    *("j ai", "il a", "elle a", "nous avons", "ils ont"),
}
AFTER_IN = re.compile(
    r"^ (?:et (?:quelques?|des poussieres) )?(?:euros )?(?:nets?|ce mois(?: ci)?|"
    r"le mois dernier|net par mois|brut|par mois|mensuels?|/ ?mois|chaque mois|tous les mois|"
    r"le mois|"
    r"(?:\w+ ){0,3}(?:de|d|du|en) (?:ma |mon |petite? |la )?(?:salaires?|retraite|pension|revenus?|"
    r"chomage|rsa|aah|bourse|allocations?|allocs?|indemni\w*|ressources|ass|are|aspa|prime|apl|"
    r"reversion|invalidite|paie)|pour (?:vivre|tout|(?:faire|passer) le mois)|(?:\w+ )?(?:rentrent|"
    r"rentre|"
    r"entrent|arrivent) (?:chaque|par|tous|a la)|de la (?:caf|msa)|de france travail|a nous 2|"
    r"a 2\b|"
    r"pour \d+ personnes|en tout|au total|a la maison|qui (?:rentre|tombe)\w*|ensemble)"
)
AFTER_OUT = re.compile(
    r"^ (?:(?:de|d|du|en) (?:mon |ma |)?(?:loyers?|dettes?|credits?|factures?|caution|charges|"
    r"frais|retard|decouvert|cantine|devis|electricite|edf|impayes?|arrieres?|essence|avance|"
    r"mutuelle|remboursement|fioul|gaz|eau|garde|nounou|depot|courses|trop percu|depassement|"
    r"menage|cotisations?|loyer)|par (?:seance|jour|heure|repas|enfant|nuit)|la (?:seance|"
    r"nuit|journee)|"
    r"de l heure|a l heure|pour (?:une?|la|le|les|mes|ma|mon|en|manger|deux|un|finir|tenir)\b|"
    r"jusqu|"
    r"a placer|a payer|a rembourser|a regler|que je (?:dois|n)|partis|par mois (?:pour|de (?:loyer|"
    r"credit|mutuelle|charges))|impaye\w*|devant|net vendeur)"
)
NAMED_AFTER = re.compile(
    r"^ (?:(?!sur\b)[a-z]+ ){0,3}(?:de|d|du|en) (?:ma |mon |petite? |la )?(?:salaires?|"
    r"retraite|pension|revenus?|"
    r"chomage|rsa|aah|bourse|indemni\w*|ressources|ass|are|aspa|reversion|invalidite|paie|paye)\b"
)
#: Euros a month between which a sum said without a word may be what somebody lives on.
LEAST_TO_LIVE, MOST_TO_LIVE = 350, 4_500
YEARLY = re.compile(r"^(?: \w+){0,3} (?:par an|annuels?|l an|a l annee|sur l annee|l annee)\b")
QUARTERLY = re.compile(
    r"^(?: \w+){0,2} (?:par trimestre|le trimestre|trimestriels?|tous les 3 mois)\b"
)
FORTNIGHTLY = re.compile(
    r"^(?: \w+){0,2} (?:par quinzaine|la quinzaine|tous les 15 jours|toutes les 2 semaines)\b"
)
#: « 230 euros d’APL »: an aid for the rent, not what somebody lives on.
FOR_RENT = re.compile(
    r"^ (?:de |d |du |par mois (?:de |d ))?(?:l )?(?:apl|als|aides? (?:au |"
    r"pour le )?(?:logement|loyer)|allocations? (?:de )?logement)\b"
)
RENT_AID_BEFORE = re.compile(r"\b(?:apl|als|aide au logement)(?: (?:de|d|est|a|fait|,|est de))* $")
#: « mes parents m’envoient 280 euros »: it comes into the home of the person who writes.
GIVEN_ME = re.compile(
    r"\b(?:m|me|nous) (?:\w+ )?(?:envo\w+|donn\w+|vers\w+|fil\w+|vir\w+|aid\w+|"
    r"pa[iy]\w+)(?: \w+){0,2} $"
)
WEEKLY = re.compile(r"^(?: \w+){0,2} (?:par semaine|la semaine)\b")
TOTAL = re.compile(
    r"\b(?:en tout|au total|a nous 2|a 2|tout compris|tous les 2|ensemble|pour \d+ personnes|"
    r"a la maison|chez nous|total)\b"
)
RANGE = re.compile(r"\b(?:entre|de) (?P<low>\d{3,4})(?: euros)? (?:et|a) (?P<high>\d{3,4})\b")
NOTHING = re.compile(
    r"\b(?:pas|aucune?|(?<!en )(?<!de )plus(?! du)|sans|zero|0|ni) (?:(?:vraie?|autre|seul|moindre|"
    r"aucune?|encore|plus|un|le) ){0,2}(?:de |d )?(?:revenus?|ressources?|salaire|rentree d argent|"
    r"argent qui rentre|sous qui rentrent?)(?! (?:de|du|d) (?:mon|sa|son))|\b(?:gagne|touche|"
    r"percois) (?:plus |pas |absolument )?rien(?! (?:de|pour|d))|\brien (?:ne |n )?(?:rentre|"
    r"qui rentre)|\b(?:plus|pas) (?:un|de) (?:rond|centime|sou|kopeck|euro) (?:qui|ne) \w+|"
    r"\bni (?:taf |travail |boulot |ecole |\w+ ){0,3}ni (?:sous|argent|revenus?|ressources)\b|"
    r"\bpas un (?:rond|centime|sou) (?:qui|de revenu)|\bpas un (?:rond|centime|sou) (?:depuis|"
    r"ce mois|en)\b|\bplus un sous? qui\b|"
    r"\b(?:zero|0) euros? de (?:revenus?|ressources?|salaire)\b|"
    r"\b(?:n ai|ai|a|avons) (?:absolument |plus |pas )?rien (?:du tout )?pour vivre\b|"
    r"\b(?:pas|plus|jamais) (?:rentre |gagne |touche |encaisse |fait rentrer |vu |vendu )(?:pour )?"
    r"(?:un|1|le moindre|2) (?:seul )?(?:euros?|centimes?|sous?|rond|kopeck|balles)|"
    r"\b(?:bourse|salaire|chomage|rsa|revenus?|allocations?)(?: ,)?(?: et)? (?:maintenant |la |"
    r"depuis |et "
    r"|mais )(?:je n ai |j ai )?plus rien\b|\b(?:vi[st]|vivons) (?:de rien|sans rien|sans argent)\b"
)
IN_JUST = re.compile(
    r"\b(?:touch\w*|gagn\w*|salaire de|retraite de|percois?|avec|on a|recois?) (?:environ |que |"
    r"net )?$"
)
#: « stagiaire, 28 ans, 700 euros »: an amount by itself, beside what somebody lives on.
ALONE = re.compile(r"^ (?:[,.?]|$|et\b|mais\b|avec\b)|^$")
#: « en CDI à mi-temps, environ 760 euros », « un petit temps partiel à 700 euros ».
SET_APART = re.compile(
    r"(?:, |\. |^)(?:(?:soit|pour|environ|a peu pres|presque|disons|genre|dans les|autour de|"
    r"vers|a|"
    r"maintenant|aujourd hui|en moyenne|a peine) )*$"
)
PAID_AT = re.compile(r"\b(?:a|pour|payee?|dans les|autour de)(?: (?:environ|peu pres|a peine))* $")
#: « le loyer HLM fait 690 »
COSTS = re.compile(
    r"\b(?:loyers?|factures?|chambre|cantine|mutuelle|assurance|credits?)(?: \w+){0,2} fait $"
)
LIVES = re.compile(r"\b(?:vi[st]|vivons|vivre|gagn\w*|touch\w*)\b")
