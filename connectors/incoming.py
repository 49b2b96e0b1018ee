"""What comes from outside, made safe once for every HTTP door.

A channel calls these on what a browser or a program sends, before anything else reads it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from typing import Final

#: Shape of an identifier or token of ours in a URL, a header or a cookie. Anything else is
#: refused before the database sees it (PostgreSQL refuses a NUL character with an error).
_OPAQUE: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")

#: The name under which those whose address is not known are counted together.
UNKNOWN_ADDRESS: Final = "unknown"

#: Unicode categories of control characters and of surrogates.
_REFUSED: Final = frozenset({"Cc", "Cs"})


def clean_text(raw: str) -> str:
    """Return what a person typed without control characters, with « \\n » line ends, stripped.

    Browsers send « \\r\\n », which would count twice against the limit of length. Halves of
    a character (lone surrogates, which JSON lets pass) cannot be stored and go too.
    """
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in _REFUSED)
    return "".join(kept).strip()


def is_opaque(identifier: str) -> bool:
    """Tell whether ``identifier`` may be one of our identifiers or tokens."""
    return _OPAQUE.fullmatch(identifier) is not None


def address_key(host: str | None) -> str:
    """Return the name under which the requests of a network address are counted.

    An IPv6 client owns a /64 and could change address at each request: the prefix counts.
    """
    if host is None:
        return UNKNOWN_ADDRESS
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return UNKNOWN_ADDRESS
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def turn_key(key: str, text: str, value: str | None) -> str:
    """Return the identifier of a turn (64 characters) from the key that came with it.

    The words are part of it: a page sent twice is one turn, but other words sent from the
    same page (after « back ») are another turn and are never lost.
    """
    parts = "\0".join((key, text, value or ""))
    return hashlib.sha256(parts.encode()).hexdigest()
