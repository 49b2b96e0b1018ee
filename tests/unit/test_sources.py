"""The source that a card shows first is sure, then official, then new."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Source
from knowledge_base.sources import is_official, official_sites, shown_first


def source(url: str, month: int, *, to_verify: bool = False) -> Source:
    """Return a source of 2026."""
    return Source(title="Page", url=url, checked_on=date(2026, month, 1), to_verify=to_verify)


def test_sure_then_official_then_new() -> None:
    """A doubtful official page comes after a sure one of any site; none is left out."""
    doubtful = source("https://www.caf.fr/a", 9, to_verify=True)
    town = source("https://www.chamonix.fr/a", 8)
    old = source("https://www.service-public.gouv.fr/a", 2)
    new = source("https://www.ameli.fr/a", 5)
    assert shown_first([doubtful, town, old, new]) == [new, old, town, doubtful]


@pytest.mark.parametrize(
    ("url", "official"),
    [
        ("https://www.service-public.gouv.fr/particuliers/vosdroits/F1", True),
        ("https://departement41.fr/a", True),
        ("https://www.calvados.gouv.fr/a", False),
        ("https://carsat-sudest.fr/a", False),
        ("https://alpesdunord.msa.fr/a", False),
        ("https://caf.fr.exemple.org/a", False),
    ],
)
def test_another_region_is_not_official_here(url: str, official: bool) -> None:
    """Only the very sites of the list count, with or without « www. »."""
    assert is_official(url) is official


def test_every_official_site_has_a_reason_and_no_www(catalogue: Catalogue) -> None:
    """The list says why; a card that has a sure official source shows it first."""
    assert {host for host, why in official_sites().items() if len(why) < 5} == set()
    assert {host for host in official_sites() if host.startswith("www.")} == set()
    for entry in catalogue.entries.values():
        if any(is_official(one.url) and not one.to_verify for one in entry.sources):
            assert is_official(shown_first(entry.sources)[0].url), entry.id
