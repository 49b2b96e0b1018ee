"""The service, wired in one function: nothing connects or loads before the lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from redis.asyncio import Redis
from sqlalchemy.exc import SQLAlchemyError

from assistant.answer import line_cards
from connectors.api.body_limit import BodyLimit
from connectors.api.hsds import HsdsRoutes
from connectors.api.ports import ApiPorts
from connectors.api.problems import install
from connectors.api.ratelimit import Limits, Rate, Rates, code_limit, make_limits
from connectors.api.routes import api_router
from connectors.console.auth import Authentication
from connectors.console.hotline import hotline_router
from connectors.console.hotline_desk import HotlineDesk
from connectors.console.pages import Console, is_console
from connectors.console.router import console_router
from connectors.health import Probe, health_router
from connectors.identifiers import new_token
from connectors.lookups import CatalogueAids, CommuneLookup, DirectoryPlaces
from connectors.parts import EMERGENCY, Parts, open_parts
from connectors.rasa.actions_endpoint import actions_router
from connectors.rasa.turns import run_turn
from connectors.security_headers import SecurityHeaders
from connectors.settings import Settings
from connectors.shelves import Shelves
from connectors.telegram.webhook import webhook_router
from connectors.web.ports import SiteInfo
from connectors.web.routes import WebDoor, web_door
from knowledge_base.exchange.hsds_package import HumanServices

#: Where Rasa posts the actions to run.
ACTIONS_PATH = "/webhook"
#: For measures: limits that a load on the loopback does not meet. Those of the passwords stay.
NO_LIMITS = Rates(*[Rate(1_000_000, 0.000_001)] * 4)


def utc_now() -> datetime:
    """Return the current moment; the only clock of the service."""
    return datetime.now(UTC)


def create_app(settings: Settings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """Return the service; everything is opened and closed by its lifespan.

    ``app.state.parts`` holds what was opened. Raises nothing before the lifespan; there,
    StaleIndex, CatalogueError, EncoderError or SQLAlchemyError stop the start.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            limits = _limits(settings, stack)
            counted = code_limit(limits, asyncio.get_running_loop())
            parts = await asyncio.to_thread(open_parts, settings, clock, counted)
            stack.callback(parts.close)
            _mount(app, parts, limits)
            app.state.parts = parts
            parts.outbox.start()
            stack.push_async_callback(parts.outbox.stop)
            parts.retention.start()
            stack.push_async_callback(parts.retention.stop)
            if parts.rasa is not None:
                stack.push_async_callback(parts.rasa.close)
            if parts.telegram is not None:
                await parts.telegram.start()
                stack.push_async_callback(parts.telegram.stop)
            yield

    app = FastAPI(
        title="Première réponse",
        version="1",
        summary="Assistant conversationnel de première réponse pour les services sociaux",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )

    async def error_page(request: Request, status: int, title: str, detail: str) -> Response:
        if is_console(request.url.path):
            console: Console = app.state.console
            return await console.error_page(request, status, title)
        door: WebDoor = app.state.door
        return await door.error_page(request, status, title, detail)

    # Handlers are read when the application starts, before its lifespan opens the pages.
    install(app, error_page, https=settings.https)
    app.add_middleware(BodyLimit, exempt=(ACTIONS_PATH,))
    app.add_middleware(SecurityHeaders, https=settings.https)
    return app


def _limits(settings: Settings, stack: AsyncExitStack) -> Limits:
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    if redis is not None:
        stack.push_async_callback(redis.aclose)
    return make_limits(Rates() if settings.rate_limits else NO_LIMITS, redis)


def _mount(app: FastAPI, parts: Parts, limits: Limits) -> None:
    settings, knowledge = parts.settings, parts.knowledge
    ports = ApiPorts(
        aids=CatalogueAids(knowledge),
        places=DirectoryPlaces(knowledge, parts.clock),
        communes=CommuneLookup(knowledge),
        handoffs=parts.desk,
    )
    site = SiteInfo(
        controller=settings.controller,
        data_contact=settings.data_contact,
        conversation_days=settings.conversation_days,
        case_months=settings.case_months,
        https=settings.https,
    )
    lines = line_cards(EMERGENCY, knowledge.catalogue.lines)
    door = web_door(parts.gateway, parts.desk, limits, lines, Shelves(knowledge.catalogue), site)
    app.include_router(api_router(parts.gateway, ports, limits))
    services = HumanServices(knowledge.catalogue, knowledge.directory.places)
    app.include_router(HsdsRoutes(services, limits).router())
    app.include_router(door.router)
    app.state.door = door
    console = _console(parts, limits)
    app.state.console = console
    app.include_router(console_router(console))
    desk = HotlineDesk(parts.database, parts.vault, knowledge, parts.notice, parts.clock)
    app.include_router(hotline_router(console, desk))
    secret = settings.actions_token
    token = secret.get_secret_value() if secret is not None else new_token()
    app.include_router(actions_router(run_turn(parts.turns, parts.clock), token))
    if parts.telegram is not None and settings.telegram_webhook_secret is not None:
        given = settings.telegram_webhook_secret.get_secret_value()
        app.include_router(webhook_router(parts.telegram, given))
    app.include_router(health_router(parts.metrics, _probes(parts), frozenset({"database"})))


def _probes(parts: Parts) -> dict[str, Probe]:
    async def database() -> bool:
        try:
            await asyncio.to_thread(parts.database.ping)
        except SQLAlchemyError:
            return False
        return True

    async def outbox() -> bool:
        return parts.outbox.alive

    async def retention() -> bool:
        return parts.retention.alive

    probes: dict[str, Probe] = {"database": database, "outbox": outbox, "retention": retention}
    if parts.rasa is not None:
        probes["rasa"] = parts.rasa.is_up
    if (channel := parts.telegram) is not None:

        async def telegram() -> bool:
            return channel.running

        probes["telegram"] = telegram
    return probes


def _console(parts: Parts, limits: Limits) -> Console:
    catalogue, communes = parts.knowledge.catalogue, parts.knowledge.communes
    rules = parts.knowledge.dangers.rules

    def entry_title(entry_id: str) -> str:
        entry = catalogue.entries.get(entry_id)
        return entry.title if entry is not None else entry_id

    def commune_name(code_insee: str) -> str:
        commune = communes.by_code(code_insee)
        return commune.name if commune is not None else code_insee

    def danger_label(rule: str) -> str:
        return rules[rule].label if rule in rules else rule

    return Console(
        database=parts.database,
        vault=parts.vault,
        authentication=Authentication(parts.database, parts.clock),
        limits=limits,
        clock=parts.clock,
        https=parts.settings.https,
        smtp=parts.settings.smtp is not None,
        wake=parts.outbox.wake,
        entry_title=entry_title,
        commune_name=commune_name,
        danger_label=danger_label,
    )
