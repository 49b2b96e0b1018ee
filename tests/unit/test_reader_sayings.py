"""General ways of saying a fact: each rule with what it reads, and what it must leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.reader import FactReader, load_reader
from assistant.understanding.text import readable
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


SAID = [
    # Where they live
    ("je couche à la gare depuis lundi", Fact.HOUSING_STATUS, "homeless"),
    ("45 ans, dehors depuis hier", Fact.HOUSING_STATUS, "homeless"),
    ("une chambre du Crous, c'est tout ce que j'ai", Fact.HOUSING_STATUS, "institution"),
    ("la maison est petite mais elle est à moi, maison à moi", Fact.HOUSING_STATUS, "owner"),
    ("un studio que me loue une dame âgée", Fact.HOUSING_STATUS, "tenant_private"),
    ("j'ai pris un T3 chez Jacques Gabriel", Fact.HOUSING_STATUS, "tenant_social"),
    ("un copain m'héberge depuis mars", Fact.HOUSING_STATUS, "hosted"),
    ("un copain m'héberge depuis mars", Fact.HOUSEHOLD, "family_or_friends"),
    ("Mon cousin a 30 ans, une amie l'héberge en ce moment", Fact.HOUSING_STATUS, "hosted"),
    ("mon compagnon est au RSA et on vit tous les deux à Mer", Fact.HOUSEHOLD, "couple"),
    ("je suis revenu chez papa", Fact.HOUSEHOLD, "family_or_friends"),
    # Work and school
    ("je suis boucher à mi-temps", Fact.EMPLOYMENT_STATUS, "employed"),
    ("16 ans, en seconde au lycée", Fact.EMPLOYMENT_STATUS, "student"),
    ("l'atelier a fermé, je me retrouve sans rien", Fact.EMPLOYMENT_STATUS, "job_seeker"),
    ("le lycée j'ai arrêté en mars", Fact.SCHOOLING, "none"),
    # Cover, benefits, money
    ("la sécu oui, la mutuelle non", Fact.HEALTH_COVER, "basic"),
    ("j'ai la sécu et c'est tout", Fact.HEALTH_COVER, "basic"),
    ("je n'ai plus que la sécu", Fact.HEALTH_COVER, "basic"),
    ("je n'ai pas un euro, pas rentré un euro depuis juin", Fact.INCOME, 0),
    # Violence
    ("il m'a attrapée par la gorge", Fact.VIOLENCE, "ongoing"),
    ("mon mari m'a cassé le nez", Fact.VIOLENCE, "ongoing"),
    ("divorcée d'un homme qui m'a battue", Fact.VIOLENCE, "past"),
    ("il ne m'a jamais frappée", Fact.VIOLENCE, "no"),
    ("je n'ai jamais subi de coups", Fact.VIOLENCE, "no"),
    # Daily acts, disability, help
    ("maman ne sort plus de son lit", Fact.LOSS_OF_AUTONOMY, "yes"),
    ("je la lave et je l'habille, ma mère", Fact.LOSS_OF_AUTONOMY, "yes"),
    ("mon père se débrouille pour tout", Fact.LOSS_OF_AUTONOMY, "no"),
    ("personne chez nous n'est handicapé", Fact.DISABILITY, "none"),
    ("je n'aide aucun proche", Fact.CAREGIVER, "no"),
    # Moving about, online
    ("j'ai mon permis et une Twingo", Fact.TRANSPORT, "car"),
    ("je conduis plus la nuit mais j'ai ma voiture", Fact.TRANSPORT, "car"),
    ("je fais tout en ligne", Fact.DIGITAL_EASE, "easy"),
    # Residence
    ("j'ai été déboutée de ma demande d'asile", Fact.RESIDENCE_STATUS, "undocumented"),
    # For whom
    ("Ma fille a 4 ans, la MDPH tarde. C'est pour elle.", Fact.FOR_WHOM, "child"),
    ("mes parents sont âgés, c'est pour eux", Fact.FOR_WHOM, "parent"),
    ("Je reçois un monsieur de 70 ans, grec, qui dort dehors", Fact.FOR_WHOM, "someone_else"),
    ("J'ai été maçon vingt ans, j'ai 50 ans", Fact.AGE, 50),
]


@pytest.mark.parametrize(("text", "fact", "expected"), SAID)
def test_a_way_of_saying_is_read(
    reader: FactReader, text: str, fact: Fact, expected: str | int
) -> None:
    """Each construction tells its fact."""
    known = reader.read(text, TODAY).get(fact)
    assert known is not None
    assert (known.value or known.low) == expected


BENEFITS = [
    ("complété par l'ASPA", ("aspa",)),
    ("le loyer, prime d'activité comprise", ("prime_activite",)),
    ("je ne rembourse plus rien avec ma pension d'invalidité", ("pension_invalidite",)),
    ("je touche 900 euros de chômage", ("are",)),
    ("j'ai la C2S", ("css",)),
    ("France Travail me verse 900 euros", ("are",)),
    ("la CAF me donne les allocations familiales pour mes filles, 8 et 10 ans, et le RSA",
     ("family_benefits", "rsa")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BENEFITS)
def test_a_benefit_said_in_passing_is_received(
    reader: FactReader, text: str, expected: tuple[str, ...]
) -> None:
    """What is held or counted in is received, whatever is denied beside."""
    assert reader.read(text, TODAY)[Fact.BENEFITS_RECEIVED].values == expected


UNSAID = [
    ("ma tante est très bien chez elle", Fact.HOUSING_STATUS),
    ("nous hébergeons un jeune de 17 ans", Fact.HOUSEHOLD),
    ("papa n'a plus de maison à vendre", Fact.HOUSING_STATUS),
    ("elle se lave et cuisine toute seule, dans sa maison", Fact.HOUSEHOLD),
    ("je me débrouille très bien sur internet", Fact.LOSS_OF_AUTONOMY),
    ("je vis avec 500 euros de bourse", Fact.TRANSPORT),
    ("il vit sur leur retraite", Fact.EMPLOYMENT_STATUS),
    ("ma fille est au lycée, 15 ans", Fact.EMPLOYMENT_STATUS),
    ("je voudrais des renseignements sur le RSA", Fact.BENEFITS_RECEIVED),
    ("La prime d'activité, c'est cumulable ?", Fact.BENEFITS_RECEIVED),
    ("le loyer HLM fait 690 euros", Fact.INCOME),
    ("ma femme, moi et nos enfants", Fact.FOR_WHOM),
]


@pytest.mark.parametrize(("text", "fact"), UNSAID)
def test_what_only_looks_alike_is_not_read(reader: FactReader, text: str, fact: Fact) -> None:
    """A word of the fact is not enough."""
    assert fact not in reader.read(text, TODAY)


HEARD = [
    ("jé pa 2 boulo", "j ai pas de boulot"),
    ("1 copin", "un copain"),
    ("1 enfan", "1 enfants"),
    ("2 enfan", "2 enfants"),
    ("je vie a la ru", "je vis a la rue"),
    ("je travail a mi tan", "je travaille a mi temps"),
    ("pour moi", "pour moi"),
    ("san papié depui 8 moi", "sans papiers depuis 8 mois"),
    ("g lass", "j ai l ass"),
    ("depui 2023 g lame", "depuis 2023 j ai l ame"),
    ("il ma frapé", "il m a frappe"),
]


@pytest.mark.parametrize(("written", "meant"), HEARD)
def test_words_heard_alike_are_read_by_their_neighbours(written: str, meant: str) -> None:
    """Figures and homophones of SMS are read as they are said."""
    assert readable(written) == meant
