"""E-mails to those who keep the catalogue: what is to be read again, once a week at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import select

from connectors.database import Database, OutboxRecord
from connectors.encryption import Vault
from connectors.handoff.email import Kind
from connectors.handoff.outbox import queue
from knowledge_base.reviews import Review

#: What one e-mail lists; the command gives the rest.
LISTED: Final = 30


def queue_reviews(
    database: Database,
    vault: Vault,
    found: Sequence[Review],
    owners: Mapping[str, str],
    now: datetime,
) -> tuple[list[str], list[str]]:
    """Put one e-mail for each owner in the outbox, once a week.

    ``found`` is sorted by owner; ``owners`` gives their addresses. Returns the owners
    written to, and those who have something to read again and no address.
    """
    year, week, _ = now.isocalendar()
    written, unknown = [], []
    with database.session() as session:
        for owner, group in groupby(found, key=lambda one: one.owner):
            if owner not in owners:
                unknown.append(owner)
                continue
            delivery_id = f"review-{owner}-{year}-{week:02d}"
            known = select(OutboxRecord.id).where(OutboxRecord.delivery_id == delivery_id)
            if session.scalar(known) is not None:
                continue
            payload = {"to": owners[owner], "owner": owner, **_in_words(list(group))}
            queue(
                session,
                vault,
                kind=Kind.REVIEW,
                case_id=None,
                delivery_id=delivery_id,
                payload=payload,
                now=now,
            )
            written.append(owner)
    return written, unknown


def _in_words(mine: Sequence[Review]) -> dict[str, object]:
    lines = [
        f"{one.what} {one.id} : {one.title} ({one.state.lower()}, {one.months} mois)"
        for one in mine[:LISTED]
    ]
    if len(mine) > LISTED:
        lines.append(f"… et {len(mine) - LISTED} autres.")
    return {"count": len(mine), "list": "\n".join(lines)}
