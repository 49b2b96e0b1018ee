"""The e-mails of a hand-off and of the keeping of the catalogue, and how they leave.

Neither the subject nor the notification holds a name, a need or a contact: an e-mail is
read on shared screens and kept for years. The sheet itself is read in the console.

    DeliveryFailed   the message did not leave; says whether trying again makes sense
"""

from __future__ import annotations

import html
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

SERVICE: Final = "Première réponse"


class Kind(StrEnum):
    """Why an e-mail is sent."""

    NOTIFICATION = "notification"  # to the place: a case is waiting
    REMINDER = "reminder"  # to the place: nobody answered in time
    REPLY = "reply"  # to the person: what the professional wrote
    REVIEW = "review"  # to who keeps cards or places: what is to be read again


class Security(StrEnum):
    """How the connection to the SMTP server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where e-mails leave from. ``timeout_s`` bounds each exchange with the server.

    ``sender`` is one fixed address of the service; ``ca_file`` adds the certificate of an
    internal authority.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    reply_to: str | None = None
    timeout_s: float = 10.0
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail before it is written for a server; ``delivery_id`` never changes."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    delivery_id: str
    link: str | None = None


class DeliveryFailed(Exception):
    """The message did not leave. ``code`` is short and names nobody."""

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        self.code, self.permanent = code, permanent
        super().__init__(code)


class Mailer(Protocol):
    """Sends a letter, or raises ``DeliveryFailed``."""

    def send(self, letter: Letter) -> None:
        """Send the letter; raise ``DeliveryFailed``."""


class MemoryMailer:
    """Keeps the letters instead of sending them, or fails as told; for tests and trials."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.failure: DeliveryFailed | None = None

    def send(self, letter: Letter) -> None:
        """Keep the letter; raise ``failure`` if one is set."""
        if self.failure is not None:
            raise self.failure
        self.letters.append(letter)


def letter_for(kind: Kind, payload: Mapping[str, object], delivery_id: str) -> Letter:
    """Return the letter of an outbox row from its decrypted payload."""
    fields = {key: str(value) for key, value in payload.items() if value is not None}
    if kind is Kind.REPLY:
        return _reply(fields, delivery_id)
    if kind is Kind.REVIEW:
        return _review(fields, delivery_id)
    return _notification(fields, delivery_id, reminder=kind is Kind.REMINDER)


def _notification(fields: Mapping[str, str], delivery_id: str, *, reminder: bool) -> Letter:
    code = fields["code"]
    urgent = fields.get("urgent") == "True"
    what = "Relance : demande" if reminder else "Demande urgente" if urgent else "Nouvelle demande"
    opening = (
        f"La demande {code} attend toujours. Le délai de réponse est passé."
        if reminder
        else f"Une {'demande urgente' if urgent else 'nouvelle demande'} est arrivée : {code}."
    )
    return Letter(
        to=fields["to"],
        subject=f"{what} {code}",
        paragraphs=(
            opening,
            f"Domaine : {fields['theme']}.",
            f"À prendre avant : {fields['due']}.",
            "Ouvrez la demande dans la console. Un identifiant est nécessaire.",
            "Ce message est automatique. Il ne contient aucune donnée sur la personne.",
        ),
        delivery_id=delivery_id,
        link=fields["url"],
    )


def _reply(fields: Mapping[str, str], delivery_id: str) -> Letter:
    code, place = fields["code"], fields["place_name"]
    return Letter(
        to=fields["to"],
        subject=f"Réponse à votre demande {code}",
        paragraphs=(
            fields["text"],
            f"Ce message vient de l’équipe qui suit votre demande {code}.",
            # The place has received nothing: it must not be given as who answers.
            f"Lieu prévu pour vous : {place}. Ce lieu n’a pas reçu votre demande.",
            "Une réponse à cet e-mail peut ne pas être lue. Pour répondre, revenez sur la page "
            "du service et demandez à parler à quelqu’un.",
        ),
        delivery_id=delivery_id,
    )


def _review(fields: Mapping[str, str], delivery_id: str) -> Letter:
    return Letter(
        to=fields["to"],
        subject=f"Catalogue : {fields['count']} éléments à relire",
        paragraphs=(
            f"Voici ce qui est à relire pour « {fields['owner']} », le plus ancien d’abord.",
            fields["list"],
            "La liste entière : python -m knowledge_base freshness --csv a-relire.csv",
            "Après relecture d’une fiche, écrivez la date du jour dans « reviewed_on ».",
        ),
        delivery_id=delivery_id,
    )


def compose(letter: Letter, settings: SmtpSettings) -> EmailMessage:
    """Return the message, text and HTML, ready for the server of ``settings``."""
    message = EmailMessage()
    message["From"] = formataddr((SERVICE, settings.sender))
    message["To"] = _one_line(letter.to)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = formatdate(localtime=False)
    # The same letter sent twice has the same identifier: mailboxes show it once.
    message["Message-ID"] = f"<{letter.delivery_id}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    parts = (*letter.paragraphs, letter.link) if letter.link else letter.paragraphs
    message.set_content("\n\n".join(parts) + "\n")
    message.add_alternative(_as_html(letter), subtype="html")
    return message


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _as_html(letter: Letter) -> str:
    paragraphs = [html.escape(part).replace("\n", "<br>\n") for part in letter.paragraphs]
    if letter.link:
        link = html.escape(letter.link)
        paragraphs.append(f'<a href="{link}">{link}</a>')
    body = "\n".join(f"<p>{part}</p>" for part in paragraphs)
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        f"<title>{html.escape(letter.subject)}</title></head>\n<body>\n{body}\n</body></html>\n"
    )


class SmtpMailer:
    """Sends letters through one SMTP server; one connection per letter."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Send the letter; raise ``DeliveryFailed`` with a code that names nobody."""
        message = compose(letter, self._settings)
        try:
            with self._connect() as server:
                if self._settings.username:
                    server.login(self._settings.username, self._settings.password or "")
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise _failure(error) from error

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = settings.host, settings.port
        if settings.security is Security.NONE:
            return smtplib.SMTP(*where, timeout=settings.timeout_s)
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.security is Security.TLS:
            return smtplib.SMTP_SSL(*where, timeout=settings.timeout_s, context=context)
        server = smtplib.SMTP(*where, timeout=settings.timeout_s)
        try:
            server.starttls(context=context)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def _failure(error: smtplib.SMTPException | OSError) -> DeliveryFailed:
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            # 5xx for the address itself: it does not exist, trying for days is useless.
            permanent = bool(codes) and all(code >= 500 for code in codes)
            return DeliveryFailed("recipient_refused", permanent=permanent)
        case smtplib.SMTPAuthenticationError():
            return DeliveryFailed("authentication")
        case smtplib.SMTPSenderRefused():
            return DeliveryFailed("sender_refused")
        case smtplib.SMTPDataError():
            return DeliveryFailed("message_refused")
        case smtplib.SMTPNotSupportedError():
            return DeliveryFailed("not_supported")
        case ssl.SSLError():
            return DeliveryFailed("certificate")
        case _:
            return DeliveryFailed("server_unreachable")


#: What the console says about a failure.
FAILURES: Final = {
    "recipient_refused": "l’adresse est refusée par le serveur du destinataire",
    "authentication": "le serveur d’e-mail refuse l’identifiant du service",
    "sender_refused": "le serveur d’e-mail refuse l’adresse du service",
    "message_refused": "le serveur d’e-mail refuse le message",
    "not_supported": "le serveur d’e-mail ne sait pas protéger l’envoi",
    "certificate": "le certificat du serveur d’e-mail n’est pas reconnu",
    "server_unreachable": "le serveur d’e-mail ne répond pas",
    "unreadable": "le message ne peut plus être déchiffré",
    "interrupted": "l’envoi a été interrompu trop souvent",
}
