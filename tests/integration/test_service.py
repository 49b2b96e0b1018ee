"""The whole service on PostgreSQL, as several copies share it: from migration to erasure.

On SQLite the journeys start it as an operator does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from connectors.app import create_app
from connectors.settings import Settings
from tests.databases import emptied

V1 = "/api/v1/conversations"


@pytest.fixture(scope="module")
def http(postgresql_schema: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give a client of a service without Rasa, on the models that are already built."""
    folder: Path = tmp_path_factory.mktemp("var")
    real = Settings()
    for name, built in (("models", real.models), ("index", real.index)):
        (folder / name).symlink_to(built.absolute())
    settings = Settings(
        var_dir=folder, database_url=emptied(postgresql_schema), redis_url=None, rasa_enabled=False,
        telegram_token=None, smtp_host=None,
    )  # fmt: skip
    with TestClient(create_app(settings)) as http:
        yield http


@pytest.mark.postgresql
def test_it_is_ready_with_its_background_work(http: TestClient) -> None:
    """The database answers, and the loops that send and clean up are alive."""
    answer = http.get("/readyz")
    assert answer.status_code == 200
    parts = {"database": True, "outbox": True, "retention": True}
    assert answer.json() == {"ready": True, "parts": parts}
    assert 'ready{part="retention"} 1.0' in http.get("/metrics").text


@pytest.mark.postgresql
def test_a_conversation_from_its_opening_to_its_erasure(http: TestClient) -> None:
    """Cards are found, a wrong choice is refused, and after erasure nothing answers."""
    opened = http.post(V1).json()
    path = f"{V1}/{opened['conversation_id']}"
    token = {"Authorization": f"Bearer {opened['token']}"}
    said = {"text": "j'arrive plus à payer mon loyer, je suis locataire HLM à Blois"}
    answers = http.post(f"{path}/messages", json=said, headers=token).json()["messages"]
    assert answers[-1]["kind"] in {"question", "aids", "places", "text"}
    refused = http.post(f"{path}/messages", json={"value": "do:greet"}, headers=token)
    assert refused.status_code == 422
    assert http.get(path, headers=token).json()["facts"]["commune"] == "41018"
    assert http.delete(path, headers=token).status_code == 204
    assert http.get(path, headers=token).status_code == 404
