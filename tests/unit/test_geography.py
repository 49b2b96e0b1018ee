"""Communes: by code, by what is typed, and inside what a person writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.geography import (
    Communes,
    GeographyError,
    distance_km,
    load_communes,
    with_preposition,
)


@pytest.fixture(scope="module")
def communes() -> Communes:
    """Return the committed table."""
    return load_communes()


def test_the_table_holds_the_whole_departement(communes: Communes) -> None:
    """The 267 communes of Loir-et-Cher are there, each with a postal code and a point."""
    ours = communes.ours()
    assert len(ours) == 267
    assert all(commune.postal_codes and 47 < commune.lat < 48.3 for commune in ours)


def test_neighbours_are_known_as_such(communes: Communes) -> None:
    """Tours and Orléans are recognised and are not ours."""
    tours, orleans = communes.by_code("37261"), communes.by_code("45234")
    assert tours is not None
    assert orleans is not None
    assert (tours.name, orleans.name) == ("Tours", "Orléans")
    assert not tours.is_ours
    assert not orleans.is_ours


def test_a_commune_keeps_what_the_source_says(communes: Communes) -> None:
    """Name, codes, population, group of communes and former communes are read."""
    controis = communes.by_code("41059")
    assert controis is not None
    assert controis.name == "Le Controis-en-Sologne"
    assert controis.postal_codes == ("41120", "41400", "41700")
    assert controis.epci_name == "CC Val-de-Cher-Controis"
    assert controis.population == 6860
    assert controis.former_names[0] == "Contres"


def test_an_unknown_code_gives_nothing(communes: Communes) -> None:
    """A code of nowhere, or no code, is None and not an error."""
    assert communes.by_code("99999") is None
    assert communes.by_code(None) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("blo", "Blois"),
        ("vendome", "Vendôme"),
        ("VENDÔME", "Vendôme"),
        ("st aignan", "Saint-Aignan"),
        ("saint-gervais la foret", "Saint-Gervais-la-Forêt"),
        ("selles s/ cher", "Selles-sur-Cher"),
        ("chaussee saint victor", "La Chaussée-Saint-Victor"),
        ("plessis l'echelle", "Le Plessis-l'Échelle"),
        ("villefrancoeur", "Villefrancœur"),
        ("41100", "Vendôme"),
        ("4100", "Blois"),
        ("onzain", "Veuzain-sur-Loire"),  # former communes
        ("Contres", "Le Controis-en-Sologne"),
        ("montrichard", "Montrichard Val de Cher"),
        ("romo", "Romorantin-Lanthenay"),  # short names in use
        ("vandome", "Vendôme"),  # badly written
        ("romorentin", "Romorantin-Lanthenay"),
        ("tours", "Tours"),  # the same name before the beginning of ours
        ("vineuil", "Vineuil"),
    ],
)
def test_what_is_typed_finds_the_commune(communes: Communes, typed: str, first: str) -> None:
    """Accents, hyphens, capitals, former names, postal codes and small errors do not matter."""
    assert first == communes.search(typed)[0].name


@pytest.mark.parametrize(
    ("answer", "commune"),
    [
        ("blois", "Blois"),
        ("bloi", "Blois"),
        ("vandome", "Vendôme"),
        ("st aignan", "Saint-Aignan"),
        ("selles", "Selles-sur-Cher"),  # as people say it
        ("villiers", "Villiers-sur-Loir"),  # not the one of the Indre
        ("Mer", "Mer"),
        ("41100", "Vendôme"),
        ("romorentin", "Romorantin-Lanthenay"),
        ("orléans", "Orléans"),
        ("à côté de Vendôme", "Vendôme"),
    ],
)
def test_an_answer_names_a_commune(communes: Communes, answer: str, commune: str) -> None:
    """A whole name, a short one in use, a small mistake or a postal code are enough."""
    found = communes.named_by(answer)
    assert found is not None
    assert found.name == commune


@pytest.mark.parametrize(
    "answer",
    ["non", "ca", "la", "saint", "mère", "ville", "maison", "mairie", "41", "vend", "france", ""],
)
def test_an_answer_that_names_no_commune_is_not_guessed(communes: Communes, answer: str) -> None:
    """« non » is not Nonvilliers-Grandhoux: a wrong commune sends a case to the wrong place."""
    assert communes.named_by(answer) is None


def test_ours_come_before_those_of_the_same_name(communes: Communes) -> None:
    """There is a Vineuil in the Indre too; the one of Loir-et-Cher is first."""
    found = communes.search("vineuil")
    assert [(c.name, c.departement) for c in found[:2]] == [("Vineuil", "41"), ("Vineuil", "36")]


def test_a_search_is_limited_and_may_find_nothing(communes: Communes) -> None:
    """A list of suggestions stays short; nonsense and empty text suggest nothing."""
    assert len(communes.search("saint", limit=3)) == 3
    assert communes.search("xyzzyplugh") == []
    assert communes.search("  ") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma mère à Vendôme", "Vendôme"),
        ("ma mère de 82 ans vit seule à vendome et ne mange plus", "Vendôme"),
        ("j habite a romorantin", "Romorantin-Lanthenay"),
        ("41100", "Vendôme"),
        ("j'habite au 41500 Mer", "Mer"),
        ("près de Blois", "Blois"),
        ("à Mer", "Mer"),
        ("j habite mer", "Mer"),
        ("mer", "Mer"),
        ("mer 41", "Mer"),
        ("mon appart a mer est humide", "Mer"),
        ("je suis sur Mer en ce moment", "Mer"),
        ("j'habite à Angé", "Angé"),
        ("je loge a couture sur loir", "Vallée-de-Ronsard"),
        ("papa à Talcy", "Talcy"),
        ("ma soeur est a seur", "Seur"),
        ("j'habite au temple", "Le Temple"),
        ("habite les roches", "Les Roches-l'Évêque"),
        ("j'habite aux Montils", "Les Montils"),
        ("onzain", "Veuzain-sur-Loire"),
        ("au gault du perche", "Le Gault-du-Perche"),
        ("je suis sur selles sur cher", "Selles-sur-Cher"),
        ("j habite a vandome", "Vendôme"),
        ("jabite a romorentin", "Romorantin-Lanthenay"),
        ("15 avenue de Vendôme à Blois", "Blois"),
        ("je n'habite plus à Blois mais à Mer", "Mer"),
        ("mairie de Faye", "Faye"),
        ("mon fils est à Tours", "Tours"),
        ("JE SUIS À VINEUIL", "Vineuil"),
        ("je suis à l'hôpital de Blois", "Blois"),
        ("on m'a dit d'aller au CCAS de Saint-Aignan", "Saint-Aignan"),
        ("séparée, logée par ma sœur à Saint-Gervais-la-Forêt", "Saint-Gervais-la-Forêt"),
    ],
)
def test_a_commune_is_read_in_a_message(communes: Communes, text: str, expected: str) -> None:
    """People name their commune in passing, with errors, old names and short names."""
    found = communes.find_in_text(text)
    assert found is not None
    assert expected == found.name


@pytest.mark.parametrize(
    "text",
    [
        "la mer me manque",
        "ma mère est malade",
        "ma mer est malade",
        "MA MER EST MALADE",
        "je vais à la mer",
        "au bord de mer",
        "une vue sur mer",
        "je suis mer célibataire",
        "mon ange ne dort plus",
        "ma fille Ange a 3 ans",
        "Billy ne mange plus",
        "Mme Faye ne répond pas",
        "il est bourré tous les soirs",
        "mon mari a lance une assiette",
        "tombé dans un fossé",
        "cours de couture",
        "je vais au temple le dimanche",
        "une aide aux veuves",
        "ma soeur a seur",
        "je suis à charge",
        "je suis a decouvert",
        "je suis à bout",
        "chauffage à bois",
        "contre coeur à contre",
        "elle a celle de 2020",
        "j'ai mal à la tete",
        "41000 euros de dettes",
        "il me reste 41100€",
        "j'habite à Paris",
        "rue de Blois",
        "j'ai quitté Blois",
        "les deux tours",
        "",
    ],
)
def test_ordinary_words_are_not_communes(communes: Communes, text: str) -> None:
    """A word that happens to be a name of commune is not taken for the place."""
    assert communes.find_in_text(text) is None


def test_the_nearest_commune_of_a_position(communes: Communes) -> None:
    """A position in the north of Blois is in Blois, not in Villebarou."""
    assert communes.nearest(47.597, 1.331).name == "Blois"


def test_distances_are_those_of_the_map(communes: Communes) -> None:
    """From Blois to Vendôme there are about 31 km as the crow flies."""
    blois, vendome = communes.by_code("41018"), communes.by_code("41269")
    assert blois is not None
    assert vendome is not None
    assert distance_km(blois.lat, blois.lon, vendome.lat, vendome.lon) == pytest.approx(31, abs=1)
    assert distance_km(47.5, 1.3, 47.5, 1.3) == 0
    assert distance_km(47.0, 1.3, 48.0, 1.3) == pytest.approx(111.2, abs=0.1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Blois", "de Blois"),
        ("Averdon", "d’Averdon"),
        ("Épuisay", "d’Épuisay"),
        ("Herbault", "d’Herbault"),
        ("Le Controis-en-Sologne", "du Controis-en-Sologne"),
        ("Les Montils", "des Montils"),
        ("La Chapelle-Vendômoise", "de La Chapelle-Vendômoise"),
    ],
)
def test_names_take_their_preposition(name: str, expected: str) -> None:
    """« Mairie d’Averdon », « mairie du Controis-en-Sologne »: as people say it."""
    assert expected == with_preposition(name)


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    """The error says which file cannot be read."""
    table = tmp_path / "communes.csv"
    table.write_text("code_insee,nom\n41018,Blois\n", encoding="utf-8")
    with pytest.raises(GeographyError, match=r"communes\.csv"):
        load_communes(table)


def test_the_communes_of_an_intercommunal_body(communes: Communes) -> None:
    """Grand Chambord has sixteen communes; an unknown body has none."""
    chambord = communes.by_code("41034")
    assert chambord is not None
    members = communes.of_epci(chambord.epci)
    assert len(members) == 16
    assert {member.epci_name for member in members} == {chambord.epci_name}
    assert communes.of_epci("000000000") == ()
