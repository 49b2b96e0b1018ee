"""Danger first: the text, the numbers, the human, the cards that help; then it goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from assistant.answer import line_cards
from assistant.conversation import Known, Provenance
from assistant.messages import LineCard, MessageKind
from assistant.names import Response
from assistant.replies import needs, places
from assistant.talk import HUMAN, NOT_IN_DANGER, PLACES, Talk
from assistant.understanding.kin import PARTNER
from assistant.urgency import Danger
from knowledge_base.facts import Fact
from knowledge_base.tokens import all_words, fold

#: The rules of danger that the same words may tell: see ``_in_order``.
_ABUSE: Final = "elder_abuse"
_OLD = 60
#: « Je ne suis pas en danger », « façon de parler », and how many words may be around.
_NOBODY = re.compile(r"\b(?:pas|personne n est|aucun) (?:\w+ ){0,2}danger\b")
_NOT_MEANT = re.compile(
    r"\b(?:(?:facon|maniere) de parler|c (?:est|etait) une expression|"
    r"je (?:rigol\w+|plaisant\w+|blagu\w+)|c (?:est|etait) (?:pour rire|une blague))\b"
    r"(?! (?:pas|plus|jamais))"
)
_FEW = 9
#: Whom to call when it is not known what is wrong.
_GENERAL: Final = (
    "urgence_112", "samu_15", "police_17", "samu_social_115", "urgence_114",
)  # fmt: skip
_PARTNER_NAMED = re.compile(
    rf"\b(?:(?:mon|ma|son|sa|leur|notre) (?:\w+ )?{PARTNER}|ex|conjugal\w*)\b"
)


def warn(talk: Talk, dangers: Sequence[Danger]) -> None:
    """Show the urgent card of each danger, the most pressing first, each time it is told.

    What only the encoder hears is never written down as a fact of the person.
    """
    session = talk.session
    told = {danger.id: danger for danger in dangers}
    order = _in_order(talk, {*session.dangers, *told})
    for danger in (told[name] for name in order if name in told):
        session.discreet = session.discreet or danger.rule.discreet
        for fact, value in danger.rule.facts.items() if danger.said else ():
            deduced = Known(value=value, provenance=Provenance.DEDUCED)
            session.facts.setdefault(fact, deduced)
        lines = line_cards(danger.rule.lines, talk.knowledge.catalogue.lines)
        talk.add(danger.rule.text, kind=MessageKind.URGENT, lines=lines)
    fresh = {danger.id for danger in dangers if not danger.said} - set(session.dangers)
    said = {danger.id for danger in dangers if danger.said}
    session.only_heard = [name for name in order if name in {*session.only_heard, *fresh} - said]
    session.dangers = order


def warn_of_facts(talk: Talk) -> None:
    """« Violences : en ce moment », « sans logement »: an answer that tells a danger."""
    told = talk.knowledge.dangers.of_facts(talk.session.situation())
    fresh = [danger for danger in told if danger.id not in talk.session.dangers]
    if fresh:
        warn(talk, fresh)
        talk.say(Response.URGENT_AFTER, choices=[HUMAN])


def _in_order(talk: Talk, names: Collection[str]) -> list[str]:
    """Return the dangers, the most pressing first.

    « Son fils la frappe » tells the violence of a partner and the abuse of an old person: of
    somebody old, who named no partner, the second comes first.
    """
    order = [name for name in talk.knowledge.dangers.rules if name in names]
    if not {_ABUSE, needs.COUPLE} <= set(names):
        return order
    before = talk.session.dangers
    if {_ABUSE, needs.COUPLE} <= set(before):
        abuse_first = before.index(_ABUSE) < before.index(needs.COUPLE)
    else:
        abuse_first = _is_old(talk) and not _PARTNER_NAMED.search(fold(talk.turn.text))
    if abuse_first:
        order.remove(_ABUSE)
        order.insert(order.index(needs.COUPLE), _ABUSE)
    return order


def _is_old(talk: Talk) -> bool:
    """Tell whether an old age was said, in this turn too: an alert comes before the facts."""
    turn, knowledge = talk.turn, talk.knowledge
    read = knowledge.facts.read(turn.text, turn.now.date())
    age = read.get(Fact.AGE) or talk.session.facts.get(Fact.AGE)
    return age is not None and age.low is not None and age.low >= _OLD


def hint(talk: Talk, dangers: Sequence[Danger]) -> None:
    """Say, once for each kind, which line listens: the danger is possible, not certain.

    « Il garde ma carte » may be written beside the one who watches: discreet at once.
    """
    session = talk.session
    for danger in dangers:
        session.discreet = session.discreet or danger.rule.discreet
        if danger.id in session.hinted or danger.id in session.dangers:
            continue
        session.hinted.append(danger.id)
        lines = line_cards(danger.rule.hint_lines, talk.knowledge.catalogue.lines)
        talk.add(danger.rule.hint, lines=lines or None)


def remind(talk: Talk) -> None:
    """Say again whom to call in danger: who wants nothing sent may still need it tonight."""
    if lines := _lines(talk, talk.session.dangers):
        talk.add(talk.knowledge.wording.say(Response.URGENT_REMINDER), lines=lines)


def _lines(talk: Talk, dangers: Sequence[str]) -> list[LineCard]:
    told = [talk.knowledge.dangers.rules[name] for name in dangers]
    numbers = dict.fromkeys(line for rule in told for line in rule.lines)
    return line_cards(list(numbers), talk.knowledge.catalogue.lines)


def after(talk: Talk) -> None:
    """Go on after the alert: a human first, the help that exists, near if possible."""
    where = [] if talk.around is not None else [PLACES]
    doubt = [NOT_IN_DANGER] if _is_only_heard(talk) else []
    talk.say(Response.URGENT_AFTER, choices=[HUMAN, *doubt, *where])
    if has_cards(talk):
        needs.show_aids(talk, sure=True)
    elif talk.around is not None:
        places.show(talk, None)


def not_so(talk: Talk) -> None:
    """« Personne n’est en danger »: what may be denied is dropped, the need goes on.

    The page stays discreet: whoever watches the screen may be the one who says it.
    """
    session, rules = talk.session, talk.knowledge.dangers.rules
    dropped = _deniable(talk)
    lines = _lines(talk, dropped) or line_cards(_GENERAL, talk.knowledge.catalogue.lines)
    for fact, value in (pair for name in dropped for pair in rules[name].facts.items()):
        known = session.facts.get(fact)
        if known == Known(value=value, provenance=Provenance.DEDUCED):
            del session.facts[fact]
    session.dangers = [name for name in session.dangers if name not in dropped]
    session.only_heard = []
    talk.add(talk.knowledge.wording.say(Response.NOT_IN_DANGER), lines=lines)
    if session.candidates:
        needs.go_on(talk)
    else:
        needs.ask_the_need(talk)


def is_denied(talk: Talk) -> bool:
    """Tell whether what was typed only says that nobody is in danger, or that it was not meant.

    What a rule reads in it is never denied: « je rigole pas », « pas en danger mais il me tape ».
    """
    said, session = all_words(talk.turn.text), talk.session
    if len(said) > _FEW or not set(session.dangers) <= set(_deniable(talk)):
        return False
    plain = " ".join(said)
    denies = _NOBODY.search(plain) or (session.dangers and _NOT_MEANT.search(plain))
    told = talk.knowledge.dangers.notice(talk.turn.text, rules_only=True)
    return bool(denies) and not told.certain and "?" not in talk.turn.text


def _deniable(talk: Talk) -> list[str]:
    """Return the dangers that may be denied: « je suis morte de faim » was a way of speaking.

    Violence that was said stays: who denies it may be the one who does it.
    """
    rules, heard = talk.knowledge.dangers.rules, talk.session.only_heard
    return [name for name in talk.session.dangers if name in heard or not rules[name].discreet]


def _is_only_heard(talk: Talk) -> bool:
    session = talk.session
    return bool(session.dangers) and set(session.dangers) <= set(session.only_heard)


def has_cards(talk: Talk) -> bool:
    """Tell whether the danger or what was said before calls for aids."""
    return bool(talk.session.candidates) or bool(needs.urgent_entries(talk))


def unclear(talk: Talk) -> None:
    """« C’est urgent » without saying what: the general numbers, and a human."""
    lines = line_cards(_GENERAL, talk.knowledge.catalogue.lines)
    text = talk.knowledge.wording.say(Response.URGENT_UNCLEAR)
    talk.add(text, kind=MessageKind.URGENT, lines=lines, choices=[HUMAN])
