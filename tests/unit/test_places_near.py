"""« À côté de Vendôme », « 41100 », « Chaumont »: a place is shown, a home is not guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from assistant.conversation import Known, Stage
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from assistant.understanding.labels import value_label
from assistant.understanding.reader import FactReader, load_reader
from knowledge_base.facts import Fact
from knowledge_base.geography import Communes, load_communes
from tests.fakes.chat import Chat, with_rules_only

TODAY = date(2026, 11, 21)
NEED = "je n'arrive plus à payer mon loyer, je suis locataire du privé"


@pytest.fixture(scope="module")
def communes() -> Communes:
    """The real communes."""
    return load_communes()


@pytest.fixture(scope="module")
def reader(communes: Communes) -> FactReader:
    """The real rules and the real communes."""
    return load_reader(communes)


@pytest.fixture
def chat(knowledge: Knowledge, now: datetime) -> Chat:
    """Somebody who said nothing yet."""
    return Chat(with_rules_only(knowledge), now)


def commune_of(reader: FactReader, text: str) -> Known | None:
    """Return what is read of the commune in ``text``."""
    return reader.read(text, TODAY).get(Fact.COMMUNE)


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("j'habite à côté de Vendôme", "près de Vendôme", "Vendôme"),
        ("près de Blois, j'ai faim", "près de Blois", "Blois"),
        ("entre Mer et Blois", "près de Mer", "Mer"),
        ("on vit à 10 km de Mer", "près de Mer", "Mer"),
        ("pas loin de vandome", "près de Vendôme", "vandome"),
        ("je suis vers Romorantin", "près de Romorantin-Lanthenay", "Romorantin"),
        ("j'habite 41100", "secteur de Vendôme (41100)", "41100"),
        ("41000", "secteur de Blois (41000)", "41000"),
        ("je suis dans le 41120", "secteur du Controis-en-Sologne (41120)", "41120"),
    ],
)
def test_a_place_near_is_read_as_such(
    reader: FactReader, communes: Communes, text: str, label: str, words: str
) -> None:
    """It is marked, said again with « près de », and keeps the words of the person."""
    known = commune_of(reader, text)
    assert known is not None
    assert known.approximate
    assert value_label(Fact.COMMUNE, known, communes) == label
    assert known.words == words


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("J'habite Naveil, à côté de Vendôme", "Naveil", "Naveil"),
        ("jabite a vandome", "Vendôme", "vandome"),
        ("j'habite St Georges", "Saint-Georges-sur-Cher", "St Georges"),
        ("j'habite Saint Denis", "Saint-Denis-sur-Loire", "Saint Denis"),
        ("j'habite à La Marolle", "La Marolle-en-Sologne", "La Marolle"),
        ("41260", "La Chaussée-Saint-Victor", "41260"),
        ("41100 Naveil", "Naveil", "Naveil"),
    ],
)
def test_a_home_is_sure_and_keeps_its_words(
    reader: FactReader, communes: Communes, text: str, label: str, words: str
) -> None:
    """The only commune that begins so is meant; the words are those that were written."""
    known = commune_of(reader, text)
    assert known is not None
    assert not known.approximate
    assert value_label(Fact.COMMUNE, known, communes) == label
    assert known.words == words


@pytest.mark.parametrize(
    "text",
    [
        "j'habite loin de Blois", "à 80 km de Blois", "je travaille à côté de Blois",
        "je suis née près de Tours", "à une heure de Vendôme", "j'habite Chaumont",
        "j'habite à La Ferté", "je paye 41100 euros de dettes",
    ],
)  # fmt: skip
def test_no_commune_is_guessed(reader: FactReader, text: str) -> None:
    """Too far, only for work, or the name of several: nothing is read."""
    assert commune_of(reader, text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("j'habite Chaumont", ["Chaumont-sur-Loire", "Chaumont-sur-Tharonne"]),
        ("selles saint denis", []),
        ("je vis à monthou", ["Monthou-sur-Cher", "Monthou-sur-Bièvre"]),
        ("41140", ["Noyers-sur-Cher", "Saint-Romain-sur-Cher", "Thésée", "Méhers"]),
        ("41140 Thésée", []),
        ("la fontaine est cassée", []),
    ],
)
def test_the_communes_that_may_be_meant(communes: Communes, text: str, names: list[str]) -> None:
    """Several begin so or share the code: the most peopled come first."""
    assert [commune.name for commune in communes.unclear_in(text)] == names


def test_near_is_enough_to_show_places_and_is_said_again(chat: Chat) -> None:
    """The commune is not asked again, and no rule takes Vendôme for the home."""
    chat.say(f"{NEED}, à côté de Vendôme", Intent.DESCRIBE_NEED)
    assert "votre commune : près de Vendôme" in chat.text
    assert Fact.COMMUNE not in chat.session.situation()
    chat.send("do:show_aids")
    assert any(message.kind is MessageKind.PLACES for message in chat.reply.messages)
    assert Fact.COMMUNE not in chat.session.asked


def test_a_sure_commune_replaces_a_near_one_and_never_the_reverse(chat: Chat) -> None:
    """« près de Vendôme », then « Naveil », then « à côté de Blois »."""
    chat.say(f"{NEED}, à côté de Vendôme", Intent.DESCRIBE_NEED)
    chat.say("j'habite Vendôme même", Intent.INFORM)
    assert chat.session.situation()[Fact.COMMUNE] == "41269"
    chat.say("je cherche un logement à côté de Blois", Intent.DESCRIBE_NEED)
    assert chat.session.situation()[Fact.COMMUNE] == "41269"


def test_a_request_asks_the_commune_and_offers_those_of_the_code(chat: Chat) -> None:
    """A team works for residents: the postal code is not enough, its communes are offered."""
    chat.say(f"{NEED}, j'habite 41100", Intent.DESCRIBE_NEED)
    assert "secteur de Vendôme (41100)" in chat.text
    chat.send("do:ask_human")
    assert chat.session.stage is Stage.HANDOFF_COMMUNE
    assert list(chat.offered())[:3] == ["Vendôme", "Saint-Ouen", "Naveil"]
    chat.press("Naveil")
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert chat.session.sheet is not None
    assert chat.session.sheet.facts["commune"].label == "Naveil"


def test_a_shared_name_is_chosen_with_a_button(chat: Chat) -> None:
    """The question for the commune offers both Chaumont; the button answers it."""
    chat.say(f"{NEED}, j'habite Chaumont", Intent.DESCRIBE_NEED)
    while chat.session.pending not in (Fact.COMMUNE, None):
        chat.press("Je ne sais pas")
    assert chat.session.pending is Fact.COMMUNE
    chat.press("Chaumont-sur-Tharonne")
    assert chat.session.situation()[Fact.COMMUNE] == "41046"
    assert chat.session.pending is not Fact.COMMUNE


def test_a_shared_name_typed_as_an_answer_is_asked_again(chat: Chat) -> None:
    """It is said why, and the communes are offered."""
    chat.say(NEED, Intent.DESCRIBE_NEED)
    chat.send("do:ask_place")
    chat.say("Chaumont", Intent.INFORM)
    assert "Plusieurs communes ont ce nom ou ce code postal." in chat.text
    chat.press("Chaumont-sur-Loire")
    assert chat.session.situation()[Fact.COMMUNE] == "41045"


def test_a_postal_code_is_enough_to_show_places(chat: Chat) -> None:
    """« Près de quelle commune ? 41100 » shows places, and decides of no home."""
    chat.say(NEED, Intent.DESCRIBE_NEED)
    chat.send("do:ask_place")
    chat.say("41100", Intent.INFORM)
    assert any(message.kind is MessageKind.PLACES for message in chat.reply.messages)
    assert chat.session.facts[Fact.COMMUNE].approximate
