"""The service, wired in one function: nothing connects or loads before the lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from redis.asyncio import Redis
from sqlalchemy.exc import SQLAlchemyError

from assistant.answer import line_cards
from assistant.business_days import due_date
from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.respond import respond
from connectors.api.body_limit import BodyLimit
from connectors.api.ports import ApiPorts
from connectors.api.problems import install
from connectors.api.ratelimit import Limits, Rate, Rates, code_limit, make_limits
from connectors.api.routes import api_router
from connectors.assistant_gateway import AssistantGateway
from connectors.console.auth import Authentication
from connectors.console.hotline import hotline_router
from connectors.console.hotline_desk import HotlineDesk
from connectors.console.pages import Console
from connectors.console.router import console_router
from connectors.database import Database
from connectors.encryption import Vault, load_or_create_key
from connectors.handoff.cases import Notice
from connectors.handoff.email import SmtpMailer
from connectors.handoff.outbox import OutboxWorker
from connectors.health import Metrics, Probe, health_router
from connectors.identifiers import new_token
from connectors.lookups import CaseDesk, CatalogueAids, CommuneLookup, DirectoryPlaces
from connectors.migrations import migrate
from connectors.opening import open_knowledge
from connectors.rasa.actions_endpoint import actions_router
from connectors.rasa.client import RasaClient
from connectors.rasa.turns import run_turn
from connectors.retention import Retention
from connectors.security_headers import SecurityHeaders
from connectors.settings import Settings
from connectors.telegram.channel import TelegramChannel, Webhook
from connectors.telegram.links import DatabaseLinks
from connectors.telegram.webhook import PATH, webhook_router
from connectors.turns import CodeLimit, Turns
from connectors.web.ports import SiteInfo
from connectors.web.routes import WebDoor, web_door

#: Numbers shown on every page.
EMERGENCY = (
    "samu_15", "police_17", "urgence_112", "urgence_114", "samu_social_115",
    "enfance_danger_119", "violences_femmes_3919", "suicide_3114",
)  # fmt: skip
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
        door: WebDoor = app.state.door
        return await door.error_page(request, status, title, detail)

    # Handlers are read when the application starts, before its lifespan opens the pages.
    install(app, error_page, https=settings.https)
    app.add_middleware(BodyLimit, exempt=(ACTIONS_PATH,))
    app.add_middleware(SecurityHeaders, https=settings.https)
    return app


@dataclass(frozen=True)
class Parts:
    """What the service has opened."""

    settings: Settings
    clock: Callable[[], datetime]
    database: Database
    vault: Vault
    knowledge: Knowledge
    outbox: OutboxWorker
    retention: Retention
    turns: Turns
    gateway: AssistantGateway
    desk: CaseDesk
    notice: Notice
    metrics: Metrics
    rasa: RasaClient | None
    telegram: TelegramChannel | None

    def close(self) -> None:
        """Close the database; the workers are already stopped."""
        self.database.close()


def open_parts(settings: Settings, clock: Callable[[], datetime], counted: CodeLimit) -> Parts:
    """Open the database and the knowledge, and put the service together.

    ``counted`` limits the codes that are tried in the chat.
    """
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    database = Database(settings.database)
    vault = Vault(load_or_create_key(settings.var_dir / "keys" / "contacts.key"))
    knowledge = open_knowledge(settings)
    _warm_up(knowledge, clock())
    metrics = Metrics()
    notice = Notice(settings.handoff_email, settings.url, smtp=settings.smtp is not None)
    mailer = SmtpMailer(settings.smtp) if settings.smtp is not None else None
    outbox = OutboxWorker(database, vault, mailer, clock)
    turns = Turns(database, vault, knowledge, notice, clock, outbox, counted)
    rasa = RasaClient(settings.rasa_address) if settings.rasa_enabled else None
    gateway = AssistantGateway(database, knowledge, turns, rasa, clock, metrics)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        vault=vault,
        knowledge=knowledge,
        outbox=outbox,
        retention=Retention(
            database, vault, settings.url, clock, settings.conversation_days, settings.case_months
        ),
        turns=turns,
        gateway=gateway,
        desk=CaseDesk(database, turns),
        notice=notice,
        metrics=metrics,
        rasa=rasa,
        telegram=_telegram(settings, gateway, DatabaseLinks(database, vault, clock), knowledge),
    )


def _warm_up(knowledge: Knowledge, now: datetime) -> None:
    """Play a turn, so that the first person does not wait for what loads at first use."""
    due_date(now, urgent=False)
    turn = Turn(text="bonjour, j'ai 40 ans, je cherche un logement à Blois", now=now)
    respond(Session(), turn, knowledge)


def _telegram(
    settings: Settings, gateway: AssistantGateway, links: DatabaseLinks, knowledge: Knowledge
) -> TelegramChannel | None:
    if settings.telegram_token is None:
        return None
    lines = line_cards(EMERGENCY, knowledge.catalogue.lines)
    token, secret = settings.telegram_token.get_secret_value(), settings.telegram_webhook_secret
    webhook = Webhook(settings.url + PATH, secret.get_secret_value()) if secret else None
    return TelegramChannel(
        token, gateway, links, settings.telegram_api_url, lines=lines, webhook=webhook
    )


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
    door = web_door(parts.gateway, parts.desk, limits, lines, site)
    app.include_router(api_router(parts.gateway, ports, limits))
    app.include_router(door.router)
    app.state.door = door
    console = _console(parts, limits)
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
