"""Amounts, thresholds and help lines: reading the sources, saying them in French."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import line_cards
from knowledge_base.catalogue import DATA, Catalogue, load
from knowledge_base.exchange.law_figures import (
    import_figures,
    import_parameters,
    load_parameters,
    write_figures,
)
from knowledge_base.exchange.lines import (
    LineImportError,
    import_lines,
    latest_lines,
    write_lines,
)
from knowledge_base.figures import (
    FigureError,
    amount_in_french,
    figure_in_french,
    fill,
    per_month,
    value_in_french,
)
from knowledge_base.models import Figure

NB = "\u00a0"  # no-break space
FIGURES_HEADER = (
    "code,libelle,montant,unite,periodicite,nature,en_vigueur_depuis,derniere_verification,"
    "calcul,parametre,reference,note\n"
)
LINES_HEADER = (
    "numero,nom,public,objet,horaires,cout,accessibilite_sourds,autres_acces,urgence,source,"
    "date_source,a_verifier,note\n"
)


@pytest.fixture
def tables(tmp_path: Path) -> Catalogue:
    """Load the committed figures and lines, without the cards."""
    for name in ("montants.yml", "numeros.yml"):
        shutil.copy(DATA / name, tmp_path)
    return load(tmp_path)


def figure(value: float, period: str | None = "mois") -> Figure:
    """Make a figure with what the tests do not look at."""
    return Figure(
        label="Un montant",
        value=value,
        unit="€",
        period=period,
        in_force_since=date(2026, 4, 1),
        reference="Décret",
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1041.59, f"1{NB}041,59{NB}€"),
        (79980, f"79{NB}980{NB}€"),
        (310.8, f"310,80{NB}€"),
        (192.0, f"192{NB}€"),
        (12.31, f"12,31{NB}€"),
        (1, f"1{NB}€"),
        (1234567.5, f"1{NB}234{NB}567,50{NB}€"),
    ],
)
def test_an_amount_is_written_as_in_french(value: float, expected: str) -> None:
    """Thousands are apart, cents come after a comma and only when there are some."""
    assert expected == amount_in_french(value)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("mois", f"651,69{NB}€ par mois"),
        ("an", f"651,69{NB}€ par an"),
        ("une fois", f"651,69{NB}€ en une fois"),
        (None, f"651,69{NB}€"),
    ],
)
def test_a_figure_is_said_with_its_period(period: str | None, expected: str) -> None:
    """The period of the amount follows it."""
    assert expected == figure_in_french(figure(651.69, period))


def test_codes_in_a_text_become_amounts() -> None:
    """Every code in braces is replaced by its amount and the rest is kept."""
    text = fill("de {low} à {high} par mois", {"low": figure(15), "high": figure(1041.59)})
    assert f"de 15{NB}€ à 1{NB}041,59{NB}€ par mois" == text


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (75, "%", f"75{NB}%"),
        (130, "jours", f"130{NB}jours"),
        (0.5, "%", f"0,5{NB}%"),
        (1041.59, "€", f"1{NB}041,59{NB}€"),
    ],
)
def test_a_value_is_said_in_its_unit(value: float, unit: str, expected: str) -> None:
    """A threshold is not always a sum of money."""
    assert expected == value_in_french(figure(value).model_copy(update={"unit": unit}))


def test_an_unknown_code_is_an_error_that_names_it() -> None:
    """A text never shows a code in braces to a person."""
    with pytest.raises(FigureError, match="montant inconnu « rsa_2035 »"):
        fill("jusqu’à {rsa_2035}", {})


def test_a_yearly_amount_is_brought_to_the_month() -> None:
    """Incomes are compared with amounts per month."""
    assert per_month(figure(12000, "an")) == 1000
    assert per_month(figure(500)) == 500


def test_an_amount_per_day_has_no_month() -> None:
    """Nobody can tell how many days a month counts for an allowance."""
    with pytest.raises(FigureError, match="par mois ou par an"):
        per_month(figure(19.48, "jour"))


def test_the_source_of_the_figures_is_read_with_its_notes(tmp_path: Path) -> None:
    """Dates, calculation, reference and warnings of the source are kept."""
    source = tmp_path / "montants.csv"
    source.write_text(
        FIGURES_HEADER
        + "aeeh_base,AEEH : base,153.01,€,mois,calculé,2026-04-01,,478.16 × 0.32,x.y,Décret,Brut\n"
        + "css_participation_x,CSS,14,€,mois,valeur réglementaire,2019-11-01,,,x.css,,\n",
        encoding="utf-8",
    )
    figures = import_figures(source)
    assert figures["aeeh_base"] == Figure(
        label="AEEH : base",
        value=153.01,
        unit="€",
        period="mois",
        in_force_since=date(2026, 4, 1),
        computed="478.16 × 0.32",
        reference="Décret",
        note="Brut",
        parameter="x.y",
    )
    assert figures["css_participation_x"].reference == "OpenFisca-France, paramètre x.css"
    assert figures["css_participation_x"].note == "Valeur de novembre 2019 : à vérifier"


def test_thresholds_are_read_from_the_table_of_all_parameters(tables: Catalogue) -> None:
    """Rates become percentages; the date in force and the legal reference are kept."""
    rate = tables.figures["aah_taux_incapacite"]
    assert (rate.value, rate.unit, rate.in_force_since) == (80, "%", date(2010, 11, 17))
    assert rate.reference.startswith("Article D821-1 du Code de la sécurité sociale")
    days = tables.figures["are_jours_minimum"]
    assert (days.value, days.unit, days.in_force_since) == (130, "jours", date(2019, 11, 1))
    assert days.reference.startswith("OpenFisca-France, paramètre chomage.")


def test_a_parameter_that_is_gone_is_named(tmp_path: Path) -> None:
    """The next version of the source may rename a parameter: the message says which one."""
    source = tmp_path / "parametres.csv"
    source.write_text("chemin,valeur,unite\n", encoding="utf-8")
    with pytest.raises(FigureError, match=r"parametres\.csv, paramètre prestations_sociales\."):
        import_parameters(source, load_parameters())


def test_a_wrong_line_of_the_source_is_named(tmp_path: Path) -> None:
    """The message gives the file and the line to correct."""
    source = tmp_path / "montants.csv"
    source.write_text(FIGURES_HEADER + "x,Y,beaucoup,€,,,2026-04-01,,,p,r,\n", encoding="utf-8")
    with pytest.raises(FigureError, match=r"montants\.csv, ligne 2"):
        import_figures(source)


def test_written_figures_are_read_back_by_the_catalogue(tmp_path: Path) -> None:
    """The file that is written is the one that the catalogue loads."""
    (tmp_path / "numeros.yml").write_text("{}", encoding="utf-8")
    write_figures({"rsa_base": figure(651.69)}, tmp_path / "montants.yml")
    assert load(tmp_path).figures == {"rsa_base": figure(651.69)}


@pytest.mark.parametrize(
    ("code", "value", "since"),
    [
        ("aah_max", 1041.59, date(2026, 4, 1)),
        ("rsa_base", 651.69, date(2026, 4, 1)),
        ("aspa_seul_mois", 1043.59, date(2026, 1, 1)),
        ("smic_mensuel_brut", 1867.02, date(2026, 6, 1)),
    ],
)
def test_committed_figures_are_those_of_the_source(
    tables: Catalogue, code: str, value: float, since: date
) -> None:
    """The amounts people ask about most are the ones in force."""
    figure = tables.figures[code]
    assert (value, since) == (figure.value, figure.in_force_since)


def test_every_figure_is_committed(tables: Catalogue) -> None:
    """None of the 79 rows of the source was lost, nor of the parameters that cards name."""
    assert len(tables.figures) == 79 + len(load_parameters())


def test_help_lines_keep_the_ids_that_cards_use(tables: Catalogue) -> None:
    """Urgent numbers come first, replaced ones are not there."""
    lines = tables.lines
    assert [*lines][:8] == [
        "samu_15",
        "police_17",
        "pompiers_18",
        "urgence_112",
        "urgence_114",
        "samu_social_115",
        "enfance_danger_119",
        "violences_femmes_3919",
    ]
    assert len(lines) == 44
    assert "3020" not in {line.number for line in lines.values()}


def test_help_lines_keep_what_a_person_needs(tables: Catalogue) -> None:
    """Number as dialled, hours, way for deaf people and urgency come from the source."""
    lines = tables.lines
    assert lines["samu_15"].number == "15"
    assert lines["samu_15"].urgent
    assert lines["tabac_info"].number == "3989"
    assert lines["violences_femmes_3919"].hours == "24h/24, 7j/7 (depuis fin août 2021)"
    assert not lines["violences_femmes_3919"].urgent
    assert lines["urgence_114"].deaf == "OUI : SMS, tchat, visiophonie en langue des signes"
    assert lines["enfance_danger_119"].checked_on == date(2021, 1, 1)
    assert lines["garde_116117"].to_verify


def test_an_unknown_number_of_the_source_is_refused(tmp_path: Path) -> None:
    """A new number needs an id before it can be imported."""
    source = tmp_path / "numeros.csv"
    source.write_text(LINES_HEADER + "36 99,X,,Y,,,,,non,S,2026,non,\n", encoding="utf-8")
    with pytest.raises(LineImportError, match="numéro sans identifiant « 3699 »"):
        import_lines(source)


def test_a_number_checked_later_by_hand_stays(tables: Catalogue) -> None:
    """An update brings neither an older date back nor a number that was added."""
    ours = tables.lines
    old = ours["police_17"].model_copy(update={"checked_on": date(2020, 10, 26)})
    new = ours["tabac_info"].model_copy(update={"checked_on": date(2027, 1, 1)})
    updated = latest_lines({"police_17": old, "tabac_info": new}, ours)
    assert updated["police_17"] == ours["police_17"]
    assert updated["tabac_info"] == new
    assert updated["droit_du_travail"] == ours["droit_du_travail"]


def test_every_emergency_number_says_what_is_left_to_verify(tables: Catalogue) -> None:
    """A source of more than two years is told; the number is shown all the same."""
    for line_id in ("samu_15", "police_17", "pompiers_18", "urgence_112", "samu_social_115"):
        assert tables.lines[line_id].checked_on > date(2021, 12, 31)
        assert tables.lines[line_id].to_verify
    cards = line_cards(("samu_15", "police_17"), tables.lines)
    assert [card.number for card in cards] == ["15", "17"]


def test_written_lines_are_the_committed_ones(tables: Catalogue, tmp_path: Path) -> None:
    """Writing what was loaded gives the same file again."""
    write_lines(tables.lines, tmp_path / "numeros.yml")
    written = (tmp_path / "numeros.yml").read_text(encoding="utf-8")
    assert written == (DATA / "numeros.yml").read_text(encoding="utf-8")
