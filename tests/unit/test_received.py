"""The aids already received: read in the message, said again, not proposed, corrected."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.conversation import Known, Reply, Session, Turn
from assistant.knowledge import Knowledge
from assistant.respond import respond
from assistant.understanding.intents import guess_intent
from assistant.understanding.received import AidNames
from knowledge_base.catalogue import Catalogue
from knowledge_base.facts import Fact

ALONE = "je suis seule avec mes deux enfants, leur père ne paie rien"


@pytest.fixture(scope="module")
def names(catalogue: Catalogue) -> AidNames:
    """The names of the real catalogue."""
    return AidNames(catalogue.entries.values())


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("je touche déjà l’ASF", ["asf"]),
        ("jai deja le cheque energie", ["cheque_energie"]),
        ("J’ai reçu mon chèque énergie", ["cheque_energie"]),
        ("je perçois la pch et j’ai la cmi", ["pch", "cmi"]),
        ("je touche déjà l'ASF et la prime d'activité", ["asf", "prime_activite"]),
        ("je touche deja la paje", ["paje"]),
        ("je bénéficie de la CSS et du chèque énergie", ["css", "cheque_energie"]),
        ("je suis en ALD", ["ald"]),
        ("je suis reconnu RQTH", ["rqth"]),
        ("on a déjà l’AEEH pour notre fils", ["aeeh"]),
        ("je touche l’ASF mais ça ne suffit pas, comment payer le loyer ?", ["asf"]),
    ],
)
def test_an_aid_received_is_read(names: AidNames, said: str, ids: list[str]) -> None:
    """By the name that its card gives, with the words of receiving around it."""
    assert list(names.read(said).mine) == ids


@pytest.mark.parametrize(
    "said",
    [
        "j’ai déjà demandé l’ASF",
        "j’ai déjà fait la demande d’APL",
        "je touchais l’ASF avant",
        "je voudrais toucher l’ASF",
        "est-ce que je touche l’ASF ?",
        "si je touche l’ASF, j’ai droit à quoi ?",
        "j’ai droit au chèque énergie ?",
        "j’attends le chèque énergie",
        "on m’a refusé la CMI",
        "j’ai la CMI mais elle est périmée",
        "je dois renouveler ma CMI",
        "j’ai le chèque énergie, comment l’utiliser ?",
        "je touche plus l’ASF depuis mars",
        "je suis en arrêt maladie et je ne touche rien",
        "je suis parent isolé",
        "c’est quoi l’ASF ?",
    ],
)
def test_asked_for_lost_or_in_trouble_is_not_received(names: AidNames, said: str) -> None:
    """Its card may be what the person needs: when in doubt it is proposed."""
    assert names.read(said).mine == ()


def test_what_somebody_else_receives_is_told_apart(names: AidNames) -> None:
    """« Ma voisine touche l’ASF » says nothing of who writes."""
    assert names.read("ma voisine touche l’ASF").mine == ()
    assert names.read("ma mère a déjà la téléassistance").theirs == ("teleassistance",)


def test_an_aid_denied_takes_back(names: AidNames) -> None:
    """By its name, or only « je ne le touche pas » when that is the whole message."""
    assert names.read("je ne touche pas l’ASF").denied == ("asf",)
    assert names.read("non, je ne le touche pas").takes_back
    story = "mon fils a un carnet du collège, il dit que je ne l’ai pas signé à temps"
    assert not names.read(story).takes_back


def talk(knowledge: Knowledge, now: datetime, session: Session, *said: str) -> Reply:
    """Return the last reply to what is typed, in order, from ``session``."""
    reply = Reply(session=session, messages=[])
    for text in said:
        turn = Turn(text=text, intent=guess_intent(text), confidence=0.9, now=now)
        reply = respond(reply.session, turn, knowledge)
    return reply


def aids(knowledge: Knowledge, now: datetime, reply: Reply) -> set[str]:
    """Return the cards and the offers when the aids are asked for next."""
    shown = respond(reply.session, Turn(value="do:show_aids", now=now), knowledge)
    cards = {card.id for message in shown.messages for card in message.aids or ()}
    choices = [choice.value for message in shown.messages for choice in message.choices or ()]
    return cards | {value.removeprefix("aid:") for value in choices if value.startswith("aid:")}


def test_an_aid_received_is_noted_and_no_longer_proposed(
    knowledge: Knowledge, now: datetime
) -> None:
    """It is said again so that it can be corrected, and the question that waits comes back."""
    told = talk(knowledge, now, Session(), ALONE)
    assert "asf" in aids(knowledge, now, told)
    noted = talk(knowledge, now, told.session, "je touche déjà l’ASF")
    assert noted.messages[0].text.startswith("J’ai noté ceci : les aides déjà reçues : ASF.")
    assert noted.messages[-1].fact == told.messages[-1].fact
    assert "asf" not in aids(knowledge, now, noted)


def test_the_cheque_energie_received_is_no_card(knowledge: Knowledge, now: datetime) -> None:
    """« J’ai déjà le chèque énergie » gave that card first."""
    said = "j'ai déjà le chèque énergie et je ne paie plus l'électricité"
    reply = talk(knowledge, now, Session(), said)
    assert reply.session.received == ["cheque_energie"]
    assert "cheque_energie" not in aids(knowledge, now, reply)


def test_no_i_do_not_receive_it(knowledge: Knowledge, now: datetime) -> None:
    """What was noted by mistake is taken back, said so, and proposed again."""
    noted = talk(knowledge, now, Session(), ALONE, "je touche déjà l’ASF")
    back = talk(knowledge, now, noted.session, "non, je ne la touche pas")
    texts = [message.text for message in back.messages]
    assert any(text.startswith("C’est corrigé") for text in texts)
    assert any("vous ne recevez pas : ASF" in text for text in texts)
    assert back.session.received == []
    assert "asf" in aids(knowledge, now, back)


def test_a_benefit_of_the_facts_is_taken_back_too(knowledge: Knowledge, now: datetime) -> None:
    """« Je touche l’AAH » by mistake: the fact goes, the others stay."""
    noted = talk(knowledge, now, Session(), "je touche l'AAH et l'APL")
    assert noted.session.facts[Fact.BENEFITS_RECEIVED].values == ("aah", "apl")
    back = talk(knowledge, now, noted.session, "non, je ne touche pas l'AAH")
    assert back.session.facts[Fact.BENEFITS_RECEIVED].values == ("apl",)


def test_only_an_aid_received_asks_what_is_difficult(knowledge: Knowledge, now: datetime) -> None:
    """It was understood: the assistant does not say that it was not."""
    reply = talk(knowledge, now, Session(), "je touche déjà l’ASF")
    assert "Qu’est-ce qui est difficile" in reply.messages[-1].text
    assert "pas sûr" not in str(reply.messages)


def test_an_aid_of_mine_is_still_proposed_to_my_mother(offline: Knowledge, now: datetime) -> None:
    """The message is about her: what I receive myself says nothing of her."""
    session = Session(facts={Fact.FOR_WHOM: Known(value="parent")})
    assert talk(offline, now, session, "moi j’ai la CMI").session.received == []
    assert talk(offline, now, session, "elle a déjà la CMI").session.received == ["cmi"]
