"""Every card says why it is there, and what is said is true."""

from __future__ import annotations

from datetime import datetime

from assistant.answer import aid_card
from assistant.candidates import Candidate
from assistant.conversation import Known, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import AidCard
from assistant.replies import needs, rights
from assistant.talk import Talk
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import evaluate
from knowledge_base.facts import Fact

DOG = "mon chien est malade et je n’ai pas d’argent pour le vétérinaire"


def cards(offline: Knowledge, session: Session, now: datetime) -> dict[str, AidCard]:
    """Return the cards shown, by id."""
    talk = Talk(session, Turn(now=now), offline)
    needs.show_aids(talk, needs.MORE_CARDS)
    return {card.id: card for message in talk.messages for card in message.aids or ()}


def told(*said: str, found: tuple[str, ...]) -> Session:
    """Return a session in which each text of ``said`` found the entry of the same rank."""
    return Session(
        needs=list(said),
        found={number: [entry_id] for number, entry_id in enumerate(found)},
        candidates=dict.fromkeys(found, 0.9),
    )


def test_a_card_without_condition_gives_the_words_of_the_person(
    offline: Knowledge, now: datetime
) -> None:
    """Nothing had to be checked: the reason is what was said."""
    shown = cards(offline, told(DOG, found=("animaux",)), now)
    assert shown["animaux"].because == [f"Vous avez dit : « {DOG} »."]


def test_each_card_quotes_the_need_that_found_it(offline: Knowledge, now: datetime) -> None:
    """Two needs, two cards: each one with its own words."""
    reading = "on se moque de moi parce que je lis mal"
    shown = cards(offline, told(DOG, reading, found=("animaux", "illettrisme")), now)
    assert shown["illettrisme"].because == [f"Vous avez dit : « {reading} »."]
    assert shown["animaux"].because == [f"Vous avez dit : « {DOG} »."]


def test_a_long_story_is_quoted_by_the_part_that_matters(offline: Knowledge, now: datetime) -> None:
    """A dozen words at most, from the sentence nearest to the card."""
    story = (
        "Bonjour, je vis à Mer depuis vingt ans avec ma sœur et je touche une petite retraite. "
        "Depuis lundi mon vieux chien est malade et le vétérinaire demande deux cents euros que "
        "je n’ai pas. Appelez-moi le matin s’il vous plaît, je suis toujours là."
    )
    (because,) = cards(offline, told(story, found=("animaux",)), now)["animaux"].because
    assert "vétérinaire" in because
    assert "…" in because
    assert len(because.split()) <= 20


def test_a_number_is_never_quoted(offline: Knowledge, now: datetime) -> None:
    """A contact typed in the need is hidden on the card."""
    session = told("vétérinaire trop cher, appelez le 06 12 34 56 78", found=("animaux",))
    (because,) = cards(offline, session, now)["animaux"].because
    assert "vétérinaire trop cher" in because
    assert "06" not in because


def test_a_theme_chosen_is_said_as_chosen(offline: Knowledge, now: datetime) -> None:
    """The person pressed a button: they said nothing."""
    shown = cards(offline, told("Me loger", found=("sinistre_logement",)), now)
    assert shown["sinistre_logement"].because == ["Vous avez choisi : Me loger."]


def test_what_was_said_of_violence_is_not_repeated(offline: Knowledge, now: datetime) -> None:
    """Somebody may read the screen."""
    session = told("il me force le soir", found=("violences_sexuelles",))
    assert cards(offline, session, now)["violences_sexuelles"].because == ["Vous en avez parlé."]


def test_a_card_called_by_a_danger_says_so(offline: Knowledge, now: datetime) -> None:
    """The alert brought it, not the search."""
    shown = cards(offline, Session(dangers=["suicide"], needs=["je veux mourir"]), now)
    assert shown["suicide_ecoute"].because == ["Ce que vous avez dit fait penser à un danger."]


def test_a_card_asked_by_its_name_says_so(offline: Knowledge, now: datetime) -> None:
    """« C’est quoi Mon soutien psy ? »: no condition, and no need told."""
    talk = Talk(Session(), Turn(now=now), offline)
    rights.show(talk, offline.catalogue.entries["mon_soutien_psy"])
    (card,) = talk.messages[0].aids or ()
    assert card.because == ["Vous avez demandé cette fiche."]


def test_what_must_be_checked_is_said(offline: Knowledge, now: datetime) -> None:
    """A soft condition fails: the card is to check, and says what is to be checked."""
    session = told("j’ai l’AAH et mon propre logement", found=("mva",))
    session.facts[Fact.BENEFITS_RECEIVED] = Known(values=("aah",))
    session.facts[Fact.EMPLOYMENT_STATUS] = Known(value="inactive")
    card = cards(offline, session, now)["mva"]
    assert card.status == "to_check"
    assert card.missing == []
    assert "À vérifier : il faut recevoir une aide au logement (APL)." in card.because


def test_no_card_is_ever_without_a_reason(catalogue: Catalogue) -> None:
    """Whatever the card, with nothing known of the person."""
    for entry in catalogue.entries.values():
        verdict = evaluate(entry.conditions, {}, catalogue.figures)
        assert aid_card(Candidate(entry, 0.5, verdict), catalogue, "Vous en avez parlé.").because
