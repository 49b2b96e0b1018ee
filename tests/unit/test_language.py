"""Another language is told by its letters, by a few words or by the model; French never is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.understanding.language import OTHER, LanguageReader, load_languages
from assistant.understanding.spelling import load_speller
from knowledge_base.catalogue import DATA

TUNE = Path(__file__).parents[1] / "quality" / "tune"
LANGUAGES = yaml.safe_load((DATA / "langues.yml").read_text(encoding="utf-8"))
CHOICE = "« Parler à quelqu’un »"


@pytest.fixture(scope="module")
def reader() -> LanguageReader:
    """The real sentences, words and model."""
    return load_languages()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I need help", "en"),
        ("i am hungry", "en"),
        ("no money", "en"),
        ("necesito ayuda", "es"),
        ("tengo hambre", "es"),
        ("preciso de ajuda", "pt"),
        ("aiuto", "it"),
        ("ich brauche Hilfe", "de"),
        ("am nevoie de ajutor", "ro"),
        ("yardım edin", "tr"),
        ("potrzebuję pomocy", "pl"),
        ("Nie mam gdzie spać z dziećmi", "pl"),
        ("ik heb hulp nodig", "nl"),
        ("kam nevojë për ndihmë", "sq"),
        ("nuk kam para", "sq"),
        ("i caawi", "so"),
        ("lacag ma haysto", "so"),
        ("tôi cần giúp đỡ", "vi"),
        ("segítség", "hu"),
        ("naomba msaada", "sw"),
        ("Potřebuji pomoc, nemám kde spát", OTHER),
    ],
)
def test_short_calls_for_help_are_heard(reader: LanguageReader, text: str, language: str) -> None:
    """Two words are enough when both are of one language."""
    assert reader.foreign(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("帮", "zh"),
        ("我需要帮助", "zh"),
        ("помогите", "ru"),
        ("допоможіть", "uk"),
        ("нямам пари", "bg"),
        ("ساعدوني", "ar"),
        ("کمک", "fa"),
        ("به کمک نیاز دارم", "fa"),
        ("مرسته وکړئ", "ps"),
        ("مجھے مدد چاہیے", "ur"),
        ("დამეხმარეთ", "ka"),
        ("օգնեք", "hy"),
        ("እርዱኝ", "am"),
        ("সাহায্য", "bn"),
        ("உதவி", "ta"),
        ("助けて", OTHER),
        ("도와주세요", OTHER),
        ("मदद", OTHER),
        ("ช่วยด้วย", OTHER),
        ("βοήθεια", OTHER),
        ("ሓገዝ የድልየኒ ኣሎ", OTHER),
        ("الو Blois 你好 我需要帮助", "zh"),
    ],
)
def test_other_letters_are_enough(reader: LanguageReader, text: str, language: str) -> None:
    """Whatever the length, and Persian is not Arabic."""
    assert reader.foreign(text) == language
    assert reader.in_another_script(text)


@pytest.mark.parametrize(
    "text",
    [
        "oui", "non", "ok", "Blois", "41000", "help svp", "jsp", "toi", "dormir", "casa", "no", "?",
        "on a fin", "no comment", "non merci", "c pr ma fame", "para", "home", "c cb", "🙂",
        "06 12", "CDF347", "jvi seul jsui cardiak é la canicul arive", "g pa de sou pr mangé",
    ],
)  # fmt: skip
def test_short_french_is_never_foreign(reader: LanguageReader, text: str) -> None:
    """As it is written on a telephone."""
    assert reader.foreign(text) is None


def test_no_french_message_is_taken_for_another_language(reader: LanguageReader) -> None:
    """The few that are heard are those that are not in French."""
    kinds = [
        (message.get("kind"), message["text"])
        for path in sorted(TUNE.glob("needs*.yml"))
        for message in yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    ]
    heard = [text for kind, text in kinds if kind != "other_language" and reader.foreign(text)]
    missed = [text for kind, text in kinds if kind == "other_language" and not reader.foreign(text)]
    assert (len(kinds), heard) == (720, [])
    assert [text[:14] for text in missed] == ["salam, 3andi 1"]  # Arabic, in Latin letters


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_names_the_button(code: str) -> None:
    """The button is in French: its words are given as they are read on it."""
    sentence = LANGUAGES[code]["sentence"]
    assert CHOICE in sentence
    assert len(sentence) < 250


def test_the_words_that_tell_a_language_are_not_french() -> None:
    """« dormir » is Spanish too: such a word is among the small ones, never alone."""
    speller = load_speller()
    words = [word for one in LANGUAGES.values() for word in str(one.get("words", "")).split()]
    assert [word for word in words if word.isascii() and speller.knows(word)] == []


def test_a_language_without_a_sentence_is_answered_in_english_and_french(
    reader: LanguageReader,
) -> None:
    """Two lines, the same meaning."""
    english, french = reader.sentence("cs").split("\n")
    assert english.startswith("I read your message")
    assert french.startswith("J’ai lu votre message")
    assert reader.sentence(OTHER) == reader.sentence("ko")
