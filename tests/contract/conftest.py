"""The same suite on every database we support: SQLite and PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from assistant.conversation import Provenance, ReportedFact
from assistant.handoff import Contact, HandoffRequest
from connectors.database import AgentRecord, Base, Database, database_url
from connectors.encryption import Vault

DEFAULT_POSTGRESQL = "postgresql+psycopg://root@/test"


@pytest.fixture(scope="session")
def postgresql_schema() -> Iterator[str]:
    """Give the URL of an empty schema of its own, dropped at the end."""
    server = database_url(os.environ.get("TEST_DATABASE_URL", DEFAULT_POSTGRESQL))
    engine = create_engine(server, connect_args={"connect_timeout": 3})
    schema = f"test_{secrets.token_hex(6)}"
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        engine.dispose()
        pytest.skip("PostgreSQL cannot be reached")
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'base.db'}"
    url: str = request.getfixturevalue("postgresql_schema")
    engine = create_engine(url)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    engine.dispose()
    return url


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """Give a database with its tables, of each kind in turn."""
    database = Database(empty_url)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


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
