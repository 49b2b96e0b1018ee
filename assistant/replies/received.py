"""The aids already received: kept, said again so that they can be corrected, not proposed."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answer import short_title
from assistant.candidates import is_received
from assistant.conversation import Known, Provenance, Session
from assistant.talk import Talk
from assistant.understanding.received import Received
from knowledge_base.facts import FACTS, Fact
from knowledge_base.models import Entry

_ME = "me"
#: What an answer to « quelle aide recevez-vous déjà ? » leaves unsaid.
_I_RECEIVE = "je touche"
#: Those whose own aids are not looked for when the message is about somebody else.
_OTHERS = frozenset({"parent", "relative", "someone_else"})


def learn(talk: Talk) -> None:
    """Keep what the message says of the aids received, and take away what it denies."""
    _keep(talk, talk.knowledge.aid_names.read(talk.turn.text))


def answered(talk: Talk) -> Known | None:
    """Read « APL et prime d’activité » as the end of « je touche… », the question being asked.

    Return what the list of the question holds; the other aids are kept as received.
    """
    said = f"{_I_RECEIVE} {talk.turn.text.strip()}"
    _keep(talk, talk.knowledge.aid_names.read(said))
    read = talk.knowledge.facts.read(said, talk.turn.now.date()).get(Fact.BENEFITS_RECEIVED)
    return read and read.model_copy(update={"provenance": Provenance.ANSWERED})


def _keep(talk: Talk, said: Received) -> None:
    session = talk.session
    _forget(talk, said.denied)
    about = session.facts.get(Fact.FOR_WHOM)
    whom = about.value if about is not None else _ME
    told = [*(said.theirs if whom != _ME else ()), *(said.mine if whom not in _OTHERS else ())]
    fresh = [one for one in told if one not in session.received]
    session.received.extend(fresh)
    situation, entries = session.situation(), talk.knowledge.catalogue.entries
    talk.received_now += [one for one in fresh if not is_received(entries[one], situation)]


def left_out(talk: Talk, entry: Entry) -> bool:
    """Tell whether ``entry`` must not be proposed: received, or useless with what is."""
    received = talk.session.received
    return entry.id in received or not set(entry.already).isdisjoint(received)


def taken_back(talk: Talk) -> tuple[str, ...]:
    """Forget what « non, je ne le touche pas » takes back; return the titles, or nothing."""
    session, said = talk.session, talk.knowledge.aid_names.read(talk.turn.text)
    if not said.takes_back:
        return ()
    meant = [one for one in said.denied if _is_noted(talk, one)]
    if not said.denied and session.received:
        meant = session.received[-1:]
    _forget(talk, meant)
    return tuple(in_words(talk, one) for one in meant)


def in_words(talk: Talk, entry_id: str) -> str:
    """Return how the aid is called: « ASF », « Chèque énergie »."""
    entry = talk.knowledge.catalogue.entries[entry_id]
    name = entry.keywords[0]
    return name if name.isupper() else short_title(entry)


def with_label(talk: Talk) -> str:
    """Return what the message just said to be received, as a fact is said again."""
    names = ", ".join(in_words(talk, one) for one in talk.received_now)
    return f"{FACTS[Fact.BENEFITS_RECEIVED].label} : {names}" if names else ""


def _is_noted(talk: Talk, entry_id: str) -> bool:
    entry = talk.knowledge.catalogue.entries[entry_id]
    return left_out(talk, entry) or is_received(entry, talk.session.situation())


def _forget(talk: Talk, entry_ids: Iterable[str]) -> None:
    entries, session = talk.knowledge.catalogue.entries, talk.session
    for entry_id in entry_ids:
        session.received = [one for one in session.received if one != entry_id]
        _forget_benefits(session, entries[entry_id])


def _forget_benefits(session: Session, entry: Entry) -> None:
    """Take out of the fact the values that are this aid; without any, nothing is known."""
    known = session.facts.get(Fact.BENEFITS_RECEIVED)
    if known is None or known.values is None:
        return
    kept = tuple(value for value in known.values if value not in entry.already)
    if kept:
        session.facts[Fact.BENEFITS_RECEIVED] = known.model_copy(update={"values": kept})
    else:
        del session.facts[Fact.BENEFITS_RECEIVED]
