"""The sheets of service-public received as drafts of cards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from knowledge_base.editing import Draft
from knowledge_base.exchange.drafts import DraftReception, without_figures
from knowledge_base.exchange.receiving import Refused
from knowledge_base.exchange.row_files import Numbered, Row
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import EntryKind, Theme

#: The theme of a sheet by what the path to it says, the most precise first.
_WORDS = (
    ("handicap", Theme.HANDICAP),
    ("agee", Theme.PERSONNES_AGEES),
    ("surendettement", Theme.BUDGET),
    ("violence", Theme.VIOLENCES),
    ("rsa", Theme.INSERTION),
    ("logement", Theme.LOGEMENT),
    ("famille", Theme.ENFANCE_FAMILLE),
    ("sante", Theme.SANTE),
    ("travail", Theme.INSERTION),
    ("etranger", Theme.ETRANGERS),
    ("justice", Theme.JUSTICE),
    ("argent", Theme.BUDGET),
    ("comment faire si", Theme.ACCES_AUX_DROITS),
)
_NEEDED = ("id", "titre", "url", "date_modification")


def receive(rows: Iterable[Numbered], reception: DraftReception) -> None:
    """Give every sheet of ``rows`` to ``reception`` as a draft of a card."""
    for numbered in rows:
        row_id = str(numbered.row.get("id", ""))
        try:
            if numbered.fault is not None:
                raise Refused(numbered.fault)
            draft = draft_of(numbered.row)
        except Refused as refused:
            reception.refuse(numbered, row_id, str(refused))
        else:
            reception.receive(numbered, row_id, draft)


def draft_of(row: Row) -> Draft:
    """Return the draft of a sheet: no figure of it is kept. Raises Refused, with why."""
    missing = [name for name in _NEEDED if not row.get(name)]
    if missing:
        raise Refused(f"manque : {', '.join(missing)}")
    if not row.get("texte"):
        raise Refused("fiche sans texte (recherche guidée, liste de liens)")
    path = row.get("fil_ariane") or []
    theme = _theme(path)
    if theme is None:
        raise Refused(f"hors des domaines du plan : {path[0] if path else 'sans sujet'}")
    try:
        modified = date.fromisoformat(row["date_modification"])
    except (TypeError, ValueError) as error:
        raise Refused("date_modification : date incorrecte") from error
    title = without_figures(row["titre"].replace("'", "’"))
    return Draft(
        id=f"sp_{row['id'].lower()}",
        kind=EntryKind.RIGHT,
        title=title,
        checked_on=modified,
        theme=theme,
        source_title=f"Service-Public : {title}",
        source_url=row["url"],
        to_verify=True,
    )


def _theme(path: Iterable[str]) -> Theme | None:
    said = fold(" / ".join(path))
    words = f" {said} "
    return next((theme for word, theme in _WORDS if _says(words, word)), None)


def _says(text: str, word: str) -> bool:
    """Tell whether a path says a word; « rsa » inside « universalité » is not one."""
    return f"({word})" in text or f" {word}" in text
