"""Sending to Telegram: again when the network fails, quietly when it does not matter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_random_exponential

from connectors.telegram.rendering import Keyboard, Outgoing

logger = logging.getLogger(__name__)

#: « writes… » is shown five seconds at a time.
_TYPING_S: Final = 4.5
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


def network_trouble(error: BaseException) -> bool:
    """Tell whether the same request may succeed later."""
    # For the library a wrong request is a kind of network error.
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


class Sender:
    """Speaks to one chat at a time on behalf of the channel."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat_id: int, messages: Iterable[Outgoing]) -> list[int]:
        """Send the messages in order; return the ids of those whose buttons serve once.

        A person who blocked the bot is not an error. Raises ``TelegramError`` otherwise.
        """
        waiting: list[int] = []
        for outgoing in messages:
            try:
                message_id = await self._send_one(chat_id, outgoing)
            except Forbidden:
                logger.info("telegram: a chat does not take messages any more")
                break
            if outgoing.once:
                waiting.append(message_id)
        return waiting

    # Waits of some fifteen seconds in all: the person's next message waits behind this one.
    @retry(
        retry=retry_if_exception(network_trouble),
        wait=wait_random_exponential(multiplier=0.5, max=10),
        stop=stop_after_attempt(6),
        reraise=True,
    )
    async def _send_one(self, chat_id: int, outgoing: Outgoing) -> int:
        sent = await self._bot.send_message(
            chat_id,
            outgoing.text,
            parse_mode=ParseMode.HTML,
            reply_markup=_markup(outgoing.keyboard),
            link_preview_options=_NO_PREVIEW,
            disable_notification=outgoing.silent,
        )
        return sent.message_id

    async def acknowledge(self, callback_id: str, text: str | None = None) -> None:
        """Tell Telegram that the button was felt; too late is not an error."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(callback_id, text=text)

    async def remove_buttons(self, chat_id: int, message_ids: Iterable[int]) -> None:
        """Remove the buttons of these messages; a message that is gone is not an error."""
        for message_id in message_ids:
            with suppress(TelegramError):
                await self._bot.edit_message_reply_markup(chat_id, message_id)

    @asynccontextmanager
    async def typing(self, chat_id: int) -> AsyncIterator[None]:
        """Show « écrit… » in the chat during the block."""
        task = asyncio.create_task(self._keep_typing(chat_id))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _keep_typing(self, chat_id: int) -> None:
        while True:
            with suppress(TelegramError):
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
            await asyncio.sleep(_TYPING_S)


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in keyboard
        ]
    )
