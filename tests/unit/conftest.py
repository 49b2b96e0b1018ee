"""The real knowledge without an index: what the cards say does not depend on the search."""

from __future__ import annotations

import pytest

from assistant.knowledge import Knowledge
from assistant.understanding.language import load_languages
from assistant.understanding.reader import load_reader
from assistant.urgency import load_dangers
from assistant.wording import load_wording
from connectors.handoff.contact import hide_contact
from connectors.opening import read_contact
from knowledge_base.catalogue import Catalogue
from knowledge_base.geography import load_communes
from knowledge_base.places import load_directory
from knowledge_base.search import Hit


class NothingFound:
    """A search that finds nothing: the candidates are given by the tests."""

    def search(self, query: str, limit: int = 10, commune: str | None = None) -> list[Hit]:
        """Return no entry."""
        return []


@pytest.fixture(scope="session")
def offline(catalogue: Catalogue) -> Knowledge:
    """What the assistant knows, without an index."""
    communes = load_communes()
    return Knowledge(
        catalogue=catalogue,
        search=NothingFound(),
        directory=load_directory(communes=communes),
        communes=communes,
        facts=load_reader(communes),
        dangers=load_dangers(catalogue, None),
        languages=load_languages(),
        wording=load_wording(),
        contact=read_contact,
        hide_contact=hide_contact,
    )
