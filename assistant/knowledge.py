"""Everything the conversation needs to know, opened once and shared by every turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from assistant.conversation import ContactGiven
from assistant.understanding.language import LanguageReader
from assistant.understanding.reader import FactReader
from assistant.understanding.received import AidNames
from assistant.urgency import DangerWatch
from assistant.wording import Wording
from knowledge_base.catalogue import Catalogue
from knowledge_base.geography import Communes
from knowledge_base.places import Directory
from knowledge_base.search import Hit
from knowledge_base.tokens import fold

_WORD = re.compile(r"\w+")


class Search(Protocol):
    """Finds the entries that may answer a message."""

    def search(self, query: str, limit: int = 10, commune: str | None = None) -> list[Hit]:
        """Return at most ``limit`` entries, best first, with a probability as score."""


class ContactRefused(ValueError):
    """The contact cannot be used; the message says why, in French, for the person."""


#: Reads a phone number or an e-mail address in what a person typed.
#: Raises ContactRefused.
ContactReader = Callable[[str], ContactGiven]


@dataclass(frozen=True)
class Knowledge:
    """The catalogue, the places, and the readers of what people write."""

    catalogue: Catalogue
    search: Search
    directory: Directory
    communes: Communes
    facts: FactReader
    dangers: DangerWatch
    languages: LanguageReader
    wording: Wording
    contact: ContactReader
    #: Replaces the telephone numbers and addresses in a text by « (masqué) ».
    hide_contact: Callable[[str], str]

    def contact_in(self, text: str) -> ContactGiven | None:
        """Return the contact that ``text`` holds, or None."""
        try:
            return self.contact(text)
        except ContactRefused:
            return None

    @cached_property
    def aid_names(self) -> AidNames:
        """The names of the aids, and how they are said to be received."""
        return AidNames(self.catalogue.entries.values())

    @cached_property
    def names_of_rights(self) -> tuple[tuple[str, str], ...]:
        """Every name of every right, folded, between spaces, with the id of its entry."""
        return tuple(
            (f" {' '.join(_WORD.findall(fold(name)))} ", entry.id)
            for entry in self.catalogue.entries.values()
            for name in entry.keywords
        )
