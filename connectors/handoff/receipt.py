"""The receipt of a hand-off, as the conversation shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistant.answer import line_cards
from assistant.business_days import french_date, french_day, french_moment, reading_day
from assistant.conversation import RequestSheet, Session
from assistant.knowledge import Knowledge
from assistant.messages import Message, MessageKind
from assistant.names import Response
from assistant.talk import FOLLOW, OTHER_NEED
from connectors.handoff.cases import OpenedCase
from knowledge_base.places import phone_in_french
from knowledge_base.vocabulary import Theme

#: Who answers at any hour, whatever the need: health, a roof, a child.
_ANY_HOUR = ("samu_15", "samu_social_115", "enfance_danger_119")


def receipt_of(
    opened: OpenedCase, sheet: RequestSheet, session: Session, knowledge: Knowledge, now: datetime
) -> Message:
    """Return the message that gives the code, who really reads the request, and when."""
    said = Response.HANDOFF_RECEIPT if opened.emailed else Response.HANDOFF_RECEIPT_INBOX
    wording = knowledge.wording
    text = wording.say(
        said, code=opened.code, place=sheet.place_name, due=french_moment(opened.due_at)
    )
    waiting = list(_meanwhile(opened, sheet, knowledge, now))
    rule = knowledge.dangers.rules.get(sheet.urgency_rule or "")
    lines = line_cards(rule.lines if rule else _ANY_HOUR, knowledge.catalogue.lines)
    return Message(
        kind=MessageKind.RECEIPT,
        text="\n".join([text, *waiting]),
        # A question that waited comes next, with its own choices.
        choices=[FOLLOW, OTHER_NEED] if session.pending is None else None,
        lines=lines if waiting else None,
        discreet=session.discreet,
    )


def _meanwhile(
    opened: OpenedCase, sheet: RequestSheet, knowledge: Knowledge, now: datetime
) -> Iterator[str]:
    """Say when nobody reads yet or when it may be too late, and whom to call until then."""
    wording, reads = knowledge.wording, reading_day(now)
    late = _may_be_late(opened, sheet)
    if reads is not None:
        yield wording.say(Response.HANDOFF_CLOSED_NOW, day=french_day(reads))
    if late and sheet.deadline is not None:
        who, phone = _who_answers(sheet, knowledge)
        day = french_day(sheet.deadline.day)
        yield wording.say(Response.HANDOFF_TOO_LATE, said=day, who=who, phone=phone)
    if reads is not None or late or sheet.urgent:
        health, shelter, child = (knowledge.catalogue.lines[one].number for one in _ANY_HOUR)
        yield wording.say(Response.HANDOFF_MEANWHILE, health=health, shelter=shelter, child=child)


def _may_be_late(opened: OpenedCase, sheet: RequestSheet) -> bool:
    said = sheet.deadline
    return said is not None and not said.since and french_date(opened.due_at) >= said.day


def _who_answers(sheet: RequestSheet, knowledge: Knowledge) -> tuple[str, str]:
    directory = knowledge.directory
    place = directory.get(sheet.place_id)
    answering = directory.contact(place) if place is not None else None
    if answering is None or answering.phone is None:
        answering = directory.competent(Theme(sheet.theme), "")
    return answering.name, phone_in_french(answering.phone or "")
