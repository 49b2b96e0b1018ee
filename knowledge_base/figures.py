"""Amounts and thresholds, said in French.

They are written once, in ``montants.yml``, by ``exchange/law_figures.py``; texts name them
in braces (« {aah_max} »).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge_base.models import Figure

#: Ordinary no-break space: the narrow one is an empty box on old telephones.
_SPACE = "\u00a0"
_REFERENCE = re.compile(r"\{([a-z0-9_]+)\}")
_TO_VERIFY = "à vérifier"
_PERIODS = {
    "mois": "par mois",
    "an": "par an",
    "jour": "par jour",
    "heure": "de l’heure",
    "repas": "par repas",
    "une fois": "en une fois",
}
_MONTHS = {"mois": 1, "an": 12}


class FigureError(Exception):
    """A figure cannot be read or a text names one that does not exist."""


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

    A figure to verify says so, unless the text already does. Raises FigureError for a code
    that is not in ``figures``.
    """
    warned = _TO_VERIFY in text

    def amount(match: re.Match[str]) -> str:
        figure = figures.get(match.group(1))
        if figure is None:
            raise FigureError(f"montant inconnu « {match.group(1)} » dans « {text} »")
        value = value_in_french(figure)
        return f"{value} ({_TO_VERIFY})" if figure.to_verify and not warned else value

    return _REFERENCE.sub(amount, text)
