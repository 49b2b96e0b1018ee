"""``docs/api.md`` names every public route and problem, and nothing that does not exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.api.problems import Kind
from connectors.health import Metrics, health_router
from knowledge_base.facts import Fact
from tests.fakes.demo import demo_app

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
#: What is said of all the routes at once.
BASE = "/api/v1"
#: A path of the service: after its address, a method or a mark; not a folder of the sources.
_PATH = re.compile(r"(?:(?<=exemple\.fr)|(?<=[\s`\"]))/(?:api|hsds)\b[^\s`\"'?]*")
_BLOCK = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: From here on the answers have the fields of HSDS, which our document only refers to.
_HSDS = "\n## HSDS"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The OpenAPI document of the service, the routes of its health included."""
    app = demo_app()
    app.include_router(health_router(Metrics(), {}, frozenset()))
    return app.openapi()


def _properties(part: object) -> Iterator[str]:
    """Give the name of every property that a part of the document describes."""
    if isinstance(part, dict):
        properties = part.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _properties(one)


def _keys(value: object) -> Iterator[str]:
    """Give the name of every member of an answer; those of ``facts`` are data."""
    if isinstance(value, dict):
        yield from value
        value = [inner for name, inner in value.items() if name != "facts"]
    if isinstance(value, list):
        for one in value:
            yield from _keys(one)


def test_every_public_route_is_named(document: dict[str, Any]) -> None:
    """A route has its method and its path in the page, as the document writes them."""
    routes = {
        f"`{method.upper()} {path}`"
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert {route for route in routes if route not in TEXT} == set()


def test_every_path_of_the_page_exists(document: dict[str, Any]) -> None:
    """A path of a sentence or of an example is one of the document, its parameters filled."""
    known = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in document["paths"]]
    named = set(_PATH.findall(TEXT)) - {BASE}
    assert named
    assert {path for path in named if not any(one.fullmatch(path) for one in known)} == set()


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_every_problem_is_named_with_its_status(kind: Kind) -> None:
    """The table of the errors has a row for each type of the closed list, and no other."""
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", TEXT, re.MULTILINE))
    assert rows.get(kind.uri.rpartition(":")[2]) == str(kind.status)
    assert len(rows) == len(Kind)


def test_every_field_of_the_examples_exists(document: dict[str, Any]) -> None:
    """An example is JSON, and names no field that the document does not describe."""
    ours = TEXT[: TEXT.index(_HSDS)]
    answers = [json.loads(block) for block in _BLOCK.findall(ours)]
    assert answers
    named = {name for answer in answers for name in _keys(answer)}
    assert named - set(_properties(document)) == set()
    facts = {name for answer in answers for name in answer.get("facts", {})}
    assert facts <= {fact.value for fact in Fact}
