"""The lines of the log: what happened, with its ids and figures, never what a person wrote.

A message of ours is a constant; what it is about travels in ``extra`` and is written after it
as ``name=value``. An exception is shown by its class and its place: its own text may repeat
what somebody typed.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"
#: What every record has: anything else came in ``extra``.
_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
#: An identifier, a code, a class of error. A text, an address or a phone number is not one.
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}|[A-Za-z0-9_-]{22}")

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LogLines(logging.Formatter):
    """Writes a record on a line, with its extras; and where an exception came from."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        extras = {name: one for name, one in vars(record).items() if name not in _USUAL}
        said = [super().formatMessage(record)]
        return " ".join([*said, *(f"{name}={shown}" for name, shown in _shown(extras))])

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's name
        return "\n".join(
            "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
            for error in _chain(ei[1])
        )


def _shown(extras: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the extras that may be written; a mapping of figures gives several."""
    for name, value in extras.items():
        if isinstance(value, Mapping):
            yield from _shown(value)
        elif isinstance(value, int | float):
            yield name, f"{value:g}" if isinstance(value, float) else str(value)
        elif isinstance(value, str) and _WORD.fullmatch(value):
            yield name, value
        else:
            yield name, "?"


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an exception and those it came from, the first cause first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.insert(0, error)
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)
    return found


def set_up() -> None:
    """Write the warnings and errors of every library of the process on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
