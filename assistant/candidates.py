"""The entries that may answer a person, with what is known of their conditions.

Candidates come from the search of each need told; several needs in one conversation are
merged by keeping the best score of each entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation, Status, Verdict, evaluate
from knowledge_base.facts import Fact
from knowledge_base.models import Entry
from knowledge_base.vocabulary import Stake

#: What an entry weighs when it is vital, important or useful.
STAKE_WEIGHT: Mapping[Stake, float] = {Stake.HIGH: 1.0, Stake.MEDIUM: 0.7, Stake.LOW: 0.4}
#: How much of its relevance an entry keeps when its conditions are unsure or fail.
STATUS_WEIGHT: Mapping[Status, float] = {
    Status.LIKELY: 1.0,
    Status.TO_CHECK: 0.8,
    Status.UNLIKELY: 0.1,
}
#: A card is shown when its worth is at least this share of the best one's.
SHARE_OF_BEST = 0.15
#: Below this relevance an entry is never shown, whatever the others.
LEAST_SCORE = 0.008


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, its relevance (probability 0..1) and its verdict for the situation."""

    entry: Entry
    score: float
    verdict: Verdict

    @property
    def worth(self) -> float:
        """Relevance once the conditions are counted: what orders the cards."""
        return self.score * STATUS_WEIGHT[self.verdict.status]


def candidates(
    catalogue: Catalogue, scores: Mapping[str, float], situation: Situation
) -> list[Candidate]:
    """Return the candidates of ``scores`` (entry id → relevance), the most worth first.

    What the person already receives is left out; an id that left the catalogue is ignored.
    """
    received = situation.get(Fact.BENEFITS_RECEIVED, frozenset())
    found = [
        Candidate(entry, score, evaluate(entry.conditions, situation, catalogue.figures))
        for entry_id, score in scores.items()
        if (entry := catalogue.entries.get(entry_id)) is not None
        and not (isinstance(received, frozenset) and received & set(entry.already))
    ]
    return sorted(found, key=lambda one: (-one.worth, -one.score, one.entry.id))


def worth_showing(
    found: list[Candidate], limit: int, first: tuple[str, ...] = ()
) -> list[Candidate]:
    """Return the candidates to show, at most ``limit``; the entries ``first`` come before."""
    urgent = sorted(
        (c for c in found if c.entry.id in first), key=lambda c: first.index(c.entry.id)
    )
    rest = [candidate for candidate in found if candidate.entry.id not in first]
    if rest:
        floor = max(LEAST_SCORE, rest[0].worth * SHARE_OF_BEST)
        rest = [candidate for candidate in rest if candidate.worth >= floor]
    return (urgent + rest)[:limit]
