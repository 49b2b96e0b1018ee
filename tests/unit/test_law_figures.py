"""Amounts of the law read again: what changes, what is kept, what is to verify."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.exchange import law_figures
from knowledge_base.figures import FigureError, fill
from knowledge_base.models import Figure

TODAY = date(2026, 11, 27)
KEY_FIELDS = (
    "code", "libelle", "montant", "unite", "periodicite", "nature", "en_vigueur_depuis",
    "derniere_verification", "calcul", "parametre", "reference", "note",
)  # fmt: skip
LAW_FIELDS = (
    "chemin", "valeur", "unite", "en_vigueur_depuis", "derniere_verification", "reference",
)  # fmt: skip


def figure(value: float, parameter: str | None = None, **values: object) -> Figure:
    """Make a figure in force since April 2026."""
    return Figure.model_validate(
        {
            "label": "Un montant",
            "value": value,
            "unit": "€",
            "in_force_since": date(2026, 4, 1),
            "reference": "Décret",
            "parameter": parameter,
            **values,
        }
    )


def reader(**values: float) -> law_figures.ReadParameter:
    """Give these values to parameters, in force since 1 January 2027."""
    return lambda path: (values[path], date(2027, 1, 1)) if path in values else None


def write(path: Path, fields: tuple[str, ...], *rows: dict[str, str]) -> None:
    """Write a table; what a row does not say is empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, fields, restval="")
        table.writeheader()
        table.writerows(rows)


def test_a_new_value_replaces_the_old_one_with_its_date() -> None:
    """What was computed or noted about the old value goes with it."""
    known = {"aah": figure(1041.59, "aah.montant", note="Valeur d’avril")}
    new, kept = law_figures.from_openfisca(known, reader(**{"aah.montant": 1060.0}), TODAY)
    assert (new["aah"].value, new["aah"].in_force_since) == (1060.0, date(2027, 1, 1))
    assert new["aah"].note is None
    assert kept == []


def test_a_product_of_two_parameters_is_multiplied() -> None:
    """« taux × base » follows the base, rounded to the cent."""
    known = {"af": figure(153.01, "taux × bmaf", computed="478.16 × 0.32")}
    new, _ = law_figures.from_openfisca(known, reader(taux=0.32, bmaf=485.4), TODAY)
    assert new["af"].value == 155.33


def test_a_share_is_kept_as_a_percentage() -> None:
    """OpenFisca says 0.8 where a person reads 80 %."""
    known = {"taux": figure(75, "taux", unit="%")}
    new, _ = law_figures.from_openfisca(known, reader(taux=0.8), TODAY)
    assert new["taux"].value == 80


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(figure(100), id="it names no parameter"),
        pytest.param(figure(100, "gone"), id="its parameter is not in the package"),
        pytest.param(figure(100, "an", computed="1200 × 1/12"), id="it is a share of one"),
    ],
)
def test_what_cannot_be_read_keeps_its_value_and_is_named(known: Figure) -> None:
    """An amount is never guessed."""
    new, kept = law_figures.from_openfisca({"x": known}, reader(an=9999), TODAY)
    assert new["x"].value == 100
    assert kept == ["x"]


def test_the_tables_keep_a_parameter_only_when_it_gives_the_value(tmp_path: Path) -> None:
    """A row that names only a part of its calculation is not read again alone."""
    write(
        tmp_path / "montants_cles.csv",
        KEY_FIELDS,
        {"code": "af", "libelle": "AF", "montant": "153.01", "unite": "€",
         "en_vigueur_depuis": "2026-04-01", "calcul": "478.16 × 0.32", "parametre": "taux × bmaf"},
        {"code": "forfait", "libelle": "Forfait", "montant": "229.52", "unite": "€",
         "en_vigueur_depuis": "2026-04-01", "calcul": "717.24 × 0.32", "parametre": "taux × bmaf"},
    )  # fmt: skip
    aah, law = law_figures.load_parameters()["aah_taux_incapacite"].path, []
    for path, value in (("taux", "0.32"), ("bmaf", "478.16")):
        law.append({"chemin": path, "valeur": value, "en_vigueur_depuis": "2026-04-01"})
    for parameter in law_figures.load_parameters().values():
        law.append(
            {"chemin": parameter.path, "valeur": "0.8" if parameter.path == aah else "1",
             "unite": "/1" if parameter.path == aah else "", "en_vigueur_depuis": "2020-01-01"}
        )  # fmt: skip
    write(tmp_path / "openfisca_parametres.csv", LAW_FIELDS, *law)
    figures = law_figures.from_tables(tmp_path, TODAY)
    assert figures["af"].parameter == "taux × bmaf"
    assert figures["forfait"].parameter is None
    assert figures["aah_taux_incapacite"].value == 80


@pytest.mark.parametrize(
    ("in_force", "checked", "unit", "expected"),
    [
        (date(2026, 4, 1), None, "€", False),
        (date(2025, 4, 1), None, "€", True),
        (date(2008, 1, 1), date(2026, 1, 5), "€", False),
        (date(2010, 1, 1), None, "%", False),
    ],
    ids=["of this year", "of last year", "old and confirmed", "a rate does not grow"],
)
def test_an_amount_unconfirmed_for_a_year_is_to_verify(
    in_force: date, checked: date | None, unit: str, expected: bool
) -> None:
    """Most amounts change each year on a fixed day; rates and ages do not."""
    known = {"x": figure(10, in_force_since=in_force, checked_on=checked, unit=unit)}
    new, _ = law_figures.from_openfisca(known, reader(), TODAY)
    assert new["x"].to_verify is expected


def test_a_text_says_that_a_figure_is_to_verify_once() -> None:
    """The person reads the doubt next to the amount, and not twice."""
    figures = {"x": figure(14, to_verify=True)}
    assert fill("Jusqu’à {x} par mois.", figures) == "Jusqu’à 14\u00a0€ (à vérifier) par mois."
    assert (
        fill("{x} (valeur de 2019, à vérifier)", figures)
        == "14\u00a0€ (valeur de 2019, à vérifier)"
    )


def test_the_report_names_what_changed() -> None:
    """New, changed, removed and unread figures are each listed."""
    old = {"a": figure(1), "b": figure(2), "c": figure(3)}
    new = {"a": figure(1), "b": figure(20), "d": figure(4, to_verify=True)}
    assert law_figures.changes(old, new, ["a"]).lines() == [
        "1 nouveaux : d",
        "1 changés : b",
        "1 retirés : c",
        "1 non relus (absents de la source) : a",
        "1 à vérifier (plus d’un an sans confirmation) : d",
    ]


def test_a_missing_package_or_folder_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install, or which file is not there."""
    monkeypatch.setattr(law_figures, "find_spec", lambda name: None)
    with pytest.raises(FigureError, match=r"pip install openfisca-france"):
        law_figures.installed_parameters(TODAY)
    with pytest.raises(FigureError, match=r"montants_cles\.csv"):
        law_figures.from_tables(tmp_path, TODAY)
