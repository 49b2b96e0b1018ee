"""The circuit breaker, with a clock set by hand."""

from __future__ import annotations

import pytest

from connectors.rasa.breaker import CircuitBreaker, CircuitOpen


class HandClock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    """A clock set by hand."""
    return HandClock()


@pytest.fixture
def breaker(clock: HandClock) -> CircuitBreaker:
    """A breaker that opens after three failures, for ten seconds."""
    return CircuitBreaker(failures=3, pause=10.0, clock=clock)


def fail(breaker: CircuitBreaker, times: int) -> None:
    """Make calls that fail."""
    for _ in range(times):
        breaker.before_call()
        breaker.failed()


def test_two_failures_leave_it_closed(breaker: CircuitBreaker) -> None:
    """Below the limit, calls go on."""
    fail(breaker, 2)
    breaker.before_call()
    assert not breaker.is_open


def test_three_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    """At the limit, the next call is refused without being made."""
    fail(breaker, 3)
    assert breaker.is_open
    with pytest.raises(CircuitOpen):
        breaker.before_call()


def test_a_success_forgets_the_failures_before_it(breaker: CircuitBreaker) -> None:
    """Only failures in a row count."""
    fail(breaker, 2)
    breaker.before_call()
    breaker.succeeded()
    fail(breaker, 2)
    assert not breaker.is_open


def test_it_stays_open_until_the_pause_ends(breaker: CircuitBreaker, clock: HandClock) -> None:
    """Just before the end of the pause calls are refused, at the end one passes."""
    fail(breaker, 3)
    clock.now += 9.9
    with pytest.raises(CircuitOpen):
        breaker.before_call()
    clock.now += 0.1
    breaker.before_call()


def test_only_one_call_tries_again(breaker: CircuitBreaker, clock: HandClock) -> None:
    """While the probe is out, everybody else is refused."""
    fail(breaker, 3)
    clock.now += 10
    breaker.before_call()
    with pytest.raises(CircuitOpen):
        breaker.before_call()


def test_a_probe_that_works_closes_it(breaker: CircuitBreaker, clock: HandClock) -> None:
    """After a successful probe, calls pass as before and three failures are needed again."""
    fail(breaker, 3)
    clock.now += 10
    breaker.before_call()
    breaker.succeeded()
    fail(breaker, 2)
    assert not breaker.is_open


def test_a_probe_that_fails_opens_it_for_a_new_pause(
    breaker: CircuitBreaker, clock: HandClock
) -> None:
    """One failed probe is enough; the pause starts again from there."""
    fail(breaker, 3)
    clock.now += 10
    fail(breaker, 1)
    clock.now += 9
    with pytest.raises(CircuitOpen):
        breaker.before_call()
    clock.now += 1
    breaker.before_call()


def test_a_cancelled_probe_leaves_its_place(breaker: CircuitBreaker, clock: HandClock) -> None:
    """A probe that tells nothing does not lock the circuit for ever."""
    fail(breaker, 3)
    clock.now += 10
    breaker.before_call()
    breaker.abandoned()
    breaker.before_call()
    with pytest.raises(CircuitOpen):
        breaker.before_call()  # the place was taken by the probe above, and by nobody else
