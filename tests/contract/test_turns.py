"""Turns over a real database: what is stored, who writes, and what a hand-off leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from assistant.conversation import ContactGiven, Stage, Turn
from assistant.handoff import Contact, Declined, NothingToSend, Outcome
from assistant.knowledge import Knowledge
from assistant.messages import Message, MessageKind
from assistant.understanding.intents import guess_intent
from connectors.database import Base, CaseRecord, ConversationRecord, Database, MessageRecord
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, OtherContact
from connectors.handoff.follow_up import close, take
from connectors.handoff.sheet import read_contact, read_sheet
from connectors.session_state import open_state, seal_state
from connectors.turns import CodeLimit, Played, Turns
from knowledge_base.search import Hit
from tests.fakes.chat import with_rules_only

STORY = "je n'arrive plus à payer mon loyer, je suis locataire du privé à Blois"
PHONE, MAIL = "06 12 34 56 78", "canari.7731@exemple.fr"
HOURS = "quand le canari chante"
NOTICE = Notice(None, "https://aide.example.org", smtp=False)


def turn_id(said: str) -> str:
    """Return the identifier of a turn: never the words themselves."""
    return hashlib.sha256(said.encode()).hexdigest()


class Nobody:
    """Wakes no worker."""

    def wake(self) -> None:
        """Wake nobody."""


@dataclass
class World:
    """One conversation in a database."""

    database: Database
    vault: Vault
    knowledge: Knowledge
    now: datetime
    code_limit: CodeLimit = lambda _: 0.0
    notice: Notice = NOTICE
    turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        """Open the conversation « c1 »."""
        self.knowledge = with_rules_only(self.knowledge)
        self.turns = self.another()
        with self.database.session() as session:
            session.add(
                ConversationRecord(
                    id="c1", token_digest="x", channel="web", state={},
                    created_at=self.now, updated_at=self.now,
                )
            )  # fmt: skip

    def another(
        self, knowledge: Knowledge | None = None, clock: Callable[[], datetime] | None = None
    ) -> Turns:
        """Return another copy of the service over the same database."""
        return Turns(
            self.database, self.vault, knowledge or self.knowledge, self.notice,
            clock or (lambda: self.now), Nobody(), self.code_limit,
        )  # fmt: skip

    def say(self, text: str, turns: Turns | None = None) -> Played:
        """Write ``text``."""
        turn = Turn(text=text, intent=guess_intent(text), confidence=1.0, now=self.now)
        return (turns or self.turns).play("c1", turn_id(text), turn)

    def press(self, value: str) -> Played:
        """Press a button."""
        return self.turns.play("c1", f"v{value}", Turn(value=value, now=self.now))

    def messages(self) -> list[Message]:
        """Return the transcript."""
        with self.database.reading() as session:
            bodies = session.scalars(select(MessageRecord.body).order_by(MessageRecord.number))
            return [Message.model_validate(body) for body in bodies]

    def everything(self) -> str:
        """Return every value of every table, as stored."""
        with self.database.reading() as session:
            rows = [session.execute(table.select()) for table in Base.metadata.sorted_tables]
            return repr([list(found) for found in rows])

    def state(self) -> Any:
        """Return the state as stored."""
        with self.database.reading() as session:
            return session.scalar(select(ConversationRecord.state))


@pytest.fixture
def world(database: Database, vault: Vault, knowledge: Knowledge, now: datetime) -> World:
    """Give somebody who told a need and asks for a human."""
    world = World(database, vault, knowledge, now)
    world.say(STORY)
    world.press("do:ask_human")
    return world


# ------------------------------------------------------------------------------- silence


def test_a_long_silence_is_counted_from_what_is_stored(
    database: Database, vault: Vault, knowledge: Knowledge, now: datetime
) -> None:
    """The clock of the turn and the time of the last one: the day after, not an hour after."""
    world = World(database, vault, knowledge, now)
    world.say("j'arrive plus à payer mon loyer à Blois")
    world.now += timedelta(hours=1)
    assert "Nous en étions" not in world.say("bonjour").messages[0].text
    world.now += timedelta(hours=13)
    first = world.say("rebonjour").messages[0].text
    assert first.startswith("Nous en étions à ceci : logement ; votre commune : Blois")
    assert "Nous en étions" not in world.say("bonjour encore").messages[0].text


# ------------------------------------------------------------------------------- privacy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (PHONE, "votre numéro (masqué)"),
        (MAIL, "votre adresse e-mail (masquée)"),
        (f"{PHONE} ou {MAIL}", "votre numéro et votre adresse e-mail (masqués)"),
        ("06 12 34 56", "ce que vous avez écrit (masqué)"),
    ],
)
def test_a_contact_is_in_clear_in_no_table(world: World, typed: str, kept: str) -> None:
    """Neither in the transcript nor in the state while it waits, however it is written."""
    world.press("consent:yes")
    world.say(typed)
    stored = world.everything()
    assert all(one not in stored for one in (typed, "612345678", "canari.7731"))
    assert kept in [message.text for message in world.messages()]


def test_hours_are_in_clear_in_no_table(world: World) -> None:
    """The professional reads the contact and the hours; the transcript does not keep them."""
    world.press("consent:yes")
    world.say(PHONE)
    world.say(HOURS)
    assert HOURS not in world.everything()
    world.say("oui")
    assert HOURS not in world.everything()
    assert "vos heures (masquées)" in [message.text for message in world.messages()]
    with world.database.reading() as session:
        contact = read_contact(world.vault, session.scalars(select(CaseRecord)).one())
    assert contact is not None
    assert (contact.phone, contact.safe_hours) == ("+33612345678", HOURS)


def test_a_contact_that_waits_is_read_with_the_key_only(world: World) -> None:
    """With another key it counts as not given: it is asked again and nothing breaks."""
    world.press("consent:yes")
    world.say(PHONE)
    state = world.state()
    waiting = ContactGiven(phone="+33612345678")
    assert open_state(world.vault, state).contact == waiting
    other = Vault(Fernet.generate_key().decode())
    assert open_state(other, state).contact is None
    assert open_state(world.vault, seal_state(world.vault, open_state(world.vault, state))) == (
        open_state(world.vault, state)
    )
    world.vault = other
    (asked,) = world.say("le matin", world.another()).messages
    assert "Comment peut-on vous joindre ?" in asked.text


def test_what_was_shown_is_in_the_sheet_of_the_professional(world: World) -> None:
    """From the page to the console: the same words, the same answers."""
    (shown,) = [m for m in world.messages() if "Voici tout ce que l’équipe va lire" in m.text]
    world.press("consent:yes")
    world.say(PHONE)
    world.press("hours:any")
    with world.database.reading() as session:
        case = session.scalars(select(CaseRecord)).one()
        sheet = read_sheet(world.vault, case)
        contact = read_contact(world.vault, case)
    assert all(f"« {said} »" in shown.text for said in sheet.words)
    assert all(fact.label in shown.text for fact in sheet.facts.values())
    assert case.place_name in shown.text
    assert contact is not None
    assert contact.safe_hours == "À n’importe quelle heure"


# ------------------------------------------------------------------------------ receipts


def test_the_receipt_says_who_reads_and_the_question_comes_again(
    database: Database, vault: Vault, knowledge: Knowledge, now: datetime
) -> None:
    """The team of the service reads; the place has received nothing. Then the interview."""
    world = World(database, vault, knowledge, now)
    (*_, asked) = world.say("j'arrive plus à payer mon loyer à Blois").messages
    assert asked.fact == "housing_status"
    world.press("do:ask_human")
    world.press("consent:yes")
    world.say(PHONE)
    receipt, question = world.press("hours:any").messages
    assert receipt.kind is MessageKind.RECEIPT
    assert "Aucun e-mail n’a été envoyé." in receipt.text
    assert "L’équipe de ce service la lira dans sa liste." in receipt.text
    assert "Ce lieu n’a pas reçu votre demande. C’est l’équipe qui la lit." in receipt.text
    assert question.fact == asked.fact


def test_after_a_case_is_closed_another_is_opened(
    world: World, agents: tuple[str, str], now: datetime
) -> None:
    """The way to a human is never used up."""
    codes = []
    for number in range(2):
        world.turns.play("c1", f"a{number}", Turn(value="do:ask_human", now=now))
        world.turns.play("c1", f"b{number}", Turn(value="consent:yes", now=now))
        turn = Turn(text=f"06 12 34 56 7{number}", now=now)
        world.turns.play("c1", f"c{number}", turn)
        played = world.turns.play("c1", f"d{number}", Turn(value="hours:any", now=now))
        assert played.opened is not None
        codes.append(played.opened.code)
        with world.database.session() as session:
            take(session, played.opened.case_id, agents[0], now)
            close(session, played.opened.case_id, agents[0], Outcome.HELPED, now)
    assert len(set(codes)) == 2


def test_an_open_case_is_shown_first(world: World, now: datetime) -> None:
    """Asking again while a case waits says so, with its code and its state."""
    world.press("consent:yes")
    world.say(PHONE)
    opened = world.press("hours:any").opened
    assert opened is not None
    said = world.turns.play("c1", "again", Turn(value="do:ask_human", now=now)).messages[0]
    assert opened.code in said.text
    assert "Elle attend d’être lue." in said.text


# --------------------------------------------------------------------- one writer at a time


class Meanwhile:
    """A search during which something else happens, once."""

    def __init__(self, knowledge: Knowledge, act: Callable[[], object]) -> None:
        self._search, self._act, self.done = knowledge.search, act, False

    def search(self, query: str, limit: int = 10, commune: str | None = None) -> list[Hit]:
        """Search; the first time, let the other act before."""
        if not self.done:
            self.done = True
            self._act()
        return self._search.search(query, limit, commune)


CONTACT = ContactGiven(phone="+33612345678")


def test_a_hand_off_by_the_api_during_a_turn_is_not_lost(world: World) -> None:
    """The turn sees that the conversation moved and is played again: both are kept."""
    meanwhile = Meanwhile(world.knowledge, lambda: world.turns.hand_off("c1", CONTACT))
    slow = world.another(replace(world.knowledge, search=meanwhile))
    world.press("do:other_need")
    played = world.say("et je n'ai plus rien à manger", slow)
    assert meanwhile.done
    with world.database.reading() as session:
        code = session.scalars(select(CaseRecord.code)).one()
    assert played.session.case_code == code
    assert "et je n'ai plus rien à manger" in played.session.needs
    receipts = [m.text for m in world.messages() if m.kind is MessageKind.RECEIPT]
    assert len(receipts) == 1
    assert code in receipts[0]


def test_a_turn_during_a_hand_off_by_the_api_is_not_lost(world: World, now: datetime) -> None:
    """The hand-off sees the words that came meanwhile and hands them over."""
    world.press("do:other_need")
    told = []

    def clock() -> datetime:
        if not told:
            told.append(True)
            world.say("et je n'ai plus rien à manger")
        return now

    opened = world.another(clock=clock).hand_off("c1", CONTACT)
    state = open_state(world.vault, world.state())
    assert state.case_code == opened.code
    assert "et je n'ai plus rien à manger" in state.needs
    with world.database.reading() as session:
        sheet = read_sheet(world.vault, session.scalars(select(CaseRecord)).one())
    assert "et je n'ai plus rien à manger" in sheet.words


def test_the_api_asked_twice_gives_one_case_and_one_receipt(world: World) -> None:
    """A program that tries again after a cut connection changes nothing."""
    first, second = (world.turns.hand_off("c1", CONTACT) for _ in range(2))
    assert (second.code, second.already_open) == (first.code, True)
    assert [m.kind for m in world.messages()].count(MessageKind.RECEIPT) == 1


MORNING = CONTACT.model_copy(update={"safe_hours": "le matin"})


def _cases(world: World) -> list[CaseRecord]:
    with world.database.reading() as session:
        return list(session.scalars(select(CaseRecord).order_by(CaseRecord.created_at)))


def test_the_api_asked_again_with_less_gives_the_same_case(world: World) -> None:
    """Hours given, then left out: the same request; the hours stay as they were."""
    first = world.turns.hand_off("c1", MORNING)
    again = world.turns.hand_off("c1", CONTACT)
    assert (again.code, again.already_open) == (first.code, True)
    (case,) = _cases(world)
    contact = read_contact(world.vault, case)
    assert contact is not None
    assert (contact.phone, contact.safe_hours) == ("+33612345678", "le matin")
    assert [m.kind for m in world.messages()].count(MessageKind.RECEIPT) == 1


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ContactGiven(phone="+33611111111"), id="another number"),
        pytest.param(ContactGiven(email="marie@exemple.fr"), id="an address instead"),
        pytest.param(MORNING, id="hours that were not given"),
    ],
)
def test_the_api_never_changes_a_contact_nor_doubles_a_case(
    world: World, other: ContactGiven
) -> None:
    """Another contact for the same request is refused with the code of the open case."""
    first = world.turns.hand_off("c1", CONTACT)
    shown = len(world.messages())
    with pytest.raises(OtherContact) as refused:
        world.turns.hand_off("c1", other)
    assert refused.value.code == first.code
    (case,) = _cases(world)
    assert read_contact(world.vault, case) == Contact(phone="+33612345678")
    assert len(world.messages()) == shown


def test_what_is_told_after_a_hand_off_is_another_request(world: World) -> None:
    """Words that came since are never lost: they leave in a case of their own."""
    first = world.turns.hand_off("c1", CONTACT)
    world.press("do:other_need")
    world.say("et je n'ai plus rien à manger")
    second = world.turns.hand_off("c1", MORNING)
    assert second.code != first.code
    assert [case.code for case in _cases(world)] == [first.code, second.code]


def test_a_finished_case_does_not_keep_from_asking_again(world: World) -> None:
    """Once the first case is closed, the same words with another number are a new case."""
    first = world.turns.hand_off("c1", CONTACT)
    with world.database.session() as session:
        session.execute(update(CaseRecord).values(request_digest=None, status="closed"))
    second = world.turns.hand_off("c1", MORNING)
    assert (second.code != first.code, second.already_open) == (True, False)


def test_the_api_sends_nothing_after_a_no_until_the_person_comes_round(world: World) -> None:
    """« Non » stands whatever a program says; « oui envoyez », read in the chat, takes it back."""
    world.press("consent:no")
    world.press("do:other_need")
    with pytest.raises(Declined):
        world.turns.hand_off("c1", CONTACT)
    assert _cases(world) == []
    world.say("oui envoyez")
    assert world.turns.hand_off("c1", CONTACT).code == _cases(world)[0].code


def test_the_api_opens_no_empty_case(
    database: Database, vault: Vault, knowledge: Knowledge, now: datetime
) -> None:
    """A conversation in which nothing was said has nothing to hand over."""
    world = World(database, vault, knowledge, now)
    with pytest.raises(NothingToSend):
        world.turns.hand_off("c1", CONTACT)
    assert _cases(world) == []


def test_the_api_sends_what_was_agreed_to_in_the_chat(world: World) -> None:
    """Once the person has said yes, what the API hands over is the sheet that was shown."""
    world.press("consent:yes")
    shown = open_state(world.vault, world.state()).sheet
    assert shown is not None
    world.say("mon mari me frappe")
    world.turns.hand_off("c1", CONTACT)
    with world.database.reading() as session:
        case = session.scalars(select(CaseRecord)).one()
        assert read_sheet(world.vault, case).words == shown.words
    assert case.urgency_rule is None
    assert open_state(world.vault, world.state()).stage is Stage.OPEN


# --------------------------------------------------------------------------------- codes


@dataclass
class Counting:
    """Lets ``allowed`` codes pass; remembers for whom they were counted."""

    allowed: int
    counted: list[str] = field(default_factory=list)

    def __call__(self, who: str) -> float:
        """Count one."""
        self.counted.append(who)
        return 0.0 if len(self.counted) <= self.allowed else 60.0


def test_codes_cannot_be_tried_one_after_the_other_in_the_chat(
    database: Database, vault: Vault, knowledge: Knowledge, now: datetime
) -> None:
    """Beyond the limit even a right code waits; the step stays, and a human is offered."""
    counting = Counting(allowed=2)
    world = World(database, vault, knowledge, now, counting)
    world.say(STORY)
    right = world.turns.hand_off("c1", CONTACT).code
    with database.session() as session:
        session.execute(ConversationRecord.__table__.update().values(state={}))
    world.say("où en est ma demande ?")
    with world.turns.sent_from(turn_id("CDFHJK"), "203.0.113.7"):
        world.say("CDFHJK")
    world.say("CDFHJM")
    (said,) = world.say(right).messages
    assert counting.counted == ["203.0.113.7", "c1", "c1"]
    assert "Attendez une minute" in said.text
    assert "Parler à quelqu’un" in [choice.label for choice in said.choices or []]


def test_asking_for_ones_own_case_is_not_counted(
    database: Database, vault: Vault, knowledge: Knowledge, now: datetime
) -> None:
    """« où en est ma demande ? » in the conversation of the case is always answered."""
    counting = Counting(allowed=0)
    world = World(database, vault, knowledge, now, counting)
    world.say(STORY)
    world.turns.hand_off("c1", CONTACT)
    (said, *_) = world.say("où en est ma demande ?").messages
    assert "Elle attend d’être lue." in said.text
    assert counting.counted == []
