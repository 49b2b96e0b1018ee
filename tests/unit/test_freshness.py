"""A card that nobody reads again is shown with its age, then last, then not at all."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from assistant.answer import aid_card
from assistant.candidates import candidates, worth_showing
from knowledge_base import freshness
from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Entry, Source
from knowledge_base.reviews import reviews, write_csv
from knowledge_base.structures import Place
from knowledge_base.vocabulary import Delay, Stage, Stake

READ = date(2026, 1, 1)


def month(number: float) -> date:
    """Return the day that comes ``number`` months after the card was read."""
    return READ + timedelta(days=round(number * 30.4))


@pytest.fixture
def card(catalogue: Catalogue) -> Entry:
    """Give a card to review every 12 months, last read on 1 January 2026, not vital."""
    old = Source(
        title="Page ancienne", url="https://exemple.fr", checked_on=date(2020, 1, 1), to_verify=True
    )
    return catalogue.entries["apl"].model_copy(
        update={
            "sources": (old,),
            "reviewed_on": READ,
            "review_months": 12,
            "stake": Stake.MEDIUM,
            "delay": Delay.WEEKS,
        }
    )


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (0, Stage.CURRENT),
        (11.9, Stage.CURRENT),
        (12.2, Stage.DUE),
        (23.9, Stage.DUE),
        (24.2, Stage.DEMOTED),
        (35.9, Stage.DEMOTED),
        (36.2, Stage.HIDDEN),
    ],
)
def test_a_card_goes_back_by_steps(card: Entry, months: float, expected: Stage) -> None:
    """One period: to review. Two: after the others. Three: hidden."""
    assert freshness.stage(card, month(months)) is expected


def test_a_short_period_does_not_hide_a_card_within_two_years(card: Entry) -> None:
    """A card to read each quarter that was missed for a year is still better than nothing."""
    short = card.model_copy(update={"review_months": 3})
    assert freshness.stage(short, month(23)) is Stage.DEMOTED
    assert freshness.stage(short, month(25)) is Stage.HIDDEN


def test_what_saves_a_life_is_never_hidden(card: Entry) -> None:
    """A roof for tonight stays, with its age."""
    vital = card.model_copy(update={"stake": Stake.HIGH, "delay": Delay.TONIGHT})
    assert freshness.stage(vital, month(120)) is Stage.DUE


def test_an_aid_that_stopped_is_hidden_the_day_after(card: Entry) -> None:
    """However recently it was read."""
    stopping = card.model_copy(update={"ends_on": date(2026, 3, 31)})
    assert freshness.stage(stopping, date(2026, 3, 31)) is Stage.CURRENT
    assert freshness.stage(stopping, date(2026, 4, 1)) is Stage.HIDDEN


def test_a_source_to_verify_does_not_make_a_card_fresh(catalogue: Catalogue) -> None:
    """A page without a date that was read yesterday does not postpone the review."""
    entry = catalogue.entries["apl"].model_copy(update={"reviewed_on": None})
    doubtful = entry.sources[0].model_copy(
        update={"checked_on": date(2026, 11, 26), "to_verify": True}
    )
    sure = doubtful.model_copy(update={"checked_on": date(2025, 5, 1), "to_verify": False})
    both = entry.model_copy(update={"sources": (sure, doubtful)})
    assert freshness.checked_on(both) == date(2025, 5, 1)
    only = entry.model_copy(update={"sources": (doubtful,)})
    assert freshness.checked_on(only) == date(2026, 11, 26)


def test_a_person_who_reads_the_card_again_makes_it_fresh(card: Entry) -> None:
    """The day of the reading counts, unless a confirmed source is newer."""
    assert freshness.checked_on(card) == READ
    newer = card.sources[0].model_copy(update={"checked_on": date(2026, 6, 1), "to_verify": False})
    assert freshness.checked_on(card.model_copy(update={"sources": (newer,)})) == date(2026, 6, 1)


def test_old_cards_come_after_the_others_and_hidden_ones_do_not_come(catalogue: Catalogue) -> None:
    """The order of the answers follows the stages."""
    from dataclasses import replace

    scores = {"logement_social": 0.5, "dalo": 0.4, "apl": 0.3}
    aged = replace(catalogue, stages={"logement_social": Stage.DEMOTED, "apl": Stage.HIDDEN})
    found = candidates(aged, scores, {})
    assert [one.entry.id for one in worth_showing(found, 3)] == ["dalo", "logement_social"]


def test_a_card_to_review_says_since_when(catalogue: Catalogue, card: Entry) -> None:
    """The person knows that what they read may have changed."""
    from dataclasses import replace

    known = replace(catalogue, entries={"apl": card})
    late = freshness.as_of(known, month(13))
    shown = aid_card(candidates(late, {"apl": 0.5}, {})[0], late)
    assert shown.review == (
        "Nous avons vérifié cette fiche pour la dernière fois en janvier 2026. "
        "Elle a pu changer : demandez confirmation avant de faire la démarche."
    )
    fresh = freshness.as_of(known, month(3))
    assert aid_card(candidates(fresh, {"apl": 0.5}, {})[0], fresh).review is None


def test_the_list_names_each_thing_once_with_its_owner(catalogue: Catalogue, card: Entry) -> None:
    """Cards, places, numbers and amounts, the oldest first for each owner."""
    from dataclasses import replace

    amount = catalogue.figures["rsa_base"].model_copy(update={"to_verify": True})
    known = replace(catalogue, entries={"apl": card}, lines={}, figures={"rsa_base": amount})
    source = {"title": "Une page", "checked_on": "2024-01-01"}
    place = Place.model_validate(
        {
            "id": "lieu-1", "name": "Un lieu", "type": "mds", "commune": "Blois",
            "code_insee": "41018", "lat": 47.58, "lon": 1.33, "source": source, "licence": "LO",
        }
    )  # fmt: skip
    found = reviews(known, [place], month(13))
    assert [(one.owner, one.what, one.id, one.state) for one in found] == [
        ("equipe-annuaire", "lieu", "lieu-1", "À relire"),
        ("equipe-catalogue", "fiche", "apl", "À relire"),
        ("equipe-catalogue", "montant", "rsa_base", "À vérifier"),
    ]
    stream = io.StringIO()
    write_csv(found, stream)
    heading, first, *_ = stream.getvalue().splitlines()
    assert heading == "owner,what,id,title,checked_on,months,state"
    assert first == "equipe-annuaire,lieu,lieu-1,Un lieu,2024-01-01,37,À relire"
