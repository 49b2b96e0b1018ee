"""One citizen, one way of asking: what was asked, what was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.candidates import Candidate, candidates, worth_showing
from assistant.conversation import Known
from assistant.deductions import deduce
from assistant.simulation.citizens import Citizen
from assistant.simulation.strategies import Moment, Strategy
from knowledge_base.conditions import Status, Value
from knowledge_base.facts import FACTS, Fact

#: From this cost on, a question is counted as intrusive: debts, pregnancy, income,
#: disability, residence permit, violence.
INTRUSIVE = 0.2
FIRST, MOST = 3, 5  # cards

#: Words of a need → relevance of each entry that the search finds for them.
Hits = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``first`` are the three cards shown at once, ``cards`` the five when more are wanted;
    ``wasted`` the intrusive questions whose answer changed none of the first three."""

    asked: tuple[Fact, ...]
    wasted: int
    first: frozenset[str]
    cards: frozenset[str]
    likely: frozenset[str]


def run(citizen: Citizen, strategy: Strategy, hits: Hits) -> Outcome:
    """Interview ``citizen`` until ``strategy`` stops asking, then show the cards."""
    scores = merged([hits[need.words] for need in citizen.needs])
    facts = dict(citizen.told)
    asked, wasted = _interview(citizen, strategy, scores, facts)
    found = _found(citizen, scores, facts)
    cards = worth_showing(found, MOST)
    return Outcome(
        asked,
        wasted,
        frozenset(card.entry.id for card in worth_showing(found, FIRST)),
        frozenset(card.entry.id for card in cards),
        frozenset(card.entry.id for card in cards if card.verdict.status is Status.LIKELY),
    )


def _interview(
    citizen: Citizen, strategy: Strategy, scores: Mapping[str, float], facts: dict[Fact, Known]
) -> tuple[tuple[Fact, ...], int]:
    """Complete ``facts``; return the facts asked and how many questions were wasted."""
    figures = citizen.town.catalogue.figures
    found = _found(citizen, scores, facts)
    asked: tuple[Fact, ...] = ()
    wasted = 0
    late: Mapping[Fact, Known] = {}
    while fact := strategy(Moment(found, _situation(facts), asked, figures)):
        asked += (fact,)
        reaction = citizen.react(fact)
        _learn(facts, {**late, **reaction.facts})
        late = reaction.correction
        before, found = found, _found(citizen, scores, facts)
        if FACTS[fact].cost >= INTRUSIVE and _first(before) == _first(found):
            wasted += 1
    _learn(facts, late)
    return asked, wasted


def merged(found: list[Mapping[str, float]]) -> dict[str, float]:
    """Return the best relevance of each entry over several needs."""
    scores: dict[str, float] = {}
    for hits in found:
        for entry_id, score in hits.items():
            scores[entry_id] = max(score, scores.get(entry_id, 0.0))
    return scores


def _learn(facts: dict[Fact, Known], told: Mapping[Fact, Known]) -> None:
    facts.update(told)
    facts.update(deduce(facts))


def _found(
    citizen: Citizen, scores: Mapping[str, float], facts: Mapping[Fact, Known]
) -> list[Candidate]:
    return candidates(citizen.town.catalogue, scores, _situation(facts))


def _situation(facts: Mapping[Fact, Known]) -> dict[Fact, Value]:
    return {fact: known.as_value() for fact, known in facts.items()}


def _first(found: list[Candidate]) -> list[tuple[str, Status]]:
    return [(card.entry.id, card.verdict.status) for card in worth_showing(found, FIRST)]
