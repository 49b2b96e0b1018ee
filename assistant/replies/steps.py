"""The steps outside the interview: what each one asks, why, and how it is taken up again.

A step (a commune for the places, a consent, a contact, a code…) never drops the question of
the interview that waits under it: ``Session.pending`` stays, and ``paused`` keeps the steps
that another one interrupted. ``assistant.waiting`` ends each reply with what waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.conversation import Stage
from assistant.messages import ChoiceButton, MessageKind
from assistant.names import Response
from assistant.request_sheet import in_words, sheet_of
from assistant.talk import HUMAN, OTHER_NEED, Talk

CONSENT_YES: Final = "consent:yes"
CONSENT_NO: Final = "consent:no"
ADD_WORDS: Final = "consent:add"
GO_THERE: Final = "contact:go"
COMMUNE: Final = "commune:"  # and a code INSEE
COMMUNE_UNKNOWN: Final = "commune:unknown"
COMMUNE_REFUSED: Final = "commune:refused"
ANY_HOURS: Final = "hours:any"
UNKNOWN_HOURS: Final = "hours:unknown"
ERASE_YES: Final = "erase:yes"
ERASE_NO: Final = "erase:no"

ANY: Final = ChoiceButton(label="À n’importe quelle heure", value=ANY_HOURS)
#: Offered when something was written after the consent: it is not in what will be sent.
ADD: Final = ChoiceButton(label="Ajouter ce que je viens d’écrire", value=ADD_WORDS)
WITHOUT: Final = ChoiceButton(label="Envoyer sans l’ajouter", value=CONSENT_YES)
YES: Final = ChoiceButton(label="Oui, envoyer ma demande", value=CONSENT_YES)
GO: Final = ChoiceButton(label="Je préfère aller sur place", value=GO_THERE)
_NO: Final = ChoiceButton(label="Non, ne rien envoyer", value=CONSENT_NO)
_NO_COMMUNE: Final = (
    ChoiceButton(label="Je ne sais pas", value=COMMUNE_UNKNOWN),
    ChoiceButton(label="Je préfère ne pas dire", value=COMMUNE_REFUSED),
)
_UNKNOWN: Final = ChoiceButton(label="Je ne sais pas", value=UNKNOWN_HOURS)
_ERASE: Final = (
    ChoiceButton(label="Oui, tout effacer", value=ERASE_YES),
    ChoiceButton(label="Non, garder", value=ERASE_NO),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step asks, the reason given for it, and the answers it offers."""

    question: Response
    why: Response
    choices: tuple[ChoiceButton, ...]
    kind: MessageKind = MessageKind.HANDOFF


STEPS: Final[Mapping[Stage, Step]] = {
    Stage.PLACES_COMMUNE: Step(
        Response.ASK_COMMUNE_FOR_PLACES,
        Response.WHY_PLACES_COMMUNE,
        (*_NO_COMMUNE, HUMAN),
        MessageKind.QUESTION,
    ),
    Stage.HANDOFF_COMMUNE: Step(
        Response.HANDOFF_COMMUNE, Response.WHY_HANDOFF_COMMUNE, (*_NO_COMMUNE, _NO)
    ),
    Stage.HANDOFF_CONSENT: Step(Response.HANDOFF_CONSENT, Response.WHY_CONSENT, (YES, _NO)),
    Stage.HANDOFF_CONTACT: Step(Response.HANDOFF_CONTACT, Response.WHY_CONTACT, (GO, _NO)),
    Stage.HANDOFF_HOURS: Step(Response.HANDOFF_HOURS, Response.WHY_HOURS, (ANY, _UNKNOWN, _NO)),
    Stage.CASE_CODE: Step(
        Response.CASE_ASK_CODE, Response.WHY_CODE, (OTHER_NEED, HUMAN), MessageKind.QUESTION
    ),
    Stage.ERASE_CONFIRM: Step(
        Response.ERASE_CONFIRM, Response.WHY_ERASE, _ERASE, MessageKind.QUESTION
    ),
}
#: The steps that ask for a commune.
COMMUNES: Final = frozenset({Stage.PLACES_COMMUNE, Stage.HANDOFF_COMMUNE})
#: The steps of a hand-off.
HANDOFF: Final = frozenset(stage for stage in STEPS if stage.value.startswith("handoff"))


def ask(talk: Talk, stage: Stage) -> None:
    """Put the question of ``stage`` and wait for its answer."""
    given = talk.session.contact
    if stage is Stage.HANDOFF_HOURS and given is not None and given.safe_hours is not None:
        ask_as(talk, stage, Response.HANDOFF_HOURS_CONFIRM, YES)
        return
    if stage is not Stage.HANDOFF_CONSENT:
        ask_as(talk, stage, STEPS[stage].question)
        return
    sheet = talk.session.sheet or sheet_of(talk)
    talk.session.sheet = sheet
    ask_as(
        talk,
        stage,
        Response.HANDOFF_CONSENT,
        place=sheet.place_name,
        summary=in_words(sheet, talk.knowledge),
    )


def ask_as(talk: Talk, stage: Stage, words: Response, *more: ChoiceButton, **values: str) -> None:
    """Ask what ``stage`` asks in other words, with ``more`` choices first."""
    step = STEPS[stage]
    talk.session.stage = stage
    talk.asked = True
    meant = talk.communes_meant(COMMUNE) if stage in COMMUNES else []
    talk.say(words, kind=step.kind, choices=[*more, *meant, *step.choices], **values)


def step_aside(talk: Talk, stage: Stage, words: Response | None = None) -> None:
    """Ask what ``stage`` asks; the step that was going on is taken up again afterwards."""
    session = talk.session
    if session.stage in STEPS and session.stage is not stage:
        session.paused.append(session.stage)
    if words is None:
        ask(talk, stage)
    else:
        ask_as(talk, stage, words)


def done(talk: Talk) -> None:
    """End the step; what it interrupted comes back at the end of the reply."""
    talk.session.stage = Stage.OPEN
