"""How the values of a card are said on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from connectors import wording
from tests.fakes.cards import FRANCE_SERVICES, SOCIAL_CENTRE


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (date(2026, 5, 1), "1er mai 2026"),
        (date(2020, 11, 12), "12 novembre 2020"),
        pytest.param(
            datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "21 novembre 2026", id="Paris time"
        ),
    ],
)
def test_a_day_is_written_out(moment: date, said: str) -> None:
    """A date is a day, a month in letters and a year, on the clock of Paris."""
    assert wording.day(moment) == said


@pytest.mark.parametrize(
    ("distance", "approximate", "said"),
    [
        (3.24, False, "à 3,2 km"),
        (0.04, False, "à moins de 100 m"),
        (9.96, False, "à 10,0 km"),
        (23.6, False, "à 24 km"),
        (2.6, True, "à environ 3 km"),
        (0.2, True, "à environ 1 km"),
        (None, False, ""),
    ],
)
def test_a_distance_is_no_more_exact_than_known(
    distance: float | None, approximate: bool, said: str
) -> None:
    """Exact distances have a decimal below 10 km, approximate ones have none."""
    place = FRANCE_SERVICES.model_copy(update={"distance_km": distance, "approximate": approximate})
    assert wording.distance_words(place) == said


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("15", "tel:15"),
        ("0 805 160 075", "tel:0805160075"),
        ("+33 2 54 00 00 00", "tel:+33254000000"),
        ("02.54.00.00.00", "tel:0254000000"),
        pytest.param("02 54 00 00 00 ou 06 00 00 00 00", None, id="two numbers with a word"),
        pytest.param("0254000000 0600000000", None, id="two numbers"),
        pytest.param("à demander", None, id="no number"),
    ],
)
def test_only_one_number_becomes_a_link(number: str, link: str | None) -> None:
    """A number is dialled as written; a text that is not one number is only shown."""
    assert wording.tel(number) == link


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//exemple.fr", "exemple.fr", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    """An address of the directory that is not http(s) is never a link."""
    assert wording.web_link(url) is None


def test_a_place_is_linked_to_the_map() -> None:
    """A place with an address and a position has its OpenStreetMap page, another has none."""
    assert wording.map_link(FRANCE_SERVICES) == (
        "https://www.openstreetmap.org/?mlat=47.59411&mlon=1.30965#map=17/47.59411/1.30965"
    )
    assert wording.map_link(SOCIAL_CENTRE) is None
    unknown = FRANCE_SERVICES.model_copy(update={"address": None})
    assert wording.map_link(unknown) is None


def test_missing_facts_are_named_in_french() -> None:
    """Names of facts are shown by their label; an unknown name is kept as it is."""
    said = wording.fact_labels(["commune", "income", "un papier"])
    assert said == "votre commune, les revenus du foyer, un papier"


def test_paragraphs_and_lists_keep_their_order_and_are_escaped() -> None:
    """Blank lines make paragraphs, dashes make lists, markup is shown as typed."""
    text = "Voici :\n- un <b>\n- deux\nVoilà\n\nFin\nvraie"
    assert wording.paragraphs(text) == (
        "<p>Voici :</p><ul><li>un &lt;b&gt;</li><li>deux</li></ul><p>Voilà</p><p>Fin<br>vraie</p>"
    )


def test_certainty_and_hours_are_said_in_words() -> None:
    """Status, delay and opening are words, and what is unknown is said."""
    assert [wording.status_words(one) for one in ("likely", "to_check", "unlikely")] == [
        "Probable",
        "À vérifier",
        "Peu probable",
    ]
    assert wording.delay_words("this_week") == "Cette semaine"
    assert [wording.open_words(one) for one in (True, False, None)] == [
        "Ouvert en ce moment",
        "Fermé en ce moment",
        "Ouvert ou fermé : à vérifier",
    ]
