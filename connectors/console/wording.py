"""What the console says, in French: steps, history, delays; the filters of its templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from assistant.business_days import french_day, french_moment
from assistant.conversation import ReportedFact
from assistant.handoff import PROVENANCE_LABELS, Outcome, Status
from connectors.handoff.cases import theme_label
from connectors.handoff.contact import display_phone
from connectors.handoff.email import FAILURES, Kind
from connectors.tables import OutboxStatus
from knowledge_base.facts import FACTS, Fact

_STEPS: Final = {
    Status.DRAFT: "Pas encore envoyée",
    Status.SENT: "À lire",
    Status.READ: "Lue, à prendre",
    Status.TAKEN: "Prise en charge",
    Status.CLOSED: "Terminée",
    Status.REFUSED: "À réorienter",
    Status.UNREACHABLE: "Personne pas encore jointe",
    Status.EXPIRED: "Délai dépassé, à prendre",
    Status.WITHDRAWN: "Retirée par la personne",
}

_EVENTS: Final = {
    "consent": "a donné son accord pour l’envoi",
    "sent": "a envoyé la demande",
    "read": "a ouvert la demande",
    "taken": "a pris la demande, et en voit les coordonnées",
    "reply": "a répondu par e-mail",
    "released": "a remis la demande dans la liste",
    "unreachable": "n’a pas réussi à joindre la personne",
    "closed": "a terminé la demande",
    "reopened": "a rouvert la demande",
    "note": "a laissé une note",
    "expired": "a signalé que le délai est dépassé",
    "withdrawn": "a retiré la demande",
}

_EMAIL_KINDS: Final = {
    Kind.NOTIFICATION.value: "Annonce de la demande",
    Kind.REMINDER.value: "Relance",
    Kind.REPLY.value: "Réponse à la personne",
    Kind.REVIEW.value: "Fiches et lieux à relire",
}

_EMAIL_STATES: Final = {
    OutboxStatus.PENDING.value: "va partir",
    OutboxStatus.SENT.value: "parti",
    OutboxStatus.DEAD.value: "n’est pas parti",
    OutboxStatus.HELD.value: "reste ici : aucun serveur d’e-mail n’est réglé",
}

#: Shown after an action, by the word in the address.
DONE: Final = {
    "ouverte": "La demande est ouverte.",
    "prise": "Cette demande est à vous.",
    "remise": "La demande est de nouveau dans la liste.",
    "pas-jointe": "C’est noté. La personne voit que vous avez essayé.",
    "repondu": "Votre réponse est dans la file d’envoi.",
    "terminee": "La demande est terminée.",
    "rouverte": "La demande est rouverte. Elle est à vous.",
    "notee": "La note est dans l’historique. La personne ne la voit pas.",
    "relance": "Un nouvel envoi va être essayé.",
}

LOGIN_REFUSED: Final = (
    "Identifiant ou mot de passe incorrect. Après cinq essais, il faut attendre trois minutes."
)
LOGIN_TOO_MANY: Final = "Trop d’essais. Attendez {wait} avant de recommencer."
LOGIN_BUSY: Final = "Beaucoup de connexions en même temps. Recommencez dans un moment."
PAGE_EXPIRED: Final = "Cette page a expiré. Revenez à la liste et recommencez."
SESSION_CHANGED: Final = "Votre session a changé. Rien n’a été envoyé, et rien n’est perdu."
SESSION_BACK: Final = "Vous êtes de nouveau connecté. Rien n’a été envoyé, et rien n’est perdu."
NOT_SENT: Final = "Rien n’a encore été envoyé. Relisez, puis envoyez."
CHOOSE_OUTCOME: Final = "Choisissez comment la demande se termine."
NO_CODE: Final = "Aucune demande n’a ce code. Vérifiez ses six caractères."
NO_PAGE: Final = "Cette page n’existe pas."
NO_CASE: Final = "Cette demande n’existe pas, ou elle a été effacée."
CHANGED: Final = "Cette demande vient de changer. Relisez-la et recommencez."


def step(status: str) -> str:
    """Return the step of a case, for a professional."""
    return next((label for known, label in _STEPS.items() if known.value == status), status)


def outcome(value: str) -> str:
    """Return how a case ended."""
    return next((known.label for known in Outcome if known.value == value), value)


def fact_name(name: str) -> str:
    """Return what an answer is about: « l’âge »."""
    return next((FACTS[fact].label_of_anybody for fact in Fact if fact.value == name), name)


def provenance(fact: ReportedFact) -> str:
    """Return where an answer comes from."""
    return PROVENANCE_LABELS[fact.provenance]


def how_long(seconds: float) -> str:
    """Return how long to wait, rounded up: « 40 s », « 3 min »."""
    return f"{ceil(seconds)} s" if seconds <= 60 else f"{ceil(seconds / 60)} min"


def ago(moment: datetime, now: datetime) -> str:
    """Return the age of something: « il y a 3 h »."""
    age = max(now - moment, timedelta())
    if age < timedelta(minutes=1):
        return "à l’instant"
    if age < timedelta(hours=1):
        return f"il y a {age.seconds // 60} min"
    if age < timedelta(days=1):
        return f"il y a {age.seconds // 3600} h"
    return "il y a 1 jour" if age.days == 1 else f"il y a {age.days} jours"


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "moment": french_moment,
    "said_day": french_day,
    "ago": ago,
    "step": step,
    "outcome": outcome,
    "theme": theme_label,
    "phone": display_phone,
    "fact_name": fact_name,
    "provenance": provenance,
    "event": lambda kind: _EVENTS.get(kind, kind),
    "email_kind": lambda kind: _EMAIL_KINDS.get(kind, kind),
    "email_state": lambda state: _EMAIL_STATES.get(state, state),
    "failure": lambda code: FAILURES.get(code, code),
}
