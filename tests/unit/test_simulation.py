"""Simulated citizens: whole, true to their words, the same at every run."""

from __future__ import annotations

import random
from datetime import date

import pytest

from assistant.conversation import Known
from assistant.simulation import strategies
from assistant.simulation.citizens import Citizen, Need, Town, population
from assistant.simulation.distribution import (
    Distribution,
    draw,
    flattened,
    load_distribution,
)
from assistant.simulation.report import table, tally
from assistant.simulation.trial import Hits, merged, run
from assistant.simulation.words import SEEDS, sayings
from assistant.understanding.reader import load_reader
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation
from knowledge_base.facts import FACTS, Fact
from knowledge_base.geography import load_communes
from knowledge_base.holdout import held_out

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def town(catalogue: Catalogue) -> Town:
    """The real catalogue and tables, with the words of population A."""
    communes = load_communes()
    tables, said = load_distribution(), sayings(catalogue, "A")
    return Town(catalogue, communes, load_reader(communes), tables, said, TODAY)


@pytest.fixture(scope="module")
def people(town: Town) -> list[Citizen]:
    """Twenty citizens."""
    return population(20, "A", town)


@pytest.fixture(scope="module")
def hits(people: list[Citizen]) -> Hits:
    """A search that always finds the right entry, and its neighbours a little."""
    entries = people[0].town.catalogue.entries
    return {
        need.words: {need.entry_id: 0.8} | dict.fromkeys(entries[need.entry_id].related, 0.1)
        for one in people
        for need in one.needs
    }


def test_every_proportion_says_where_it_comes_from() -> None:
    """A table without a source says « hypothèse »."""
    tables = load_distribution()
    for part in (*tables.tables, *tables.benefits, tables.manners):
        assert part.source.strip()


@pytest.mark.parametrize("age", range(96))
def test_a_whole_situation_can_be_drawn_at_any_age(town: Town, age: int) -> None:
    """Every fact of the list has a value that the list knows; a child's age needs a child."""
    told: Situation = {Fact.AGE: (float(age), float(age)), Fact.FOR_WHOM: "me"}
    drawn = draw(town.tables, told, town.catalogue.figures, random.Random(age))
    missing = set(Fact) - set(drawn.facts) - {Fact.COMMUNE}
    assert missing <= {Fact.CHILD_AGE}
    assert (Fact.CHILD_AGE in drawn.facts) == (drawn.facts[Fact.CHILDREN] != (0.0, 0.0))
    for fact, value in drawn.facts.items():
        known = {choice.value for choice in FACTS[fact].choices}
        if isinstance(value, str):
            assert value in known
        elif isinstance(value, frozenset):
            assert value <= known


def test_flattened_moves_every_share_to_equality(town: Town) -> None:
    """At 1 every value is as probable; at 0 nothing moves; totals are kept."""
    table_of = {table.fact: table for table in flattened(town.tables, 1.0).tables}
    assert list(table_of[Fact.FOR_WHOM].weights.values()) == pytest.approx([100 / 6] * 6)
    assert flattened(town.tables, 0.0) == town.tables
    assert isinstance(flattened(town.tables, 0.5), Distribution)


def test_the_words_of_the_two_populations_are_not_the_same(catalogue: Catalogue) -> None:
    """All were kept out of the training; none serves both to choose and to publish."""
    one, other = (sayings(catalogue, seed) for seed in SEEDS)
    for entry_id in catalogue.entries:
        assert set(one[entry_id]) & set(other[entry_id]) == set()
        assert all(held_out(text) for text in one[entry_id] + other[entry_id])
        assert one[entry_id]


def test_the_same_seed_gives_the_same_people(people: list[Citizen], town: Town) -> None:
    """Another seed gives others."""
    assert population(20, "A", town) == people
    assert population(20, "B", town) != people


def test_people_are_true_to_their_words(people: list[Citizen]) -> None:
    """One to three needs each, in words of their entries; what is said is true."""
    for one in people:
        assert 1 <= len(one.needs) <= 3
        assert all(need.words in one.town.sayings[need.entry_id] for need in one.needs)
        for fact, known in one.told.items():
            said, true = known.as_value(), one.truth[fact]
            if isinstance(said, tuple) and isinstance(true, tuple):
                assert said[0] <= true[0]
                assert said[1] is None or (true[1] is not None and true[1] <= said[1])
            elif isinstance(said, frozenset) and isinstance(true, frozenset):
                assert said - {"none"} <= true
            else:
                assert said == true


def test_most_needs_are_those_of_people_whom_they_suit(people: list[Citizen]) -> None:
    """Some people ask for what is not for them: that is in the published shares."""
    needs = [(one, need) for one in people for need in one.needs]
    suited = sum(one.applies(one.town.catalogue.entries[n.entry_id]) for one, n in needs)
    assert 0.6 < suited / len(needs) <= 1.0


def test_the_same_question_meets_the_same_answer(people: list[Citizen]) -> None:
    """Whatever way of asking is tried: only so can they be compared."""
    for one in people:
        for fact in Fact:
            assert one.react(fact) == one.react(fact)


def test_people_answer_do_not_know_refuse_and_contradict_themselves(town: Town) -> None:
    """Over many citizens the published shares come out, more silence for what is intimate."""
    truth = draw(town.tables, {Fact.AGE: (40.0, 40.0)}, town.catalogue.figures, random.Random(1))
    crowd = [Citizen(f"x:{n}", (), {**truth.facts}, {}, town) for n in range(2000)]
    said = {fact: [one.react(fact) for one in crowd] for fact in (Fact.HOUSEHOLD, Fact.VIOLENCE)}
    silent = {f: sum(not r.facts for r in reactions) / 2000 for f, reactions in said.items()}
    assert silent[Fact.HOUSEHOLD] == pytest.approx(0.075, abs=0.02)
    assert silent[Fact.VIOLENCE] == pytest.approx(0.25, abs=0.03)
    household = truth.facts[Fact.HOUSEHOLD]
    answered = [r for r in said[Fact.HOUSEHOLD] if r.facts]
    false = [r for r in answered if r.facts[Fact.HOUSEHOLD].value != household]
    assert len(false) / len(answered) == pytest.approx(0.04, abs=0.015)
    corrected = [r for r in false if r.correction]
    assert {r.correction[Fact.HOUSEHOLD].value for r in corrected} == {household}
    assert len(corrected) / len(false) == pytest.approx(0.5, abs=0.2)


def test_a_childless_person_says_so(town: Town) -> None:
    """Asked the age of the child, a person without children tells that there is none."""
    truth = {Fact.CHILDREN: (0.0, 0.0)}
    facts = Citizen("x", (), truth, {}, town).react(Fact.CHILD_AGE).facts
    assert facts[Fact.CHILDREN].as_value() == (0.0, 0.0)


def test_several_needs_keep_their_best_scores() -> None:
    """As in a conversation, an entry found twice has its best relevance."""
    assert merged([{"rsa": 0.2, "css": 0.5}, {"rsa": 0.6}]) == {"rsa": 0.6, "css": 0.5}


@pytest.mark.parametrize("name", list(strategies.STRATEGIES))
def test_every_way_of_asking_ends(people: list[Citizen], hits: Hits, name: str) -> None:
    """No question twice, none about what was told, and five at most but for « tout »."""
    for one in people:
        outcome = run(one, strategies.STRATEGIES[name], hits)
        assert len(set(outcome.asked)) == len(outcome.asked)
        assert name == strategies.EVERYTHING or len(outcome.asked) <= 5
        assert len(outcome.first) <= 3
        assert len(outcome.cards) <= 5


def test_asking_nothing_asks_nothing(people: list[Citizen], hits: Hits) -> None:
    """The first cards of the search alone: the lowest line of the table."""
    outcome = run(people[0], strategies.nothing, hits)
    assert (outcome.asked, outcome.wasted) == ((), 0)


def test_a_need_that_applies_is_counted_found(town: Town) -> None:
    """A citizen made by hand: the APA applies, is found, and is said likely at once."""
    told = {
        Fact.AGE: Known(low=80, high=80),
        Fact.LOSS_OF_AUTONOMY: Known(value="yes"),
        Fact.HOUSING_STATUS: Known(value="owner"),
        Fact.COMMUNE: Known(value="41018"),
    }
    truth = {fact: known.as_value() for fact, known in told.items()}
    one = Citizen("x", (Need("apa_domicile", "mots"),), truth, told, town)
    assert {"apa_domicile", "teleassistance"} <= one.applicable()
    assert "repit_aidants" not in one.applicable()
    outcome = run(one, strategies.ours(), {"mots": {"apa_domicile": 0.9}})
    assert outcome.asked == ()
    assert outcome.cards == outcome.likely == {"apa_domicile"}
    counts = tally([one], [outcome])
    assert counts.wanted_3.tolist() == counts.wanted.tolist() == [1.0]
    assert counts.wrong.tolist() == [0.0]


def test_the_report_has_a_line_for_each_figure(people: list[Citizen], hits: Hits) -> None:
    """Every way of asking is a column; the shares against asking everything come last."""
    tallies = {
        name: tally(people, [run(one, way, hits) for one in people])
        for name, way in strategies.STRATEGIES.items()
    }
    lines = list(table(tallies))
    assert all(name in lines[0] for name in tallies)
    assert any(line.startswith("Questions posées, médiane") for line in lines)
    assert any(line.startswith("Questions intrusives pour rien") for line in lines)
    assert lines[-1].startswith("Part de ce que trouve « tout demander »")
