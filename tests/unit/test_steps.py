"""A long step is never silent."""

from __future__ import annotations

import itertools
import threading

import pytest

from knowledge_base.steps import step


def test_a_step_says_when_it_begins_goes_on_and_ends() -> None:
    """A line at once, one for each interval that passes, one with the whole time."""
    told: list[str] = []
    twice = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == 3:
            twice.set()

    clock = itertools.count(0, 10).__next__
    with step("Index", "122 fiches", tell, every_s=0.001, clock=clock):
        assert twice.wait(30)
    assert told[:3] == [
        "Index : 122 fiches…",
        "Index : toujours en cours (10 s)…",
        "Index : toujours en cours (20 s)…",
    ]
    assert told[-1] == f"Index : prêt en {10 * (len(told) - 1)} s."


def test_a_step_that_counts_says_how_far_it_is() -> None:
    """What is done out of the whole, once the whole is known."""
    told: list[str] = []
    said = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        if "textes" in line:
            said.set()

    clock = itertools.count(0, 10).__next__
    with step("Index", "122 fiches", tell, every_s=0.001, clock=clock) as progress:
        progress.add(120)
        progress.things, progress.total = "textes lus", 315
        assert said.wait(30)
    assert any(line.startswith("Index : 120/315 textes lus (") for line in told)


def test_a_short_step_says_two_lines() -> None:
    """Nothing in between."""
    told: list[str] = []
    with step("Index", "122 fiches", told.append, clock=itertools.count(0, 3).__next__):
        pass
    assert told == ["Index : 122 fiches…", "Index : prêt en 3 s."]


def test_a_step_that_fails_does_not_say_that_it_is_ready() -> None:
    """The exception goes on, and the ticking stops."""
    told: list[str] = []
    with pytest.raises(ValueError, match="non"), step("Index", "122 fiches", told.append):
        raise ValueError("non")
    assert told == ["Index : 122 fiches…"]
    assert [one for one in threading.enumerate() if one.name.startswith("step")] == []
