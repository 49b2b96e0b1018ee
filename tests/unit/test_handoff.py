"""The state machine of a hand-off, its due dates and its receipt codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assistant.business_days import due_date, is_business_day
from assistant.handoff import (
    Case,
    Close,
    Event,
    Expire,
    MarkRead,
    NotReached,
    Outcome,
    Refusal,
    Refuse,
    Release,
    Reopen,
    Reply,
    Reroute,
    Send,
    Status,
    Take,
    TransitionRefused,
    Withdraw,
    apply,
)

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)
ALICE, BENOIT = "alice", "benoit"

#: Written by hand from the design: what each state accepts, when its owner (if any) acts.
ALLOWED: dict[Status, dict[type, Status]] = {
    Status.DRAFT: {Send: Status.SENT, Withdraw: Status.WITHDRAWN},
    Status.SENT: {
        MarkRead: Status.READ,
        Take: Status.TAKEN,
        Refuse: Status.REFUSED,
        Expire: Status.EXPIRED,
        Withdraw: Status.WITHDRAWN,
    },
    Status.READ: {
        Take: Status.TAKEN,
        Refuse: Status.REFUSED,
        Expire: Status.EXPIRED,
        Withdraw: Status.WITHDRAWN,
    },
    Status.TAKEN: {
        Reply: Status.TAKEN,
        Release: Status.READ,
        NotReached: Status.UNREACHABLE,
        Close: Status.CLOSED,
        Refuse: Status.REFUSED,
        Withdraw: Status.WITHDRAWN,
    },
    Status.UNREACHABLE: {
        Take: Status.TAKEN,
        Reply: Status.UNREACHABLE,
        Release: Status.READ,
        Close: Status.CLOSED,
        Withdraw: Status.WITHDRAWN,
    },
    Status.REFUSED: {Reroute: Status.SENT, Withdraw: Status.WITHDRAWN},
    Status.EXPIRED: {
        Take: Status.TAKEN,
        Reroute: Status.SENT,
        Withdraw: Status.WITHDRAWN,
    },
    Status.CLOSED: {Reopen: Status.TAKEN},
    Status.WITHDRAWN: {},
}

EVENTS: tuple[Event, ...] = (
    Send(),
    MarkRead(ALICE),
    Take(ALICE),
    Reply(ALICE),
    Release(ALICE),
    NotReached(ALICE),
    Close(ALICE, Outcome.HELPED),
    Reopen(ALICE),
    Refuse(ALICE, "hors secteur"),
    Reroute("ccas-vendome"),
    Expire(),
    Withdraw(),
)


def _case(status: Status, owner: str | None = None) -> Case:
    owned = status in (Status.TAKEN, Status.UNREACHABLE, Status.CLOSED)
    return Case(
        urgent=False,
        place_id="mds-blois",
        since=MONDAY,
        status=status,
        owner=owner or (ALICE if owned else None),
        due_at=None if status is Status.DRAFT else MONDAY + timedelta(days=7),
    )


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("status", Status)
def test_each_state_accepts_exactly_what_the_design_says(status: Status, event: Event) -> None:
    """An event leads to the state of the table, or is refused and changes nothing."""
    target = ALLOWED[status].get(type(event))
    before = _case(status)
    if target is None:
        with pytest.raises(TransitionRefused):
            apply(before, event, LATER)
        assert before == _case(status)
    else:
        assert apply(before, event, LATER).status is target


def test_the_usual_path_from_consent_to_the_end() -> None:
    """Sent, read, taken and closed: owner, due date and outcome are those expected."""
    case = Case(urgent=True, place_id="mds-blois", since=MONDAY)
    case = apply(case, Send(), MONDAY)
    assert case.due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    case = apply(case, MarkRead(ALICE), MONDAY + timedelta(hours=1))
    case = apply(case, Take(ALICE), MONDAY + timedelta(hours=2))
    assert (case.owner, case.since) == (ALICE, datetime(2026, 11, 23, 11, 30, tzinfo=UTC))
    case = apply(case, Close(ALICE, Outcome.APPOINTMENT), MONDAY + timedelta(hours=3))
    assert (case.status, case.owner, case.outcome) == (
        Status.CLOSED,
        ALICE,
        Outcome.APPOINTMENT,
    )


def test_refused_by_a_place_it_goes_to_another_one() -> None:
    """After a refusal the case is sent elsewhere, with a new delay and no owner."""
    case = apply(_case(Status.TAKEN), Refuse(ALICE, "hors secteur"), MONDAY)
    assert (case.owner, case.reason, case.tried) == (None, "hors secteur", ("mds-blois",))
    case = apply(case, Reroute("ccas-vendome"), MONDAY + timedelta(days=1))
    assert (case.place_id, case.status) == ("ccas-vendome", Status.SENT)
    assert case.due_at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("case", "event", "refusal"),
    [
        (_case(Status.TAKEN), Take(BENOIT), Refusal.OTHER_OWNER),
        (_case(Status.UNREACHABLE), Take(BENOIT), Refusal.OTHER_OWNER),
        (_case(Status.TAKEN), Refuse(BENOIT, "x"), Refusal.OTHER_OWNER),
        (_case(Status.TAKEN), Close(BENOIT, Outcome.HELPED), Refusal.NOT_OWNER),
        (_case(Status.TAKEN), Reply(BENOIT), Refusal.NOT_OWNER),
        (_case(Status.TAKEN), Release(BENOIT), Refusal.NOT_OWNER),
        (_case(Status.READ), Close(BENOIT, Outcome.HELPED), Refusal.NOT_OWNER),
        (_case(Status.CLOSED), Take(ALICE), Refusal.CLOSED),
        (_case(Status.CLOSED), Reopen(BENOIT), Refusal.NOT_OWNER),
        (_case(Status.TAKEN), Reopen(ALICE), Refusal.WRONG_STEP),
        (_case(Status.WITHDRAWN), Reopen(ALICE), Refusal.WITHDRAWN),
        (_case(Status.WITHDRAWN), Take(ALICE), Refusal.WITHDRAWN),
        (_case(Status.TAKEN), Send(), Refusal.WRONG_STEP),
    ],
)
def test_a_refusal_says_why(case: Case, event: Event, refusal: Refusal) -> None:
    """The professional is told which rule stopped them."""
    with pytest.raises(TransitionRefused) as refused:
        apply(case, event, MONDAY)
    assert refused.value.refusal is refusal


def test_a_case_does_not_expire_before_its_date() -> None:
    """One second before the due date nothing expires; at the due date it does."""
    case = _case(Status.SENT)
    assert case.due_at is not None
    with pytest.raises(TransitionRefused) as refused:
        apply(case, Expire(), case.due_at - timedelta(seconds=1))
    assert refused.value.refusal is Refusal.NOT_DUE
    assert apply(case, Expire(), case.due_at).status is Status.EXPIRED


def test_a_case_does_not_come_back_to_a_place_that_refused() -> None:
    """Sending a case again to a place that refused it is refused."""
    case = apply(_case(Status.SENT), Refuse(ALICE, "hors secteur"), MONDAY)
    with pytest.raises(TransitionRefused) as refused:
        apply(case, Reroute("mds-blois"), MONDAY)
    assert refused.value.refusal is Refusal.SAME_PLACE


def test_time_never_runs_backwards() -> None:
    """A clock that is late does not move « since » into the past."""
    case = apply(_case(Status.SENT), MarkRead(ALICE), MONDAY - timedelta(minutes=5))
    assert case.since == MONDAY


def test_the_sentence_read_after_sending() -> None:
    """The person reads, in plain French, that the case arrived and waits."""
    assert Status.SENT.label == "Votre demande est arrivée. Elle attend d’être lue."


def test_every_state_has_its_own_french_sentence() -> None:
    """No state is without a sentence, and two states never say the same."""
    labels = [status.label for status in Status]
    assert all(label.endswith(".") for label in labels)
    assert len(set(labels)) == 9


class HandoffLife(RuleBasedStateMachine):
    """Random events by two agents at random times: what must hold whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.case = Case(urgent=False, place_id="p0", since=self.now)
        self.history = [self.case]
        self.places = 0

    @initialize(urgent=st.booleans())
    def choose_urgency(self, urgent: bool) -> None:
        """Start with an urgent case or a usual one."""
        self.case = replace(self.case, urgent=urgent)
        self.history = [self.case]

    @rule(hours=st.integers(min_value=-1, max_value=300))
    def wait(self, hours: int) -> None:
        """Let time pass, or a clock be a little late."""
        self.now += timedelta(hours=hours)

    @rule(event=st.sampled_from(EVENTS), agent=st.sampled_from([ALICE, BENOIT]))
    def try_event(self, event: Event, agent: str) -> None:
        """Play one event: it follows the table, or is refused for a good reason."""
        if not isinstance(event, Send | Reroute | Expire | Withdraw):
            event = replace(event, by=agent)
        if isinstance(event, Reroute):
            self.places += 1
            event = Reroute(f"p{self.places}")
        before = self.case
        try:
            self.case = apply(before, event, self.now)
        except TransitionRefused:
            assert type(event) not in ALLOWED[before.status] or self._is_excused(before, event)
            return
        assert self.case.status is ALLOWED[before.status][type(event)]
        self.history.append(self.case)

    def _is_excused(self, before: Case, event: Event) -> bool:
        if isinstance(event, Expire):
            return before.due_at is not None and self.now < before.due_at
        return before.owner is not None and getattr(event, "by", None) != before.owner

    @precondition(lambda self: self.case.status is Status.TAKEN)
    @rule()
    def nobody_else_takes_it(self) -> None:
        """A taken case is refused to anybody else."""
        other = BENOIT if self.case.owner == ALICE else ALICE
        with pytest.raises(TransitionRefused):
            apply(self.case, Take(other), self.now)

    @invariant()
    def an_owner_exactly_when_somebody_answers_for_it(self) -> None:
        """There is an owner while taken, and after closing; never otherwise."""
        owned = self.case.status in (Status.TAKEN, Status.UNREACHABLE, Status.CLOSED)
        assert (self.case.owner is not None) == owned

    @invariant()
    def it_never_goes_from_one_owner_to_another_directly(self) -> None:
        """Between two owners there is a moment with none."""
        for earlier, later in zip(self.history, self.history[1:], strict=False):
            assert None in (earlier.owner, later.owner) or earlier.owner == later.owner

    @invariant()
    def a_case_that_left_has_a_due_date(self) -> None:
        """Every case that was sent has a due date."""
        never_sent = all(past.status in (Status.DRAFT, Status.WITHDRAWN) for past in self.history)
        assert (self.case.due_at is None) == never_sent

    @invariant()
    def time_goes_forward(self) -> None:
        """« Since » never goes back."""
        times = [past.since for past in self.history]
        assert times == sorted(times)

    @invariant()
    def only_a_closed_case_has_an_outcome(self) -> None:
        """An outcome is the mark of a closed case."""
        assert (self.case.outcome is not None) == (self.case.status is Status.CLOSED)

    @invariant()
    def the_person_can_always_take_it_back_until_the_end(self) -> None:
        """Until the end, the person can withdraw; nobody then owns the case."""
        if self.case.status not in (Status.CLOSED, Status.WITHDRAWN):
            assert apply(self.case, Withdraw(), self.now).owner is None


TestHandoffLife = HandoffLife.TestCase


@pytest.mark.parametrize(
    ("sent", "urgent", "due"),
    [
        pytest.param(
            datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
            True,
            datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
            id="urgent on Monday: Wednesday, 48 hours later",
        ),
        pytest.param(
            datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
            False,
            datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
            id="Monday: the next Monday",
        ),
        pytest.param(
            datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
            True,
            datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
            id="urgent on Friday: Tuesday",
        ),
        pytest.param(
            datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
            True,
            datetime(2026, 11, 25, 8, 0, tzinfo=UTC),
            id="urgent on Saturday: counts from Monday 9:00 in France",
        ),
        pytest.param(
            datetime(2026, 11, 9, 9, 30, tzinfo=UTC),
            True,
            datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
            id="urgent before 11 November: the holiday does not count",
        ),
        pytest.param(
            datetime(2026, 12, 23, 9, 30, tzinfo=UTC),
            False,
            datetime(2026, 12, 31, 9, 30, tzinfo=UTC),
            id="over Christmas",
        ),
        pytest.param(
            datetime(2027, 3, 26, 9, 30, tzinfo=UTC),
            True,
            datetime(2027, 3, 31, 8, 30, tzinfo=UTC),
            id="over Easter Monday and the change to summer time: same hour in France",
        ),
        pytest.param(
            datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
            True,
            datetime(2026, 11, 24, 23, 30, tzinfo=UTC),
            id="Sunday night in UTC is already Monday in France",
        ),
    ],
)
def test_due_dates(sent: datetime, urgent: bool, due: datetime) -> None:
    """The due date counts business days of France, at the same hour."""
    assert due_date(sent, urgent=urgent) == due


@given(
    st.datetimes(
        min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2032, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.booleans(),
)
def test_a_due_date_is_a_working_day_soon_enough(sent: datetime, urgent: bool) -> None:
    """A due date is never on a day off; urgent is within a week, usual within two and a half."""
    due = due_date(sent, urgent=urgent)
    assert is_business_day(due.astimezone(UTC).date()) or due.hour >= 22
    assert timedelta(days=1) < due - sent <= timedelta(days=7 if urgent else 17)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 7, 14), date(2026, 11, 22)])
def test_days_off(day: date) -> None:
    """Public holidays and Sundays are not business days."""
    assert not is_business_day(day)
