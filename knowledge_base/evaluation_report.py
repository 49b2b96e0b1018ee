"""The command ``eval``: prints every system in one run, writes the page of the errors."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge_base import evaluation, evaluation_copies, minilm
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import USE, load_encoder
from knowledge_base.evaluation import MEASURES, Answer, Message
from knowledge_base.evaluation_copies import Copy
from knowledge_base.search import UNSURE, Searcher

#: The signals of the search that are measured alone, with their labels.
_ALONE = {
    "words": "BM25 sur les mots, seul",
    "situations:0": "encodeur entraîné, seul",
    "situations:1": "USE-multilingual, seul",
}
_SYSTEM = "Première réponse"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid #ccc; padding: .4rem; text-align: left; vertical-align: top }
.bar { background: #dde; } .bar span { background: #446; display: block; height: 1rem }
"""


def run(searcher: Searcher, paths: Sequence[Path], page: Path) -> list[str]:
    """Measure every system on the sets of ``paths``, write ``page``, return what to print."""
    messages = [message for path in paths for message in evaluation.load_messages(path)]
    known = searcher.catalogue
    systems = {_SYSTEM: evaluation.run_system(searcher, messages)}
    systems |= evaluation.run_signals(searcher, messages, _ALONE)
    other = minilm.load()
    if other is not None:
        systems[minilm.LABEL] = evaluation.run_encoder(other, known, messages)
    printed: list[str] = []
    for name, answers in systems.items():
        printed += [f"== {name}", *evaluation.lines(answers, known, themes=name == _SYSTEM), ""]
    if other is None:
        printed.append(minilm.MISSING)
    printed.append(f"{_SYSTEM} : {evaluation.refusals(systems[_SYSTEM])} (seuil {UNSURE})")
    copies = _overlap(known, messages)
    near = [copy for copy in copies if copy.near]
    printed.append(
        f"quasi-copies de ce qui sert à apprendre : {len(near)} sur {len(messages)} messages "
        f"(4-mots au plus {max(c.grams for c in copies):.2f}, "
        f"cosinus au plus {max(c.cosine for c in copies):.2f})"
    )
    printed += [f"  {copy.message} : « {copy.saying} »" for copy in near]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_page(paths, systems, known, near), encoding="utf-8")
    return [*printed, f"Erreurs une à une : {page}"]


def _overlap(known: Catalogue, messages: Sequence[Message]) -> list[Copy]:
    sayings = [text for ways in known.sayings.values() for text in ways]
    return evaluation_copies.overlap(load_encoder(USE), sayings, messages)


def _page(
    paths: Sequence[Path],
    systems: Mapping[str, list[Answer]],
    known: Catalogue,
    near: Sequence[Copy],
) -> str:
    title = f"Recherche : {html.escape(', '.join(map(str, paths)))}"
    parts = [f"<!doctype html><html lang=fr><meta charset=utf-8><title>{title}</title>"]
    parts.append(f"<style>{_STYLE}</style><h1>{title}</h1>")
    for name, measure in MEASURES.items():
        parts.append(f"<h2>{name}</h2><table>")
        for system, answers in systems.items():
            for group, some in list(evaluation.groups(answers, known).items())[:3]:
                value = sum(map(measure, some)) / len(some)
                parts.append(_bar(f"{system} – {group}", value))
        parts.append("</table>")
    parts.append(f"<p>Quasi-copies : {len(near)}.</p><h2>Erreurs</h2><table>")
    parts.append("<tr><th>Message<th>Rang<th>Attendu<th>Trouvé</tr>")
    parts += [_error(answer, known) for answer in evaluation.errors(systems[_SYSTEM])]
    return "\n".join([*parts, "</table></html>"])


def _bar(label: str, value: float) -> str:
    width = f"{100 * value:.1f}"
    return (
        f"<tr><td>{html.escape(label)}<td>{width} %"
        f'<td class=bar><span style="width:{width}%"></span></tr>'
    )


def _error(answer: Answer, known: Catalogue) -> str:
    def titles(ids: Sequence[str]) -> str:
        return "<br>".join(
            html.escape(known.entries[one].title) if one in known.entries else html.escape(one)
            for one in ids
        )

    message = answer.message
    return (
        f"<tr><td>{message.id} ({message.kind})<br>{html.escape(message.text)}"
        f"<td>{answer.rank or '> 10'}<td>{titles(sorted(message.accepted))}"
        f"<td>{titles(answer.ranking[:3])}</tr>"
    )
