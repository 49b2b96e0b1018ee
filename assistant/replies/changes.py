"""The cards after a new fact: what changed is shown, the rest is only named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.answer import aid_card, short_title
from assistant.candidates import Candidate
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.replies.because import why
from assistant.talk import Talk
from knowledge_base.conditions import Status


@dataclass(frozen=True, slots=True)
class Changes:
    """The cards to show since they are new or say something else, those that stay, that leave."""

    new: tuple[Candidate, ...]
    kept: tuple[Candidate, ...]
    gone: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Tell whether the list is the same as before."""
        return not self.new and not self.gone


def since(
    before: Mapping[str, str], shown: list[Candidate], found: list[Candidate]
) -> Changes | None:
    """Return what changed since the cards ``before`` (entry id → status); None without any.

    A card leaves when it does not fit any more, not when better ones take its place.
    """
    if not before:
        return None
    fits = {one.entry.id for one in found if one.verdict.status is not Status.UNLIKELY}
    kept = tuple(one for one in shown if before.get(one.entry.id) == one.verdict.status.value)
    return Changes(
        new=tuple(one for one in shown if one not in kept),
        kept=kept,
        gone=tuple(one for one in before if one not in fits),
    )


def remember(talk: Talk, shown: list[Candidate]) -> None:
    """Keep what the person now sees."""
    session = talk.session
    session.shown = [one.entry.id for one in shown]
    session.cards = {one.entry.id: one.verdict.status.value for one in shown}
    session.guided = 0


def tell(talk: Talk, changes: Changes) -> None:
    """Show the new cards, and name those that stay and those that leave."""
    entries = talk.knowledge.catalogue.entries
    gone = [short_title(entries[one]) for one in changes.gone if one in entries]
    lines = [talk.knowledge.wording.say(Response.CARDS_CHANGED)]
    if changes.kept:
        kept = _titles(short_title(one.entry) for one in changes.kept)
        lines.append(talk.knowledge.wording.say(Response.CARDS_KEPT, kept=kept))
    if gone:
        lines.append(talk.knowledge.wording.say(Response.CARDS_GONE, gone=_titles(gone)))
    cards = [aid_card(one, talk.knowledge.catalogue, why(talk, one.entry)) for one in changes.new]
    kind = MessageKind.AIDS if cards else MessageKind.TEXT
    talk.add("\n".join(lines), kind=kind, aids=cards or None)


def _titles(titles: Iterable[str]) -> str:
    return ", ".join(titles)
