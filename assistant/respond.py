"""One turn of conversation: what the person did in, the state and the messages out.

Pure: the same session, turn and knowledge give the same reply. Rasa calls it through the
thin actions of ``assistant.actions``; when Rasa is away the service calls it directly, so
that nothing is lost but Rasa's finer reading of the intent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from assistant.conversation import Known, Provenance, Reply, Session, Stage, Turn
from assistant.doors import door_of
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import AID, DO, FACT, NEED, THEME, Intent, Response
from assistant.replies import (
    about,
    alert,
    cases,
    clarify,
    elsewhere,
    guide,
    human,
    lost,
    manners,
    memory,
    needs,
    opening,
    places,
    reaching,
    received,
    rights,
    secrecy,
    steps,
)
from assistant.replies.believed import SURE, believed
from assistant.replies.interruptions import (
    interrupts,
    is_plain,
    only_answers,
    tells_nothing_else,
)
from assistant.talk import HUMAN, OTHER_NEED, WHY, Talk
from assistant.topics import load_topics
from assistant.understanding import answers
from assistant.understanding.language import FRENCH
from assistant.waiting import take_up_again
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.search import UNSURE
from knowledge_base.vocabulary import Theme

Handler = Callable[[Talk], None]

#: Requests that are answered whatever is being asked; the rest may be an answer.
_INTERRUPTIONS: Mapping[Intent, Handler] = {
    Intent.ASK_HUMAN: human.begin,
    Intent.ERASE: memory.erase,
    Intent.RESTART: memory.restart,
    Intent.CASE_STATUS: cases.status,
    Intent.WHY_THIS_QUESTION: memory.why,
    Intent.ASK_RIGHT: rights.explain,
    Intent.ASK_PLACE: places.ask_place,
    Intent.CORRECT: memory.correct,
    Intent.INSULT: manners.reply,
    Intent.GREET: manners.reply,
    Intent.THANKS: manners.reply,
    Intent.GOODBYE: manners.reply,
}
#: What a stage does with a message that is not an interruption.
_STAGES: Mapping[Stage, Handler] = {
    Stage.PLACES_COMMUNE: elsewhere.read_commune,
    Stage.HANDOFF_CONSENT: human.consent,
    Stage.HANDOFF_COMMUNE: human.commune,
    Stage.HANDOFF_CONTACT: reaching.contact,
    Stage.HANDOFF_HOURS: reaching.hours,
    Stage.CASE_CODE: cases.read_code,
    Stage.ERASE_CONFIRM: memory.confirm_erase,
}
#: Answers to a question that nobody asked.
_ANSWERS = frozenset({Intent.AFFIRM, Intent.DENY, Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER})
#: Facts that are a need by themselves: « je dois deux loyers » after the cards for a crèche.
_TROUBLES = frozenset({Fact.DEBTS, Fact.HOUSING_TROUBLE, Fact.LOSS_OF_AUTONOMY, Fact.PREGNANT})
_NO_TROUBLE = frozenset({"no", "none", frozenset({"none"})})
_BARE = 2  # words of a bare answer: « non merci »
_SHORT = 40  # characters: a longer message is no plain answer


def respond(session: Session, turn: Turn, knowledge: Knowledge) -> Reply:
    """Answer one turn. ``session`` is not changed; the reply holds the next one."""
    talk = Talk(session.model_copy(deep=True), turn, knowledge)
    talk.human_was_offered, talk.session.human_offered = session.human_offered, False
    recalled = memory.where_we_were(talk)
    if turn.value is not None:
        _chosen(talk, turn.value)
    elif not turn.text.strip():
        talk.say(Response.EMPTY_TEXT, choices=[HUMAN])
    else:
        _typed(talk)
    take_up_again(talk)
    if not talk.messages and not talk.effects:
        # No reply is ever empty: a person in difficulty must not face silence.
        talk.say(Response.WHAT_NEXT, choices=[OTHER_NEED, HUMAN])
    elsewhere.tell(talk)
    secrecy.reassure(talk)
    lost.speak_their_language(talk)
    if recalled is not None and _goes_on(talk):
        talk.add(recalled)
        talk.messages.insert(0, talk.messages.pop())
    return talk.reply()


def _goes_on(talk: Talk) -> bool:
    """Tell whether the reply goes on with the conversation: neither a danger nor a new start."""
    urgent = any(message.kind is MessageKind.URGENT for message in talk.messages)
    return bool(talk.session.asked) and not urgent


def welcome(knowledge: Knowledge, now: datetime) -> Reply:
    """Return the first messages of a conversation."""
    talk = Talk(Session(), Turn(now=now), knowledge)
    talk.say(Response.WELCOME, choices=[HUMAN])
    return talk.reply()


def _chosen(talk: Talk, value: str) -> None:
    if not value.startswith(NEED) and value not in (WHY.value, HUMAN.value):
        talk.session.unclear.clear()  # the question on the need is left: « non » answers it no more
    if value.startswith(FACT):
        _fact_chosen(talk, value.removeprefix(FACT))
    elif value.startswith(AID):
        entry = talk.knowledge.catalogue.entries.get(value.removeprefix(AID))
        if entry is not None:
            rights.show(talk, entry)
    elif value.startswith(NEED):
        clarify.choose(talk, value.removeprefix(NEED))
    elif value.startswith(THEME) and value.removeprefix(THEME) in set(Theme):
        opening.theme(talk, Theme(value.removeprefix(THEME)))
    elif (door := door_of(value)) is not None:
        opening.door(talk, door)
    elif (topic := load_topics().of_choice(value)) is not None:
        opening.topic(talk, topic)
    elif value.startswith(DO):
        _requested(talk, value.removeprefix(DO))
    elif talk.session.stage in _STAGES:
        _STAGES[talk.session.stage](talk)


def _requested(talk: Talk, request: str) -> None:
    if request == "show_aids":
        _skip_question(talk)
        needs.show_aids(talk)
    elif request == "more_aids":
        needs.show_more(talk)
    elif request == "not_in_danger":
        alert.not_so(talk)
    elif request == "other_need":
        talk.close_question()
        talk.session.paused.clear()
        talk.session.stage = Stage.OPEN
        talk.say(Response.OTHER_NEED, choices=[HUMAN])
    elif request == "new_request":
        human.begin_new(talk)
    elif request in _INTERRUPTIONS:
        _INTERRUPTIONS[Intent(request)](talk)


def _skip_question(talk: Talk) -> None:
    if talk.session.pending is not None:
        talk.session.skipped.append(talk.session.pending)
    talk.close_question()


def _fact_chosen(talk: Talk, chosen: str) -> None:
    name, _, value = chosen.partition("=")
    if name not in set(Fact):
        return
    fact = Fact(name)
    answer = _answer(talk, fact, value)
    if isinstance(answer, answers.Skip):
        talk.session.skipped.append(fact)
    elif answer is not None:
        talk.session.facts[fact] = answer
    if answer is not None:
        talk.session.misunderstood = 0
    if talk.session.pending == fact:
        talk.close_question()
    _warn_of_facts(talk)
    needs.go_on(talk)


def _answer(talk: Talk, fact: Fact, value: str) -> Known | answers.Skip | None:
    if FACTS[fact].kind is Kind.COMMUNE and talk.knowledge.communes.by_code(value) is not None:
        return Known(value=value, provenance=Provenance.ANSWERED)
    return answers.of_choice(fact, value)


def _warn_of_facts(talk: Talk) -> None:
    """« Violences : en ce moment », « sans logement »: an answer that tells a danger."""
    told = talk.knowledge.dangers.of_facts(talk.session.situation())
    fresh = [danger for danger in told if danger.id not in talk.session.dangers]
    if fresh:
        alert.warn(talk, fresh)
        talk.say(Response.URGENT_AFTER, choices=[HUMAN])


def _typed(talk: Talk) -> None:
    human.note_the_day(talk)
    if talk.session.stage in steps.HANDOFF:
        talk.said = reaching.without_contact(talk)
    session, intent = talk.session, believed(talk)
    elsewhere.notice(talk)
    in_a_step = session.stage in _STAGES
    if session.stage in steps.HANDOFF and memory.asks_to_erase(talk.turn.text):
        memory.erase(talk)
        return
    if not in_a_step and alert.is_denied(talk):
        alert.not_so(talk)
        return
    plain = is_plain(talk, intent) if in_a_step else only_answers(talk) or _is_chosen(talk)
    if _danger_answered(talk, intent, plain=plain):
        return
    if human.changes_mind(talk):
        return
    if session.stage not in _STAGES and memory.take_back(talk):
        return
    if about.answer(talk):
        return
    if session.stage in _STAGES:
        interrupted = interrupts(talk, intent)
        (_INTERRUPTIONS[intent] if interrupted else _STAGES[session.stage])(talk)
    elif session.pending is not None and (
        intent not in _INTERRUPTIONS or _is_plain_answer(talk, session.pending, intent)
    ):
        _answered(talk, session.pending)
    else:
        _open(talk, intent)


def _is_chosen(talk: Talk) -> bool:
    """« Autre chose », « la 2 »: words that only choose hold no danger, whatever they sound."""
    return clarify.meant(talk) is not None


def _danger_answered(talk: Talk, intent: Intent, *, plain: bool) -> bool:
    """Say first what the danger calls for; return whether that answers the whole message.

    A ``plain`` answer to a step counts too, unless a rule reads a danger in it. In a hand-off a
    danger told again is still no contact and no hours.
    """
    known, handing_off = set(talk.session.dangers), talk.session.stage in steps.HANDOFF
    noticed = talk.knowledge.dangers.notice(talk.turn.text, rules_only=plain)
    plain = plain and not noticed.certain
    if plain and talk.session.stage in _STAGES and not tells_nothing_else(talk):
        noticed = talk.knowledge.dangers.notice(talk.turn.text)
    alert.warn(talk, noticed.certain)
    _greet_in_their_language(talk)
    new = any(danger.id not in known for danger in noticed.certain)
    if not plain and noticed.certain and (new or handing_off):
        _understand_silently(talk)
        (reaching.after_alert if handing_off else alert.after)(talk)
        return True
    alert.hint(talk, noticed.possible)
    unclear = intent is Intent.EMERGENCY and talk.turn.confidence >= SURE
    if unclear and not noticed.certain:
        alert.unclear(talk)
        return talk.waits and not plain
    return False


def _greet_in_their_language(talk: Talk) -> None:
    """Say once, in the language of the message, that the answer comes in French."""
    languages, text = talk.knowledge.languages, talk.turn.text
    if talk.session.stage in _STAGES and not languages.in_another_script(text):
        return  # an e-mail address or a code has no language
    language = languages.read(text)
    if language == FRENCH:
        talk.session.language = None
    elif language is not None and language != talk.session.language:
        talk.session.language = language
        lost.offer_human(talk, language)


def _open(talk: Talk, intent: Intent) -> None:
    if intent in _INTERRUPTIONS:
        _INTERRUPTIONS[intent](talk)
    elif talk.session.unclear and clarify.typed(talk):
        return
    elif guide.is_lost(talk) or (
        intent in _ANSWERS and not (needs.corrected(talk) or _tells_more(talk))
    ):
        guide.answer(talk, intent)
    else:
        _describe(talk)


def _tells_more(talk: Talk) -> bool:
    """« Je ne sais pas lire »: a need that begins as an answer does."""
    if len(talk.turn.text.split()) <= _BARE:
        return False
    hits = needs.search(talk, talk.turn.text)
    return bool(hits) and hits[0].in_scope >= UNSURE


def _is_plain_answer(talk: Talk, pending: Fact, intent: Intent) -> bool:
    """Tell whether what looks like a request only answers the question that waits.

    « à Blois » is not « où aller ? », « apa » is not « c’est quoi l’APA ? ».
    """
    if intent not in (Intent.ASK_PLACE, Intent.ASK_RIGHT) or len(talk.turn.text) > _SHORT:
        return False
    if FACTS[pending].kind is Kind.COMMUNE:
        return intent is Intent.ASK_PLACE and places.find_commune(talk) is not None
    told = talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date())
    return pending in told


def _understand_silently(talk: Talk) -> None:
    """After an alert: keep the facts and the need, without questions."""
    needs.learn(talk, needs.read(talk))
    if not needs.tell_need(talk, talk.turn.text, UNSURE, needs.SURE_OF_ONE):
        talk.session.needs.append(talk.turn.text)


def _describe(talk: Talk) -> None:
    """A need told in the person's words."""
    read = needs.read(talk)
    fresh = needs.learn(talk, read)
    alert.hint(talk, talk.knowledge.dangers.of_facts(talk.session.situation()))
    told, short = bool(fresh or talk.received_now), len(talk.turn.text) <= _SHORT
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


def _answered(talk: Talk, pending: Fact) -> None:
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
    elif answer is None and pending is Fact.BENEFITS_RECEIVED and len(turn.text) <= _SHORT:
        answer = received.answered(talk)
    if answer is None and pending is Fact.COMMUNE and elsewhere.answered(talk):
        answer = answers.Skip.DONT_KNOW
    a_list = FACTS[pending].kind is Kind.CHOICES
    another_need = answer is None and not aside and not a_list and _tells_a_need(talk)
    if isinstance(answer, answers.Skip):
        talk.session.skipped.append(pending)
    elif answer is not None:
        talk.session.facts[pending] = answer
        _warn_of_facts(talk)
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


def _least(intent: Intent, off_topic: bool, tells_facts: bool) -> float:
    """Return the probability from which a message is taken as a need."""
    if off_topic:
        return needs.BELIEVED
    if tells_facts:
        return needs.TOLD_WITH_FACTS
    return needs.BELIEVED if intent is Intent.FALLBACK else UNSURE


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
        bare = talk.turn.intent in _ANSWERS or not any(map(str.isalnum, talk.turn.text))
        commune = FACTS[pending].kind is Kind.COMMUNE and not bare
        talk.say(places.not_found(talk) if commune else Response.ANSWER_NOT_UNDERSTOOD)
    needs.ask(talk, pending)
