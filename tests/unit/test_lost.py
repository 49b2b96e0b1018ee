"""Messages that lead nowhere: doors, a number, a place, a human, and never twice the same."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from assistant.conversation import Known, Session, Stage
from assistant.doors import DOORS
from assistant.knowledge import Knowledge
from assistant.messages import Message
from assistant.names import Intent
from knowledge_base.facts import Fact
from tests.fakes.chat import Chat, with_rules_only

OFF_TOPIC = ("quel temps fait-il", "raconte une blague", "qui a gagné le match", "la météo")
NONSENSE = ("azerty", "qsdf", "wxcv", "poiuy")
PICTOGRAMS = [door.id for door in DOORS]


@pytest.fixture
def chat(knowledge: Knowledge, now: datetime) -> Chat:
    """Give a person who says nothing that can be understood."""
    return Chat(with_rules_only(knowledge), now)


@pytest.fixture
def asked(chat: Chat) -> Chat:
    """Give somebody of Blois who was asked where they live."""
    (*_, question) = chat.say("j'arrive plus à payer mon loyer à Blois")
    assert question.fact == "housing_status"
    return chat


def drawn(messages: list[Message]) -> list[str]:
    """Return the pictograms shown."""
    return [one.picto for m in messages for one in m.choices or [] if one.picto]


def human_first(message: Message) -> bool:
    """Tell whether the first thing offered is a person."""
    return bool(message.choices) and message.choices[0].value == "do:ask_human"


@pytest.mark.parametrize(
    ("messages", "intent"),
    [(OFF_TOPIC, Intent.OUT_OF_SCOPE), (NONSENSE, Intent.FALLBACK)],
    ids=["off topic", "not understood"],
)
def test_four_messages_that_lead_nowhere_never_give_the_same_twice(
    chat: Chat, messages: tuple[str, ...], intent: Intent
) -> None:
    """Words, then doors with a number and a question on the commune, then a human."""
    said = []
    for text in messages:
        chat.say(text, intent)
        said.append(chat.text)
    assert all(before != after for before, after in pairwise(said))
    assert "Vous pouvez aussi appeler" in said[1]
    assert "02 54" in said[1]
    assert "Quelle est votre commune ?" in said[1]
    assert "Une personne vous comprendra mieux que moi" in said[2]


def test_off_topic_twice_opens_the_six_doors(chat: Chat) -> None:
    """Mixed with a message that is not understood, too."""
    assert drawn(chat.say(OFF_TOPIC[0], Intent.OUT_OF_SCOPE)) == []
    assert drawn(chat.say(NONSENSE[0])) == PICTOGRAMS
    assert chat.press("Me loger")
    assert chat.session.misunderstood == 0


def test_the_third_time_a_human_is_offered_directly(chat: Chat) -> None:
    """In other words, and first of all."""
    for text in NONSENSE[:3]:
        messages = chat.say(text)
    (message,) = messages
    assert human_first(message)
    assert "Voulez-vous lui parler ?" in message.text
    chat.press("Parler à quelqu’un")
    assert chat.session.stage is Stage.HANDOFF_COMMUNE


def test_a_commune_badly_written_is_asked_once_more_after_being_lost(chat: Chat) -> None:
    """What was misread before the hand-off is not counted against its first question."""
    for text in NONSENSE[:3]:
        chat.say(text)
    chat.press("Parler à quelqu’un")
    chat.say("azerty")
    assert chat.session.stage is Stage.HANDOFF_COMMUNE
    assert "Je ne trouve pas cette commune" in chat.text


def test_each_repair_message_carries_one_idea(chat: Chat) -> None:
    """Doors in one, the number in another, the commune in a third."""
    chat.say(NONSENSE[0])
    doors, number, commune = chat.say(NONSENSE[1])
    assert ("appeler" in doors.text, "commune" in doors.text) == (False, False)
    assert ("appeler" in number.text, number.choices) == (True, None)
    assert [one.label for one in commune.choices or []] == ["Voir les lieux près de chez moi"]


def test_the_commune_then_gives_the_place(chat: Chat) -> None:
    """The answer may be written as it comes: no new misunderstanding."""
    for text in NONSENSE[:2]:
        chat.say(text)
    messages = chat.say("Blois")
    assert [one.type for m in messages for one in m.places or []] == ["france_services"]
    assert "comprends" not in chat.text
    assert "Parler à quelqu’un" in chat.offered()


def test_two_bad_answers_in_the_interview_are_not_passed_over(asked: Chat) -> None:
    """The question is not dropped in silence: doors, a number, a place, the aids, a human."""
    asked.say(NONSENSE[0])
    assert asked.session.pending is Fact.HOUSING_STATUS
    messages = asked.say(NONSENSE[1])
    assert drawn(messages) == PICTOGRAMS
    assert "Je garde ce que vous m’avez dit" in asked.text
    assert "Vous pouvez aussi appeler" in asked.text
    assert [one.type for m in messages for one in m.places or []] == ["france_services"]
    assert {"Voir les aides maintenant", "Parler à quelqu’un"} <= set(asked.offered())
    assert not any(message.fact for message in messages)


def test_the_facts_of_the_interview_are_kept(asked: Chat) -> None:
    """What was told before is there for the aids, and an answer still counts."""
    before = dict(asked.session.facts)
    for text in NONSENSE[:2]:
        asked.say(text)
    assert asked.session.facts == before
    asked.say("je suis locataire d'un propriétaire privé")
    assert asked.session.facts[Fact.HOUSING_STATUS].value == "tenant_private"
    assert asked.session.misunderstood == 0


def test_the_aids_come_with_what_was_told(asked: Chat) -> None:
    """One press after the two misunderstandings."""
    for text in NONSENSE[:2]:
        asked.say(text)
    asked.press("Voir les aides maintenant")
    assert "fsl_impayes" in [card.id for m in asked.reply.messages for card in m.aids or []]


def test_a_button_ends_the_misunderstanding(asked: Chat) -> None:
    """The next question has its two tries again."""
    asked.say(NONSENSE[0])
    asked.press("Locataire d’un propriétaire privé")
    assert asked.session.misunderstood == 0


def test_the_commune_of_the_places_is_not_asked_for_ever(chat: Chat) -> None:
    """Not found twice, somebody can be called."""
    chat.send("do:ask_place")
    chat.say("azerty")
    assert chat.session.stage is Stage.PLACES_COMMUNE
    chat.say("azerty encore")
    assert chat.session.stage is not Stage.PLACES_COMMUNE
    assert "Vous pouvez téléphoner" in chat.text


@pytest.mark.parametrize(
    ("first", "answer", "words"),
    [
        ("我需要帮助", "我不知道", "我读了您的留言"),
        ("dzień dobry, potrzebuję pomocy", "nie rozumiem tego pytania", "Przeczytałem"),
        ("به کمک نیاز دارم", "متوجه نمی‌شوم", "پیام شما را خواندم"),
        ("necesito ayuda", "no entiendo la pregunta", "He leído su mensaje"),
    ],
)
def test_an_answer_in_another_language_brings_a_human_first(
    knowledge: Knowledge, now: datetime, first: str, answer: str, words: str
) -> None:
    """Never « je n’ai pas compris votre réponse », nor a commune that is not found."""
    chat = Chat(with_rules_only(knowledge), now)
    opening = chat.say(first, Intent.FALLBACK)
    assert opening[0].text.startswith(words)
    assert human_first(opening[0])
    chat.send("door:logement")
    chat.send("topic:loyer")
    assert chat.session.pending is not None
    for _ in range(4):
        messages = chat.say(answer, Intent.FALLBACK)
        assert messages[0].text.startswith(words)
        assert human_first(messages[0])
        assert "Je n’ai pas compris votre réponse" not in chat.text
        assert "Je ne trouve pas cette commune" not in chat.text
    assert "Une personne vous comprendra mieux que moi" in chat.text or drawn(messages)


def test_a_person_who_goes_back_to_french_is_answered_in_french(chat: Chat) -> None:
    """The language of the conversation is that of the last message that tells it."""
    chat.say("necesito ayuda", Intent.FALLBACK)
    assert chat.session.language == "es"
    chat.say("j'arrive plus à payer mon loyer depuis trois mois")
    assert chat.session.language is None
    chat.say("azerty")
    assert "He leído" not in chat.text


def test_other_letters_are_answered_even_in_a_step(chat: Chat) -> None:
    """A commune is never written in Chinese."""
    chat.send("do:ask_place")
    messages = chat.say("我不知道", Intent.FALLBACK)
    assert messages[0].text.startswith("我读了您的留言")
    assert human_first(messages[0])


def test_the_doors_of_a_known_commune_show_the_place(knowledge: Knowledge, now: datetime) -> None:
    """Nothing is asked that is known."""
    session = Session(facts={Fact.COMMUNE: Known(value="41018")})
    chat = Chat(with_rules_only(knowledge), now, session=session)
    for text in NONSENSE[:2]:
        chat.say(text)
    assert "Quelle est votre commune ?" not in chat.text
    assert any(message.places for message in chat.reply.messages)
