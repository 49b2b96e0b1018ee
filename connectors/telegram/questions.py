"""Which messages of a chat still have buttons that wait for an answer.

Kept in memory only: after a restart the buttons of an old question stay until they are
pressed, and still work.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

#: Chats and messages remembered at once; the oldest are forgotten first.
_MAX: Final = 10_000


class Questions:
    """The open and the answered questions of every chat."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, list[int]] = OrderedDict()
        self._answered: OrderedDict[tuple[int, int], None] = OrderedDict()

    def opened(self, chat_id: int, message_id: int) -> None:
        """Remember that the buttons of this message wait for an answer."""
        self._open.setdefault(chat_id, []).append(message_id)
        self._open.move_to_end(chat_id)
        if len(self._open) > _MAX:
            self._open.popitem(last=False)

    def close(self, chat_id: int, pressed: int | None = None) -> list[int]:
        """Return the messages of the chat whose buttons are to be removed, each once.

        ``pressed`` is the message whose button gave the answer, also after a restart.
        """
        closed = self._open.pop(chat_id, [])
        if pressed is not None and pressed not in closed:
            closed.append(pressed)
        for message_id in closed:
            self._answered[chat_id, message_id] = None
        while len(self._answered) > _MAX:
            self._answered.popitem(last=False)
        return closed

    def is_answered(self, chat_id: int, message_id: int) -> bool:
        """Tell whether the question of this message was answered."""
        return (chat_id, message_id) in self._answered


class Edits:
    """The last text seen of each message: Telegram also tells of edits that change no word."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def is_new(self, chat_id: int, message_id: int, text: str) -> bool:
        """Remember the text of the message; tell whether it is another than before."""
        key = (chat_id, message_id)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if self._seen.get(key) == digest:
            return False
        self._seen[key] = digest
        self._seen.move_to_end(key)
        if len(self._seen) > _MAX:
            self._seen.popitem(last=False)
        return True
