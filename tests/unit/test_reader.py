"""Facts are read in what people write, with numbers in letters, negation and typos."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.understanding.reader import FactReader, load_reader
from assistant.understanding.rules import load_rules
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


def read(reader: FactReader, text: str) -> dict[str, object]:
    """Return the sure facts of ``text`` as plain values; a number known exactly is one number."""
    found: dict[str, object] = {}
    for fact, known in reader.read(text, TODAY).items():
        if known.approximate:
            continue
        exact = known.low if known.low == known.high else (known.low, known.high)
        found[fact.value] = known.value or (list(known.values) if known.values else exact)
    return found


AGES = [
    ("elle a quatre-vingt-deux ans", {"age": 82}),
    ("née en 1941", {"age": 85}),
    ("je suis né le 4 juillet 1990", {"age": 36}),
    ("72 ans, seule, Vendôme", {"age": 72, "household": "alone", "commune": "41269"}),
    ("j’ai cinquante-huit ans et demi", {"age": 58}),
    ("jé 19 an", {"age": 19}),
    ("j'ai 45 ans, pardon 46", {"age": 46}),
    ("j'ai 62 ans, non 63 depuis mardi", {"age": 63}),
    ("je vais avoir 18 ans en mars", {"age": 17}),
    ("on est mariés depuis 30 ans", {"household": "couple"}),
    ("je travaille ici depuis 12 ans", {"employment_status": "employed"}),
    ("un crédit sur 5 ans", {"debts": "some"}),
    ("il y a deux ans j'habitais Tours", {}),
    ("à 57 ans personne ne rappelle", {"age": 57}),
    ("âgée de 77 ans", {"age": 77}),
    ("ma mère va fêter ses 90 ans", {"for_whom": "parent", "age": 90}),
]
CHILDREN = [
    ("ma fille de 3 mois", {"child_age": 0}),
    ("mes deux enfants de 4 et 7 ans", {"children": 2, "child_age": 4}),
    ("je n'ai pas d'enfants", {"children": 0}),
    ("sans enfant à charge", {"children": 0}),
    ("mes trois gosses", {"children": 3}),
    ("g 2 enfan", {"children": 2}),
    ("des jumeaux de 18 mois", {"children": 2, "child_age": 1}),
    ("deux garçons et une fille", {"children": 3}),
    ("j'ai 3 enfants, euh non 4", {"children": 4}),
    ("mes filles ont 9, 12 et 15 ans", {"child_age": 9}),
    ("mon bébé a 6 semaines", {"child_age": 0}),
    ("un petit garçon né en 2021", {"child_age": 5}),
    ("mère de cinq enfants dont trois encore à la maison", {"children": 5}),
    ("nous sommes trois enfants et papa a 80 ans", {"age": 80, "for_whom": "parent"}),
    ("ma voisine a six enfants", {}),
    ("un enfant sur deux part en vacances", {}),
]
PEOPLE = [
    ("ma mère de 82 ans à Vendôme", {"for_whom": "parent", "age": 82, "commune": "41269"}),
    ("j’ai 45 ans et ma mère 82, c’est pour elle", {"for_whom": "parent", "age": 82}),
    ("c'est pour moi, j'ai 33 ans", {"for_whom": "me", "age": 33}),
    ("je demande pour mon frère qui a 40 ans", {"for_whom": "relative", "age": 40}),
    ("Pour mon voisin, 85 ans, il vit seul",
     {"for_whom": "someone_else", "age": 85, "household": "alone"}),
    ("mon grand-père ne marche plus", {"for_whom": "relative", "loss_of_autonomy": "yes"}),
    ("mon mari, 58 ans, est en arrêt maladie",
     {"for_whom": "partner", "age": 58, "employment_status": "sick_leave"}),
    ("Mon fils de 24 ans est autiste",
     {"for_whom": "child", "age": 24, "disability": ["recognised", "not_recognised"]}),
    ("je suis infirmière, une patiente de 79 ans n'a plus de mutuelle",
     {"for_whom": "someone_else", "age": 79, "health_cover": "basic"}),
    ("ma tante dit que j'ai droit à une aide", {}),
    ("mes parents gagnent trop pour la bourse", {}),
    ("ma belle-mère a 81 ans et vit à Mer",
     {"for_whom": "relative", "age": 81, "commune": "41136"}),
    ("c'est pas pour moi, c'est pour mon fils, il a 17 ans",
     {"for_whom": "child", "child_age": 17}),
    ("mon père est décédé l'an dernier", {}),
]  # fmt: skip
HOUSEHOLD = [
    ("je vis seul", {"household": "alone"}),
    ("maman solo", {"household": "alone"}),
    ("divorcée, deux ados à la maison", {"household": "alone", "children": 2}),
    ("mon divorce n'est pas prononcé", {}),
    ("ma femme et moi on loue à Mer",
     {"household": "couple", "commune": "41136"}),
    ("pacsés depuis un an", {"household": "couple"}),
    ("je suis retourné vivre chez mes parents",
     {"household": "family_or_friends", "housing_status": "hosted"}),
    ("en colocation à Blois", {"household": "family_or_friends", "commune": "41018"}),
    ("mon mari est mort en mars", {"household": "alone"}),
    ("mon compagnon nous a quittés en août", {"household": "alone"}),
    ("un seul problème : le chauffage", {}),
    ("elle ne peut plus se laver seule", {"loss_of_autonomy": "yes"}),
    ("avec ma copine on vit ensemble depuis peu", {"household": "couple"}),
]  # fmt: skip
PREGNANCY = [
    ("enceinte de 4 mois", {"pregnant": "yes"}),
    ("jsui enseinte", {"pregnant": "yes"}),
    ("j'attends un bébé pour avril", {"pregnant": "yes"}),
    ("je ne suis pas enceinte", {"pregnant": "no"}),
    ("je crois que je suis enceinte", {}),
    ("je ne sais pas si je suis enceinte", {}),
    ("peut-être enceinte", {}),
    ("je suis enceinte, je crois", {}),
    ("je crois pas être enceinte", {}),
    ("je suis enceinte, je ne sais pas si j'ai droit à une aide", {"pregnant": "yes"}),
    ("peut-être que je suis aidante", {}),
    ("je sais pas si j'ai une mutuelle", {}),
    ("je crois que ma mère ne peut plus se laver seule", {"for_whom": "parent"}),
    ("je crois que je vais être expulsé", {"housing_trouble": ["eviction"]}),
    ("j'accouche dans trois semaines", {"pregnant": "yes"}),
    ("j'ai peur d'être enceinte", {}),
]
HOUSING = [
    ("je suis locataire chez un particulier", {"housing_status": "tenant_private"}),
    ("en HLM à Vendôme", {"housing_status": "tenant_social", "commune": "41269"}),
    ("propriétaire de ma maison", {"housing_status": "owner"}),
    ("on a acheté notre maison en 2015", {"housing_status": "owner"}),
    ("je voudrais devenir propriétaire", {}),
    ("je dors dans ma voiture", {"housing_status": "homeless"}),
    ("je ne suis pas à la rue", {}),
    ("hébergée par une amie", {"household": "family_or_friends", "housing_status": "hosted"}),
    ("je vis en foyer de jeunes travailleurs", {"housing_status": "institution"}),
    ("maman est en ehpad", {"for_whom": "parent", "housing_status": "institution"}),
    ("mon proprio veut me virer",
     {"housing_trouble": ["eviction"], "housing_status": "tenant_private"}),
    ("j'arrive plus à payer mon loyer", {"housing_trouble": ["unpaid_rent"]}),
    ("trois mois de loyers impayés", {"housing_trouble": ["unpaid_rent"]}),
    ("je paye mon loyer sans souci", {}),
    ("edf veut me couper le courant", {"housing_trouble": ["unpaid_energy"]}),
    ("moisissures et cafards partout", {"housing_trouble": ["unfit"]}),
    ("je n'arrive plus à monter les escaliers",
     {"housing_trouble": ["not_adapted"], "loss_of_autonomy": "yes"}),
    ("je cherche un appartement plus grand", {"housing_trouble": ["looking"]}),
    ("aucun problème de logement", {"housing_trouble": ["none"]}),
    ("je fais une demande d'aide au logement", {}),
    ("commandement de payer reçu hier", {"housing_trouble": ["eviction"]}),
]  # fmt: skip
WORK = [
    (
        "je ne suis plus au chômage, j'ai retrouvé du travail",
        {"employment_status": "employed"},
    ),
    ("je n'ai pas retrouvé de travail", {"employment_status": "job_seeker"}),
    ("au chômage depuis 2 ans", {"employment_status": "job_seeker"}),
    ("jsui o chomage", {"employment_status": "job_seeker"}),
    ("je bosse en intérim", {"employment_status": "employed"}),
    ("retraitée de la poste", {"employment_status": "retired"}),
    ("pas encore à la retraite", {}),
    ("je serai à la retraite en juin", {}),
    ("aide-soignante à temps partiel", {"employment_status": "employed"}),
    ("je suis étudiante en licence", {"employment_status": "student", "schooling": "higher"}),
    ("en arrêt maladie depuis mars", {"employment_status": "sick_leave"}),
    ("apprenti mécanicien", {"employment_status": "apprentice", "schooling": "apprentice"}),
    ("mère au foyer", {"employment_status": "inactive"}),
    ("je ne travaille pas et je ne cherche pas", {"employment_status": "inactive"}),
    ("j'ai perdu mon boulot", {"employment_status": "job_seeker"}),
    ("avant je travaillais à l'usine", {}),
    ("micro-entrepreneur dans le jardinage", {"employment_status": "self_employed"}),
    ("si je travaille, je perds le rsa ?", {}),
    ("mon fils est en CM2", {"schooling": "primary"}),
    ("ma fille entre en sixième", {"for_whom": "child", "schooling": "middle"}),
    ("je suis en terminale", {"employment_status": "student", "schooling": "high"}),
    ("j'ai arrêté l'école", {"schooling": "none"}),
]
MONEY = [
    ("je touche 780 euros", {"income": 780}),
    ("780 e par mois", {"income": 780}),
    ("on vit à 4 avec 1400", {"income": 1400}),
    ("je gagne mille deux cents euros par mois", {"income": 1200, }),
    ("1 650,50 € net de salaire", {"income": 1650, "employment_status": "employed"}),
    ("mon mari gagne 1500 et moi 600", {"income": 2100}),
    ("12 000 euros par an de revenus", {"income": 1000}),
    ("entre 900 et 1000 euros par mois", {"income": (900, 1000)}),
    ("j'ai plus aucun revenu", {"income": 0}),
    ("je touche le smic", {"employment_status": "employed"}),
    ("un loyer de 620 euros", {}),
    ("le dentiste demande 1 900 euros", {}),
    ("j'ai 800 euros de dettes", {"debts": "some"}),
    ("je touche le RSA et les APL", {"benefits_received": ["apl", "rsa"]}),
    ("je n'ai plus le RSA", {}),
    ("j'ai demandé le RSA", {}),
    ("au RSA depuis un an", {"benefits_received": ["rsa"]}),
    ("mon AAH ne suffit pas", {"benefits_received": ["aah"]}),
    ("ma mère a besoin de l'apa", {"for_whom": "parent"}),
    ("je ne touche aucune allocation", {"benefits_received": ["none"]}),
    ("la CAF me verse la prime d'activité", {"benefits_received": ["prime_activite"]}),
    ("surendettée, la Banque de France a mon dossier", {"debts": "overwhelming"}),
    ("je n'ai aucune dette", {"debts": "none"}),
    ("trop de crédits, je ne peux plus rembourser", {"debts": "overwhelming"}),
    ("je rembourse un crédit auto sans problème", {"debts": "some"}),
]  # fmt: skip
HEALTH = [
    ("je suis pas handicapé", {"disability": "none"}),
    ("j'ai la RQTH", {"disability": "recognised"}),
    ("reconnu par la MDPH à 80 %", {"disability": "recognised"}),
    ("je suis sourd", {"disability": ["recognised", "not_recognised"]}),
    ("la MDPH a refusé mon dossier", {"disability": "not_recognised"}),
    ("une place handicapé près de chez moi", {}),
    ("mon père a 75 ans et il ne peut plus se laver",
     {"for_whom": "parent", "age": 75, "loss_of_autonomy": "yes"}),
    ("elle est encore très autonome", {"loss_of_autonomy": "no"}),
    ("mamie a Alzheimer", {"for_whom": "relative", "loss_of_autonomy": "yes"}),
    ("il faut m'aider à m'habiller", {"loss_of_autonomy": "yes"}),
    ("je m'occupe de ma mère tous les jours", {"caregiver": "yes"}),
    ("je suis l'aidante de mon mari", {"caregiver": "yes"}),
    ("je ne suis aidant de personne", {"caregiver": "no"}),
    ("j'ai pas de mutuelle", {"health_cover": "basic"}),
    ("g pa de mutuel", {"health_cover": "basic"}),
    ("j'ai une bonne mutuelle", {"health_cover": "complementary"}),
    ("j'ai la css", {"benefits_received": ["css"], "health_cover": "css"}),
    ("j'ai l'aide médicale d'État", {"health_cover": "ame"}),
    ("plus de carte vitale ni de sécu", {"health_cover": "none"}),
]  # fmt: skip
STATUS = [
    ("je suis sans papiers", {"residence_status": "undocumented"}),
    ("ma carte de séjour est valable", {"residence_status": "permit"}),
    ("je suis demandeur d'asile", {"residence_status": "asylum"}),
    ("je suis roumaine", {"residence_status": "eu"}),
    ("de nationalité française", {"residence_status": "french"}),
    ("j'ai oublié mes papiers d'assurance", {}),
    ("mon mari me frappe", {"violence": "ongoing"}),
    ("mon ex me battait, c'est fini", {"violence": "past"}),
    ("il ne me frappe pas", {"violence": "no"}),
    ("le bailleur me menace d'expulsion", {"housing_trouble": ["eviction"]}),
    ("la banque menace de me radier", {}),
]  # fmt: skip
DAILY = [
    ("j'ai pas le permis", {"transport": "no_licence"}),
    ("ma voiture est en panne", {"transport": "no_car"}),
    ("j'ai le permis et une voiture", {"transport": "car"}),
    ("ni permis ni voiture", {"transport": "no_licence"}),
    ("je suis à l'aise sur internet", {"digital_ease": "easy"}),
    ("je comprends rien à l'ordinateur", {"digital_ease": "hard"}),
    ("pas d'ordinateur à la maison", {"digital_ease": "no_equipment"}),
    ("je sais faire les démarches en ligne", {"digital_ease": "easy"}),
    ("internet c'est du chinois pour moi", {"digital_ease": "hard"}),
]
PLACES = [
    ("j'habite à côté de Vendôme", {}),
    ("j'étais à Blois, maintenant c'est Mer", {"commune": "41136"}),
    ("41100", {}),
    ("je travaille à Blois", {"employment_status": "employed"}),
    ("la mer est belle", {}),
    ("j'habite Villedieu", {"commune": "41279"}),
]
NOTHING = [
    "Est-ce que les retraités ont droit à une aide ?",
    "À partir de quel âge peut-on demander l'APA ?",
    "Comment faire un dossier de surendettement ?",
    "Combien coûte une aide ménagère ?",
    "bonjour",
    "",
    "merci beaucoup, bonne journée",
    "C'est ouvert le samedi ?",
    "Quelles sont les conditions pour la CSS ?",
    "I need help with my rent please",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *AGES, *CHILDREN, *PEOPLE, *HOUSEHOLD, *PREGNANCY, *HOUSING, *WORK, *MONEY, *HEALTH,
        *STATUS, *DAILY, *PLACES,
    ],
)  # fmt: skip
def test_facts_of_a_sentence(reader: FactReader, text: str, expected: dict[str, object]) -> None:
    """Exactly these facts are read, no more."""
    assert read(reader, text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_a_general_question_tells_nothing_of_anybody(reader: FactReader, text: str) -> None:
    """Greetings and questions about the rules in general give no fact."""
    assert read(reader, text) == {}


def test_the_words_of_a_fact_are_those_of_the_person(reader: FactReader) -> None:
    """A fact keeps the passage it was read in, as it was written, for the professional."""
    facts = reader.read("Mon père a soixante-quinze ans et il n’arrive plu a se lavé", TODAY)
    assert facts[Fact.AGE].words == "soixante-quinze ans"
    assert facts[Fact.LOSS_OF_AUTONOMY].words == "n’arrive plu a se lavé"
    assert facts[Fact.FOR_WHOM].words == "Mon père"


def test_every_rule_is_of_a_known_fact_and_value(tmp_path: Path) -> None:
    """A rule file that names an unknown fact, value, shorthand or tag is refused, with its name."""
    (tmp_path / "shorthands.yml").write_text("my: 'mon|ma'\n", encoding="utf-8")
    for content, message in [
        ("colour:\n  values:\n    - red: ['rouge']\n", "fait inconnu 'colour'"),
        ("debts:\n  values:\n    - many: ['dettes']\n", "valeur inconnue 'many'"),
        ("debts:\n  values:\n    - some: ['<your> dettes']\n", "raccourci inconnu <your>"),
        ("debts:\n  values:\n    - some: ['!loud dettes']\n", "marque inconnue"),
        ("debts:\n  values:\n    - some: ['(dettes']\n", "debts"),
    ]:
        (tmp_path / "money.yml").write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=message):
            load_rules(tmp_path)
