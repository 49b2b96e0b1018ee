"""An HTTP client on the application itself, without a network."""

from __future__ import annotations

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

ADDRESS = "http://localhost"


def client_of(app: FastAPI, host: str = "203.0.113.7") -> AsyncClient:
    """Return a client; ``host`` is its address. A crash of the application is answered 500."""
    transport = ASGITransport(app=app, raise_app_exceptions=False, client=(host, 40_000))
    return AsyncClient(transport=transport, base_url=ADDRESS)
