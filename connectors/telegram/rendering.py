"""A message of the assistant as Telegram shows it: pure functions, from data to texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.messages import (
    AidCard,
    CardSource,
    LineCard,
    Message,
    MessageKind,
    PlaceCard,
    Role,
)
from connectors.telegram.buttons import MAX_BUTTONS, Button, buttons
from connectors.telegram.packing import Paragraph, Span, pack
from connectors.wording import (
    day,
    delay_words,
    distance_words,
    fact_labels,
    map_link,
    open_words,
    site_name,
    status_words,
    web_link,
)

_CHOOSE: Final = "Choisissez une réponse, ou écrivez la vôtre."
_MORE_CHOICES: Final = "D’autres réponses :"
#: What these ask is answered once; their buttons go with the answer.
_ASKING: Final = frozenset({MessageKind.QUESTION, MessageKind.HANDOFF})
_FROM_AGENT: Final = "Un professionnel vous répond :"

Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send: ``text`` in Telegram's HTML, ``keyboard`` in rows.

    ``once`` says that its buttons answer a question and go once one was pressed; ``silent``
    that the telephone must neither ring nor vibrate.
    """

    text: str
    keyboard: Keyboard = ()
    once: bool = False
    silent: bool = False


def render(message: Message) -> list[Outgoing]:
    """Return what shows ``message``, in order; nothing when it says nothing.

    Every text is at most 4096 units long and every choice has its button, under the last text.
    """
    texts = [text for block in _blocks(message) for text in pack(block)]
    pressed = buttons(message)
    if pressed and not texts:
        texts = [_CHOOSE]
    keyboards = [
        tuple((button,) for button in pressed[start : start + MAX_BUTTONS])
        for start in range(0, len(pressed), MAX_BUTTONS)
    ]
    texts += [_MORE_CHOICES] * (len(keyboards) - 1)
    bare = len(texts) - len(keyboards)
    once, silent = message.kind in _ASKING, message.discreet
    return [Outgoing(text, silent=silent) for text in texts[:bare]] + [
        Outgoing(text, keyboard, once, silent)
        for text, keyboard in zip(texts[bare:], keyboards, strict=True)
    ]


def render_all(messages: Iterable[Message]) -> list[Outgoing]:
    """Return what shows the messages of a turn, urgent help before everything else."""
    ordered = sorted(messages, key=lambda message: message.kind is not MessageKind.URGENT)
    return [outgoing for message in ordered for outgoing in render(message)]


def _blocks(message: Message) -> Iterator[list[Paragraph]]:
    """Yield what stands together: the words with the numbers and the places, then each aid."""
    said = list(_words(message.text))
    if said and message.role is Role.AGENT:
        said.insert(0, (Span(_FROM_AGENT, "b"),))
    yield (
        said
        + [_line(line) for line in message.lines or []]
        + [_place(place) for place in message.places or []]
    )
    for aid in message.aids or []:
        yield list(_aid(aid))


def _words(text: str | None) -> Iterator[Paragraph]:
    for block in (text or "").split("\n\n"):
        if block.strip():
            yield (Span(block.strip()),)


def _list(title: str, items: Sequence[str], *, numbered: bool = False) -> Iterator[Paragraph]:
    if items:
        marks = [f"{number}." if numbered else "•" for number in range(1, len(items) + 1)]
        lines = [f"\n{mark} {item}" for mark, item in zip(marks, items, strict=True)]
        yield (Span(title, "b"), Span("".join(lines)))


def _named(name: str, value: str) -> Paragraph:
    return (Span(f"{name} : ", "b"), Span(value))


def _aid(aid: AidCard) -> Iterator[Paragraph]:
    yield (Span(aid.title, "b"), Span("\n"), Span(status_words(aid.status), "i"))
    yield from _words(aid.summary)
    yield from _words(aid.text)
    yield from _list("Pourquoi", aid.because)
    if aid.missing:
        yield _named("Il reste à savoir", fact_labels(aid.missing))
    if aid.amount is not None:
        yield _named("Montant", aid.amount)
    yield _named("Délai", _delay(aid))
    yield from _list("Comment faire", aid.steps, numbered=True)
    yield from _list("Les papiers à préparer", aid.documents)
    yield from map(_line, aid.lines)
    yield _named("Qui s’en occupe", aid.provider)
    yield from _list("Les sigles", aid.acronyms)
    link = web_link(aid.url)
    if link is not None:
        yield (Span("Site : ", "b"), Span(site_name(link), href=link))
    if aid.review is not None:
        yield (Span(aid.review, "i"),)
    yield _source(aid.source)


def _delay(aid: AidCard) -> str:
    words = delay_words(aid.delay)
    return f"{words}. {aid.delay_detail}" if aid.delay_detail else words


def _line(line: LineCard) -> Paragraph:
    told = [line.hours, line.cost, f"numéro vérifié le {day(line.checked_on)}"]
    if line.deaf:
        told.append(f"si vous n’entendez pas ou ne pouvez pas parler : {line.deaf}")
    details = " ; ".join(part for part in told if part)
    return (Span(line.number, "b"), Span(f" : {line.name}\n{details}"))


def _place(place: PlaceCard) -> Paragraph:
    lines: list[Paragraph] = [(Span(place.name, "b"),), (Span(place.type_label),)]
    where = place.address or f"{place.commune}, adresse exacte à demander"
    if place.commune not in where:
        where = f"{where}, {place.commune}"
    distance = distance_words(place)
    lines.append((Span(f"{where} ({distance})" if distance else where),))
    if place.hours:
        lines.append((Span(f"Horaires : {place.hours}"),))
    lines.append((Span(open_words(place.open_now)),))
    if place.phone:
        answering = f" ({place.phone_of})" if place.phone_of else ""
        lines.append((Span("Téléphone : "), Span(place.phone, "b"), Span(answering)))
    if place.email:
        lines.append((Span(f"E-mail : {place.email}"),))
    lines.extend(_place_links(place))
    lines.append(_source(place.source))
    return _joined(lines)


def _place_links(place: PlaceCard) -> Iterator[Paragraph]:
    site, seen_on_map = web_link(place.url), map_link(place)
    if site is not None:
        yield (Span("Site : "), Span(site_name(site), href=site))
    if seen_on_map is not None:
        yield (Span("Voir sur la carte (OpenStreetMap)", href=seen_on_map),)


def _joined(lines: Iterable[Paragraph]) -> Paragraph:
    joined: list[Span] = []
    for line in lines:
        joined.extend((Span("\n"), *line) if joined else line)
    return tuple(joined)


def _source(source: CardSource) -> Paragraph:
    checked = f", vérifié le {day(source.checked_on)}"
    doubt = ". À confirmer auprès de l’organisme." if source.to_verify else "."
    title = Span(source.title, href=web_link(source.url))
    return (Span("Source : "), title, Span(f"{checked}{doubt}"))
