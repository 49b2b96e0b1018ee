"""The environment variables of Rasa's processes: what they need and nothing else.

The service's own variables (database, e-mail, Telegram) are not passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
_FIXED: Final = {
    # One thread each: on two cores, spinning threads cost more than they give.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUTF8": "1",
}


def rasa_environment(inherited: Mapping[str, str], **extra: str) -> dict[str, str]:
    """Return the variables of a Rasa process; ``extra`` adds to them."""
    kept = {name: inherited[name] for name in _INHERITED if name in inherited}
    return {**kept, **_FIXED, **extra}
