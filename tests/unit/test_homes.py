"""The home of somebody is told apart from where they work, were born or once lived."""

from __future__ import annotations

import pytest

from knowledge_base.geography import Commune, Communes, load_communes


@pytest.fixture(scope="module")
def communes() -> Communes:
    """The table of the communes."""
    return load_communes()


def home_of(communes: Communes, text: str) -> Commune | None:
    """Return the commune where ``text`` most surely says that somebody lives, not only near."""
    found = [mention for mention in communes.homes_in(text) if not mention.near]
    return communes.by_code(found[0].code if found else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j'habite Villedieu", "Villedieu-le-Château"),
        ("dans ma ferme à Thoré", "Thoré-la-Rochette"),
        ("j'étais à Blois, maintenant c'est Mer", "Mer"),
        ("je travaille à Blois mais j'habite Chailles", "Chailles"),
        ("elle est à la rue à Blois", "Blois"),
        ("41240 Ouzouer-le-Marché", "Beauce la Romaine"),
        ("je suis née à Tours mais j'habite Contres", "Le Controis-en-Sologne"),
        ("je n'habite plus Onzain mais Chouzy-sur-Cisse", "Valloire-sur-Cisse"),
        ("je suis à Mer, pardon, à Suèvres", "Suèvres"),
        ("on a quitté Mer et déménagé à Avaray", "Avaray"),
        ("coiffeuse à Montoire, je vis avec ma fille à Lunay", "Lunay"),
        ("elle est en terminale à Blois, nous sommes à Chailles", "Chailles"),
        ("mon fils va à l'école à Morée, où nous habitons", "Morée"),
        ("je dors sous une tente derrière la gare de Vendôme", "Vendôme"),
        ("on vit depuis mars dans une caravane a mer", "Mer"),
        ("opéré à Blois, il rentre chez lui à Herbault", "Herbault"),
    ],
)
def test_where_somebody_lives_is_read(communes: Communes, text: str, expected: str) -> None:
    """The head of a long name, a move and the place of work are told apart from the home."""
    found = home_of(communes, text)
    assert found is not None
    assert expected == found.name


@pytest.mark.parametrize(
    "text",
    [
        "à côté de Vendôme",
        "je suis en bts à Blois",
        "je travaille de nuit à Contres",
        "code postal 41200",
        "hospitalisée à Vendôme",
        "mon logeur a changé la serrure",
        "nous vivons à dix kilomètres de Mer",
        "un hameau entre Blois et Vendôme",
        "née à Vendôme en 1950",
        "avant nous vivions à Blois",
        "j'arrive de Blois",
    ],
)
def test_a_place_where_nobody_is_said_to_live(communes: Communes, text: str) -> None:
    """Near a commune, at work, at school or in hospital is not at home."""
    assert home_of(communes, text) is None
