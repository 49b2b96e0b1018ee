"""Amounts and thresholds: reading the source table, writing ours, saying them in French.

Amounts are written once, in ``montants.yml``; texts name them in braces (« {aah_max} »).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from knowledge_base.models import Figure

#: Ordinary no-break space: the narrow one is an empty box on old telephones.
_SPACE = "\u00a0"
_REFERENCE = re.compile(r"\{([a-z0-9_]+)\}")
_PERIODS = {
    "mois": "par mois",
    "an": "par an",
    "jour": "par jour",
    "heure": "de l’heure",
    "repas": "par repas",
    "une fois": "en une fois",
}
_MONTHS = {"mois": 1, "an": 12}
#: Warnings that the source gives for whole families of rows and not on each row.
_FAMILY_NOTES = {
    "css_participation_": "Valeur de novembre 2019 : à vérifier",
    "cheque_energie_": "Barème de 2019 : à vérifier",
}
_HEADER = (
    "# Montants et seuils en vigueur. Fichier produit par knowledge_base/figures.py\n"
    "# à partir des paramètres d’OpenFisca-France : ne pas modifier une valeur à la main.\n"
)


class FigureError(Exception):
    """A figure cannot be read or a text names one that does not exist."""


def import_figures(csv_path: Path) -> dict[str, Figure]:
    """Read the source table of amounts; keys are the codes used in braces in the texts.

    Raises FigureError naming the line that cannot be read.
    """
    figures: dict[str, Figure] = {}
    with csv_path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            try:
                figures[row["code"]] = _figure(row)
            except (KeyError, ValueError) as error:
                raise FigureError(f"{csv_path.name}, ligne {number} : {error}") from error
    return figures


def write_figures(figures: Mapping[str, Figure], path: Path) -> None:
    """Write ``montants.yml``, sorted by code, without the empty fields."""
    rows = {code: figures[code].model_dump(exclude_none=True) for code in sorted(figures)}
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(_HEADER + text, encoding="utf-8")


def amount_in_french(value: float) -> str:
    """Return an amount of euros as it is written in French: « 1 041,59 € », « 192 € »."""
    cents = round(value * 100)
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", _SPACE)
    sign = "−" if cents < 0 else ""
    return f"{sign}{grouped}{f',{rest:02d}' if rest else ''}{_SPACE}€"


def figure_in_french(figure: Figure) -> str:
    """Return the amount with its period: « 1 041,59 € par mois »."""
    period = _PERIODS.get(figure.period or "")
    amount = amount_in_french(figure.value)
    return f"{amount} {period}" if period else amount


def per_month(figure: Figure) -> float:
    """Return the amount in euros per month.

    Raises FigureError for a figure that is not per month or per year (a day, a meal).
    """
    months = _MONTHS.get(figure.period or "")
    if months is None:
        raise FigureError(f"« {figure.label} » n’est pas un montant par mois ou par an")
    return figure.value / months


def fill(text: str, figures: Mapping[str, Figure]) -> str:
    """Replace each « {code} » of ``text`` with its amount, without the period.

    Raises FigureError for a code that is not in ``figures``.
    """

    def amount(match: re.Match[str]) -> str:
        figure = figures.get(match.group(1))
        if figure is None:
            raise FigureError(f"montant inconnu « {match.group(1)} » dans « {text} »")
        return amount_in_french(figure.value)

    return _REFERENCE.sub(amount, text)


def _figure(row: Mapping[str, str]) -> Figure:
    parameter = f"OpenFisca-France, paramètre {row['parametre']}"
    return Figure(
        label=row["libelle"],
        value=float(row["montant"]),
        unit=row["unite"],
        period=row["periodicite"] or None,
        in_force_since=date.fromisoformat(row["en_vigueur_depuis"]),
        checked_on=_date_or_none(row["derniere_verification"]),
        computed=row["calcul"].replace("0.08333333333333333", "1/12") or None,
        reference=row["reference"].strip(" |") or parameter,
        note=row["note"] or _family_note(row["code"]),
    )


def _family_note(code: str) -> str | None:
    return next((note for start, note in _FAMILY_NOTES.items() if code.startswith(start)), None)


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
