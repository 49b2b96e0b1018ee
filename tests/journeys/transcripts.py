"""Writes the eight conversations as they really went: ``python -m tests.journeys.transcripts``."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.stack import ROOT, running
from tests.journeys.test_conversations import FOLDER

_OUT = ROOT / "docs" / "conversations"
_STATUS = {"likely": "Probable", "to_check": "À vérifier", "unlikely": "Peu probable"}
#: What changes at each run is replaced, so that a new transcript shows only real changes.
_CODE = re.compile(r"(code est )[A-Z0-9]{6}")
_MOMENT = re.compile(
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) .{3,30}? à \d+ h(?: \d+)?"
)


def main() -> int:
    """Play every conversation against a live assistant and write its transcript."""
    _OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "var") as stack:
        for path in sorted(FOLDER.glob("*.yml")):
            script = yaml.safe_load(path.read_text(encoding="utf-8"))
            person = stack.person()
            lines = [f"# {script['titre']}", "", *_assistant(person.messages)]
            for step in script["conversation"]:
                label = step.get("choisit") or step.get("choisit_si_propose")
                if "choisit_si_propose" in step and not person.offers(str(label)):
                    continue
                lines += ["", f"**La personne** : {step.get('dit') or f'[{label}]'}", ""]
                answers = person.say(step["dit"]) if "dit" in step else person.choose(str(label))
                lines += _assistant(answers)
            text = _MOMENT.sub("⟨date⟩", _CODE.sub(r"\1⟨CODE⟩", "\n".join(lines)))
            (_OUT / f"{path.stem}.md").write_text(text.rstrip() + "\n", encoding="utf-8")
            sys.stdout.write(f"docs/conversations/{path.stem}.md\n")
    return 0


def _assistant(messages: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for message in messages:
        urgent = "⚠ " if message["kind"] == "urgent" else ""
        lines += [f"**L’assistant** : {urgent}{_joined(message['text'])}", ""]
        lines += [f"- **{line['number']}** {line['name']}" for line in message.get("lines") or []]
        lines += [part for aid in message.get("aids") or [] for part in _aid(aid)]
        lines += [_place(place) for place in message.get("places") or []]
        choices = [f"[{choice['label']}]" for choice in message.get("choices") or []]
        lines += [" ".join(choices)] if choices else []
        lines.append("")
    return lines


def _aid(aid: dict[str, Any]) -> list[str]:
    because = f" : {' '.join(aid['because'])}" if aid["because"] else ""
    source = aid["source"]
    return [
        f"- **{aid['title']}** — {_STATUS[aid['status']]}{because}",
        f"  Source : {source['title']} ({source['checked_on']})",
    ]


def _place(place: dict[str, Any]) -> str:
    about = "environ " if place["approximate"] else ""
    far = place.get("distance_km")
    distance = "" if far is None else f", {about}{str(far).replace('.', ',')} km"
    return f"- {place['name']}{distance} — {place.get('phone') or 'téléphone inconnu'}"


def _joined(text: str) -> str:
    return text.replace("\n", "  \n")


if __name__ == "__main__":
    sys.exit(main())
