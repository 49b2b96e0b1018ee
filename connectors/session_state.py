"""The state of a conversation as it is stored: a contact that waits is sealed in it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.conversation import Session
from connectors.encryption import Unreadable, Vault

_CONTACT = "contact"


def seal_state(vault: Vault, session: Session) -> dict[str, object]:
    """Return ``session`` as JSON values; the contact is readable only with the key."""
    state: dict[str, object] = session.model_dump(mode="json", exclude_defaults=True)
    if session.contact is not None:
        state[_CONTACT] = vault.seal(state[_CONTACT])
    return state


def open_state(vault: Vault, stored: Mapping[str, object]) -> Session:
    """Return the session that ``seal_state`` was given.

    A contact sealed with a key that is gone counts as not given: it is asked again.
    """
    sealed = stored.get(_CONTACT)
    if not isinstance(sealed, str):
        return Session.model_validate(stored)
    try:
        contact = vault.open(sealed)
    except Unreadable:
        contact = None
    return Session.model_validate({**stored, _CONTACT: contact})
