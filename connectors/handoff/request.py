"""What the professional receives, made from the state of the conversation."""

from __future__ import annotations

from assistant.conversation import OpenCase, Session
from assistant.handoff import Contact, HandoffRequest, ReportedFact
from assistant.understanding.labels import value_label
from knowledge_base.facts import Fact
from knowledge_base.geography import Communes


def request_for(
    conversation_id: str, state: Session, case: OpenCase, communes: Communes
) -> HandoffRequest:
    """Return the request to hand over, with what was shown before consent and nothing more."""
    commune = state.facts.get(Fact.COMMUNE)
    return HandoffRequest(
        conversation_id=conversation_id,
        theme=case.theme,
        needs=tuple(case.needs),
        urgent=case.urgent,
        urgency_rule=state.danger,
        commune=commune.value if commune is not None else None,
        place_id=case.place_id,
        place_name=case.place_name,
        words=tuple(state.needs),
        contact=Contact(
            phone=case.contact.phone,
            email=case.contact.email,
            safe_hours=case.contact.safe_hours,
        ),
        facts={
            fact.value: ReportedFact(
                value=known.value or ",".join(known.values or ()) or f"{known.low}",
                label=value_label(fact, known, communes),
                provenance=known.provenance,
            )
            for fact, known in state.facts.items()
        },
        proposed=tuple(state.shown),
    )
