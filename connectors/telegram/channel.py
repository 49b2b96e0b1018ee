"""The Telegram bot inside the service: started and stopped with it, never in its way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    ExtBot,
    TypeHandler,
)
from tenacity import retry, retry_if_exception, wait_random_exponential

from assistant.messages import LineCard
from connectors.gateway import Gateway
from connectors.telegram.conversing import Conversing
from connectors.telegram.links import Links, LinksError
from connectors.telegram.sending import Sender, network_trouble
from connectors.telegram.texts import COMMANDS

logger = logging.getLogger(__name__)

BOT_API: Final = "https://api.telegram.org/bot"
#: What Telegram sends us; anything else is not for us.
ALLOWED_UPDATES: Final = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
#: Updates answered at the same time, in all.
CONCURRENT: Final = 256
#: How long Telegram may keep a request open while there is nothing to say, in seconds.
LONG_POLL_S: Final = 25
#: How long an update may delay the next ones: see ``_Bot``.
SETTLE_S: Final = 5.0
#: How long the answers under way may take when the service stops, in seconds.
STOP_S: Final = 10.0
#: Times that « wait » said by Telegram itself is obeyed for one message.
_RATE_RETRIES: Final = 3
_Application = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts the updates, and the secret that it repeats in each of them."""

    url: str
    secret: str = field(repr=False)


class NotRunning(Exception):
    """The channel is not connected to Telegram (yet): the update must be sent again."""


class _Bot(ExtBot[int]):
    """The bot of the library, which tells Telegram that an update arrived once it is answered.

    Asking for the next updates is what confirms the previous ones. A service that is killed
    while it answers thus finds the message again when it starts. After ``SETTLE_S`` the others
    are not kept waiting.
    """

    __slots__ = ("_updates",)

    def __init__(self, token: str, base_url: str, updates: asyncio.Queue[object]) -> None:
        """Prepare the bot; ``updates`` is the queue from which they are answered."""
        limiter = AIORateLimiter(max_retries=_RATE_RETRIES)
        super().__init__(token, base_url=base_url, rate_limiter=limiter)
        self._updates = updates

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Wait for the updates under way, then ask for the next ones."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._updates.join(), SETTLE_S)
        return await super().get_updates(*args, **kwargs)


class TelegramChannel:
    """Answers people on Telegram through the gateway.

    The service asks Telegram for the updates; with a ``webhook``, Telegram is told to post them
    there, and they come through ``handle_update``. ``lines`` are the numbers given to a person
    when something goes wrong. ``base_url`` replaces the address of the Bot API.
    """

    def __init__(
        self, token: str, gateway: Gateway, links: Links, base_url: str | None = None,
        *, lines: Sequence[LineCard] = (), webhook: Webhook | None = None,
    ) -> None:  # fmt: skip
        self._links = links
        self._webhook = webhook
        self._application = _application(token, base_url or BOT_API)
        self._conversing = Conversing(gateway, links, Sender(self._application.bot), lines)
        self._application.add_handler(TypeHandler(Update, self._on_update))
        self._application.add_error_handler(self._on_error)
        self._connecting: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Tell whether updates are answered."""
        return self._application.running

    async def start(self) -> None:
        """Begin to connect, and return at once: Telegram may be down for now."""
        _silence_libraries()
        self._connecting = asyncio.create_task(self._connect(), name="telegram: connect")

    async def connected(self) -> bool:
        """Wait until the channel is connected or gives up; tell which."""
        if self._connecting is not None:
            await asyncio.wait({self._connecting})
        return self.running

    async def stop(self) -> None:
        """Finish the answers under way, for ``STOP_S`` at most, and close everything."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        application, updater = self._application, self._application.updater
        try:
            async with asyncio.timeout(STOP_S):
                if updater is not None and updater.running:
                    await updater.stop()
                if application.running:
                    await application.stop()
        except TimeoutError:
            logger.warning("telegram: stopped before every answer was sent")
        await application.shutdown()
        # Nothing was initialised if Telegram never answered, but the connections are open.
        await application.bot.shutdown()

    async def handle_update(self, data: Mapping[str, Any]) -> None:
        """Take one update as Telegram posts it and return at once; it is answered afterwards.

        Raises ``NotRunning``, or ValueError for something that is not an update.
        """
        if not self.running:
            raise NotRunning("Telegram is not connected")
        try:
            update = Update.de_json(dict(data), self._application.bot)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError("not an update of Telegram") from error
        await self._application.update_queue.put(update)

    async def _connect(self) -> None:
        try:
            await _initialise(self._application)
        except InvalidToken:
            # The error itself is not logged: it repeats the token.
            logger.error("telegram: the token is refused; the channel stays closed")
            return
        await self._show_commands()
        await self._application.start()
        if self._webhook is not None:
            await self._register(self._webhook)
        elif self._application.updater is not None:
            # This takes a former webhook away, too.
            await self._application.updater.start_polling(
                timeout=LONG_POLL_S,
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                error_callback=_polling_trouble,
            )
        logger.info("telegram: connected")

    async def _register(self, webhook: Webhook) -> None:
        try:
            await _tell_where(self._application.bot, webhook)
        except TelegramError as error:
            logger.error("telegram: the webhook is refused (%s)", _name(error))

    async def _show_commands(self) -> None:
        with suppress(TelegramError):
            commands = [BotCommand(name, description) for name, description in COMMANDS]
            await self._application.bot.set_my_commands(commands)

    async def _on_update(self, update: Update, _context: object) -> None:
        await self._conversing.receive(update)

    async def _on_error(self, update: object, context: Any) -> None:
        """Log what went wrong, by its class only: its text may repeat the person's words."""
        logger.error("telegram: an update was not answered (%s)", _name(context.error))
        if not isinstance(update, Update):
            return
        try:
            await self._conversing.apologise(update)
        except (TelegramError, LinksError) as error:
            logger.error("telegram: nor could we say so (%s)", _name(error))


def _application(token: str, base_url: str) -> _Application:
    updates: asyncio.Queue[object] = asyncio.Queue()
    bot = _Bot(token, base_url, updates)
    builder = ApplicationBuilder().bot(bot).update_queue(updates).concurrent_updates(CONCURRENT)
    return builder.build()


# Telegram may be down when the service starts: it is tried for ever, ever more rarely.
_patiently = retry(
    retry=retry_if_exception(network_trouble),
    wait=wait_random_exponential(multiplier=0.5, max=30),
    reraise=True,
)


@_patiently
async def _initialise(application: _Application) -> None:
    await application.initialize()


@_patiently
async def _tell_where(bot: ExtBot[Any], webhook: Webhook) -> None:
    await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES)


def _polling_trouble(error: TelegramError) -> None:
    logger.warning("telegram: no updates for now (%s)", _name(error))


def _name(error: object) -> str:
    return type(error).__name__


def _silence_libraries() -> None:
    """Keep the token, which is in every address, and the messages out of the logs."""
    for name in ("telegram", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
