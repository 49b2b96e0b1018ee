"""« Sans que mes parents le sachent » is heard, and what only sounds like it is not."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Known, Session, Turn
from assistant.knowledge import Knowledge
from assistant.replies import guide, secrecy
from assistant.talk import Talk
from knowledge_base.facts import Fact

SECRET = (
    "je veux pas que mon père sache",
    "sans que mes parents sachent",
    "sans que mes parents soient au courant",
    "jveux pas que ma mère l'apprenne",
    "est-ce que mes parents vont le savoir ?",
    "vous allez prévenir mes parents ?",
    "j'ai peur que mon mari l'apprenne",
    "je voudrais faire ça en secret",
    "ma mère n'est pas au courant",
    "faut pas que mes darons le sachent",
)
NOT_SECRET = (
    "mon père ne sait pas remplir ses papiers",
    "ma mère ne sait pas lire",
    "je ne sais pas quoi faire pour mes parents",
    "mes parents veulent savoir à quoi ils ont droit",
    "j'ai peur que mon père tombe",
    "mon mari est au chômage",
)


def told(offline: Knowledge, now: datetime, text: str, session: Session) -> list[str]:
    """Return what is said of secrecy after ``text``."""
    talk = Talk(session, Turn(text=text, now=now), offline)
    secrecy.reassure(talk)
    return [message.text for message in talk.messages]


@pytest.mark.parametrize("text", SECRET)
def test_who_wants_nobody_to_know_hears_what_is_kept(
    offline: Knowledge, now: datetime, text: str
) -> None:
    """Once, and a person is one step away."""
    session = Session()
    (said,) = told(offline, now, text, session)
    assert "sans votre accord" in said
    assert "Quelqu’un qui regarde cet écran" in said
    assert told(offline, now, text, session) == []


@pytest.mark.parametrize("text", NOT_SECRET)
def test_who_speaks_of_something_else_does_not(
    offline: Knowledge, now: datetime, text: str
) -> None:
    """Parents who do not know how to do something are no secret."""
    assert told(offline, now, text, Session()) == []


def test_a_minor_hears_it_with_a_line_for_the_young(offline: Knowledge, now: datetime) -> None:
    """A parent who writes about a child of that age does not."""
    age = Known(low=15, high=15)
    talk = Talk(Session(facts={Fact.AGE: age}), Turn(text="j'ai 15 ans", now=now), offline)
    secrecy.reassure(talk)
    assert [line.number for m in talk.messages for line in m.lines or []] == ["0 800 235 236"]
    parent = Session(facts={Fact.AGE: age, Fact.FOR_WHOM: Known(value="child")})
    assert told(offline, now, "mon fils a 15 ans", parent) == []


@pytest.mark.parametrize(
    "text",
    [
        "?", "???", "c'est compliqué", "c'est trop compliqué pour moi", "je comprends pas",
        "j'ai rien compris", "et alors ?", "et maintenant ?", "je fais quoi", "pas clair",
        "par où commencer", "je suis perdue", "hein ?", "ok et après",
    ],
)  # fmt: skip
def test_after_cards_a_person_who_is_lost_is_heard(
    offline: Knowledge, now: datetime, text: str
) -> None:
    """Before any card, these words are no complaint about the cards."""
    assert guide.is_lost(Talk(Session(shown=["apl"]), Turn(text=text, now=now), offline))
    assert not guide.is_lost(Talk(Session(), Turn(text=text, now=now), offline))


@pytest.mark.parametrize(
    "text",
    [
        "c'est compliqué avec mon fils", "je comprends pas cette facture", "je suis malade",
        "comment faire une demande de RSA", "je n'ai rien à manger", "j'ai un autre souci",
    ],
)  # fmt: skip
def test_a_need_that_begins_so_is_a_need(offline: Knowledge, now: datetime, text: str) -> None:
    """More words tell something else."""
    assert not guide.is_lost(Talk(Session(shown=["apl"]), Turn(text=text, now=now), offline))
