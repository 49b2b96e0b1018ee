"""Yes, no and « when », in the words of people."""

from __future__ import annotations

import pytest

from assistant.understanding.consent import (
    HoursSaid,
    agrees,
    asks_to_send,
    comes_round,
    has_no_commune,
    read_hours,
    refuses,
    refuses_firmly,
    untold_words,
)


@pytest.mark.parametrize(
    "text",
    [
        "oui", "Oui !", "ouiii", "ok", "d’accord", "D'accord", "ok vas-y", "oui envoyez",
        "oui merci", "je veux bien", "OK envoyez ma demande", "allez-y", "oui s'il vous plaît",
        "je suis d'accord", "vous pouvez envoyer", "bien sûr", "c'est bon", "finalement oui",
        "oui finalement", "ok allez-y", "bon d'accord envoyez", "j'ai changé d'avis, envoyez",
        "non finalement envoyez", "après tout envoyez-la", "en fait je veux bien",
    ],
)  # fmt: skip
def test_a_short_yes_agrees(text: str) -> None:
    """The whole text says yes, as people say it."""
    assert agrees(text)
    assert not refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "oui ?", "oui mais pas mon numéro", "ok mais à qui", "pourquoi pas", "peut-être", "à qui ?",
        "non", "oui non", "oui n'envoyez rien", "je sais pas", "je comprends", "", "bonjour",
        "je vis seule à Blois", "pas d'accord", "finalement", "finalement non",
        "j'ai changé d'avis", "non oui", "non d'accord", "oui finalement non",
        "envoyez rien", "allez non",
    ],
)  # fmt: skip
def test_anything_else_is_not_a_consent(text: str) -> None:
    """A doubt, a question, a condition or a no is not a yes."""
    assert not agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        "non finalement n'envoyez rien", "n’envoyez rien", "ne l'envoyez pas", "envoyez pas",
        "n'envoyez pas la demande", "j'ai changé d'avis", "g changé d'avis", "annulez", "j'annule",
        "laissez tomber", "laisse tomber", "finalement non", "je ne suis pas d'accord", "stop",
        "arrêtez", "il ne faut pas envoyer", "surtout ne transmettez rien", "oui n'envoyez rien",
        "je ne veux pas que ça parte", "retirez ma demande", "je refuse",
    ],
)  # fmt: skip
def test_a_withdrawal_is_heard_whatever_is_asked(text: str) -> None:
    """Even asked for hours, these words stop everything."""
    assert refuses_firmly(text)
    assert refuses(text)
    assert read_hours(text) is HoursSaid.REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "non", "non merci", "nan c bon", "je ne veux plus", "je veux pas être rappelée",
        "ne m'appelez pas", "je préfère pas", "jamais", "pas besoin", "plus tard", "tant pis",
        "je veux plus, il va rentrer chez nous", "je réfléchis",
    ],
)  # fmt: skip
def test_a_refusal_is_not_hours(text: str) -> None:
    """A no without an hour stops the hand-off."""
    assert refuses(text)
    assert read_hours(text) is not HoursSaid.TOLD


@pytest.mark.parametrize(
    "text",
    ["je veux plus vivre", "je ne veux pas que mon mari le sache", "je veux pas qu'il vienne ici"],
)
def test_not_wanting_something_else_is_not_a_refusal(text: str) -> None:
    """« je ne veux plus » alone speaks of the hand-off; with another verb, of another thing."""
    assert not refuses(text)
    assert read_hours(text) is not HoursSaid.TOLD


@pytest.mark.parametrize(
    "text",
    [
        "le matin", "plutôt le matin", "pas avant 18 h", "pas le mercredi", "jamais le matin",
        "non, plutôt le soir", "ne m'appelez pas le matin",
        "n'envoyez pas de sms, appelez le matin",
        "je ne peux pas le matin envoyez un sms", "quand les enfants dorment", "n'importe quand",
        "quand vous voulez", "je m'arrête de travailler à 17h", "tout de suite", "par sms",
        "je préfère le soir", "après l'école", "le soir finalement", "entre 12h et 14h",
        "12h30-14h30", "de 9 à 11", "18:00", "le 12 ou le 13",
    ],
)  # fmt: skip
def test_hours_are_hours_even_with_a_no_in_them(text: str) -> None:
    """« pas avant 18 h » protects the person: it must be kept, not taken for a refusal."""
    assert read_hours(text) is HoursSaid.TOLD
    assert not refuses_firmly(text)


@pytest.mark.parametrize(
    "text",
    [
        "oui", "j'hésite", "azerty", "merci", "j'ai peur", "c'est qui qui appelle le matin ?",
        "je ne veux plus être appelée le matin", "où en est ma demande CDF347", "",
        "non plutôt le 07 12 34 56 78", "ma mère de 82 ans tombe", "j'ai 3 enfants",
    ],
)  # fmt: skip
def test_what_says_no_hour_is_asked_again(text: str) -> None:
    """A case never leaves on words that were not understood."""
    assert read_hours(text) is HoursSaid.UNCLEAR


@pytest.mark.parametrize(
    ("text", "nowhere"),
    [
        ("je suis à la rue", True),
        ("sdf", True),
        ("j'ai pas d'adresse", True),
        ("nulle part", True),
        ("je dors dans ma voiture", True),
        ("Blois", False),
        ("12 rue de la Paix", False),
    ],
)
def test_somebody_may_live_in_no_commune(text: str, nowhere: bool) -> None:
    """Without a home there is no commune to give."""
    assert has_no_commune(text) is nowhere


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("non finalement n'envoyez rien", []),
        ("pas avant 18 h", []),
        ("je préfère ne pas le dire", []),
        ("quand mon mari n'est pas là", ["mari"]),
        ("je veux plus vivre", ["vivre"]),
        ("le soir il me frappe", ["frappe"]),
    ],
)
def test_words_that_may_hide_a_story_are_named(text: str, words: list[str]) -> None:
    """An answer made of these words alone tells nothing else."""
    assert untold_words(text) == words


@pytest.mark.parametrize(
    ("text", "round_", "names_sending"),
    [
        ("oui envoyez", True, True),
        ("finalement oui", True, False),
        ("ok allez-y", True, False),
        ("j'ai changé d'avis, envoyez", True, True),
        ("non finalement envoyez", True, True),
        ("en fait je veux bien", True, False),
        ("oui", False, False),
        ("ok", False, False),
        ("d'accord merci", False, False),
        ("finalement non", False, False),
        ("n'envoyez rien", False, False),
    ],
)
def test_a_yes_that_takes_a_no_back(text: str, round_: bool, names_sending: bool) -> None:
    """« ok » after a no may only say that it was read."""
    assert comes_round(text) is round_
    assert asks_to_send(text) is names_sending
