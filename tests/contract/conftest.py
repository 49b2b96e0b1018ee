"""What the same suite needs on every database; the databases are in ``tests/databases.py``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.conversation import Provenance, ReportedFact
from assistant.handoff import Contact, HandoffRequest
from connectors.database import AgentRecord, Database
from connectors.encryption import Vault


@pytest.fixture
def vault() -> Vault:
    """Give a vault with a key of its own, fixed."""
    return Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")


@pytest.fixture
def agents(database: Database) -> tuple[str, str]:
    """Store two professionals; give their ids."""
    created_at = datetime(2026, 1, 1, tzinfo=UTC)
    with database.session() as session:
        for login, name in (("alice", "Alice Martin"), ("benoit", "Benoît Petit")):
            session.add(
                AgentRecord(
                    id=login,
                    login=login,
                    password_hash="-",
                    display_name=name,
                    created_at=created_at,
                )
            )
    return "alice", "benoit"


@pytest.fixture
def handoff() -> HandoffRequest:
    """Give what a person in Vendôme, behind with the rent, agreed to send."""
    return HandoffRequest(
        conversation_id=None,
        theme="logement",
        needs=("fsl_impayes", "apl"),
        urgent=False,
        urgency_rule=None,
        commune="41269",
        place_id="mds-vendome",
        place_name="MDS de Vendôme",
        words=("je peux plus payer mon loyer canari-mots",),
        contact=Contact(
            phone="+33612345678",
            email="canari@example.org",
            name="Dominique Canari",
            safe_hours="le matin",
        ),
        facts={
            "housing_status": ReportedFact(
                "tenant_social", "Locataire d’un logement social (HLM)", Provenance.ANSWERED
            )
        },
        proposed=("fsl_impayes",),
    )
