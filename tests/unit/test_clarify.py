"""Several needs could be meant: the person says which, and the right card comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import Message
from assistant.names import Intent
from assistant.replies import clarify
from assistant.talk import Talk
from knowledge_base.facts import Fact
from knowledge_base.search import Hit
from tests.fakes.chat import Chat, with_rules_only

STORY = "le frigo sonne creux et les papiers s'entassent"
#: Two entries of one need among them: « Payer la caution d’un logement ».
FOUND = {
    "aide_alimentaire": 0.25,
    "loca_pass": 0.2,
    "fsl_acces": 0.15,
    "surendettement": 0.12,
    "france_services": 0.1,
    "epicerie_sociale": 0.08,
    "apl": 0.06,
}
OFFERED = [
    "À manger",
    "Payer la caution d’un logement",
    "Trop de dettes",
    "Être aidé pour les papiers",
    "Faire des courses moins chères",
    "Autre chose",
]


class Finds:
    """A search that always finds the same entries."""

    def __init__(self, scores: dict[str, float]) -> None:
        self.scores = scores

    def search(self, query: str, limit: int = 10, commune: str | None = None) -> list[Hit]:
        """Return the entries, best first."""
        return [Hit(one, score, score) for one, score in self.scores.items()]


def chat_finding(knowledge: Knowledge, now: datetime, scores: dict[str, float]) -> Chat:
    """Return a person for whom the search finds ``scores``, whatever they say."""
    return Chat(replace(with_rules_only(knowledge), search=Finds(scores)), now)


@pytest.fixture
def chat(knowledge: Knowledge, now: datetime) -> Chat:
    """Give somebody whose words may mean several needs."""
    return chat_finding(knowledge, now, FOUND)


def labels(messages: list[Message]) -> list[str]:
    """Return what the last message offers."""
    return [choice.label for choice in messages[-1].choices or []]


def cards(chat: Chat) -> list[str]:
    """Return the cards of the last reply once they are asked for."""
    if not any(message.aids for message in chat.reply.messages):
        chat.send("do:show_aids")
    return [aid.id for message in chat.reply.messages for aid in message.aids or []]


def test_the_need_is_asked_when_no_entry_is_probable(chat: Chat) -> None:
    """Five needs at most, each once, then « autre chose », and a human."""
    messages = chat.say(STORY)
    assert labels(messages)[:6] == OFFERED
    assert labels(messages)[-1] == "Parler à quelqu’un"
    assert messages[-1].text.endswith("De quoi s’agit-il surtout ?")


def test_the_need_is_not_asked_when_an_entry_is_probable(
    knowledge: Knowledge, now: datetime
) -> None:
    """From three chances in ten on, the cards speak for themselves."""
    clear = chat_finding(knowledge, now, {**FOUND, "aide_alimentaire": 0.3})
    clear.say(STORY)
    assert "Autre chose" not in clear.offered()


def test_the_need_chosen_comes_first_with_its_other_entries(chat: Chat) -> None:
    """« Payer la caution » brings both ways to pay it, and leaves the rest aside."""
    chat.say(STORY)
    chat.press("Payer la caution d’un logement")
    assert chat.session.candidates["loca_pass"] == pytest.approx(0.9)
    assert chat.session.candidates["fsl_acces"] == pytest.approx(0.675)
    assert chat.session.candidates["aide_alimentaire"] == pytest.approx(0.025)
    assert set(cards(chat)) == {"loca_pass", "fsl_acces"}


@pytest.mark.parametrize(
    "words",
    ["3", "la troisième", "le 3", "trop de dettes", "Trop de dettes !", "numéro 3"],
)
def test_the_answer_may_be_typed(chat: Chat, words: str) -> None:
    """Its rank or its words, as on the button."""
    chat.say(STORY)
    chat.say(words, Intent.FALLBACK)
    assert chat.session.candidates["surendettement"] == pytest.approx(0.9)
    assert cards(chat)[0] == "surendettement"


@pytest.mark.parametrize("words", ["autre chose", "non", "aucun", "rien de tout ça", "non aucune"])
def test_none_of_them_leads_to_the_doors(chat: Chat, words: str) -> None:
    """What was offered is lowered, and six doors with a human come."""
    chat.say(STORY)
    chat.say(words, Intent.FALLBACK)
    assert chat.session.candidates["aide_alimentaire"] == pytest.approx(0.025)
    assert {"Me loger", "Parler à quelqu’un"} <= set(chat.offered())


def test_i_do_not_know_leads_to_the_doors(chat: Chat) -> None:
    """« Je ne sais pas » is an answer too."""
    chat.say(STORY)
    chat.say("je ne sais pas", Intent.DONT_KNOW)
    assert "Me loger" in chat.offered()


def test_other_words_are_a_new_try(chat: Chat, knowledge: Knowledge, now: datetime) -> None:
    """A person who says it otherwise is searched again, and what was found is kept."""
    chat.say(STORY)
    chat.knowledge = chat_finding(knowledge, now, {"expulsion": 0.8}).knowledge
    chat.say("non c'est surtout que je vais être expulsée de chez moi", Intent.DESCRIBE_NEED)
    assert chat.session.candidates["expulsion"] == pytest.approx(0.8)
    assert chat.session.unclear == []


def test_an_answer_that_only_chooses_is_never_taken_for_a_danger(
    knowledge: Knowledge, now: datetime
) -> None:
    """The encoder hears a danger in « autre chose »; who chooses tells none."""
    chat = Chat(replace(knowledge, search=Finds(FOUND)), now)
    chat.say("des papiers à remplir")
    assert chat.session.unclear
    chat.say("autre chose", Intent.FALLBACK)
    assert chat.session.hinted == []
    assert chat.session.dangers == []


def test_why_gives_the_reason_and_asks_again(chat: Chat) -> None:
    """The same needs come again after the reason."""
    chat.say(STORY)
    messages = chat.press("Pourquoi cette question ?")
    assert "quelle aide montrer en premier" in chat.text
    assert labels(messages)[:6] == OFFERED


def test_the_cards_can_be_seen_without_answering(chat: Chat) -> None:
    """« Voir les aides maintenant » shows what was found."""
    chat.say(STORY)
    chat.press("Voir les aides maintenant")
    assert "aide_alimentaire" in cards(chat)


def test_the_need_is_asked_twice_at_most(chat: Chat) -> None:
    """The third time, the assistant shows what it has."""
    for _ in range(2):
        chat.say(STORY)
        assert "Autre chose" in chat.offered()
    chat.say(STORY)
    assert "Autre chose" not in chat.offered()


def test_asking_the_need_counts_among_the_five_questions(chat: Chat) -> None:
    """A person is never asked a sixth question."""
    chat.say(STORY)
    chat.press("À manger")
    asked = 1
    while chat.session.pending is not None and asked < 9:
        asked += 1
        chat.send(f"fact:{chat.session.pending.value}=unknown")
    assert asked <= 5


def test_nothing_is_asked_after_a_danger(chat: Chat) -> None:
    """One thing at a time: what is urgent was just said."""
    chat.say("mon mari me frappe")
    assert chat.session.dangers
    chat.say(STORY)
    assert chat.session.unclear == []


def test_what_the_situation_rules_out_is_not_offered(knowledge: Knowledge, now: datetime) -> None:
    """Of a person of 30, the help for the elderly is not what is meant."""
    chat = chat_finding(knowledge, now, {"apa_domicile": 0.2, "apl": 0.15, "css": 0.1})
    chat.say("j'ai 30 ans et je galère avec tout ce qu'on me demande en ce moment")
    assert chat.session.facts[Fact.AGE].low == 30
    assert list(chat.offered())[:2] == ["Payer le loyer", "Payer les soins, la mutuelle"]


def test_an_old_button_still_works(chat: Chat) -> None:
    """The question may be answered after something else was said."""
    chat.say(STORY)
    value = chat.offered()["Trop de dettes"]
    chat.session = Session.model_validate({**chat.session.model_dump(), "unclear": []})
    chat.send(value)
    assert chat.session.candidates["surendettement"] == pytest.approx(0.9)


def test_a_need_that_is_in_no_entry_changes_nothing(chat: Chat) -> None:
    """A value made up by hand is « none of them », not an error."""
    chat.say(STORY)
    chat.send("need:../etc")
    assert "Me loger" in chat.offered()


@pytest.mark.parametrize("words", ["rien ne va plus", "je sais pas adieu", "pas envie de vivre"])
def test_what_may_tell_a_danger_is_never_taken_for_neither(chat: Chat, words: str) -> None:
    """These begin as « rien de tout ça » does: they are read whole, by the encoder too."""
    chat.say(STORY)
    talk = Talk(chat.session, Turn(text=words, now=chat.now), chat.knowledge)
    assert talk.session.unclear
    assert clarify.meant(talk) is None


def test_a_question_that_was_left_is_not_answered_later(chat: Chat) -> None:
    """After « Voir les aides maintenant », « non » says nothing of the needs offered."""
    chat.say(STORY)
    chat.press("Voir les aides maintenant")
    assert chat.session.unclear == []
