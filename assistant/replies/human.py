"""« Parler à quelqu’un »: for whom, what will be sent, and the consent.

Nothing leaves before the person said yes to what is shown, and a no, at any step, stops
everything. What leaves is the sheet that was shown: it no longer changes after the consent.
How to reach the person is asked next, in ``reaching``.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.business_days import french_date, french_day, reading_day
from assistant.conversation import AskedFor, LookUpCase, Stage
from assistant.handoff import FINAL
from assistant.names import Intent, Response
from assistant.receipt import LookedUp, PublicStatus
from assistant.replies import alert, elsewhere, needs, places, steps
from assistant.request_sheet import sheet_of
from assistant.talk import FOLLOW, NEW_REQUEST, OTHER_NEED, RESTART, Talk
from assistant.understanding.consent import (
    agrees,
    as_read,
    asks_to_send,
    comes_round,
    has_no_commune,
    refuses,
    refuses_firmly,
    untold_words,
)
from assistant.understanding.contacting import (
    corrects_contact,
    corrects_hours,
    wants_no_contact,
)
from assistant.understanding.deadlines import keep
from assistant.understanding.intents import guess_intent
from knowledge_base.facts import Fact

#: Stages in which what is written is a story, not an hour nor a code.
_TELLING: Final = frozenset(Stage) - {
    Stage.HANDOFF_HOURS, Stage.CASE_CODE, Stage.ERASE_CONFIRM,
}  # fmt: skip
#: « annulez ma demande », once it has left: « laissez tomber » may speak of anything.
_THE_REQUEST: Final = re.compile(r"\bdemande|\benvo[iy]|\bannul|\btransm", re.IGNORECASE)
#: Times that a name or a postal code of several communes is asked again.
_TRIES: Final = 2
#: Words beside a contact that may be a name.
_NAMES: Final = 3
_QUIET: Final = frozenset({Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER})


def note_the_day(talk: Talk, *, telling: bool = False) -> None:
    """Keep the day by which it will be too late: « jeudi » must be read on the day it is said.

    ``telling``: in a step where days are hours to be called, a story was told all the same.
    """
    session, text = talk.session, talk.turn.text
    if (telling or session.stage in _TELLING) and talk.knowledge.contact_in(text) is None:
        hidden = talk.knowledge.hide_contact(text)
        session.deadline = keep(session.deadline, hidden, french_date(talk.turn.now))


def changes_mind(talk: Talk) -> bool:
    """Hear what is said of a hand-off that is over: a no taken back, a wrong number, other
    hours, a no too late. Return whether that answers the whole message."""
    session, text = talk.session, talk.turn.text
    just, session.just_declined = session.just_declined, False
    if session.stage not in (Stage.OPEN, Stage.INTERVIEW):
        return False
    waits = session.pending is not None
    again = just or (session.declined is not None and not waits)
    if asks_to_send(text) or (again and comes_round(text)):
        _resume(talk, again=just or session.declined is not None)
    elif session.case_code is not None and corrects_contact(text):
        _send_again(talk, Response.HANDOFF_SENT_WRONG)
    elif session.case_code is not None and not waits and corrects_hours(text):
        _send_again(talk, Response.HANDOFF_SENT_HOURS)
    elif session.case_code and (
        wants_no_contact(text) or (refuses_firmly(text) and _THE_REQUEST.search(text))
    ):
        talk.say(Response.HANDOFF_SENT_NO, choices=[FOLLOW, OTHER_NEED], code=session.case_code)
    else:
        return False
    return True


def _resume(talk: Talk, *, again: bool) -> None:
    """Go on from the consent if the sheet is still the one that was read, else show it."""
    session = talk.session
    read, session.declined = session.declined, None
    if not again:
        begin(talk)
    elif read is not None and read == sheet_of(talk):
        session.sheet = read
        session.paused.clear()
        steps.ask(talk, Stage.HANDOFF_CONTACT)
    else:
        begin_new(talk)


def _send_again(talk: Talk, why: Response) -> None:
    """« Je me suis trompé de numéro », « pas le soir », once it has left: the team reads why
    it comes twice."""
    knowledge, session = talk.knowledge, talk.session
    talk.said = knowledge.hide_contact(talk.turn.text)
    session.needs.append(talk.said)
    session.contact = knowledge.contact_in(talk.turn.text)
    talk.say(why)
    begin_new(talk)


def begin(talk: Talk) -> None:
    """Start a hand-off, or say first where the one already sent stands."""
    if talk.session.case_code is None:
        begin_new(talk)
    else:
        looked_up = LookUpCase(code=talk.session.case_code, asked_for=AskedFor.HANDOFF)
        talk.effects.append(looked_up)


def with_case(talk: Talk, found: LookedUp) -> None:
    """Go on once the case already sent is known: a closed one leaves room for another."""
    if not isinstance(found, PublicStatus) or found.status in FINAL:
        begin_new(talk)
        return
    steps.done(talk)
    who, phone = places.whom_to_call(talk)
    talk.say(
        Response.HANDOFF_ALREADY,
        choices=[FOLLOW, NEW_REQUEST, OTHER_NEED],
        code=talk.session.case_code or "",
        status=found.label,
        who=who,
        phone=phone,
    )


def begin_new(talk: Talk) -> None:
    """Show what will be sent and for whom, and ask for consent; first the commune."""
    talk.session.paused.clear()
    talk.session.misunderstood = 0
    if talk.commune is None and Fact.COMMUNE not in talk.session.skipped:
        steps.ask(talk, Stage.HANDOFF_COMMUNE)
        return
    talk.session.declined = None
    talk.session.left_out = 0
    talk.session.sheet = sheet_of(talk)
    elsewhere.before_sending(talk)
    _say_when_it_is_read(talk)
    steps.ask(talk, Stage.HANDOFF_CONSENT)


def _say_when_it_is_read(talk: Talk) -> None:
    """Nobody must agree on a Friday night thinking that somebody reads on Saturday."""
    reads = reading_day(talk.turn.now)
    if reads is not None:
        talk.say(Response.HANDOFF_CLOSED_NOW, day=french_day(reads))


def commune(talk: Talk) -> None:
    """Read the commune, or that there is none: the Département is then competent."""
    if withdraws(talk):
        return
    quiet = talk.turn.value in (steps.COMMUNE_UNKNOWN, steps.COMMUNE_REFUSED)
    unclear = places.is_unclear(talk)
    found = None if quiet or unclear else places.find_commune(talk)
    if found is not None:
        places.remember_commune(talk, found)
        begin_new(talk)
    elif quiet or guess_intent(talk.turn.text) in _QUIET or has_no_commune(talk.turn.text):
        _without_commune(talk)
    elif refuses_now(talk):
        decline(talk)
    elif unclear and talk.session.misunderstood < _TRIES:
        talk.session.misunderstood += 1
        steps.ask_as(talk, Stage.HANDOFF_COMMUNE, Response.COMMUNE_UNCLEAR)
    elif talk.turn.intent in _QUIET or talk.session.misunderstood:
        _without_commune(talk)
    else:
        talk.session.misunderstood += 1
        who, phone = places.whom_to_call(talk)
        steps.ask_as(
            talk, Stage.HANDOFF_COMMUNE, Response.HANDOFF_COMMUNE_NOT_FOUND, who=who, phone=phone
        )


def _without_commune(talk: Talk) -> None:
    talk.session.skipped.append(Fact.COMMUNE)
    begin_new(talk)


def consent(talk: Talk) -> None:
    """Read a clear yes or a no to what was shown; anything else is asked again."""
    if _gives_contact(talk) or withdraws(talk):
        return
    if talk.session.sheet is None:
        begin_new(talk)
    elif talk.turn.value == steps.CONSENT_YES or agrees(talk.turn.text):
        known = talk.session.contact is not None
        steps.ask(talk, Stage.HANDOFF_HOURS if known else Stage.HANDOFF_CONTACT)
    elif refuses_now(talk):
        decline(talk)
    elif tells_more(talk):
        begin_new(talk)
    else:
        if "?" in talk.turn.text:
            talk.say(Response.WHY_CONSENT)
        steps.ask_as(talk, Stage.HANDOFF_CONSENT, Response.HANDOFF_CONSENT_AGAIN)


def _gives_contact(talk: Talk) -> bool:
    """« Non, finalement au 07 … »: how to be reached, given before the yes, refuses nothing."""
    given = talk.knowledge.contact_in(talk.turn.text)
    if given is None or talk.session.sheet is None or asks_to_send(talk.turn.text):
        return False
    around = re.sub(r"\([^)]*\)", " ", talk.knowledge.hide_contact(talk.turn.text))
    refused = re.search(r"\b(?:pas|plus|jamais|rien|ni)\b", as_read(around))
    if refused or len(untold_words(around)) > _NAMES:
        return False  # a number not to call, or a story beside it
    talk.session.contact = given
    if agrees(around):
        steps.ask(talk, Stage.HANDOFF_HOURS)
    else:
        steps.ask_as(talk, Stage.HANDOFF_CONSENT, Response.HANDOFF_CONTACT_KEPT)
    return True


def tells_more(talk: Talk) -> bool:
    """Keep what is told instead of an answer; it is shown before it can leave."""
    if "?" in talk.turn.text or not talk.turn.text.strip():
        return False
    fresh = needs.learn(talk, talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date()))
    if needs.tell_need(talk, talk.turn.text, needs.BELIEVED):
        return True
    shown = talk.session.sheet
    told = bool(fresh) or (shown is not None and talk.session.deadline != shown.deadline)
    if told:
        talk.session.needs.append(talk.turn.text)
    return told


def withdraws(talk: Talk) -> bool:
    """Stop everything when the person takes their agreement back, whatever is asked."""
    if talk.turn.value == steps.CONSENT_NO or refuses_firmly(talk.turn.text):
        decline(talk)
        return True
    return False


def refuses_now(talk: Talk) -> bool:
    """Tell whether the answer to the question of the step is no."""
    return talk.turn.intent is Intent.DENY or refuses(talk.turn.text)


def keeps_quiet(talk: Talk, *, in_words: bool = False) -> bool:
    """Tell whether the person does not know, or does not want to say.

    ``in_words``: the words must say it, whatever the engine heard (« bof » sends nothing).
    """
    heard = set() if in_words else {talk.turn.intent}
    return bool((heard | {guess_intent(talk.turn.text)}) & _QUIET)


def decline(talk: Talk) -> None:
    """Nothing is sent, and it is said; the person may still call, go somewhere or come round."""
    steps.done(talk)
    put_aside(talk)
    who, phone = places.whom_to_call(talk)
    choices = [] if talk.waits else [OTHER_NEED, RESTART]
    talk.say(Response.HANDOFF_DECLINED, choices=choices, who=who, phone=phone)
    alert.remind(talk)
    places.show_human(talk)


def put_aside(talk: Talk) -> None:
    """Keep what would have been sent, without the contact: a yes may still follow."""
    session = talk.session
    session.declined, session.just_declined = session.sheet, True
    session.contact = session.sheet = None
    session.left_out = 0
    session.lacking.clear()
