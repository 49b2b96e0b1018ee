"""No labelled message is a near copy of what anything learns from: by words, and by meaning.

A failure gives identifiers, never texts: the sets that are published are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from connectors.settings import Settings
from knowledge_base import evaluation_copies
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.encoder import USE, load_encoder, unit
from knowledge_base.evaluation_copies import COPY_COSINE, Learnt
from knowledge_base.holdout import compared
from knowledge_base.remembered import Remembering
from knowledge_base.tokens import words

_QUALITY = Path(__file__).parents[1] / "quality"
_NLU = Path(__file__).parents[2] / "assistant" / "dialogue" / "nlu"
_ANNOTATED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")

#: Looked at one by one on 27 November 2026.
_FACTS = "a message of facts, read by rules and by a head that learns from « train facts » only"
_OPENING = "only a common opening is shared; the rest of the train message is another story"
_PHRASE = "a question that everybody asks in these words, and that no fact is read from"
_NOT_READ = (
    "of a set that is published: known by its identifier only, and kept because the "
    "figures published so far count it"
)
_SHORT = "a few words that everybody uses, of a set that is never published"
_EXCEPTIONS = {
    **{("sayings", one): _SHORT for one in ("dn063", "dn209")},
    **{("nlu", one): _SHORT for one in ("dn073", "dn150", "dn153")},
    **{("dangers", one): _SHORT for one in ("dn121", "dn127", "dn142", "dn230")},
    ("sayings", "ft024"): _OPENING,  # « est-ce que je peux venir… »
    ("sayings", "ft119"): _FACTS,
    ("sayings", "fc019"): _OPENING,  # « est-ce qu’on peut avoir… »
    ("sayings", "fd008"): _FACTS,
    ("sayings", "fd013"): _OPENING,  # « … je dois me faire soigner les dents »
    ("sayings", "fd031"): _FACTS,
    ("sayings", "ff015"): _OPENING,  # « quel est le plafond de ressources pour… »
    ("sayings", "ff029"): _PHRASE,
    ("sayings", "fj027"): _OPENING,  # « est-ce qu’on peut refuser… »
    ("sayings", "fk023"): _OPENING,  # « notre fils a dix-sept mois », inside a long story
    ("sayings", "qF31029"): "the official title of a sheet, four words long",
    ("sayings", "qF34736"): "the official title of a sheet: « est-ce que la trêve hivernale »",
    ("nlu", "fk078"): _PHRASE,
    ("dangers", "fc018"): _PHRASE,  # « mes deux enfants sont placés », of facts
    ("dangers", "ft024"): _OPENING,
    ("dangers", "dt155"): "a decoy of « couteau sous la gorge »: the idiom is what is measured",
    ("dangers", "du065"): "a question about a foster home for the old; no danger on either side",
    ("facts", "fb025"): _OPENING,  # « il dort au 115 quand il y a de la place »
    ("facts", "fd031"): _OPENING,  # « mon fils de 15 ans ne va plus… », another age is measured
    ("facts", "ff008"): _OPENING,  # « ma copine et moi on dort dans la voiture »
    ("facts", "fj011"): _PHRASE,  # « vous êtes ouverts le samedi matin »
    ("sayings", "dv135"): _NOT_READ,
    ("sayings", "dv249"): _NOT_READ,
    ("sayings", "r120"): _NOT_READ,
    ("nlu", "r120"): _NOT_READ,
    ("nlu", "r311"): _NOT_READ,
    ("off_topic", "r311"): _NOT_READ,  # out of scope
    ("tune", "dv202"): _NOT_READ,
}
_SOURCES = ("sayings", "nlu", "off_topic", "dangers", "facts", "tune")


def messages(paths: Iterable[Path]) -> dict[str, str]:
    """Return id → text of the files (``path/number`` where messages have no id)."""
    found = {}
    for path in paths:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        rows = loaded["messages"] if isinstance(loaded, dict) else loaded
        for number, row in enumerate(rows):
            plain = {"text": row} if isinstance(row, str) else row
            found[plain.get("id", f"{path.stem}/{number}")] = plain["text"]
    return found


def files(*folders: str) -> dict[str, str]:
    """Return the messages of every file of the folders of ``tests/quality``."""
    return messages(path for name in folders for path in sorted((_QUALITY / name).glob("*.yml")))


def examples() -> list[str]:
    """Return what the intents of Rasa learn from, without the marks of the entities."""
    found = []
    for path in sorted(_NLU.glob("*.yml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for block in loaded["nlu"]:
            lines = block.get("examples", "").splitlines()
            found += [_ANNOTATED.sub(r"\1", line[2:]) for line in lines if line.startswith("- ")]
    return found


def learnt(source: str, catalogue: Catalogue) -> Iterable[str]:
    """Return the texts of a ``source``; what is published is compared with « tune » too."""
    if source == "sayings":
        return [text for ways in catalogue.sayings.values() for text in ways]
    if source == "nlu":
        return examples()
    if source == "facts":
        return files("train/facts").values()
    if source == "tune":
        return files("tune").values()
    paths = [DATA / "hors_sujet.yml"] if source == "off_topic" else (DATA / "dangers").glob("*.yml")
    return messages(paths).values()


@pytest.mark.parametrize("source", _SOURCES)
def test_no_labelled_message_repeats_a_learnt_text(source: str, catalogue: Catalogue) -> None:
    """Half of its 4-grams in one text of the source; an exception that is over must go too."""
    labelled = files("report") if source == "tune" else files("tune", "report")
    near = evaluation_copies.near_by_words(Learnt.of(learnt(source, catalogue)), labelled)
    assert near == {one for name, one in _EXCEPTIONS if name == source}


def test_no_short_message_of_needs_is_a_learnt_one(catalogue: Catalogue) -> None:
    """Too short for 4-grams, and yet the same words but for those that say nothing."""
    told = {
        " ".join(words(text))
        for source in ("sayings", "nlu", "off_topic", "dangers", "facts")
        for text in learnt(source, catalogue)
    }
    short = messages(_QUALITY / name / "needs_short.yml" for name in ("tune", "report"))
    assert {one for one, text in short.items() if " ".join(words(text)) in told} == set()


def test_no_message_of_needs_means_what_a_saying_means(catalogue: Catalogue) -> None:
    """By an encoder that learnt nothing here: the sayings compared one by one.

    « eval » counts the same among all the sayings, which takes minutes.
    """
    encoder = Remembering(load_encoder(USE, threads=2), Settings().vectors)
    told = encoder.encode_query(
        [text for ways in catalogue.sayings.values() for text in compared(ways)]
    )
    paths = sorted(path for name in ("tune", "report") for path in (_QUALITY / name).glob("needs*"))
    needs = messages(paths)
    common = told.mean(axis=0)
    cosines = unit(encoder.encode_query(list(needs.values())) - common) @ unit(told - common).T
    nearest = cosines.max(axis=1)
    near = {one for one, cosine in zip(needs, nearest, strict=True) if cosine >= COPY_COSINE}
    assert near == set()


def test_every_labelled_message_has_a_name_of_its_own() -> None:
    """The exceptions name them: an id that two messages share would hide one."""
    rows = [path for name in ("tune", "report") for path in (_QUALITY / name).glob("*.yml")]
    assert sum(len(messages([path])) for path in rows) == len(files("tune", "report"))


def test_what_is_a_near_copy_by_words() -> None:
    """Six words in a row that make half of a message, or all of a message of five or six."""
    source = Learnt.of(["Je n'ai plus de quoi payer mon loyer ce mois-ci", "vos horaires svp"])
    assert evaluation_copies.shared(source, "je n’ai plus de quoi payer le gaz") == pytest.approx(
        2 / 3
    )
    assert evaluation_copies.shared(source, "de quoi payer mon loyer") == 1.0
    assert evaluation_copies.shared(source, "je n’ai plus de travail depuis mai") == 0.0
    assert evaluation_copies.shared(source, "vos horaires svp") == 0.0
