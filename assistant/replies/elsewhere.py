"""Who lives outside the Loir-et-Cher: what is known here, what is not, and who can tell more."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from assistant.answer import line_cards
from assistant.messages import Message
from assistant.names import Response
from assistant.replies import places, steps
from assistant.talk import HUMAN, Talk
from knowledge_base.facts import Fact
from knowledge_base.tokens import all_words

CITIES: Final = Path(__file__).parents[1] / "far_cities.yml"
#: The national line that tells where to go, everywhere in France.
_LINE: Final = "allo_service_public_3939"
_LIVES: Final = (
    r"(?:je |j |on |nous |moi )(?:suis |sommes )?"
    r"(?:habit\w*|vi[st]|vivons|loge|logeons|reside|demeure|suis|sommes|installee?s?)"
    r"(?: maintenant| actuellement| toujours)?"
)
#: Those who may live somewhere else than the person who writes.
_APART: Final = frozenset({"parent", "relative", "someone_else"})
_AT: Final = r"(?:a|sur|vers|dans|pres de|a cote de)"
_POSTAL: Final = r"\d{5}"
#: Words around the name of a city in an answer to « dans quelle commune habitez-vous ? ».
_ANSWER: Final = r"(?:(?:je|j|on|nous|habite|habitons|vis|suis|c est|moi) )*(?:a |sur |vers )?"


def notice(talk: Talk) -> None:
    """Keep in mind a home far away, before anything is asked: the commune is then not."""
    if Fact.COMMUNE not in talk.session.facts and _lives_far(talk):
        _keep(talk)


def answered(talk: Talk) -> bool:
    """Keep the city or the postal code far away that answers « dans quelle commune ? »."""
    far = _answers(talk)
    if far:
        _keep(talk)
    return far


def is_outside(talk: Talk) -> bool:
    """Tell whether the person lives outside the Loir-et-Cher, where its own aids are not given."""
    commune = talk.commune
    return not commune.is_ours if commune is not None else talk.session.far


def _keep(talk: Talk) -> None:
    talk.session.far = True
    talk.session.skipped.append(Fact.COMMUNE)


def _answers(talk: Talk) -> bool:
    plain = " ".join(all_words(talk.turn.text))
    match = re.fullmatch(rf"{_ANSWER}(?P<place>{_cities()}|{_POSTAL})", plain)
    return match is not None and _is_far(talk, match["place"])


def read_commune(talk: Talk) -> None:
    """Read the commune asked to show places; far away, there is none to show."""
    if talk.turn.value is None and (answered(talk) or _lives_far(talk)):
        talk.session.misunderstood = 0
        talk.session.elsewhere = False  # a place was asked for: it is said again
        steps.done(talk)
    else:
        places.read_commune(talk)


def tell(talk: Talk) -> None:
    """Say once that the places known are those of the Loir-et-Cher."""
    session = talk.session
    if session.elsewhere or not is_outside(talk):
        return
    session.elsewhere = True
    talk.first(
        Message(
            text=talk.knowledge.wording.say(Response.ELSEWHERE),
            choices=[HUMAN],
            lines=line_cards((_LINE,), talk.knowledge.catalogue.lines),
            discreet=session.discreet,
        )
    )


def before_sending(talk: Talk) -> None:
    """Say, before the consent, what our team can do for somebody who lives elsewhere."""
    if is_outside(talk):
        lines = line_cards((_LINE,), talk.knowledge.catalogue.lines)
        talk.add(talk.knowledge.wording.say(Response.HANDOFF_ELSEWHERE), lines=lines)


def _lives_far(talk: Talk) -> bool:
    plain = " ".join(all_words(talk.turn.text))
    match = re.search(rf"\b{_LIVES} (?:{_AT} )?(?P<place>{_cities()}|{_POSTAL})\b", plain)
    if match is None or not _is_far(talk, match["place"]):
        return False
    about = talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date()).get(Fact.FOR_WHOM)
    known = talk.session.facts.get(Fact.FOR_WHOM, about)
    return known is None or known.value not in _APART


def _is_far(talk: Talk, place: str) -> bool:
    return not place.isdigit() or not talk.knowledge.communes.by_postal_code(place)


@cache
def _cities() -> str:
    names = yaml.safe_load(CITIES.read_text(encoding="utf-8"))
    return "(?:" + "|".join(map(re.escape, names)) + ")"
