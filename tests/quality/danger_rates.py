"""What is noticed of each kind of danger and of each kind of decoy, as a table for the docs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant.urgency import DangerWatch, Noticed
from knowledge_base.evaluation import interval

OUTCOMES = ("alert", "gentle line", "nothing")
#: A message that may be of more kinds (« au secours ») is counted apart.
_MOST_KINDS = 3
_ALL = "all"


def outcome(noticed: Noticed) -> str:
    """Return what a person sees."""
    return OUTCOMES[0 if noticed.certain else 1 if noticed.possible else 2]


def groups(message: Mapping[str, Any]) -> list[str]:
    """Return the rows in which a labelled message counts."""
    kinds: list[str] = message["danger"]
    if not kinds:
        return [f"no danger, {_ALL}", f"no danger, {message.get('decoy') or message['theme']}"]
    named = kinds if len(kinds) <= _MOST_KINDS else ["unclear"]
    return [f"in danger, {_ALL}", *(f"in danger, {kind}" for kind in named)]


def table(watch: DangerWatch, messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines of a Markdown table: shares in %, with their 95 % intervals."""
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for message in messages:
        what = outcome(watch.notice(message["text"]))
        for group in groups(message):
            seen[group].append(what)
    rows = sorted(seen, key=lambda row: (row.split(",")[0], not row.endswith(f", {_ALL}"), row))
    return [
        f"| | n | {' | '.join(OUTCOMES)} |",
        "|---|---|---|---|---|",
        *(
            f"| {row} | {len(seen[row])} | "
            + " | ".join(share([what == one for what in seen[row]]) for one in OUTCOMES)
            + " |"
            for row in rows
        ),
    ]


def share(hits: Sequence[bool]) -> str:
    """Return « 92 % [87–97] »: the share of ``hits`` and its 95 % interval.

    Where all are alike a bootstrap says [0–0]: the exact bound is given instead.
    """
    mean, low, high = interval(np.array(hits, dtype=np.float64))
    if mean in (0.0, 1.0):
        rarest = 0.025 ** (1 / len(hits))
        low, high = (rarest, 1.0) if mean else (0.0, 1.0 - rarest)
    return f"{100 * mean:.0f} % [{100 * low:.0f}–{100 * high:.0f}]"
