"""Which source of a card is shown first: the sure ones, then the official ones, then the newest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from knowledge_base.models import Source

PATH = Path(__file__).parent / "data" / "sites_officiels.yml"


@lru_cache(maxsize=1)
def official_sites(path: Path = PATH) -> dict[str, str]:
    """Return the official sites, without « www. », and why each is one."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def is_official(url: str) -> bool:
    """Tell whether the page is on an official site, national or of Loir-et-Cher."""
    host = urlsplit(url).hostname or ""
    return host.removeprefix("www.") in official_sites()


def shown_first(sources: Iterable[Source]) -> list[Source]:
    """Return the sources in the order in which a card shows them."""
    return sorted(
        sources,
        key=lambda one: (one.to_verify, not is_official(one.url), -one.checked_on.toordinal()),
    )
