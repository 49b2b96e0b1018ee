"""Families of sayings learnt from the train messages: what tells a fact, and what does not."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


BENEFITS = [
    ("L'ASS me fait vivre, si on peut dire.", ["ass"]),
    ("L'APA a été accordée à ma mère.", ["apa"]),
    ("PCH 60 h par mois pour mon dos", ["pch"]),
    ("Je suis seule avec mes filles à Blois. RSA et allocations. Je cherche un toit.",
     ["family_benefits", "rsa"]),
    ("le chômage me verse 42 euros par jour", ["are"]),
    ("ma sœur, invalide catégorie 3, ne sort plus", ["pension_invalidite"]),
    ("L'APA a été refusée à ma mère.", None),
    ("L'AAH, c'est quoi ?", None),
    ("je voudrais demander le RSA", None),
]  # fmt: skip
CHOICES = [
    (Fact.HOUSING_STATUS, "je vis dans un T3 privé à Mer", "tenant_private"),
    (Fact.HOUSING_STATUS, "un studio loué à une vieille dame", "tenant_private"),
    (Fact.HOUSING_STATUS, "on habite un pavillon de Villebarou à nous", "owner"),
    (Fact.HOUSING_STATUS, "mes parents vivent dans leur maison de Droué", "owner"),
    (Fact.HOUSING_STATUS, "je dors chez un compatriote", "hosted"),
    (Fact.HOUSING_STATUS, "je vis en camion", "homeless"),
    (Fact.HOUSING_STATUS, "je suis mère au foyer", None),
    (Fact.HOUSING_STATUS, "je suis en CDD chez un maraîcher", None),
    (Fact.HOUSEHOLD, "ma femme est en arrêt et on rembourse la maison", "couple"),
    (Fact.TRANSPORT, "ma petite Dacia roule encore", "car"),
    (Fact.TRANSPORT, "le code, je l'ai raté quatre fois", "no_licence"),
    (Fact.TRANSPORT, "permis oui, voiture non", "no_car"),
    (Fact.TRANSPORT, "j'ai un crédit auto que je paie", None),
    (Fact.DEBTS, "je ne dois rien à personne", "none"),
    (Fact.DEBTS, "7 créanciers, je n'ouvre plus le courrier", "overwhelming"),
    (Fact.DEBTS, "la CAF me réclame 1 200 euros", "some"),
    (Fact.HEALTH_COVER, "la mutuelle de mon mari me couvre aussi", "complementary"),
    (Fact.HEALTH_COVER, "mon AME s'arrête bientôt", "ame"),
    (Fact.DIGITAL_EASE, "les démarches en ligne, je gère", "easy"),
    (Fact.DIGITAL_EASE, "FranceConnect, j'y arrive jamais", "hard"),
    (Fact.RESIDENCE_STATUS, "l'OFPRA n'a pas encore répondu", "asylum"),
    (Fact.RESIDENCE_STATUS, "j'ai la protection temporaire", "permit"),
    (Fact.PREGNANT, "retard de règles, test négatif", "no"),
    (Fact.CAREGIVER, "je ne m'occupe pas de ma tante", "no"),
    (Fact.CAREGIVER, "je ne suis pas aidante", "no"),
    (Fact.VIOLENCE, "mon compagnon m'a encore frappée", "ongoing"),
    (Fact.VIOLENCE, "il n'est pas violent", "no"),
    (Fact.EMPLOYMENT_STATUS, "je ne suis plus en arrêt, j'ai repris lundi", "employed"),
    (Fact.EMPLOYMENT_STATUS, "j'ai arrêté de bosser pour élever les trois", "inactive"),
    (Fact.EMPLOYMENT_STATUS, "ma mère a l'ASPA", None),
]


@pytest.mark.parametrize(("text", "expected"), BENEFITS)
def test_benefits_received(reader: FactReader, text: str, expected: list[str] | None) -> None:
    """Paid, granted or listed: received; refused, asked for or asked about: not."""
    known = reader.read(text, TODAY).get(Fact.BENEFITS_RECEIVED)
    assert (sorted(known.values or ()) if known else None) == expected


@pytest.mark.parametrize(("fact", "text", "expected"), CHOICES)
def test_a_choice(reader: FactReader, fact: Fact, text: str, expected: str | None) -> None:
    """The value told, or nothing where the same words tell something else."""
    known = reader.read(text, TODAY).get(fact)
    assert (known.value if known else None) == expected
