"""From what is known to what is shown: aid cards, place cards, help lines.

Nothing is written here: every text comes from the catalogue, the directory or the
vocabulary, with its source and date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from assistant.candidates import Candidate
from assistant.messages import AidCard, CardSource, LineCard, PlaceCard
from knowledge_base.catalogue import Catalogue
from knowledge_base.competence import NETWORK_LINES
from knowledge_base.conditions import Status, Verdict
from knowledge_base.figures import fill
from knowledge_base.french_dates import month_and_year
from knowledge_base.freshness import checked_on
from knowledge_base.hours import in_french, open_now
from knowledge_base.models import Entry, Line
from knowledge_base.places import NearPlace, phone_in_french
from knowledge_base.readability import meanings
from knowledge_base.sources import shown_first
from knowledge_base.vocabulary import Delay, Stage


def aid_card(candidate: Candidate, catalogue: Catalogue, why: str | None = None) -> AidCard:
    """Return the card of ``candidate``; ``because`` says why, or why not when unlikely.

    ``why`` is the reason when no condition gives one: most cards have none.
    """
    entry, verdict = candidate.entry, candidate.verdict
    figures = catalogue.figures
    source = shown_first(entry.sources)[0]
    return AidCard(
        id=entry.id,
        title=entry.title,
        summary=fill(entry.summary, figures),
        status=verdict.status.value,
        because=_reasons(verdict, why),
        missing=[fact.value for fact in verdict.missing],
        amount=fill(entry.amount, figures) if entry.amount else None,
        delay=_delay(entry),
        delay_detail=entry.delay_detail,
        steps=[fill(step, figures) for step in entry.steps],
        documents=list(entry.documents),
        provider=entry.provider,
        url=entry.url,
        source=CardSource(
            title=source.title,
            url=source.url,
            checked_on=source.checked_on,
            to_verify=source.to_verify,
        ),
        score=round(candidate.score, 3),
        lines=line_cards(entry.lines, catalogue.lines),
        themes=[theme.value for theme in entry.themes],
        acronyms=meanings(entry, catalogue.acronyms),
        review=_review(candidate),
    )


def clocks(entries: Iterable[Entry]) -> list[str]:
    """Return when each help can be there, the soonest first; nothing when all take weeks.

    A person who needs a roof tonight must not read first what comes in two months.
    """
    by_delay: dict[Delay, list[str]] = {delay: [] for delay in Delay}
    for entry in entries:
        by_delay[entry.delay].append(short_title(entry))
    told = [(delay, titles) for delay, titles in by_delay.items() if titles]
    if len(told) < 2:
        return []
    return [f"{delay.label} : {', '.join(titles)}." for delay, titles in told]


def short_title(entry: Entry) -> str:
    """Return the title before its explanation: « Téléassistance »."""
    return entry.title.split(" : ")[0]


def line_cards(ids: Iterable[str], lines: Mapping[str, Line]) -> list[LineCard]:
    """Return the help lines ``ids`` in the same order."""
    return [
        LineCard(
            number=line.number,
            name=line.name,
            hours=line.hours,
            cost=line.cost,
            deaf=line.deaf,
            checked_on=line.checked_on,
        )
        for line in (lines[line_id] for line_id in ids)
    ]


def place_card(near: NearPlace, now: datetime, lines: Mapping[str, Line]) -> PlaceCard:
    """Return the card of a place; what is not known stays empty."""
    place = near.place
    phone, phone_of = _who_answers(near, lines)
    address = ", ".join(part for part in (place.address, place.postal_code) if part)
    return PlaceCard(
        id=place.id,
        name=place.name,
        type=place.type.value,
        type_label=_does(near),
        address=f"{address} {place.commune}" if place.address else None,
        commune=place.commune,
        code_insee=place.code_insee,
        lat=place.lat,
        lon=place.lon,
        distance_km=near.distance_km,
        approximate=near.approximate,
        phone=phone,
        phone_of=phone_of,
        email=place.email,
        url=place.url,
        hours=in_french(place.opening_hours) if place.opening_hours else place.hours_text,
        open_now=open_now(place.opening_hours, now),
        source=CardSource(
            title=place.source.title,
            checked_on=place.source.checked_on,
            to_verify=place.to_verify,
        ),
    )


def is_reachable(near: NearPlace) -> bool:
    """Tell whether the card of a place says at least one way to reach it."""
    place, contact = near.place, near.contact
    own = place.phone or place.email or place.url or place.address
    return bool(own or (contact and contact.phone) or place.type in NETWORK_LINES)


def _who_answers(near: NearPlace, lines: Mapping[str, Line]) -> tuple[str | None, str | None]:
    """Return the number to call, and whose it is when it is not the place's own."""
    answering = near.contact
    if answering is not None and answering.phone:
        whose = answering.name if answering.id != near.place.id else None
        return phone_in_french(answering.phone), whose
    line = lines.get(NETWORK_LINES.get(near.place.type, ""))
    return (line.number, line.name) if line is not None else (None, None)


def _review(candidate: Candidate) -> str | None:
    """Return since when nobody has read the card again, when it is too long ago."""
    if candidate.stage is Stage.CURRENT:
        return None
    last = month_and_year(checked_on(candidate.entry))
    return (
        f"Nous avons vérifié cette fiche pour la dernière fois en {last}. "
        "Elle a pu changer : demandez confirmation avant de faire la démarche."
    )


def _does(near: NearPlace) -> str:
    """Return what the place is, and what it does beside: « Mairie, aussi pour : CCAS »."""
    label = near.place.type.label
    if not near.stands_for:
        return label
    return f"{label}, aussi pour : {', '.join(kind.label for kind in near.stands_for)}"


def _reasons(verdict: Verdict, why: str | None) -> list[str]:
    """Return why the card is shown, then what must be checked; only why not when unlikely."""
    if verdict.status is Status.UNLIKELY:
        return list(verdict.against)
    reasons = list(verdict.because) or ([why] if why else [])
    return reasons + [f"À vérifier : {said[0].lower()}{said[1:]}" for said in verdict.against]


def _delay(entry: Entry) -> str:
    return entry.delay.value
