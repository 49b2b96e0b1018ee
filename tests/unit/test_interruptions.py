"""Anything may be asked at any moment; then the conversation goes on where it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.conversation import Stage
from assistant.handoff import Status
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from assistant.receipt import PublicStatus
from knowledge_base.facts import Fact
from tests.fakes.chat import Chat, with_rules_only

TAKEN = PublicStatus(
    Status.TAKEN, Status.TAKEN.label, datetime(2026, 11, 20, 9, 0, tzinfo=UTC), None, None, "MDS"
)
PHONE = "06 12 34 56 78"


@pytest.fixture
def asked(knowledge: Knowledge, now: datetime) -> Chat:
    """Give somebody who was asked where they live."""
    chat = Chat(with_rules_only(knowledge), now, cases={"CDF347": TAKEN})
    (*_, question) = chat.say("j'arrive plus à payer mon loyer")
    assert question.fact == "housing_status"
    return chat


#: What is said or pressed in the middle of the interview, until it is over.
INTERRUPTIONS = {
    "why": ["pourquoi cette question ?"],
    "a right": ["c'est quoi l'apa ?"],
    "a correction": ["non en fait c'est pour mon père"],
    "a correction that tells nothing": ["je me suis trompé"],
    "thanks": ["merci"],
    "a human, then no": ["do:ask_human", "à Blois", "non"],
    "a human, then a button": ["je veux parler à quelqu'un", "consent:no"],
    "a human, to the receipt": [
        "do:ask_human", "commune:unknown", "consent:yes", PHONE, "hours:any",
    ],
    "a place": ["où puis-je aller ?", "Blois"],
    "a place, then no": ["do:ask_place", "non"],
    "a place, without a commune": ["do:ask_place", "commune:refused"],
    "a case, with its code": ["où en est ma demande CDF347"],
    "a case, then the code": ["do:case_status", "CDF347"],
    "a case, then no": ["do:case_status", "non"],
    "a case, and the code is lost": ["do:case_status", "je sais pas"],
    "erasing, then no": ["effacer mes données", "non"],
    "erasing, then a button": ["do:erase", "erase:no"],
    "more aids": ["do:more_aids"],
    "danger": ["mon mari me frappe"],
    "danger in a hand-off, then no": ["do:ask_human", "mon mari me frappe", "non"],
    "a case and erasing inside a hand-off, then no": [
        "do:ask_human", "do:case_status", "do:erase", "non", "CDF347", "non",
    ],
}  # fmt: skip


@pytest.mark.parametrize("steps", INTERRUPTIONS.values(), ids=INTERRUPTIONS.keys())
def test_the_interview_goes_on_where_it_was(asked: Chat, steps: list[str]) -> None:
    """After any interruption the question comes last, with its choices, and is answered."""
    for said in steps:
        _do(asked, said)
    question = asked.reply.messages[-1]
    assert (question.kind, question.fact) == (MessageKind.QUESTION, "housing_status")
    assert asked.session.stage is Stage.INTERVIEW
    asked.press("Locataire d’un propriétaire privé")
    assert asked.session.facts[Fact.HOUSING_STATUS].value == "tenant_private"


def test_a_question_answered_by_the_interruption_is_not_asked_again(
    knowledge: Knowledge, now: datetime
) -> None:
    """The commune asked for the places is the one that the interview was asking."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.say("j'arrive plus à payer mon loyer")
    chat.press("Locataire d’un propriétaire privé")
    assert chat.session.pending is Fact.COMMUNE
    chat.say("où puis-je aller ?")
    chat.say("Blois")
    assert chat.session.pending is not Fact.COMMUNE
    assert any(message.places for message in chat.reply.messages)
    assert any(message.aids for message in chat.reply.messages) or chat.session.pending


#: How each step is reached, from the question of the interview.
STEPS = {
    Stage.PLACES_COMMUNE: ["do:ask_place"],
    Stage.CASE_CODE: ["do:case_status"],
    Stage.ERASE_CONFIRM: ["do:erase"],
    Stage.HANDOFF_COMMUNE: ["do:ask_human"],
    Stage.HANDOFF_CONSENT: ["do:ask_human", "à Blois"],
    Stage.HANDOFF_CONTACT: ["do:ask_human", "à Blois", "consent:yes"],
    Stage.HANDOFF_HOURS: ["do:ask_human", "à Blois", "consent:yes", PHONE],
}


ASIDES = [
    ["pourquoi cette question ?"], ["c'est quoi l'apa ?"], ["merci"], ["au revoir"],
    ["mon mari me frappe"], ["où en est ma demande CDF347"], ["effacer mes données", "non"],
    ["do:why_this_question"], ["do:erase", "erase:no"],
]  # fmt: skip
#: In the step of the code, its code is the answer; in that of erasing, « effacer » is a yes.
ANSWERS = {
    (Stage.CASE_CODE, "où en est ma demande CDF347"),
    (Stage.ERASE_CONFIRM, "effacer mes données"),
    (Stage.ERASE_CONFIRM, "do:erase"),
}


@pytest.mark.parametrize(
    ("stage", "asides"),
    [
        pytest.param(stage, asides, id=f"{stage}: {', then '.join(asides)}")
        for stage in STEPS
        for asides in ASIDES
        if (stage, asides[0]) not in ANSWERS
    ],
)
def test_a_step_goes_on_where_it_was(asked: Chat, stage: Stage, asides: list[str]) -> None:
    """The question is answered or the request obeyed, and the step asks again."""
    for said in STEPS[stage]:
        _do(asked, said)
    assert asked.session.stage is stage
    before = asked.session.contact
    for said in asides:
        _do(asked, said)
    assert asked.session.stage is stage
    assert asked.reply.messages[-1].choices
    assert (asked.session.contact, asked.sent) == (before, [])


@pytest.mark.parametrize("stage", [Stage.PLACES_COMMUNE, Stage.CASE_CODE, Stage.ERASE_CONFIRM])
def test_a_human_is_one_step_away_from_every_step(asked: Chat, stage: Stage) -> None:
    """Asking for somebody leaves what was being asked."""
    for said in STEPS[stage]:
        _do(asked, said)
    asked.say("je veux parler à quelqu'un")
    assert asked.session.stage is Stage.HANDOFF_COMMUNE
    assert asked.session.paused == []


@pytest.mark.parametrize("stage", STEPS, ids=str)
def test_starting_again_leaves_every_step(asked: Chat, stage: Stage) -> None:
    """« recommencer » forgets the step, its contact and what it interrupted."""
    for said in STEPS[stage]:
        _do(asked, said)
    asked.say("recommencer")
    assert asked.session.stage is Stage.OPEN
    assert (asked.session.contact, asked.session.sheet, asked.session.pending) == (None,) * 3


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.HANDOFF_CONTACT, "rappelez-moi au 06 12 34 56 78"),
        (Stage.HANDOFF_HOURS, "rappelez-moi le soir"),
        (Stage.HANDOFF_HOURS, "pendant les horaires de bureau"),
        (Stage.HANDOFF_COMMUNE, "près de chez moi, à Blois"),
        (Stage.CASE_CODE, "mon code c'est CDF347"),
    ],
)
@pytest.mark.parametrize("intent", [Intent.ASK_HUMAN, Intent.ASK_PLACE, Intent.CASE_STATUS])
def test_an_answer_that_looks_like_a_request_is_an_answer(
    asked: Chat, stage: Stage, answer: str, intent: Intent
) -> None:
    """However sure the engine is, what reads as the answer is the answer."""
    for said in STEPS[stage]:
        _do(asked, said)
    asked.say(answer, intent, 0.99)
    assert asked.session.stage is not stage


def _do(chat: Chat, said: str) -> None:
    if ":" in said:
        chat.send(said)
    else:
        chat.say(said)
