"""The errors of a system one by one, by kind of message, for a person to read."""

from __future__ import annotations

import html
from collections.abc import Sequence

from knowledge_base import evaluation
from knowledge_base.catalogue import Catalogue
from knowledge_base.evaluation import Answer

STYLE = """
details.errors > ol { padding-left: 0; list-style: none }
details.errors > ol > li { border-top: 1px solid #ccc; padding: .6rem 0; break-inside: avoid }
blockquote { margin: 0 0 .4rem; padding-left: .8rem; border-left: 3px solid #7fb0db }
blockquote p { margin: 0 } dl.found { display: grid; grid-template-columns: 6rem 1fr; margin: 0 }
dl.found dd, dl.found ol, dl.found ul { margin: 0; padding-left: 1.2rem }
"""

KINDS = {
    "ordinary": "Ordinaires",
    "sms": "SMS",
    "long": "Récits longs",
    "indirect": "Indirects",
    "third_person": "Pour quelqu’un d’autre",
    "short": "Un à trois mots",
    "other_language": "Autres langues",
    "several": "Plusieurs besoins",
    "official": "Questions officielles",
}
_SHOWN = 3
_OTHER_LANGUAGE = "other_language"


def kind_label(kind: str) -> str:
    """Return the French name of a kind of message; its own name when it has none."""
    return KINDS.get(kind, kind)


def sections(answers: Sequence[Answer], known: Catalogue) -> str:
    """Return a part to open for each kind of message, each error in it, worst first."""
    return "\n".join(
        _section(kind, some, known) for kind, some in evaluation.by_kind(answers).items()
    )


def error(answer: Answer, known: Catalogue) -> str:
    """Return what was written, what was expected and what came first."""
    message = answer.message
    place = "absente des dix premières" if answer.rank is None else f"au rang {answer.rank}"
    # A screen reader must not read Arabic or Turkish as French.
    language = ' lang=""' if message.kind == _OTHER_LANGUAGE else ""
    return (
        f"<li><blockquote{language}>"
        f"<p>{html.escape(message.text)}</p></blockquote>"
        f"<p>{html.escape(message.id)} : bonne fiche {place}.</p>"
        f'<dl class="found"><dt>Attendu</dt><dd>{_expected(answer, known)}</dd>'
        f"<dt>Trouvé</dt><dd>{_found(answer, known)}</dd></dl></li>"
    )


def _section(kind: str, answers: Sequence[Answer], known: Catalogue) -> str:
    wrong = evaluation.errors(answers)
    title = f"{kind_label(kind)} : {len(wrong)} sur {len(answers)}"
    parts = "\n".join(error(answer, known) for answer in wrong)
    return (
        f'<details class="errors"><summary>{html.escape(title)}</summary>'
        f"<ol>\n{parts}\n</ol></details>"
    )


def _expected(answer: Answer, known: Catalogue) -> str:
    needs = (
        " <em>ou</em> ".join(_title(one, known) for one in sorted(need))
        for need in answer.message.needs
    )
    return "<ul>" + "".join(f"<li>{need}</li>" for need in needs) + "</ul>"


def _found(answer: Answer, known: Catalogue) -> str:
    first = answer.ranking[:_SHOWN]
    lines = (
        f"<li>{_title(one, known)}{' (attendue)' if one in answer.message.accepted else ''}</li>"
        for one in first
    )
    return "<ol>" + "".join(lines) + "</ol>"


def _title(entry_id: str, known: Catalogue) -> str:
    entry = known.entries.get(entry_id)
    return html.escape(entry_id if entry is None else entry.title)
