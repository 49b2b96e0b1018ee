"""Putting paragraphs into messages that Telegram accepts, without breaking its HTML.

A paragraph is a tuple of spans of plain text; the markup is added last, so that a cut never
falls inside a tag or an entity.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Literal

#: Telegram's limit for the text of one message. It counts what is left once the markup is
#: read; the markup is counted too here, which is never too much.
MAX_TEXT: Final = 4096
#: A longer address is shown without its link: cutting it would break it.
_MAX_HREF: Final = 1000
_SEPARATOR: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of plain text, perhaps bold, italic, or a link to ``href``."""

    text: str
    style: Literal["b", "i"] | None = None
    href: str | None = None


Paragraph = tuple[Span, ...]


def size(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def pack(paragraphs: Iterable[Paragraph], limit: int = MAX_TEXT) -> list[str]:
    """Return the fewest texts in Telegram's HTML, of ``limit`` units at most, in order.

    A text ends between two paragraphs; a paragraph that is too long alone is cut at the end
    of a line, of a sentence or of a word.
    """
    texts: list[str] = []
    for piece in _pieces(paragraphs, limit):
        joined = f"{texts[-1]}{_SEPARATOR}{piece}" if texts else piece
        if texts and size(joined) <= limit:
            texts[-1] = joined
        else:
            texts.append(piece)
    return texts


def _pieces(paragraphs: Iterable[Paragraph], limit: int) -> Iterator[str]:
    for paragraph in paragraphs:
        rest = paragraph
        while _plain(rest).strip():
            written = _html(rest)
            if size(written) <= limit:
                yield written
                break
            head, rest = _cut(rest, limit)
            if _plain(head).strip():
                yield _html(head)


def _html(paragraph: Paragraph) -> str:
    return "".join(map(_span_html, paragraph))


def _span_html(span: Span) -> str:
    written = escape(span.text)
    if span.href is not None and len(span.href) <= _MAX_HREF and span.text.strip():
        written = f'<a href="{escape(span.href)}">{written}</a>'
    return f"<{span.style}>{written}</{span.style}>" if span.style else written


def _plain(paragraph: Paragraph) -> str:
    return "".join(span.text for span in paragraph)


def _slice(paragraph: Paragraph, start: int, end: int) -> Paragraph:
    """Return the characters ``start`` to ``end`` of a paragraph, each with its style."""
    kept: list[Span] = []
    at = 0
    for span in paragraph:
        low, high = max(start - at, 0), min(end - at, len(span.text))
        if low < high:
            kept.append(replace(span, text=span.text[low:high]))
        at += len(span.text)
    return tuple(kept)


def _cut(paragraph: Paragraph, limit: int) -> tuple[Paragraph, Paragraph]:
    plain = _plain(paragraph)
    lengths = range(1, len(plain) + 1)
    fits = bisect_right(lengths, limit, key=lambda end: size(_html(_slice(paragraph, 0, end))))
    end = _best_break(plain, max(fits, 1))
    return _slice(paragraph, 0, end), _slice(paragraph, end, len(plain))


def _best_break(plain: str, longest: int) -> int:
    """Return where to cut: after a line, a sentence or a word of the second half, if any."""
    for mark in ("\n", ". ", " "):
        at = plain.rfind(mark, longest // 2, longest)
        if at >= 0:
            return at + len(mark)
    return longest
