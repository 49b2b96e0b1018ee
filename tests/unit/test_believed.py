"""Requests are believed; what was seen to be misheard as one is a need."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Known, Provenance, Session, Turn
from assistant.knowledge import Knowledge
from assistant.names import Intent
from assistant.replies.believed import believed
from assistant.talk import Talk
from knowledge_base.facts import Fact

TOLD = {Fact.COMMUNE: Known(value="41018", provenance=Provenance.SAID)}


def heard(knowledge: Knowledge, now: datetime, text: str, intent: Intent) -> Intent:
    """Return what is believed of ``text``, heard by the engine as ``intent``."""
    turn = Turn(text=text, intent=intent, confidence=0.95, now=now)
    return believed(Talk(Session(facts=dict(TOLD)), turn, knowledge))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("efface tout", Intent.ERASE),
        ("effacez ce que j'ai dit", Intent.ERASE),
        ("supprimer mes données svp", Intent.ERASE),
        ("on recommence à zéro", Intent.RESTART),
        ("retour à l'accueil", Intent.RESTART),
        ("accueil", Intent.RESTART),
        ("je veux parler à quelqu'un", Intent.ASK_HUMAN),
        ("appelez moi", Intent.ASK_HUMAN),
        ("I want to talk to someone", Intent.ASK_HUMAN),
        ("au revoir", Intent.GOODBYE),
        ("non en fait c'est pour ma mère", Intent.CORRECT),
        ("c'est quoi l'apa", Intent.ASK_RIGHT),
        ("vite aidez moi", Intent.EMERGENCY),
        ("допоможіть", Intent.EMERGENCY),
        ("mon mari est mort là devant moi", Intent.EMERGENCY),
        ("أريد التحدث مع شخص", Intent.ASK_HUMAN),
        ("un responsable", Intent.ASK_HUMAN),
        ("je file", Intent.GOODBYE),
    ],
)
def test_a_request_in_the_words_is_believed(
    knowledge: Knowledge, now: datetime, text: str, intent: Intent
) -> None:
    """Nobody has to say twice what they ask for."""
    assert heard(knowledge, now, text, intent) is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("effacer mes dettes", Intent.ERASE),
        ("je veux supprimer mon crédit", Intent.ERASE),
        ("aire d'accueil gens du voyage", Intent.RESTART),
        ("accueil de jour Blois", Intent.RESTART),
        ("j'entends des voix", Intent.ASK_HUMAN),
        ("et demain ?", Intent.GOODBYE),
        ("je veux changer de prénom", Intent.CORRECT),
        ("kiramı ödeyemiyorum", Intent.ASK_RIGHT),
        ("mon mari est mort la semaine dernière", Intent.EMERGENCY),
    ],
)
def test_what_only_sounds_like_a_request_is_a_need(
    knowledge: Knowledge, now: datetime, text: str, intent: Intent
) -> None:
    """« Effacer mes dettes » is searched, and nothing is erased."""
    assert heard(knowledge, now, text, intent) is Intent.DESCRIBE_NEED


def test_nothing_is_corrected_in_a_first_message(knowledge: Knowledge, now: datetime) -> None:
    """There is nothing to correct yet: it is a need."""
    turn = Turn(text="je suis boulanger", intent=Intent.CORRECT, confidence=0.9, now=now)
    assert believed(Talk(Session(), turn, knowledge)) is Intent.DESCRIBE_NEED
