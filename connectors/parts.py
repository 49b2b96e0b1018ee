"""What the service opens at its start, put together; ``app`` gives it its doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.answer import line_cards
from assistant.business_days import due_date
from assistant.conversation import Session, Turn
from assistant.knowledge import Knowledge
from assistant.respond import respond
from connectors.assistant_gateway import AssistantGateway
from connectors.database import Database
from connectors.encryption import Vault, load_or_create_key
from connectors.handoff.cases import Notice
from connectors.handoff.email import SmtpMailer
from connectors.handoff.outbox import OutboxWorker
from connectors.health import Metrics
from connectors.lookups import CaseDesk
from connectors.migrations import migrate
from connectors.opening import open_knowledge
from connectors.rasa.client import RasaClient
from connectors.retention import Retention
from connectors.settings import Settings
from connectors.telegram.channel import TelegramChannel, Webhook
from connectors.telegram.links import DatabaseLinks
from connectors.telegram.webhook import PATH
from connectors.turns import CodeLimit, Turns
from knowledge_base.hours import PARIS

#: Numbers shown on every page.
EMERGENCY = (
    "samu_15", "police_17", "urgence_112", "urgence_114", "samu_social_115",
    "enfance_danger_119", "violences_femmes_3919", "suicide_3114",
)  # fmt: skip


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
    vault = Vault(load_or_create_key(settings.key_file))
    knowledge = open_knowledge(settings, clock().astimezone(PARIS).date())
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
