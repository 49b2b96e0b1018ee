"""In a story, each fact is read of the right person, and from what its sentence says."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.geography import load_communes

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def reader() -> FactReader:
    """The real rules and the real communes."""
    return load_reader(load_communes())


def read(reader: FactReader, text: str) -> dict[str, object]:
    """Return the facts of ``text`` as plain values; an interval is given by its low end."""
    return {
        fact.value: known.value or (list(known.values) if known.values else known.low)
        for fact, known in reader.read(text, TODAY).items()
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # « elle » goes back to who is told of at length, not to somebody only met
        (
            "Ma mère a 81 ans, elle vit seule. Elle fatigue. La voisine passe le lundi. "
            "Elle touche 1 100 euros de retraite.",
            {
                "for_whom": "parent",
                "age": 81,
                "household": "alone",
                "employment_status": "retired",
                "income": 1100,
            },
        ),
        # nor to an office
        (
            "Ma tante a 68 ans. La Caf lui écrit souvent. Elle n’a pas internet.",
            {"for_whom": "relative", "age": 68, "digital_ease": "no_equipment"},
        ),
        # « lui » after a preposition is a man
        (
            "Mon frère a 40 ans, ma sœur l’aide un peu. Je demande pour lui.",
            {"for_whom": "relative", "age": 40},
        ),
        # what is told of somebody first and most, though who writes tells something too
        (
            "Mon père est veuf, il a 84 ans, il touche 1 200 euros de retraite. Moi j’ai 55 ans.",
            {
                "for_whom": "parent",
                "age": 84,
                "household": "alone",
                "employment_status": "retired",
                "income": 1200,
            },
        ),
        # the job of who writes for somebody they met is not the situation of that person
        (
            "Infirmière, je vois une dame de 77 ans. Elle vit seule et n’a pas de mutuelle.",
            {
                "for_whom": "someone_else",
                "age": 77,
                "household": "alone",
                "health_cover": "basic",
            },
        ),
        (
            "J’ai un ami de 50 ans qui n’a plus de logement, plus de mutuelle, touche le RSA.",
            {
                "for_whom": "someone_else",
                "age": 50,
                "housing_status": "homeless",
                "health_cover": "basic",
                "benefits_received": ["rsa"],
            },
        ),
        # where the partner alone is placed is not the home of who writes
        (
            "Je vis seul depuis que ma femme est en maison de retraite",
            {"household": "alone"},
        ),
        # « diplôme et » is not « me »
        (
            "Mon fils a 25 ans, il a quitté l’école sans diplôme et ne cherche pas de travail.",
            {
                "for_whom": "child",
                "age": 25,
                "employment_status": "inactive",
                "schooling": "none",
            },
        ),
    ],
)
def test_facts_are_read_of_the_person_concerned(
    reader: FactReader, text: str, expected: dict[str, object]
) -> None:
    """Who is spoken of follows pronouns, relative clauses and how much is told of each."""
    assert read(reader, text) == expected


@pytest.mark.parametrize(
    ("text", "income"),
    [
        ("Je garde des enfants le soir, 620 euros, et c’est tout", 620),  # beside a job
        ("serveuse en CDI, environ 1 280 euros", 1280),
        ("la MSA me verse 2 400 euros de pension par trimestre", 800),
        ("je gagne 500 euros par quinzaine en intérim", 1083),
        ("24 000 euros par an pour nous deux", 2000),
        ("nous gagnons entre 1 500 et 1 800 euros par mois", 1500),
        ("Mon mari gagne 1 300 et moi 700", 2000),
        ("mes parents m’envoient 250 euros par mois", 250),
        ("la mutuelle me prend 90 euros par mois sur une retraite de 1 050", 1050),
        ("j’ai 310 euros d’APL", None),  # an aid for the rent alone
        ("je suis payée 12 euros de l’heure", None),
        ("la facture est de 450 euros", None),
        ("je n’ai plus un sou qui rentre", 0),
    ],
)
def test_what_comes_in_is_told_from_what_goes_out(
    reader: FactReader, text: str, income: float | None
) -> None:
    """An amount is income by its job, its period or its name, never by what it pays."""
    assert read(reader, text).get("income") == income


@pytest.mark.parametrize(
    ("text", "household"),
    [
        ("Mon mari est facteur, nous louons une petite maison", "couple"),
        ("Ma compagne est enceinte, nous habitons à Mer", "couple"),
        ("mon mari travaille, nous avons deux enfants", None),  # not said to live together
        ("On s’est séparés, ma femme et moi, en juin", "alone"),
        ("Ma sœur et moi habitons toutes les deux la ferme", "family_or_friends"),
        ("elle dort dans notre salon", "family_or_friends"),
        ("je partage le loyer avec un collègue", "family_or_friends"),
        ("mon père et ma mère vivent encore chez eux", "couple"),
        ("il vient de perdre sa femme", "alone"),
    ],
)
def test_the_household_follows_from_who_we_are(
    reader: FactReader, text: str, household: str | None
) -> None:
    """« Nous » under one roof with a partner is a couple; with kin or friends it is not."""
    assert read(reader, text).get("household") == household


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("je vais sur mes 60 ans", "age", 59),
        ("mon mari est né en 52, c’est pour lui", "age", 74),
        ("ma fille a 2 ans et 5 mois", "child_age", 2),
        ("j’ai eu mon bébé il y a 6 jours", "child_age", 0),
        ("j’ai deux filles une semaine sur deux, 5 et 9 ans", "child_age", 5),
        ("quatre enfants mais il n’y en a que deux à ma charge", "children", 2),
        ("mes enfants sont grands, plus personne à charge", "children", 0),
        ("j’attends mon troisième enfant", "children", 2),
        ("je cherche un logement pas trop cher", "housing_trouble", ["looking"]),
        ("mon fils veut quitter le lycée", "schooling", "high"),
        (
            "je cherche un deux-pièces et un travail dans la vente",
            "employment_status",
            "job_seeker",
        ),
        ("mon usine a fermé", "employment_status", "job_seeker"),
        ("je tiens une petite épicerie", "employment_status", "self_employed"),
        ("je travaille à l’Ehpad de Bracieux", "housing_status", None),
        ("mon ex m’a étranglée en mars, je ne le vois plus", "violence", "past"),
        ("je rembourse mon plan de surendettement sans retard", "debts", "some"),
        ("mon permis m’a été retiré", "transport", "no_licence"),
        ("elle ne peut plus conduire", "transport", "no_car"),
        ("je lui prépare ses repas et sa toilette", "caregiver", "yes"),
        ("nos mensualités dépassent ce qui rentre", "debts", "overwhelming"),
        ("mes droits à la Sécu sont fermés", "health_cover", "none"),
        ("il a arrêté l’école à 16 ans", "schooling", "none"),
        ("on m’a refusé l’asile", "residence_status", "undocumented"),
        ("la MDPH nous a accordé l’AEEH", "benefits_received", ["aeeh"]),
    ],
)
def test_tense_correction_and_scope_decide(
    reader: FactReader, text: str, fact: str, value: object
) -> None:
    """What is wished, over, corrected or only nearly so does not count as it stands."""
    assert read(reader, text).get(fact) == value


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("jabite a montoir", "41149"),
        ("ma soeur é a la ru a bloi", "41018"),
        ("jé grandi a tours, mé jabite mondoublo", "41143"),
        ("Mon fils de 24 ans est sans travail. J’habite Vendôme. C’est pour lui.", None),
    ],
)
def test_the_commune_is_heard_and_is_that_of_the_person_concerned(
    reader: FactReader, text: str, commune: str | None
) -> None:
    """A name of no dictionary is heard as it sounds; where who writes lives is another home."""
    assert read(reader, text).get("commune") == commune
