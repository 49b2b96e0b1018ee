"""The Bot API of Telegram on 127.0.0.1: what the real library needs, and nothing else.

It keeps the updates until they are confirmed, as Telegram does, and remembers every request
in order, so that a test can say what was sent and when.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

TOKEN = "123456:example-of-a-token-that-opens-nothing"
BOT = {"id": 123456, "is_bot": True, "first_name": "Double", "username": "double_bot"}
#: A test that waits longer has failed, in seconds.
PATIENCE_S = 20.0


@dataclass(frozen=True)
class Call:
    """One request: the method and its parameters."""

    method: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        """Return the text of the message sent."""
        return str(self.data.get("text", ""))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Return the label and the data of each button of the message sent."""
        markup = self.data.get("reply_markup") or {}
        rows = markup.get("inline_keyboard", [])
        return [(one["text"], one["callback_data"]) for row in rows for one in row]


@dataclass
class BotApi:
    """The double. ``calls`` are the requests received, but for the empty getUpdates."""

    calls: list[Call] = field(default_factory=list)
    port: int = 0
    open: bool = False
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _failures: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _next_update: int = 1000
    _next_message: int = 1

    @property
    def base_url(self) -> str:
        """Return what replaces https://api.telegram.org/bot."""
        return f"http://127.0.0.1:{self.port}/bot"

    # ------------------------------------------------------------- what people do

    async def write(self, text: str, chat_id: int = 7, **more: Any) -> int:
        """A person writes; return the id of the update."""
        return await self.deliver({"message": self.message(chat_id, text=text, **more)})

    async def edit(self, message_id: int, text: str, chat_id: int = 7) -> int:
        """A person changes a message; return the id of the update."""
        message = self.message(chat_id, text=text, edit_date=int(time.time()))
        return await self.deliver({"edited_message": message | {"message_id": message_id}})

    async def press(self, data: str, message_id: int, chat_id: int = 7) -> int:
        """A person presses a button of a message; return the id of the update."""
        query = {
            "id": f"query-{self._next_update}",
            "from": _person(chat_id),
            "chat_instance": "1",
            "message": self.message(chat_id, text="?") | {"message_id": message_id},
            "data": data,
        }
        return await self.deliver({"callback_query": query})

    async def deliver(self, content: dict[str, Any], update_id: int | None = None) -> int:
        """Queue an update; the id of a former one may be given again."""
        if update_id is None:
            update_id, self._next_update = self._next_update, self._next_update + 1
        async with self._changed:
            self._updates.append({"update_id": update_id, **content})
            self._changed.notify_all()
        return update_id

    def message(self, chat_id: int, **content: Any) -> dict[str, Any]:
        """Return a message of a person, in a private chat unless told otherwise."""
        self._next_message += 1
        return {
            "message_id": self._next_message,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private", "first_name": "Exemple"},
            "from": _person(chat_id),
            **content,
        }

    # ------------------------------------------------------------ what the test asks

    def fail(self, method: str, status: int, **body: Any) -> None:
        """Answer the next request of ``method`` with an error; one call, one failure."""
        self._failures.append((method, status, _error(status, **body)))

    def sent(self, chat_id: int = 7) -> list[Call]:
        """Return the messages sent to a chat, in order."""
        return [call for call in self.of("sendMessage") if call.data["chat_id"] == chat_id]

    def of(self, method: str) -> list[Call]:
        """Return the requests of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until ``condition`` holds; it is tried after every request."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(condition)

    async def texts(self, count: int, chat_id: int = 7) -> list[str]:
        """Wait for ``count`` messages in the chat and return all their texts."""
        await self.until(lambda: len(self.sent(chat_id)) >= count)
        return [call.text for call in self.sent(chat_id)]

    async def confirmed(self, update_id: int) -> None:
        """Wait until the update will not be delivered again."""
        await self.until(lambda: all(one["update_id"] != update_id for one in self._updates))

    # -------------------------------------------------------------- what the bot does

    async def answer(self, request: Request) -> JSONResponse:
        """Answer one request of the library."""
        if request.path_params["token"] != TOKEN:
            return JSONResponse(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, 401
            )
        call = Call(request.path_params["method"], await _parameters(request))
        failure = self._failure(call.method)
        result = None if failure else await self._result(call)
        async with self._changed:
            if call.method != "getUpdates" or result:
                self.calls.append(call)
            self._changed.notify_all()
        if failure:
            return JSONResponse(failure[1], failure[0])
        return JSONResponse({"ok": True, "result": result})

    def _failure(self, method: str) -> tuple[int, dict[str, Any]] | None:
        for number, (wanted, status, body) in enumerate(self._failures):
            if wanted == method:
                del self._failures[number]
                return status, body
        return None

    async def _result(self, call: Call) -> Any:
        if call.method == "getMe":
            return BOT
        if call.method == "getUpdates":
            return await self._next_updates(call)
        if call.method == "sendMessage":
            self._next_message += 1
            chat = {"id": call.data["chat_id"], "type": "private", "first_name": "Exemple"}
            call.data["message_id"] = self._next_message
            return {"message_id": self._next_message, "date": int(time.time()), "chat": chat}
        return True

    async def _next_updates(self, call: Call) -> list[dict[str, Any]]:
        offset, wait_s = int(call.data.get("offset", 0)), float(call.data.get("timeout", 0))
        async with self._changed:
            kept = [one for one in self._updates if one["update_id"] >= offset]
            if len(kept) != len(self._updates):
                self.calls.append(Call("confirm", {"offset": offset}))
            self._updates = kept
            self._changed.notify_all()
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait_for(lambda: bool(self._updates) or not self.open)
            except TimeoutError:
                return []
            return list(self._updates)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer during the block, on the same port each time."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        app = Starlette(routes=[Route("/bot{token}/{method}", self.answer, methods=["POST"])])
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        config.timeout_graceful_shutdown = 1
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        self.open = True
        try:
            yield
        finally:
            async with self._changed:
                self.open = False
                self._changed.notify_all()
            server.should_exit = True
            await task
            listener.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the test runner."""
        yield


def _error(status: int, **body: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": status, **body}


def _person(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "is_bot": False, "first_name": "Exemple", "language_code": "fr"}


async def _parameters(request: Request) -> dict[str, Any]:
    """Return the parameters; the library sends the composed ones as JSON."""
    form = await request.form()
    read: dict[str, Any] = {}
    for name, value in form.items():
        text = str(value)
        composed = name in ("reply_markup", "allowed_updates", "commands", "link_preview_options")
        read[name] = json.loads(text) if composed or name == "chat_id" else text
    return read
