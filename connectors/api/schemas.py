"""The bodies of the public API v1: what is accepted and what is answered.

Answers are the models of ``assistant.messages``; an optional member without a value is left
out, a nullable one is ``null``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from assistant.conversation import Known, Session
from assistant.handoff import MAX_SAFE_HOURS
from assistant.messages import AidCard, Message, PlaceCard
from assistant.understanding.intents import is_choice
from connectors.incoming import clean_text

CleanText = Annotated[str, AfterValidator(clean_text)]


def _choice(value: str) -> str:
    if clean_text(value) != value or not is_choice(value):
        raise PydanticCustomError(
            "not_a_choice", "Ce choix n’est pas connu. Renvoyez la valeur d’un choix proposé."
        )
    return value


#: A choice is sent back as it was given: cleaning it would make it another one.
ChoiceValue = Annotated[str, AfterValidator(_choice)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConversationIn(_In):
    """Start a conversation."""

    channel: Literal["web", "telegram", "api"] = Field(
        default="web",
        description="Par où la personne écrit : une page web, Telegram ou un autre programme.",
        examples=["web"],
    )


class MessageIn(_In):
    """What the person did: typed ``text`` or chose ``value``; exactly one of the two."""

    text: CleanText | None = Field(
        default=None,
        description="Ce que la personne écrit, 2 000 caractères au plus.",
        examples=["j’arrive plus à payer mon loyer à Blois"],
    )
    value: ChoiceValue | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="La valeur d’un choix proposé par le message précédent.",
        examples=["fact:housing_status=tenant_private"],
    )

    @model_validator(mode="after")
    def _one_of_the_two(self) -> MessageIn:
        if (self.text is None) == (self.value is None):
            raise PydanticCustomError(
                "text_or_value", "Donnez « text » ou « value », l’un des deux."
            )
        return self


class ContactIn(_In):
    """How the professional may reach the person: a phone number, an address, or both."""

    phone: CleanText | None = Field(default=None, max_length=40, examples=["06 12 34 56 78"])
    email: CleanText | None = Field(default=None, max_length=254, examples=["nom@exemple.fr"])
    safe_hours: CleanText | None = Field(
        default=None,
        max_length=MAX_SAFE_HOURS,
        description="Quand appeler sans danger ni gêne.",
        examples=["le matin, pas le mercredi"],
    )


class HandoffIn(_In):
    """Hand a conversation to a professional. ``consent`` must be true."""

    conversation_id: str = Field(max_length=128)
    contact: ContactIn
    consent: StrictBool = Field(description="La personne accepte que son cas soit transmis.")


class MessagesOut(BaseModel):
    """The answers of the assistant, in order; urgent help comes first."""

    messages: list[Message]


class OpenedOut(MessagesOut):
    """A new conversation. ``token`` is given once and cannot be read again."""

    conversation_id: str
    token: str


class ConversationOut(MessagesOut):
    """A conversation as its owner reads it.

    ``facts`` gives what was understood: a value, a list of values, a number, or an interval
    ``{"low", "high"}`` whose ``high`` may be null.
    """

    facts: dict[str, object] = Field(examples=[{"commune": "41018", "age": 82}])
    status: str = Field(examples=["open"])


class AidsOut(BaseModel):
    """Aids, best first."""

    results: list[AidCard]


class PlacesOut(BaseModel):
    """Places, nearest first."""

    places: list[PlaceCard]


class CommuneOut(BaseModel):
    """A commune."""

    code_insee: str = Field(examples=["41018"])
    nom: str = Field(examples=["Blois"])
    code_postal: str = Field(examples=["41000"])


class CommunesOut(BaseModel):
    """Communes, best first."""

    communes: list[CommuneOut]


class ReceiptOut(BaseModel):
    """What the person keeps of a hand-off."""

    code: str = Field(examples=["K7M4QX"])
    status: str = Field(examples=["sent"])


class CaseOut(BaseModel):
    """Where a case stands."""

    status: str = Field(examples=["taken"])
    words: str = Field(
        examples=["Un professionnel s’occupe de votre demande."],
        description="L’état, dit en français : une phrase à montrer.",
    )
    since: datetime
    taken_by: str | None = Field(examples=["Maison départementale des solidarités de Blois"])
    due: datetime | None


def dump_messages(messages: Sequence[Message]) -> list[dict[str, object]]:
    """Return the messages as JSON data, without the optional members that have no value."""
    return [
        {name: value for name, value in message.model_dump(mode="json").items()
         if value is not None}
        for message in messages
    ]  # fmt: skip


def dump_facts(session: Session) -> Mapping[str, object]:
    """Return what is known of the situation as JSON data; a place near is no commune."""
    return {
        fact.value: _plain(known) for fact, known in session.facts.items() if not known.approximate
    }


def _plain(known: Known) -> object:
    if known.value is not None:
        return known.value
    if known.values is not None:
        return sorted(known.values)
    if known.low is not None and known.low == known.high:
        return _whole(known.low)
    return {"low": _whole(known.low or 0), "high": _whole(known.high)}


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number
