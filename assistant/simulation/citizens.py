"""Simulated citizens: a whole true situation, needs in real words, a way of answering."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.candidates import is_received
from assistant.conversation import Known, Provenance
from assistant.deductions import deduce
from assistant.simulation.distribution import Distribution, Drawn, draw, draw_commune
from assistant.understanding.answers import known_of
from assistant.understanding.reader import FactReader
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation, Status, Value, evaluate
from knowledge_base.facts import FACTS, Choice, Fact, Kind
from knowledge_base.geography import Communes
from knowledge_base.models import Entry

#: Situations drawn for one citizen at most, and how many that fit are enough to choose from.
_SAMPLES, _ENOUGH = 150, 12
_TRIES = 8  # sayings tried for a further need that does not contradict the first ones


@dataclass(frozen=True, slots=True)
class Town:
    """What citizens are made from; ``sayings`` are the words they may use, by entry."""

    catalogue: Catalogue
    communes: Communes
    reader: FactReader
    tables: Distribution
    sayings: Mapping[str, Sequence[str]]
    today: date


@dataclass(frozen=True, slots=True)
class Need:
    """What a citizen comes for: the entry that answers, the words it is told with."""

    entry_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a question brings: facts now, and a correction that comes one turn later."""

    facts: Mapping[Fact, Known] = field(default_factory=dict)
    correction: Mapping[Fact, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citizen:
    """``truth`` has every fact (no age of a child without a child); ``told`` what the first
    words say. The same question always meets the same reaction, whatever was asked before.
    """

    name: str
    needs: tuple[Need, ...]
    truth: Situation
    told: Mapping[Fact, Known]
    town: Town = field(repr=False)

    def applicable(self) -> frozenset[str]:
        """Return the entries that answer a need, or a near one, and truly apply.

        Near: ``related`` to the entry of a need, with a theme in common.
        """
        entries = self.town.catalogue.entries
        relevant = {need.entry_id for need in self.needs}
        for need in self.needs:
            asked = entries[need.entry_id]
            relevant.update(
                other for other in asked.related if set(entries[other].themes) & set(asked.themes)
            )
        return frozenset(one for one in relevant if self.applies(entries[one]))

    def applies(self, entry: Entry) -> bool:
        """Tell whether every condition of ``entry`` holds and it is not received yet."""
        return _applies(entry, self.truth, self.town.catalogue)

    def react(self, fact: Fact) -> Reaction:
        """Answer the question of ``fact``, or not."""
        dice = random.Random(f"{self.name}:{fact}")  # noqa: S311
        manners = self.town.tables.manners
        if fact not in self.truth:  # the age of a child that there is not
            return Reaction({Fact.CHILDREN: _exact(0.0)})
        silent = manners.dont_know_of.get(fact, manners.dont_know)
        silent += manners.refuse + FACTS[fact].cost * manners.refuse_of_cost
        if dice.random() * 100 < silent:
            return Reaction()
        true = _answer(fact, self.truth[fact], dice, manners.button)
        if dice.random() * 100 >= manners.contradict:
            return Reaction({fact: true})
        false = _false(fact, self.truth[fact], dice, self.town.communes)
        corrected = dice.random() * 100 < manners.corrected
        return Reaction({fact: false}, {fact: true} if corrected else {})


def population(count: int, seed: str, town: Town) -> list[Citizen]:
    """Return ``count`` citizens; the same ``seed`` and town give the same ones."""
    return [_citizen(f"{seed}:{number}", town) for number in range(count)]


def _citizen(name: str, town: Town) -> Citizen:
    dice = random.Random(name)  # noqa: S311
    manners = town.tables.manners
    wanted = int(dice.choices(list(manners.needs), list(manners.needs.values()))[0])
    needs: list[Need] = []
    told: dict[Fact, Known] = {}
    for _ in range(wanted):
        _add_need(needs, told, town, dice)
    told.update(deduce(told))
    matched = [
        town.catalogue.entries[need.entry_id]
        for need in needs
        if dice.random() * 100 >= manners.mismatch
    ]
    truth = _truth({fact: known.as_value() for fact, known in told.items()}, matched, town, dice)
    return Citizen(name, tuple(needs), truth, told, town)


def _add_need(needs: list[Need], told: dict[Fact, Known], town: Town, dice: random.Random) -> None:
    """Add a need whose words do not contradict ``told``, if one is found."""
    for _ in range(_TRIES):
        entry_id = _another(needs, town, dice)
        words = dice.choice(town.sayings[entry_id])
        read = town.reader.read(words, town.today)
        if all(fact not in told or told[fact].as_value() == read[fact].as_value() for fact in read):
            needs.append(Need(entry_id, words))
            told.update(read)
            return


def _another(needs: Sequence[Need], town: Town, dice: random.Random) -> str:
    known = {need.entry_id for need in needs}
    if needs and dice.random() * 100 < town.tables.manners.related:
        near = town.catalogue.entries[needs[0].entry_id].related
        pool = [one for one in near if one not in known and town.sayings.get(one)]
        if pool:
            return dice.choice(pool)
    return dice.choice(
        [one for one, said in sorted(town.sayings.items()) if said and one not in known]
    )


def _truth(
    told: Situation, matched: Sequence[Entry], town: Town, dice: random.Random
) -> dict[Fact, Value]:
    """Return a drawn situation in which ``told`` is true and ``matched`` apply, if one is met."""
    fitting: dict[int, list[Drawn]] = {}
    for _ in range(_SAMPLES):
        one = draw(town.tables, told, town.catalogue.figures, dice)
        # What was told comes before what the needs ask.
        fit = sum(_applies(e, one.facts, town.catalogue) for e in matched) if one.weight else -1
        fitting.setdefault(fit, []).append(one)
        if len(fitting.get(len(matched), ())) == _ENOUGH:
            break
    best = fitting[max(fitting)]
    weights = [one.weight for one in best]
    chosen = dice.choices(best, weights if sum(weights) > 0 else None)[0].facts
    home = told.get(Fact.COMMUNE) or draw_commune(town.communes, dice)
    return {**chosen, Fact.COMMUNE: home}


def _applies(entry: Entry, truth: Situation, catalogue: Catalogue) -> bool:
    if is_received(entry, truth):
        return False
    return evaluate(entry.conditions, truth, catalogue.figures).status is Status.LIKELY


def _exact(number: float) -> Known:
    return Known(low=number, high=number, provenance=Provenance.ANSWERED)


def _answer(fact: Fact, value: Value, dice: random.Random, button: float) -> Known:
    if isinstance(value, tuple):
        choice = _choice_of(fact, value[0])
        by_button = dice.random() * 100 < button
        return known_of(fact, choice) if choice is not None and by_button else _exact(value[0])
    if isinstance(value, frozenset):
        return Known(values=tuple(sorted(value)), provenance=Provenance.ANSWERED)
    return Known(value=value, provenance=Provenance.ANSWERED)


def _choice_of(fact: Fact, number: float) -> Choice | None:
    for choice in FACTS[fact].choices:
        if (choice.low or 0) <= number and (choice.high is None or number <= choice.high):
            return choice
    return None


def _false(fact: Fact, truth: Value, dice: random.Random, communes: Communes) -> Known:
    if FACTS[fact].kind is Kind.COMMUNE:
        return Known(value=draw_commune(communes, dice), provenance=Provenance.ANSWERED)
    true = _choice_of(fact, truth[0]) if isinstance(truth, tuple) else None
    others = [
        choice
        for choice in FACTS[fact].choices
        if choice is not true
        and choice.value != truth
        and not (isinstance(truth, frozenset) and choice.value in truth)
    ]
    return known_of(fact, dice.choice(others))
