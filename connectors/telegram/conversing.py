"""What the channel does with each update: the person's words in, the assistant's answers out."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from telegram import CallbackQuery, Chat, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatType

from assistant.messages import ChoiceButton, LineCard, Message
from assistant.names import DO, Intent
from connectors.gateway import Gateway, Opened, TextTooLong, Transcript, UnknownConversation
from connectors.incoming import clean_text
from connectors.telegram import buttons, texts
from connectors.telegram.buttons import StaleButton
from connectors.telegram.links import CHANNEL, Links
from connectors.telegram.pace import Admission, Pace, Turns
from connectors.telegram.questions import Edits, Questions
from connectors.telegram.rendering import render_all
from connectors.telegram.sending import Sender

logger = logging.getLogger(__name__)

ASK_HUMAN: Final = f"{DO}{Intent.ASK_HUMAN}"
RESTART: Final = f"{DO}{Intent.RESTART}"
ERASE: Final = f"{DO}{Intent.ERASE}"
_TO_SOMEONE: Final = (ChoiceButton(label=texts.TALK_TO_SOMEONE, value=ASK_HUMAN),)


class Conversing:
    """Answers the updates of every chat; knows nothing of how they arrive.

    ``lines`` are the numbers given when something goes wrong.
    """

    def __init__(
        self, gateway: Gateway, links: Links, sender: Sender, lines: Sequence[LineCard] = ()
    ) -> None:
        self._gateway = gateway
        self._links = links
        self._sender = sender
        self._lines = list(lines)
        self._turns = Turns()
        self._pace = Pace()
        self._questions = Questions()
        self._edits = Edits()
        self._commands: dict[str, Callable[[Update, int], Awaitable[None]]] = {
            "start": self._start,
            "humain": self._ask_human,
            "effacer": self._erase,
            "aide": self._help,
            "help": self._help,
        }

    async def receive(self, update: Update) -> None:
        """Answer one update, once, after those of the same chat that came before.

        Raises whatever the gateway, the links or Telegram raise; ``apologise`` comes next.
        """
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            await self._refuse_group(update, chat)
            return
        admission = await self._pace.admit(chat.id)
        if admission is Admission.READ:
            async with self._turns.of(chat.id):
                if not await self._links.answered(update.update_id):
                    await self._answer(update, chat.id)
                    await self._links.mark_answered(update.update_id)
        elif admission is Admission.WARN:
            await self._tell(chat.id, texts.TOO_MANY, lines=self._lines)

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong and how to reach a human."""
        chat = update.effective_chat
        if chat is not None and chat.type == ChatType.PRIVATE:
            text = f"{texts.TROUBLE}\n\n{texts.CALL}" if self._lines else texts.TROUBLE
            await self._tell(chat.id, text, lines=self._lines)
            await self._links.mark_answered(update.update_id)

    async def _answer(self, update: Update, chat_id: int) -> None:
        message = update.effective_message
        if update.callback_query is not None:
            await self._press(update, update.callback_query, chat_id)
        elif isinstance(message, TelegramMessage):
            await self._read(update, message, chat_id)

    async def _read(self, update: Update, message: TelegramMessage, chat_id: int) -> None:
        text = clean_text(message.text or message.caption or "")
        if not text:
            await self._tell(chat_id, texts.TEXT_ONLY, _TO_SOMEONE)
        elif self._edits.is_new(chat_id, message.message_id, text):
            obey = self._commands.get(_command(text))
            if obey is None:
                await self._say(update, chat_id, text=text)
            else:
                await obey(update, chat_id)

    # ------------------------------------------------------------------------ commands

    async def _start(self, update: Update, chat_id: int) -> None:
        if await self._links.conversation_of(chat_id) is None:
            await self._show(chat_id, (await self._open(chat_id)).messages)
        else:
            await self._say(update, chat_id, value=RESTART)
        await self._tell(chat_id, texts.WELCOME)

    async def _ask_human(self, update: Update, chat_id: int) -> None:
        await self._say(update, chat_id, value=ASK_HUMAN)

    async def _help(self, _update: Update, chat_id: int) -> None:
        await self._tell(chat_id, texts.HELP, _TO_SOMEONE)

    async def _erase(self, update: Update, chat_id: int) -> None:
        if await self._transcript(chat_id) is None:
            await self._tell(chat_id, texts.NOTHING_KEPT)
            return
        # The assistant asks for a confirmation, typed or pressed, and the gateway erases.
        await self._say(update, chat_id, value=ERASE)
        await self._tell(chat_id, texts.ERASE_NOTE)

    async def _refuse_group(self, update: Update, chat: Chat) -> None:
        # Only when spoken to: a bot that answers every message of a group is a nuisance.
        message = update.effective_message
        spoken_to = isinstance(message, TelegramMessage) and (message.text or "").startswith("/")
        if spoken_to and await self._pace.admit(chat.id) is Admission.READ:
            await self._tell(chat.id, texts.PRIVATE_ONLY)

    # ------------------------------------------------------------------------- buttons

    async def _press(self, update: Update, query: CallbackQuery, chat_id: int) -> None:
        data, message_id = query.data or "", query.message.message_id if query.message else None
        if message_id is not None and self._questions.is_answered(chat_id, message_id):
            await self._sender.acknowledge(query.id, texts.ALREADY_ANSWERED)
            return
        await self._sender.acknowledge(query.id)
        try:
            value = await self._value(chat_id, data)
        except StaleButton:
            await self._tell(chat_id, texts.STALE, _TO_SOMEONE)
            return
        await self._say(update, chat_id, value=value, pressed=message_id)

    async def _value(self, chat_id: int, data: str) -> str:
        if not buttons.needs_conversation(data):
            return data
        transcript = await self._transcript(chat_id)
        return buttons.read(data, transcript.messages if transcript else ())

    async def _transcript(self, chat_id: int) -> Transcript | None:
        conversation_id = await self._links.conversation_of(chat_id)
        if conversation_id is None:
            return None
        try:
            return await self._gateway.read(conversation_id)
        except UnknownConversation:
            return None

    # -------------------------------------------------------------------- conversation

    async def _say(
        self, update: Update, chat_id: int, *, text: str = "", value: str | None = None,
        pressed: int | None = None,
    ) -> None:  # fmt: skip
        async with self._sender.typing(chat_id):
            try:
                messages = await self._turn(chat_id, text, value, f"telegram-{update.update_id}")
            except TextTooLong:
                await self._tell(chat_id, texts.TOO_LONG, _TO_SOMEONE)
                return
        # Whatever was said, the questions asked before are behind: a new one asks again.
        answered = pressed if value is not None and buttons.is_answer(value) else None
        await self._sender.remove_buttons(chat_id, self._questions.close(chat_id, answered))
        await self._show(chat_id, messages)

    async def _turn(
        self, chat_id: int, text: str, value: str | None, turn_id: str
    ) -> list[Message]:
        conversation_id = await self._links.conversation_of(chat_id)
        if conversation_id is not None:
            try:
                return await self._gateway.say(conversation_id, text, value, turn_id)
            except UnknownConversation:
                # Erased from the chat itself or by the retention: the person starts again.
                await self._links.unlink(chat_id)
        opened = await self._open(chat_id)
        welcome = [message.model_copy(update={"choices": None}) for message in opened.messages]
        answers = await self._gateway.say(opened.conversation_id, text, value, turn_id)
        return welcome + answers

    async def _open(self, chat_id: int) -> Opened:
        opened = await self._gateway.open(CHANNEL)
        await self._links.link(chat_id, opened.conversation_id)
        return opened

    # ------------------------------------------------------------------------- showing

    async def _show(self, chat_id: int, messages: Sequence[Message]) -> None:
        for message_id in await self._sender.send(chat_id, render_all(messages)):
            self._questions.opened(chat_id, message_id)

    async def _tell(
        self, chat_id: int, text: str, choices: Sequence[ChoiceButton] = (),
        lines: Sequence[LineCard] = (),
    ) -> None:  # fmt: skip
        await self._show(chat_id, [Message(text=text, choices=list(choices), lines=list(lines))])


_COMMAND: Final = re.compile(r"/(\w+)(?:@\w+)?(?:\s|$)")


def _command(text: str) -> str:
    """Return the command at the start of ``text``: « aide » for « /aide@LeRobot »."""
    match = _COMMAND.match(text)
    return match[1].lower() if match else ""
