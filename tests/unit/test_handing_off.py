"""A hand-off, step by step: nothing leaves against the person's will, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

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


@pytest.mark.parametrize(
    "words", ["quand mon mari n'est pas là", "ma mère de 82 ans tombe le soir"]
)
def test_hours_with_other_words_leave_after_a_yes(chat: Chat, words: str) -> None:
    """They may be a story: the person says whether they are hours."""
    at(chat, Stage.HANDOFF_HOURS).say(words)
    assert chat.sent == []
    assert "Est-ce bien quand on peut vous joindre sans risque ?" in chat.text
    chat.say("pourquoi cette question ?")
    assert "Est-ce bien quand on peut vous joindre sans risque ?" in chat.text
    chat.say("oui")
    assert [case.contact.safe_hours for case in chat.sent] == [words]
    assert chat.sent[0].contact.phone == "+33612345678"


@pytest.mark.parametrize(
    ("answer", "hours"), [("non", None), ("plutôt le matin", "plutôt le matin")]
)
def test_hours_that_are_not_confirmed_do_not_leave(
    chat: Chat, answer: str, hours: str | None
) -> None:
    """A no stops everything; other hours replace them."""
    at(chat, Stage.HANDOFF_HOURS).say("quand mes enfants dorment")
    chat.say(answer)
    assert [case.contact.safe_hours for case in chat.sent] == ([hours] if hours else [])


def test_a_danger_forgets_hours_that_wait_for_a_yes(chat: Chat) -> None:
    """The « oui » that follows an alert adds the danger, and confirms nothing written before."""
    at(chat, Stage.HANDOFF_HOURS).say("quand mes enfants dorment")
    chat.say("mon mari me frappe")
    chat.say("oui")
    assert chat.sent == []
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "« mon mari me frappe »" in chat.text
    chat.say("oui")
    assert chat.session.stage is Stage.HANDOFF_HOURS
    chat.say("le matin")
    assert [case.sheet.urgency_rule for case in chat.sent] == ["violence_couple"]


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
    assert "Dites-le en quelques mots" in chat.text


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
    chat.say("azerty")
    assert "Donnez un téléphone ou une adresse e-mail" in chat.text


# ------------------------------------------------------------------------------ danger


def test_after_a_danger_the_contact_is_asked_again_and_nothing_is_lost(chat: Chat) -> None:
    """The alert comes first; the words are kept, and leave only once they are shown."""
    at(chat, Stage.HANDOFF_CONTACT).say("mon mari me frappe il rentre ce soir")
    assert chat.reply.messages[0].kind is MessageKind.URGENT
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    assert "Comment peut-on vous joindre ?" in chat.text
    assert "Ce que vous venez d’écrire n’est pas dedans" in chat.text
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
    """Who goes on without adding it is asked once more, then sends what was shown, and no more."""
    shown = at(chat, Stage.HANDOFF_CONTACT).session.sheet
    chat.say("mon mari me frappe")
    chat.say(PHONE)
    chat.say("le matin")
    assert chat.sent == []
    chat.press("Envoyer sans l’ajouter")
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
    assert "Voici tout ce que l’équipe va lire" in chat.text


# ------------------------------------------------------------- a no, then a yes after all


@pytest.mark.parametrize("no", ["non", "pas maintenant", "j'ai changé d'avis", "n'envoyez rien"])
@pytest.mark.parametrize("yes", ["oui envoyez", "finalement oui", "ok allez-y", "envoyez"])
def test_a_yes_after_a_no_takes_the_hand_off_up_again(chat: Chat, no: str, yes: str) -> None:
    """What was read has not changed: only the contact is asked, even over a question."""
    at(chat, Stage.HANDOFF_CONSENT).say(no)
    assert DECLINED in chat.text
    chat.say(yes, Intent.CORRECT)
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    chat.say(PHONE)
    chat.say("le matin")
    (case,) = chat.sent
    assert (case.contact.phone, case.sheet.words) == ("+33612345678", (STORY,))


@pytest.mark.parametrize("answer", ["ok", "d'accord", "oui", "merci"])
def test_a_word_that_only_acknowledges_the_no_sends_nothing(chat: Chat, answer: str) -> None:
    """« ok » after « je n’envoie rien » is no consent."""
    at(chat, Stage.HANDOFF_CONSENT).say("non")
    chat.say(answer)
    assert chat.session.stage not in STEPS
    assert chat.sent == []


def test_what_was_told_since_the_no_is_shown_before_it_leaves(chat: Chat) -> None:
    """The sheet has changed: it is read again before a yes."""
    at(chat, Stage.HANDOFF_CONSENT).say("non")
    chat.say("j'ai 45 ans")
    chat.say("oui envoyez")
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "l’âge : 45 ans" in chat.text


def test_a_no_to_the_commune_is_taken_back_at_the_commune(
    knowledge: Knowledge, now: datetime
) -> None:
    """Nothing had been read yet: the consent still comes."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.send("do:ask_human")
    chat.say("non")
    chat.say("oui envoyez")
    assert chat.session.stage is Stage.HANDOFF_COMMUNE


def test_a_no_after_the_contact_forgets_it(chat: Chat) -> None:
    """A yes that follows asks for the contact again: it was not kept."""
    at(chat, Stage.HANDOFF_HOURS).say("non")
    assert chat.session.contact is None
    chat.say("finalement oui")
    assert chat.session.stage is Stage.HANDOFF_CONTACT


# ------------------------------------------------------------------- no way to be reached


@pytest.mark.parametrize(
    ("words", "intent", "offer"),
    [
        ("je n'ai pas de téléphone", Intent.DENY, "Une adresse e-mail suffit."),
        ("pas mon numéro", Intent.DENY, "Une adresse e-mail suffit."),
        ("je ne veux pas donner mon numéro", Intent.DENY, "Une adresse e-mail suffit."),
        ("pas de mail", Intent.DENY, "Un numéro de téléphone suffit."),
        ("j'ai pas d'adresse mail", Intent.ASK_PLACE, "Un numéro de téléphone suffit."),
        ("j'ai ni téléphone ni mail", Intent.DENY, "Ou allez sur place"),
        ("aucun des deux", Intent.DENY, "Ou allez sur place"),
    ],
)
def test_no_telephone_is_no_refusal(chat: Chat, words: str, intent: Intent, offer: str) -> None:
    """The request is kept, and another way is offered: somebody else's number, a place."""
    at(chat, Stage.HANDOFF_CONTACT).say(words, intent)
    assert "Je garde votre demande" in chat.text
    assert offer in chat.text
    assert "le numéro d’un proche" in chat.text or "celui d’un proche" in chat.text
    assert "Je préfère aller sur place" in chat.offered()
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    chat.say(PHONE)
    chat.say("le matin")
    assert len(chat.sent) == 1


def test_no_telephone_after_all_is_no_hours(chat: Chat) -> None:
    """The number that was given leads to nobody: it is forgotten and another way is asked."""
    at(chat, Stage.HANDOFF_HOURS).say("en fait j'ai plus de téléphone")
    assert chat.sent == []
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    assert chat.session.contact is None
    assert "Une adresse e-mail suffit." in chat.text
    chat.say("paul@example.org")
    chat.say("pas de téléphone avant 18h")
    assert [case.contact.safe_hours for case in chat.sent] == ["pas de téléphone avant 18h"]


def test_one_way_then_the_other_missing_leads_to_a_place(chat: Chat) -> None:
    """Both are remembered: places with their address are shown."""
    at(chat, Stage.HANDOFF_CONTACT).say("pas de téléphone")
    chat.say("pas de mail non plus")
    assert "Ou allez sur place" in chat.text
    shown = [place for message in chat.reply.messages for place in message.places or []]
    assert "9 place Saint-Louis, 41000 Blois" in [place.address for place in shown]
    assert all(place.address for place in shown)


def test_without_a_commune_the_departement_is_where_to_go(
    knowledge: Knowledge, now: datetime
) -> None:
    """Its address is shown, and it answers for everybody."""
    chat = Chat(with_rules_only(knowledge), now)
    chat.send("do:ask_human")
    chat.press("Je ne sais pas")
    chat.press("Oui, envoyer ma demande")
    chat.say("j'ai ni tel ni mail")
    shown = [place for message in chat.reply.messages for place in message.places or []]
    assert [place.address for place in shown] == [
        "Hôtel du Département, place de la République, 41000 Blois"
    ]


@pytest.mark.parametrize("typed", [True, False])
def test_who_goes_in_person_may_still_send(chat: Chat, typed: bool) -> None:
    """The request stays ready."""
    at(chat, Stage.HANDOFF_CONTACT)
    if typed:
        chat.say("je préfère y aller")
    else:
        chat.press("Je préfère aller sur place")
    assert "je garde votre demande ici" in chat.text
    assert chat.session.stage not in STEPS
    assert chat.sent == []
    chat.say("oui envoyez")
    assert chat.session.stage is Stage.HANDOFF_CONTACT


def test_somebody_else_s_number_is_told_to_the_professional(chat: Chat) -> None:
    """Who answers may know nothing: the team must know whose number it is."""
    at(chat, Stage.HANDOFF_CONTACT).say("le numéro de ma voisine 06 12 34 56 78")
    assert "votre voisine" in chat.text
    chat.say("le matin")
    (case,) = chat.sent
    assert (case.contact.phone, case.contact.whose) == ("+33612345678", "ma voisine")


def test_one_s_own_number_is_nobody_else_s(chat: Chat) -> None:
    """A number alone is the person's."""
    at(chat, Stage.HANDOFF_HOURS).say("le matin")
    assert [case.contact.whose for case in chat.sent] == [None]


# ------------------------------------------------------------------------ a wrong contact


def test_a_wrong_number_is_given_again_before_it_leaves(chat: Chat) -> None:
    """« je me suis trompé de numéro » is no hour."""
    at(chat, Stage.HANDOFF_HOURS).say("je me suis trompé de numéro")
    assert chat.session.stage is Stage.HANDOFF_CONTACT
    assert chat.session.contact is None
    chat.say("07 83 34 56 78")
    chat.say("le matin")
    assert [case.contact.phone for case in chat.sent] == ["+33783345678"]


def test_a_wrong_number_found_too_late_is_sent_again(chat: Chat) -> None:
    """The team reads why the request comes twice; nothing leaves without a second yes."""
    at(chat, Stage.HANDOFF_HOURS).say("le matin")
    chat.session.case_code = "CDF347"
    chat.say("je me suis trompé de numéro c'est le 07 83 34 56 78", Intent.CORRECT)
    assert "déjà partie avec l’ancien contact" in chat.text
    assert chat.reply.said == "je me suis trompé de numéro c'est le (masqué)"
    assert len(chat.sent) == 1
    chat.say("oui")
    chat.say("le soir")
    again = chat.sent[-1]
    assert again.contact.phone == "+33783345678"
    assert again.sheet.words[-1] == "je me suis trompé de numéro c'est le (masqué)"


def test_hours_that_no_longer_hold_are_sent_again(chat: Chat) -> None:
    """« Plus le soir, il est là »: the team must read it; nothing leaves without a yes."""
    at(chat, Stage.HANDOFF_HOURS).say("le soir")
    chat.session.case_code = "CDF347"
    chat.say("ne m'appelez plus le soir, il est là")
    assert "déjà partie avec les heures d’avant" in chat.text
    assert len(chat.sent) == 1
    chat.say("oui")
    chat.say("07 83 34 56 78")
    chat.say("le matin")
    again = chat.sent[-1]
    assert (again.contact.safe_hours, len(chat.sent)) == ("le matin", 2)
    assert again.sheet.words[-1] == "ne m'appelez plus le soir, il est là"


def test_a_request_that_has_left_is_withdrawn_by_erasing(chat: Chat) -> None:
    """« annulez ma demande » is answered, and says what it costs."""
    at(chat, Stage.HANDOFF_HOURS).say("le matin")
    chat.session.case_code = "CDF347"
    chat.say("annulez ma demande")
    assert "Votre demande est déjà partie. Son code est CDF347." in chat.text
    assert "efface tout" in chat.text


# ---------------------------------------------------------------------------- the days


def test_the_day_said_is_shown_and_leaves(chat: Chat) -> None:
    """Told in the interview, it is in the sheet."""
    chat.say("l'huissier vient lundi")
    at(chat, Stage.HANDOFF_CONSENT)
    assert "La date que vous avez dite : lundi 30 novembre" in chat.text
    chat.say("oui")
    chat.say(PHONE)
    chat.say("le matin")
    deadline = chat.sent[0].sheet.deadline
    assert deadline is not None
    assert (deadline.day, deadline.words) == (date(2026, 11, 30), "l'huissier vient lundi")


def test_the_day_stays_the_one_of_the_day_it_was_said(chat: Chat) -> None:
    """Two days later, « demain » is yesterday's tomorrow."""
    chat.say("je suis expulsé vendredi en huit")
    chat.now += timedelta(days=3)
    at(chat, Stage.HANDOFF_CONSENT)
    assert "vendredi 4 décembre" in chat.text


def test_a_day_told_at_the_consent_is_shown_before_it_leaves(chat: Chat) -> None:
    """It is more of the story."""
    at(chat, Stage.HANDOFF_CONSENT).say("l'audience est lundi")
    assert chat.session.stage is Stage.HANDOFF_CONSENT
    assert "« l'audience est lundi »" in chat.text
    assert "La date que vous avez dite : lundi 30 novembre" in chat.text


def test_hours_are_no_deadline(chat: Chat) -> None:
    """« lundi » answers when to call."""
    at(chat, Stage.HANDOFF_HOURS).say("lundi matin")
    assert [case.sheet.deadline for case in chat.sent] == [None]
    assert chat.session.deadline is None


@pytest.mark.parametrize(
    ("day", "hour", "reads"),
    [(27, 20, "lundi 30 novembre"), (28, 11, "lundi 30 novembre"), (25, 20, "jeudi 26 novembre")],
    ids=["Friday evening", "Saturday", "Wednesday evening"],
)
def test_out_of_hours_the_day_of_reading_is_told_before_the_consent(
    chat: Chat, day: int, hour: int, reads: str
) -> None:
    """Nobody agrees thinking that somebody reads on a Saturday."""
    chat.now = datetime(2026, 11, day, hour, tzinfo=UTC)
    at(chat, Stage.HANDOFF_CONSENT)
    assert f"Elle peut lire la vôtre à partir du {reads}." in chat.text


def test_in_office_hours_nothing_is_said_of_the_day(chat: Chat) -> None:
    """It would only be one more line to read."""
    at(chat, Stage.HANDOFF_CONSENT)
    assert "à partir du" not in chat.text
