"""The table of what is noticed of each kind: what counts where, and how sure it is."""

from __future__ import annotations

from assistant.urgency import load_dangers
from knowledge_base.catalogue import Catalogue
from tests.quality.danger_rates import groups, share, table

BEATEN = {"text": "mon mari me frappe", "danger": ["violence_couple"]}
CALM = {"text": "une place en crèche", "danger": [], "decoy": "plain_need"}


def test_a_share_says_how_sure_it_is() -> None:
    """Where all are alike the bound is exact: none of ten may still be three of ten."""
    assert share([True] * 10 + [False] * 10) == "50 % [30–70]"
    assert share([False] * 10) == "0 % [0–31]"
    assert share([True] * 10) == "100 % [69–100]"


def test_a_message_counts_in_each_of_its_kinds() -> None:
    """A call for help that may be anything is counted apart."""
    assert groups({"danger": ["hunger", "medical"]}) == [
        "in danger, all",
        "in danger, hunger",
        "in danger, medical",
    ]
    assert groups({"danger": ["a", "b", "c", "d"]}) == ["in danger, all", "in danger, unclear"]


def test_the_table_can_be_pasted_in_the_docs(catalogue: Catalogue) -> None:
    """Rows in danger first, the row of all before those of its kinds."""
    lines = table(load_dangers(catalogue, None), [CALM, BEATEN])
    assert lines[0] == "| | n | alert | gentle line | nothing |"
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "in danger, all",
        "in danger, violence_couple",
        "no danger, all",
        "no danger, plain_need",
    ]
    assert "| 1 | 100 % [2–100] | 0 % [0–98] | 0 % [0–98] |" in lines[2]
