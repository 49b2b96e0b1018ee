"""``python -m assistant simulate``: the interview against other ways of asking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date

from assistant.simulation import words
from assistant.simulation.citizens import Citizen, Town, population
from assistant.simulation.distribution import Distribution, flattened, load_distribution
from assistant.simulation.report import table, tally
from assistant.simulation.strategies import OURS, STRATEGIES, Moment, Strategy
from assistant.simulation.trial import Hits, run
from assistant.understanding.reader import load_reader
from knowledge_base.catalogue import Catalogue
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes
from knowledge_base.settings import SearchSettings

#: Ages in words (« née en 1941 ») are read at this date, so that figures do not move.
_TODAY = date(2026, 11, 25)
_PUBLISHED = {
    "A": "population A : celle sur laquelle les constantes sont choisies",
    "B": "population B : celle des chiffres publiés, jamais regardée pour choisir",
}


def simulate(
    catalogue: Catalogue, settings: SearchSettings, seed: str, size: int, flatten: float
) -> Iterator[str]:
    """Yield the lines of the report on ``size`` citizens of the population ``seed``.

    ``flatten`` (0 to 1) moves every proportion towards « all equal », to see what the
    figures owe to the distribution. Raises StaleIndex and EncoderError.
    """
    tables = flattened(load_distribution(), flatten)
    people = citizens(catalogue, tables, seed, size)
    hits = words.search(catalogue, settings, (need.words for one in people for need in one.needs))
    needs = sum(len(one.needs) for one in people)
    yield f"{size} personnes, {needs} besoins ; {_PUBLISHED[seed]}."
    if flatten:
        yield f"Proportions rapprochées de l’égalité : {flatten:.0%}."
    yield "Entre crochets : intervalle à 95 % (bootstrap sur les personnes)."
    yield ""
    yield from compare(people, hits, STRATEGIES)
    yield _speed(people, hits)


def citizens(catalogue: Catalogue, tables: Distribution, seed: str, size: int) -> list[Citizen]:
    """Return the citizens of a population; the same arguments give the same ones."""
    communes = load_communes()
    said = words.sayings(catalogue, seed)
    return population(
        size, seed, Town(catalogue, communes, load_reader(communes), tables, said, _TODAY)
    )


def compare(people: list[Citizen], hits: Hits, strategies: Mapping[str, Strategy]) -> Iterator[str]:
    """Yield the table of ``strategies`` on the same ``people``."""
    yield from table(
        {
            name: tally(people, [run(one, strategy, hits) for one in people])
            for name, strategy in strategies.items()
        }
    )


def _speed(people: list[Citizen], hits: Hits) -> str:
    """Return how long our choice of a question takes, in CPU time."""
    spent: list[float] = []
    for one in people:
        run(one, _timed(STRATEGIES[OURS], spent), hits)
    spent.sort()
    median, late = spent[len(spent) // 2] * 1000, spent[int(len(spent) * 0.95)] * 1000
    return f"Choix d’une question : {median:.2f} ms (médiane), {late:.2f} ms (95e centile), CPU."


def _timed(strategy: Strategy, spent: list[float]) -> Strategy:
    def choose(moment: Moment) -> Fact | None:
        start = time.thread_time()
        fact = strategy(moment)
        spent.append(time.thread_time() - start)
        return fact

    return choose
