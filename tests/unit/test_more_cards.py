"""« Voir d’autres aides » shows what was not seen yet, and never a dead end."""

from __future__ import annotations

from datetime import datetime

from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.replies import needs
from assistant.talk import Talk

FOUND = {"logement_social": 0.9, "fsl_acces": 0.8, "visale": 0.7, "loca_pass": 0.6, "dalo": 0.5}


def _shown(talk: Talk) -> list[str]:
    return [card.id for message in talk.messages for card in message.aids or ()]


def test_only_the_cards_not_yet_seen_are_shown(offline: Knowledge, now: datetime) -> None:
    """The first three are on the screen already: the next ones come alone."""
    talk = Talk(Session(candidates=dict(FOUND)), Turn(now=now), offline)
    needs.show_aids(talk)
    first = _shown(talk)
    more = Talk(talk.session, Turn(now=now), offline)
    needs.show_more(more)
    assert len(first) == 3
    assert set(_shown(more)) == set(FOUND) - set(first)
    assert set(more.session.cards) == set(FOUND)


def test_when_there_is_no_other_it_is_said_and_somebody_is_near(
    offline: Knowledge, now: datetime
) -> None:
    """Nothing is printed twice; another need and a person are one step away."""
    talk = Talk(Session(candidates={"logement_social": 0.9}), Turn(now=now), offline)
    needs.show_aids(talk)
    more = Talk(talk.session, Turn(now=now), offline)
    needs.show_more(more)
    assert _shown(more) == []
    assert "pas d’autre aide" in more.messages[0].text
    assert [choice.value for choice in more.messages[0].choices or []] == [
        "do:other_need",
        "do:ask_human",
    ]
