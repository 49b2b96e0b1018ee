"""What the professional receives: the sheet that was shown, and the contact."""

from __future__ import annotations

from assistant.conversation import ContactGiven, RequestSheet
from assistant.handoff import Contact, HandoffRequest
from knowledge_base.facts import Fact


def request_for(
    conversation_id: str | None, sheet: RequestSheet, contact: ContactGiven
) -> HandoffRequest:
    """Return the request to hand over: the sheet shown before consent and nothing more."""
    commune = sheet.facts.get(Fact.COMMUNE.value)
    return HandoffRequest(
        conversation_id=conversation_id,
        theme=sheet.theme,
        needs=sheet.needs,
        urgent=sheet.urgent,
        urgency_rule=sheet.urgency_rule,
        commune=commune.value if commune is not None else None,
        place_id=sheet.place_id,
        place_name=sheet.place_name,
        words=sheet.words,
        contact=Contact(
            phone=contact.phone,
            email=contact.email,
            safe_hours=contact.safe_hours,
            whose=contact.whose,
        ),
        facts=sheet.facts,
        proposed=sheet.proposed,
        deadline=sheet.deadline,
    )
