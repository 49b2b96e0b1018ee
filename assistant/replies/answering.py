"""What is typed while a question waits: its answer, something else, or nothing readable."""

from __future__ import annotations

from typing import Final

from assistant.conversation import Known
from assistant.names import Intent, Response
from assistant.replies import alert, elsewhere, lost, needs, places, received
from assistant.replies.telling import SHORT
from assistant.talk import Talk
from assistant.understanding import answers
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.search import UNSURE

#: Answers that hold nothing else: to a question that nobody asked, they tell nothing.
BARE: Final = frozenset({Intent.AFFIRM, Intent.DENY, Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER})


def answered(talk: Talk, pending: Fact) -> None:
    """The text answers the question, tells something else, or cannot be read."""
    turn, knowledge = talk.turn, talk.knowledge
    answer = answers.of_text(
        pending, turn.text, turn.intent, knowledge.facts, knowledge.communes, turn.now.date()
    )
    told = needs.read(talk)
    told.pop(pending, None)
    fresh = needs.learn(talk, told)
    aside = not fresh and needs.tells_of_others(talk)
    if aside:
        answer = None  # « ma mère touche 1 100 € » answers nothing about who writes
    elif answer is None and pending is Fact.BENEFITS_RECEIVED and len(turn.text) <= SHORT:
        answer = received.answered(talk)
    if answer is None and pending is Fact.COMMUNE and elsewhere.answered(talk):
        answer = answers.Skip.DONT_KNOW
    a_list = FACTS[pending].kind is Kind.CHOICES
    at_home = pending is Fact.HOUSING_STATUS and answers.is_at_home(turn.text)
    unread = answer is None and not (aside or a_list or at_home)
    another_need = unread and _tells_a_need(talk)
    if isinstance(answer, answers.Skip):
        talk.session.skipped.append(pending)
    elif answer is not None:
        talk.session.facts[pending] = answer
        alert.warn_of_facts(talk)
    elif a_list and not aside:
        _leave_list(talk, pending, fresh)
    elif not (another_need or fresh or aside or talk.received_now):
        _not_an_answer(talk, pending)
        return
    talk.session.misunderstood = 0
    if answer is None and pending not in fresh and not a_list:
        # Something else was said: it is kept, and the question comes again.
        needs.reformulate(talk, fresh)
        if another_need:
            talk.say(Response.ALSO_NOTED)
        needs.ask(talk, pending)
        return
    talk.close_question()
    needs.go_on(talk)


def is_plain(talk: Talk, pending: Fact, intent: Intent) -> bool:
    """Tell whether what looks like a request only answers the question that waits.

    « à Blois » is not « où aller ? », « apa » is not « c’est quoi l’APA ? ».
    """
    if intent not in (Intent.ASK_PLACE, Intent.ASK_RIGHT) or len(talk.turn.text) > SHORT:
        return False
    if FACTS[pending].kind is Kind.COMMUNE:
        return intent is Intent.ASK_PLACE and places.find_commune(talk) is not None
    told = talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date())
    return pending in told


def _leave_list(talk: Talk, pending: Fact, fresh: dict[Fact, Known]) -> None:
    """Whatever is typed closes a question with a list: what is not in it is not asked again."""
    talk.session.skipped.append(pending)
    needs.reformulate(talk, fresh)
    if fresh or talk.received_now or _tells_a_need(talk):
        return
    if talk.session.language is not None:
        lost.offer_human(talk, talk.session.language)
    else:
        talk.say(Response.ANSWER_LEFT)


def _tells_a_need(talk: Talk) -> bool:
    if talk.turn.intent in (Intent.AFFIRM, Intent.DENY, Intent.INFORM):
        return False
    hits = needs.search(talk, talk.turn.text)
    named = bool(hits) and hits[0].score >= needs.SURE_OF_ONE
    return needs.tell_need(talk, talk.turn.text, UNSURE if named else needs.BELIEVED)


def _not_an_answer(talk: Talk, pending: Fact) -> None:
    """Ask again once; the second time, leave the question, say so and offer other ways."""
    if talk.session.misunderstood:
        talk.session.skipped.append(pending)
        talk.close_question()
        lost.tell_in_interview(talk)
        return
    talk.session.misunderstood = 1
    if talk.session.language is not None:
        lost.offer_human(talk, talk.session.language)
    elif pending is Fact.HOUSING_STATUS and answers.is_at_home(talk.turn.text):
        talk.say(Response.AT_HOME)
    else:
        bare = talk.turn.intent in BARE or not any(map(str.isalnum, talk.turn.text))
        commune = FACTS[pending].kind is Kind.COMMUNE and not bare
        talk.say(places.not_found(talk) if commune else Response.ANSWER_NOT_UNDERSTOOD)
    needs.ask(talk, pending)
