"""Rasa's server, as the service starts it: ``python -m assistant.engine.server``.

Does what ``rasa run`` does, on loopback, without what this assistant never uses: five
seconds of imports instead of fifteen. Nothing that a person writes reaches the log: Rasa
logs the text of a message that fails, so only the names of events and of errors are kept.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

from assistant.engine import absent, actions

LOOPBACK = "127.0.0.1"
_KEPT = ("event", "event_info", "level")


def main() -> None:
    """Serve until told to stop, or until the service that started us is gone."""
    arguments = _arguments()
    if arguments.follow_parent:
        threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    absent.install(absent.TENSORFLOW + absent.ONLY_ELSEWHERE)
    _quiet_logs()
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    actions.install()
    serve_application(
        model_path=arguments.model,
        interface=LOOPBACK,
        port=arguments.port,
        credentials=arguments.credentials,
        endpoints=AvailableEndpoints.read_endpoints(arguments.endpoints),
        # The webhook only: no parsing, no tracker, no model upload over HTTP.
        enable_api=False,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="assistant.engine.server", description=__doc__)
    parser.add_argument("--model", required=True, help="the trained model, a .tar.gz file")
    parser.add_argument("--port", type=int, required=True, help=f"port on {LOOPBACK}")
    parser.add_argument("--endpoints", default="endpoints.yml")
    parser.add_argument("--credentials", default="credentials.yml")
    parser.add_argument(
        "--follow-parent",
        action="store_true",
        help="stop when standard input closes: no orphan if the service is killed",
    )
    return parser.parse_args()


def _leave_with_the_parent() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)


def _quiet_logs() -> None:
    import structlog

    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
        level=logging.WARNING,
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            _without_words,
            structlog.processors.KeyValueRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def _without_words(
    logger: logging.Logger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep what happened and the error's class; drop texts, slots and trackers."""
    kept = {name: event[name] for name in _KEPT if name in event}
    if method == "exception" or event.get("exc_info"):
        kept["error"] = getattr(sys.exc_info()[0], "__name__", "unknown")
    return kept


if __name__ == "__main__":
    main()
