"""One turn being answered: the state that changes and the messages that pile up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.conversation import Effect, Reply, Session, Stage, Turn
from assistant.knowledge import Knowledge
from assistant.messages import AidCard, ChoiceButton, LineCard, Message, MessageKind, PlaceCard
from assistant.names import DO, FACT, Response
from knowledge_base.facts import FACTS, WAYS_OUT, Choice, Fact
from knowledge_base.geography import Commune

#: Communes offered when a name or a postal code does not choose.
_COMMUNES_SHOWN = 5
#: Texts that end with « voulez-vous parler à quelqu’un ? »: « oui » says that one does.
_OFFERS_A_HUMAN = frozenset(
    {
        Response.GUIDE_HUMAN, Response.INSULT, Response.PLACES_NONE, Response.REPAIR_HUMAN,
        Response.URGENT_AFTER,
    }
)  # fmt: skip
#: A human is one step away from every reply.
HUMAN = ChoiceButton(label="Parler à quelqu’un", value=f"{DO}ask_human")
SHOW_AIDS = ChoiceButton(label="Voir les aides maintenant", value=f"{DO}show_aids")
WHY = ChoiceButton(label="Pourquoi cette question ?", value=f"{DO}why_this_question")
PLACES = ChoiceButton(label="Voir les lieux près de chez moi", value=f"{DO}ask_place")
MORE_AIDS = ChoiceButton(label="Voir d’autres aides", value=f"{DO}more_aids")
NOT_IN_DANGER = ChoiceButton(label="Personne n’est en danger", value=f"{DO}not_in_danger")
OTHER_NEED = ChoiceButton(label="J’ai un autre souci", value=f"{DO}other_need")
RESTART = ChoiceButton(label="Recommencer", value=f"{DO}restart")
FOLLOW = ChoiceButton(label="Où en est ma demande ?", value=f"{DO}case_status")
NEW_REQUEST = ChoiceButton(label="Ajouter ou demander autre chose", value=f"{DO}new_request")


@dataclass(slots=True)
class Talk:
    """A turn in progress. ``session`` is a copy: nothing changes until it is returned.

    ``asked`` tells that the reply already ends with a question that waits; ``said`` is what
    the transcript keeps of the person's words when they hold a contact; ``received_now`` are
    the ids of the aids that this message says to be received; ``human_was_offered`` tells that
    the last reply asked « voulez-vous parler à quelqu’un ? ».
    """

    session: Session
    turn: Turn
    knowledge: Knowledge
    messages: list[Message] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    asked: bool = False
    said: str | None = None
    received_now: list[str] = field(default_factory=list)
    human_was_offered: bool = False

    def reply(self) -> Reply:
        """Return the result of the turn."""
        return Reply(
            session=self.session, messages=self.messages, effects=self.effects, said=self.said
        )

    @property
    def waits(self) -> bool:
        """Tell whether something asked before will be asked again at the end of the reply."""
        session = self.session
        in_a_step = session.stage not in (Stage.OPEN, Stage.INTERVIEW)
        return in_a_step or bool(session.paused) or session.pending is not None

    def what_next(self, *choices: ChoiceButton) -> None:
        """Offer what can be done now, unless something waits for an answer."""
        if not self.waits:
            self.say(Response.WHAT_NEXT, choices=[*choices, OTHER_NEED, HUMAN])

    def say(
        self,
        response: Response,
        *,
        kind: MessageKind = MessageKind.TEXT,
        choices: Sequence[ChoiceButton] = (),
        **values: str,
    ) -> None:
        """Add a fixed text with its placeholders filled."""
        text = self.knowledge.wording.say(response, **values)
        self.session.human_offered = self.session.human_offered or response in _OFFERS_A_HUMAN
        self.add(text, kind=kind, choices=choices)

    def first(self, message: Message) -> None:
        """Put ``message`` before what the reply says, but after what a danger calls for."""
        urgent = [one for one in self.messages if one.kind is MessageKind.URGENT]
        self.messages.insert(len(urgent), message)

    def add(
        self,
        text: str,
        *,
        kind: MessageKind = MessageKind.TEXT,
        choices: Sequence[ChoiceButton] = (),
        fact: Fact | None = None,
        aids: list[AidCard] | None = None,
        places: list[PlaceCard] | None = None,
        lines: list[LineCard] | None = None,
    ) -> None:
        """Add a message."""
        self.messages.append(
            Message(
                kind=kind,
                text=text,
                choices=list(choices) or None,
                fact=fact.value if fact else None,
                aids=aids,
                places=places,
                lines=lines,
                discreet=self.session.discreet,
            )
        )

    @property
    def commune(self) -> Commune | None:
        """The commune where the person lives, when it is known."""
        known = self.session.facts.get(Fact.COMMUNE)
        return None if known is None or known.approximate else self.around

    @property
    def around(self) -> Commune | None:
        """The commune to show places near: where the person lives, or one beside it."""
        known = self.session.facts.get(Fact.COMMUNE)
        return self.knowledge.communes.by_code(known.value) if known else None

    def ask(self, fact: Fact, offered: Sequence[Choice] | None = None) -> None:
        """Put the question of ``fact`` and wait for its answer; ``offered`` are the buttons.

        Without them, every answer of the fact is offered.
        """
        self.session.pending = fact
        self.session.stage = Stage.INTERVIEW
        self.asked = True
        if fact not in self.session.asked:
            self.session.asked.append(fact)
        definition = FACTS[fact]
        about_other = self.session.facts.get(Fact.FOR_WHOM)
        someone = about_other is not None and about_other.value != "me"
        value = f"{FACT}{fact.value}="
        options = [
            ChoiceButton(label=option.label, value=f"{value}{option.value}")
            for option in (*(definition.choices if offered is None else offered), *WAYS_OUT)
        ]
        if fact is Fact.COMMUNE:
            options = [*self.communes_meant(value), *options]
        self.add(
            definition.question_about_other if someone else definition.question,
            kind=MessageKind.QUESTION,
            choices=[*options, WHY, SHOW_AIDS, HUMAN],
            fact=fact,
        )

    def communes_meant(self, value: str) -> list[ChoiceButton]:
        """Return a button, ``value`` and a code, for each commune that the person may mean.

        « Chaumont », « 41100 »: the last words that do not choose, the largest communes.
        """
        for text in (self.turn.text, *reversed(self.session.needs)):
            found = self.knowledge.communes.unclear_in(text)
            if found:
                shown = found[:_COMMUNES_SHOWN]
                return [ChoiceButton(label=c.name, value=f"{value}{c.code_insee}") for c in shown]
        return []

    def close_question(self) -> None:
        """Stop waiting for an answer."""
        self.session.pending = None
        if self.session.stage is Stage.INTERVIEW:
            self.session.stage = Stage.OPEN
