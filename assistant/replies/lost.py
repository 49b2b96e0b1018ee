"""When messages lead nowhere: doors, a number, a place with somebody, a human; never the same.

The first time says so simply. The second gives six doors, a telephone number and the nearest
France services, one idea in each message. The third offers a human in other words; then both
ways come in turn.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import doors
from assistant.messages import ChoiceButton, Message, MessageKind
from assistant.names import Response
from assistant.replies import places, steps
from assistant.talk import HUMAN, OTHER_NEED, PLACES, SHOW_AIDS, Talk
from knowledge_base.facts import Fact

#: Messages in a row after which more than words is given.
_LOST = 2
#: Messages kept to be searched again behind the door that is chosen.
_KEPT = 3


def tell(talk: Talk, first: Response = Response.NOT_SURE) -> None:
    """Answer a message that led nowhere; ``first`` are the words of the first time."""
    session = talk.session
    session.misunderstood += 1
    session.unread = [*session.unread, talk.turn.text][-_KEPT:]
    if session.language is not None:
        offer_human(talk, session.language)
        first = Response.NOT_SURE  # its doors are drawn: they are read in every language
    if is_lost(talk):
        _ways_out(talk)
    elif first is Response.NOT_SURE:
        _doors(talk, first, [HUMAN])
    else:
        talk.say(first, choices=[] if talk.waits else [OTHER_NEED, HUMAN])


def tell_in_interview(talk: Talk) -> None:
    """The question is left after two answers that could not be read: what was told is kept."""
    talk.session.misunderstood = _LOST
    if talk.session.language is not None:
        offer_human(talk, talk.session.language)
    _doors(talk, Response.REPAIR_KEPT, [SHOW_AIDS, HUMAN])
    _call(talk)
    show_nearest(talk)


def is_lost(talk: Talk) -> bool:
    """Tell whether the last messages led nowhere."""
    return talk.session.misunderstood >= _LOST


def offer_human(talk: Talk, language: str) -> None:
    """Say, in the language of the person, that somebody can help; once in a reply."""
    sentence = talk.knowledge.languages.sentence(language)
    if all(message.text != sentence for message in talk.messages):
        talk.add(sentence, choices=[HUMAN])


def speak_their_language(talk: Talk) -> None:
    """Say again, to who does not write in French, that a person can help, before that person.

    At each end of the road; while the interview asks, the person is only put first.
    """
    language, messages = talk.session.language, talk.messages
    if language is None or not messages or talk.session.stage in steps.HANDOFF:
        return
    sentence = talk.knowledge.languages.sentence(language)
    if talk.session.pending is None and all(one.text != sentence for one in messages):
        talk.first(Message(text=sentence, choices=[HUMAN], discreet=talk.session.discreet))
    last = messages[-1]
    if last.choices and HUMAN in last.choices:
        others = [one for one in last.choices if one != HUMAN]
        messages[-1] = last.model_copy(update={"choices": [HUMAN, *others]})


def show_nearest(talk: Talk) -> None:
    """Show the nearest France services, open if possible; ask for the commune without one."""
    if talk.around is not None:
        places.show_open_france_services(talk)
    elif Fact.COMMUNE not in talk.session.skipped:
        talk.say(Response.REPAIR_COMMUNE, choices=[PLACES])


def with_commune(talk: Talk) -> None:
    """The commune that was asked with the other ways out is told: the place comes."""
    talk.session.misunderstood = 0
    show_nearest(talk)
    talk.what_next()


def _ways_out(talk: Talk) -> None:
    if talk.session.misunderstood % _LOST:
        talk.say(Response.REPAIR_HUMAN, kind=MessageKind.QUESTION, choices=[HUMAN, OTHER_NEED])
        return
    _doors(talk, Response.REPAIR, [HUMAN])
    _call(talk)
    show_nearest(talk)


def _doors(talk: Talk, words: Response, others: Sequence[ChoiceButton]) -> None:
    talk.say(words, kind=MessageKind.QUESTION, choices=[*doors.buttons(), *others])


def _call(talk: Talk) -> None:
    who, phone = places.whom_to_call(talk)
    talk.say(Response.REPAIR_CALL, who=who, phone=phone)
