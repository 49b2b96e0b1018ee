"""What the professional reads of a case: words, answers, contact; encrypted at rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypedDict

from pydantic import TypeAdapter

from assistant.conversation import ReportedFact
from assistant.handoff import Contact, HandoffRequest
from connectors.database import CaseRecord
from connectors.encryption import Vault

_WORDS = TypeAdapter(tuple[str, ...])
_FACTS = TypeAdapter(dict[str, ReportedFact])
_CONTACT = TypeAdapter(Contact)


class SealedSheet(TypedDict):
    """The encrypted columns of a case."""

    words_encrypted: str
    facts_encrypted: str
    contact_encrypted: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The person's words and answers; both empty once erased."""

    words: tuple[str, ...]
    facts: Mapping[str, ReportedFact]


def seal_sheet(vault: Vault, request: HandoffRequest) -> SealedSheet:
    """Return the encrypted columns for a request."""
    facts = {name: asdict(fact) for name, fact in request.facts.items()}
    return SealedSheet(
        words_encrypted=vault.seal(list(request.words)),
        facts_encrypted=vault.seal(facts),
        contact_encrypted=vault.seal(asdict(request.contact)),
    )


def read_sheet(vault: Vault, record: CaseRecord) -> Sheet:
    """Return the words and answers; raise ``connectors.encryption.Unreadable``."""
    words, facts = record.words_encrypted, record.facts_encrypted
    return Sheet(
        words=_WORDS.validate_python(vault.open(words)) if words else (),
        facts=_FACTS.validate_python(vault.open(facts)) if facts else {},
    )


def read_contact(vault: Vault, record: CaseRecord) -> Contact | None:
    """Return the contact, None once erased; raise ``connectors.encryption.Unreadable``."""
    sealed = record.contact_encrypted
    return _CONTACT.validate_python(vault.open(sealed)) if sealed else None
