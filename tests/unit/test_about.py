"""Questions about us, communes told and corrected: a true answer, and the interview goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.knowledge import Knowledge
from assistant.names import Intent
from assistant.urgency.watch import DangerWatch
from knowledge_base.facts import Fact
from tests.fakes.chat import Chat


class Alarmed:
    """An encoder that hears a danger in everything."""

    def read(self, text: str) -> dict[str, float]:
        """Return a sure danger."""
        return {"any": 0.9, "suicide": 0.9}


@pytest.fixture
def chat(knowledge: Knowledge, now: datetime) -> Chat:
    """Give a person in the middle of an interview about an unpaid rent."""
    chat = Chat(knowledge, now)
    chat.say("je n’arrive plus à payer mon loyer, j’habite à Blois")
    return chat


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("vous faites quoi de mes données ?", "rien n’est envoyé à un professionnel"),
        ("qui va lire ça ?", "rien n’est envoyé à un professionnel"),
        ("t’es qui ? un robot ?", "pas une personne"),
        ("je parle à une vraie personne ?", "pas une personne"),
    ],
)
def test_who_speaks_and_what_is_kept_are_answered(chat: Chat, asked: str, told: str) -> None:
    """And the question that waited is asked again."""
    waiting = chat.session.pending
    said = " ".join(message.text for message in chat.say(asked))
    assert told in said
    assert chat.session.pending is waiting


def test_a_commune_corrected_is_the_one_kept(chat: Chat) -> None:
    """« Non, pas Blois, Vendôme »: the places will be those of Vendôme."""
    chat.say("non pas Blois, Vendôme", Intent.CORRECT)
    assert chat.session.facts[Fact.COMMUNE].value == "41269"


@pytest.mark.parametrize("commune", ["Salbris", "à Salbris", "Morée", "j’habite à Seur", "41000"])
def test_a_commune_alone_is_no_danger(knowledge: Knowledge, now: datetime, commune: str) -> None:
    """The encoder heard an emergency in twenty names of communes."""
    alarmed = replace(knowledge, dangers=DangerWatch(knowledge.dangers.rules, Alarmed()))
    chat = Chat(alarmed, now)
    chat.say(commune)
    assert chat.session.dangers == []
    chat.say("je veux en finir")
    assert "suicide" in chat.session.dangers


@pytest.mark.parametrize("need", ["je suis surendetté", "je ne sais pas lire"])
def test_a_need_that_looks_like_an_answer_is_a_need(
    knowledge: Knowledge, now: datetime, need: str
) -> None:
    """The engine took them for answers to a question that nobody had asked."""
    chat = Chat(knowledge, now)
    chat.say(need, Intent.DONT_KNOW)
    assert chat.session.needs == [need]


def test_a_postal_code_first_asks_what_is_difficult(knowledge: Knowledge, now: datetime) -> None:
    """No card is shown for a place alone."""
    chat = Chat(knowledge, now)
    chat.say("41000")
    assert "Qu’est-ce qui est difficile" in chat.text
    assert chat.session.shown == []


@pytest.mark.parametrize("told", ["rien ne va plus", "je sais pas adieu"])
def test_a_danger_told_instead_of_an_answer_is_heard(chat: Chat, told: str) -> None:
    """A few words that read as « none » or « I do not know » may be more than an answer."""
    rules = chat.knowledge.dangers.rules
    chat.knowledge = replace(chat.knowledge, dangers=DangerWatch(rules, Alarmed()))
    chat.session.pending = Fact.DEBTS
    chat.say(told)
    assert "suicide" in chat.session.dangers
