"""The route to which Telegram posts updates, for a service that can be reached from outside."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Header, HTTPException

from connectors.telegram.channel import NotRunning, TelegramChannel

PATH: Final = "/telegram/webhook"


def webhook_router(channel: TelegramChannel, secret: str) -> APIRouter:
    """Return the route; ``secret`` is the ``secret_token`` that was given to setWebhook."""
    if not secret:
        raise ValueError("the webhook needs a secret: anybody could post updates")
    router = APIRouter(include_in_schema=False)

    @router.post(PATH)
    async def receive(
        update: Annotated[dict[str, Any], Body()],
        given: Annotated[str, Header(alias="X-Telegram-Bot-Api-Secret-Token")] = "",
    ) -> dict[str, bool]:
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise HTTPException(401)
        try:
            await channel.handle_update(update)
        except NotRunning as error:
            # Telegram tries again later what is not accepted.
            raise HTTPException(503) from error
        except ValueError as error:
            raise HTTPException(400) from error
        return {"ok": True}

    return router
