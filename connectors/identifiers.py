"""Identifiers and secrets that cannot be guessed."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """Return a random opaque identifier of 128 bits, safe in a URL."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """Return a random secret of 256 bits, safe in a URL; only its digest is stored."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret, in hexadecimal: what the tables hold of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
