"""Opening hours: reading French, answering at a moment, saying them in French."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge_base.exchange.french_hours import convert
from knowledge_base.hours import (
    PARIS,
    HoursError,
    in_french,
    next_change,
    open_now,
    state_in_french,
)

OFFICE = "Mo-Fr 09:00-12:00,13:30-17:30; PH off"


def paris(text: str) -> datetime:
    """Return the moment written as « 2026-11-12 10:00 », in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def plain(text: str | None) -> str | None:
    """Return the text with ordinary spaces, as the expected values are written."""
    return None if text is None else text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-12 10:00", True),  # Thursday
        ("2026-11-12 12:30", False),  # lunch
        ("2026-11-12 13:30", True),
        ("2026-11-14 10:00", False),  # Saturday
        ("2026-11-11 10:00", False),  # Armistice
        ("2026-12-25 10:00", False),  # Christmas, a Friday
        ("2027-03-29 10:00", False),  # Easter Monday
        ("2027-05-06 10:00", False),  # Ascension
    ],
)
def test_open_now_follows_the_hours_and_the_holidays(moment: str, expected: bool) -> None:
    """A counter is open at its hours, closed at lunch and on the public holidays of France."""
    assert open_now(OFFICE, paris(moment)) is expected


def test_open_now_reads_the_clock_of_paris() -> None:
    """08:30 UTC is 09:30 in Paris in winter and 10:30 in summer."""
    assert open_now(OFFICE, datetime(2026, 11, 12, 8, 30, tzinfo=UTC)) is True
    assert open_now(OFFICE, datetime(2026, 7, 16, 6, 30, tzinfo=UTC)) is False
    assert open_now(OFFICE, datetime(2026, 7, 16, 7, 30, tzinfo=UTC)) is True


def test_unknown_hours_answer_that_nobody_knows() -> None:
    """No hours, or hours that depend on an appointment, are neither open nor closed."""
    assert open_now(None, paris("2026-11-12 10:00")) is None
    by_appointment = 'Mo 09:00-12:00; Th 09:00-12:00 unknown "sur rendez-vous"'
    assert open_now(by_appointment, paris("2026-11-12 10:00")) is None
    assert open_now(by_appointment, paris("2026-11-13 10:00")) is False


def test_a_moment_without_zone_is_refused() -> None:
    """A naive datetime would silently be one or two hours wrong."""
    with pytest.raises(ValueError, match="aware"):
        open_now(OFFICE, datetime(2026, 11, 12, 10, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-12 10:00", "2026-11-12 12:00"),
        ("2026-11-10 18:00", "2026-11-12 09:00"),  # over the Armistice
        ("2026-12-24 18:00", "2026-12-28 09:00"),  # over Christmas and the week-end
    ],
)
def test_the_next_change_skips_holidays(moment: str, expected: str) -> None:
    """After closing, the next opening is on the next day that is not a holiday."""
    assert next_change(OFFICE, paris(moment)) == paris(expected)


def test_there_is_no_next_change_when_nothing_changes() -> None:
    """A line that answers day and night never closes; missing hours never change."""
    assert next_change("24/7", paris("2026-11-12 10:00")) is None
    assert next_change(None, paris("2026-11-12 10:00")) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-12 10:00", "ouvert jusqu’à 12 h"),
        ("2026-11-12 12:30", "fermé maintenant, ouvre à 13 h 30"),
        ("2026-11-12 18:00", "fermé maintenant, ouvre demain à 9 h"),
        ("2026-11-13 18:00", "fermé maintenant, ouvre lundi à 9 h"),
    ],
)
def test_the_state_is_said_in_french(moment: str, expected: str) -> None:
    """A person reads until when it is open, or when it opens again."""
    assert expected == plain(state_in_french(OFFICE, paris(moment)))


def test_a_far_opening_is_said_with_its_date() -> None:
    """More than a week away, the name of the day would mislead."""
    state = state_in_french("Sa[1] 09:00-12:00; PH off", paris("2026-11-08 10:00"))
    assert plain(state) == "fermé maintenant, ouvre le 5 décembre à 9 h"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (OFFICE, "lundi au vendredi : 9 h – 12 h, 13 h 30 – 17 h 30"),
        ("Mo,Tu,Th 14:00-18:30", "lundi, mardi et jeudi : 14 h – 18 h 30"),
        ("Mo-Tu 09:00-12:00", "lundi et mardi : 9 h – 12 h"),
        ("Mo-Su 09:00-16:00", "tous les jours : 9 h – 16 h"),
        ("Sa[2,4] 09:00-12:00", "2e et 4e samedis du mois : 9 h – 12 h"),
        ("Sa[-1] off", "dernier samedi du mois : fermé"),
        ("week 02-52/2 Sa 09:00-12:00", "samedi : 9 h – 12 h (semaines paires)"),
        ('Th unknown "sur rendez-vous"', "jeudi (sur rendez-vous)"),
        ("24/7", "24 h sur 24, 7 jours sur 7"),
        (
            "We 08:00-12:00; Fr 13:30-17:00; PH off",
            "mercredi : 8 h – 12 h ; vendredi : 13 h 30 – 17 h",
        ),
    ],
)
def test_hours_are_said_in_french(spec: str, expected: str) -> None:
    """Days and hours are written in full words, without the code of the expression."""
    assert expected == plain(in_french(spec))


@pytest.mark.parametrize("spec", ["lundi 9h", "Mo-Fr 9h", "Mo 25:61-26:00", ""])
def test_invalid_hours_are_an_error(spec: str) -> None:
    """An expression that the library does not read is never shown."""
    with pytest.raises(HoursError):
        in_french(spec)


def test_hours_beyond_our_words_are_an_error() -> None:
    """Valid hours that cannot be said in French are not shown half said."""
    with pytest.raises(HoursError, match="en français"):
        in_french("sunrise-sunset")


@pytest.mark.parametrize(
    ("french", "expected"),
    [
        ("lun-ven 9h-12h, 13h30-17h30", "Mo-Fr 09:00-12:00,13:30-17:30; PH off"),
        (
            "lun 09:00 - 12:00 / 13:30 - 17:00 ; mar 09:00 - 12:00",
            "Mo 09:00-12:00,13:30-17:00; Tu 09:00-12:00; PH off",
        ),
        ("mar 14h-18h ; ven 14h-18h", "Tu,Fr 14:00-18:00; PH off"),
        ("lun-jeu 8h30-12h ; sam 10h-12h (1er et 3e samedis du mois)",
         "Mo-Th 08:30-12:00; Sa[1,3] 10:00-12:00; PH off"),
        ("lun 9h-12h ; sam 9h-12h (dernier samedi du mois)",
         "Mo 09:00-12:00; Sa[-1] 09:00-12:00; PH off"),
        ("lun 9h-12h ; sam 9h-11h30 (fermé le dernier samedi du mois)",
         "Mo 09:00-12:00; Sa 09:00-11:30; Sa[-1] off; PH off"),
        ("mar 9h-12h ; sam 9h-12h (semaines paires)",
         "Tu 09:00-12:00; week 02-52/2 Sa 09:00-12:00; PH off"),
        ("lun 9h-12h ; sam 9h-12h (état civil uniquement)",
         'Mo 09:00-12:00; Sa 09:00-12:00 unknown "état civil uniquement"; PH off'),
        ("lun, mer, ven 10h-18h avec ou sans rendez-vous ; jeu sur rendez-vous uniquement (2024)",
         'Mo,We,Fr 10:00-18:00; Th unknown "sur rendez-vous uniquement"; PH off'),
        ("tous les jours 9h-16h (2019)", "Mo-Su 09:00-16:00"),
    ],
)  # fmt: skip
def test_french_hours_become_an_expression(french: str, expected: str) -> None:
    """What the sources write and what is understood in full is converted."""
    converted = convert(french)
    assert (expected, None) == (converted.spec, converted.text)


@pytest.mark.parametrize(
    "french",
    [
        "uniquement sur rendez-vous",
        "9h - 12h ; 14h - 16h",
        "mardi matin, vendredi après-midi (hiver 2019)",
        "distributions les 2e et 4e mercredis du mois, le matin",
        "lun 9h-12h ; jeu 14h-17h (14h-17h en juillet-août)",
        "lun 10h-12h ; ven 10h-12h (l'après-midi sur rendez-vous)",
        "lun 8h30-13h (en télétravail) ; mer 8h30-12h",
        "lun-sam 9h-12h ; sam 14h-16h",
        "lun 12h-9h",
        "équipe présente lun-ven 9h-17h",
        "téléphone lun-ven 8h-18h",
    ],
)
def test_hours_not_fully_understood_stay_as_text(french: str) -> None:
    """Nothing is guessed: no expression, and every word of the source is kept."""
    converted = convert(french)
    assert (None, french) == (converted.spec, converted.text)


def test_telephone_hours_are_not_opening_hours() -> None:
    """When a source gives both, the counter is converted and the telephone stays as text."""
    converted = convert(
        "accueil téléphonique lun-ven 9h30-12h sauf mardi ; accueil sans rendez-vous lun-ven 9h-12h"
    )
    assert converted.spec == "Mo-Fr 09:00-12:00; PH off"
    assert converted.text == "accueil téléphonique lun-ven 9h30-12h sauf mardi"


def test_no_hours_give_nothing() -> None:
    """A missing value stays missing."""
    assert (convert(None).spec, convert(None).text) == (None, None)
