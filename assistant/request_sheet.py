"""The sheet of a request: made from the conversation, and said in words before consent.

The person reads every field of the plain data that is sent, and nothing else is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from assistant.business_days import french_day
from assistant.conversation import Known, Provenance, ReportedFact, RequestSheet, SaidDay
from assistant.knowledge import Knowledge
from assistant.talk import Talk
from assistant.understanding.labels import inside_a_sentence, value_label
from knowledge_base.facts import FACTS, Fact
from knowledge_base.places import Place
from knowledge_base.vocabulary import Theme

_NEEDS: Final = 3  # when no card was shown yet
#: How the answers are grouped for the person who gave them.
_HEADINGS: Final = {
    Provenance.SAID: "Ce que vous avez dit",
    Provenance.ANSWERED: "Ce que vous avez répondu",
    Provenance.DEDUCED: "Ce que j’en ai compris",
}


def sheet_of(talk: Talk, theme: Theme | None = None) -> RequestSheet:
    """Return what the conversation would send now; ``theme`` replaces that of the needs."""
    session = talk.session
    chosen = theme or theme_of(talk)
    place = competent(talk, chosen)
    return RequestSheet(
        theme=chosen.value,
        needs=tuple(session.shown or _best_candidates(talk)),
        urgent=session.danger is not None,
        urgency_rule=session.danger,
        place_id=place.id,
        place_name=place.name,
        words=tuple(session.needs),
        facts={
            fact.value: _reported(talk, fact, known)
            for fact, known in session.facts.items()
            if not known.approximate  # their words are sent; a team works for residents
        },
        proposed=tuple(session.shown),
        deadline=session.deadline,
    )


def says_nothing(sheet: RequestSheet) -> bool:
    """Tell whether the person has told nothing that a professional could act on."""
    told = sheet.words or sheet.facts or sheet.needs or sheet.deadline
    return not (told or sheet.urgent)


def competent(talk: Talk, theme: Theme | None = None) -> Place:
    """Return the place for which the request is meant, by theme, commune and age."""
    here = talk.commune
    known = talk.session.facts.get(Fact.AGE)
    return talk.knowledge.directory.competent(
        theme or theme_of(talk),
        here.code_insee if here is not None else "",
        age=int(known.low) if known is not None and known.low is not None else None,
    )


def theme_of(talk: Talk) -> Theme:
    """Return the theme of the request: the danger's, or the weightiest of the candidates'."""
    rule = talk.knowledge.dangers.rules.get(talk.session.danger or "")
    if rule is not None:
        return rule.theme
    weight: Counter[Theme] = Counter()
    for entry_id, score in talk.session.candidates.items():
        entry = talk.knowledge.catalogue.entries.get(entry_id)
        if entry is not None:
            weight[entry.themes[0]] += round(score * 1000)
    return weight.most_common(1)[0][0] if weight else Theme.ACCES_AUX_DROITS


def in_words(sheet: RequestSheet, knowledge: Knowledge) -> str:
    """Return every field of ``sheet`` in French, one line each; the place is said apart."""
    return "\n".join(_lines(sheet, knowledge))


def _lines(sheet: RequestSheet, knowledge: Knowledge) -> Iterator[str]:
    for said in sheet.words:
        yield f"« {said} »"
    for provenance, heading in _HEADINGS.items():
        facts = [
            f"{FACTS[Fact(name)].label} : {fact.label}"
            for name, fact in sheet.facts.items()
            if fact.provenance is provenance
        ]
        if facts:
            yield f"{heading} : {' ; '.join(facts)}."
    rule = knowledge.dangers.rules.get(sheet.urgency_rule or "")
    if sheet.urgent:
        kind = f" : {inside_a_sentence(rule.label)}" if rule else ""
        yield f"Demande urgente{kind}."
    if sheet.deadline is not None:
        yield _said_day(sheet.deadline)
    yield f"Sujet : {Theme(sheet.theme).label}."
    if sheet.needs:
        yield f"Besoins compris : {_titles(sheet.needs, knowledge)}."
    if sheet.proposed:
        yield f"Aides déjà proposées : {_titles(sheet.proposed, knowledge)}."


def _said_day(said: SaidDay) -> str:
    what = "Cela dure depuis" if said.since else "La date que vous avez dite"
    return f"{what} : {french_day(said.day)} (« {said.words} »)."


def _titles(entry_ids: tuple[str, ...], knowledge: Knowledge) -> str:
    entries = knowledge.catalogue.entries
    return " ; ".join(entries[one].title if one in entries else one for one in entry_ids)


def _reported(talk: Talk, fact: Fact, known: Known) -> ReportedFact:
    return ReportedFact(
        value=known.value or ",".join(known.values or ()) or f"{known.low}",
        label=value_label(fact, known, talk.knowledge.communes),
        provenance=known.provenance,
    )


def _best_candidates(talk: Talk) -> list[str]:
    scores = talk.session.candidates
    return sorted(scores, key=lambda entry_id: -scores[entry_id])[:_NEEDS]
