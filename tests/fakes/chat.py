"""A person who chats with the pure core, without a database nor Rasa."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.conversation import LookUpCase, OpenCase, Reply, Session, Turn
from assistant.knowledge import Knowledge
from assistant.messages import Message
from assistant.names import Intent
from assistant.receipt import LookedUp, NotLookedUp
from assistant.respond import respond
from assistant.understanding.intents import guess_intent
from assistant.urgency import DangerWatch
from assistant.waiting import respond_to_case


def with_rules_only(knowledge: Knowledge) -> Knowledge:
    """Return the knowledge without the encoder of dangers: training it changes no test."""
    return replace(knowledge, dangers=DangerWatch(knowledge.dangers.rules, None))


@dataclass
class Chat:
    """One conversation; ``cases`` is what looking up a code gives.

    ``last`` is when it was last written to, before what comes next.
    """

    knowledge: Knowledge
    now: datetime
    session: Session = field(default_factory=Session)
    cases: dict[str, LookedUp] = field(default_factory=dict)
    reply: Reply = field(default_factory=lambda: Reply(session=Session(), messages=[]))
    sent: list[OpenCase] = field(default_factory=list)
    last: datetime | None = None

    def say(
        self, text: str, intent: Intent | None = None, confidence: float = 0.9
    ) -> list[Message]:
        """Write ``text``, read as ``intent`` or else as the plain rules do."""
        read = guess_intent(text) if intent is None else intent
        return self._play(
            Turn(text=text, intent=read, confidence=confidence, now=self.now, last=self.last)
        )

    def press(self, label: str) -> list[Message]:
        """Press the button that reads ``label`` in the last reply."""
        return self.send(self.offered()[label])

    def send(self, value: str) -> list[Message]:
        """Send the value of a choice, offered or not."""
        return self._play(Turn(value=value, now=self.now, last=self.last))

    def offered(self) -> dict[str, str]:
        """Return the buttons of the last reply, by label."""
        choices = [choice for m in self.reply.messages for choice in m.choices or []]
        return {choice.label: choice.value for choice in choices}

    @property
    def text(self) -> str:
        """What the last reply says, messages apart by a line."""
        return "\n".join(message.text for message in self.reply.messages)

    def _play(self, turn: Turn) -> list[Message]:
        reply = respond(self.session, turn, self.knowledge)
        for effect in reply.effects:
            if isinstance(effect, LookUpCase):
                found = self.cases.get(effect.code, NotLookedUp.UNKNOWN)
                after = respond_to_case(reply.session, turn, effect, found, self.knowledge)
                messages = [*reply.messages, *after.messages]
                reply = after.model_copy(update={"messages": messages, "said": reply.said})
        # What is stored and read back is what the next turn finds.
        self.session = Session.model_validate_json(reply.session.model_dump_json())
        self.reply = reply
        self.sent += [effect for effect in reply.effects if isinstance(effect, OpenCase)]
        return reply.messages
