"""Fixtures of several folders: the real knowledge, opened once."""

from __future__ import annotations

import os

# Before numpy, faiss or onnxruntime load: their threads would spin on a small machine.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from datetime import UTC, datetime

import pytest

from assistant.knowledge import Knowledge
from connectors.opening import open_knowledge
from connectors.settings import Settings
from knowledge_base import catalogue as catalogue_module
from knowledge_base.catalogue import Catalogue
from tests.databases import database, empty_url, postgresql_schema

__all__ = ["database", "empty_url", "postgresql_schema"]

#: A Wednesday morning in Paris, when offices are open.
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which the tests take place."""
    return NOW


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real catalogue."""
    return catalogue_module.load()


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Everything the assistant knows, from the index that ``make test`` has built."""
    return open_knowledge(Settings(), NOW.date())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name, in the last lines, the parts that could not be tested here."""
    skipped = terminalreporter.getreports("skipped")
    reasons = sorted({report.longrepr[2].removeprefix("Skipped: ") for report in skipped})
    for reason in reasons:
        terminalreporter.write_line(f"NON TESTÉ ICI : {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be skipped (``NO_SKIP=1``), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NO_SKIP") and reporter is not None and reporter.getreports("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
