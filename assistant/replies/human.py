"""« Parler à quelqu’un »: what will be sent, consent, contact, safe hours, and the case.

Nothing leaves before the person said yes to what is shown.
"""

from __future__ import annotations

from collections import Counter

from assistant.conversation import ContactGiven, OpenCase, Stage
from assistant.knowledge import ContactRefused
from assistant.messages import ChoiceButton, MessageKind
from assistant.names import Intent, Response
from assistant.replies import places
from assistant.talk import RESTART, Talk
from assistant.understanding.labels import value_label
from knowledge_base.facts import FACTS, Fact
from knowledge_base.places import Place
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Theme

CONSENT_YES = "consent:yes"
CONSENT_NO = "consent:no"
ANY_HOURS = "hours:any"
_WORDS_SHOWN = 300  # characters of the person's words shown before consent
_MAX_HOURS = 200  # characters


def begin(talk: Talk) -> None:
    """Show what will be sent and to whom, and ask for consent; first the commune."""
    talk.close_question()
    if talk.session.case_code is not None:
        talk.say(Response.HANDOFF_ALREADY, code=talk.session.case_code)
        return
    if talk.commune is None:
        talk.session.stage = Stage.HANDOFF_COMMUNE
        talk.say(Response.HANDOFF_COMMUNE, kind=MessageKind.HANDOFF, choices=[_NO])
        return
    talk.session.stage = Stage.HANDOFF_CONSENT
    talk.say(
        Response.HANDOFF_CONSENT,
        kind=MessageKind.HANDOFF,
        choices=[_YES, _NO],
        place=competent(talk).name,
        summary=summary(talk),
    )


_YES = ChoiceButton(label="Oui, envoyer ma demande", value=CONSENT_YES)
_NO = ChoiceButton(label="Non, ne rien envoyer", value=CONSENT_NO)
_ANY = ChoiceButton(label="À n’importe quelle heure", value=ANY_HOURS)


def commune(talk: Talk) -> None:
    """Read the commune, needed to find who is competent."""
    if _declines(talk):
        return
    found = places.find_commune(talk)
    if found is None:
        talk.say(Response.COMMUNE_NOT_FOUND, kind=MessageKind.HANDOFF, choices=[_NO])
        return
    places.remember_commune(talk, found)
    begin(talk)


def consent(talk: Talk) -> None:
    """Read yes or no to what was shown."""
    if _declines(talk):
        return
    if talk.turn.value == CONSENT_YES or talk.turn.intent is Intent.AFFIRM:
        talk.session.stage = Stage.HANDOFF_CONTACT
        talk.say(Response.HANDOFF_CONTACT, kind=MessageKind.HANDOFF, choices=[_NO])
        return
    begin(talk)


def contact(talk: Talk) -> None:
    """Read the phone number or the e-mail address."""
    if talk.turn.value == CONSENT_NO:
        decline(talk)
        return
    try:
        given = talk.knowledge.contact(talk.turn.text)
    except ContactRefused as refused:
        if _declines(talk):
            return
        talk.say(
            Response.HANDOFF_CONTACT_INVALID,
            kind=MessageKind.HANDOFF,
            choices=[_NO],
            reason=str(refused),
        )
        return
    talk.session.contact = given
    talk.session.stage = Stage.HANDOFF_HOURS
    talk.say(Response.HANDOFF_HOURS, kind=MessageKind.HANDOFF, choices=[_ANY, _NO])


def hours(talk: Talk) -> None:
    """Read when it is safe to call back, then open the case."""
    if talk.turn.value == CONSENT_NO:
        decline(talk)
        return
    given = talk.session.contact
    if given is None:
        begin(talk)
        return
    said = "" if talk.turn.value == ANY_HOURS else talk.turn.text.strip()[:_MAX_HOURS]
    talk.session.stage = Stage.OPEN
    talk.effects.append(case_of(talk, given.model_copy(update={"safe_hours": said or None})))


def case_of(talk: Talk, contact: ContactGiven) -> OpenCase:
    """Return the case to open for the conversation, with the place that is competent."""
    place = competent(talk)
    return OpenCase(
        theme=theme(talk).value,
        needs=_needs(talk),
        urgent=talk.session.danger is not None,
        place_id=place.id,
        place_name=place.name,
        contact=contact,
    )


def decline(talk: Talk) -> None:
    """Nothing is sent; the conversation stays useful."""
    talk.session.stage = Stage.OPEN
    talk.session.contact = None
    talk.say(Response.HANDOFF_DECLINED, choices=[RESTART])
    places.show_human(talk)


def competent(talk: Talk) -> Place:
    """Return the place to which the case goes, by theme and commune."""
    here = talk.commune
    code = here.code_insee if here is not None else ""
    known = talk.session.facts.get(Fact.AGE)
    age = int(known.low) if known is not None and known.low is not None else None
    return talk.knowledge.directory.competent(theme(talk), code, age=age)


def theme(talk: Talk) -> Theme:
    """Return the theme of the case: the danger's, or the most weighty of the candidates'."""
    rule = talk.knowledge.dangers.rules.get(talk.session.danger or "")
    if rule is not None:
        return rule.theme
    weight: Counter[Theme] = Counter()
    for entry_id, score in talk.session.candidates.items():
        entry = talk.knowledge.catalogue.entries.get(entry_id)
        if entry is not None:
            weight[entry.themes[0]] += round(score * 1000)
    return weight.most_common(1)[0][0] if weight else Theme.ACCES_AUX_DROITS


def summary(talk: Talk) -> str:
    """Return, in words, exactly what the professional will read."""
    words = " / ".join(talk.session.needs)
    shown = words if len(words) <= _WORDS_SHOWN else words[:_WORDS_SHOWN].rstrip() + "…"
    facts = [
        f"{FACTS[fact].label} : {value_label(fact, known, talk.knowledge.communes)}"
        for fact, known in talk.session.facts.items()
    ]
    parts = [f"« {shown} »"] if shown else []
    return "\n".join([*parts, *facts])


def _needs(talk: Talk) -> list[str]:
    if talk.session.shown:
        return list(talk.session.shown)
    scores = talk.session.candidates
    return sorted(scores, key=lambda entry_id: -scores[entry_id])[:3]


def _declines(talk: Talk) -> bool:
    typed = fold(talk.turn.text).strip(" .!")
    if (
        talk.turn.value == CONSENT_NO
        or talk.turn.intent is Intent.DENY
        or typed in ("non", "nan", "non merci", "annuler", "stop")
    ):
        decline(talk)
        return True
    return False
