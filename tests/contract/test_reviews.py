"""E-mails to those who read again: once a week, through the outbox, in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from connectors.database import Database
from connectors.encryption import Vault
from connectors.handoff.email import MemoryMailer
from connectors.handoff.outbox import Drained, OutboxWorker
from connectors.reviews import LISTED, queue_reviews
from knowledge_base.reviews import Review

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OWNERS = {"equipe-catalogue": "catalogue@example.org"}


def review(number: int, owner: str = "equipe-catalogue") -> Review:
    """Make one thing to read again."""
    return Review(owner, "fiche", f"aide_{number}", "Une aide", date(2025, 1, 1), 22, "À relire")


def test_each_owner_is_written_to_once_a_week(database: Database, vault: Vault) -> None:
    """The same week nothing more leaves; the next one, a new e-mail."""
    found = [review(1), review(2)]
    assert queue_reviews(database, vault, found, OWNERS, MONDAY) == (["equipe-catalogue"], [])
    friday = MONDAY + timedelta(days=4)
    assert queue_reviews(database, vault, found, OWNERS, friday) == ([], [])
    mailer = MemoryMailer()
    assert OutboxWorker(database, vault, mailer, lambda: friday).drain() == Drained(sent=1)
    (letter,) = mailer.letters
    assert (letter.to, letter.subject) == (
        "catalogue@example.org",
        "Catalogue : 2 éléments à relire",
    )
    assert "fiche aide_1 : Une aide (à relire, 22 mois)" in letter.paragraphs[1]
    later = MONDAY + timedelta(days=7)
    assert queue_reviews(database, vault, found, OWNERS, later) == (["equipe-catalogue"], [])


def test_an_owner_without_an_address_is_named(database: Database, vault: Vault) -> None:
    """Nothing is lost in silence: the command says whom it could not write to."""
    found = [review(1, "annuaire"), review(2)]
    written, unknown = queue_reviews(database, vault, found, OWNERS, MONDAY)
    assert (written, unknown) == (["equipe-catalogue"], ["annuaire"])


def test_a_long_list_is_cut_and_says_so(database: Database, vault: Vault) -> None:
    """The e-mail stays readable; the command gives the rest."""
    queue_reviews(database, vault, [review(n) for n in range(LISTED + 5)], OWNERS, MONDAY)
    mailer = MemoryMailer()
    OutboxWorker(database, vault, mailer, lambda: MONDAY).drain()
    lines = mailer.letters[0].paragraphs[1].splitlines()
    assert len(lines) == LISTED + 1
    assert lines[-1] == "… et 5 autres."
