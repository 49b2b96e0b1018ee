"""After the cards: two reminders at most, said once, and what was not examined."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Known, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.replies import needs
from assistant.talk import Talk
from knowledge_base.facts import Fact


@pytest.fixture
def session() -> Session:
    """A person of 82 who needs help every day and has debts; two entries were found."""
    return Session(
        facts={
            Fact.AGE: Known(low=82, high=82),
            Fact.HOUSEHOLD: Known(value="alone"),
            Fact.LOSS_OF_AUTONOMY: Known(value="yes"),
            Fact.DEBTS: Known(value="some"),
            Fact.VIOLENCE: Known(value="past"),
        },
        candidates={"apa_domicile": 0.95, "fin_de_vie": 0.1},
    )


def show(offline: Knowledge, session: Session, now: datetime) -> Talk:
    """Return the turn in which the cards are shown."""
    talk = Talk(session, Turn(now=now), offline)
    needs.show_aids(talk)
    return talk


def test_offers_are_reminders_with_their_reason(
    offline: Knowledge, session: Session, now: datetime
) -> None:
    """The text says what others have, why it is spoken of, and opens the card."""
    talk = show(offline, session, now)
    offer = next(one for one in talk.messages if "D’autres personnes" in one.text)
    assert "demandent aussi" in offer.text
    assert "vous avez droit" not in offer.text.casefold()
    assert "Pourquoi j’en parle : 75 ans ou plus, une personne qui vit seule" in offer.text
    opened = [choice.value for choice in offer.choices or []]
    assert opened == ["aid:portage_repas", "aid:teleassistance"]
    assert talk.session.offered == ["portage_repas", "teleassistance"]


def test_offers_change_no_card(offline: Knowledge, session: Session, now: datetime) -> None:
    """The cards are those of the candidates; nothing offered is among them."""
    talk = show(offline, session, now)
    cards = [card for one in talk.messages for card in one.aids or ()]
    assert [card.id for card in cards] == ["apa_domicile"]
    assert talk.session.shown == ["apa_domicile"]
    assert set(talk.session.candidates) == {"apa_domicile", "fin_de_vie"}


def test_an_offer_is_made_once(offline: Knowledge, session: Session, now: datetime) -> None:
    """Shown again, the cards do not repeat what was spoken of."""
    first = list(show(offline, session, now).session.offered)
    again = show(offline, session, now)
    assert first == ["portage_repas", "teleassistance"]
    assert not any(f"aid:{entry_id}" in str(again.messages) for entry_id in first)


def test_what_is_received_is_not_offered(
    offline: Knowledge, session: Session, now: datetime
) -> None:
    """A home help already paid by the APA is neither a card nor a reminder."""
    session.facts[Fact.BENEFITS_RECEIVED] = Known(values=("apa",))
    session.candidates = {"teleassistance": 0.8}
    talk = show(offline, session, now)
    assert "apa_domicile" not in talk.session.offered
    assert "aid:apa_domicile" not in str(talk.messages)


def test_more_cards_bring_no_offer(offline: Knowledge, session: Session, now: datetime) -> None:
    """« Voir d’autres aides » shows aids, and only aids."""
    talk = Talk(session, Turn(now=now), offline)
    needs.show_more(talk)
    assert talk.session.offered == []


def test_after_a_danger_nothing_is_offered(
    offline: Knowledge, session: Session, now: datetime
) -> None:
    """One thing at a time."""
    session.dangers = ["suicide"]
    talk = show(offline, session, now)
    assert talk.session.offered == []
    assert not any("pas examiné" in one.text for one in talk.messages)


def test_what_was_not_examined_is_said(offline: Knowledge, session: Session, now: datetime) -> None:
    """The debts that were told are on no card: their door is there. Violence is never named."""
    talk = show(offline, session, now)
    left = next(one for one in talk.messages if "pas examiné" in one.text)
    assert [choice.value for choice in left.choices or []] == ["theme:budget", "theme:sante"]
    assert "Violences" not in left.text


def test_when_each_help_can_come_is_said_first(
    offline: Knowledge, session: Session, now: datetime
) -> None:
    """Two clocks: what can be there today is read before what takes weeks."""
    session.candidates = {"logement_social": 0.8, "siao_115": 0.3}
    talk = show(offline, session, now)
    aids = next(one for one in talk.messages if one.kind is MessageKind.AIDS)
    today, later = aids.text.split("\n")[-2:]
    assert today.startswith("Aujourd’hui : ")
    assert later.startswith("Dans les semaines qui viennent : Logement social")
    assert [card.id for card in aids.aids or ()] == ["siao_115", "logement_social"]


def test_one_clock_says_nothing(offline: Knowledge, session: Session, now: datetime) -> None:
    """When everything takes weeks the cards say it themselves."""
    aids = next(one for one in show(offline, session, now).messages if one.aids)
    assert "semaines" not in aids.text


def test_a_need_without_a_card_is_named(offline: Knowledge, now: datetime) -> None:
    """Three needs were told, one is answered: the two others are named with their card."""
    session = Session(
        needs=["mon loyer est impayé", "j’ai perdu mon permis", "qui va garder mon bébé"],
        found={0: ["fsl_impayes"], 1: ["suspension_permis", "permis"], 2: ["creche"]},
        candidates={
            "fsl_impayes": 0.9,
            "suspension_permis": 0.105,
            "permis": 0.05,
            "creche": 0.105,
        },
    )
    talk = show(offline, session, now)
    left = next(one for one in talk.messages if "pas examiné" in one.text)
    opened = [choice.value for choice in left.choices or []]
    assert opened[:2] == ["aid:suspension_permis", "aid:creche"]
    assert "Permis suspendu ou annulé, amendes à payer" in left.text
    assert "Crèche" in left.text


def test_a_theme_chosen_with_a_button_is_not_a_need_left(offline: Knowledge, now: datetime) -> None:
    """« Me loger » opens a whole theme: its other cards are under « Voir d’autres aides »."""
    session = Session(
        needs=["Me loger"], found={0: ["apl"]}, candidates={"siao_115": 0.9, "apl": 0.12}
    )
    assert "aid:apl" not in str(show(offline, session, now).messages)


def test_no_more_mutuelle_is_examined_or_named(offline: Knowledge, now: datetime) -> None:
    """« Plus de mutuelle » was neither answered nor named: the Sécu alone touches health."""
    session = Session(
        facts={Fact.HEALTH_COVER: Known(value="basic")}, candidates={"fsl_impayes": 0.9}
    )
    left = next(one for one in show(offline, session, now).messages if "pas examiné" in one.text)
    assert "Santé" in left.text


def test_a_place_is_shown_once_with_all_it_does(offline: Knowledge, now: datetime) -> None:
    """In a commune without a CCAS the mairie is both: one card says so."""
    session = Session(
        facts={Fact.COMMUNE: Known(value="41018")}, candidates={"canicule_registre": 0.9}
    )
    places = [one for m in show(offline, session, now).messages for one in m.places or ()]
    assert len({one.id for one in places}) == len(places)
    mairie = next(one for one in places if one.id == "mairie-41018")
    assert mairie.type_label == ("Mairie, aussi pour : Centre communal d’action sociale (CCAS)")
