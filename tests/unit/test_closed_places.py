"""A place that is closed is shown as closed, with when it opens; an open one is preferred."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.conversation import Known, Session, Turn
from assistant.knowledge import Knowledge
from assistant.replies import places
from assistant.talk import Talk
from knowledge_base.facts import Fact

SATURDAY_NIGHT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
WEDNESDAY_MORNING = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def nearest(knowledge: Knowledge, code_insee: str, now: datetime) -> Talk:
    """Return the reply that shows the nearest France services."""
    session = Session(facts={Fact.COMMUNE: Known(value=code_insee)})
    talk = Talk(session, Turn(now=now), knowledge)
    places.show_open_france_services(talk)
    return talk


def test_a_place_of_shelter_is_not_a_card(offline: Knowledge, now: datetime) -> None:
    """Whoever fled is not where the person beside them may look: who opens the door is told."""
    talk = Talk(Session(facts={Fact.COMMUNE: Known(value="41018")}), Turn(now=now), offline)
    places.show(talk, offline.catalogue.entries["mise_abri_violences"])
    (message,) = talk.messages
    assert message.places
    assert "hebergement_violences" not in {place.type for place in message.places}


@pytest.mark.parametrize(
    ("code_insee", "said"),
    [
        ("41018", "Pimms Médiation de Blois : fermé maintenant, ouvre lundi à 13 h 30."),
        ("41075", "La Poste de Droué : fermé maintenant, ouvre mardi à 9 h."),
    ],
)
def test_at_night_it_is_said_closed_and_when_it_opens(
    knowledge: Knowledge, code_insee: str, said: str
) -> None:
    """« quelqu’un peut vous recevoir » would send somebody to a closed door."""
    (message,) = nearest(knowledge, code_insee, SATURDAY_NIGHT).messages
    text = message.text.replace("\u00a0", " ")
    assert said in text
    assert "quand ce sera ouvert" in text
    assert "peut vous recevoir" not in text
    assert [place.open_now for place in message.places or []] == [False]


def test_an_open_place_is_preferred_to_a_nearer_one(knowledge: Knowledge) -> None:
    """From Saint-Aignan, where the hours are not known, the one of Selles-sur-Cher is open."""
    (message,) = nearest(knowledge, "41198", WEDNESDAY_MORNING).messages
    (place,) = message.places or []
    assert (place.commune, place.open_now) == ("Selles-sur-Cher", True)
    assert "quelqu’un peut vous recevoir" in message.text
    assert "fermé" not in message.text


def test_the_places_of_a_need_say_when_they_open_too(knowledge: Knowledge) -> None:
    """Each closed place of the reply has its line; none is promised to receive now."""
    session = Session(facts={Fact.COMMUNE: Known(value="41018")})
    talk = Talk(session, Turn(now=SATURDAY_NIGHT), knowledge)
    places.show(talk, None)
    (message,) = talk.messages
    closed = [place for place in message.places or [] if place.open_now is False]
    assert closed
    for place in closed:
        assert f"{place.name} : fermé maintenant" in message.text
