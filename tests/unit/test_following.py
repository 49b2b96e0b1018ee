"""A command that builds ends with the program that started it."""

from __future__ import annotations

import signal
import subprocess
import sys

_CHILD = (
    "import time; from knowledge_base.following import follow_parent; "
    "follow_parent(); print('ready', flush=True); time.sleep(60)"
)


def test_a_child_ends_when_its_parent_lets_go() -> None:
    """The pipe closes when the parent dies in any way: the child does not stay behind."""
    command = [sys.executable, "-c", _CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.stdin.close()
        assert child.wait(30) == -signal.SIGTERM
