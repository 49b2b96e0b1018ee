"""« C’est quoi l’APA ? » : one card in full, then back to where the conversation was."""

from __future__ import annotations

import re

from assistant.answer import aid_card
from assistant.candidates import Candidate
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.replies import because, needs
from assistant.talk import HUMAN, OTHER_NEED, PLACES, Talk
from knowledge_base.conditions import evaluate
from knowledge_base.models import Entry
from knowledge_base.tokens import fold

_WORD = re.compile(r"\w+")
#: A question about what was just shown, without its name, and the words that may be around.
_ABOUT_IT = re.compile(r"\b(?:combien|cmb|montant|payant|gratuit|ca coute|delai|quels? papiers?)\b")
_FEW = 8


def explain(talk: Talk) -> None:
    """Explain the right that the person names, found by its name or else by the search."""
    entry = meant(talk)
    if entry is None:
        talk.say(Response.RIGHT_UNKNOWN, choices=[OTHER_NEED, HUMAN])
    else:
        show(talk, entry)


def meant(talk: Talk) -> Entry | None:
    """Return the right asked about: named, just shown, or else surely found by the search."""
    return (
        named(talk, talk.turn.right)
        or named_in(talk, talk.turn.text)
        or _searched(talk)
        or _spoken_of(talk)
    )


def show(talk: Talk, entry: Entry) -> None:
    """Show the card of ``entry`` and keep it in mind for « où puis-je aller ? »."""
    session = talk.session
    session.focus = entry.id
    session.candidates[entry.id] = max(session.candidates.get(entry.id, 0.0), 0.9)
    catalogue = talk.knowledge.catalogue
    verdict = evaluate(entry.conditions, session.situation(), catalogue.figures)
    card = aid_card(Candidate(entry, 1.0, verdict), catalogue, because.NAMED)
    choices = [] if talk.waits else [PLACES, OTHER_NEED, HUMAN]
    talk.add(card.title, kind=MessageKind.AIDS, aids=[card], choices=choices)


def named(talk: Talk, name: str | None) -> Entry | None:
    """Return the entry whose id, acronym or keyword is ``name``."""
    if not name:
        return None
    wanted = fold(name).strip()
    for entry in talk.knowledge.catalogue.entries.values():
        if wanted == entry.id or wanted in (fold(keyword) for keyword in entry.keywords):
            return entry
    return None


def named_in(talk: Talk, text: str) -> Entry | None:
    """Return the entry one of whose names is in ``text``, the longest name first."""
    padded = f" {' '.join(_WORD.findall(fold(text)))} "
    names = talk.knowledge.names_of_rights
    found = [(len(name), entry_id) for name, entry_id in names if name in padded]
    return talk.knowledge.catalogue.entries[max(found)[1]] if found else None


def _spoken_of(talk: Talk) -> Entry | None:
    """Return the entry that « combien ? », « c’est payant ? » asks about: the last one shown."""
    session = talk.session
    if not _ABOUT_IT.search(fold(talk.turn.text)) or len(talk.turn.text.split()) > _FEW:
        return None
    shown = session.focus or next(iter(session.cards), None)
    return talk.knowledge.catalogue.entries.get(shown or "")


def _searched(talk: Talk) -> Entry | None:
    hits = talk.knowledge.search.search(talk.turn.text, 1)
    if not hits or hits[0].score < needs.SURE_OF_ONE:
        return None
    return talk.knowledge.catalogue.entries[hits[0].entry_id]
