"""The receipt: who reads, when, and whom to call until then."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.business_days import due_date
from assistant.conversation import RequestSheet, SaidDay, Session
from assistant.handoff import Status
from assistant.knowledge import Knowledge
from assistant.messages import Message
from connectors.handoff.cases import OpenedCase
from connectors.handoff.receipt import receipt_of

WEDNESDAY = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2026, 12, 24, 17, 30, tzinfo=UTC)
SHEET = RequestSheet(
    theme="logement",
    needs=(),
    urgent=False,
    urgency_rule=None,
    place_id="mds-41018",
    place_name="MDS de Blois",
    words=("je dors dehors",),
    facts={},
    proposed=(),
)
MEANWHILE = "Si cela devient grave avant, n’attendez pas l’équipe."


def receipt(offline: Knowledge, now: datetime, sheet: RequestSheet = SHEET) -> Message:
    """Return what the person is given at ``now``."""
    said = sheet.deadline.day if sheet.deadline else None
    due = due_date(now, urgent=sheet.urgent, said=said)
    opened = OpenedCase("id", "CDF347", Status.SENT, due, emailed=True)
    return receipt_of(opened, sheet, Session(), offline, now)


def test_in_office_hours_the_receipt_is_short(offline: Knowledge) -> None:
    """The code, the team, the delay."""
    given = receipt(offline, WEDNESDAY)
    assert "Votre code est CDF347." in given.text
    assert "Ce lieu n’a pas reçu votre demande. C’est l’équipe qui la lit." in given.text
    assert "au plus tard le mercredi 2 décembre à 10 h 30." in given.text
    assert MEANWHILE not in given.text
    assert given.lines is None


@pytest.mark.parametrize(
    ("now", "day"),
    [(FRIDAY_EVENING, "lundi 30 novembre"), (CHRISTMAS_EVE, "lundi 28 décembre")],
    ids=["week-end", "public holiday"],
)
def test_out_of_hours_it_says_when_and_whom_to_call(
    offline: Knowledge, now: datetime, day: str
) -> None:
    """The numbers are in the words and as cards to press."""
    given = receipt(offline, now)
    assert f"Elle peut lire la vôtre à partir du {day}." in given.text
    assert MEANWHILE in given.text
    assert "Nulle part où dormir : appelez le 115." in given.text
    assert "Santé en danger : appelez le 15." in given.text
    assert "Enfant en danger : appelez le 119." in given.text
    assert [line.number for line in given.lines or []] == ["15", "115", "119"]


def test_after_a_danger_the_lines_are_its_own(offline: Knowledge) -> None:
    """Even in office hours: a team may take two days."""
    urgent = SHEET.model_copy(update={"urgent": True, "urgency_rule": "suicide"})
    given = receipt(offline, WEDNESDAY, urgent)
    assert MEANWHILE in given.text
    assert [line.number for line in given.lines or []] == ["3114", "15", "112", "114"]


def test_a_day_that_comes_before_the_team_is_said(offline: Knowledge) -> None:
    """An expulsion on Monday, written on Friday evening: calling is the only way in time."""
    monday = SaidDay(date(2026, 11, 30), "expulsion lundi")
    given = receipt(offline, FRIDAY_EVENING, SHEET.model_copy(update={"deadline": monday}))
    assert "Vous avez dit : lundi 30 novembre. L’équipe répondra peut-être trop tard." in given.text
    assert "Téléphonez aussi vous-même : " in given.text
    assert "02 54 58 41 41" in given.text


def test_a_day_that_leaves_time_is_not_worried_about(offline: Knowledge) -> None:
    """The team must act before it."""
    later = SaidDay(date(2026, 12, 3), "expulsion le 3 décembre")
    given = receipt(offline, WEDNESDAY, SHEET.model_copy(update={"deadline": later}))
    assert "trop tard" not in given.text
