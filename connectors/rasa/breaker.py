"""A circuit breaker: after repeated failures, stop asking for a while, then try once.

Small and our own because the kept libraries let every waiting call through when they try
again: twenty people would each wait three seconds for a server that is still away.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class CircuitOpen(Exception):
    """The last calls failed; this one is not made."""


class CircuitBreaker:
    """Counts failures in a row. Closed: calls pass. Open: none does. Half-open: one does.

    ``failures`` in a row open the circuit for ``pause`` seconds; then a single call is the
    probe: its success closes the circuit, its failure opens it again. ``clock`` gives
    seconds that never go back.
    """

    def __init__(
        self,
        failures: int = 3,
        pause: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit, self._pause, self._clock = failures, pause, clock
        self._failures = 0
        self._closed_again_at: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """True when a call made now would be refused."""
        if self._closed_again_at is None:
            return False
        return self._probing or self._clock() < self._closed_again_at

    def before_call(self) -> None:
        """Let the call pass, or raise CircuitOpen. A call let through must be reported."""
        if self.is_open:
            raise CircuitOpen("too many failures in a row")
        if self._closed_again_at is not None:
            self._probing = True

    def succeeded(self) -> None:
        """Report a call that worked: the circuit is closed."""
        self._failures = 0
        self._closed_again_at = None
        self._probing = False

    def failed(self) -> None:
        """Report a call that failed; enough of them, or a failed probe, open the circuit."""
        self._failures += 1
        if self._probing or self._failures >= self._limit:
            self._closed_again_at = self._clock() + self._pause
        self._probing = False

    def abandoned(self) -> None:
        """Report a call that was cancelled: it tells nothing, and frees the probe's place."""
        self._probing = False
