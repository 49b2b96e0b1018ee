"""For the agent on the telephone: what a call tells, all at once, and what to ask next.

The same functions as the chat, without its dialogue: the whole text is read again each time
and nothing is remembered between two readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assistant.business_days import french_date
from assistant.conversation import Known, Provenance, RequestSheet, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import AidCard, Message, MessageKind, PlaceCard
from assistant.names import DO, Intent
from assistant.replies import alert, needs, places
from assistant.request_sheet import sheet_of
from assistant.talk import Talk
from assistant.understanding import answers
from assistant.understanding.deadlines import read_deadline
from assistant.understanding.intents import guess_intent
from assistant.understanding.labels import value_label
from knowledge_base.facts import FACTS, Fact
from knowledge_base.search import UNSURE
from knowledge_base.vocabulary import Theme

#: Correction that takes a fact away: what was read in the text is not true.
REMOVED: Final = "-"
#: Characters of a call that are read; the end of a longer text is not.
MAX_CALL: Final = 6000
_CARDS = 5
_SENTENCES = 8  # the last ones: a need said long ago is in the whole text too
_SENTENCE = re.compile(r"[.!?;\n]+")
_LEAST_WORDS = 3
_CIVILITIES = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE})


@dataclass(frozen=True, slots=True)
class FactUnderstood:
    """A fact of the caller's situation; ``words`` is the passage it was read in."""

    fact: Fact
    label: str
    value_label: str
    provenance: Provenance
    words: str


@dataclass(frozen=True, slots=True)
class NeedUnderstood:
    """A need: ``label`` is the theme and the card nearest to it, ``words`` what was said."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class HotlineView:
    """What an agent sees. ``question`` is to be said aloud, ``why`` tells the caller's reason.

    ``hints`` are gentle lines for a danger that is only possible. ``unreadable`` are the facts
    whose correction could not be read (an unknown commune).
    """

    urgent: list[Message]
    hints: list[Message]
    needs: list[NeedUnderstood]
    facts: list[FactUnderstood]
    question: Message | None
    why: str
    aids: list[AidCard]
    places: list[PlaceCard]
    unreadable: list[Fact]


def advise(
    knowledge: Knowledge, text: str, corrections: Mapping[str, str], now: datetime
) -> HotlineView:
    """Return what ``text``, typed during a call, calls for.

    ``corrections`` maps the name of a fact to the value the agent gives it: a choice, words,
    or ``REMOVED``. Urgent messages are those of a danger, the most pressing first.
    """
    talk, told, unreadable = _read(knowledge, text, corrections, now)
    question = _question(talk)
    shown = _shown(talk)
    return HotlineView(
        urgent=[message for message in talk.messages if message.kind is MessageKind.URGENT],
        hints=[message for message in talk.messages if message.kind is MessageKind.TEXT],
        needs=told,
        facts=_understood(talk),
        question=question,
        why=FACTS[Fact(question.fact)].why if question and question.fact else "",
        aids=[aid for message in shown.messages for aid in message.aids or ()],
        places=[place for message in shown.messages for place in message.places or ()],
        unreadable=unreadable,
    )


def draft(
    knowledge: Knowledge,
    text: str,
    corrections: Mapping[str, str],
    theme: Theme | None,
    now: datetime,
) -> RequestSheet:
    """Return what would be handed over, still without a contact.

    ``theme`` is the agent's choice; None takes the one of the needs.
    """
    talk, _, _ = _read(knowledge, text, corrections, now)
    session = _shown(talk).session
    return sheet_of(Talk(session, talk.turn, knowledge), theme)


def _read(
    knowledge: Knowledge, text: str, corrections: Mapping[str, str], now: datetime
) -> tuple[Talk, list[NeedUnderstood], list[Fact]]:
    text = text[:MAX_CALL]
    talk = Talk(Session(), Turn(text=text, now=now), knowledge)
    needs.learn(talk, knowledge.facts.read(text, now.date()))
    talk.session.deadline = read_deadline(text, french_date(now))
    unreadable = [
        Fact(name)
        for name, value in corrections.items()
        if name in set(Fact) and value and not _correct(talk, Fact(name), value)
    ]
    noticed = knowledge.dangers.notice(text)
    alert.warn(talk, noticed.certain)
    alert.hint(talk, noticed.possible)
    told = [need for sentence in _sentences(text) if (need := _need(talk, sentence)) is not None]
    return talk, told, unreadable


def _need(talk: Talk, sentence: str) -> NeedUnderstood | None:
    """Take ``sentence`` as a need; return None when it tells none."""
    before = dict(talk.session.candidates)
    if not needs.tell_need(talk, sentence, UNSURE):
        return None
    found = talk.session.candidates
    raised = {one: found[one] - before.get(one, 0.0) for one in found}
    entry = talk.knowledge.catalogue.entries[max(raised, key=lambda one: raised[one])]
    return NeedUnderstood(f"{entry.themes[0].label} : {entry.title}", sentence)


def _correct(talk: Talk, fact: Fact, value: str) -> bool:
    """Apply a correction; return False when it cannot be read."""
    session, known = talk.session, talk.knowledge
    if value == REMOVED:
        session.facts.pop(fact, None)
        return True
    answer: Known | answers.Skip | None = answers.of_choice(fact, value) or answers.of_text(
        fact, value, Intent.INFORM, known.facts, known.communes, talk.turn.now.date()
    )
    if isinstance(answer, answers.Skip):
        session.facts.pop(fact, None)
        session.skipped.append(fact)
    elif answer is not None:
        session.facts[fact] = answer
        session.asked.append(fact)
    return answer is not None


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences that may tell a need; the very short ones when there is no other."""
    told = [one.strip() for one in _SENTENCE.split(text) if one.strip()]
    told = [one for one in told if guess_intent(one) not in _CIVILITIES]
    telling = [one for one in told if len(one.split()) >= _LEAST_WORDS]
    yield from (telling or told)[-_SENTENCES:]


def _question(talk: Talk) -> Message | None:
    """Return the next question with its answers only: the requests of the chat are left out."""
    asking = _copy(talk)
    needs.go_on(asking)
    question = next((one for one in asking.messages if one.fact is not None), None)
    if question is None:
        return None
    choices = [one for one in question.choices or () if not one.value.startswith(DO)]
    return question.model_copy(update={"choices": choices or None})


def _shown(talk: Talk) -> Talk:
    """Return a talk in which the cards and the places were shown, without the urgent text."""
    showing = _copy(talk)
    needs.show_aids(showing, _CARDS)
    if showing.around is not None and not any(one.places for one in showing.messages):
        places.show(showing, None)
    return showing


def _copy(talk: Talk) -> Talk:
    return Talk(talk.session.model_copy(deep=True), talk.turn, talk.knowledge)


def _understood(talk: Talk) -> list[FactUnderstood]:
    return [
        FactUnderstood(
            fact,
            FACTS[fact].label_of_anybody,
            value_label(fact, known, talk.knowledge.communes),
            known.provenance,
            known.words,
        )
        for fact, known in talk.session.facts.items()
    ]
