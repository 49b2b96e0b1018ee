"""Order, pace and the questions that wait, chat by chat."""

from __future__ import annotations

import asyncio

from connectors.telegram.pace import Admission, Pace, Turns
from connectors.telegram.questions import Edits, Questions


async def test_turns_of_one_chat_are_taken_in_order() -> None:
    """The second update of a chat waits for the first; another chat does not."""
    turns, told, release = Turns(), list[str](), asyncio.Event()

    async def take(chat_id: int, name: str, wait: bool) -> None:
        async with turns.of(chat_id):
            if wait:
                await release.wait()
            told.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(take(1, "first", wait=True))
        group.create_task(take(1, "second", wait=False))
        await group.create_task(take(2, "other chat", wait=False))
        assert told == ["other chat"]
        release.set()
    assert told == ["other chat", "first", "second"]


async def test_turns_forget_the_chats_that_are_quiet() -> None:
    """Nothing is kept of a chat whose updates are all answered, even badly."""
    turns = Turns()
    try:
        async with turns.of(1):
            raise LookupError
    except LookupError:
        pass
    assert turns._turns == {}


async def test_too_many_messages_are_told_once() -> None:
    """Beyond the pace one warning is given, then nothing; another chat is not concerned."""
    pace = Pace(messages=2, period_s=60)
    admitted = [await pace.admit(1) for _ in range(4)]
    assert admitted == [Admission.READ, Admission.READ, Admission.WARN, Admission.DROP]
    assert await pace.admit(2) is Admission.READ


def test_answering_closes_every_question_of_the_chat() -> None:
    """The buttons of all the questions of the chat go with the answer, and only once."""
    questions = Questions()
    questions.opened(7, 101)
    questions.opened(7, 102)
    questions.opened(8, 103)
    assert questions.close(7, pressed=102) == [101, 102]
    assert questions.close(7) == []
    assert [questions.is_answered(7, number) for number in (101, 102, 103)] == [True, True, False]
    assert not questions.is_answered(8, 103)


def test_a_question_asked_before_a_restart_is_closed_when_pressed() -> None:
    """The message of the button is known even when the question is not."""
    questions = Questions()
    assert questions.close(7, pressed=55) == [55]
    assert questions.is_answered(7, 55)


def test_an_edit_counts_when_its_words_change() -> None:
    """The same words again are not new; other words of the same message are."""
    edits = Edits()
    assert edits.is_new(7, 1, "je cherche un logment")
    assert not edits.is_new(7, 1, "je cherche un logment")
    assert edits.is_new(7, 1, "je cherche un logement")
    assert edits.is_new(7, 2, "je cherche un logement")
