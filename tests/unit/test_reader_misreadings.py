"""What testers saw misread: whose age, whose money, which violence, which commune."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import Known
from assistant.understanding.corrections import number_instead
from assistant.understanding.labels import value_label
from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.conditions import holds
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes
from knowledge_base.models import Leaf

TODAY = date(2026, 11, 21)
EITHER = ("recognised", "not_recognised")


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


def read(
    reader: FactReader, text: str, fact: Fact, *, of_writer: bool = False
) -> str | float | tuple[str, ...] | None:
    """Return the value read for ``fact``, the low end of an interval, or None."""
    known = reader.read(text, TODAY, of_writer=of_writer).get(fact)
    return (known.value or known.values or known.low) if known is not None else None


AGES = [
    ("il a 71 ans moi 68", 68),
    ("lui 71 moi 68", 68),
    ("elle a 82 ans, moi 55, je m’en occupe", 55),
    ("mon mari a 71 ans moi j’en ai 68", 68),
    ("62 ans, j’ai commencé à 17 ans", 62),
    ("j’ai commencé à travailler à 17 ans", None),
    ("je travaille depuis l’âge de 16 ans", None),
    ("j’ai 62 ans, je bosse depuis mes 20 ans", 62),
    ("je suis arrivée en France à 23 ans, j’ai 30 ans maintenant", 30),
    ("je veux partir à 62 ans", None),
    ("il y a 3 ans j’ai eu un accident", None),
    ("un crédit sur 5 ans", None),
    ("un crédit d’une durée de 25 ans", None),
    ("au bout de 10 ans de mariage il m’a quittée", None),
    ("à 20 ans j’étais déjà mère", None),
    ("j’ai 3 enfants et 62 ans", 62),
    ("pas 62 ans, 63", 63),
    # what must not change
    ("elle a 82 ans et je ne sais pas quoi faire", 82),
    ("à 45 ans je suis au chômage", 45),
    ("je me retrouve à la rue à 60 ans", 60),
    ("mon fils aura 18 ans en mars, moi j’ai 44 ans", 44),
]  # fmt: skip
CHOICES = [
    (Fact.VIOLENCE, "la caf m’étrangle avec ses trop perçus", None),
    (Fact.VIOLENCE, "la banque m’agresse au téléphone", None),
    (Fact.VIOLENCE, "il m’étrangle quand je parle de la caf", "ongoing"),
    # a car is not a licence
    (Fact.TRANSPORT, "ma voiture est en panne", "no_car"),
    (Fact.TRANSPORT, "je n’ai pas le permis", "no_licence"),
    # a visit is not a home
    (Fact.HOUSING_STATUS, "mon fils a des bleus quand il revient de chez son père", None),
    (Fact.HOUSEHOLD, "ma fille rentre de chez son père avec des bleus", None),
    (Fact.HOUSING_STATUS, "le week-end il va chez son père", None),
    (Fact.HOUSING_STATUS, "je suis chez ma mère depuis mars", "hosted"),
    (Fact.HOUSING_STATUS, "j’ai 25 ans, chez mes parents à Blois", "hosted"),
    # school and work are not the home
    (Fact.VIOLENCE, "ma fille se fait harceler au collège", None),
    (Fact.VIOLENCE, "mon fils se fait taper dans la cour de récré", None),
    (Fact.VIOLENCE, "je suis victime de harcèlement au travail", None),
    (Fact.VIOLENCE, "mon chef me harcèle et m’insulte", None),
    (Fact.VIOLENCE, "mon collègue me menace", None),
    (Fact.VIOLENCE, "mon ex me harcèle par sms", "ongoing"),
    (Fact.VIOLENCE, "mon mari me harcèle au travail", "ongoing"),
    (Fact.VIOLENCE, "il me frappe quand je rentre du travail", "ongoing"),
    (Fact.VIOLENCE, "mon beau-père me frappe, je suis au collège", "ongoing"),
    # words of another language are no communes
    (Fact.COMMUNE, "meu marido morreu", None),
    (Fact.COMMUNE, "morreu", None),
    (Fact.COMMUNE, "jabite a romorentin", "41194"),
    # the place that takes the place of another
    (Fact.COMMUNE, "non pas Blois, Vendôme", "41269"),
    (Fact.COMMUNE, "j’habite pas à Blois, à Vendôme", "41269"),
    (Fact.COMMUNE, "pas Vineuil plutôt Blois", "41018"),
    (Fact.COMMUNE, "j’ai pas de voiture, Blois est trop loin", "41018"),
    (Fact.CHILDREN, "pas 3 enfants, 2", 2),
    (Fact.CHILDREN, "non, 2 enfants", 2),
    (Fact.INCOME, "non pas 1200 euros, 1100 euros", 1100),
    # a disability told says nothing of its recognition
    (Fact.DISABILITY, "mon fils est autiste", EITHER),
    (Fact.DISABILITY, "je suis en fauteuil", EITHER),
    (Fact.DISABILITY, "mon fils a un TDAH", EITHER),
    (Fact.DISABILITY, "je crois que mon fils est autiste", None),
    (Fact.DISABILITY, "mon fils est autiste mais pas reconnu par la MDPH", "not_recognised"),
    (Fact.DISABILITY, "je suis sourde, le dossier MDPH est en cours", "not_recognised"),
    (Fact.DISABILITY, "mon fils autiste touche l’AEEH", "recognised"),
    (Fact.DISABILITY, "je suis handicapé à 80 %", "recognised"),
    (Fact.DISABILITY, "je ne suis pas sourd", None),
    (Fact.DISABILITY, "j’ai un diabète, pas de carte handicap", "not_recognised"),
    (Fact.DISABILITY, "je ne suis pas handicapé", "none"),
    # feared, supposed, past, or of somebody else
    (Fact.HOUSING_STATUS, "j’ai peur d’être à la rue un jour", None),
    (Fact.HOUSING_STATUS, "la propriétaire ne veut pas refaire l’électricité", "tenant_private"),
    (Fact.DEBTS, "sorti du surendettement en 2021, plus rien à rembourser", None),
    (Fact.EMPLOYMENT_STATUS, "si je perds mon boulot j’aurai quoi", None),
    (Fact.EMPLOYMENT_STATUS, "mon médecin part à la retraite", None),
    (Fact.EMPLOYMENT_STATUS, "j’ai une carte de séjour salarié", None),
    (Fact.EMPLOYMENT_STATUS, "je suis parti à la retraite", "retired"),
    (Fact.TRANSPORT, "ma fille me conduit", None),
    (Fact.TRANSPORT, "je conduis encore", "car"),
    (Fact.SCHOOLING, "l’école m’a appelée", None),
    (Fact.FOR_WHOM, "ma femme n’a pas de papiers, moi si", None),
    (Fact.FOR_WHOM, "la demande est bien la mienne", "me"),
    (Fact.FOR_WHOM, "je n’en cherche pas pour moi", None),
    # an aid beside a pension
    (Fact.BENEFITS_RECEIVED, "elle touche une petite retraite et l’APA", ("apa",)),
    (Fact.BENEFITS_RECEIVED, "licencié, plus d’ARE depuis août", None),
    # still to come
    (Fact.EMPLOYMENT_STATUS, "je pars à la retraite à 64 ans", None),
    (Fact.EMPLOYMENT_STATUS, "je suis à la retraite", "retired"),
    # « de maman » speaks of her
    (Fact.FOR_WHOM, "je vous écris à propos de maman, elle a 91 ans", "parent"),
]  # fmt: skip
#: What somebody else lives on, and the person concerned (None: who writes, not said).
MEANS = [
    ("je cherche un appartement à Blois. Ma mère touche 1100 € de retraite", None),
    ("je n’arrive plus à payer mon loyer, ma mère touche 1100 € de retraite", None),
    ("je m’occupe de ma mère, elle touche 1100 € de retraite, je voudrais du répit", None),
    ("ma sœur touche l’AAH, et moi j’ai droit à quoi ?", None),
    ("ma mère touche 1100 € de retraite, l’ehpad en coûte 2400", "parent"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "age"), AGES)
def test_an_age_is_that_of_today_and_of_who_it_is_said_of(
    reader: FactReader, text: str, age: int | None
) -> None:
    """Neither an age gone by, nor a length of time, nor the age of « il »."""
    assert read(reader, text, Fact.AGE) == age


@pytest.mark.parametrize(("fact", "text", "expected"), CHOICES)
def test_a_value_is_read_only_where_it_is_said(
    reader: FactReader, fact: Fact, text: str, expected: str | float | tuple[str, ...] | None
) -> None:
    """The same words elsewhere tell something else, or nothing."""
    assert read(reader, text, fact) == expected


@pytest.mark.parametrize(("text", "whom"), MEANS)
def test_what_a_parent_lives_on_moves_no_need(
    reader: FactReader, text: str, whom: str | None
) -> None:
    """The money of a parent makes the message about them only when nothing else is asked."""
    assert read(reader, text, Fact.FOR_WHOM) == whom
    assert (read(reader, text, Fact.INCOME) is None) == (whom is None)


@pytest.mark.parametrize(
    "text",
    ["elle touche 1100 € de retraite", "ma mère touche 1100 € de retraite", "il a 82 ans"],
)
def test_facts_of_others_are_not_those_of_who_the_conversation_is_about(
    reader: FactReader, text: str
) -> None:
    """Once a conversation is about who writes, « elle » is somebody else."""
    assert reader.read(text, TODAY, of_writer=True) == {}
    assert reader.tells_of_others(text, TODAY)


def test_what_is_told_of_who_writes_is_no_aside(reader: FactReader) -> None:
    """« je touche… » tells of the person who asks, « ma voiture… » tells nobody else."""
    assert not reader.tells_of_others("je touche 1100 € de retraite", TODAY)
    assert read(reader, "je touche 1100 € de retraite", Fact.INCOME, of_writer=True) == 1100


@pytest.mark.parametrize(
    ("values", "expected"),
    [(EITHER, True), (("recognised",), None), (("none",), False)],
)
def test_one_choice_among_several_decides_only_what_all_agree_on(
    values: tuple[str, ...], expected: bool | None
) -> None:
    """« autiste » is enough for a card open to both, not for one that asks the recognition."""
    situation = {Fact.DISABILITY: Known(values=EITHER).as_value()}
    leaf = Leaf.model_validate({"fact": Fact.DISABILITY, "is": list(values)})
    assert holds(leaf, situation, {}) is expected


def test_a_disability_of_unknown_recognition_is_shown_as_a_yes() -> None:
    """« oui », without « mais pas reconnu »."""
    label = value_label(Fact.DISABILITY, Known(values=EITHER), load_communes())
    assert label == "oui"


@pytest.mark.parametrize(
    ("text", "fact", "number"),
    [
        ("non 63", Fact.AGE, 63),
        ("non, c’est 63", Fact.AGE, 63),
        ("pardon 63", Fact.AGE, 63),
        ("non, 2", Fact.CHILDREN, 2),
        ("non", None, None),
        ("63", None, None),
        ("non 63 rue de la gare", None, None),
    ],
)
def test_a_number_takes_the_place_of_the_only_one_it_may_correct(
    text: str, fact: Fact | None, number: int | None
) -> None:
    """« non 63 » after an age and a number of children is the age."""
    noted = {Fact.AGE: Known(low=62, high=62), Fact.CHILDREN: Known(low=3, high=3)}
    found = number_instead(text, noted)
    assert {name: known.low for name, known in found.items()} == (
        {} if fact is None else {fact: number}
    )
