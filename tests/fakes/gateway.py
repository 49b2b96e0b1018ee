"""A gateway in memory that plays a realistic conversation, with every kind of message.

It follows a small script, not the dialogue: a word of the person leads to a scene.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.conversation import Known, Session
from assistant.messages import ChoiceButton, Contract, Message, MessageKind, Role
from connectors.gateway import Opened, TextTooLong, Transcript, UnknownConversation, WrongToken
from knowledge_base.facts import FACTS, WAYS_OUT, Fact
from tests.fakes.cards import (
    EMERGENCY,
    FRANCE_SERVICES,
    HOUSING_BENEFIT,
    RENT,
    SOCIAL_CENTRE,
    SOCIAL_HOUSING,
)

CODE = "K7M4QX"
CRASH = "panne"
WELCOME = "Bonjour. Je suis un assistant automatique. Dites-moi ce qui ne va pas."


@dataclass
class _Conversation:
    token: str
    session: Session = field(default_factory=Session)
    messages: list[Message] = field(default_factory=list)
    turns: dict[str, list[Message]] = field(default_factory=dict)


def _message(text: str, kind: MessageKind = MessageKind.TEXT) -> Message:
    return Message(id=secrets.token_hex(6), kind=kind, text=text)


def _choices(*pairs: tuple[str, str]) -> list[ChoiceButton]:
    return [ChoiceButton(label=label, value=value) for label, value in pairs]


def question(_: Session) -> list[Message]:
    """Ask for the housing status, with its choices and the ways out."""
    fact = FACTS[Fact.HOUSING_STATUS]
    pairs = [(one.label, f"fact:housing_status={one.value}") for one in (*fact.choices, *WAYS_OUT)]
    asked = _message(fact.question, MessageKind.QUESTION)
    update = {"fact": "housing_status", "choices": _choices(*pairs)}
    return [_message("J’ai compris : un loyer pas payé."), asked.model_copy(update=update)]


def aids(session: Session) -> list[Message]:
    """Show three aids, two places and what can be done next."""
    session.facts[Fact.HOUSING_STATUS] = Known(value="tenant_private")
    session.facts[Fact.AGE] = Known(low=82, high=82)
    session.facts[Fact.INCOME] = Known(low=2201, high=None)
    cards = _message("Voici ce qui peut vous aider.", MessageKind.AIDS)
    places = _message("Voici où quelqu’un peut vous aider.", MessageKind.PLACES)
    after = _message("Que voulez-vous faire ?")
    following = _choices(("Parler à quelqu’un", "do:ask_human"), ("Autre chose", "do:other_need"))
    return [
        cards.model_copy(update={"aids": [RENT, HOUSING_BENEFIT, SOCIAL_HOUSING]}),
        places.model_copy(update={"places": [FRANCE_SERVICES, SOCIAL_CENTRE]}),
        after.model_copy(update={"choices": following}),
    ]


def urgent(_: Session) -> list[Message]:
    """Show urgent help for violence, discreetly; it is not the first message on purpose."""
    alert = _message(
        "Vous n’êtes pas seule. Si le danger est là, appelez le 17 tout de suite.",
        MessageKind.URGENT,
    )
    lines = [line for line in EMERGENCY if line.number in ("17", "114", "3919")]
    return [
        _message("Je reste là. Voulez-vous en parler à quelqu’un ?"),
        alert.model_copy(update={"lines": lines, "discreet": True}),
    ]


def consent(_: Session) -> list[Message]:
    """Show what would be sent and ask for consent."""
    shown = _message(
        "Voici ce qui sera envoyé à la Maison départementale des solidarités de Blois :\n"
        "- Votre besoin : un loyer pas payé\n- Votre commune : Blois\n\n"
        "Êtes-vous d’accord ?",
        MessageKind.HANDOFF,
    )
    pairs = _choices(("Oui, je suis d’accord", "consent:yes"), ("Non", "consent:no"))
    return [shown.model_copy(update={"choices": pairs})]


def contact(_: Session) -> list[Message]:
    """Ask how to reach the person."""
    return [_message("Quel est votre numéro de téléphone ou votre e-mail ?", MessageKind.HANDOFF)]


def receipt(session: Session) -> list[Message]:
    """Give the receipt."""
    session.case_code = CODE
    return [_message(f"C’est envoyé. Votre code est {CODE}. Notez-le.", MessageKind.RECEIPT)]


def ask_to_erase(_: Session) -> list[Message]:
    """Ask before erasing."""
    asked = _message("Voulez-vous tout effacer ?", MessageKind.QUESTION)
    pairs = _choices(("Oui, tout effacer", "erase:yes"), ("Non, garder", "erase:no"))
    return [asked.model_copy(update={"choices": pairs})]


def erased(_: Session) -> list[Message]:
    """Say that nothing is left."""
    return [_message("C’est effacé.")]


def not_sure(_: Session) -> list[Message]:
    """Say that it was not understood, with a way out."""
    said = _message("Je ne suis pas sûr de comprendre. Pouvez-vous le dire autrement ?")
    return [said.model_copy(update={"choices": _choices(("Parler à quelqu’un", "do:ask_human"))})]


#: Scenes by the beginning of a value or a word of the text, first match wins.
SCENES: tuple[tuple[str, Callable[[Session], list[Message]]], ...] = (
    ("do:ask_human", consent),
    ("consent:yes", contact),
    ("erase:yes", erased),
    ("efface", ask_to_erase),
    ("fact:", aids),
    ("frappe", urgent),
    ("06", receipt),
    ("loyer", question),
)


class FakeGateway:
    """Implements ``connectors.gateway.Gateway`` in memory."""

    def __init__(self) -> None:
        self.conversations: dict[str, _Conversation] = {}
        self.said: list[tuple[str, str | None]] = []
        self.addresses: list[str | None] = []

    async def open(self, channel: str) -> Opened:
        """Start a conversation."""
        conversation_id, token = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        welcome = _message(WELCOME)
        self.conversations[conversation_id] = _Conversation(token, messages=[welcome])
        return Opened(conversation_id, token, [welcome])

    async def say(
        self,
        conversation_id: str,
        text: str = "",
        value: str | None = None,
        turn_id: str | None = None,
        address: str | None = None,
    ) -> list[Message]:
        """Play the scene; « panne » breaks, as an error that nobody foresaw."""
        conversation = self._get(conversation_id)
        if len(text) > Contract.MAX_TEXT:
            raise TextTooLong
        if text == CRASH:
            raise RuntimeError("scripted crash")
        if turn_id is not None and turn_id in conversation.turns:
            return conversation.turns[turn_id]
        self.said.append((text, value))
        self.addresses.append(address)
        answers = _scene(value or text)(conversation.session)
        if value == "erase:yes":
            del self.conversations[conversation_id]
            return answers
        mine = Message(id=secrets.token_hex(6), role=Role.CITIZEN, text=text or _label(value))
        conversation.messages += [mine, *answers]
        if turn_id is not None:
            conversation.turns[turn_id] = answers
        return answers

    async def read(self, conversation_id: str) -> Transcript:
        """Return the conversation."""
        found = self._get(conversation_id)
        return Transcript(conversation_id, list(found.messages), found.session, "open")

    async def erase(self, conversation_id: str) -> None:
        """Erase the conversation."""
        self._get(conversation_id)
        del self.conversations[conversation_id]

    async def authorise(self, conversation_id: str, token: str) -> None:
        """Check the token."""
        if self._get(conversation_id).token != token:
            raise WrongToken

    def _get(self, conversation_id: str) -> _Conversation:
        try:
            return self.conversations[conversation_id]
        except KeyError:
            raise UnknownConversation(conversation_id) from None


def _scene(said: str) -> Callable[[Session], list[Message]]:
    return next((scene for word, scene in SCENES if word in said), not_sure)


def _label(value: str | None) -> str:
    labels = {
        "do:ask_human": "Parler à quelqu’un",
        "consent:yes": "Oui, je suis d’accord",
        "fact:housing_status=tenant_private": "Locataire d’un propriétaire privé",
    }
    return labels.get(value or "", value or "")
