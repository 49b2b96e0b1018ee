"""What asking « de quoi s'agit-il surtout ? » gives, by talking to the assistant itself.

Each message begins a conversation. When the need is asked, a person who knows it presses the
right one of those offered, or « autre chose » when it is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import mean
from typing import Any

from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.names import NEED, Intent
from assistant.replies import clarify
from assistant.respond import respond


@dataclass(frozen=True, slots=True)
class Heard:
    """One message: was the need asked, was the right one offered; the entries, best first,
    before and after the question."""

    asked: bool
    offered: bool
    before: tuple[str, ...]
    after: tuple[str, ...]


def lines(knowledge: Knowledge, messages: Iterable[Mapping[str, Any]], now: datetime) -> list[str]:
    """Return a line for all the messages that have an answer, then for the hard ones."""
    heard = [
        (message, hear(knowledge, message["text"], accepted(message), now))
        for message in messages
        if message["needs"]
    ]
    hard = [one for one in heard if one[0]["kind"] != "ordinary"]
    return [_line(kind, some) for kind, some in (("all", heard), ("hard", hard)) if some]


def accepted(message: Mapping[str, Any]) -> frozenset[str]:
    """Return the entries that answer one of its needs."""
    return frozenset(entry for need in message["needs"] for entry in need)


def hear(knowledge: Knowledge, text: str, right: Collection[str], now: datetime) -> Heard:
    """Say ``text``, answer the question on the need if it comes, and read what was found."""
    turn = Turn(text=text, intent=Intent.DESCRIBE_NEED, confidence=1.0, now=now)
    session = respond(Session(), turn, knowledge).session
    if not session.unclear:
        return Heard(False, False, _ranking(session), _ranking(session))
    entries = knowledge.catalogue.entries
    wanted = {clarify.label(entries[one]) for one in right if one in entries}
    pressed = next(
        (one for one in session.unclear if clarify.label(entries[one]) in wanted), clarify.NONE
    )
    after = respond(session, Turn(value=f"{NEED}{pressed}", now=now), knowledge).session
    return Heard(True, pressed != clarify.NONE, _ranking(session), _ranking(after))


def _ranking(session: Session) -> tuple[str, ...]:
    return tuple(sorted(session.candidates, key=lambda one: -session.candidates[one]))


def _line(kind: str, heard: list[tuple[Mapping[str, Any], Heard]]) -> str:
    asked = [one for _, one in heard if one.asked]
    offered = mean(one.offered for one in asked) if asked else 0.0
    hits = [
        f"Hit@{limit} {mean(_within(one.before, limit, message) for message, one in heard):.3f}"
        f" -> {mean(_within(one.after, limit, message) for message, one in heard):.3f}"
        for limit in (1, 3)
    ]
    return (
        f"needs with the question, {kind} ({len(heard)}) : asked {len(asked) / len(heard):.3f}, "
        f"right need offered {offered:.2f}, {', '.join(hits)}"
    )


def _within(ranking: tuple[str, ...], limit: int, message: Mapping[str, Any]) -> bool:
    return any(one in accepted(message) for one in ranking[:limit])
