"""Every place that is shown can be reached, or says who knows how."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.answer import is_reachable, place_card
from assistant.conversation import Known, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import PlaceCard
from assistant.replies.places import show
from assistant.talk import Talk
from knowledge_base.competence import NETWORK_LINES
from knowledge_base.facts import Fact
from knowledge_base.places import NearPlace
from knowledge_base.vocabulary import PlaceType

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def near(offline: Knowledge, place_id: str) -> NearPlace:
    """Return the place as it is seen from nowhere."""
    place = offline.directory.get(place_id)
    assert place is not None
    contact = offline.directory.contact(place)
    return NearPlace(place, None, False, False, None, contact)


def card(offline: Knowledge, place_id: str) -> PlaceCard:
    """Return the card of the place."""
    return place_card(near(offline, place_id), NOW, offline.catalogue.lines)


@pytest.mark.parametrize(
    ("place_id", "phone", "phone_of"),
    [
        ("cpl-mda-vendome", "0 800 235 236", "Fil santé jeunes"),
        ("cpl-cjc-blois", "0 800 23 13 13", "Drogues info service"),
        ("cpl-nestor", "0 808 800 700", "Conseillers en rénovation énergétique"),
        ("cpl-equipe-mobile-blois", "115", "Samu social"),
        ("cpl-move-vendome", "02 54 58 13 13", None),
        ("mds-41018", "02 54 58 41 41", "Département de Loir-et-Cher (standard)"),
        ("cpl-udaf41", None, None),
    ],
)
def test_whose_number_a_card_gives(
    offline: Knowledge, place_id: str, phone: str | None, phone_of: str | None
) -> None:
    """Its own, that of who answers for it, or the line of its network, by name."""
    shown = card(offline, place_id)
    assert (shown.phone, shown.phone_of) == (phone, phone_of)


def test_the_lines_of_networks_exist(offline: Knowledge) -> None:
    """A line that leaves the catalogue must not leave a hole."""
    assert set(NETWORK_LINES.values()) <= set(offline.catalogue.lines)


def test_few_places_say_no_way_to_reach_them(offline: Knowledge) -> None:
    """Those of which the directory knows the commune only: their number can only go down."""
    lost = [
        place.id
        for place in offline.directory
        if place.code_insee.startswith("41") and not is_reachable(near(offline, place.id))
    ]
    assert sorted(lost) == [
        "ch-41151", "ch-41198", "cpl-cada-vendome", "cpl-fjt-balzac", "cpl-gem-vendome",
        "cpl-psy-vendome", "cpl-repit-blaisois", "cpl-udaf41",
    ]  # fmt: skip


def shown_for(offline: Knowledge, types: tuple[PlaceType, ...], code: str) -> Talk:
    """Show the places of ``types`` to somebody of the commune ``code``."""
    entry = next(iter(offline.catalogue.entries.values())).model_copy(update={"places": types})
    session = Session(facts={Fact.COMMUNE: Known(value=code)})
    talk = Talk(session, Turn(now=NOW), offline)
    show(talk, entry)
    return talk


def test_a_place_that_can_be_reached_comes_before_a_nearer_one_that_cannot(
    offline: Knowledge,
) -> None:
    """In Vendôme, the home of young workers whose address is known is in Blois."""
    (message,) = shown_for(offline, (PlaceType.HABITAT_JEUNES,), "41269").messages
    assert [place.address is not None for place in message.places or []] == [True]


def test_a_place_that_nobody_can_reach_comes_last(offline: Knowledge) -> None:
    """The Udaf is the best type for a debt, but the town hall's office has a telephone."""
    (message,) = shown_for(offline, (PlaceType.UDAF, PlaceType.CCAS), "41018").messages
    shown = [place.id for place in message.places or []]
    assert shown[-1] == "cpl-udaf41"
    assert len(shown) == 2


def test_a_place_without_anything_says_who_knows(offline: Knowledge) -> None:
    """The town hall of its commune tells how to reach it; nothing is invented."""
    (message,) = shown_for(offline, (PlaceType.UDAF,), "41018").messages
    assert [place.id for place in message.places or []] == ["cpl-udaf41"]
    assert "Udaf 41 : je ne connais ni son adresse ni son téléphone." in message.text
    assert "Demandez comment le joindre : Mairie de Blois, 02 54 44 50 50." in message.text
