"""A hand-off, step by step: nothing leaves against the person's will, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.conversation import Session, Stage
from assistant.handoff import FINAL, Status
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from assistant.names import Intent
from assistant.receipt import PublicStatus
from assistant.urgency import DangerWatch
from knowledge_base.facts import Fact
from knowledge_base.places import phone_in_french
from knowledge_base.vocabulary import Theme
from tests.fakes.chat import Chat, with_rules_only

STORY = "je n'arrive plus à payer mon loyer, je suis locataire du privé à Blois"
PHONE = "06 12 34 56 78"
DECLINED = "D’accord, je n’envoie rien."
SINCE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def chat(knowledge: Knowledge, now: datetime) -> Chat:
    """Give somebody in Blois who told a need, heard with the rules of danger alone."""
    started = Chat(with_rules_only(knowledge), now)
    started.say(STORY)
    return started


def at(chat: Chat, stage: Stage) -> Chat:
    """Bring the hand-off to ``stage``."""
    if stage is Stage.HANDOFF_COMMUNE:
        del chat.session.facts[Fact.COMMUNE]
    chat.send("do:ask_human")
    if stage in (Stage.HANDOFF_CONTACT, Stage.HANDOFF_HOURS):
        chat.press("Oui, envoyer ma demande")
    if stage is Stage.HANDOFF_HOURS:
        chat.say(PHONE)
    assert chat.session.stage is stage
    return chat


STEPS = [
    Stage.HANDOFF_COMMUNE, Stage.HANDOFF_CONSENT, Stage.HANDOFF_CONTACT, Stage.HANDOFF_HOURS,
]  # fmt: skip


# ---------------------------------------------------------------------------- refusing


@pytest.mark.parametrize("stage", STEPS)
@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("non finalement n'envoyez rien", Intent.CORRECT),
        ("n'envoyez rien", Intent.DESCRIBE_NEED),
        ("j'ai changé d'avis", Intent.FALLBACK),
        ("non", Intent.DENY),
        ("laissez tomber", Intent.INFORM),
        ("je ne veux plus", Intent.REFUSE_TO_ANSWER),
    ],
)
def test_a_refusal_in_words_stops_everything_and_is_said(
    chat: Chat, stage: Stage, words: str, intent: Intent
) -> None:
    """Whatever is asked and however the engine reads it, nothing leaves and the person knows."""
    at(chat, stage).say(words, intent)
    assert chat.sent == []
    assert DECLINED in chat.text
    assert "02 54 58 41 41" in chat.text or "02 54 58 43 79" in chat.text, chat.text
    assert chat.session.stage not in STEPS
    assert (chat.session.contact, chat.session.sheet) == (None, None)


def test_hours_with_a_no_in_them_are_hours(chat: Chat) -> None:
    """« pas avant 18 h » sends the case with these very words."""
    at(chat, Stage.HANDOFF_HOURS).say("pas avant 18 h", Intent.DENY)
    (case,) = chat.sent
    assert case.contact.safe_hours == "pas avant 18 h"
    assert case.contact.phone == "+33612345678"


@pytest.mark.parametrize(
    "words", ["oui", "azerty", "j'hésite encore", "qui va m'appeler ?", "au revoir", "bonne soirée"]
)
def test_words_that_tell_no_hour_send_nothing(chat: Chat, words: str) -> None:
    """What was not understood is asked again; the hand-off and the number are kept."""
    at(chat, Stage.HANDOFF_HOURS).say(words)
    assert chat.sent == []
    assert chat.session.stage is Stage.HANDOFF_HOURS
    assert "À n’importe quelle heure" in chat.offered()
    chat.say("le matin")
    assert [case.contact.phone for case in chat.sent] == ["+33612345678"]


def test_another_number_instead_of_hours_replaces_the_first(chat: Chat) -> None:
    """« non, plutôt le… » is no hour and no refusal."""
    at(chat, Stage.HANDOFF_HOURS).say("non appelez plutôt le 07 83 34 56 78")
    assert chat.session.stage is Stage.HANDOFF_HOURS
    assert chat.reply.said == "votre numéro (masqué)"
    chat.say("le matin")
    assert [case.contact.phone for case in chat.sent] == ["+33783345678"]


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        ("À n’importe quelle heure", "À n’importe quelle heure"),
        ("Je ne sais pas", "Pas précisé par la personne"),
    ],
)
def test_hours_may_be_any_or_unknown(chat: Chat, answer: str, hours: str) -> None:
    """Not knowing is not « any hour »: the professional reads the difference."""
    at(chat, Stage.HANDOFF_HOURS).press(answer)
    assert [case.contact.safe_hours for case in chat.sent] == [hours]


def test_hours_too_long_are_not_cut_in_silence(chat: Chat) -> None:
    """What would be cut is asked again."""
    at(chat, Stage.HANDOFF_HOURS).say("le matin " * 30)
    assert chat.sent == []
    assert "deux cents lettres" in chat.text


# --------------------------------------------------------------------------- consenting


@pytest.mark.parametrize(
    "words",
    ["peut-être", "c'est qui cette équipe ?", "oui mais pas mon numéro", "je comprends pas"],
)
def test_only_a_clear_yes_is_a_consent(chat: Chat, words: str) -> None:
    """Even read as « affirm » with certainty, a doubt is asked again clearly."""
    at(chat, Stage.HANDOFF_CONSENT).say(words, Intent.AFFIRM, 0.99)
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert list(chat.offered()) == ["Oui, envoyer ma demande", "Non, ne rien envoyer"]
    assert chat.sent == []


@pytest.mark.parametrize("words", ["oui", "d'accord", "ok vas-y", "oui envoyez"])
def test_a_short_yes_is_a_consent(chat: Chat, words: str) -> None:
    """Whatever the engine reads, an explicit yes goes on to the contact."""
    at(chat, Stage.HANDOFF_CONSENT).say(words, Intent.FALLBACK, 0.1)
    assert chat.session.stage is Stage.HANDOFF_CONTACT


def test_what_is_told_instead_of_a_yes_is_shown_before_it_leaves(chat: Chat) -> None:
    """More of the story is heard, and shown again for consent."""
    at(chat, Stage.HANDOFF_CONSENT).say("et aussi j'ai 45 ans et deux enfants")
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "« et aussi j'ai 45 ans et deux enfants »" in chat.text
    assert "45 ans" in chat.text


# ------------------------------------------------------------------------ no commune


@pytest.mark.parametrize(
    "answer",
    [
        "Je ne sais pas",
        "Je préfère ne pas dire",
        pytest.param("je sais pas", id="in words: unknown"),
        pytest.param("je préfère ne pas le dire", id="in words: refused"),
        pytest.param("j'ai pas de commune, je dors dans ma voiture", id="nowhere"),
    ],
)
def test_without_a_commune_the_departement_is_competent(
    knowledge: Knowledge, now: datetime, answer: str
) -> None:
    """A person who has, knows or says no commune still reaches a human."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.send("do:ask_human")
    if answer in chat.offered():
        chat.press(answer)
    else:
        chat.say(answer)
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "Département de Loir-et-Cher" in chat.text
    chat.press("Oui, envoyer ma demande")
    chat.say(PHONE)
    chat.press("À n’importe quelle heure")
    (case,) = chat.sent
    assert case.sheet.place_id == "cg-41018-01"
    assert "commune" not in case.sheet.facts


def test_a_commune_not_found_twice_is_no_wall(knowledge: Knowledge, now: datetime) -> None:
    """The first time it is asked again with a number to call, the second time it goes on."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.send("do:ask_human")
    chat.say("à Perpète-les-Oies")
    assert "Je ne trouve pas cette commune" in chat.text
    assert "02 54 58 41 41" in chat.text
    chat.say("Perpète")
    assert chat.session.stage is Stage.HANDOFF_CONSENT


def test_whom_to_call_is_known_everywhere(knowledge: Knowledge, now: datetime) -> None:
    """Every theme, in every commune of ours or in none, has somebody with a telephone."""
    directory = knowledge.directory
    codes = ["", *(commune.code_insee for commune in knowledge.communes.ours())]
    for theme in Theme:
        assert directory.competent(theme, "").phone
        for code in codes:
            answering = directory.contact(directory.competent(theme, code))
            assert answering is None or not answering.phone or phone_in_french(answering.phone)


def test_a_wrong_number_is_explained_with_another_way(chat: Chat) -> None:
    """The failure says what to correct and whom to call."""
    at(chat, Stage.HANDOFF_CONTACT).say("06 12")
    assert "n’a pas l’air complet" in chat.text
    assert "Vous pouvez aussi téléphoner vous-même : " in chat.text
    chat.say("j'ai pas de téléphone")
    assert "Donnez un téléphone ou une adresse e-mail" in chat.text


# ------------------------------------------------------------------------------ danger


def test_after_a_danger_the_contact_is_asked_again_and_nothing_is_lost(chat: Chat) -> None:
    """The alert comes first; the words are kept, and leave only once they are shown."""
    at(chat, Stage.HANDOFF_CONTACT).say("mon mari me frappe il rentre ce soir")
    assert chat.reply.messages[0].kind is MessageKind.URGENT
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    assert "Comment peut-on vous joindre ?" in chat.text
    assert "Elle ne contient pas ce que vous venez d’écrire" in chat.text
    chat.press("Ajouter ce que je viens d’écrire")
    assert "« mon mari me frappe il rentre ce soir »" in chat.text
    assert "Demande urgente : violences dans le couple ou la famille." in chat.text
    chat.press("Oui, envoyer ma demande")
    chat.say(PHONE)
    chat.say("le matin")
    (case,) = chat.sent
    assert case.sheet.words[-1] == "mon mari me frappe il rentre ce soir"
    assert case.sheet.urgency_rule == "violence_couple"


def test_a_danger_told_after_the_consent_does_not_leave_unseen(chat: Chat) -> None:
    """Who goes on without adding it sends what was shown, and no more."""
    shown = at(chat, Stage.HANDOFF_CONTACT).session.sheet
    chat.say("mon mari me frappe")
    chat.say(PHONE)
    chat.say("le matin")
    assert [case.sheet for case in chat.sent] == [shown]
    assert chat.sent[0].sheet.urgency_rule is None


def test_a_number_in_a_cry_for_help_is_taken(chat: Chat) -> None:
    """The number is not asked again, and is not kept among the words."""
    at(chat, Stage.HANDOFF_CONTACT).say("il me frappe appelez moi au 06 12 34 56 78")
    assert chat.session.stage is Stage.HANDOFF_HOURS
    assert chat.session.needs[-1] == "il me frappe appelez moi au (masqué)"
    assert chat.reply.said == "il me frappe appelez moi au (masqué)"


def test_a_danger_with_a_withdrawal_stops_the_hand_off(chat: Chat) -> None:
    """« n'envoyez rien, il me frappe »: the alert, and nothing leaves."""
    at(chat, Stage.HANDOFF_HOURS).say("n'envoyez rien il me frappe")
    assert chat.reply.messages[0].kind is MessageKind.URGENT
    assert DECLINED in chat.text
    assert chat.session.stage not in STEPS


class Alarmed:
    """An encoder that takes every message for a danger, as it may be wrong on short ones."""

    def read(self, _: str) -> dict[str, float]:
        """Be certain."""
        return {"any": 0.9, "suicide": 0.9, "hunger": 0.05}


@pytest.fixture
def alarmed(chat: Chat) -> Chat:
    """Give the same person, heard by an assistant that raises the alert each time."""
    rules = chat.knowledge.dangers.rules
    chat.knowledge = replace(chat.knowledge, dangers=DangerWatch(rules, Alarmed()))
    return chat


@pytest.mark.parametrize("stage", STEPS)
@pytest.mark.parametrize(
    "words", ["je ne veux plus", "non merci", "laissez tomber", "non finalement n'envoyez rien"]
)
def test_a_refusal_is_no_danger(alarmed: Chat, stage: Stage, words: str) -> None:
    """Asked whether to send, « je ne veux plus » says no: nothing leaves, and no alert."""
    at(alarmed, stage).say(words)
    assert DECLINED in alarmed.reply.messages[0].text
    assert alarmed.session.stage not in STEPS


def test_plain_answers_are_no_dangers(alarmed: Chat) -> None:
    """From the commune to the hours, the encoder alone raises no alert and loses no answer."""
    at(alarmed, Stage.HANDOFF_COMMUNE)
    for words in ("à Blois", "oui envoyez", "c'est le 06 12 34 56 78", "pas avant 18 h"):
        alarmed.say(words)
        assert MessageKind.URGENT not in [message.kind for message in alarmed.reply.messages]
    (case,) = alarmed.sent
    assert (case.contact.phone, case.contact.safe_hours) == ("+33612345678", "pas avant 18 h")
    assert case.sheet.words == (STORY,)


@pytest.mark.parametrize("stage", STEPS)
@pytest.mark.parametrize(
    "words", ["je veux plus vivre", "je veux pas qu'il le sache il va me tuer", "je veux mourir"]
)
def test_a_danger_that_sounds_like_a_no_does_not_lose_the_hand_off(
    chat: Chat, stage: Stage, words: str
) -> None:
    """The numbers come first, nothing leaves, and the way to a human stays open."""
    at(chat, stage).say(words)
    assert chat.reply.messages[0].kind is MessageKind.URGENT
    assert chat.session.stage is stage
    assert chat.sent == []


def test_words_beside_a_number_are_kept(chat: Chat) -> None:
    """« il me frappe » is not lost because the number was read too."""
    at(chat, Stage.HANDOFF_CONTACT).say("il me frappe 06 12 34 56 78")
    assert chat.session.needs[-1] == "il me frappe (masqué)"
    assert chat.session.stage is Stage.HANDOFF_HOURS


@pytest.mark.parametrize("stage", STEPS)
def test_not_wanting_that_somebody_knows_is_not_a_refusal(chat: Chat, stage: Stage) -> None:
    """What is not clearly a no is asked again; nothing leaves meanwhile."""
    at(chat, stage).say("je veux pas que mon mari le sache")
    assert chat.sent == []
    assert chat.session.stage is stage


def test_a_rule_speaks_even_in_a_plain_answer(alarmed: Chat) -> None:
    """Plain words never silence what a person wrote as a rule."""
    at(alarmed, Stage.HANDOFF_CONSENT).say("je veux plus vivre")
    assert alarmed.reply.messages[0].kind is MessageKind.URGENT


@pytest.mark.parametrize("words", ["il me frappe tous les soirs", "le soir il me frappe"])
def test_a_danger_that_names_an_hour_is_not_hours(chat: Chat, words: str) -> None:
    """Told for the first time or again, it is heard as a danger, and the hours are asked."""
    at(chat, Stage.HANDOFF_HOURS)
    for _ in range(2):
        chat.say(words)
        assert chat.reply.messages[0].kind is MessageKind.URGENT
        assert chat.session.stage is Stage.HANDOFF_HOURS
    assert chat.sent == []


@pytest.mark.parametrize("stage", STEPS)
def test_a_cry_for_help_sends_nothing(chat: Chat, stage: Stage) -> None:
    """« au secours venez maintenant » gives the numbers; « maintenant » is no safe hour."""
    at(chat, stage).say("au secours venez maintenant", Intent.EMERGENCY)
    assert any(message.kind is MessageKind.URGENT for message in chat.reply.messages)
    assert chat.session.stage is stage
    assert chat.sent == []


def test_a_number_in_a_cry_for_help_is_not_asked_again(chat: Chat) -> None:
    """What the step asks is taken, whatever the engine makes of the rest."""
    at(chat, Stage.HANDOFF_CONTACT).say("vite rappelez moi au 06 12 34 56 78", Intent.EMERGENCY)
    assert chat.session.stage is Stage.HANDOFF_HOURS


# ------------------------------------------------------------------------- a second one


def standing(status: Status) -> PublicStatus:
    """Return what the code of a case in ``status`` gives."""
    return PublicStatus(status, status.label, SINCE, None, None, "MDS de Blois")


@pytest.mark.parametrize("status", [one for one in Status if one not in FINAL])
def test_an_open_case_is_shown_with_what_can_be_done(chat: Chat, status: Status) -> None:
    """Its code, where it stands, a number, and three ways on."""
    chat.session.case_code, chat.cases = "CDF347", {"CDF347": standing(status)}
    chat.send("do:ask_human")
    assert "CDF347" in chat.text
    assert status.label in chat.text
    assert "Pour parler à quelqu’un au téléphone : " in chat.text
    assert {"Où en est ma demande ?", "Ajouter ou demander autre chose", "J’ai un autre souci"} <= (
        set(chat.offered())
    )
    chat.press("Ajouter ou demander autre chose")
    assert chat.session.stage is Stage.HANDOFF_CONSENT


@pytest.mark.parametrize("status", sorted(FINAL))
def test_once_a_case_is_over_another_is_possible(chat: Chat, status: Status) -> None:
    """Closed or withdrawn, also after « recommencer », the way to a human is open."""
    chat.session.case_code, chat.cases = "CDF347", {"CDF347": standing(status)}
    chat.send("do:ask_human")
    assert chat.session.stage is Stage.HANDOFF_CONSENT


def test_a_case_that_is_gone_leaves_room_for_another(chat: Chat) -> None:
    """Past its conservation the code gives nothing: a new request begins."""
    chat.session.case_code = "CDF347"
    chat.say("je veux parler à quelqu'un")
    assert chat.session.stage is Stage.HANDOFF_CONSENT


# --------------------------------------------------------------------------------- codes


def test_a_wrong_code_is_asked_again_until_it_is_right(knowledge: Knowledge, now: datetime) -> None:
    """The second code is a code, not a need."""
    chat = Chat(with_rules_only(knowledge), now, cases={"CDFHJK": standing(Status.TAKEN)})
    chat.say("où en est ma demande ?")
    for wrong in ("CDF347", "je ne retrouve plus mon papier", "cdf 34"):
        chat.say(wrong)
        assert chat.session.stage is Stage.CASE_CODE, wrong
    chat.say("c'est le cdfhjk")
    assert Status.TAKEN.label in chat.text
    assert chat.session.stage is Stage.OPEN
    assert chat.session.needs == []


def test_who_lost_the_code_is_told_whom_to_call(knowledge: Knowledge, now: datetime) -> None:
    """The step ends: asking for ever what somebody does not have is a wall."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.say("où en est ma demande ?")
    chat.say("je sais pas")
    assert "Sans le code" in chat.text
    assert "02 54 58 41 41" in chat.text
    assert chat.session.stage is Stage.OPEN


def test_the_session_of_an_older_version_is_read(knowledge: Knowledge, now: datetime) -> None:
    """A consent asked without a sheet is asked again with it."""
    stored = {"stage": "handoff_consent", "facts": {"commune": {"value": "41018"}}}
    chat = Chat(with_rules_only(knowledge), now, session=Session.model_validate(stored))
    chat.say("oui")
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "Voici tout ce qu’elle lirait" in chat.text
