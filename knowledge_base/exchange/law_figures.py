"""Amounts and thresholds of the law: from the source tables, or an installed OpenFisca-France.

``montants.yml`` is written here and nowhere else. An amount in euros that no source has
confirmed for a year is marked to verify: most of them change on a fixed day each year.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge_base.figures import FigureError
from knowledge_base.models import Figure

#: Amounts and thresholds that cards name and that the table of key amounts lacks.
PARAMETERS = Path(__file__).parents[1] / "data" / "parametres.yml"
#: The name to give instead of a folder: the parameters of the installed package are read.
OPENFISCA = "openfisca"
#: An amount is changed once a year; a month more for the table to follow.
_FRESH_DAYS = 396
_TIMES = " × "
#: Two values closer than this are one value, rounded twice.
_SAME = 0.011
#: Warnings that the source gives for whole families of rows and not on each row.
_FAMILY_NOTES = {
    "css_participation_": "Valeur de novembre 2019 : à vérifier",
    "cheque_energie_": "Barème de 2019 : à vérifier",
}
_HEADER = (
    "# Montants et seuils en vigueur. Fichier produit par « python -m knowledge_base figures\n"
    "# update » d’après les paramètres d’OpenFisca-France : ne pas modifier une valeur à la main.\n"
)
#: The value of a parameter and the day since which it is in force.
InForce = tuple[float, date]
ReadParameter = Callable[[str], InForce | None]


class Parameter(BaseModel):
    """A parameter of the law that cards name: where OpenFisca keeps it, how a person reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    label: str
    unit: str
    period: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Changes:
    """What an update did, by code; ``kept`` are those that the new source does not give."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    to_verify: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report, a line for each kind of change."""
        told = (
            ("nouveaux", self.added),
            ("changés", self.changed),
            ("retirés", self.removed),
            ("non relus (absents de la source)", self.kept),
            ("à vérifier (plus d’un an sans confirmation)", self.to_verify),
        )
        return [f"{len(codes)} {what} : {', '.join(codes) or '–'}" for what, codes in told]


def from_tables(folder: Path, today: date) -> dict[str, Figure]:
    """Return the figures of ``montants_cles.csv`` and ``openfisca_parametres.csv``.

    Raises FigureError naming the file and the line that cannot be read.
    """
    law = folder / "openfisca_parametres.csv"
    figures = import_figures(folder / "montants_cles.csv")
    figures |= import_parameters(law, load_parameters())
    read = _table_parameters(law)
    return {code: _dated(_traced(figure, read), today) for code, figure in figures.items()}


def from_openfisca(
    known: Mapping[str, Figure], read: ReadParameter, today: date
) -> tuple[dict[str, Figure], list[str]]:
    """Return ``known`` with the values that ``read`` gives, and the codes that were not read.

    A figure is the value of its parameter, or the product of two. One whose parameter is
    not given that way keeps its value, and is in the list.
    """
    figures, kept = {}, []
    for code, figure in known.items():
        found = _in_force(figure, read)
        if found is None:
            kept.append(code)
        figures[code] = _dated(figure if found is None else _reread(figure, *found), today)
    return figures, kept


def installed_parameters(today: date) -> ReadParameter:
    """Return a reader of the parameters of the installed ``openfisca-france``.

    Raises FigureError when the package is not installed.
    """
    if find_spec("openfisca_france") is None:
        raise FigureError(
            "openfisca-france n’est pas installé : « var/venv/bin/pip install openfisca-france »"
        )
    from openfisca_france import FranceTaxBenefitSystem

    root = FranceTaxBenefitSystem().parameters

    def read(path: str) -> InForce | None:
        node = root
        for step in path.split("."):
            node = getattr(node, step, None)
        history = getattr(node, "values_list", None) or ()
        for change in history:  # the newest first
            since = date.fromisoformat(change.instant_str)
            if since <= today and isinstance(change.value, int | float):
                return float(change.value), since
        return None

    return read


def changes(
    old: Mapping[str, Figure], new: Mapping[str, Figure], kept: Iterable[str] = ()
) -> Changes:
    """Return what differs between two tables, by value, and what is to verify in the new one."""
    both = old.keys() & new.keys()
    return Changes(
        added=sorted(new.keys() - old.keys()),
        changed=sorted(code for code in both if old[code].value != new[code].value),
        removed=sorted(old.keys() - new.keys()),
        kept=sorted(kept),
        to_verify=sorted(code for code, figure in new.items() if figure.to_verify),
    )


def write_figures(figures: Mapping[str, Figure], path: Path) -> None:
    """Write ``montants.yml``, sorted by code, without the empty fields."""
    rows = {
        code: figures[code].model_dump(exclude_none=True, exclude_defaults=True)
        for code in sorted(figures)
    }
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(_HEADER + text, encoding="utf-8")


def import_figures(csv_path: Path) -> dict[str, Figure]:
    """Read the source table of amounts; keys are the codes used in braces in the texts.

    Raises FigureError naming the line that cannot be read.
    """
    figures: dict[str, Figure] = {}
    for number, row in enumerate(_rows(csv_path), start=2):
        try:
            figures[row["code"]] = _figure(row)
        except (KeyError, ValueError) as error:
            raise FigureError(f"{csv_path.name}, ligne {number} : {error}") from error
    return figures


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
    rows = {row["chemin"]: row for row in _rows(csv_path)}
    figures: dict[str, Figure] = {}
    for code, parameter in parameters.items():
        try:
            figures[code] = _threshold(rows[parameter.path], parameter)
        except (KeyError, ValueError) as error:
            raise FigureError(f"{csv_path.name}, paramètre {parameter.path} : {error}") from error
    return figures


def _rows(csv_path: Path) -> Iterable[dict[str, str]]:
    try:
        with csv_path.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except OSError as error:
        raise FigureError(f"{csv_path} : {error.strerror}") from error


def _table_parameters(csv_path: Path) -> ReadParameter:
    rows = {row["chemin"]: row for row in _rows(csv_path)}

    def read(path: str) -> InForce | None:
        row = rows.get(path)
        if row is None:
            return None
        try:
            return float(row["valeur"]), date.fromisoformat(row["en_vigueur_depuis"])
        except ValueError:  # a scale, a list: not one value
            return None

    return read


def _traced(figure: Figure, read: ReadParameter) -> Figure:
    """Return ``figure`` without its parameter when that does not give its value.

    Some rows name the parameters of a longer calculation: reading them again later, alone,
    would write a wrong amount.
    """
    found = _in_force(figure, read)
    if found is not None and abs(_in_unit(found[0], figure.unit) - figure.value) < _SAME:
        return figure
    return figure.model_copy(update={"parameter": None})


def _threshold(row: Mapping[str, str], parameter: Parameter) -> Figure:
    return Figure(
        label=parameter.label,
        value=_in_unit(float(row["valeur"]), parameter.unit),
        unit=parameter.unit,
        period=parameter.period,
        in_force_since=date.fromisoformat(row["en_vigueur_depuis"]),
        checked_on=_date_or_none(row["derniere_verification"]),
        reference=row["reference"].strip(" |") or _named(row["chemin"]),
        note=parameter.note,
        parameter=parameter.path,
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
        reference=row["reference"].strip(" |") or _named(row["parametre"]),
        note=row["note"] or _family_note(row["code"]),
        parameter=row["parametre"].strip(" ×") or None,
    )


def _in_force(figure: Figure, read: ReadParameter) -> InForce | None:
    """Return the value of ``figure`` as ``read`` gives it, or None when it cannot tell."""
    if figure.parameter is None or (figure.computed and _TIMES not in figure.parameter):
        return None  # a share of one parameter (« 1/12 ») is not the parameter
    return _product(figure.parameter, read)


def _reread(figure: Figure, value: float, since: date) -> Figure:
    value = _in_unit(value, figure.unit)
    if abs(value - figure.value) < _SAME:
        return figure
    return figure.model_copy(
        update={"value": value, "in_force_since": since, "computed": None, "note": None}
    )


def _product(expression: str, read: ReadParameter) -> InForce | None:
    """Return the product of the parameters of « a × b », in force since the newest of them."""
    total, newest = 1.0, date.min
    for path in expression.split(_TIMES):
        found = read(path.strip())
        if found is None:
            return None
        total, newest = total * found[0], max(newest, found[1])
    return total, newest


def _in_unit(value: float, unit: str) -> float:
    """Return a share as a percentage, an amount in whole cents, another value as it is."""
    if unit == "%":
        return round(value * 100, 4)
    return round(value, 2) if unit == "€" else round(value, 4)


def _dated(figure: Figure, today: date) -> Figure:
    known = max(figure.in_force_since, figure.checked_on or figure.in_force_since)
    old = figure.unit == "€" and (today - known).days > _FRESH_DAYS
    return figure.model_copy(update={"to_verify": old})


def _named(path: str) -> str:
    return f"OpenFisca-France, paramètre {path}"


def _family_note(code: str) -> str | None:
    return next((note for start, note in _FAMILY_NOTES.items() if code.startswith(start)), None)


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
