"""Dangers by theme and their look-alikes, read by what is served (tune/danger_themes.yml)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from assistant.respond import respond

_FILE = Path(__file__).parents[1] / "quality" / "tune" / "danger_themes.yml"
_ALL: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["messages"]
#: In danger, and only the gentle line: heard, not unambiguous.
_LINE = {
    "je dois lui demander la permission pour acheter du pain",
    "il a changé le mot de passe de mon compte caf et la prime va chez lui",
    "je me noie, plus rien ne me retient ici",
}
#: No danger, and an alert all the same: what is left to lower.
_LOUD = {
    "ma fille de 14 ans me crie dessus et claque les portes, elle veut sortir tous les samedis"
}


@pytest.mark.parametrize("message", [m for m in _ALL if m["danger"]], ids=lambda m: m["id"])
def test_a_danger_of_each_theme_is_an_alert(knowledge: Knowledge, message: dict[str, Any]) -> None:
    """However it is told: an alert, or the line for the few that words alone do not prove."""
    noticed = knowledge.dangers.notice(message["text"])
    assert noticed.certain or (message["text"] in _LINE and noticed.possible)


@pytest.mark.parametrize("message", [m for m in _ALL if not m["danger"]], ids=lambda m: m["id"])
def test_a_look_alike_is_no_alert(knowledge: Knowledge, message: dict[str, Any]) -> None:
    """Tired carers, bed bugs, a debt told by a social worker, a past: at most the line."""
    noticed = knowledge.dangers.notice(message["text"])
    assert not noticed.certain or message["text"] in _LOUD


@pytest.mark.parametrize("message", [m for m in _ALL if m["theme"] == "control" and m["danger"]],
                         ids=lambda m: m["id"])  # fmt: skip
def test_control_told_indirectly_is_answered_discreetly(
    knowledge: Knowledge, now: datetime, message: dict[str, Any]
) -> None:
    """Who may be watched gets a neutral page title and silent messages, alert or line."""
    turn = Turn(text=message["text"], intent=Intent.DESCRIBE_NEED, confidence=0.9, now=now)
    reply = respond(Session(), turn, knowledge)
    assert reply.session.discreet
    assert all(one.discreet for one in reply.messages)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ça sent le gaz dans toute la cage d'escalier", "18"),
        ("ma cuisine est en feu et mon père est en fauteuil", "18"),
        ("le barbecue dans le salon nous chauffe, on a mal à la tête et on vomit", "18"),
        ("papa a alzheimer il est parti ce matin et on ne le retrouve pas", "17"),
        ("ma fille de 15 ans n'est pas rentrée de la nuit", "17"),
    ],
)
def test_fire_and_missing_people_get_their_own_number_first(
    knowledge: Knowledge, now: datetime, text: str, number: str
) -> None:
    """The right number first, then a human, and the conversation goes on."""
    turn = Turn(text=text, intent=Intent.DESCRIBE_NEED, confidence=0.9, now=now)
    reply = respond(Session(), turn, knowledge)
    first = reply.messages[0]
    assert first.kind is MessageKind.URGENT
    assert first.lines is not None
    assert first.lines[0].number == number
    assert any("Parler" in c.label or "humain" in c.label or c.value == "do:ask_human"
               for m in reply.messages for c in m.choices or [])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "je craque, mon mari alzheimer me frappe quand je le lave",
        "je suis aidante, je n'en peux plus, j'ai envie d'en finir",
        "je m'occupe de maman jour et nuit, j'ai peur de finir par l'étouffer",
        "on dort plus à cause des punaises et le proprio nous met dehors ce soir",
        "j'accompagne une dame avec une dette locative, elle dort dans sa voiture",
        "il y a dix ans il me battait, maintenant je suis à l'abri mais il rôde en bas",
        "il est en prison maintenant, il sort demain et il a juré de me tuer",
        "ma mère va me tuer si elle apprend que je suis enceinte, elle a un couteau",
    ],
)
def test_what_quiets_never_hides_a_danger(knowledge: Knowledge, text: str) -> None:
    """The same carers, pests, debts and pasts, with a danger today: an alert."""
    assert knowledge.dangers.notice(text).certain
