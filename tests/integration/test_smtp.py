"""E-mails really leave: a local SMTP server receives them, refuses them or is away."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.handoff import Contact, HandoffRequest
from connectors.database import Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case
from connectors.handoff.email import (
    DeliveryFailed,
    Kind,
    Letter,
    Security,
    SmtpMailer,
    SmtpSettings,
    letter_for,
)
from connectors.handoff.outbox import Drained, OutboxWorker

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOTIFICATION = {
    "to": "mds@exemple.fr",
    "code": "CDF347",
    "theme": "Logement",
    "urgent": True,
    "due": "mercredi 25 novembre à 10 h 30",
    "url": "https://aide.example.org/console/cases/abc",
}
REPLY = {
    "to": "marie@exemple.fr",
    "code": "CDF347",
    "place_name": "MDS de Vendôme",
    "text": "Bonjour,\nvenez jeudi à 10 h <b>.",
}


class Mailbox:
    """What the server of the tests received, and what it must refuse."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.recipient_answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept the recipient, or answer as told."""
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        self.envelopes.append(envelope)
        return "250 OK"

    def message(self, position: int = 0) -> EmailMessage:
        """Return a message received, decoded."""
        content = self.envelopes[position].original_content
        assert content is not None
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


def _parts(message: EmailMessage) -> tuple[str, str]:
    """Return the text and the HTML of a message."""
    contents = {}
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        contents[part.get_content_type()] = part.get_content().replace("\r\n", "\n")
    return contents["text/plain"], contents["text/html"]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _settings(port: int, security: Security = Security.NONE, **more: object) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1",
        port=port,
        sender="ne-pas-repondre@aide.example.org",
        security=security,
        timeout_s=5.0,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def mailbox() -> Mailbox:
    """Give an empty mailbox."""
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """Give a running server without protection."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller
    controller.stop()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for 127.0.0.1; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "server.pem", folder / "server.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Give the certificate and the key of the server of the tests."""
    return _certificate(tmp_path)


def _tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def _notification(delivery_id: str = "notification-abc-1") -> Letter:
    return letter_for(Kind.NOTIFICATION, NOTIFICATION, delivery_id)


def test_a_notification_says_what_is_needed_and_nothing_about_the_person(
    server: Controller, mailbox: Mailbox
) -> None:
    """Headers, subject, text and HTML of the e-mail to the place are those of the contract."""
    SmtpMailer(_settings(server.port)).send(_notification())
    message = mailbox.message()
    assert mailbox.envelopes[0].rcpt_tos == ["mds@exemple.fr"]
    assert message["From"] == "Première réponse <ne-pas-repondre@aide.example.org>"
    assert message["Subject"] == "Demande urgente CDF347"
    assert message["Message-ID"] == "<notification-abc-1@aide.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Cc"] is None
    plain, rich = _parts(message)
    assert plain == (
        "Une demande urgente est arrivée : CDF347.\n\n"
        "Domaine : Logement.\n\n"
        "À prendre avant : mercredi 25 novembre à 10 h 30.\n\n"
        "Ouvrez la demande dans la console. Un identifiant est nécessaire.\n\n"
        "Ce message est automatique. Il ne contient aucune donnée sur la personne.\n\n"
        "https://aide.example.org/console/cases/abc\n"
    )
    assert '<html lang="fr">' in rich
    assert 'href="https://aide.example.org/console/cases/abc"' in rich


def test_a_reminder_is_told_apart() -> None:
    """The subject and the first sentence of a reminder say that the delay has passed."""
    letter = letter_for(Kind.REMINDER, NOTIFICATION, "reminder-abc-2")
    assert letter.subject == "Relance : demande CDF347"
    assert letter.paragraphs[0] == (
        "La demande CDF347 attend toujours. Le délai de réponse est passé."
    )


def test_a_reply_carries_the_words_of_the_professional(
    server: Controller, mailbox: Mailbox
) -> None:
    """The person reads the answer as written, and who it comes from; HTML cannot be injected."""
    SmtpMailer(_settings(server.port, reply_to="mds@exemple.fr")).send(
        letter_for(Kind.REPLY, REPLY, "reply-abc-k1")
    )
    message = mailbox.message()
    assert message["To"] == "marie@exemple.fr"
    assert message["From"] == "Première réponse <ne-pas-repondre@aide.example.org>"
    assert message["Reply-To"] == "mds@exemple.fr"
    assert message["Subject"] == "Réponse à votre demande CDF347"
    plain, rich = _parts(message)
    assert "Bonjour,\nvenez jeudi à 10 h <b>." in plain
    assert "Ce message vient de l’équipe qui suit votre demande CDF347." in plain
    assert "MDS de Vendôme. Ce lieu n’a pas reçu votre demande." in plain
    assert "Bonjour,<br>\nvenez jeudi à 10 h &lt;b&gt;." in rich


def test_the_code_of_a_case_cannot_add_a_header(server: Controller, mailbox: Mailbox) -> None:
    """A line break in what the subject holds stays in its header."""
    payload = {**REPLY, "code": "CDF347\r\nBcc: autre@exemple.fr"}
    SmtpMailer(_settings(server.port)).send(letter_for(Kind.REPLY, payload, "reply-abc-k1"))
    assert mailbox.envelopes[0].rcpt_tos == ["marie@exemple.fr"]
    assert mailbox.message()["Bcc"] is None


def test_the_same_letter_keeps_its_identifier(server: Controller, mailbox: Mailbox) -> None:
    """Sent twice, a letter has one Message-ID, so that mailboxes can show it once."""
    for _ in range(2):
        SmtpMailer(_settings(server.port)).send(_notification())
    identifiers = [mailbox.message(position)["Message-ID"] for position in (0, 1)]
    assert identifiers == ["<notification-abc-1@aide.example.org>"] * 2


def test_starttls_and_login(mailbox: Mailbox, certificate: tuple[Path, Path]) -> None:
    """With STARTTLS the login is given after the connection is protected, and accepted."""
    logins: list[tuple[bytes, bytes]] = []

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"bon-mot", handled=False)

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=_tls(certificate),
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )
    controller.start()
    try:
        good = _settings(
            controller.port,
            Security.STARTTLS,
            username="service",
            password="bon-mot",
            ca_file=certificate[0],
        )
        SmtpMailer(good).send(_notification())
        bad = _settings(
            controller.port,
            Security.STARTTLS,
            username="service",
            password="faux",
            ca_file=certificate[0],
        )
        with pytest.raises(DeliveryFailed) as refused:
            SmtpMailer(bad).send(_notification())
    finally:
        controller.stop()
    assert logins[0] == (b"service", b"bon-mot")
    assert len(mailbox.envelopes) == 1
    assert (refused.value.code, refused.value.permanent) == ("authentication", False)


def test_implicit_tls(mailbox: Mailbox, certificate: tuple[Path, Path]) -> None:
    """On a port that is protected from the start the letter leaves."""
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=_free_port(), ssl_context=_tls(certificate)
    )
    controller.start()
    try:
        settings = _settings(controller.port, Security.TLS, ca_file=certificate[0])
        SmtpMailer(settings).send(_notification())
    finally:
        controller.stop()
    assert len(mailbox.envelopes) == 1


def test_an_unknown_certificate_is_refused(
    mailbox: Mailbox, certificate: tuple[Path, Path]
) -> None:
    """Without the authority that signed it, the server is not trusted and nothing is said."""
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=_free_port(), tls_context=_tls(certificate)
    )
    controller.start()
    try:
        with pytest.raises(DeliveryFailed) as failed:
            SmtpMailer(_settings(controller.port, Security.STARTTLS)).send(_notification())
    finally:
        controller.stop()
    assert failed.value.code == "certificate"
    assert mailbox.envelopes == []


def test_a_server_that_cannot_protect_gets_nothing(server: Controller, mailbox: Mailbox) -> None:
    """Asked for STARTTLS, a server without it never sees the letter in clear."""
    with pytest.raises(DeliveryFailed) as failed:
        SmtpMailer(_settings(server.port, Security.STARTTLS)).send(_notification())
    assert failed.value.code == "not_supported"
    assert mailbox.envelopes == []


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("550 no such user", True), ("450 mailbox busy", False)],
    ids=["unknown address: for ever", "busy mailbox: for now"],
)
def test_refused_recipients(
    server: Controller, mailbox: Mailbox, answer: str, permanent: bool
) -> None:
    """An address that does not exist is permanent, a busy mailbox is not."""
    mailbox.recipient_answer = answer
    with pytest.raises(DeliveryFailed) as failed:
        SmtpMailer(_settings(server.port)).send(_notification())
    assert (failed.value.code, failed.value.permanent) == ("recipient_refused", permanent)


def test_no_server_there() -> None:
    """A closed port is a failure to try again, and its code names nobody."""
    with pytest.raises(DeliveryFailed) as failed:
        SmtpMailer(_settings(_free_port())).send(_notification())
    assert (failed.value.code, failed.value.permanent) == ("server_unreachable", False)


def test_the_password_is_not_shown() -> None:
    """Printing the settings, as a log might, does not show the password."""
    assert "bon-mot" not in repr(_settings(25, username="u", password="bon-mot"))


def test_a_handoff_survives_a_server_that_is_down(database: Database, mailbox: Mailbox) -> None:
    """The case is stored while SMTP is away; when it is back the place is told, once."""
    vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    request = HandoffRequest(
        conversation_id=None,
        theme="logement",
        needs=(),
        urgent=False,
        urgency_rule=None,
        commune=None,
        place_id="mds",
        place_name="MDS",
        words=("canari",),
        contact=Contact(phone="+33612345678"),
    )
    notice = Notice("mds@exemple.fr", "https://aide.example.org", smtp=True)
    with database.session() as session:
        opened = open_case(session, vault, request, notice, NOW)
    port = _free_port()
    worker = OutboxWorker(database, vault, SmtpMailer(_settings(port)), clock=lambda: NOW)
    assert worker.drain(NOW) == Drained(retried=1)
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert worker.drain(NOW + timedelta(minutes=1)) == Drained(sent=1)
        assert worker.drain(NOW + timedelta(days=1)) == Drained()
    finally:
        controller.stop()
    raw = mailbox.envelopes[0].original_content or b""
    assert len(mailbox.envelopes) == 1
    assert opened.code in mailbox.message()["Subject"]
    assert not re.search(rb"canari|612345678", raw)
