"""A line of the log has the ids and figures of what happened, and nothing a person wrote."""

from __future__ import annotations

import logging
import sys

import pytest

from connectors.logs import LogLines

WORDS = "mon loyer canari-7731"


def _line(message: str, exc_info: object = None, **extra: object) -> str:
    """Return what is written for a record, without its time."""
    record = logging.getLogger("outbox").makeRecord(
        "outbox",
        logging.WARNING,
        "file.py",
        1,
        message,
        (),
        exc_info,
        extra=extra,  # type: ignore[arg-type]
    )
    return LogLines().format(record).split(" ", 2)[2]


def test_ids_and_figures_are_on_the_line() -> None:
    """Integers, codes and mappings of figures are written after the message."""
    assert _line("outbox delivery failed", outbox_id=12, attempts=3, code="server_unreachable") == (
        "WARNING outbox outbox delivery failed outbox_id=12 attempts=3 code=server_unreachable"
    )
    assert _line("retention pass", figures={"expired": 2, "erased": 0}) == (
        "WARNING outbox retention pass expired=2 erased=0"
    )
    assert _line("opened", case_id="q8Zr3nB0eWq1yT7uXk2mPA", seconds=0.25) == (
        "WARNING outbox opened case_id=q8Zr3nB0eWq1yT7uXk2mPA seconds=0.25"
    )


@pytest.mark.parametrize(
    "value", [WORDS, "06 12 34 56 78", "0612345678", "a@exemple.fr", ["liste"], None, "x" * 65]
)
def test_what_may_be_a_text_is_not_written(value: object) -> None:
    """A text, a phone number, an address or an object leaves a question mark."""
    assert _line("failed", about=value) == "WARNING outbox failed about=?"


def test_an_exception_is_its_class_and_its_place() -> None:
    """Neither its text nor that of its cause is written."""
    try:
        try:
            raise ValueError(WORDS)
        except ValueError as cause:
            raise KeyError(WORDS) from cause
    except KeyError:
        line = _line("a turn failed", sys.exc_info())
    assert WORDS not in line
    assert line.index("ValueError") < line.index("KeyError")
    assert "in test_an_exception_is_its_class_and_its_place" in line
