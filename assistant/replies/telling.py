"""A message that tells a need, or more about the one already told, in the person's words."""

from __future__ import annotations

from typing import Final

from assistant.names import Intent, Response
from assistant.replies import alert, clarify, lost, needs, opening, places
from assistant.replies.believed import SURE
from assistant.talk import Talk
from knowledge_base.facts import Fact
from knowledge_base.search import UNSURE

#: Facts that are a need by themselves: « je dois deux loyers » after the cards for a crèche.
_TROUBLES: Final = frozenset(
    {Fact.DEBTS, Fact.HOUSING_TROUBLE, Fact.LOSS_OF_AUTONOMY, Fact.PREGNANT}
)
_NO_TROUBLE: Final = frozenset({"no", "none", frozenset({"none"})})
#: Characters: a longer message tells more than a fact.
SHORT: Final = 40


def describe(talk: Talk) -> None:
    """Answer what is told: the cards of a need, its question, or what could not be read."""
    read = needs.read(talk)
    fresh = needs.learn(talk, read)
    alert.hint(talk, talk.knowledge.dangers.of_facts(talk.session.situation()))
    told, short = bool(fresh or talk.received_now), len(talk.turn.text) <= SHORT
    if short and not told and not read and talk.session.candidates and needs.tells_of_others(talk):
        # « ma mère touche 1 100 € »: no need, and no fact of the person who asks.
        talk.session.misunderstood = 0
        needs.go_on(talk)
        return
    trouble = any(fresh[fact].as_value() not in _NO_TROUBLE for fact in _TROUBLES & set(fresh))
    if told and short and not trouble and (talk.session.candidates or not fresh):
        # « locataire », « j’ai 45 ans », « je touche l’ASF »: more about the same need, or none.
        talk.session.misunderstood = 0
        needs.reformulate(talk, fresh)
        (needs.go_on if talk.session.candidates else needs.ask_the_need)(talk)
        return
    if told and places.is_only_a_commune(talk):
        # « 41000 » as a first message: no need is told yet.
        needs.reformulate(talk, fresh)
        (lost.with_commune if lost.is_lost(talk) else needs.ask_the_need)(talk)
        return
    off_topic = talk.turn.intent is Intent.OUT_OF_SCOPE and talk.turn.confidence >= SURE
    sure = needs.tell_need(talk, talk.turn.text, _least(talk.turn.intent, off_topic, bool(fresh)))
    if off_topic and not sure and not told:
        lost.tell(talk, Response.OUT_OF_SCOPE)
        return
    needs.reformulate(talk, fresh)
    if sure or (told and talk.session.candidates):
        talk.session.misunderstood = 0
        if not (sure and clarify.ask(talk)):
            needs.go_on(talk)
    elif Fact.COMMUNE in fresh and lost.is_lost(talk):
        lost.with_commune(talk)
    elif told and short:
        # « Blois » after « je ne suis pas sûr »: what was told is read, the need is not.
        needs.ask_the_need(talk)
    elif not opening.answered(talk):
        lost.tell(talk)


def keep_silently(talk: Talk) -> None:
    """After an alert: keep the facts and the need, without questions."""
    needs.learn(talk, needs.read(talk))
    if not needs.tell_need(talk, talk.turn.text, UNSURE, needs.SURE_OF_ONE):
        talk.session.needs.append(talk.turn.text)


def _least(intent: Intent, off_topic: bool, tells_facts: bool) -> float:
    """Return the probability from which a message is taken as a need."""
    if off_topic:
        return needs.BELIEVED
    if tells_facts:
        return needs.TOLD_WITH_FACTS
    return needs.BELIEVED if intent is Intent.FALLBACK else UNSURE
