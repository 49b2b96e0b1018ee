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
    answering,
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
    rights,
    secrecy,
    steps,
    telling,
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
from assistant.understanding.consent import untold_words
from assistant.understanding.contacting import corrects_hours
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
_BARE = 2  # words of a bare answer: « non merci »


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
    alert.warn_of_facts(talk)
    needs.go_on(talk)


def _answer(talk: Talk, fact: Fact, value: str) -> Known | answers.Skip | None:
    if FACTS[fact].kind is Kind.COMMUNE and talk.knowledge.communes.by_code(value) is not None:
        return Known(value=value, provenance=Provenance.ANSWERED)
    return answers.of_choice(fact, value)


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
    if not in_a_step and opening.asks_for_another(talk.turn.text):
        _requested(talk, "other_need")
        return
    if not in_a_step and alert.is_denied(talk):
        alert.not_so(talk)
        return
    plain = is_plain(talk, intent) if in_a_step else only_answers(talk) or _is_chosen(talk)
    # « Ne m’appelez plus le soir » speaks of hours, whatever the encoder hears in it.
    sends = session.case_code is not None or session.stage in steps.HANDOFF
    hours = sends and corrects_hours(talk.turn.text) and not untold_words(talk.turn.text)
    plain = plain or hours
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
        intent not in _INTERRUPTIONS or answering.is_plain(talk, session.pending, intent)
    ):
        answering.answered(talk, session.pending)
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
        telling.keep_silently(talk)
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
        intent in answering.BARE and not (needs.corrected(talk) or _tells_more(talk))
    ):
        guide.answer(talk, intent)
    else:
        telling.describe(talk)


def _tells_more(talk: Talk) -> bool:
    """« Je ne sais pas lire »: a need that begins as an answer does."""
    if len(talk.turn.text.split()) <= _BARE:
        return False
    hits = needs.search(talk, talk.turn.text)
    return bool(hits) and hits[0].in_scope >= UNSURE
