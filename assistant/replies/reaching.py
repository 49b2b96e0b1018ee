"""How and when the person may be reached; then the case is opened.

The transcript never keeps a contact nor safe hours: ``Talk.said`` replaces the words.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from assistant.business_days import french_date
from assistant.conversation import ContactGiven, OpenCase, Reply, Session, Stage, Turn, Way
from assistant.handoff import MAX_SAFE_HOURS, Declined, NothingToSend
from assistant.knowledge import ContactRefused, Knowledge
from assistant.names import Response
from assistant.replies import human, places, steps
from assistant.request_sheet import says_nothing, sheet_of
from assistant.talk import Talk
from assistant.understanding.consent import (
    HoursSaid,
    adds,
    agrees,
    has_no_commune,
    read_hours,
    refuses_firmly,
    says_when,
    untold_words,
)
from assistant.understanding.contacting import (
    corrects_contact,
    goes_there,
    ways_missing,
    whose_contact,
)
from assistant.understanding.deadlines import keep
from knowledge_base.facts import Fact
from knowledge_base.tokens import fold

_UNKNOWN_HOURS: Final = "Pas précisé par la personne"
_MASKED: Final = {
    (True, False): Response.MASKED_PHONE,
    (False, True): Response.MASKED_EMAIL,
    (True, True): Response.MASKED_BOTH,
}
#: What a day may bring that is no hour to be called.
_THREAT: Final = re.compile(
    r"\b(?:expuls\w*|audience|tribunal|jugement|huissier|saisie|coup(?:e|ent|er)|convo\w+|dehors)\b"
)
#: What stands for a contact that is hidden: « (masqué) ».
_HIDDEN: Final = re.compile(r"\(\w+\)")
#: What may be a contact, even badly written.
_LIKE_A_CONTACT: Final = re.compile(r"[\d@]")


def contact(talk: Talk) -> None:
    """Read the phone number or the e-mail address."""
    if human.withdraws(talk):
        return
    if _adds(talk):
        human.begin_new(talk)
        return
    if talk.turn.value == steps.GO_THERE:
        _go_there(talk)
        return
    try:
        given = talk.knowledge.contact(talk.turn.text)
    except ContactRefused as refused:
        _no_contact(talk, str(refused))
        return
    _keep(talk, given)
    _note_hours(talk, _told_beside(talk))
    steps.ask(talk, Stage.HANDOFF_HOURS)


def _told_beside(talk: Talk) -> str | None:
    """Return when and how, told with the contact: « 06 …, après 17 h, par SMS seulement »."""
    hidden = _HIDDEN.sub(" ", talk.knowledge.hide_contact(talk.turn.text))
    beside = " ".join(hidden.split()).strip(" ,;.")
    told = read_hours(beside) is HoursSaid.TOLD and not untold_words(beside)
    return beside if told and len(beside) <= MAX_SAFE_HOURS else None


def _keep(talk: Talk, given: ContactGiven) -> None:
    whose = whose_contact(talk.knowledge.hide_contact(talk.turn.text))
    talk.session.contact = given.model_copy(update={"whose": whose})
    talk.session.lacking.clear()
    if whose is not None:
        talk.say(Response.HANDOFF_OTHERS_CONTACT, whose=_to_them(whose))
    words = _MASKED[given.phone is not None, given.email is not None]
    talk.said = talk.knowledge.wording.say(words)


def _to_them(whose: str) -> str:
    """Return « votre voisine » for « ma voisine »."""
    owner, _, person = whose.partition(" ")
    return f"votre {person}" if owner in ("mon", "ma", "notre") else whose


def _go_there(talk: Talk) -> None:
    """No contact is needed where somebody receives; the request stays ready."""
    steps.done(talk)
    human.put_aside(talk)
    talk.say(Response.HANDOFF_GO_THERE)
    places.show_where_to_go(talk)
    talk.what_next()


def _other_ways(talk: Talk, missing: frozenset[Way]) -> None:
    """« J’ai pas de téléphone » is no refusal: another way to be reached, or a place."""
    lacking = {*talk.session.lacking, *missing}
    talk.session.lacking = sorted(lacking)
    if lacking == set(Way):
        places.show_where_to_go(talk)
        words = Response.HANDOFF_NO_CONTACT
    elif Way.PHONE in lacking:
        words = Response.HANDOFF_NO_PHONE
    else:
        words = Response.HANDOFF_NO_EMAIL
    steps.ask_as(talk, Stage.HANDOFF_CONTACT, words)


def _no_contact(talk: Talk, reason: str) -> None:
    missing = ways_missing(talk.turn.text)
    if missing:
        _other_ways(talk, missing)
    elif goes_there(talk.turn.text):
        _go_there(talk)
    elif human.refuses_now(talk):
        human.decline(talk)
    elif _LIKE_A_CONTACT.search(talk.turn.text) is None and human.tells_more(talk):
        _ask_after_more(talk, Stage.HANDOFF_CONTACT)
    else:
        if _LIKE_A_CONTACT.search(talk.turn.text):
            talk.said = talk.knowledge.wording.say(Response.MASKED_TEXT)
        who, phone = places.whom_to_call(talk)
        steps.ask_as(
            talk,
            Stage.HANDOFF_CONTACT,
            Response.HANDOFF_CONTACT_INVALID,
            reason=reason,
            who=who,
            phone=phone,
        )


def hours(talk: Talk) -> None:
    """Read when it is safe to call back, then open the case."""
    if human.withdraws(talk):
        return
    if _adds(talk):
        human.begin_new(talk)
    elif talk.turn.value == steps.ANY_HOURS:
        _open_case(talk, steps.ANY.label)
    elif talk.turn.value == steps.UNKNOWN_HOURS:
        _open_case(talk, _UNKNOWN_HOURS)
    elif _confirms(talk):
        _open_case(talk, None)
    else:
        _typed_hours(talk)


def _adds(talk: Talk) -> bool:
    """Tell whether what was left out must be added: by the button, or « oui », « ajoutez-le »."""
    if talk.turn.value is not None or not talk.session.left_out:
        return talk.turn.value == steps.ADD_WORDS
    return agrees(talk.turn.text) or adds(talk.turn.text)


def _confirms(talk: Talk) -> bool:
    """Tell whether the person says yes to the hours that they have just written."""
    given = talk.session.contact
    yes = talk.turn.value == steps.CONSENT_YES or agrees(talk.turn.text)
    return yes and given is not None and given.safe_hours is not None


def _typed_hours(talk: Talk) -> None:
    given = talk.knowledge.contact_in(talk.turn.text)
    if given is not None:
        # « non, plutôt le 06 … »: another contact, and its figures are not hours.
        _keep(talk, given)
        steps.ask(talk, Stage.HANDOFF_HOURS)
        return
    if corrects_contact(talk.turn.text):
        talk.session.contact = None
        steps.ask_as(talk, Stage.HANDOFF_CONTACT, Response.HANDOFF_CONTACT_WRONG)
        return
    missing = ways_missing(talk.turn.text)
    if missing & _ways_given(talk) and not says_when(talk.turn.text):
        # « en fait j’ai pas de téléphone »: what was given leads to nobody.
        talk.session.contact = None
        _other_ways(talk, missing)
        return
    if _THREAT.search(fold(talk.turn.text)) and keep(
        None, talk.knowledge.hide_contact(talk.turn.text), french_date(talk.turn.now)
    ):
        # « je suis expulsé lundi » is no hour: it must be in the request, and hurry it.
        human.note_the_day(talk, telling=True)
        talk.session.needs.append(talk.turn.text)
        _ask_after_more(talk, Stage.HANDOFF_HOURS)
        return
    said = read_hours(talk.turn.text)
    told = " ".join(talk.turn.text.split())
    if said is HoursSaid.TOLD and len(told) <= MAX_SAFE_HOURS:
        talk.said = talk.knowledge.wording.say(Response.MASKED_HOURS)
        if untold_words(told):
            _confirm(talk, told)
        else:
            _open_case(talk, told)
    elif said is HoursSaid.TOLD:
        talk.said = talk.knowledge.wording.say(Response.MASKED_TEXT)
        steps.ask_as(talk, Stage.HANDOFF_HOURS, Response.HANDOFF_HOURS_LONG)
    elif said is HoursSaid.REFUSED or human.refuses_now(talk):
        human.decline(talk)
    elif human.keeps_quiet(talk, in_words=True):
        _open_case(talk, _UNKNOWN_HOURS)
    else:
        talk.said = talk.knowledge.wording.say(Response.MASKED_TEXT)
        _note_hours(talk, None)
        steps.ask_as(talk, Stage.HANDOFF_HOURS, Response.HANDOFF_HOURS_AGAIN)


def _ways_given(talk: Talk) -> frozenset[Way]:
    given = talk.session.contact
    if given is None:
        return frozenset()
    held = {Way.PHONE: given.phone, Way.EMAIL: given.email}
    return frozenset(way for way, value in held.items() if value is not None)


def _confirm(talk: Talk, told: str) -> None:
    """« ma mère tombe le soir » may be a story: nothing leaves before a yes."""
    _note_hours(talk, told)
    steps.ask(talk, Stage.HANDOFF_HOURS if talk.session.contact else Stage.HANDOFF_CONTACT)


def _note_hours(talk: Talk, told: str | None) -> None:
    given = talk.session.contact
    if given is not None:
        talk.session.contact = given.model_copy(update={"safe_hours": told})


def _open_case(talk: Talk, safe_hours: str | None) -> None:
    """Open the case; ``safe_hours`` None takes those that were confirmed."""
    session = talk.session
    if session.sheet is None:
        human.begin_new(talk)
    elif session.contact is None:
        steps.ask(talk, Stage.HANDOFF_CONTACT)
    else:
        hours = session.contact.safe_hours if safe_hours is None else safe_hours
        given = session.contact.model_copy(update={"safe_hours": hours})
        if session.left_out == 1:
            # What was told on the way, a danger perhaps, must not be lost without a word.
            session.contact = given
            _ask_after_more(talk, Stage.HANDOFF_HOURS)
            return
        talk.effects.append(OpenCase(sheet=session.sheet, contact=given))
        session.sheet = session.contact = None
        session.left_out = 0
        steps.done(talk)


def hand_over(
    session: Session, contact: ContactGiven, now: datetime, knowledge: Knowledge
) -> Reply:
    """Return the hand-off asked by another program, which has asked for the consent itself.

    The sheet that the person agreed to in the chat leaves as it was shown there. Raises
    Declined after a no in the chat, or NothingToSend.
    """
    if session.declined is not None or session.just_declined:
        raise Declined
    talk = Talk(session.model_copy(deep=True), Turn(now=now), knowledge)
    agreed = session.stage in (Stage.HANDOFF_CONTACT, Stage.HANDOFF_HOURS)
    sheet = session.sheet if agreed else None
    if sheet is None:
        sheet = sheet_of(talk)
        # Asked again, a case that left with an empty sheet is still that case.
        if says_nothing(sheet) and session.case_code is None:
            raise NothingToSend
    talk.effects.append(OpenCase(sheet=sheet, contact=contact))
    talk.session.sheet = talk.session.contact = None
    if session.stage in steps.HANDOFF:
        steps.done(talk)
    return talk.reply()


def without_contact(talk: Talk) -> str | None:
    """Return the words with their contact hidden, or None when they hold none."""
    hidden = talk.knowledge.hide_contact(talk.turn.text)
    return hidden if hidden != talk.turn.text else None


def after_alert(talk: Talk) -> None:
    """Go on with the hand-off after a danger told in the middle of it.

    What was told is kept and leaves only if it is shown: before the consent it is in the
    sheet, after it the person may add it.
    """
    session, text = talk.session, talk.turn.text
    hidden = talk.said or text
    session.needs = [hidden if told == text else told for told in session.needs]
    if refuses_firmly(text):
        human.decline(talk)
    elif session.stage in (Stage.HANDOFF_COMMUNE, Stage.HANDOFF_CONSENT):
        if has_no_commune(text):
            session.skipped.append(Fact.COMMUNE)
        human.begin_new(talk)
    else:
        _note_hours(talk, None)
        given = talk.knowledge.contact_in(text)
        if session.stage is Stage.HANDOFF_CONTACT and given is not None:
            session.contact = given
            session.stage = Stage.HANDOFF_HOURS
        _ask_after_more(talk, session.stage)


def _ask_after_more(talk: Talk, stage: Stage) -> None:
    """Ask again, and say that what was just written is not in what will be sent."""
    session = talk.session
    session.left_out += 1
    talk.say(Response.HANDOFF_NOT_ADDED)
    given = session.contact
    if stage is Stage.HANDOFF_HOURS and given is not None and given.safe_hours is not None:
        steps.ask_as(talk, stage, Response.HANDOFF_HOURS_CONFIRM, steps.ADD, steps.WITHOUT)
    else:
        steps.ask_as(talk, stage, steps.STEPS[stage].question, steps.ADD)
