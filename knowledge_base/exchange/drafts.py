"""Cards proposed by an import: an empty card with its title, its source and its date.

What is given or required is never copied: it may be old, and a person writes every card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from knowledge_base.editing import UNKNOWN_PAGE, UNKNOWN_PROVIDER, Draft
from knowledge_base.exchange.receiving import Difference, Outcome, Received, Report
from knowledge_base.exchange.row_files import Numbered
from knowledge_base.freshness import checked_on
from knowledge_base.models import Entry

#: What a draft says when its row says nothing.
_UNSAID = frozenset({UNKNOWN_PROVIDER, UNKNOWN_PAGE})
_FIGURE = re.compile(r"\d+(?:[\s\u202f\u00a0.,]\d+)*")


def without_figures(text: str) -> str:
    """Return a text in which every figure is « … »: a figure of the law has its own table."""
    return _FIGURE.sub("…", text)


class DraftReception:
    """Receives drafts of cards one after the other, against the cards of the catalogue."""

    def __init__(self, entries: Mapping[str, Entry], report: Report) -> None:
        self._entries = entries
        self._urls = {url: entry.id for entry in entries.values() for url in _urls(entry)}
        self._report = report
        self._seen: set[str] = set()
        self.drafts: list[Draft] = []

    def refuse(self, numbered: Numbered, row_id: str, reason: str) -> None:
        """Write down a row that is not taken."""
        self._add(numbered, row_id, Outcome.REFUSED, reason)

    def receive(self, numbered: Numbered, row_id: str, draft: Draft) -> None:
        """Take a draft, unless a card has its id or already stands on its page."""
        if draft.id in self._seen:
            return self.refuse(numbered, row_id, f"identifiant déjà lu : {draft.id}")
        self._seen.add(draft.id)
        known = self._entries.get(draft.id)
        if known is not None:
            found = _differences(known, draft)
            return self._add(numbered, row_id, Outcome.KNOWN, "même identifiant", draft.id, found)
        card = self._urls.get(page_key(draft.source_url))
        if card is not None:
            return self._add(numbered, row_id, Outcome.KNOWN, "page déjà citée par la fiche", card)
        self.drafts.append(draft)
        return self._add(numbered, row_id, Outcome.TAKEN, "fiche à écrire", draft.id)

    def _add(
        self,
        numbered: Numbered,
        row_id: str,
        outcome: Outcome,
        reason: str,
        known: str = "",
        found: tuple[Difference, ...] = (),
    ) -> None:
        row = Received(numbered.where, row_id, outcome, reason, known, found)
        self._report.rows.append(row)


def page_key(url: str) -> str:
    """Return an address as it is compared: service-public.fr became service-public.gouv.fr."""
    bare = re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
    return bare.replace("service-public.gouv.fr", "service-public.fr")


def _urls(entry: Entry) -> Iterable[str]:
    urls = [entry.url, *(source.url for source in entry.sources)]
    return (page_key(url) for url in urls if url)


def _differences(entry: Entry, draft: Draft) -> tuple[Difference, ...]:
    pairs = (
        ("title", entry.title, draft.title),
        ("url", entry.url, draft.source_url),
        ("provider", entry.provider, draft.provider),
        ("checked_on", checked_on(entry), draft.checked_on),
    )
    return tuple(
        Difference(name, ours, theirs)
        for name, ours, theirs in pairs
        if theirs not in _UNSAID and ours != theirs
    )
