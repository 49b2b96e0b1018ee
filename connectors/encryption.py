"""Encryption at rest of what identifies a person; the key stays outside the database.

VaultError
├── InvalidKey    the key is not one that ``load_or_create_key`` writes
└── Unreadable    the content was written with another key, or is damaged
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class VaultError(Exception):
    """Something encrypted cannot be written or read."""


class InvalidKey(VaultError):
    """The key is not one that ``load_or_create_key`` writes."""


class Unreadable(VaultError):
    """The content was written with another key, or is damaged."""


class Vault:
    """Encrypts and reads back small JSON values.

    ``key`` may hold several keys separated by commas: the first writes, all of them read,
    so that a key is replaced without losing anything.
    """

    def __init__(self, key: str) -> None:
        """Prepare the keys; raise ``InvalidKey``."""
        keys = [part.strip() for part in key.split(",") if part.strip()]
        if not keys:
            raise InvalidKey("the encryption key is empty")
        try:
            self._fernet = MultiFernet([Fernet(part) for part in keys])
        except ValueError as error:
            raise InvalidKey(
                "the encryption key must be 32 bytes in URL-safe base64, as written by make run"
            ) from error
        self._fingerprint_key = hashlib.sha256(b"fingerprint" + keys[0].encode()).digest()

    def seal(self, value: object) -> str:
        """Return ``value``, a JSON value, encrypted."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def open(self, sealed: str) -> object:
        """Return the value that ``seal`` was given; raise ``Unreadable``."""
        try:
            value: object = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise Unreadable("encrypted with another key, or damaged") from error
        return value

    def fingerprint(self, value: object) -> str:
        """Return a digest of a JSON value that only the holder of the key can compute."""
        canonical = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return hmac.new(self._fingerprint_key, canonical.encode(), hashlib.sha256).hexdigest()


def load_or_create_key(path: Path) -> str:
    """Return the key kept in ``path``; create it, readable by its owner only, if missing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create_key(path)
    path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _create_key(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Fernet.generate_key().decode() + "\n")
    # The key appears whole or not at all, and the first of two processes wins.
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
