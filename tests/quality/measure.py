"""Measures understanding on a quality set: ``python -m tests.quality.measure tune|report``.

``tune`` may be used to choose; ``report`` only to publish. Prints, with the number of
messages: needs found (Hit@1, Hit@3, MRR, by kind) and what the question on the need adds,
dangers missed and false alarms as tables for the docs, facts F1 with its 95 % interval. Writes
the errors of facts and of danger one by one under ``var/``. A second word keeps the files that
begin with it: ``tune danger``. ``pairs`` reads the pairs of dangers kept out of the last
training (docs/adr/0009).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from assistant.knowledge import Knowledge
from connectors.opening import open_knowledge
from connectors.settings import Settings
from knowledge_base import adapter
from tests.quality import asked_need, danger_rates, facts_rates, understanding_page
from tests.quality.understanding_page import Error

_FOLDER = Path(__file__).parent
_TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
_NOT_FOUND = 1_000


def main() -> int:
    """Print the figures of the set named on the command line, write the page of its errors."""
    name, *only = sys.argv[1:]
    settings = Settings()
    knowledge = open_knowledge(settings, _TODAY.date())
    if name == "pairs":
        sys.stdout.write("\n".join(dangers(knowledge, _pairs_kept_out())) + "\n")
        return 0
    for measure, *files in _MEASURES:
        if not _exists(name, files) or not files[0].startswith(tuple(only) or ""):
            continue
        messages = [one for file in files for one in read(name, file)]
        for line in measure(knowledge, messages):
            row = line.startswith("|")
            sys.stdout.write(f"{line}\n" if row else f"{name}, {' + '.join(files)} : {line}\n")
    if only:
        return 0
    page = settings.var_dir / "evaluation" / f"comprehension-{name}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(understanding_page.render(name, errors(knowledge, name)), encoding="utf-8")
    sys.stdout.write(f"{name} : errors of facts and danger one by one: {page}\n")
    return 0


def _pairs_kept_out() -> list[dict[str, Any]]:
    # Imported here: it brings torch.
    from assistant.urgency.training import kept_out

    new = adapter.read_card(adapter.DANGER).recipe["rounds"][-1]["new"]
    return [
        {"text": one.text, "danger": list(one.danger), "decoy": "look-alike"}
        for one in kept_out(new)
    ]


def _exists(name: str, files: Sequence[str]) -> bool:
    return all((_FOLDER / name / f"{file}.yml").exists() for file in files)


def read(name: str, file: str) -> list[dict[str, Any]]:
    """Return the messages of a file of the set ``name``."""
    loaded = yaml.safe_load((_FOLDER / name / f"{file}.yml").read_text(encoding="utf-8"))
    messages: list[dict[str, Any]] = loaded["messages"]
    return messages


def errors(knowledge: Knowledge, name: str) -> dict[str, list[Error]]:
    """Return the errors of facts and of danger, by file of the set ``name``."""
    found = {}
    for measure, file, *others in _MEASURES:
        if measure is needs or others or not _exists(name, [file]):
            continue
        messages = read(name, file)
        if measure is facts:
            told = facts_rates.read(knowledge, messages, _TODAY.date())
            found[f"Faits ({file}.yml)"] = understanding_page.facts_errors(told)
        else:
            found[f"Danger ({file}.yml)"] = understanding_page.danger_errors(knowledge, messages)
    return found


def needs(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return a line for each kind of message, then for ordinary and hard ones."""
    ranks: defaultdict[str, list[int]] = defaultdict(list)
    covered: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for message in messages:
        found = [hit.entry_id for hit in knowledge.search.search(message["text"], 10)]
        wanted = {entry for need in message["needs"] for entry in need}
        if not wanted:
            continue
        rank = next((at for at, entry in enumerate(found) if entry in wanted), _NOT_FOUND)
        ranks[message["kind"]].append(rank)
        if message["kind"] != "ordinary":
            ranks["hard (all)"].append(rank)
        if message["kind"] in ("long", "several"):
            told = [
                [bool(set(need) & set(found[:limit])) for need in message["needs"]]
                for limit in (3, 5)
            ]
            covered[message["kind"]].append((mean(told[0]), mean(told[1])))
    lines = [
        f"needs, {kind} ({len(found)}) : Hit@1 {mean(r < 1 for r in found):.3f}, "
        f"Hit@3 {mean(r < 3 for r in found):.3f}, MRR {mean(1 / (r + 1) for r in found):.3f}"
        for kind, found in ranks.items()
    ]
    lines += asked_need.lines(knowledge, messages, _TODAY)
    return lines + [
        f"needs told, {kind} ({len(shares)}) : "
        f"in the first three {mean(three for three, _ in shares):.3f}, "
        f"in the first five {mean(five for _, five in shares):.3f}"
        for kind, shares in covered.items()
    ]


def dangers(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return what is noticed of each kind of danger, and of each kind of decoy."""
    told = [message for message in messages if message["danger"]]
    right = sum(bool(_named(knowledge, one) & set(one["danger"])) for one in told)
    named = f"danger : a right kind named for {right} of {len(told)}"
    return [named, *danger_rates.table(knowledge.dangers, messages)]


def _named(knowledge: Knowledge, message: dict[str, Any]) -> set[str]:
    noticed = knowledge.dangers.notice(message["text"])
    return {danger.id for danger in (*noticed.certain, *noticed.possible)}


def facts(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return the F1 of the facts with its 95 % interval."""
    readings = facts_rates.read(knowledge, messages, _TODAY.date())
    found, low, high = facts_rates.f1(readings)
    told = sum(len(one.expected) for one in readings)
    return [f"facts : F1 {found:.3f} [{low:.3f}–{high:.3f}] ({told} facts)"]


#: Each measure with the files that it reads together. Some are in tune only.
_MEASURES: tuple[tuple[Any, ...], ...] = (
    (needs, "needs"),
    (needs, "needs_wide"),
    (needs, "needs_short"),
    (dangers, "danger"),
    (dangers, "danger_other"),
    (dangers, "danger", "danger_other"),
    (dangers, "danger_noise"),
    (dangers, "danger_themes"),
    (dangers, "danger_fragments"),
    (facts, "facts"),
    (facts, "facts_more"),
    (facts, "facts_other"),
    (facts, "facts_fresh"),
)

if __name__ == "__main__":
    sys.exit(main())
