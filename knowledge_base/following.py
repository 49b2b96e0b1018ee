"""A command started by another program ends with it, even after a kill -9."""

from __future__ import annotations

import os
import signal
import threading


def follow_parent(descriptor: int = 0) -> None:
    """End this process when ``descriptor``, a pipe that the parent holds open, closes."""
    watcher = threading.Thread(target=_watch, args=(descriptor,), name="parent", daemon=True)
    watcher.start()


def _watch(descriptor: int) -> None:
    while os.read(descriptor, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
