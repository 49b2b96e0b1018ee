"""Comparing ways of asking on the same citizens, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.simulation.citizens import Citizen
from assistant.simulation.strategies import EVERYTHING, OURS
from assistant.simulation.trial import Outcome

_RESAMPLES = 2000
_WIDTH, _FIRST_WIDTH = 21, 44

Counts = npt.NDArray[np.float64]
#: A figure of a sample of citizens, from their counts [citizens].
Figure = Callable[["Tally"], float]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts for each citizen, float64 [citizens] each.

    ``applicable`` are the entries that answer a need or a near one and truly apply,
    ``wanted`` those of the needs themselves; ``shown_3`` and ``shown_5`` how many of the
    applicable are on the first cards, ``wanted_3`` and ``wanted_5`` of the wanted;
    ``confirmed`` how many applicable ones are said likely.
    """

    questions: Counts
    applicable: Counts
    shown_3: Counts
    shown_5: Counts
    wanted: Counts
    wanted_3: Counts
    wanted_5: Counts
    confirmed: Counts
    likely: Counts
    wrong: Counts
    wasted: Counts

    def of(self, rows: npt.NDArray[np.int64]) -> Tally:
        """Return the counts of the citizens ``rows``."""
        return Tally(*(getattr(self, name)[rows] for name in self.__slots__))


#: What is published, in order: its name, how it is computed, how it is written.
FIGURES: tuple[tuple[str, Figure, str], ...] = (
    ("Questions posées, médiane", lambda t: float(np.median(t.questions)), "{:.1f}"),
    ("Questions posées, moyenne", lambda t: float(np.mean(t.questions)), "{:.2f}"),
    ("Questions posées, 95e centile", lambda t: float(np.quantile(t.questions, 0.95)), "{:.1f}"),
    ("Questions posées, maximum", lambda t: float(np.max(t.questions)), "{:.0f}"),
    ("Aides applicables, 3 premières cartes", lambda t: _share(t.shown_3, t.applicable), "{:.3f}"),
    ("Aides applicables, 5 premières cartes", lambda t: _share(t.shown_5, t.applicable), "{:.3f}"),
    ("  celles du besoin lui-même, 3 cartes", lambda t: _share(t.wanted_3, t.wanted), "{:.3f}"),
    ("  celles du besoin lui-même, 5 cartes", lambda t: _share(t.wanted_5, t.wanted), "{:.3f}"),
    ("Applicables dites « probables »", lambda t: _share(t.confirmed, t.applicable), "{:.3f}"),
    ("Fausses « probables », part des probables", lambda t: _share(t.wrong, t.likely), "{:.3f}"),
    ("Questions intrusives pour rien, par personne", lambda t: float(np.mean(t.wasted)), "{:.2f}"),
)  # fmt: skip


def tally(people: Sequence[Citizen], outcomes: Sequence[Outcome]) -> Tally:
    """Count what each citizen was asked and shown."""
    rows = [_row(one, outcome) for one, outcome in zip(people, outcomes, strict=True)]
    return Tally(*np.array(rows, dtype=np.float64).T)


def table(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """Yield the lines of the comparison; each cell has its 95 % interval."""
    samples = _samples(len(next(iter(tallies.values())).questions))
    yield " " * _FIRST_WIDTH + "".join(f"{name:>{_WIDTH}}" for name in tallies)
    for label, figure, shape in FIGURES:
        cells = (_cell(one, figure, shape, samples) for one in tallies.values())
        yield f"{label:<{_FIRST_WIDTH}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)
    ours, all_of_it = tallies[OURS], tallies[EVERYTHING]
    for label, name in (("trouvées en 3 cartes", "shown_3"), ("trouvées en 5 cartes", "shown_5"),
                        ("dites « probables »", "confirmed")):  # fmt: skip
        yield f"Part de ce que trouve « tout demander », {label} : " + _ratio(
            getattr(ours, name), getattr(all_of_it, name), samples
        )


def _row(citizen: Citizen, outcome: Outcome) -> tuple[int, ...]:
    entries = citizen.town.catalogue.entries
    applicable = citizen.applicable()
    wanted = applicable & {need.entry_id for need in citizen.needs}
    return (
        len(outcome.asked),
        len(applicable),
        len(applicable & outcome.first),
        len(applicable & outcome.cards),
        len(wanted),
        len(wanted & outcome.first),
        len(wanted & outcome.cards),
        len(applicable & outcome.likely),
        len(outcome.likely),
        sum(not citizen.applies(entries[one]) for one in outcome.likely),
        outcome.wasted,
    )


def _samples(people: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(0).integers(0, people, (_RESAMPLES, people))


def _cell(counts: Tally, figure: Figure, shape: str, samples: npt.NDArray[np.int64]) -> str:
    drawn = [figure(counts.of(rows)) for rows in samples]
    return _with_interval(figure(counts), drawn, shape)


def _ratio(ours: Counts, everything: Counts, samples: npt.NDArray[np.int64]) -> str:
    drawn = [_share(ours[rows], everything[rows]) for rows in samples]
    return _with_interval(_share(ours, everything), drawn, "{:.3f}")


def _with_interval(value: float, drawn: Sequence[float], shape: str) -> str:
    low, high = np.quantile(drawn, [0.025, 0.975])
    text = f"{shape.format(value)} [{shape.format(low)} – {shape.format(high)}]"
    return text.replace(".", ",")


def _share(part: Counts, whole: Counts) -> float:
    total = float(whole.sum())
    return float(part.sum()) / total if total else 0.0
