"""The closed list of facts about a person's situation.

A fact is something that at least two catalogue entries need in order to say
*likely*, *to check* or *unlikely*. The list lives here, under the catalogue, and
not in ``assistant``: the conditions of the entries are checked against it and
``knowledge_base`` imports nothing of ours.

Every fact carries everything a person sees about it: its name, the question, the
choices and the reason given when they ask « pourquoi cette question ? ».
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """Name of a fact; the same spelling is used for the Rasa slot."""

    COMMUNE = "commune"
    FOR_WHOM = "for_whom"
    AGE = "age"
    HOUSEHOLD = "household"
    CHILDREN = "children"
    CHILD_AGE = "child_age"
    PREGNANT = "pregnant"
    HOUSING_STATUS = "housing_status"
    HOUSING_TROUBLE = "housing_trouble"
    EMPLOYMENT_STATUS = "employment_status"
    SCHOOLING = "schooling"
    INCOME = "income"
    BENEFITS_RECEIVED = "benefits_received"
    DISABILITY = "disability"
    LOSS_OF_AUTONOMY = "loss_of_autonomy"
    CAREGIVER = "caregiver"
    HEALTH_COVER = "health_cover"
    RESIDENCE_STATUS = "residence_status"
    VIOLENCE = "violence"
    DEBTS = "debts"
    TRANSPORT = "transport"
    DIGITAL_EASE = "digital_ease"


class Kind(StrEnum):
    """How the value of a fact is written."""

    CHOICE = "choice"  # one value of the list
    CHOICES = "choices"  # a set of values of the list
    NUMBER = "number"  # a whole number (years, children)
    MONEY = "money"  # an interval [low, high] of euros per month, both ends included
    COMMUNE = "commune"  # a code INSEE, five characters


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: stable ``value``, French ``label``.

    ``low`` and ``high`` give the meaning of an interval answer (numbers and money);
    ``high`` None means no upper end.
    """

    value: str
    label: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """What is known of one fact before anybody answers.

    ``cost`` is how intrusive the question is, from 0 (harmless) to 1 (never asked
    unless it decides something urgent). ``neutral_label`` replaces ``label``,
    where it says « vous », for somebody who reads of another person.
    """

    name: Fact
    kind: Kind
    label: str
    question: str
    question_about_other: str
    why: str
    choices: tuple[Choice, ...] = ()
    cost: float = 0.0
    neutral_label: str = ""

    @property
    def label_of_anybody(self) -> str:
        """Return the label for a professional, who reads the facts of somebody else."""
        return self.neutral_label or self.label


DONT_KNOW = "dont_know"
NO_ANSWER = "no_answer"

#: Offered after the choices of every question.
WAYS_OUT = (
    Choice(DONT_KNOW, "Je ne sais pas"),
    Choice(NO_ANSWER, "Je préfère ne pas répondre"),
)

YES = "yes"
NO = "no"
_YES_NO = (Choice(YES, "Oui"), Choice(NO, "Non"))

_DEFINITIONS = (
    FactDefinition(
        Fact.COMMUNE,
        Kind.COMMUNE,
        "votre commune",
        "Dans quelle commune habitez-vous ?",
        "Dans quelle commune habite cette personne ?",
        "Les aides et les lieux changent d’une commune à l’autre. "
        "Je cherche ceux qui sont près de chez vous.",
        neutral_label="la commune",
    ),
    FactDefinition(
        Fact.FOR_WHOM,
        Kind.CHOICE,
        "la personne concernée",
        "Pour qui cherchez-vous de l’aide ?",
        "Pour qui cherchez-vous de l’aide ?",
        "Les aides dépendent de la personne qui en a besoin : vous ou un proche.",
        (
            Choice("me", "Pour moi"),
            Choice("partner", "Pour mon conjoint ou ma conjointe"),
            Choice("child", "Pour mon enfant"),
            Choice("parent", "Pour mon père ou ma mère"),
            Choice("relative", "Pour un autre membre de ma famille"),
            Choice("someone_else", "Pour quelqu’un d’autre"),
        ),
    ),
    FactDefinition(
        Fact.AGE,
        Kind.NUMBER,
        "l’âge",
        "Quel âge avez-vous ?",
        "Quel âge a cette personne ?",
        "Beaucoup d’aides dépendent de l’âge.",
        (
            Choice("under_18", "Moins de 18 ans", 0, 17),
            Choice("18_25", "De 18 à 25 ans", 18, 25),
            Choice("26_59", "De 26 à 59 ans", 26, 59),
            Choice("60_64", "De 60 à 64 ans", 60, 64),
            Choice("65_plus", "65 ans ou plus", 65, None),
        ),
        cost=0.05,
    ),
    FactDefinition(
        Fact.HOUSEHOLD,
        Kind.CHOICE,
        "avec qui vous vivez",
        "Vivez-vous seul ou avec quelqu’un ?",
        "Cette personne vit-elle seule ou avec quelqu’un ?",
        "Les plafonds et les montants ne sont pas les mêmes seul ou à plusieurs.",
        (
            Choice("alone", "Sans conjoint, seul ou avec des enfants"),
            Choice("couple", "En couple"),
            Choice("family_or_friends", "Avec de la famille ou des amis"),
        ),
        cost=0.1,
        neutral_label="avec qui la personne vit",
    ),
    FactDefinition(
        Fact.CHILDREN,
        Kind.NUMBER,
        "les enfants à charge",
        "Combien d’enfants avez-vous à charge ?",
        "Combien d’enfants cette personne a-t-elle à charge ?",
        "Plusieurs aides dépendent du nombre d’enfants.",
        (
            Choice("0", "Aucun", 0, 0),
            Choice("1", "Un", 1, 1),
            Choice("2", "Deux", 2, 2),
            Choice("3_plus", "Trois ou plus", 3, None),
        ),
        cost=0.05,
    ),
    FactDefinition(
        Fact.CHILD_AGE,
        Kind.NUMBER,
        "l’âge de l’enfant",
        "Quel âge a l’enfant ? Prenez le plus jeune s’il y en a plusieurs.",
        "Quel âge a l’enfant ? Prenez le plus jeune s’il y en a plusieurs.",
        "Les aides changent avec l’âge de l’enfant.",
        (
            Choice("under_3", "Moins de 3 ans", 0, 2),
            Choice("3_5", "De 3 à 5 ans", 3, 5),
            Choice("6_17", "De 6 à 17 ans", 6, 17),
            Choice("18_20", "De 18 à 20 ans", 18, 20),
        ),
    ),
    FactDefinition(
        Fact.PREGNANT,
        Kind.CHOICE,
        "une grossesse",
        "Une grossesse est-elle en cours ?",
        "Cette personne est-elle enceinte ?",
        "Pendant une grossesse, des droits et un suivi gratuits s’ouvrent.",
        _YES_NO,
        cost=0.3,
    ),
    FactDefinition(
        Fact.HOUSING_STATUS,
        Kind.CHOICE,
        "votre logement",
        "Où vivez-vous en ce moment ?",
        "Où vit cette personne en ce moment ?",
        "Les aides au logement ne sont pas les mêmes pour un locataire, "
        "un propriétaire ou une personne hébergée.",
        (
            Choice("tenant_private", "Locataire d’un propriétaire privé"),
            Choice("tenant_social", "Locataire d’un logement social (HLM)"),
            Choice("owner", "Propriétaire"),
            Choice("hosted", "Hébergé chez quelqu’un"),
            Choice("institution", "En foyer, résidence ou établissement"),
            Choice("homeless", "Sans logement"),
        ),
        cost=0.05,
        neutral_label="le logement",
    ),
    FactDefinition(
        Fact.HOUSING_TROUBLE,
        Kind.CHOICES,
        "le problème de logement",
        "Quel est le problème avec le logement ?",
        "Quel est le problème avec le logement ?",
        "Cela me dit quelle aide au logement regarder d’abord.",
        (
            Choice("unpaid_rent", "Un loyer pas payé"),
            Choice("unpaid_energy", "Une facture d’énergie ou d’eau pas payée"),
            Choice("eviction", "Une menace d’expulsion"),
            Choice("unfit", "Un logement en mauvais état"),
            Choice("not_adapted", "Un logement pas adapté à l’âge ou au handicap"),
            Choice("looking", "Je cherche un logement"),
            Choice("none", "Aucun problème"),
        ),
    ),
    FactDefinition(
        Fact.EMPLOYMENT_STATUS,
        Kind.CHOICE,
        "votre situation de travail",
        "Quelle est votre situation de travail ?",
        "Quelle est sa situation de travail ?",
        "Des aides sont faites pour ceux qui travaillent, d’autres pour ceux qui cherchent.",
        (
            Choice("employed", "Je travaille (salarié)"),
            Choice("self_employed", "Je travaille à mon compte"),
            Choice("job_seeker", "Je cherche du travail"),
            Choice("inactive", "Sans travail et sans recherche"),
            Choice("student", "Élève ou étudiant"),
            Choice("apprentice", "Apprenti ou en alternance"),
            Choice("sick_leave", "En arrêt maladie"),
            Choice("retired", "À la retraite"),
        ),
        cost=0.05,
        neutral_label="la situation de travail",
    ),
    FactDefinition(
        Fact.SCHOOLING,
        Kind.CHOICE,
        "les études",
        "Quel est le niveau d’études en ce moment ?",
        "Quel est le niveau d’études en ce moment ?",
        "Les bourses et les aides à la scolarité dépendent du niveau.",
        (
            Choice("primary", "École maternelle ou primaire"),
            Choice("middle", "Collège"),
            Choice("high", "Lycée"),
            Choice("apprentice", "Apprentissage"),
            Choice("higher", "Études supérieures"),
            Choice("none", "Pas d’études en ce moment"),
        ),
    ),
    FactDefinition(
        Fact.INCOME,
        Kind.MONEY,
        "les revenus du foyer",
        "Combien d’argent entre dans le foyer chaque mois, à peu près ?",
        "Combien d’argent entre dans son foyer chaque mois, à peu près ?",
        "Presque toutes les aides ont un plafond de revenus. Une idée suffit.",
        (
            Choice("none", "Rien en ce moment", 0, 0),
            Choice("under_600", "Moins de 600 €", 1, 599),
            Choice("600_1000", "De 600 à 1 000 €", 600, 1000),
            Choice("1000_1500", "De 1 000 à 1 500 €", 1001, 1500),
            Choice("1500_2200", "De 1 500 à 2 200 €", 1501, 2200),
            Choice("over_2200", "Plus de 2 200 €", 2201, None),
        ),
        cost=0.3,
    ),
    FactDefinition(
        Fact.BENEFITS_RECEIVED,
        Kind.CHOICES,
        "les aides déjà reçues",
        "Quelle aide recevez-vous déjà ?",
        "Quelle aide cette personne reçoit-elle déjà ?",
        "Je ne vous propose pas une aide que vous avez déjà, "
        "et certaines aides en ouvrent d’autres.",
        (
            Choice("rsa", "RSA"),
            Choice("prime_activite", "Prime d’activité"),
            Choice("are", "Allocation chômage"),
            Choice("ass", "ASS (fin de droits au chômage)"),
            Choice("aah", "AAH (adulte handicapé)"),
            Choice("aeeh", "AEEH (enfant handicapé)"),
            Choice("pension_invalidite", "Pension d’invalidité"),
            Choice("aspa", "ASPA (minimum vieillesse)"),
            Choice("apa", "APA"),
            Choice("pch", "PCH"),
            Choice("apl", "Aide au logement (APL)"),
            Choice("css", "Complémentaire santé solidaire"),
            Choice("family_benefits", "Allocations familiales"),
            Choice("none", "Aucune"),
        ),
        cost=0.15,
    ),
    FactDefinition(
        Fact.DISABILITY,
        Kind.CHOICE,
        "un handicap",
        "Y a-t-il un handicap ou une maladie qui dure ?",
        "Y a-t-il un handicap ou une maladie qui dure ?",
        "Un handicap ouvre des droits, même s’il ne se voit pas. "
        "Il n’est pas nécessaire d’en dire plus.",
        (
            Choice("recognised", "Oui, reconnu par la MDPH"),
            Choice("not_recognised", "Oui, mais pas reconnu"),
            Choice("none", "Non"),
        ),
        cost=0.3,
    ),
    FactDefinition(
        Fact.LOSS_OF_AUTONOMY,
        Kind.CHOICE,
        "le besoin d’aide au quotidien",
        "Faut-il de l’aide pour les gestes de tous les jours (se laver, s’habiller, manger) ?",
        "A-t-elle besoin d’aide pour les gestes de tous les jours (se laver, s’habiller, manger) ?",
        "C’est ce qui décide des aides pour rester à la maison.",
        _YES_NO,
        cost=0.15,
    ),
    FactDefinition(
        Fact.CAREGIVER,
        Kind.CHOICE,
        "l’aide que vous donnez à un proche",
        "Aidez-vous souvent un proche malade, âgé ou handicapé ?",
        "Aidez-vous souvent cette personne ?",
        "Les proches qui aident ont aussi des droits, par exemple pour souffler.",
        _YES_NO,
        neutral_label="l’aide donnée à un proche",
    ),
    FactDefinition(
        Fact.HEALTH_COVER,
        Kind.CHOICE,
        "la couverture santé",
        "Quelle couverture santé avez-vous ?",
        "Quelle couverture santé cette personne a-t-elle ?",
        "Cela me dit si une aide peut payer les soins ou la mutuelle.",
        (
            Choice("none", "Aucune"),
            Choice("basic", "La Sécurité sociale, sans mutuelle"),
            Choice("complementary", "La Sécurité sociale et une mutuelle"),
            Choice("css", "La complémentaire santé solidaire"),
            Choice("ame", "L’aide médicale de l’État"),
        ),
        cost=0.1,
    ),
    FactDefinition(
        Fact.RESIDENCE_STATUS,
        Kind.CHOICE,
        "le droit au séjour",
        "Avez-vous la nationalité française ou un titre de séjour ?",
        "A-t-elle la nationalité française ou un titre de séjour ?",
        "Certaines aides demandent un titre de séjour, d’autres non. "
        "Votre réponse n’est transmise à personne sans votre accord.",
        (
            Choice("french", "Nationalité française"),
            Choice("eu", "Citoyen d’un pays de l’Union européenne"),
            Choice("permit", "Titre de séjour en cours"),
            Choice("asylum", "Demande d’asile en cours"),
            Choice("undocumented", "Sans titre de séjour"),
        ),
        cost=0.6,
    ),
    FactDefinition(
        Fact.VIOLENCE,
        Kind.CHOICE,
        "des violences",
        "Quelqu’un vous fait-il du mal ou vous menace-t-il ?",
        "Quelqu’un fait-il du mal à cette personne ou la menace-t-il ?",
        "Pour vous protéger d’abord. Vous pouvez ne pas répondre.",
        (
            Choice("ongoing", "Oui, en ce moment"),
            Choice("past", "Oui, avant"),
            Choice("no", "Non"),
        ),
        cost=0.8,
    ),
    FactDefinition(
        Fact.DEBTS,
        Kind.CHOICE,
        "les dettes",
        "Avez-vous des dettes ou des crédits que vous n’arrivez plus à payer ?",
        "A-t-elle des dettes ou des crédits qu’elle n’arrive plus à payer ?",
        "Selon le cas, il faut voir un conseiller budget ou la Banque de France.",
        (
            Choice("overwhelming", "Oui, je n’y arrive plus"),
            Choice("some", "Oui, mais j’y arrive encore"),
            Choice("none", "Non"),
        ),
        cost=0.2,
    ),
    FactDefinition(
        Fact.TRANSPORT,
        Kind.CHOICE,
        "les déplacements",
        "Comment vous déplacez-vous ?",
        "Comment cette personne se déplace-t-elle ?",
        "Pour vous proposer un lieu où vous pouvez aller, ou une aide pour bouger.",
        (
            Choice("car", "J’ai une voiture"),
            Choice("no_car", "Je n’ai pas de voiture qui roule"),
            Choice("no_licence", "Je n’ai pas le permis"),
        ),
    ),
    FactDefinition(
        Fact.DIGITAL_EASE,
        Kind.CHOICE,
        "les démarches en ligne",
        "Êtes-vous à l’aise avec les démarches sur internet ?",
        "Est-elle à l’aise avec les démarches sur internet ?",
        "Si internet est difficile, je vous montre d’abord les lieux où quelqu’un aide.",
        (
            Choice("easy", "Oui"),
            Choice("hard", "C’est difficile"),
            Choice("no_equipment", "Je n’ai pas d’appareil ou de connexion"),
        ),
    ),
)

#: Every fact, in the order of the enumeration.
FACTS: dict[Fact, FactDefinition] = {definition.name: definition for definition in _DEFINITIONS}


def choice(fact: Fact, value: str) -> Choice | None:
    """Return the choice of ``fact`` (ways out included) whose value is ``value``, or None."""
    for candidate in (*FACTS[fact].choices, *WAYS_OUT):
        if candidate.value == value:
            return candidate
    return None
