"""How to reach the person: what they wrote, checked, and sentences they can act on.

ContactInvalid   one French sentence per field that must be corrected
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from assistant.handoff import MAX_SAFE_HOURS, Contact

MAX_NAME: Final = 100
HIDDEN: Final = "(masqué)"
_REGION: Final = "FR"
#: « O6 12 … »: the letter for the figure.
_ZERO: Final = re.compile(r"(?<!\w)[Oo](?=\s?[1-9](?:[\s.-]?\d){7})")

#: « 6 12 34 56 78 »: nine figures, and no country before them.
_NO_ZERO: Final = re.compile(r"(?<![\d+])(?<!33[\s.-])(?=[1-79](?:[\s.-]?\d\d){4}(?![\s.-]?\d))")
#: Between two numbers: the second is the right one.
_CORRECTS: Final = re.compile(
    r"\b(?:non|pardon|plut[oô]t|euh|trompée?|erreur|voulais dire|enfin)\b", re.IGNORECASE
)

_NO_WAY: Final = "Donnez un téléphone ou une adresse e-mail, pour que l’on puisse vous répondre."
_BAD_PHONE: Final = (
    "Ce numéro de téléphone n’a pas l’air complet. "
    "Écrivez-le avec ses dix chiffres, par exemple 06 12 34 56 78."
)
_NOT_A_PERSON: Final = "Ce numéro n’est pas celui d’une personne. Donnez un numéro où vous joindre."
_BAD_EMAIL: Final = (
    "Cette adresse e-mail n’a pas l’air complète. Écrivez-la par exemple ainsi : nom@exemple.fr."
)
_LONG_NAME: Final = f"Ce nom est trop long. Écrivez-le en {MAX_NAME} lettres au plus."
_LONG_HOURS: Final = f"C’est un peu long. Dites-le en {MAX_SAFE_HOURS} lettres au plus."

_PERSONAL: Final = frozenset(
    {
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
    }
)


class ContactInvalid(Exception):
    """What must be corrected: ``problems`` maps a field to a French sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        # Only the names of the fields: the values are personal.
        super().__init__(f"contact invalid: {', '.join(sorted(self.problems))}")


def validate_contact(
    phone: str | None = None,
    email: str | None = None,
    name: str | None = None,
    safe_hours: str | None = None,
    *,
    safe_message_ok: bool = False,
) -> Contact:
    """Return the contact in its stored form; an empty field counts as not given.

    Raises ``ContactInvalid`` with every problem at once; at least a phone or an e-mail
    is needed.
    """
    problems: dict[str, str] = {}
    fields = {"phone": phone, "email": email, "name": name, "safe_hours": safe_hours}
    given = {key: " ".join((value or "").split()) or None for key, value in fields.items()}
    if given["phone"] is None and given["email"] is None:
        problems["contact"] = _NO_WAY
    for key, check in _CHECKS.items():
        value = given[key]
        if value is not None:
            try:
                given[key] = check(value)
            except ValueError as error:
                problems[key] = str(error)
    if problems:
        raise ContactInvalid(problems)
    return Contact(**given, safe_message_ok=safe_message_ok)


def _checked_phone(value: str) -> str:
    try:
        number = phonenumbers.parse(_with_zero(value), _REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError(_BAD_PHONE) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_BAD_PHONE)
    if phonenumbers.number_type(number) not in _PERSONAL:
        raise ValueError(_NOT_A_PERSON)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _with_zero(text: str) -> str:
    """Return ``text`` with the first 0 of its numbers, typed as a letter or left out."""
    return _NO_ZERO.sub("0", _ZERO.sub("0", text))


def _checked_email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(_BAD_EMAIL) from error


def _checked_name(value: str) -> str:
    if len(value) > MAX_NAME:
        raise ValueError(_LONG_NAME)
    return value


def _checked_hours(value: str) -> str:
    if len(value) > MAX_SAFE_HOURS:
        raise ValueError(_LONG_HOURS)
    return value


_CHECKS: Final = {
    "phone": _checked_phone,
    "email": _checked_email,
    "name": _checked_name,
    "safe_hours": _checked_hours,
}


def find_contact(text: str) -> tuple[str | None, str | None]:
    """Return the phone (E.164) and the e-mail found in a sentence; None for what is absent.

    « mon numéro c’est le 06 12 34 56 78, ou marie@exemple.fr » gives both.
    """
    email = next(filter(None, map(_email_or_none, text.split())), None)
    without_email = _with_zero(" ".join(word for word in text.split() if "@" not in word))
    matches = list(phonenumbers.PhoneNumberMatcher(without_email, _REGION))
    phones = [phone for match in matches if (phone := _phone_or_none(match.raw_string))]
    # « 06 … 78, non 06 … 87 »: the one that corrects the other.
    corrected = len(matches) > 1 and _CORRECTS.search(
        without_email[matches[0].end : matches[-1].start]
    )
    return next(iter(phones[::-1] if corrected else phones), None), email


def hide_contact(text: str) -> str:
    """Return ``text`` with every telephone number and e-mail address replaced."""
    words = [HIDDEN if _email_or_none(word) else word for word in re.split(r"(\s+)", text)]
    hidden = _with_zero("".join(words))
    for match in phonenumbers.PhoneNumberMatcher(hidden, _REGION):
        hidden = hidden.replace(match.raw_string, HIDDEN)
    return hidden


def _email_or_none(word: str) -> str | None:
    try:
        return _checked_email(word.strip(".,;:!?()<>[]«»\"'’")) if "@" in word else None
    except ValueError:
        return None


def _phone_or_none(text: str) -> str | None:
    try:
        return _checked_phone(text)
    except ValueError:
        return None


def display_phone(phone: str) -> str:
    """Return a stored phone as it is read in France: 06 12 34 56 78, +32 2 …"""
    number = phonenumbers.parse(phone, _REGION)
    french = number.country_code == 33
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if french else style.INTERNATIONAL)
