"""What a message of the assistant becomes in Telegram."""

from __future__ import annotations

import html
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.messages import ChoiceButton, LineCard, Message, MessageKind, Role
from connectors.telegram import buttons
from connectors.telegram.packing import Paragraph, Span, pack, size
from connectors.telegram.rendering import Outgoing, render, render_all
from tests.fakes.cards import FRANCE_SERVICES, HOUSING_BENEFIT, RENT, SOCIAL_CENTRE

_TAG = re.compile(r"<(/?)(b|i|a)(?: href=\"[^\"<>]*\")?>")
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
_LONG = st.builds(lambda part, times: part * times, _TEXT, st.integers(1, 40))
_SPANS = st.builds(
    Span, _LONG, st.sampled_from([None, "b", "i"]), st.none() | st.just("https://exemple.fr/?a=1&b")
)
_PARAGRAPHS = st.lists(st.lists(_SPANS, max_size=3).map(tuple), max_size=6)


def _visible(texts: list[str]) -> str:
    """Return the words without the markup and the blanks."""
    return "".join(html.unescape(_TAG.sub("", text)) for text in texts)


def _closed(text: str) -> bool:
    """Tell whether every tag of ``text`` is closed in order and nothing else is a tag."""
    opened: list[str] = []
    for match in _TAG.finditer(text):
        if not match[1]:
            opened.append(match[2])
        elif not opened or opened.pop() != match[2]:
            return False
    return not opened and "<" not in _TAG.sub("", text)


def _letters(text: str) -> str:
    return "".join(text.split())


@given(_PARAGRAPHS)
def test_texts_are_short_enough_well_formed_and_complete(paragraphs: list[Paragraph]) -> None:
    """Every text fits in a message, its markup is closed, and no character is lost."""
    texts = pack(paragraphs)
    assert all(1 <= size(text) <= 4096 for text in texts)
    assert all(_closed(text) for text in texts)
    said = "".join(span.text for paragraph in paragraphs for span in paragraph)
    assert _letters(_visible(texts)) == _letters(said)


def test_a_text_is_cut_between_paragraphs() -> None:
    """Two paragraphs that do not fit together make two messages, uncut."""
    first, second = "a" * 3000, "b" * 3000
    assert pack([(Span(first),), (Span(second),)]) == [first, second]


def test_a_long_paragraph_is_cut_after_a_sentence() -> None:
    """A paragraph too long for one message ends at a full stop, not in the middle of a word."""
    sentence = "Une phrase de vingt-neuf signes. "
    texts = pack([(Span(sentence * 200),)])
    assert [text.rstrip()[-7:] for text in texts] == ["signes."] * 2


def test_astral_characters_count_twice() -> None:
    """Telegram counts an emoji as two units: 2 500 of them need two messages."""
    assert [len(text) for text in pack([(Span("🏠" * 2500),)])] == [2048, 452]


def test_what_people_wrote_is_escaped() -> None:
    """A text with signs of HTML is shown as it was written."""
    (shown,) = render(Message(text="<b>5 < 6 & 7</b>"))
    assert shown.text == "&lt;b&gt;5 &lt; 6 &amp; 7&lt;/b&gt;"


def test_a_question_has_a_button_for_each_choice() -> None:
    """Choices are buttons, one per row, that serve only once."""
    message = Message(
        kind=MessageKind.QUESTION,
        text="Vivez-vous seul ?",
        choices=[
            ChoiceButton(label="Oui", value="fact:household=alone"),
            ChoiceButton(label="Parler à quelqu’un", value="do:ask_human"),
        ],
    )
    assert render(message) == [
        Outgoing(
            "Vivez-vous seul ?",
            (
                (buttons.Button("Oui", "fact:household=alone"),),
                (buttons.Button("Parler à quelqu’un", "do:ask_human"),),
            ),
            once=True,
        )
    ]


def test_an_aid_is_a_message_with_everything_on_the_card() -> None:
    """A card says how sure it is, why, what is missing, what to do, its source and its date."""
    (_, shown, _) = render(
        Message(kind=MessageKind.AIDS, text="Voici.", aids=[RENT, HOUSING_BENEFIT])
    )
    assert shown.text.split("\n\n") == [
        "<b>FSL : une aide pour payer un loyer en retard</b>\n<i>Probable</i>",
        "Le FSL (fonds de solidarité pour le logement) peut payer une dette de loyer. "
        "Il aide les personnes qui ont de petits revenus.",
        "Le FSL est une aide du Département.",
        "- Elle peut être un don.\n- Ou un prêt.",
        "<b>Pourquoi</b>\n• Vous avez un loyer pas payé.\n• Vous êtes locataire.",
        "<b>Il reste à savoir : </b>votre commune, les revenus du foyer",
        "<b>Montant : </b>selon le cas",
        "<b>Délai : </b>Dans les semaines qui viennent. La réponse arrive en deux mois environ.",
        "<b>Comment faire</b>\n"
        "1. Prenez rendez-vous à la Maison départementale des solidarités.\n"
        "2. Préparez les papiers avec l’assistante sociale.\n"
        "3. Envoyez le dossier.",
        "<b>Les papiers à préparer</b>\n• Le bail\n• Le dernier avis d’échéance\n"
        "• Les ressources des trois derniers mois",
        "<b>0 805 160 075</b> : SOS loyers impayés\n"
        "lun-ven 9h-17h ; appel gratuit ; numéro vérifié le 3 février 2026",
        "<b>Qui s’en occupe : </b>Département de Loir-et-Cher",
        '<b>Site : </b><a href="https://exemple.fr/fsl">exemple.fr</a>',
        'Source : <a href="https://exemple.fr/fiche">Fiche d’exemple</a>, vérifié le 1er mai 2026.',
    ]


def test_a_doubtful_source_says_so() -> None:
    """A card whose source is to be verified tells the person to ask."""
    (shown,) = render(Message(kind=MessageKind.AIDS, aids=[HOUSING_BENEFIT]))
    assert shown.text.endswith("vérifié le 12 novembre 2020. À confirmer auprès de l’organisme.")


def test_acronyms_are_explained_on_the_card() -> None:
    """A card that does not say what « MSA » means shows it apart."""
    aid = HOUSING_BENEFIT.model_copy(update={"acronyms": ["MSA : mutualité sociale agricole"]})
    (shown,) = render(Message(kind=MessageKind.AIDS, aids=[aid]))
    assert "<b>Les sigles</b>\n• MSA : mutualité sociale agricole" in shown.text


def test_places_have_a_phone_and_a_map() -> None:
    """Places come together, each with its way to call, its map and the age of the information."""
    (shown,) = render(Message(kind=MessageKind.PLACES, places=[FRANCE_SERVICES, SOCIAL_CENTRE]))
    first, second = shown.text.split("\n\n")
    assert first.split("\n") == [
        "<b>France services du Centre</b>",
        "France services",
        "1 rue de l’Exemple, Blois (à 3,2 km)",
        "Horaires : lun 13h30-17h30 ; mar-ven 9h-12h, 13h30-17h30",
        "Ouvert en ce moment",
        "Téléphone : <b>02 54 00 00 00</b>",
        "E-mail : blois@exemple.fr",
        'Site : <a href="https://exemple.fr/blois">exemple.fr</a>',
        '<a href="https://www.openstreetmap.org/?mlat=47.59411&amp;mlon=1.30965'
        '#map=17/47.59411/1.30965">Voir sur la carte (OpenStreetMap)</a>',
        "Source : Liste d’exemple, vérifié le 1er août 2024.",
    ]
    assert "Blois, adresse exacte à demander (à environ 3 km)" in second
    assert "Téléphone" not in second
    assert "openstreetmap" not in second


def test_a_borrowed_phone_says_whose_it_is() -> None:
    """The phone of another place is given with the name of who answers."""
    place = SOCIAL_CENTRE.model_copy(
        update={"phone": "02 54 00 00 01", "phone_of": "Accueil du Département"}
    )
    (shown,) = render(Message(kind=MessageKind.PLACES, places=[place]))
    assert "Téléphone : <b>02 54 00 00 01</b> (Accueil du Département)\n" in shown.text


def test_urgent_help_comes_first_with_its_numbers() -> None:
    """Whatever the order of the turn, the urgent message is sent first, silently if asked."""
    line = LineCard(number="3919", name="Violences Femmes Info", hours="24h/24", cost="gratuit",
                    deaf="tchat", checked_on=date(2026, 1, 15))  # fmt: skip
    alert = Message(
        kind=MessageKind.URGENT, text="Appelez le 17 si le danger est là.", lines=[line],
        discreet=True,
    )  # fmt: skip
    first, second = render_all([Message(text="Je reste là."), alert])
    assert first == Outgoing(
        "Appelez le 17 si le danger est là.\n\n<b>3919</b> : Violences Femmes Info\n"
        "24h/24 ; gratuit ; numéro vérifié le 15 janvier 2026 ; "
        "si vous n’entendez pas ou ne pouvez pas parler : tchat",
        silent=True,
    )
    assert second == Outgoing("Je reste là.")


def test_a_professional_is_named_as_such() -> None:
    """The words of a professional are not taken for those of the machine."""
    (shown,) = render(Message(role=Role.AGENT, text="Je vous appelle demain."))
    assert shown.text == "<b>Un professionnel vous répond :</b>\n\nJe vous appelle demain."


def test_a_message_that_says_nothing_sends_nothing() -> None:
    """Telegram refuses an empty text."""
    assert render(Message(text="  \n ")) == []


def test_choices_without_a_text_are_still_offered() -> None:
    """Buttons need a text: one is given."""
    (shown,) = render(Message(choices=[ChoiceButton(label="Oui", value="yes")]))
    assert shown.text == "Choisissez une réponse, ou écrivez la vôtre."


_VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=90) | st.sampled_from(
    ["i:abc:0", "fact:housing_status=tenant_private", "é" * 33]
)


@given(st.lists(_VALUES, max_size=230))
def test_no_choice_is_lost(values: list[str]) -> None:
    """However long or many, every choice has a button of 64 bytes that leads back to it."""
    choices = [ChoiceButton(label=f"choix {n}", value=value) for n, value in enumerate(values)]
    message = Message(id="A1b2C3d4E5f6G7h8I9j0Kk", text="?", choices=choices)
    shown = render(message)
    assert all(len(outgoing.keyboard) <= 100 for outgoing in shown)
    pressed = [button for one in shown for row in one.keyboard for button in row]
    assert all(1 <= len(button.data.encode()) <= 64 for button in pressed)
    assert [buttons.read(button.data, [Message(), message]) for button in pressed] == values


def test_a_button_of_a_forgotten_message_is_stale() -> None:
    """A long choice whose message was erased cannot be read, and says so."""
    message = Message(id="m1", choices=[ChoiceButton(label="Long", value="x" * 70)])
    (button,) = buttons.buttons(message)
    assert button.data == "i:m1:0"
    for others in ([], [message.model_copy(update={"choices": None})]):
        try:
            buttons.read(button.data, others)
        except buttons.StaleButton:
            continue
        raise AssertionError("a stale button was read")
