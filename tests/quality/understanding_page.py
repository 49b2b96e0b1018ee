"""The errors of facts and of danger one by one, on a page for a person to read."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.knowledge import Knowledge
from knowledge_base import evaluation_errors
from tests.quality.facts_rates import Reading

_ALERT, _HINT, _NOTHING = "alerte", "phrase douce", "rien"
_STYLE = "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto }"


@dataclass(frozen=True, slots=True)
class Error:
    """A message that was not understood as it is labelled; sentences of ``kind`` go together."""

    kind: str
    id: str
    text: str
    expected: str
    found: str


def facts_errors(readings: Sequence[Reading]) -> list[Error]:
    """Return an error for each fact that was missed, invented or read otherwise."""
    return [
        Error(name, one.id, one.text, _said(one.expected, name), _said(one.found, name))
        for one in readings
        for name in sorted({*one.expected, *one.found})
        if one.expected.get(name) != one.found.get(name)
    ]


def danger_errors(knowledge: Knowledge, messages: Sequence[Mapping[str, Any]]) -> list[Error]:
    """Return the dangers that brought no alert, and what looks like one and brought a line."""
    found = []
    for message in messages:
        noticed = knowledge.dangers.notice(message["text"])
        what = _ALERT if noticed.certain else _HINT if noticed.possible else _NOTHING
        named = ", ".join(danger.id for danger in (*noticed.certain, *noticed.possible))
        read = f"{what} ({named})" if named else what
        kinds = message["danger"]
        if kinds and what != _ALERT:
            found += [
                Error(f"danger {kind}", message["id"], message["text"], _ALERT, read)
                for kind in kinds
            ]
        elif not kinds and what != _NOTHING:
            kind = f"ressemblance {message.get('decoy', '')}".strip()
            found.append(Error(kind, message["id"], message["text"], _NOTHING, read))
    return found


def render(name: str, parts: Mapping[str, Sequence[Error]]) -> str:
    """Return the page of a set: a title for each of ``parts``, its errors by kind."""
    title = html.escape(f"Compréhension : jeu « {name} », erreurs une à une")
    body = "\n".join(
        f"<h2>{html.escape(part)} : {len(errors)}</h2>\n{_sections(errors)}"
        for part, errors in parts.items()
    )
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}{evaluation_errors.STYLE}</style></head><body><main>\n<h1>{title}</h1>\n"
        "<p>Ces messages ont été écrits pour mesurer : aucun ne vient d’une vraie personne.</p>\n"
        f"{body}\n</main></body></html>\n"
    )


def _sections(errors: Sequence[Error]) -> str:
    kinds: defaultdict[str, list[Error]] = defaultdict(list)
    for error in errors:
        kinds[error.kind].append(error)
    return "\n".join(
        f'<details class="errors"><summary>{html.escape(kind)} : {len(some)}</summary><ol>\n'
        + "\n".join(map(_item, some))
        + "\n</ol></details>"
        for kind, some in sorted(kinds.items())
    )


def _item(error: Error) -> str:
    return (
        f"<li><blockquote><p>{html.escape(error.text)}</p></blockquote>"
        f'<p>{html.escape(error.id)}</p><dl class="found">'
        f"<dt>Attendu</dt><dd>{html.escape(error.expected)}</dd>"
        f"<dt>Lu</dt><dd>{html.escape(error.found)}</dd></dl></li>"
    )


def _said(facts: Mapping[str, object], name: str) -> str:
    return str(facts[name]) if name in facts else _NOTHING
