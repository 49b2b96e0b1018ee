"""Links and telephone numbers: are they well written, and does a page still answer?

Formats are checked without any network; pages are asked only when the editor says so.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import phonenumbers

from knowledge_base.catalogue import Catalogue
from knowledge_base.structures import Place

#: Pages asked at the same time, and how long each may take.
_AT_ONCE = 8
_TIMEOUT_S = 10.0
#: Answers that say nothing of the page: some sites refuse programs, or are busy.
_NOT_GONE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
_AGENT = "premiere-reponse (controle des liens)"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address and where it is written."""

    where: str
    url: str


def links(catalogue: Catalogue, places: Iterable[Place]) -> list[Link]:
    """Return every web address of the cards and the places."""
    found: list[Link] = []
    for entry in catalogue.entries.values():
        found.extend(Link(entry.id, source.url) for source in entry.sources)
        if entry.url is not None:
            found.append(Link(entry.id, entry.url))
    for place in places:
        sources = (place.source, *place.other_sources)
        urls = (place.url, *(source.url for source in sources))
        found.extend(Link(place.id, url) for url in urls if url is not None)
    return found


def badly_written(catalogue: Catalogue, places: Iterable[Place]) -> Iterator[str]:
    """Yield a sentence for each address or number that cannot be right; needs no network."""
    everywhere = list(places)
    for link in links(catalogue, everywhere):
        if (problem := _format_problem(link.url)) is not None:
            yield f"{link.where} : {link.url} : {problem}"
    for line_id, line in catalogue.lines.items():
        if not _can_be_dialled(line.number):
            yield f"numeros.yml : {line_id} : numéro impossible « {line.number} »"
    for place in everywhere:
        if place.phone is not None and not _can_be_dialled(place.phone):
            yield f"{place.id} : téléphone impossible « {place.phone} »"


def dead(found: Iterable[Link], timeout_s: float = _TIMEOUT_S) -> list[str]:
    """Ask each page once; return a sentence for each that does not answer.

    A site that refuses programs is not said to be dead.
    """
    where: dict[str, list[str]] = {}
    for link in found:
        where.setdefault(link.url, []).append(link.where)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = pool.map(lambda url: _asked(url, timeout_s), where)
    return [
        f"{url} : {problem} ({', '.join(sorted(set(where[url])))})"
        for url, problem in zip(where, answers, strict=True)
        if problem is not None
    ]


def _format_problem(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "adresse impossible à lire"
    if parts.scheme not in ("http", "https"):
        return "commence par http:// ou https://"
    if "." not in host or any(character.isspace() for character in url):
        return "adresse incomplète"
    return None


def _can_be_dialled(number: str) -> bool:
    digits = "".join(character for character in number if character.isdigit())
    if len(digits) <= 6 and not number.startswith("+"):
        return phonenumbers.is_possible_short_number(phonenumbers.parse(digits, "FR"))
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "FR"))
    except phonenumbers.NumberParseException:
        return False


def _asked(url: str, timeout_s: float) -> str | None:
    """Return why the page does not answer, or None when it does."""
    if not url.startswith(("http://", "https://")):
        return _format_problem(url)
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT})  # noqa: S310 - http(s)
    try:
        with urllib.request.urlopen(request, timeout=timeout_s):  # noqa: S310 - http(s) only
            return None
    except urllib.error.HTTPError as error:
        return None if error.code in _NOT_GONE else f"réponse {error.code}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return f"pas de réponse ({type(reason).__name__})"
