"""After two misunderstandings: six doors with pictograms, a number, a place that is open."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Known, Provenance, Session, Turn
from assistant.doors import DOORS, buttons, door_of
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.respond import respond
from connectors.telegram.buttons import buttons as telegram_buttons
from connectors.web.pages import load_assets
from knowledge_base.facts import Fact
from knowledge_base.vocabulary import Theme

NONSENSE = ("quelle heure est il", "azerty")


def test_six_doors_lead_to_every_theme_but_the_one_not_to_be_seen() -> None:
    """Violence has its number at the top of every page, and no button to be read over."""
    assert len(DOORS) == 6
    themes = [theme for door in DOORS for theme in door.themes]
    assert sorted(themes) == sorted(set(Theme) - {Theme.VIOLENCES})


def test_every_door_has_its_pictogram() -> None:
    """The pages find the drawing by the name of the door."""
    assets = load_assets()
    for choice in buttons():
        assert f"picto-{choice.picto}.svg" in assets
        assert door_of(choice.value) is not None


def test_an_unknown_door_opens_nothing() -> None:
    """An old page may send a value that no longer exists."""
    assert door_of("door:cave") is None
    assert door_of("logement") is None


def test_the_second_misunderstanding_gives_doors_a_number_and_an_open_place(
    knowledge: Knowledge, now: datetime
) -> None:
    """It is Wednesday morning in Blois: a France services that receives people is shown."""
    blois = Known(value="41018", provenance=Provenance.SAID)
    session = Session(facts={Fact.COMMUNE: blois})
    for text in NONSENSE:
        reply = respond(session, Turn(text=text, now=now), knowledge)
        session = reply.session
    repair = next(one for one in reply.messages if one.kind is MessageKind.QUESTION)
    labels = [choice.label for choice in repair.choices or []]
    assert labels[:6] == [door.label for door in DOORS]
    assert labels[-1] == "Parler à quelqu’un"
    assert any("Vous pouvez aussi appeler" in m.text and "02 54" in m.text for m in reply.messages)
    (places,) = [one.places for one in reply.messages if one.places]
    assert [(one.type, one.open_now) for one in places or []] == [("france_services", True)]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)
def test_a_door_leads_to_a_question_or_to_cards(
    knowledge: Knowledge, now: datetime, door: object
) -> None:
    """Pressing a pictogram is enough: no word has to be written."""
    value = f"door:{door.id}"  # type: ignore[attr-defined]
    reply = respond(Session(), Turn(value=value, now=now), knowledge)
    kinds = {message.kind for message in reply.messages}
    assert kinds & {MessageKind.QUESTION, MessageKind.AIDS}
    assert reply.session.misunderstood == 0


def test_telegram_shows_the_pictogram_as_a_sign(knowledge: Knowledge, now: datetime) -> None:
    """A keyboard has no picture: a sign stands before the words."""
    reply = respond(Session(), Turn(text=NONSENSE[0], now=now), knowledge)
    asked = next(one for one in reply.messages if one.choices)
    assert telegram_buttons(asked)[0].label == "🏠 Me loger"
