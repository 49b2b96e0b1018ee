"""The needs offered behind a door are entries of the catalogue, in the themes of the door."""

from __future__ import annotations

import pytest

from assistant.doors import DOORS
from assistant.topics import load_topics
from knowledge_base.catalogue import Catalogue
from knowledge_base.vocabulary import Theme


def test_every_need_is_answered_by_entries_of_its_theme(catalogue: Catalogue) -> None:
    """The entries exist, and the first one is about the theme of the need."""
    for name, topic in load_topics().topics.items():
        assert set(topic.entries) <= set(catalogue.entries), name
        assert topic.theme in catalogue.entries[topic.entries[0]].themes, name


def test_a_label_is_short_and_names_one_need() -> None:
    """Six lines are read on a telephone, and a label says which need was chosen."""
    labels = [topic.label for topic in load_topics().topics.values()]
    assert len(set(labels)) == len(labels)
    assert max(len(label) for label in labels) <= 40
    assert not any("'" in label for label in labels)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)
def test_a_door_offers_six_needs_of_its_themes(door: object) -> None:
    """Each theme of the door but the rarest has its needs."""
    topics = load_topics()
    offered = topics.of_door(door.id)  # type: ignore[attr-defined]
    assert len(offered) == 6
    themes = {topics.topics[one.value.removeprefix("topic:")].theme for one in offered}
    assert themes <= set(door.themes)  # type: ignore[attr-defined]


def test_every_theme_that_may_be_named_has_at_least_three_needs() -> None:
    """Violence is never named on a button."""
    topics = load_topics()
    for theme in set(Theme) - {Theme.VIOLENCES}:
        assert 3 <= len(topics.of_theme(theme)) <= 6, theme
    assert topics.of_theme(Theme.VIOLENCES) == []


def test_a_need_of_a_button_is_read_back() -> None:
    """An old page may send a need that no longer exists."""
    topics = load_topics()
    assert topics.of_choice("topic:loyer") == topics.topics["loyer"]
    assert topics.of_choice("topic:chateau") is None
    assert topics.of_choice("loyer") is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("je cherche du travail", "Chercher un travail"),
        ("Bonjour, je cherche du boulot svp", "Chercher un travail"),
        ("j'habite Blois, j'ai 30 ans, je cherche un emploi", "Chercher un travail"),
        ("j'arrive plus à finir le mois", "Plus d’argent avant la fin du mois"),
        ("je cherche du travail pour ma fille handicapée", None),
        ("je ne cherche plus de travail", None),
        ("bonjour", None),
        ("", None),
    ],
)
def test_the_simplest_sentences_say_their_need(text: str, label: str | None) -> None:
    """A clause must be the sentence and nothing more; a courtesy is no word of it."""
    found = load_topics().in_words(text)
    assert (None if found is None else found.label) == label


def test_no_sentence_says_two_needs() -> None:
    """Whichever came first would win."""
    said = [one for topic in load_topics().topics.values() for one in topic.said]
    assert len({one.casefold() for one in said}) == len(said)
