"""The receipt of a hand-off, as the conversation shows it."""

from __future__ import annotations

from assistant.business_days import french_moment
from assistant.conversation import RequestSheet, Session
from assistant.messages import Message, MessageKind
from assistant.names import Response
from assistant.talk import FOLLOW, OTHER_NEED
from assistant.wording import Wording
from connectors.handoff.cases import OpenedCase


def receipt_of(
    opened: OpenedCase, sheet: RequestSheet, session: Session, wording: Wording
) -> Message:
    """Return the message that gives the code, and says who really reads the request."""
    said = Response.HANDOFF_RECEIPT if opened.emailed else Response.HANDOFF_RECEIPT_INBOX
    text = wording.say(
        said, code=opened.code, place=sheet.place_name, due=french_moment(opened.due_at)
    )
    return Message(
        kind=MessageKind.RECEIPT,
        text=text,
        # A question that waited comes next, with its own choices.
        choices=[FOLLOW, OTHER_NEED] if session.pending is None else None,
        discreet=session.discreet,
    )
