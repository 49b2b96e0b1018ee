"""A need told, a question answered: understand, ask what is worth asking, show the aids."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant import doors
from assistant.answer import aid_card, clocks
from assistant.candidates import FIRST_CARDS, Candidate, candidates, worth_showing
from assistant.conversation import Known, Session
from assistant.deductions import deduce
from assistant.interview import choices_worth_showing, next_question
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.replies import beyond, changes, elsewhere, lost, places, received
from assistant.replies.because import why
from assistant.talk import HUMAN, MORE_AIDS, OTHER_NEED, PLACES, Talk
from assistant.topics import load_topics
from assistant.understanding.corrections import number_instead
from assistant.understanding.labels import value_label
from assistant.understanding.people import Role
from assistant.understanding.text import readable
from knowledge_base.conditions import Status
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.models import Entry
from knowledge_base.search import Hit

MORE_CARDS = 6
_NUMBERS = frozenset(f for f, known in FACTS.items() if known.kind in (Kind.NUMBER, Kind.MONEY))
#: A need told in the first person, and of nobody else.
_OF_MYSELF = re.compile(r"^(?!.*\b(?:il|elle|ils|elles)\b).*\b(?:je|j|me|m|moi)\b")
#: Entries kept for each need.
SEARCHED = 15
#: From this probability that some entry answers, a need is believed against the dialogue
#: engine, which took the message for something else (docs/adr/0004).
BELIEVED = 0.97
#: From this one on, a message that also tells a fact of the situation is taken as a need.
TOLD_WITH_FACTS = 0.2
#: The territory of what is given to the people of the Loir-et-Cher only.
_OURS = "departement-41"
#: From this score on, a single entry is taken as the right that a person names.
SURE_OF_ONE = 0.5
COUPLE = "violence_couple"  # a rule of danger


def read(talk: Talk) -> dict[Fact, Known]:
    """Return the facts that the message tells of the person whom the conversation is about."""
    turn = talk.turn
    found = talk.knowledge.facts.read(
        turn.text, turn.now.date(), of_writer=_is_about_who_writes(talk)
    )
    return found or corrected(talk)


def corrected(talk: Talk) -> dict[Fact, Known]:
    """Return what « non 63 » corrects of the numbers already noted."""
    if talk.session.pending in _NUMBERS:
        return {}  # it answers the question that waits
    return number_instead(talk.turn.text, talk.session.facts)


def tells_of_others(talk: Talk) -> bool:
    """Tell whether the message only says something of somebody else: no need, no fact."""
    turn = talk.turn
    return _is_about_who_writes(talk) and talk.knowledge.facts.tells_of_others(
        turn.text, turn.now.date()
    )


def _is_about_who_writes(talk: Talk) -> bool:
    """Tell whether the conversation is, so far, about the person who writes."""
    whom = talk.session.facts.get(Fact.FOR_WHOM)
    if whom is not None:
        return whom.value == Role.ME.value
    return any(_OF_MYSELF.search(readable(need)) for need in talk.session.needs)


def learn(talk: Talk, facts: dict[Fact, Known]) -> dict[Fact, Known]:
    """Remember ``facts``; return those that are new or that change what was known."""
    fresh = {
        fact: known
        for fact, known in facts.items()
        if _is_news(talk.session.facts.get(fact), known) and not _hides_violence(talk, fact, known)
    }
    talk.session.facts.update(fresh)
    talk.session.facts.update(deduce(talk.session.facts))
    received.learn(talk)
    return fresh


def _hides_violence(talk: Talk, fact: Fact, known: Known) -> bool:
    """« Il ne me frappe pas », of who was heard as controlled: other violence is not denied."""
    heard = {*talk.session.dangers, *talk.session.hinted}
    return fact is Fact.VIOLENCE and known.value == "no" and COUPLE in heard


def _is_news(old: Known | None, known: Known) -> bool:
    """Tell whether ``known`` teaches something; a place near never replaces a commune."""
    if old is None or (old.approximate and not known.approximate):
        return True
    if known.values is not None and old.value in known.values:
        return False  # « recognised » is surer than « recognised or not »
    return old.as_value() != known.as_value() and (old.approximate or not known.approximate)


def search(talk: Talk, text: str, limit: int = SEARCHED) -> list[Hit]:
    """Return the entries that ``text`` calls for, in the person's commune."""
    commune = talk.commune
    return talk.knowledge.search.search(
        text, limit, commune.code_insee if commune is not None else None
    )


def tell_need(talk: Talk, text: str, least: float, surest: float = 0.0) -> bool:
    """Take ``text`` as a need. Return False when the confidence is under ``least``.

    Entries whose relevance is under ``surest`` are not kept.
    """
    hits, topic = search(talk, text), load_topics().in_words(text)
    if topic is None and (hits[0].in_scope if hits else 0.0) < least:
        return False
    found = {hit.entry_id: hit.score for hit in hits if hit.score >= surest}
    # « Je cherche du travail »: what everybody says is not left to what looks like it.
    take(talk, text, found if topic is None else {**found, **topic.scores()})
    talk.session.misunderstood = 0
    return True


def take(talk: Talk, said: str, scores: Mapping[str, float]) -> None:
    """Keep a need with the entries found for it, the best first."""
    session = talk.session
    session.found[len(session.needs)] = list(scores)
    session.needs.append(said)
    for entry_id, score in scores.items():
        session.candidates[entry_id] = max(score, session.candidates.get(entry_id, 0.0))


def go_on(talk: Talk) -> None:
    """Ask the next question, or show the aids when none is worth asking."""
    if not ask_next(talk):
        talk.close_question()
        show_aids(talk, only_changes=True)


def ask_next(talk: Talk) -> bool:
    """Ask the question most worth asking; return False when none is."""
    session = talk.session
    question = next_question(
        _candidates(talk),
        session.situation(),
        {*session.asked, *session.skipped, *_near_enough(session)},
        len(session.asked) + session.clarified,
        talk.knowledge.catalogue.figures,
    )
    if question is not None:
        ask(talk, question.fact)
    return question is not None


def ask(talk: Talk, fact: Fact) -> None:
    """Put the question of ``fact``, for the first time or again, with the answers that matter."""
    figures = talk.knowledge.catalogue.figures
    situation = talk.session.situation()
    talk.ask(fact, choices_worth_showing(fact, _candidates(talk), situation, figures))


def _near_enough(session: Session) -> set[Fact]:
    """Return what is known well enough not to be asked.

    « Près de Vendôme » is enough to show places; who said « je touche l’ASF » has answered
    « quelle aide recevez-vous déjà ? », though the ASF is not in its list.
    """
    near = {fact for fact, known in session.facts.items() if known.approximate}
    return near | ({Fact.BENEFITS_RECEIVED} if session.received else set())


def show_aids(
    talk: Talk, limit: int = FIRST_CARDS, *, only_changes: bool = False, sure: bool = False
) -> None:
    """Show the first cards, the nearest places that help with the first one, and what is next.

    ``only_changes``: what was shown before and stays as it was is only named. ``sure``: nothing
    that may be beside the point, because a danger was just told.
    """
    found = _candidates(talk)
    shown = worth_showing(found, limit, urgent_entries(talk), _named(talk))
    if sure:
        called = urgent_entries(talk)
        shown = [one for one in shown if one.entry.id in called or _is_sure(one)]
    if not shown:
        if not sure:
            (nothing_likely if found else lost.tell)(talk)
        return
    where = [] if talk.around is not None else [PLACES]
    update = changes.since(talk.session.cards, shown, found) if only_changes else None
    changes.remember(talk, shown)
    if update is not None and update.is_none:
        _near(talk, shown[0].entry)
        talk.say(Response.SAME_CARDS, choices=[*where, MORE_AIDS, OTHER_NEED, HUMAN])
        return
    if update is None:
        _whole_list(talk, shown, Response.CARDS_INTRO)
    else:
        changes.tell(talk, update)
    _near(talk, shown[0].entry, again=update is None)
    beyond.show(talk, found, shown)
    talk.what_next(*where, MORE_AIDS)


def show_more(talk: Talk) -> None:
    """Show the cards that come after those already seen, or say that there is no other."""
    found = _candidates(talk)
    listed = worth_showing(found, MORE_CARDS, urgent_entries(talk), _named(talk))
    others = [one for one in listed if one.entry.id not in talk.session.cards]
    if not others:
        talk.say(Response.NO_MORE_CARDS, choices=[OTHER_NEED, HUMAN])
        return
    changes.remember(talk, listed)
    _whole_list(talk, others, Response.CARDS_MORE)
    talk.what_next(*([] if talk.around is not None else [PLACES]))


def _whole_list(talk: Talk, shown: list[Candidate], words: Response) -> None:
    cards = [aid_card(one, talk.knowledge.catalogue, why(talk, one.entry)) for one in shown]
    intro = [
        talk.knowledge.wording.say(words),
        *clocks(one.entry for one in shown if _may_be_had(one)),
    ]
    talk.add("\n".join(intro), kind=MessageKind.AIDS, aids=cards)


def _near(talk: Talk, entry: Entry, *, again: bool = False) -> None:
    """Show the places that help with ``entry``, once unless ``again``."""
    if talk.around is None:
        return
    place = f"{talk.around.code_insee} {entry.id}"
    if again or talk.session.placed != place:
        talk.session.placed = place
        places.show(talk, entry)


def _is_sure(candidate: Candidate) -> bool:
    """Tell whether the card fits without a question: what is to check may be beside the point."""
    return candidate.score >= SURE_OF_ONE and candidate.verdict.status is Status.LIKELY


def _may_be_had(candidate: Candidate) -> bool:
    return candidate.verdict.status is not Status.UNLIKELY


def urgent_entries(talk: Talk) -> tuple[str, ...]:
    """Return the entries that answer the dangers told, the most pressing first."""
    rules = talk.knowledge.dangers.rules
    of_dangers = [rules[name].entries for name in talk.session.dangers if name in rules]
    return tuple(dict.fromkeys(entry for entries in of_dangers for entry in entries))


def reformulate(talk: Talk, fresh: dict[Fact, Known]) -> None:
    """Say what was understood of the situation, so that the person can correct it."""
    said = [
        f"{FACTS[fact].label} : {value_label(fact, known, talk.knowledge.communes)}"
        for fact, known in fresh.items()
    ]
    said += filter(None, [received.with_label(talk)])
    if said:
        talk.say(Response.UNDERSTOOD, facts=" ; ".join(said))


def nothing_likely(talk: Talk) -> None:
    """Say that nothing found fits the situation: a person may know better."""
    talk.say(Response.NOTHING_LIKELY, choices=[HUMAN, *doors.buttons()])


def ask_the_need(talk: Talk) -> None:
    """Ask what is difficult, when only the aids already received were told."""
    choices = [*doors.buttons(), HUMAN]
    talk.say(Response.ASK_THE_NEED, kind=MessageKind.QUESTION, choices=choices)


def _candidates(talk: Talk) -> list[Candidate]:
    session, catalogue = talk.session, talk.knowledge.catalogue
    scores = dict(session.candidates)
    for entry_id in urgent_entries(talk):
        scores[entry_id] = max(scores.get(entry_id, 0.0), 0.9)
    found = [
        one
        for one in candidates(catalogue, scores, session.situation())
        if not received.left_out(talk, one.entry)
    ]
    if elsewhere.is_outside(talk):
        found = [one for one in found if one.entry.territory != _OURS]
    return found


def _named(talk: Talk) -> set[str]:
    """Return the entries that the person called by their name: they want to know."""
    names = talk.knowledge.aid_names
    named = {entry_id for said in talk.session.needs for entry_id in names.named_in(said)}
    return named | {talk.session.focus or ""}
