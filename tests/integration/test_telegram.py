"""The real library against a double of the Bot API over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from assistant.knowledge import Knowledge
from assistant.messages import ChoiceButton, Message, MessageKind
from connectors.assistant_gateway import AssistantGateway
from connectors.database import (
    ChannelLinkRecord,
    ConversationRecord,
    Database,
    MessageRecord,
    TurnRecord,
)
from connectors.encryption import Vault
from connectors.gateway import Gateway
from connectors.handoff.cases import Notice
from connectors.telegram import texts
from connectors.telegram.channel import TelegramChannel, Webhook
from connectors.telegram.links import DatabaseLinks, MemoryLinks
from connectors.telegram.webhook import PATH, webhook_router
from connectors.turns import Turns
from tests.fakes.bot_api import TOKEN, BotApi
from tests.fakes.cards import EMERGENCY
from tests.fakes.client import client_of
from tests.fakes.gateway import CRASH, WELCOME, FakeGateway

OWNER = "fact:housing_status=owner"


class Service:
    """The part of the service under test: a channel that can be stopped and started again."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.gateway = FakeGateway()
        self.links = MemoryLinks()
        self._stack = AsyncExitStack()

    async def start(
        self, gateway: Gateway | None = None, *, webhook: Webhook | None = None
    ) -> TelegramChannel:
        """Start a channel as the service does; several may follow each other."""
        channel = TelegramChannel(
            TOKEN, gateway or self.gateway, self.links, self.api.base_url,
            lines=EMERGENCY[:3], webhook=webhook,
        )  # fmt: skip
        self._stack.push_async_callback(channel.stop)
        await channel.start()
        return channel

    async def close(self) -> None:
        """Stop what was started."""
        await self._stack.aclose()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Give the double of the Bot API, answering."""
    api = BotApi()
    async with api.serving():
        yield api


@pytest.fixture
async def service(api: BotApi) -> AsyncIterator[Service]:
    """Give a service whose channels are stopped at the end, before the Bot API."""
    service = Service(api)
    yield service
    await service.close()


async def test_a_conversation_of_three_turns(api: BotApi, service: Service) -> None:
    """Welcome, a need, a button: each turn is answered in the chat, the question closed."""
    await service.start()
    await api.write("/start")
    assert await api.texts(2) == [WELCOME, texts.WELCOME]

    await api.write("je n’arrive plus à payer mon loyer")
    assert (await api.texts(4))[2:] == [
        "J’ai compris : un loyer pas payé.", "Où vivez-vous en ce moment ?",
    ]  # fmt: skip
    question = api.sent()[-1]
    assert question.buttons[2] == ("Propriétaire", OWNER)

    update = await api.press(OWNER, question.data["message_id"])
    await api.confirmed(update)
    answers = await api.texts(10)
    assert answers[4] == "Voici ce qui peut vous aider."
    assert answers[5].startswith("<b>FSL : une aide pour payer un loyer en retard</b>")
    assert answers[8].startswith("Voici où quelqu’un peut vous aider.\n\n<b>France services")
    assert api.sent()[9].buttons == [
        ("Parler à quelqu’un", "do:ask_human"),
        ("Autre chose", "do:other_need"),
    ]
    assert service.gateway.said == [("je n’arrive plus à payer mon loyer", None), ("", OWNER)]

    (removed,) = api.of("editMessageReplyMarkup")
    assert removed.data == {"chat_id": 7, "message_id": str(question.data["message_id"])}
    order = [call.method for call in api.calls]
    assert order.index("answerCallbackQuery") < order.index("editMessageReplyMarkup")


async def test_a_first_message_is_answered_with_the_welcome(api: BotApi, service: Service) -> None:
    """Whoever writes without /start is told that it is automatic, and answered."""
    await service.start()
    await api.write("je ne paie plus mon loyer")
    assert (await api.texts(3))[:2] == [WELCOME, "J’ai compris : un loyer pas payé."]


async def test_urgent_help_comes_before_the_welcome(api: BotApi, service: Service) -> None:
    """When the first message tells of a danger, the first answer is about it, without a sound."""
    await service.start()
    await api.write("il me frappe")
    first, second, _ = await api.texts(3)
    assert first.startswith("Vous n’êtes pas seule. Si le danger est là, appelez le 17")
    assert "<b>3919</b> : Violences Femmes Info" in first
    assert second == WELCOME
    assert api.sent()[0].data["disable_notification"] == "true"


async def test_the_same_update_twice_is_answered_once(api: BotApi, service: Service) -> None:
    """Telegram repeats what it is not sure of: nothing is said twice."""
    # Both wait together for the first request of the channel: Telegram delivers them both.
    update = await api.write("je ne paie plus mon loyer")
    await api.deliver({"message": api.message(7, text="je ne paie plus mon loyer")}, update)
    last = await api.write("/aide")
    await service.start()
    await api.confirmed(last)
    assert len(service.gateway.said) == 1
    assert await api.texts(4) == [WELCOME, "J’ai compris : un loyer pas payé.",
                                  "Où vivez-vous en ce moment ?", texts.HELP]  # fmt: skip


async def test_an_update_is_still_known_after_a_restart(api: BotApi, service: Service) -> None:
    """A service that starts again does not answer what the former one answered."""
    former = await service.start()
    update = await api.write("je ne paie plus mon loyer")
    await api.confirmed(update)
    await former.stop()
    await service.start()
    await api.deliver({"message": api.message(7, text="je ne paie plus mon loyer")}, update)
    last = await api.write("/aide")
    await api.confirmed(last)
    assert len(service.gateway.said) == 1
    assert len(api.sent()) == 4


async def test_an_update_is_confirmed_once_it_is_answered(api: BotApi, service: Service) -> None:
    """A service killed before its answer finds the message again: it was not confirmed yet."""
    await service.start()
    update = await api.write("je ne paie plus mon loyer")
    await api.confirmed(update)
    order = [call.method for call in api.calls]
    assert order.index("confirm") > max(at for at, one in enumerate(order) if one == "sendMessage")


class SlowGateway(FakeGateway):
    """Answers the words « lent » when it is allowed to."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed = asyncio.Event()

    async def say(
        self, conversation_id: str, text: str = "", value: str | None = None,
        turn_id: str | None = None,
    ) -> list[Message]:  # fmt: skip
        """Wait, then answer with the words themselves."""
        if text.startswith("lent"):
            await self.allowed.wait()
        return [Message(text=f"réponse à {text}")]


async def test_chats_do_not_wait_for_each_other(api: BotApi, service: Service) -> None:
    """A slow answer delays its own chat, in order, and no other; « écrit… » is shown."""
    gateway = SlowGateway()
    await service.start(gateway)
    await api.write("lent", chat_id=1)
    await api.write("vite", chat_id=1)
    await api.write("bonjour", chat_id=2)
    assert (await api.texts(2, chat_id=2))[1] == "réponse à bonjour"
    await api.until(lambda: any(one.data["chat_id"] == 1 for one in api.of("sendChatAction")))
    assert api.sent(1) == []
    gateway.allowed.set()
    assert (await api.texts(3, chat_id=1))[1:] == ["réponse à lent", "réponse à vite"]


async def test_erase_asks_and_tells_what_telegram_keeps(api: BotApi, service: Service) -> None:
    """/effacer goes through the assistant; with nothing to erase it says so."""
    await service.start()
    await api.write("/effacer")
    assert await api.texts(1) == [texts.NOTHING_KEPT]
    await api.write("je ne paie plus mon loyer")
    await api.texts(4)
    await api.write("/effacer")
    assert (await api.texts(6))[5] == texts.ERASE_NOTE
    assert service.gateway.said[-1] == ("", "do:erase")


async def test_after_an_erasure_the_person_starts_again(api: BotApi, service: Service) -> None:
    """A conversation that was erased is not an error: the next message opens another one."""
    await service.start()
    await api.write("/start")
    await api.texts(2)
    (erased,) = service.gateway.conversations
    await service.gateway.erase(erased)
    await api.write("je ne paie plus mon loyer")
    assert (await api.texts(5))[2] == WELCOME
    (fresh,) = service.gateway.conversations
    assert fresh != erased
    assert await service.links.conversation_of(7) == fresh


async def test_commands(api: BotApi, service: Service) -> None:
    """/humain asks for a human, /start again starts afresh, /aide explains with a way out."""
    await service.start()
    await api.write("/humain")
    await api.texts(2)
    await api.write("/start")
    await api.texts(4)
    await api.write("/aide@double_bot")
    assert (await api.texts(5))[4] == texts.HELP
    assert api.sent()[4].buttons == [("Parler à quelqu’un", "do:ask_human")]
    assert service.gateway.said == [("", "do:ask_human"), ("", "do:restart")]
    (commands,) = api.of("setMyCommands")
    assert [one["command"] for one in commands.data["commands"]] == [
        "start", "humain", "effacer", "aide",
    ]  # fmt: skip


async def test_a_button_pressed_twice_answers_once(api: BotApi, service: Service) -> None:
    """The second press of a question is told that the question is answered."""
    await service.start()
    await api.write("je ne paie plus mon loyer")
    await api.texts(3)
    message_id = api.sent()[-1].data["message_id"]
    await api.press(OWNER, message_id)
    await api.press(OWNER, message_id)
    await api.until(lambda: len(api.of("answerCallbackQuery")) == 2)
    assert [call.text for call in api.of("answerCallbackQuery")] == ["", texts.ALREADY_ANSWERED]
    assert service.gateway.said[1:] == [("", OWNER)]


async def test_a_typed_answer_removes_the_buttons(api: BotApi, service: Service) -> None:
    """The buttons of a question go when the person writes instead of pressing."""
    await service.start()
    await api.write("je ne paie plus mon loyer")
    await api.texts(3)
    message_id = api.sent()[-1].data["message_id"]
    await api.write("et aussi mon loyer du mois dernier")
    await api.texts(5)
    (removed,) = api.of("editMessageReplyMarkup")
    assert removed.data["message_id"] == str(message_id)


class LongChoices(FakeGateway):
    """Offers a choice too long for a button."""

    VALUE = "fact:" + "x" * 80

    async def say(
        self, conversation_id: str, text: str = "", value: str | None = None,
        turn_id: str | None = None,
    ) -> list[Message]:  # fmt: skip
        """Offer the choice and remember what is chosen."""
        await super().say(conversation_id, text, value, turn_id)
        choices = [ChoiceButton(label="Long", value=self.VALUE)]
        message = Message(id="m1", kind=MessageKind.QUESTION, text="Lequel ?", choices=choices)
        self.conversations[conversation_id].messages.append(message)
        return [message]


async def test_a_long_choice_comes_back_whole(api: BotApi, service: Service) -> None:
    """A value of more than 64 bytes is found again in the conversation; a stale one says so."""
    gateway = LongChoices()
    await service.start(gateway)
    await api.write("bonjour")
    await api.texts(2)
    ((_, data),) = api.sent()[-1].buttons
    await api.press(data, api.sent()[-1].data["message_id"])
    await api.texts(3)
    assert gateway.said[-1] == ("", LongChoices.VALUE)
    await api.press("i:forgotten:0", 999)
    assert (await api.texts(4))[3] == texts.STALE


async def test_an_edited_message_is_read_once(api: BotApi, service: Service) -> None:
    """Other words are a new turn; the same words again are not."""
    await service.start()
    message = api.message(7, text="je ne paie plus mon loyé")
    await api.deliver({"message": message})
    await api.edit(message["message_id"], "je ne paie plus mon loyer")
    await api.edit(message["message_id"], "je ne paie plus mon loyer")
    last = await api.write("/aide")
    await api.confirmed(last)
    assert [text for text, _ in service.gateway.said] == [
        "je ne paie plus mon loyé", "je ne paie plus mon loyer",
    ]  # fmt: skip


async def test_a_picture_gets_a_way_out(api: BotApi, service: Service) -> None:
    """What cannot be read is answered kindly; the words under a picture are read."""
    await service.start()
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    await api.deliver({"message": api.message(7, photo=photo)})
    assert await api.texts(1) == [texts.TEXT_ONLY]
    assert api.sent()[0].buttons == [("Parler à quelqu’un", "do:ask_human")]
    await api.deliver({"message": api.message(7, photo=photo, caption="mon loyer")})
    await api.texts(3)
    assert service.gateway.said == [("mon loyer", None)]


async def test_groups_are_refused(api: BotApi, service: Service) -> None:
    """In a group the bot only says, when spoken to, that it answers in private."""
    await service.start()
    group = {"id": -5, "type": "group", "title": "Exemple"}
    await api.deliver({"message": api.message(-5, text="mon loyer") | {"chat": group}})
    await api.deliver({"message": api.message(-5, text="/start") | {"chat": group}})
    assert await api.texts(1, chat_id=-5) == [texts.PRIVATE_ONLY]
    assert service.gateway.said == []


async def test_too_long_a_text_is_told(api: BotApi, service: Service) -> None:
    """More than 2 000 characters get an explanation and a human."""
    await service.start()
    await api.write("a" * 2001)
    assert await api.texts(1) == [texts.TOO_LONG]
    assert "2 000 caractères" in texts.TOO_LONG


async def test_a_flood_is_stopped_politely(api: BotApi, service: Service) -> None:
    """The twenty-first message of a minute gets one notice with the urgent numbers."""
    await service.start()
    for _ in range(23):
        last = await api.write("/aide")
    await api.confirmed(last)
    notices = [text for text in await api.texts(21) if text.startswith(texts.TOO_MANY)]
    assert len(notices) == 1
    assert "<b>15</b> : Samu" in notices[0]
    assert len(api.sent()) == 21


async def test_trouble_is_told_and_the_poller_goes_on(
    api: BotApi, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """An error nobody foresaw gives the numbers to call; the next message is answered."""
    caplog.set_level(logging.DEBUG)
    await service.start()
    await api.write(CRASH, chat_id=987654321)
    (said,) = await api.texts(1, chat_id=987654321)
    assert said.startswith(texts.TROUBLE)
    assert "<b>112</b> : Numéro d’urgence européen" in said
    await api.write("mon loyer et mon secret", chat_id=987654321)
    await api.texts(3, chat_id=987654321)
    assert "an update was not answered (RuntimeError)" in caplog.text
    for private in (TOKEN, CRASH, "987654321", "secret"):
        assert private not in caplog.text


async def test_telegram_asking_to_wait_is_obeyed(
    api: BotApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After « 429, retry after » the same message is sent again, in order, once."""
    # Without it the library warns, of its own use, that the type of retry_after will change.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    api.fail("sendMessage", 429, description="Too Many Requests", parameters={"retry_after": 1})
    await service.start()
    await api.write("/start")
    assert await api.texts(3) == [WELCOME, WELCOME, texts.WELCOME]


async def test_a_message_is_sent_again_after_a_failure(api: BotApi, service: Service) -> None:
    """A server error of Telegram loses nothing."""
    api.fail("sendMessage", 502, description="Bad Gateway")
    await service.start()
    await api.write("/aide")
    assert await api.texts(2) == [texts.HELP, texts.HELP]


async def test_a_person_who_blocked_the_bot_is_not_an_error(
    api: BotApi, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is tried again for somebody who does not want messages any more."""
    api.fail("sendMessage", 403, description="Forbidden: bot was blocked by the user")
    await service.start()
    update = await api.write("je ne paie plus mon loyer")
    await api.confirmed(update)
    assert len(api.sent()) == 1
    assert "not answered" not in caplog.text


async def test_the_service_starts_without_telegram_and_connects_later() -> None:
    """Telegram down at the start, then there: people are answered."""
    api = BotApi()
    async with api.serving():
        pass
    service = Service(api)
    channel = await service.start()
    assert not channel.running
    async with api.serving():
        await api.write("/aide")
        assert await api.texts(1) == [texts.HELP]
        await service.close()


async def test_the_channel_comes_back_after_a_failure_of_telegram(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Telegram goes away and comes back: the same channel answers again."""
    api = BotApi()
    service = Service(api)
    async with api.serving():
        await service.start()
        await api.write("/aide")
        await api.texts(1)
    async with api.serving():
        await api.write("/aide")
        assert await api.texts(2) == [texts.HELP, texts.HELP]
        await service.close()
    assert TOKEN not in caplog.text


async def test_a_refused_token_leaves_the_service_up(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong token is told in the log, without repeating it, and nothing else happens."""
    channel = TelegramChannel("999:wrong", FakeGateway(), MemoryLinks(), api.base_url)
    await channel.start()
    assert not await channel.connected()
    await channel.stop()
    assert "the token is refused" in caplog.text
    assert "999:wrong" not in caplog.text


class Quiet:
    """Counts no turn and wakes no worker."""

    def timed(self) -> AbstractContextManager[None]:
        """Measure nothing."""
        return nullcontext()

    def turn(self, engine: str) -> None:
        """Count nothing."""

    def wake(self) -> None:
        """Wake nobody."""


async def test_erasing_leaves_nothing_of_the_chat(
    api: BotApi, database: Database, knowledge: Knowledge, now: datetime
) -> None:
    """Over the real assistant and a database: a need, /effacer, « oui », and no row is left."""
    vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    notice = Notice(None, "https://aide.example.org", smtp=False)
    turns = Turns(database, vault, knowledge, notice, lambda: now, Quiet())
    gateway = AssistantGateway(database, knowledge, turns, None, lambda: now, Quiet())
    links = DatabaseLinks(database, vault, lambda: now)
    channel = TelegramChannel(TOKEN, gateway, links, api.base_url)
    await channel.start()
    await api.write("j’arrive plus à payer mon loyer")
    await api.until(lambda: any(call.buttons for call in api.sent()))
    assert await links.conversation_of(7) is not None
    await api.write("/effacer")
    await api.until(lambda: api.sent()[-1].text == texts.ERASE_NOTE)
    question = api.sent()[-2]
    yes = next(data for _, data in question.buttons if data == "erase:yes")
    update = await api.press(yes, question.data["message_id"])
    await api.confirmed(update)
    await channel.stop()
    with database.reading() as session:
        for table in (ConversationRecord, MessageRecord, TurnRecord, ChannelLinkRecord):
            assert session.scalars(select(table)).all() == []


WEBHOOK = Webhook("https://aide.example.org" + PATH, "s3cret")


async def test_with_a_webhook_telegram_is_told_where_to_post(api: BotApi, service: Service) -> None:
    """The address and the secret are given once, and nothing is asked; it is tried until heard."""
    api.fail("setWebhook", 502, description="Bad Gateway")
    channel = await service.start(webhook=WEBHOOK)
    assert await channel.connected()
    told = api.of("setWebhook")
    assert len(told) == 2
    assert told[-1].data["url"] == "https://aide.example.org/telegram/webhook"
    assert told[-1].data["secret_token"] == "s3cret"
    assert told[-1].data["allowed_updates"] == ["message", "edited_message", "callback_query"]
    assert api.of("getUpdates") == []


async def test_a_refused_webhook_is_logged(
    api: BotApi, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram wants HTTPS: an address that it refuses is told to the operator, not the secret."""
    api.fail("setWebhook", 400, description="Bad Request: bad webhook: HTTPS url must be provided")
    channel = await service.start(webhook=Webhook("http://127.0.0.1:8000" + PATH, "s3cret"))
    await channel.connected()
    assert "the webhook is refused (BadRequest)" in caplog.text
    assert "s3cret" not in caplog.text


async def test_the_webhook_needs_its_secret(api: BotApi, service: Service) -> None:
    """Updates posted with the secret are answered; others are refused and change nothing."""
    channel = await service.start(webhook=WEBHOOK)
    assert await channel.connected()
    app = FastAPI()
    app.include_router(webhook_router(channel, "s3cret"))
    update = {"update_id": 5, "message": api.message(7, text="/aide")}
    async with client_of(app) as client:
        refused = await client.post(PATH, json=update)
        wrong = await client.post(PATH, json=update, headers=_secret("s3cre"))
        broken = await client.post(PATH, json={"nothing": 1}, headers=_secret("s3cret"))
        taken = await client.post(PATH, json=update, headers=_secret("s3cret"))
        again = await client.post(PATH, json=update, headers=_secret("s3cret"))
    statuses = [one.status_code for one in (refused, wrong, broken, taken, again)]
    assert statuses == [401, 401, 400, 200, 200]
    assert await api.texts(1) == [texts.HELP]
    await channel.stop()
    assert len(api.sent()) == 1
    async with client_of(app) as client:
        late = await client.post(PATH, json=update, headers=_secret("s3cret"))
    assert late.status_code == 503


def _secret(value: str) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": value}
