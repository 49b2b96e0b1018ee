"""Amounts and thresholds: reading the source tables, writing ours, saying them in French.

Amounts are written once, in ``montants.yml``; texts name them in braces (« {aah_max} »).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

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
#: Amounts and thresholds that cards name and that the table of key amounts lacks.
PARAMETERS = Path(__file__).parent / "data" / "parametres.yml"
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


class Parameter(BaseModel):
    """A parameter of the law that cards name: where OpenFisca keeps it, how a person reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    label: str
    unit: str
    period: str | None = None
    note: str | None = None


def load_parameters(path: Path = PARAMETERS) -> dict[str, Parameter]:
    """Return the parameters that ``parametres.yml`` names, by their code in braces.

    Raises FigureError naming the code that cannot be read.
    """
    parameters: dict[str, Parameter] = {}
    for code, row in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
        try:
            parameters[code] = Parameter.model_validate(row)
        except ValidationError as error:
            raise FigureError(f"{path.name}, {code} : {error}") from error
    return parameters


def import_parameters(csv_path: Path, parameters: Mapping[str, Parameter]) -> dict[str, Figure]:
    """Read the ``parameters`` that cards name from the table of all parameters of the law.

    Raises FigureError when a parameter is not there or cannot be read.
    """
    with csv_path.open(encoding="utf-8", newline="") as stream:
        rows = {row["chemin"]: row for row in csv.DictReader(stream)}
    figures: dict[str, Figure] = {}
    for code, parameter in parameters.items():
        try:
            figures[code] = _threshold(rows[parameter.path], parameter)
        except (KeyError, ValueError) as error:
            raise FigureError(f"{csv_path.name}, paramètre {parameter.path} : {error}") from error
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


def value_in_french(figure: Figure) -> str:
    """Return the value with its unit: « 1 041,59 € », « 75 % », « 130 jours »."""
    if figure.unit == "€":
        return amount_in_french(figure.value)
    return f"{figure.value:g}{_SPACE}{figure.unit}".replace(".", ",")


def figure_in_french(figure: Figure) -> str:
    """Return the value with its period: « 1 041,59 € par mois »."""
    period = _PERIODS.get(figure.period or "")
    value = value_in_french(figure)
    return f"{value} {period}" if period else value


def per_month(figure: Figure) -> float:
    """Return the amount in euros per month.

    Raises FigureError for a figure that is not per month or per year (a day, a rate).
    """
    months = _MONTHS.get(figure.period or "")
    if months is None:
        raise FigureError(f"« {figure.label} » n’est pas un montant par mois ou par an")
    return figure.value / months


def fill(text: str, figures: Mapping[str, Figure]) -> str:
    """Replace each « {code} » of ``text`` with its value and unit, without the period.

    Raises FigureError for a code that is not in ``figures``.
    """

    def amount(match: re.Match[str]) -> str:
        figure = figures.get(match.group(1))
        if figure is None:
            raise FigureError(f"montant inconnu « {match.group(1)} » dans « {text} »")
        return value_in_french(figure)

    return _REFERENCE.sub(amount, text)


def _threshold(row: Mapping[str, str], parameter: Parameter) -> Figure:
    share = row["unite"] == "/1"
    return Figure(
        label=parameter.label,
        value=round(float(row["valeur"]) * (100 if share else 1), 4),
        unit=parameter.unit,
        period=parameter.period,
        in_force_since=date.fromisoformat(row["en_vigueur_depuis"]),
        checked_on=_date_or_none(row["derniere_verification"]),
        reference=row["reference"].strip(" |") or _parameter(row["chemin"]),
        note=parameter.note,
    )


def _figure(row: Mapping[str, str]) -> Figure:
    return Figure(
        label=row["libelle"],
        value=float(row["montant"]),
        unit=row["unite"],
        period=row["periodicite"] or None,
        in_force_since=date.fromisoformat(row["en_vigueur_depuis"]),
        checked_on=_date_or_none(row["derniere_verification"]),
        computed=row["calcul"].replace("0.08333333333333333", "1/12") or None,
        reference=row["reference"].strip(" |") or _parameter(row["parametre"]),
        note=row["note"] or _family_note(row["code"]),
    )


def _parameter(path: str) -> str:
    return f"OpenFisca-France, paramètre {path}"


def _family_note(code: str) -> str | None:
    return next((note for start, note in _FAMILY_NOTES.items() if code.startswith(start)), None)


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
