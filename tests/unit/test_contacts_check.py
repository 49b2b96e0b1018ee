"""Addresses and numbers: what cannot be right is named, what does not answer too."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from knowledge_base.catalogue import Catalogue
from knowledge_base.contacts_check import Link, badly_written, dead
from knowledge_base.structures import Place


class _Site(BaseHTTPRequestHandler):
    """A site that has one page, one refused page, and nothing else."""

    def do_GET(self) -> None:
        self.send_response({"/page": 200, "/refused": 403}.get(self.path, 404))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Run the site on this machine; give its address."""
    server = HTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def place(**values: object) -> Place:
    """Make a place with what the check looks at."""
    return Place.model_validate(
        {
            "id": "lieu-1", "name": "Un lieu", "type": "mds", "commune": "Blois",
            "code_insee": "41018", "lat": 47.58, "lon": 1.33, "licence": "LO",
            "source": {"title": "Une page", "checked_on": "2026-01-01"}, **values,
        }
    )  # fmt: skip


def test_what_we_publish_is_well_written(catalogue: Catalogue) -> None:
    """No card, no number of the committed catalogue has an impossible address."""
    assert list(badly_written(catalogue, [])) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"url": "https://blois"}, "lieu-1 : https://blois : adresse incomplète"),
        (
            {"url": "http://blois.fr/une page"},
            "lieu-1 : http://blois.fr/une page : adresse incomplète",
        ),
        ({"phone": "+33254"}, "lieu-1 : téléphone impossible « +33254 »"),
        ({"phone": "+33054584379"}, "lieu-1 : téléphone impossible « +33054584379 »"),
    ],
)
def test_a_bad_address_or_number_is_named(
    catalogue: Catalogue, values: dict[str, object], problem: str
) -> None:
    """The editor reads where it is."""
    nothing = replace(catalogue, entries={}, lines={})
    unchecked = place().model_copy(update=values)
    assert list(badly_written(nothing, [unchecked])) == [problem]


def test_a_page_that_is_gone_is_dead_and_a_refusal_is_not(site: str) -> None:
    """Each page is asked once; every place that names it is told."""
    gone = f"{site}/gone"
    found = [
        Link("apl", f"{site}/page"),
        Link("rsa", f"{site}/refused"),
        Link("rsa", gone),
        Link("apl", gone),
    ]
    # The host of the check has no dot: the format is not what is looked at here.
    assert dead(found, timeout_s=2) == [f"{gone} : réponse 404 (apl, rsa)"]


def test_a_site_that_does_not_answer_is_said(site: str) -> None:
    """Nobody listens there: the message says so and names no secret."""
    (problem,) = dead([Link("apl", "http://127.0.0.1:9/rien")], timeout_s=2)
    assert problem == "http://127.0.0.1:9/rien : pas de réponse (ConnectionRefusedError) (apl)"
