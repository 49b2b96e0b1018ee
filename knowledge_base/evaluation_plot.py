"""Bars with their intervals: one chart as inline SVG, and the same figures as a table.

No script and no file beside the page: it is read, printed and kept as it is. The second
series is drawn hollow, so that nothing depends on colours.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

STYLE = """
svg.plot { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: #222 }
svg.plot .grid { stroke: #ccc } svg.plot .bar { stroke: #234; fill: #7fb0db }
svg.plot .bar.s1 { fill: #fff } svg.plot .interval { stroke: #000; stroke-width: 1.5; fill: none }
svg.plot .label, svg.plot .value { dominant-baseline: central } svg.plot .label { text-anchor: end }
svg.plot .scale { text-anchor: middle; fill: #555 }
"""

#: The drawing, in its own units: where 0 and 100 are, and the heights.
_WIDTH, _ZERO, _HUNDRED = 640, 200, 580
_TOP, _BAR, _GAP, _FOOT = 30, 12, 10, 24
_CAP = 3  # half the height of the end of an interval
_SCALE = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its 95 % interval, from 0 to 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured of one group of ``count`` messages: an estimate for each series."""

    label: str
    count: int
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups (``of`` says of what) and two series at most; ``id`` is unique in the page."""

    id: str
    title: str
    of: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]


def figure(chart: Chart) -> str:
    """Return the chart and its table, side by side where there is room."""
    return f'<figure class="figure">\n{svg(chart)}\n{table(chart)}\n</figure>'


def svg(chart: Chart) -> str:
    """Return the chart as an SVG image with a title and a description."""
    height = _TOP + len(chart.rows) * _row_height(chart) + _FOOT
    name, about = f"{chart.id}-titre", f"{chart.id}-description"
    return "\n".join(
        [
            f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'aria-labelledby="{name} {about}" xmlns="http://www.w3.org/2000/svg">',
            f'<title id="{name}">{html.escape(chart.title)}</title>',
            f'<desc id="{about}">{html.escape(_description(chart))}</desc>',
            *_legend(chart),
            *_scale(height),
            *(part for at, row in enumerate(chart.rows) for part in _row(chart, at, row)),
            "</svg>",
        ]
    )


def table(chart: Chart) -> str:
    """Return the figures of the chart as a table."""
    heads = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in chart.series)
    return "\n".join(
        [
            f"<table><caption>{html.escape(chart.title)} : chiffres</caption>",
            f'<thead><tr><th scope="col">{html.escape(chart.of)}</th>'
            f'<th scope="col">Messages</th>{heads}</tr></thead><tbody>',
            *map(_table_row, chart.rows),
            "</tbody></table>",
        ]
    )


def number(share: float) -> str:
    """Return a share of 1 out of 100, as it is written in French: « 92,8 »."""
    return f"{100 * share:.1f}".replace(".", ",")


def cell(estimate: Estimate) -> str:
    """Return « 92,8 (89,5 à 95,6) »."""
    return f"{number(estimate.mean)} ({number(estimate.low)} à {number(estimate.high)})"


def _table_row(row: Row) -> str:
    cells = "".join(f"<td>{cell(estimate)}</td>" for estimate in row.estimates)
    return f'<tr><th scope="row">{html.escape(row.label)}</th><td>{row.count}</td>{cells}</tr>'


def _description(chart: Chart) -> str:
    return (
        f"Barres de 0 à 100, avec leur intervalle à 95 %, pour {' et '.join(chart.series)}. "
        "Les mêmes chiffres sont dans le tableau qui suit."
    )


def _legend(chart: Chart) -> Iterator[str]:
    for at, name in enumerate(chart.series):
        x = _ZERO + 120 * at
        yield f'<rect class="bar s{at}" x="{x}" y="4" width="14" height="{_BAR}"/>'
        yield f'<text class="value" x="{x + 20}" y="10">{html.escape(name)}</text>'


def _scale(height: int) -> Iterator[str]:
    bottom = height - _FOOT
    for mark in _SCALE:
        x = _x(mark / 100)
        yield f'<line class="grid" x1="{x}" y1="{_TOP - 4}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="scale" x="{x}" y="{bottom + 16}">{mark}</text>'


def _row(chart: Chart, at: int, row: Row) -> Iterator[str]:
    top = _TOP + at * _row_height(chart)
    middle = top + len(row.estimates) * _BAR / 2
    yield f'<text class="label" x="{_ZERO - 8}" y="{middle:g}">{html.escape(row.label)}</text>'
    for series, estimate in enumerate(row.estimates):
        yield from _bar(series, top + series * _BAR, estimate)


def _bar(series: int, top: int, estimate: Estimate) -> Iterator[str]:
    width, middle = round(_x(estimate.mean) - _ZERO, 1), top + _BAR // 2
    low, high = _x(estimate.low), _x(estimate.high)
    yield (f'<rect class="bar s{series}" x="{_ZERO}" y="{top}" width="{width:g}" height="{_BAR}"/>')
    yield (
        f'<path class="interval" d="M{low:g} {middle}H{high:g}'
        f"M{low:g} {middle - _CAP}v{2 * _CAP}M{high:g} {middle - _CAP}v{2 * _CAP}"
        '"/>'
    )
    yield f'<text class="value" x="{_HUNDRED + 14}" y="{middle}">{number(estimate.mean)}</text>'


def _row_height(chart: Chart) -> int:
    return len(chart.series) * _BAR + _GAP


def _x(share: float) -> float:
    return round(_ZERO + share * (_HUNDRED - _ZERO), 1)
