"""Measures the whole of France on this machine: ``make bench-scale``.

Three parts, each in a process of its own so that its memory is its own: the places of three
national files, a catalogue made of 2 980 official sheets (never shown), an index of a million
vectors. Bounded in count, in time and in memory; what it writes under ``var/scale`` is removed
at the end. It asserts nothing: figures are for people to read, with the machine named.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from knowledge_base.settings import SearchSettings
from tests.load import scale_places, scale_sheets, scale_vectors
from tests.load.measures import machine, memory_mb, say

#: What one part may take: seconds, and bytes of memory of its own.
_LONGEST_S = 30 * 60
_MEMORY = 12 * 1024**3

#: A part takes the folder of the sources (None when it reads none) and its own under ``var/scale``;
#: it yields the lines of the table: what is measured, then one or two figures.
Part = Callable[[Any, Path], Iterator[tuple[str, ...]]]
_PARTS: dict[str, Part] = {
    "lieux": scale_places.measure,
    "fiches": scale_sheets.measure,
    "vecteurs": scale_vectors.measure,
}
_NEEDS_SOURCES = {"lieux": scale_places.FILES, "fiches": scale_sheets.FILES}


def main() -> int:
    """Run every part, or only the one named, and print the table."""
    options = _options()
    if options.part:
        return _run(options.part, options)
    say(f"Machine : {machine()}")
    say(f"{'':58} {'médiane':>12} {'p95':>12}")
    failed = 0
    for part in _PARTS:
        command = [sys.executable, "-m", __spec__.name, part, *sys.argv[1:]]
        # Building an index is a product of matrices: both cores are for it.
        env = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
        try:
            done = subprocess.run(command, env=env, timeout=_LONGEST_S, check=False)
            failed += bool(done.returncode)
        except subprocess.TimeoutExpired:
            say(f"{part} : arrêté après {_LONGEST_S // 60} minutes")
            failed += 1
        finally:
            shutil.rmtree(options.var / "scale", ignore_errors=True)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-scale", description=__doc__)
    parser.add_argument("part", nargs="?", choices=list(_PARTS), help="une seule partie")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        default=os.environ.get("SOURCES_DIR"),
        help="dossier des fichiers nationaux (SOURCES_DIR par défaut)",
    )
    parser.add_argument("--var", type=Path, default=SearchSettings().var_dir)
    return parser.parse_args()


def _missing(part: str, source: Path | None) -> list[str]:
    needed = _NEEDS_SOURCES.get(part, ())
    return [file for file in needed if source is None or not (source / file).exists()]


def _run(part: str, options: argparse.Namespace) -> int:
    missing = _missing(part, options.source)
    if missing:
        say(f"{part} : NON MESURÉ, il manque {', '.join(missing)} (--from ou SOURCES_DIR)")
        return 0
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    work: Path = options.var / "scale" / part
    work.mkdir(parents=True, exist_ok=True)
    try:
        for label, *figures in _PARTS[part](options.source, work):
            say(f"{part + ' : ' + label:58} " + " ".join(f"{figure:>12}" for figure in figures))
        peak = memory_mb(field="VmHWM")
        say(f"{part + ' : mémoire la plus haute du processus':58} {f'{peak:.0f} Mo':>12}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
