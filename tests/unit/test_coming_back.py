"""A person who comes back the next day is told where the conversation was; then it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from knowledge_base.facts import Fact
from tests.fakes.chat import Chat, with_rules_only

LINE = (
    "Nous en étions à ceci : logement ; votre commune : Blois ; "
    "le problème de logement : un loyer pas payé."
)


@pytest.fixture
def asked(knowledge: Knowledge, now: datetime) -> Chat:
    """Give somebody of Blois who was asked where they live."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.say("j'arrive plus à payer mon loyer à Blois")
    assert chat.session.pending is Fact.HOUSING_STATUS
    return chat


def silent(chat: Chat, hours: float) -> Chat:
    """Let some hours go by."""
    chat.last = chat.now
    chat.now += timedelta(hours=hours)
    return chat


@pytest.mark.parametrize("said", ["bonjour", "je suis locataire", "azerty", "je ne sais pas"])
def test_after_a_night_the_reply_begins_with_where_we_were(asked: Chat, said: str) -> None:
    """One short line, whatever is said; the rest of the reply is as usual."""
    first, *rest = silent(asked, 13).say(said)
    assert first.text == LINE
    assert rest
    assert asked.text.count("Nous en étions") == 1


def test_the_answer_counts_and_the_interview_goes_on(asked: Chat) -> None:
    """A button of the day before still answers."""
    first, *_ = silent(asked, 36).press("Locataire d’un propriétaire privé")
    assert first.text == LINE
    assert asked.session.facts[Fact.HOUSING_STATUS].value == "tenant_private"


def test_a_short_silence_says_nothing(asked: Chat) -> None:
    """Eleven hours, or a moment that is not known."""
    silent(asked, 11).say("bonjour")
    assert "Nous en étions" not in asked.text
    asked.last = None
    asked.say("bonjour")
    assert "Nous en étions" not in asked.text


def test_outside_the_interview_nothing_is_recalled(knowledge: Knowledge, now: datetime) -> None:
    """Nothing waits for an answer: the conversation begins as it wants."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.say("azerty", Intent.FALLBACK)
    silent(chat, 48).say("bonjour")
    assert "Nous en étions" not in chat.text


@pytest.mark.parametrize("request_", ["do:restart", "do:show_aids"])
def test_starting_again_recalls_nothing(asked: Chat, request_: str) -> None:
    """Who starts again wants to forget; who asks for the aids is told what they come from."""
    silent(asked, 13).send(request_)
    assert ("Nous en étions" in asked.text) == (request_ == "do:show_aids")


def test_a_danger_still_comes_first(asked: Chat) -> None:
    """Nothing stands before the numbers."""
    messages = silent(asked, 13).say("il me frappe au secours")
    assert messages[0].kind is MessageKind.URGENT
    assert "Nous en étions" not in asked.text


def test_after_a_danger_the_screen_tells_nothing(asked: Chat) -> None:
    """Somebody else may open the page the next day."""
    asked.say("mon mari me frappe")
    assert asked.session.pending is Fact.HOUSING_STATUS
    first, *_ = silent(asked, 13).say("bonjour")
    assert first.text == "Nous reprenons où nous en étions."
    assert "Nous en étions à ceci" not in asked.text


def test_a_code_looked_up_comes_after_the_line(asked: Chat) -> None:
    """The line is first in every reply, also in one that the service completes."""
    first, *rest = silent(asked, 13).say("où en est ma demande CDF347", Intent.CASE_STATUS)
    assert first.text == LINE
    assert rest
