"""Danger first: the text, the numbers, the human, the cards that help; then it goes on."""

from __future__ import annotations

from assistant.answer import line_cards
from assistant.conversation import Known, Provenance
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.replies import needs, places
from assistant.talk import HUMAN, PLACES, Talk
from assistant.urgency import Danger


def warn(talk: Talk, dangers: list[Danger]) -> None:
    """Show the urgent card of each danger, the most pressing first."""
    for danger in dangers:
        talk.session.discreet = talk.session.discreet or danger.rule.discreet
        lines = line_cards(danger.rule.lines, talk.knowledge.catalogue.lines)
        for fact, value in danger.rule.facts.items():
            deduced = Known(value=value, provenance=Provenance.DEDUCED)
            talk.session.facts.setdefault(fact, deduced)
        talk.add(danger.rule.text, kind=MessageKind.URGENT, lines=lines)
    talk.session.danger = dangers[0].id


def after(talk: Talk) -> None:
    """Go on after the alert: the help that exists, near if possible, and a human first."""
    where = [] if talk.commune is not None else [PLACES]
    talk.say(Response.URGENT_AFTER, choices=[HUMAN, *where])
    if has_cards(talk):
        needs.show_aids(talk, needs.FIRST_CARDS)
    elif talk.commune is not None:
        places.show(talk, None)


def has_cards(talk: Talk) -> bool:
    """Tell whether the danger or what was said before calls for aids."""
    rule = talk.knowledge.dangers.rules.get(talk.session.danger or "")
    return bool(talk.session.candidates) or bool(rule and rule.entries)


def unclear(talk: Talk) -> None:
    """« C’est urgent » without saying what: the general numbers, and a human."""
    lines = line_cards(
        ("urgence_112", "samu_15", "police_17", "samu_social_115", "urgence_114"),
        talk.knowledge.catalogue.lines,
    )
    text = talk.knowledge.wording.say(Response.URGENT_UNCLEAR)
    talk.add(text, kind=MessageKind.URGENT, lines=lines, choices=[HUMAN])
