"""The entries that may answer a person, with what is known of their conditions.

Candidates come from the search of each need told; several needs in one conversation are
merged by keeping the best score of each entry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Figures, Situation, Status, Verdict, evaluate
from knowledge_base.facts import Fact
from knowledge_base.models import Entry
from knowledge_base.vocabulary import Delay, Stage, Stake

#: What an entry weighs when it is vital, important or useful.
STAKE_WEIGHT: Mapping[Stake, float] = {Stake.HIGH: 1.0, Stake.MEDIUM: 0.7, Stake.LOW: 0.4}
#: What it weighs more when the help can be there today, or this week.
DELAY_WEIGHT: Mapping[Delay, float] = {Delay.TONIGHT: 1.5, Delay.THIS_WEEK: 1.2, Delay.WEEKS: 1.0}
#: How much of its relevance an entry keeps when its conditions are unsure or fail.
STATUS_WEIGHT: Mapping[Status, float] = {
    Status.LIKELY: 1.0,
    Status.TO_CHECK: 0.8,
    Status.UNLIKELY: 0.1,
}
#: How much it keeps when nobody has read its card again for twice the time it should take.
DEMOTED_WEIGHT = 0.5
#: A card is shown at once when its worth is at least this share of the best one's; when
#: more are wanted, this smaller share: on population A of the simulator the entry of the
#: need is then among five cards for 83 % of needs, and for 78 % with the first share.
SHARE_OF_BEST = 0.15
SHARE_OF_MORE = 0.02
#: Cards shown at once.
FIRST_CARDS = 3
#: Below this relevance an entry is never shown, whatever the others.
LEAST_SCORE = 0.008
#: The cover that is also a benefit: said as one or as the other.
_CSS = "css"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, its relevance (probability 0..1) and its verdict for the situation."""

    entry: Entry
    score: float
    verdict: Verdict
    stage: Stage = Stage.CURRENT

    @property
    def worth(self) -> float:
        """Relevance once the conditions and the age of the card are counted: orders the cards."""
        kept = DEMOTED_WEIGHT if self.stage is Stage.DEMOTED else 1.0
        return self.score * STATUS_WEIGHT[self.verdict.status] * kept

    @property
    def stakes(self) -> float:
        """What is lost when it is missed: what a question about it is worth."""
        return self.score * STAKE_WEIGHT[self.entry.stake] * DELAY_WEIGHT[self.entry.delay]

    @property
    def is_urgent(self) -> bool:
        """Tell whether it is a vital help that can be there today, not ruled out."""
        vital = self.entry.stake is Stake.HIGH and self.entry.delay is Delay.TONIGHT
        return vital and self.verdict.status is not Status.UNLIKELY


def candidates(
    catalogue: Catalogue, scores: Mapping[str, float], situation: Situation
) -> list[Candidate]:
    """Return the candidates of ``scores`` (entry id → relevance), the most worth first.

    What the person already receives is left out, and the cards too old to be shown; an id
    that left the catalogue is ignored.
    """
    stages = catalogue.stages
    found = [
        Candidate(
            entry,
            score,
            evaluate(entry.conditions, situation, catalogue.figures),
            stages.get(entry_id, Stage.CURRENT),
        )
        for entry_id, score in scores.items()
        if (entry := catalogue.entries.get(entry_id)) is not None
        and stages.get(entry_id) is not Stage.HIDDEN
        and not is_received(entry, situation)
    ]
    return sorted(found, key=_most_worth)


def reassessed(
    found: list[Candidate], situation: Situation, fact: Fact, figures: Figures
) -> list[Candidate]:
    """Return what ``found`` becomes once ``fact`` is known to be as in ``situation``."""
    again = [
        replace(one, verdict=evaluate(one.entry.conditions, situation, figures))
        if any(leaf.fact is fact for condition in one.entry.conditions for leaf in condition.any)
        else one
        for one in found
        if not is_received(one.entry, situation)
    ]
    return sorted(again, key=_most_worth)


def is_received(entry: Entry, situation: Situation) -> bool:
    """Tell whether the person already receives what ``entry`` gives."""
    received = situation.get(Fact.BENEFITS_RECEIVED)
    if isinstance(received, frozenset) and received & set(entry.already):
        return True
    return situation.get(Fact.HEALTH_COVER) == _CSS and _CSS in entry.already


def _most_worth(candidate: Candidate) -> tuple[float, float, str]:
    return (-candidate.worth, -candidate.score, candidate.entry.id)


def worth_showing(
    found: list[Candidate],
    limit: int,
    first: tuple[str, ...] = (),
    named: Collection[str] = (),
) -> list[Candidate]:
    """Return the candidates to show, at most ``limit``.

    The entries ``first`` come before everything, then the urgent helps among those worth
    showing at once, whatever their score, then the most worth. What is unlikely is not
    shown, unless the person named it: it then says why it is unlikely.
    """
    called = sorted(
        (c for c in found if c.entry.id in first), key=lambda c: first.index(c.entry.id)
    )
    rest = [
        one
        for one in found
        if one.entry.id not in first
        and (one.verdict.status is not Status.UNLIKELY or one.entry.id in named)
    ]
    if not rest:
        return called[:limit]
    at_once = max(LEAST_SCORE, rest[0].worth * SHARE_OF_BEST)
    floor = max(LEAST_SCORE, rest[0].worth * SHARE_OF_MORE) if limit > FIRST_CARDS else at_once
    urgent = [one for one in rest if one.is_urgent and one.worth >= at_once]
    wanted = [one for one in rest if one.worth >= floor or one.entry.id in named]
    others = [one for one in wanted if one not in urgent]
    shown = (called + urgent + others)[:limit]
    # What the person named has a place, even the last one.
    asked = [one for one in others if one.entry.id in named and one not in shown][:1]
    return [*shown[: limit - len(asked)], *asked]
