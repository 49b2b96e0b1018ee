"""The contact: what people type becomes a way to reach them, or a sentence that helps."""

from __future__ import annotations

import pytest

from assistant.handoff import Contact
from connectors.handoff.contact import (
    ContactInvalid,
    display_phone,
    find_contact,
    hide_contact,
    validate_contact,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        (" 02-54-58-41-41 ", "+33254584141"),
        ("09 72 12 34 56", "+33972123456"),
        ("+32 2 501 02 11", "+3225010211"),
    ],
)
def test_phones_are_stored_in_one_form(typed: str, stored: str) -> None:
    """Every usual way to write a French phone, and a foreign one, gives its E.164 form."""
    assert validate_contact(phone=typed) == Contact(phone=stored)


@pytest.mark.parametrize(
    "typed", ["06 12 34 56", "00 00 00 00 00", "demain", "12", "061234567890123"]
)
def test_incomplete_phones_are_explained(typed: str) -> None:
    """A phone that cannot exist gives a sentence with an example."""
    with pytest.raises(ContactInvalid) as invalid:
        validate_contact(phone=typed)
    assert invalid.value.problems == {
        "phone": "Ce numéro de téléphone n’a pas l’air complet. "
        "Écrivez-le avec ses dix chiffres, par exemple 06 12 34 56 78."
    }


@pytest.mark.parametrize("typed", ["3919", "08 99 12 34 56", "0 800 23 52 36"])
def test_numbers_that_are_nobodys_are_refused(typed: str) -> None:
    """A help line or a premium number is not a way to reach the person."""
    with pytest.raises(ContactInvalid) as invalid:
        validate_contact(phone=typed)
    assert list(invalid.value.problems) == ["phone"]


def test_emails_are_stored_in_one_form() -> None:
    """The domain is lowered, the accents of the local part are kept."""
    assert validate_contact(email=" Marie.D@Orange.FR ") == Contact(email="Marie.D@orange.fr")


@pytest.mark.parametrize("typed", ["marie", "marie@", "marie@exemple", "a b@exemple.fr"])
def test_incomplete_emails_are_explained(typed: str) -> None:
    """An e-mail that cannot exist gives a sentence with an example."""
    with pytest.raises(ContactInvalid) as invalid:
        validate_contact(email=typed)
    assert invalid.value.problems == {
        "email": "Cette adresse e-mail n’a pas l’air complète. "
        "Écrivez-la par exemple ainsi : nom@exemple.fr."
    }


@pytest.mark.parametrize(("phone", "email"), [(None, None), ("", " "), (None, "  ")])
def test_there_must_be_a_way_to_answer(phone: str | None, email: str | None) -> None:
    """Without phone and e-mail nobody could ever answer: it is asked for."""
    with pytest.raises(ContactInvalid) as invalid:
        validate_contact(phone=phone, email=email, name="Marie", safe_hours="le soir")
    assert invalid.value.problems == {
        "contact": "Donnez un téléphone ou une adresse e-mail, pour que l’on puisse vous répondre."
    }


def test_a_good_phone_does_not_hide_a_bad_email() -> None:
    """Every problem is told at once, each on its field; the exception repeats no value."""
    with pytest.raises(ContactInvalid) as invalid:
        validate_contact("06 12 34 56 78", "marie@", "n" * 101, "h" * 201)
    assert sorted(invalid.value.problems) == ["email", "name", "safe_hours"]
    assert str(invalid.value) == "contact invalid: email, name, safe_hours"


def test_hours_and_name_are_kept_as_said() -> None:
    """Two hundred characters of hours are accepted; blanks are folded."""
    contact = validate_contact(
        phone="0612345678",
        name=" Marie   Durand ",
        safe_hours="h" * 200,
        safe_message_ok=True,
    )
    assert (contact.name, contact.safe_hours, contact.safe_message_ok) == (
        "Marie Durand",
        "h" * 200,
        True,
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            "mon numéro c’est le 06 12 34 56 78, ou marie@exemple.fr.",
            ("+33612345678", "marie@exemple.fr"),
        ),
        ("0612345678", ("+33612345678", None)),
        ("tel: 06.12.34.56.78 le soir apres 18h", ("+33612345678", None)),
        ("écrivez-moi (marie@exemple.fr)", (None, "marie@exemple.fr")),
        ("marie41000@exemple.fr", (None, "marie41000@exemple.fr")),
        ("j’ai 3 enfants et 450 € de loyer à 41000 Blois", (None, None)),
        ("appelez le 3919", (None, None)),
        ("marie@ 06 12", (None, None)),
        ("O6 12 34 56 78", ("+33612345678", None)),
        ("6 12 34 56 78, après 17h", ("+33612345678", None)),
        ("+33 6 12 34 56 78", ("+33612345678", None)),
        ("06 12 34 56 78, non pardon 06 12 34 56 87", ("+33612345687", None)),
        ("06 12 34 56 78 ou le 02 54 11 22 33", ("+33612345678", None)),
        ("", (None, None)),
    ],
)
def test_contacts_are_found_in_a_sentence(said: str, found: tuple[str | None, str | None]) -> None:
    """In the chat people write a sentence: phone and e-mail are read in it, nothing else."""
    assert find_contact(said) == found


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+33612345678", "06 12 34 56 78"), ("+3225010211", "+32 2 501 02 11")],
)
def test_phones_are_shown_as_they_are_said(stored: str, shown: str) -> None:
    """The professional reads a French number in pairs, a foreign one with its country."""
    assert display_phone(stored) == shown


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("il me frappe appelez moi au 06 12 34 56 78", "il me frappe appelez moi au (masqué)"),
        ("marie.d@exemple.fr, ou le 0612345678 !", "(masqué) ou le (masqué) !"),
        ("j'ai 3 enfants et 450 € de loyer", "j'ai 3 enfants et 450 € de loyer"),
        ("ligne 1\nligne 2", "ligne 1\nligne 2"),
        ("6 12 34 56 78", "(masqué)"),
        ("6 12 34 56 78, après 17h", "(masqué), après 17h"),
        ("c'est le O6 12 34 56 78", "c'est le (masqué)"),
    ],
)
def test_a_contact_in_a_sentence_is_hidden(text: str, hidden: str) -> None:
    """Only the contact goes: the rest of what was said stays as it was written."""
    assert hide_contact(text) == hidden
