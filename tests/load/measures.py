"""What the benches share: durations, memory, the machine, lines that appear at once."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def milliseconds(durations: list[float], percent: int) -> float:
    """Return a percentile, in milliseconds, of ``durations`` in seconds."""
    return statistics.quantiles(durations, n=100)[percent - 1] * 1000


def memory_mb(pid: int | str = "self", field: str = "VmRSS") -> float:
    """Return one line of ``/proc/<pid>/status`` in megabytes, 0 when it is not there."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def settled_memory_mb() -> float:
    """Return the memory of this process, once what it no longer uses is given back (glibc)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return memory_mb()


def machine() -> str:
    """Return the processor, the number of cores and the load before measuring."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{model}, {os.cpu_count()} cœurs, charge {os.getloadavg()[0]:.1f} avant la mesure"


def say(line: str) -> None:
    """Print a line now, even into a file."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """Return what ``action`` returns, and the seconds it took."""
    begin = time.perf_counter()
    return action(), time.perf_counter() - begin


def each(actions: Iterable[Callable[[], object]]) -> list[float]:
    """Return the seconds that each of ``actions`` took, one after the other."""
    return [timed(action)[1] for action in actions]


def p50_p95(durations: list[float]) -> tuple[str, str]:
    """Return the median and the 95th percentile, written in milliseconds."""
    return f"{milliseconds(durations, 50):.1f} ms", f"{milliseconds(durations, 95):.1f} ms"
