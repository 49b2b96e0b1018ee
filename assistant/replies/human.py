"""« Parler à quelqu’un »: for whom, what will be sent, and the consent.

Nothing leaves before the person said yes to what is shown, and a no, at any step, stops
everything. What leaves is the sheet that was shown: it no longer changes after the consent.
How to reach the person is asked next, in ``reaching``.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.conversation import AskedFor, LookUpCase, Stage
from assistant.handoff import FINAL
from assistant.names import Intent, Response
from assistant.receipt import LookedUp, PublicStatus
from assistant.replies import needs, places, steps
from assistant.request_sheet import sheet_of
from assistant.talk import FOLLOW, NEW_REQUEST, OTHER_NEED, RESTART, Talk
from assistant.understanding.consent import agrees, has_no_commune, refuses, refuses_firmly
from assistant.understanding.intents import guess_intent
from knowledge_base.facts import Fact

_QUIET: Final = frozenset({Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER})
#: « Pas de téléphone », « j’ai pas de mail »: about the contact, however much it looks like a need.
_NO_CONTACT = re.compile(
    r"^\W*(?:\S+ ){0,4}(?:pas|plus|aucun|sans)(?: d['’e]\s?| )(?:\S+ )?"
    r"(?:t[ée]l\w*|portable|mails?|e-?mail|adresse|num[ée]ro)\W*$",
    re.IGNORECASE,
)


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
    talk.session.sheet = sheet_of(talk)
    steps.ask(talk, Stage.HANDOFF_CONSENT)


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
    elif talk.turn.intent in _QUIET or talk.session.misunderstood:
        _without_commune(talk)
    elif unclear:
        talk.session.misunderstood += 1
        steps.ask_as(talk, Stage.HANDOFF_COMMUNE, Response.COMMUNE_UNCLEAR)
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
    if withdraws(talk):
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
        steps.ask_as(talk, Stage.HANDOFF_CONSENT, Response.HANDOFF_CONSENT_AGAIN)


def tells_more(talk: Talk) -> bool:
    """Keep what is told instead of an answer; it is shown before it can leave."""
    if "?" in talk.turn.text or not talk.turn.text.strip() or _NO_CONTACT.search(talk.turn.text):
        return False
    fresh = needs.learn(talk, talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date()))
    if needs.tell_need(talk, talk.turn.text, needs.BELIEVED):
        return True
    if fresh:
        talk.session.needs.append(talk.turn.text)
    return bool(fresh)


def withdraws(talk: Talk) -> bool:
    """Stop everything when the person takes their agreement back, whatever is asked."""
    if talk.turn.value == steps.CONSENT_NO or refuses_firmly(talk.turn.text):
        decline(talk)
        return True
    return False


def refuses_now(talk: Talk) -> bool:
    """Tell whether the answer to the question of the step is no."""
    return talk.turn.intent is Intent.DENY or refuses(talk.turn.text)


def keeps_quiet(talk: Talk) -> bool:
    """Tell whether the person does not know, or does not want to say."""
    return bool({talk.turn.intent, guess_intent(talk.turn.text)} & _QUIET)


def decline(talk: Talk) -> None:
    """Nothing is sent, and it is said; the person may still call or go somewhere."""
    steps.done(talk)
    talk.session.contact = talk.session.sheet = None
    who, phone = places.whom_to_call(talk)
    choices = [] if talk.waits else [OTHER_NEED, RESTART]
    talk.say(Response.HANDOFF_DECLINED, choices=choices, who=who, phone=phone)
    places.show_human(talk)
