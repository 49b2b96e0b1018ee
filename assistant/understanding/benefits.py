"""The benefits a person already receives: the name alone is not enough, it must be said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.understanding import clauses
from assistant.understanding.people import Track
from assistant.understanding.rules import Finding
from knowledge_base.facts import Fact

_NAMES = {
    "rsa": r"rsa|revenu de solidarite(?: active)?|rmi",
    "prime_activite": r"prime d ?activite|prime activite|(?:ppa|prime) de la caf",
    "are": r"are|(?:allocations?|allocs?|indemnites?|indemnisation) (?:de |du )?chomage|"
    r"(?<=touche )(?:le|du) chomage|(?<=touchons )(?:le|du) chomage|(?<=euros de )chomage|"
    r"(?<=euros du )chomage|(?<=mois de )chomage(?= (?:,|[.]|et)|$)|(?<=mon )chomage|"
    r"(?:aide au|allocation de) retour a l emploi|assedics?|(?<=au )chomage indemnise|"
    r"chomeu(?:r|se) indemnisee?|chomage(?= (?:me|m) (?:verse|paye|paie|donne))|"
    r"(?:france travail|pole emploi) (?:me|nous|lui) (?:verse|donne|paye|paie|indemnise)"
    r"(?! l? ?ass\b)|"
    r"indemnisee? par (?:france travail|pole emploi)|"
    r"(?:france travail|pole emploi)(?= (?:me|m) indemnise)|indemnisation chomage",
    "ass": r"ass|allocation (?:de )?solidarite specifique",
    "aah": r"aah|allocation (?:aux |d |pour )?adultes? handicapes?",
    "aeeh": r"aeeh|allocation (?:d )?education (?:de l )?enfant handicape",
    "pension_invalidite": r"(?:pension|rente) (?:d )?invalidite|pension dinvalidite|"
    r"invalidee? (?:de )?(?:cat\w* )(?:\d|deux|une?)|(?:rente|pension) de la cpam|"
    r"invalidite (?:de )?cat\w* \d|invalidite (?:en )?(?:\de|premiere|deuxieme) cat\w*|"
    r"invalidite (?:de )?(?:categorie|cat) \d|invalidite (?:de )?(?:\de|deuxieme|"
    r"premiere) categorie|"
    r"pension (?:de la secu )?,? ?(?:de )?categorie \d|(?<=suis en )invalidite(?! et je touche)|"
    r"(?<=est en )invalidite|(?<=mise en )invalidite|(?<=passee en )invalidite|"
    r"(?<=passe en )invalidite|invalide (?:de )?(?:\de|deuxieme|premiere) categorie|"
    r"(?<=une )invalidite(?= (?:de \d|et))|(?<=l )invalidite(?= (?:lui|m|me) )|"
    r"(?<=euros d )invalidite|pension d inval",
    "aspa": r"aspa|minimum vieillesse|minimum retraite|"
    r"allocation (?:de )?solidarite (?:aux )?personnes agees",
    "apa": r"apa|allocation personnalisee (?:d )?autonomie",
    "pch": r"pch|prestation (?:de )?compensation(?: du handicap)?",
    "apl": r"apl|als|aides? au logement|(?:allocations?|allocs?) (?:de )?logement|aide logement",
    "css": r"css|cmu(?: c)?|c ?2 ?s|complementaire (?:sante )?solidaire|"
    r"complementaire sante gratuite",
    "family_benefits": r"allocations? famill?ial\w*|allocs? (?:famill?ial\w*|fam|de la caf)|"
    r"allocs?(?= pour (?:mes |les |nos |mon |ma )?(?:\d )?(?:enf|goss|fil|peti|mom|gami))|"
    r"allocations?(?= pour (?:mes |les |nos |mon |ma )?(?:\d )?(?:enf|goss|fil|peti|mom|gami))|"
    r"allocations? de rentree?(?: scolaire)?|(?<=la )page(?= (?:et|,|est))|(?<=d )allocs|"
    r"allocations? de (?:base|soutien)|(?<=verse les )alloc|(?<=touche les )allocations?|"
    r"(?<=que les )alloc|allocations(?! (?:de|d|du|aux?|pour|logement|chomage|adultes?|speci\w*|"
    r"solid\w*|perso\w*|handicap\w*|retour|journal\w*)\b)|allocs(?! (?:de|d|logement|chomage)\b)|"
    r"allocations? de la caf|complement familial|(?<=les )allocs|(?<=des )allocs|"
    r"(?<=les )allocations(?= (?:[,.]|et|pour|de la caf)|$)|(?<=touche les )af",
}
_NAME = re.compile(r"\b(?:" + "|".join(f"(?P<{k}>{v})" for k, v in _NAMES.items()) + r")\b")
_ANY = "|".join(_NAMES.values())
_LIST = (
    rf"(?:(?:{_ANY}|et|plus|\+|,|l|le|la|les|un peu d|d|de|des|du|mon|ma|mes|une?|prime|euros|"
    rf"par mois|"
    r"pour (?:mes|ma|mon|les|la|le|nos)(?: \d)? \w+|pour nous \d|\d+|ans|de la caf|aussi|"
    r"(?:(?:petite|toute petite|maigre) )?(?:retraites?|pension|salaire|smic|bourse|reversion|paie|"
    r"paye)(?: (?:de (?!la caf)\w+|d \w+|agricole|msa|complementaire))?) )*"
)
_RECEIVES = (
    r"(?:touch(?:e|es|ons|ent)|percoi\w*|percevons|recoi\w*|recevons|benefici(?:e|ons|aire)|(?:j |"
    r"n |nous |on |elle |il |qui |\w+ )(?:ai|a|avons|ont)|vi[st] (?:avec|de|du|d|sur)|"
    r"vivons (?:avec|de|du|d|sur)|allocataire|titulaire|verse\w*|donne|avec|mon|ma|mes|son|sa|au|"
    r"a l|suis a l|suis en|deja|droit ouvert|euros (?:de|d|du|par mois de)|\d (?:de|d)|[.,]|"
    r"seulement|desormais|maintenant|reste|en|cumule|cumulons|accorde\w*|attribue?\w*|obtenu\w*|sous|"
    r"grace a|"
    r"malgre|(?:salaire|retraite|"
    r"paie|paye) plus|complete\w* (?:par|avec|de|d)|couverte?s? par|"
    r"en plus (?:de|d|du)|hors|sans compter|\+)"
)
_SAID = re.compile(
    rf"(?:{_RECEIVES} (?:que |qu |seulement |juste |encore |toujours |deja |bien |chacune? |"
    rf"tous les 2 |aussi |actuellement |environ |\d+ |euros |par mois )*){_LIST}$"
)
_SAID_AFTER = re.compile(
    r"^ (?:de (?:mon|ma|notre) \w+ )?(?:est de|couvre|couvrent|(?:nous |"
    r"m )?aide(?:nt)? (?:un peu|bien|a)|fait \d|font \d|s eleve|paye|paie)\b|"
    r"^ \+ |"
    r"^(?: \w+)? (?:que (?:je|j|nous|on|il|elle) (?:touch|percoi|recoi|ai)\w*|depuis|"
    r"n est pas (?:encore )?(?:tombe|arrive)|n a pas (?:encore )?ete verse|tombe le|majore|"
    r"a (?:baisse|diminue)|me (?:suffit|permet)|ne (?:suffit|me suffit)|, \d+ euros|de \d+ euros|"
    r"en ce moment|comprise?s?|incluse?s?|qui (?:va|vont|vient) avec|en cours|"
    r"\d+ euros|(?:et|,) (?:c est tout|rien d autre)|a taux plein|couple\b)"
)
#: « l’ASS est tombée », « l’AAH me fait vivre », « PCH 60 h par mois »: it is paid.
_PAID_AFTER = re.compile(
    r"^(?: (?!pas|plus|jamais|ne|n|rien)\w+){0,4}? (?:(?:est|et|a ete|ont ete|sont|m a ete|"
    r"lui a ete|"
    r"nous a ete) (?:(?:bien|enfin|deja) )?(?:versee?s?|accordee?s?|renouvelee?s?|tombee?s?|"
    r"arrivee?s?|recue?s?|attribuee?s?|validee?s?|maintenue?s?)|(?:me|m|nous|lui) "
    r"(?:\w+ )?(?:verse|"
    r"pa[iy]e|complete|fait vivre|tombe|coute|suffi\w+|finance|sert|couvre|donne|"
    r"fait tenir)(?:nt)?|"
    r"tombe(?:nt)?|court encore|pa[iy]e(?:nt)?|finance(?:nt)?|complete(?:nt)?|ne (?:couvre|suffit)"
    r"(?:nt)?|couvre(?:nt)?|s arrete(?=(?: dans| le| en| bientot))|se? (?:finit?|termine)(?: \w+)? "
    r"(?:dans|le|en)|finit (?:dans|le|en))\b|"
    r"^ (?:(?:accordee?s?|renouvelee?|recue?s?|versee?)\b|c est (?:\d|bon\b|tout\b)|"
    r"\d+ (?:h|heures|e|euros|balles)\b|direct\b|(?:avec|sans) participation|par mois|"
    r"(?:que )?(?:je|j|on|nous) (?:l |la |les )(?:ai|a|avons|touch\w+|recoi\w*|"
    r"percoi\w*)\b(?! pas)|"
    r"je la touche|et c est tout)"
)
#: « RSA et allocations. J’ai la CSS. »: an inventory, in a message that tells more.
_LISTED = re.compile(rf"^ ?{_LIST}$")
_ENDS_ITEM = re.compile(
    rf"^ (?:\.|\+|(?:et|,|plus) (?:l |la |le |les |mon |ma |mes |une? |petite? )*(?:{_ANY})\b|"
    r"(?:oui|toujours|active|a taux plein|en cours|a jour|couple|parent isole|socle)\b)|^$"
)
_A_STORY = 60
#: What is held cannot be only wished for: « … rembourser avec ma pension d’invalidité ».
_HELD = re.compile(
    r"\b(?:(?:avec|malgre|grace a|vi[st] de|vi[st] d|touch\w+|percoi\w*|recoi\w*) (?:que |"
    r"seulement |juste |deja )?(?:ma |mon |mes |sa |son |notre |la |le |l )|"
    r"complete\w* par (?:la |le |l ))$"
)
_NOT_SO = re.compile(
    r"\b(?:pas|plus (?:de|d)(?= $)|(?<!, )(?<!euros )plus(?! \d)|jamais|demand\w+|besoin|droits?|"
    r"entendu|parle|"
    r"parler|refus\w*|perdu|"
    r"coup\w+|supprim\w*|suspen\w*|arret\w*|fini\w*|attend\w*|attente|cumuler|toucher|avoir|"
    r"obtenir|dossier|peut|peux|comment|conditions?|aurai\w*|voudrai\w*|aimerai\w*|est ce|rejet\w*|"
    r"explique\w*|c est quoi|renouvel\w*|simulation|ouvrir|faire|pour (?!mes\b|ma\b|mon\b|les\b)|"
    r"sans|ni|aucune?|difference|entre|passer|retire\w*|sucre)\b(?: \w+){0,5} $"
)
_REFUSES = re.compile(
    r"\b(?:touch\w+|percoi\w*|recoi\w*|beneficie\w*|comment|peut on|est ce|avoir|vivre|pas)"
    r"(?: (?:pas|plus|jamais|encore|faire|on|de|d|avec|la|le|l))* $|\b(?:pas|plus|"
    r"jamais) (?:touch\w*|percevoir|avec) "
)
_SURELY_NOT = re.compile(
    r"\b(?:pas|plus|jamais|refus\w*|coup\w+|supprim\w*|perdu|suspen\w*|retire\w*|demand\w+|"
    r"attend\w*)\b(?: \w+){0,3} $"
)
_NOT_SO_AFTER = re.compile(
    r"^(?: \w+){0,3} (?:refuse\w*|coupe\w*|suspendu\w*|supprime\w*|(?<!s )arretee?s?|"
    r"s est arrete\w*|rejet\w*|"
    r"existe|c est quoi|ca (?:couvre|marche|sert|paye)|se (?:recupere|demande)|peut|peuvent|prend|"
    r"est ce|ou pas)\b"
)
_NONE = re.compile(
    r"(?:\b(?:touch\w+|percoi\w*|recoi\w*|recevons|beneficie\w*|ai|a|avons|avec|et) (?:\w+ ){0,2}?|"
    r", |^|\. )\b(?:aucune?|ni|pas la moindre|zero) (?:\w+ )?(?:aides?|allocations?|allocs?|"
    r"prestations?|indemnites?)(?! (?:a domicile|menagere|humaine|possible|juridique|de (?:ma|mon|"
    r"mes|sa|ses|personne)))\b|\b(?:touch\w+|percoi\w*|recoi\w*) (?:pas|plus) (?:d |de )?(?:aides?|"
    r"allocations?|allocs?)\b|\b(?:touch\w+|percoi\w*|recoi\w*) (?:plus |"
    r"strictement )?rien(?= [,.]|$"
    r"| de nulle)|\bpas d \w+ , rien(?= [,.]|$)|\bpas d aides? d aucune|\bpas une (?:seule )?"
    r"(?:aide|alloc\w*)|\b(?:strictement )?aucun revenu ni aucune aide|"
    r"\baucune (?:aide|allocation|prestation)(?= de personne| depuis)|\brien (?:de la|"
    r"du cote de la) (?:caf|msa)\b|\bn en (?:touche|"
    r"percois|recois|ai) aucune\b|\bni rsa (?:\w+ ){0,4}ni (?:rien|aide|apl|allocations?|"
    r"chomage)\b|"
    r"\bsans (?:aucune )?(?:aides(?! (?:a|de|menagere|humaine|sociale|soignante|ni|pour))|"
    r"allocations?|prestations?)(?= [,.]|$)|"
    r"\b(?:touch\w+|percoi\w*|recoi\w*) (?:plus |pas )?(?:absolument )?rien (?:du tout|"
    r"de la (?:caf|"
    r"msa)|de personne|comme aides?)|\bcaf (?:ne |n )?(?:me |nous |lui )?(?:verse|donne|paye|paie) "
    r"(?:plus )?rien"
)


def read(track: Track, sentences: clauses.Sentences) -> Iterator[Finding]:
    """Return the benefits that a message says somebody receives."""
    text = track.text
    none = _NONE.search(text)
    if none and not sentences.impersonal(none.start()):
        yield _finding(track, none.start(), none.end(), "none", rank=100)
    for match in _NAME.finditer(text):
        start, end = match.span()
        if not sentences.impersonal(start) and _is_received(text, start, end):
            yield _finding(track, start, end, str(match.lastgroup))


def _finding(track: Track, start: int, end: int, value: str, rank: int = 0) -> Finding:
    return Finding(Fact.BENEFITS_RECEIVED, start, end, track.owner(start), value, rank=rank)


def _is_received(text: str, start: int, end: int) -> bool:
    after = text[end : end + 60]
    if _NOT_SO_AFTER.match(after):
        return False
    sentence = re.split(r"[.?] ", text[max(0, start - 110) : start])[-1]
    clause = re.split(
        r"\b(?:mais|car|donc|sauf)\b|, (?=j |je |on |il |elle |c |ma |mon )", sentence
    )[-1]
    if _SAID_AFTER.match(after) and not _SURELY_NOT.search(clause):
        return True
    if _PAID_AFTER.match(after) and not _NOT_SO.search(clause):
        return True
    if _LISTED.match(clause) and len(text) > _A_STORY and _ENDS_ITEM.match(after):
        return True
    if _HELD.search(clause) and not _REFUSES.search(clause):
        return True
    if _NOT_SO.search(clause):
        return False
    return bool(_SAID.search(clause))
