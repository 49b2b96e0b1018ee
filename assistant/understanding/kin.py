"""The words by which people are named or meant, as patterns on the text of ``text.read``."""

from __future__ import annotations

import re

_MY = r"(?:mon|ma|mes|notre|nos)"
_SMALL = (
    r"(?:(?:petite?s?|jeunes?|vieille|vieux|vielle|pauvre|chere?|seule?|propre|grande?s?|belle|"
    r"\d{1,2}e|premiere?|derniere?|meilleure?s?|autres?|futurs?|futures?|[2-9]|[2-9]e) ){0,2}"
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
    r"mamy|mamies|meme(?= (?:a|est|vit))|memere|papi|papy|pepe|pepere|oncles?|tontons?|tantes?|"
    r"tatas?|tatie|freres?|frangins?|frangines?|soeurs?|cousine?s?|nieces?|neveux?|"
    r"petits? ?neveux?|petites? ?nieces?|petits? ?fils|petites? ?filles?|petits enfants|"
    r"beaux? ?peres?|belles? ?meres?|beaux ?parents|belle maman|beau papa|beaux? ?freres?|"
    r"belles? ?soeurs?|gendre|belles? ?filles?|beaux? ?fils|filleule?|marraine|parrain)"
)
_KNOWN = (
    r"(?:voisine?s?|amie?s?|collegues?|copains?|copines?|potes?|patiente?s?|eleves?|usagere?s?|"
    r"residente?s?|cliente?s?|beneficiaires?|allocataires?|"
    r"majeure? protegee?|administree?s?|apprentie?|"
    r"salariee?|"
    r"locataire|employee?|protegee?|stagiaire|etudiante?)"
)
_STRANGER = (
    r"(?:dame|monsieur|homme|femme|jeune(?: \w+)?|mineure?|maman|papa|mamie|papi|mere|couple|"
    r"famille|migrante?|refugiee?|sdf)"
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
    rf"(?:(?:mon|ma|mes|l) ex(?: {PARTNER})?|(?:le|son) (?:pere|papa|geniteur) (?:de|du|"
    rf"des)(?: mes| ma| mon| la| nos)? {CHILD}|la (?:mere|maman) (?:de|du|des)(?: mes| ma|"
    rf" mon)? {CHILD})"
)
#: « une petite retraite » is no little girl.
_THINGS = (
    r"(?:retraite|pension|reversion|bourse|salaire|paie|prime|apl|aah|allocation|aide|mutuelle|"
    r"maison|appart\w*|studio|chambre|logement|pavillon|ferme|terrain|voiture|auto|boulot|job|"
    r"entreprise|boite|commerce|ville|village|somme|dette|credit|souci|probleme|question)s?\b"
)
EVENTS = re.compile(
    rf"\b(?:(?P<ex>{_FORMER})|(?P<relative>(?:la|le|les) (?:mere|pere|soeur|frere|parents|tante|"
    rf"oncle) de {_MY} {PARTNER}|{_MY} {_SMALL}{RELATIVE}|(?:la|le) (?:tata|tatie|mamie|papi|papy|"
    rf"grand pere|grand mere)|papi|papy|mamie|mamy|pepe|memere|tonton|tata|tatie)|"
    rf"(?P<parent>{_MY} {_SMALL}{PARENT}|(?<!une )(?<!la )papa(?! (?:solo|de \d|celib))|"
    rf"(?<!une )(?<!la )maman(?! (?:solo|isolee|celib|de \d|seule)))|(?P<office>(?:{_MY}|"
    rf"le|la|l|les|un|une) (?:\w+ )?{_OFFICE}\b)|(?P<partner>{_MY} {_SMALL}{PARTNER})|"
    rf"(?P<child>(?:{_MY}|un|une|le|la|les|des|du|au|\d{{1,2}}|leur) {_SMALL}{CHILD}"
    rf"(?! {_THINGS})|bebe|ado|"
    rf"adolescente?|nourrisson)|(?P<other>(?:un|une) (?:de mes|de nos|des mes) {_KNOWN}|(?:{_MY}|"
    rf"un|une|l|des|nos|d) {_SMALL}{_KNOWN}|(?:un|une|cette|cet|ce) {_SMALL}{_STRANGER}|(?:la|"
    rf"le) (?:voisine?|veuf|veuve|dame|monsieur)|"
    r"(?:monsieur|madame|mme|mr|m) [a-z] [.,](?= )|"
    r"(?<=, )(?:patiente?|usagere?|residente?|beneficiaire) (?=de \d)|"
    r"(?<!bonjour )(?<!bonsoir )(?<!merci )(?:monsieur|madame|mme) (?!(?:le|la|les|je|j|bonjour|l|"
    r"ou|on|nous|mon|ma|vous|et|c|si) )[a-z]+(?= ,? ?(?:a|est|vit|habite|agee?|touche|ne?|"
    r"\d{2})\b))"
    r"|(?P<me>j|je|moi|nous|on)|(?P<he>il|elle|ils|elles|lui|eux)|(?P<who>qui)|"
    r"(?P<their>(?:son|sa|ses|leur|leurs) (?:\d{1,2} )?\w+))\b|(?P<stop>[.?])|(?P<comma>,)"
)
PREPOSITION = re.compile(
    r"\b(?:chez|avec|pour|de|d|du|des|a|par|sans|sur|contre|comme|vers|concernant|envers|entre|"
    r"aupres de) $"
)
BEGINS = re.compile(
    r"(?:^|[,.?] |\b(?:et|mais|que|qu|quand|si|puisque|car|parce que|alors|voila|donc|est ce que|"
    r"bonjour|bonsoir|salut|svp|c est|depuis que|comme|or|sinon|merci|ou|ni|dont) )$"
)
IMPERSONAL = re.compile(
    r"^(?: (?:n )?y a\b| (?:me |m |nous |lui |vous )?(?:en )?(?:faut|faudrait|faudra|reste|restait|"
    r"semble|semblait|parait|existe|manque)\b| (?:fait|pleut|gele|neige|s agit)\b| (?:est|"
    r"etait) (?:\d+ ?h|possible|normal|vrai|question|temps|urgent|tard))"
)
SOMEBODY_DOES = re.compile(r"^ (?:m|me|nous|lui|leur|te|vous) (?!en\b|y\b)")
#: After a name that is not the subject, what still tells of that person.
ABOUT_THEM = re.compile(
    r"^ ?(?:de \w+ )?(?:, )?(?:qui|dont|alitee?|grabataire|invalide|tres |avec \d|agee?s? |de \d|"
    r"\d+(?: (?:, |et )?\d+)* ?(?:ans?|mois|semaines)|atteinte?|reconnue?|handicap\w*|malade|"
    r"retraitee?|autiste|trisomique|nee? |veuf|veuve|en situation de|dependante?|invalide|sourde?|"
    r"aveugle|en fauteuil|etudiante?|lyceenn?e?|sans papiers|a la retraite|au chomage|hemiplegique|"
    r"enceinte|en perte|alzheimer|tdah|dys\w+|, celibataire|bipolaire|schizo\w*|qu)"
)
#: What goes on telling of the same after a comma: « …, plus de droits, touche le RSA ».
GOES_ON = re.compile(r"^ (?:et )?(?:plus|pas|sans|ni|ne|n|a|est|touche|vit|avec|qui)\b")
#: « et mon père est… » begins a sentence, « et 4 enfants dans un F3 » does not.
DOES = re.compile(
    r"^ (?:a|est|ont|sont|va|vit|vont|ne|n|entre|rentre|passe|habite|touche|gagne|travaille|\d+|"
    r"qui|se|s|le|me|m|l|cherche|veut|peut|dort|perd)\b"
)
RELATIVE_CLAUSE = re.compile(r", (?:que|qu|dont) $")
#: « 1 enfant, 2 salaires » : counted, they do nothing.
COUNTED = re.compile(rf"(?:\d{{1,2}}|une?) (?:\w+ )?{CHILD}$")
DOES_THEN = re.compile(
    r"^ (?:est|sont|va|vit|ne|n|entre|rentre|passe|habite|touche|gagne|travaille|cherche|veut|peut|"
    r"dort|perd)\b"
)
FEMININE = re.compile(
    r"\b(?:ma|une|la|cette|mere|maman|mamie|mamy|tante|tata|tatie|soeur|fille|femme|niece|cousine|"
    r"dame|epouse|compagne|copine|voisine|amie|patiente|cliente|conjointe|belle|elle|eleve)\b"
)
#: Said of a boy or a girl alike.
NEUTRAL = frozenset({"enfant", "enfants", "bebe", "ado", "eleve"})
APPOSED = 24  # characters
PLURAL = re.compile(r"\b(?:mes|nos|des|les|\d+)\b")
