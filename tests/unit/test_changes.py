"""After a new fact, only the cards that are new, or say something else, are shown."""

from __future__ import annotations

from assistant.candidates import Candidate
from assistant.replies.changes import since
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Status, Verdict


def card(catalogue: Catalogue, entry_id: str, status: Status) -> Candidate:
    """Return an entry with its status."""
    return Candidate(catalogue.entries[entry_id], 0.9, Verdict(status, (), (), ()))


def test_the_first_cards_are_no_change(catalogue: Catalogue) -> None:
    """Nothing was shown: the whole list is."""
    shown = [card(catalogue, "apl", Status.LIKELY)]
    assert since({}, shown, shown) is None


def test_the_same_cards_say_nothing_new(catalogue: Catalogue) -> None:
    """Same entries, same status: not even their order counts."""
    shown = [card(catalogue, "rsa", Status.TO_CHECK), card(catalogue, "apl", Status.LIKELY)]
    found = since({"apl": "likely", "rsa": "to_check"}, shown, shown)
    assert found is not None
    assert found.is_none


def test_a_card_that_becomes_likely_is_shown_again(catalogue: Catalogue) -> None:
    """The other one is only named."""
    shown = [card(catalogue, "apl", Status.LIKELY), card(catalogue, "rsa", Status.TO_CHECK)]
    found = since({"apl": "to_check", "rsa": "to_check"}, shown, shown)
    assert found is not None
    assert [one.entry.id for one in found.new] == ["apl"]
    assert [one.entry.id for one in found.kept] == ["rsa"]
    assert found.gone == ()


def test_a_card_that_does_not_fit_any_more_is_named(catalogue: Catalogue) -> None:
    """One that only left its place to a better one is not: it still fits."""
    apl, rsa = card(catalogue, "apl", Status.LIKELY), card(catalogue, "rsa", Status.UNLIKELY)
    lep = card(catalogue, "lep", Status.LIKELY)
    found = since({"apl": "likely", "rsa": "to_check", "lep": "likely"}, [apl], [apl, lep, rsa])
    assert found is not None
    assert found.gone == ("rsa",)
    assert not found.is_none
