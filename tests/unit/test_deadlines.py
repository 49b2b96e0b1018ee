"""The day by which it will be too late, as people say it, and what it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.business_days import due_date, opens_at, reading_day
from assistant.conversation import SaidDay
from assistant.handoff import Case, Release, Send, Status, Take, apply
from assistant.understanding.deadlines import keep, read_deadline

#: A Wednesday.
TODAY = date(2026, 11, 25)
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("il sort de l'hôpital jeudi", THURSDAY),
        ("jeudi il sort de l'hopital et rien est pret", THURSDAY),
        ("expulsion le 3 décembre", date(2026, 12, 3)),
        ("je vais être expulsée le 3 decembre", date(2026, 12, 3)),
        ("ils coupent le courant jeudi 3", date(2026, 12, 3)),
        ("j'ai une audience lundi au tribunal", MONDAY),
        ("j'ai reçu une lettre, l'audience est le 10/12", date(2026, 12, 10)),
        ("on m'a donné jusqu'à lundi", MONDAY),
        ("j'ai été convoqué pour lundi", MONDAY),
        ("avant vendredi", FRIDAY),
        ("l'huissier vient demain matin", THURSDAY),
        ("mon mari rentre de l'hopital après-demain", FRIDAY),
        ("j'ai 48h pour quitter l'appartement", FRIDAY),
        ("ils m'ont dit de partir sous 48h", FRIDAY),
        ("je dois partir dans deux jours", FRIDAY),
        ("je dois rendre les clés au plus tard le 5", date(2026, 12, 5)),
        ("on me coupe l'électricité le 15", date(2026, 12, 15)),
        ("je dois quitter mon logement d'ici la fin du mois", date(2026, 11, 30)),
        ("expulsion la semaine prochaine", MONDAY),
        ("mon bail se termine le 1er janvier 2027", date(2027, 1, 1)),
        ("non l'audience c'est pas lundi c'est mardi", date(2026, 12, 1)),
        ("je sais pas où dormir ce soir", TODAY),
    ],
)
def test_a_day_ahead_is_read(text: str, day: date) -> None:
    """With its words, so that the professional judges what it is."""
    said = read_deadline(text, TODAY)
    assert said is not None
    assert (said.day, said.since) == (day, False)
    assert said.words in text


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("plus de gaz depuis hier", date(2026, 11, 24)),
        ("on a plus de chauffage depuis lundi", date(2026, 11, 23)),
        ("je n'ai pas mangé depuis trois jours", date(2026, 11, 22)),
        ("l'edf a été coupé hier", date(2026, 11, 24)),
        ("je dors dehors depuis hier soir", date(2026, 11, 24)),
    ],
)
def test_what_is_missing_since_a_few_days_is_read(text: str, day: date) -> None:
    """It has begun: the day is told as such."""
    assert read_deadline(text, TODAY) == SaidDay(day, text, since=True)


@pytest.mark.parametrize(
    "text",
    [
        "l'huissier est passé lundi", "ma mère est tombée jeudi", "j'ai été expulsé lundi",
        "j'ai reçu une lettre lundi", "il m'a frappé lundi soir", "j'ai payé vendredi",
        "j'ai perdu mon travail jeudi dernier", "l'audience était le 3 octobre",
        "mon titre de séjour a expiré le 20 octobre", "mon fils est né le 3 décembre 2019",
        "je suis né le 12/03/1980", "il est né le 30", "je travaille tous les lundis",
        "c'est fermé le lundi", "je touche le rsa le 5", "appelez-moi jeudi", "appelez le 15",
        "je suis au chômage depuis lundi", "depuis 3 ans je suis sans logement",
        "je boucle pas mes fins de mois", "j'ai 3 enfants et 45 ans", "on est mercredi",
        "nous sommes le 25 novembre", "aujourd'hui je suis seul", "le 31 février",
        "j'arrive plus à payer mon loyer", "",
    ],
)  # fmt: skip
def test_a_story_a_birth_or_a_habit_is_no_deadline(text: str) -> None:
    """A day that was not said ahead is not invented."""
    assert read_deadline(text, TODAY) is None


def test_the_nearest_day_counts() -> None:
    """Of two days, the first one to come is the one to act before."""
    said = read_deadline("audience le 10 décembre, et il sort de l'hôpital vendredi", TODAY)
    assert said == SaidDay(FRIDAY, "il sort de l'hôpital vendredi")


def test_a_long_sentence_is_cut_around_the_day() -> None:
    """The words kept are those around the day."""
    text = "alors " * 30 + "le propriétaire veut que je parte vendredi " + "voilà " * 30
    said = read_deadline(text, TODAY)
    assert said is not None
    assert said.words == ("alors le propriétaire veut que je parte vendredi voilà voilà voilà")


NOTED = SaidDay(MONDAY, "audience lundi")


@pytest.mark.parametrize(
    ("text", "today", "kept"),
    [
        ("j'ai deux enfants", TODAY, NOTED),
        ("il sort vendredi", TODAY, SaidDay(FRIDAY, "il sort vendredi")),
        ("il revient le 10 décembre", TODAY, NOTED),
        (
            "l'audience est reportée au 10 décembre",
            TODAY,
            SaidDay(date(2026, 12, 10), "l'audience est reportée au 10 décembre"),
        ),
        ("plus de gaz depuis hier", TODAY, NOTED),
        (
            "on me coupe l'eau le 15 décembre",
            date(2026, 12, 1),
            SaidDay(date(2026, 12, 15), "on me coupe l'eau le 15 décembre"),
        ),
    ],
    ids=["nothing new", "nearer", "further", "put off", "already begun", "the first one is over"],
)
def test_the_day_is_kept_from_one_message_to_the_next(
    text: str, today: date, kept: SaidDay
) -> None:
    """« lundi » stays the Monday it was on the day it was written."""
    assert keep(NOTED, text, today) == kept


def _paris(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "urgent", "said", "due"),
    [
        # Wednesday 10:00 in Paris. Somebody must act on Monday: by Friday noon.
        (_paris(25, 9), False, MONDAY, _paris(27, 11)),
        # Tomorrow: this very day, once a team has had the time to read.
        (_paris(25, 9), False, THURSDAY, _paris(25, 11)),
        (_paris(25, 13), True, THURSDAY, _paris(25, 16)),
        (_paris(25, 15), True, THURSDAY, _paris(26, 11)),
        # The same day.
        (_paris(25, 9), True, TODAY, _paris(25, 11)),
        # On a Friday evening, for Sunday or for Monday: Monday noon at the latest.
        (_paris(27, 20), False, date(2026, 11, 29), _paris(30, 11)),
        (_paris(27, 20), True, MONDAY, _paris(30, 11)),
        # Before Christmas: what is due on the 26th must be taken on the 24th.
        (_paris(22, 9, 12), False, date(2026, 12, 26), _paris(24, 11, 12)),
        # A day far ahead never lengthens.
        (_paris(25, 9), False, date(2027, 1, 14), _paris(2, 9, 12)),
        (_paris(25, 9), True, date(2027, 1, 14), _paris(27, 9)),
        # Something is missing since yesterday: as an urgency.
        (_paris(25, 9), False, date(2026, 11, 24), _paris(27, 9)),
        (_paris(25, 9), True, date(2026, 11, 24), _paris(27, 9)),
    ],
)
def test_a_day_said_only_shortens_the_delay(
    sent: datetime, urgent: bool, said: date, due: datetime
) -> None:
    """Taken before that day when the calendar allows it, and never later than without it."""
    assert due_date(sent, urgent=urgent, said=said) == due
    assert due <= due_date(sent, urgent=urgent)


def test_a_case_given_back_keeps_the_day() -> None:
    """The new delay is shortened by the same day."""
    draft = Case(urgent=False, place_id="mds", since=_paris(25, 9), said=MONDAY)
    sent = apply(draft, Send(), _paris(25, 9))
    assert (sent.status, sent.due_at) == (Status.SENT, _paris(27, 11))
    taken = apply(sent, Take("anne"), _paris(26, 9))
    assert apply(taken, Release("anne"), _paris(26, 13)).due_at == _paris(27, 11)


@pytest.mark.parametrize(
    ("now", "opens", "reads"),
    [
        (_paris(25, 9), None, None),
        (_paris(25, 6), _paris(25, 8), None),
        (_paris(25, 18), _paris(26, 8), THURSDAY),
        (_paris(27, 20), _paris(30, 8), MONDAY),
        (_paris(28, 10), _paris(30, 8), MONDAY),
        (_paris(24, 17, 12), _paris(28, 8, 12), date(2026, 12, 28)),
    ],
    ids=["at work", "early", "evening", "Friday evening", "Saturday", "Christmas Eve"],
)
def test_when_the_team_reads(now: datetime, opens: datetime | None, reads: date | None) -> None:
    """A person who writes at night is told the day, holidays counted."""
    assert opens_at(now) == opens
    assert reading_day(now) == reads
