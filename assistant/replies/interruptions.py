"""What may be asked in the middle of a step, and what only looks like it.

The answer to a step may look like a request (« à Blois », « rappelez-moi le soir »): what
reads as the answer is the answer.
"""

from __future__ import annotations

from typing import Final

from assistant.conversation import Known, Stage
from assistant.names import Intent
from assistant.receipt import find_code, read_code
from assistant.replies import places, rights, steps
from assistant.talk import Talk
from assistant.understanding import answers
from assistant.understanding.consent import (
    HoursSaid,
    agrees,
    comes_round,
    read_hours,
    refuses,
    refuses_firmly,
    untold_words,
)
from assistant.understanding.contacting import ways_missing
from assistant.understanding.intents import guess_intent

#: From this confidence the engine's reading interrupts a step.
_SURE: Final = 0.6
#: Words of an answer that tells nothing else; a telephone number is five of them.
_MOST_WORDS: Final = 9
#: Words of an answer to a question of the interview: « en hlm », « 62 ans ». In more words a
#: danger may hide: « rien ne va plus » answers « avez-vous des dettes ? » too.
_FEW_WORDS: Final = 2
#: Words of a long name: « saint laurent nouan ».
_NAME_OF_A_COMMUNE: Final = 3
_QUIET: Final = frozenset({Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER})
_CIVILITIES: Final = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.INSULT})
#: Steps during which a request is part of the answer, or leads where one already is.
_PART_OF_THE_ANSWER: Final = {
    Intent.ASK_HUMAN: steps.HANDOFF,
    Intent.CASE_STATUS: {Stage.CASE_CODE},
    Intent.ERASE: {Stage.ERASE_CONFIRM},
    Intent.ASK_PLACE: {Stage.PLACES_COMMUNE, Stage.HANDOFF_COMMUNE, Stage.HANDOFF_HOURS},
    Intent.ASK_RIGHT: frozenset[Stage](),
    Intent.RESTART: frozenset[Stage](),
    Intent.WHY_THIS_QUESTION: frozenset[Stage](),
    **dict.fromkeys(_CIVILITIES, frozenset[Stage]()),
}
#: These are heard even in words that could be an answer: « pourquoi demander quand ? »,
#: « bonne soirée », « efface tout ».
_HEARD_FIRST: Final = frozenset(
    {Intent.ERASE, Intent.RESTART, Intent.WHY_THIS_QUESTION, Intent.CASE_STATUS, *_CIVILITIES}
)


def interrupts(talk: Talk, intent: Intent) -> bool:
    """Tell whether the message asks for something else than what the step asks."""
    stage = talk.session.stage
    if stage in _PART_OF_THE_ANSWER.get(intent, steps.STEPS) or talk.turn.confidence < _SURE:
        return False
    if intent is Intent.ASK_RIGHT and not _names_a_right(talk):
        return False
    plain = intent in _HEARD_FIRST and guess_intent(talk.turn.text) is intent
    return not _answers(talk, talk.turn.text, stage, heard_first=plain)


def _answers(talk: Talk, text: str, stage: Stage, *, heard_first: bool) -> bool:
    if stage is Stage.HANDOFF_CONTACT:
        return talk.knowledge.contact_in(text) is not None or bool(ways_missing(text))
    if heard_first:
        return False
    if stage in (Stage.PLACES_COMMUNE, Stage.HANDOFF_COMMUNE):
        return places.find_commune(talk) is not None
    if stage is Stage.CASE_CODE:
        return find_code(text) is not None
    if stage is Stage.HANDOFF_HOURS:
        return read_hours(text) is not HoursSaid.UNCLEAR
    return agrees(text) or refuses(text)


def is_plain(talk: Talk, intent: Intent) -> bool:
    """Tell whether the message is an answer to the step, or a request, and nothing more.

    It then counts even when it was taken for a danger: a person who says no, or when to call,
    must not have to say it again. A story that also holds the answer is not plain.
    """
    text, stage = talk.turn.text, talk.session.stage
    if refuses(text):
        return refuses_firmly(text) or not untold_words(text)
    if len(text.split()) > _MOST_WORDS:
        return False
    asked = guess_intent(text)
    if asked is intent and interrupts(talk, intent):
        return True
    if stage is Stage.HANDOFF_CONTACT:
        return talk.knowledge.contact_in(text) is not None or bool(ways_missing(text))
    if stage is Stage.HANDOFF_HOURS:
        return agrees(text) or (read_hours(text) is HoursSaid.TOLD and not untold_words(text))
    if stage is Stage.CASE_CODE:
        return find_code(text) is not None or asked is Intent.DONT_KNOW
    if stage in (Stage.PLACES_COMMUNE, Stage.HANDOFF_COMMUNE):
        return asked in _QUIET or places.find_commune(talk) is not None
    return agrees(text)


def only_answers(talk: Talk) -> bool:
    """Tell whether the message is a commune, a yes, or the few words that the question waits for.

    The encoder of danger knows nothing of the question: it hears a danger in « Salbris », in
    « à Morée ». The rules still read it.
    """
    text, pending = talk.turn.text, talk.session.pending
    if places.is_only_a_commune(talk) or comes_round(text):
        return True
    if pending is None or len(text.split()) > _FEW_WORDS:
        return False
    knowledge, today = talk.knowledge, talk.turn.now.date()
    intent = guess_intent(text)
    read = answers.of_text(pending, text, intent, knowledge.facts, knowledge.communes, today)
    return isinstance(read, Known)


def tells_nothing_else(talk: Talk) -> bool:
    """Tell whether a plain message holds no other word than the answer itself.

    An encoder that takes it for a danger is then wrong: it knows nothing of the question.
    """
    stage = talk.session.stage
    others = untold_words(talk.knowledge.hide_contact(talk.turn.text).replace("(masqué)", " "))
    if stage is Stage.CASE_CODE:
        return not others or read_code("".join(others)) is not None
    if stage in (Stage.PLACES_COMMUNE, Stage.HANDOFF_COMMUNE) and places.find_commune(talk):
        return len(others) <= _NAME_OF_A_COMMUNE
    return not others


def _names_a_right(talk: Talk) -> bool:
    named = rights.named(talk, talk.turn.right) or rights.named_in(talk, talk.turn.text)
    return named is not None
