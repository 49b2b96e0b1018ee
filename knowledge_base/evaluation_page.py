"""The page of ``eval``: figures with their intervals, then the errors, to read or to print."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from knowledge_base import evaluation, evaluation_errors, evaluation_plot
from knowledge_base.catalogue import Catalogue
from knowledge_base.evaluation import MEASURES, OUT_OF_SCOPE, Answer
from knowledge_base.evaluation_errors import kind_label
from knowledge_base.evaluation_plot import Chart, Estimate, Row
from knowledge_base.french_dates import MONTHS

Groups = Mapping[str, Sequence[Answer]]

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 76rem; margin: 2rem auto; padding: 0 1rem }
p, dl, ul { max-width: 46rem } h2 { margin-top: 2.5rem }
dl.reading dt { font-weight: 600 }
.figure { display: grid; gap: 1rem 2rem; margin: 1rem 0 2rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)) }
table { border-collapse: collapse; width: 100%; font-size: .875rem }
caption { text-align: left; font-weight: 600 }
td, th { border-bottom: 1px solid #ccc; padding: .25rem .5rem .25rem 0; text-align: left }
td { font-variant-numeric: tabular-nums }
@media (min-width: 40rem) { td { white-space: nowrap } }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0 }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt } figure, tr { break-inside: avoid }
  .figure { grid-template-columns: 1fr } svg.plot { max-width: 14cm }
  details::details-content { content-visibility: visible; block-size: auto }
}
"""
_READING = {
    "Système « seul »": "un seul signal, sur les mêmes fiches : les mots (BM25), ou un encodeur "
    "(moyenne des trois façons de dire les plus proches du message).",
    "Hit@1, Hit@3": "sur 100 messages, ceux dont une bonne fiche est la première, ou dans les "
    "trois premières.",
    "MRR": "moyenne de 1 / rang de la première bonne fiche, sur 100 : 100 si elle est toujours "
    "première, 50 si elle est toujours deuxième.",
    "nDCG@10": "sur 100, ce que valent les dix premières fiches : tous les besoins dits "
    "comptent, et chacun vaut moins plus il vient loin.",
    "Intervalle à 95 %": "obtenu par bootstrap, 1 000 tirages des messages. Deux systèmes dont les "
    "intervalles se recouvrent largement ne sont pas départagés. Sur quelques messages, un "
    "intervalle étroit ou nul ne prouve rien.",
}
_HITS, _RANKS = ("Hit@1", "Hit@3"), ("MRR", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run has found. The first of ``systems`` is ours; ``notes`` are sentences."""

    name: str
    files: tuple[str, ...]
    day: date
    systems: Mapping[str, list[Answer]]
    notes: tuple[str, ...]


def render(findings: Findings, known: Catalogue) -> str:
    """Return the whole page, that needs no other file."""
    title = html.escape(f"Recherche : jeu « {findings.name} »")
    style = "".join((_STYLE, evaluation_plot.STYLE, evaluation_errors.STYLE))
    ours = next(iter(findings.systems.values()))
    parts = [
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title><style>{style}</style></head><body><main>",
        f"<h1>{title}</h1>",
        _summary(findings, ours),
        *_systems(findings.systems),
        *_by("sorte de message", "sorte", {n: _kinds(a) for n, a in findings.systems.items()}),
        *_by(
            "thème",
            "theme",
            {n: evaluation.by_theme(a, known) for n, a in findings.systems.items()},
        ),
        "<h2>Erreurs une à une</h2>",
        f"<p>{html.escape(next(iter(findings.systems)))} : les messages dont la première fiche "
        "n’est pas une bonne, les plus mal placés d’abord. Ils ont été écrits pour mesurer : "
        "aucun ne vient d’une vraie personne.</p>",
        evaluation_errors.sections(ours, known),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def chart(chart_id: str, title: str, of: str, groups: Groups, measures: Sequence[str]) -> Chart:
    """Return the chart of ``measures`` with a row for each of ``groups``."""
    rows = (
        Row(name, len(some), tuple(_estimate(some, measure) for measure in measures))
        for name, some in groups.items()
    )
    return Chart(chart_id, title, of, tuple(measures), tuple(rows))


def _estimate(answers: Sequence[Answer], measure: str) -> Estimate:
    return Estimate(*evaluation.interval(np.array([MEASURES[measure](one) for one in answers])))


def _summary(findings: Findings, ours: Sequence[Answer]) -> str:
    outside = sum(answer.message.kind == OUT_OF_SCOPE for answer in ours)
    day = findings.day
    first = evaluation_plot.cell(_estimate(evaluation.asked(ours), "Hit@1"))
    notes = "".join(f"<li>{html.escape(_with_commas(note))}</li>" for note in findings.notes)
    reading = "".join(f"<dt>{name}</dt><dd>{what}</dd>" for name, what in _READING.items())
    return (
        f"<p>Mesuré le {day.day} {MONTHS[day.month - 1]} {day.year} sur {len(ours)} messages, dont "
        f"{outside} hors sujet ({html.escape(', '.join(findings.files))}). "
        f"<strong>Une bonne fiche vient en premier pour {first} messages sur 100.</strong></p>\n"
        f"<ul>{notes}</ul>\n<h2>Comment lire</h2>\n"
        f'<dl class="reading">{reading}</dl>'
    )


def _with_commas(text: str) -> str:
    """Return the printed ``text`` with its decimals as a French reader writes them."""
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)


def _systems(systems: Mapping[str, list[Answer]]) -> Iterator[str]:
    yield "<h2>Système par système</h2>"
    cut = {name: evaluation.by_difficulty(answers) for name, answers in systems.items()}
    for at, part in enumerate(next(iter(cut.values()))):
        groups = {name: some[part] for name, some in cut.items()}
        yield f"<h3>Messages : {part}</h3>"
        yield _pair(f"systemes-{at}", f"Systèmes ({part})", "Système", groups)


def _by(what: str, chart_id: str, cut: Mapping[str, Groups]) -> Iterator[str]:
    """Return the charts of each system by ``what``: ours first, the others to open."""
    yield f"<h2>Par {what}</h2>"
    for at, (name, groups) in enumerate(cut.items()):
        drawn = _pair(f"{chart_id}-{at}", f"{name}, par {what}", what.capitalize(), groups)
        if at == 0:
            yield drawn
        else:
            yield f"<details><summary>{html.escape(name)}</summary>\n{drawn}\n</details>"


def _pair(chart_id: str, title: str, of: str, groups: Groups) -> str:
    """Return two charts of the same groups: what is found, and at what rank."""
    return "\n".join(
        evaluation_plot.figure(
            chart(
                f"{chart_id}-{number}", f"{title} : {' et '.join(measures)}", of, groups, measures
            )
        )
        for number, measures in enumerate((_HITS, _RANKS))
    )


def _kinds(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    return {kind_label(kind): some for kind, some in evaluation.by_kind(answers).items()}
