"""The console: what professionals see, what they do, and what nobody can do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from assistant.conversation import SaidDay
from assistant.handoff import Contact
from connectors.console.wording import ago
from connectors.database import ConversationRecord, Database, OutboxRecord
from connectors.encryption import Vault
from connectors.handoff.email import DeliveryFailed, MemoryMailer
from connectors.handoff.follow_up import take
from connectors.handoff.outbox import OutboxWorker
from connectors.privacy import erase_conversation
from tests.integration.consoles import (
    BENOIT,
    REQUEST,
    START,
    World,
    act,
    log_in,
    text_of,
)


@pytest.fixture
def world(database: Database) -> World:
    """Give a console with two professionals and no case."""
    return World(database)


def test_pages_carry_the_headers_that_protect_them(world: World) -> None:
    """Nothing from outside, no inline script or style, no frame, nothing kept by the browser."""
    browser = world.browser()
    csrf = log_in(browser)
    case_id = world.case()
    act(browser, case_id, "take", csrf)
    for path in ("/console/login", "/console", f"/console/cases/{case_id}"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(
            r"<script(?! src=\"/console/static/[a-z]+\.js\?v=[0-9a-f]{12}\" defer></script>)"
            r"|<style|\sstyle=|\son\w+=|javascript:",
            answer.text,
        )


def test_the_style_sheet_is_served_and_kept(world: World) -> None:
    """The address of the style sheet changes with its content, so it may be kept a year."""
    browser = world.browser()
    page = browser.get("/console/login").text
    found = re.search(r'href="(/console/static/console\.css\?v=[0-9a-f]{12})"', page)
    assert found is not None
    answer = browser.get(found.group(1))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert browser.get("/console/static/..%2Fauth.py").status_code == 404
    assert browser.get("/console/static/autre.css").status_code == 404


def test_the_list_puts_urgent_cases_first_then_the_oldest(world: World) -> None:
    """Urgent before usual, old before new; each with its step, age, due date and owner."""
    first = world.case(replace(REQUEST, words=("a",)), START - timedelta(days=3))
    second = world.case(replace(REQUEST, words=("b",)), START - timedelta(hours=2))
    urgent = world.case(replace(REQUEST, words=("c",), urgent=True), START - timedelta(days=4))
    newer = world.case(replace(REQUEST, words=("d",), urgent=True), START - timedelta(minutes=5))
    with world.database.session() as session:
        take(session, first, world.benoit, START)
    browser = world.browser()
    log_in(browser)
    page = browser.get("/console").text
    order = re.findall(r'<h3><a href="/console/cases/([^"]+)"', page)
    assert order == [urgent, newer, first, second]
    text = text_of(page)
    assert "En cours (4)" in text
    assert (
        f"Demande {world.record(urgent).code} Urgent En retard À lire Logement "
        "Arrivée il y a 4 jours À prendre avant lundi 23 novembre à 10 h 30 "
        "Commune Vendôme Lieu prévu MDS de Vendôme"
    ) in text
    assert (
        f"Demande {world.record(first).code} Prise en charge Logement Arrivée il y a 3 jours "
        "Commune Vendôme Prise par Benoît Petit Lieu prévu MDS de Vendôme"
    ) in text
    assert "mon loyer" not in text


def test_the_list_shows_the_emails_that_did_not_leave(world: World) -> None:
    """A dead letter is shown with its reason and can be tried again; a held one says why."""
    case_id = world.case()
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("recipient_refused", permanent=True)
    worker = OutboxWorker(world.database, world.vault, mailer, world.clock)
    worker.drain()
    browser = world.browser()
    csrf = log_in(browser)
    code = world.record(case_id).code
    assert (
        f"Annonce de la demande, demande {code} : 1 essai, l’adresse est refusée par le "
        "serveur du destinataire. Réessayer"
    ) in text_of(browser.get("/console").text)
    with world.database.reading() as session:
        email_id = session.scalars(select(OutboxRecord.id)).one()
    answer = browser.post(f"/console/emails/{email_id}/retry", data={"csrf": csrf})
    assert answer.headers["location"] == "/console?fait=relance"
    assert world.woken == 1
    mailer.failure = None
    assert worker.drain().sent == 1
    assert "E-mails qui ne sont pas partis" not in browser.get("/console").text


def test_held_emails_say_that_the_cases_are_here(world: World) -> None:
    """Without an SMTP server the list says so, and that nothing is lost."""
    world.case()
    OutboxWorker(world.database, world.vault, None, world.clock).drain()
    browser = world.browser()
    log_in(browser)
    text = text_of(browser.get("/console").text)
    assert "Aucune demande n’est perdue. Seul l’e-mail manque." in text
    assert "reste ici : aucun serveur d’e-mail n’est réglé." in text


def test_reading_a_page_changes_nothing(world: World) -> None:
    """A link checker that follows every address leaves the case as « sent »."""
    case_id = world.case()
    browser = world.browser()
    log_in(browser)
    before = world.record(case_id)
    for path in ("", "/open", "/take", "/release", "/reply", "/close"):
        browser.get(f"/console/cases/{case_id}{path}")
    after = world.record(case_id)
    assert (after.status, after.version) == ("sent", before.version) == ("sent", 1)


def test_before_opening_nothing_about_the_person_is_shown(world: World) -> None:
    """The page of an unopened case has its code, theme and place; no word, no contact."""
    case_id = world.case()
    browser = world.browser()
    log_in(browser)
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "Ouvrir la demande" in text
    for secret in ("loyer", "HLM", "Canari", "06 12", "dominique@"):
        assert secret not in text


def test_an_opened_case_shows_what_the_person_agreed_to_send(world: World) -> None:
    """Words, needs, answers with their provenance, contact and safe hours, what was proposed."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    assert act(browser, case_id, "open", csrf) == 303
    assert world.record(case_id).status == "read"
    page = browser.get(f"/console/cases/{case_id}?fait=ouverte").text
    text = text_of(page)
    for expected in (
        "La demande est ouverte.",
        "Ce que la personne a dit je peux plus payer <b>mon loyer</b>",
        "Besoins compris Aide du FSL",
        "Le logement Locataire d’un logement social (HLM) (répondu à une question)",
        "Déjà proposé à la personne APL",
        "Commune Vendôme",
        "Seule la personne qui a pris la demande voit les coordonnées.",
        "La personne a donné son accord pour l’envoi.",
        "Alice Martin a ouvert la demande.",
        "Annonce de la demande : va partir.",
    ):
        assert expected in text
    assert "<b>" not in page
    assert not _contact_in(page)


def test_the_danger_that_was_noticed_is_shown(world: World) -> None:
    """The professional reads which rule of danger fired, in French."""
    case_id = world.case(replace(REQUEST, urgent=True, urgency_rule="partner_violence"))
    browser = world.browser()
    act(browser, case_id, "open", log_in(browser))
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "Signal de danger repéré : violences dans le couple" in text


def _contact_in(page: str) -> bool:
    """Tell whether a page shows anything of how to reach the person."""
    return any(one in page for one in ("612345678", "06 12 34", "dominique@", "Canari", "le matin"))


def test_taking_a_case_shows_how_to_reach_the_person(world: World) -> None:
    """Name, phone, e-mail and safe hours come with « Je prends », and the history says who."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "open", csrf)
    act(browser, case_id, "take", csrf)
    page = browser.get(f"/console/cases/{case_id}").text
    text = text_of(page)
    assert (
        "Nom Dominique Canari Téléphone 06 12 34 56 78 "
        "Message vocal ou SMS Non : ne laissez pas de message "
        "E-mail dominique@example.org Quand appeler le matin"
    ) in text
    assert 'href="tel:+33612345678"' in page
    assert "Alice Martin a pris la demande, et en voit les coordonnées." in text


def test_a_case_given_back_hides_the_contact_again(world: World) -> None:
    """Who released the case keeps the words, not the contact nor what was written to the person."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    act(browser, case_id, "reply", csrf, text="Venez jeudi à 10 h.", reply_key="k")
    assert "Venez jeudi" in browser.get(f"/console/cases/{case_id}").text
    act(browser, case_id, "release", csrf)
    page = browser.get(f"/console/cases/{case_id}").text
    assert "mon loyer" in page
    assert not _contact_in(page)
    assert "Venez jeudi" not in page


def test_the_contact_is_hidden_from_others_once_taken(world: World) -> None:
    """Benoît opened the case too; he reads the words, never the phone, before nor after."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    alice_csrf, benoit_csrf = log_in(alice), log_in(benoit, "benoit", BENOIT)
    act(benoit, case_id, "open", benoit_csrf)
    assert not _contact_in(benoit.get(f"/console/cases/{case_id}").text)
    assert act(alice, case_id, "take", alice_csrf) == 303
    text = text_of(benoit.get(f"/console/cases/{case_id}").text)
    assert "mon loyer" in text
    assert not _contact_in(text)
    assert "Seule la personne qui a pris la demande voit les coordonnées." in text
    assert "06 12 34 56 78" in alice.get(f"/console/cases/{case_id}").text


def test_the_second_to_take_is_told(world: World) -> None:
    """Benoît, a moment too late, sees who has the case; nothing changes."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    act(alice, case_id, "take", log_in(alice))
    csrf = log_in(benoit, "benoit", BENOIT)
    answer = benoit.post(f"/console/cases/{case_id}/take", data={"csrf": csrf})
    assert answer.status_code == 409
    text = text_of(answer.text)
    assert "Cette demande est déjà prise par une autre personne." in text
    assert "Prise par Alice Martin" in text
    assert world.record(case_id).owner_id == world.alice


def test_a_case_from_taking_to_closing(world: World) -> None:
    """Take, not reached, take again, reply, close: each step is done, noted and shown."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    for action in ("take", "not-reached", "take"):
        assert act(browser, case_id, action, csrf) == 303
    page = browser.get(f"/console/cases/{case_id}").text
    key = re.search(r'name="reply_key" value="([^"]+)"', page)
    assert key is not None
    for _ in range(2):
        fields = {"text": "Venez jeudi à 10 h.", "reply_key": key.group(1)}
        assert act(browser, case_id, "reply", csrf, **fields) == 303
    assert act(browser, case_id, "close", csrf, outcome="appointment") == 303
    assert (world.record(case_id).status, world.record(case_id).outcome) == (
        "closed",
        "appointment",
    )
    mailer = MemoryMailer()
    OutboxWorker(world.database, world.vault, mailer, world.clock).drain()
    assert [letter.to for letter in mailer.letters] == [
        "mds@example.org",
        "dominique@example.org",
    ]
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    for expected in (
        "Résultat Un rendez-vous est pris",
        "Alice Martin a pris la demande, et en voit les coordonnées.",
        "Alice Martin n’a pas réussi à joindre la personne.",
        "Alice Martin a répondu par e-mail. Venez jeudi à 10 h.",
        "Alice Martin a terminé la demande.",
        "Réponse à la personne : parti.",
    ):
        assert expected in text
    assert "Je prends" not in text
    assert "Terminées (1)" in text_of(browser.get("/console").text)


def test_releasing_gives_the_case_back(world: World) -> None:
    """After a release the case is in the list again and Benoît may take it."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    csrf = log_in(alice)
    act(alice, case_id, "take", csrf)
    assert act(alice, case_id, "release", csrf) == 303
    assert "Alice Martin a remis la demande dans la liste." in text_of(
        alice.get(f"/console/cases/{case_id}").text
    )
    assert act(benoit, case_id, "take", log_in(benoit, "benoit", BENOIT)) == 303
    assert world.record(case_id).owner_id == world.benoit


def test_a_reply_that_cannot_leave_keeps_what_was_written(world: World) -> None:
    """Too long a reply gives a sentence, and the text is still in the form."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    answer = browser.post(
        f"/console/cases/{case_id}/reply",
        data={"csrf": csrf, "text": "é" * 5001, "reply_key": "k"},
    )
    assert answer.status_code == 422
    assert "Cette réponse est trop longue." in text_of(answer.text)
    assert "é" * 5001 in answer.text


def test_without_an_address_no_reply_is_offered(world: World) -> None:
    """A person with a phone only is called: there is no form that could not work."""
    case_id = world.case(replace(REQUEST, contact=Contact(phone="+33612345678")))
    browser = world.browser()
    act(browser, case_id, "take", log_in(browser))
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "Répondre par e-mail" not in text
    assert "Terminer la demande" in text


def test_closing_needs_an_outcome_of_the_list(world: World) -> None:
    """No outcome, or an invented one, is refused with a sentence; the case stays open."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    for outcome in ("", "inventé"):
        answer = browser.post(
            f"/console/cases/{case_id}/close", data={"csrf": csrf, "outcome": outcome}
        )
        assert answer.status_code == 422
        assert "Choisissez comment la demande se termine." in text_of(answer.text)
    assert world.record(case_id).status == "taken"


@pytest.mark.parametrize(
    "path",
    ["cases/{id}/open", "cases/{id}/take", "cases/{id}/release", "cases/{id}/not-reached",
     "cases/{id}/reply", "cases/{id}/close", "cases/{id}/reopen", "cases/{id}/note",
     "emails/1/retry", "logout"],
)  # fmt: skip
@pytest.mark.parametrize("csrf", ["", "faux"])
def test_a_form_of_a_stranger_does_nothing(world: World, path: str, csrf: str) -> None:
    """Without the token of the session every action is refused, and nothing changes."""
    case_id = world.case()
    browser = world.browser()
    log_in(browser)
    answer = browser.post(f"/console/{path.format(id=case_id)}", data={"csrf": csrf})
    assert answer.status_code == 403
    assert "Cette page a expiré." in text_of(answer.text)
    assert world.record(case_id).version == 1
    assert browser.get("/console").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["cases/{id}/open", "cases/{id}/take", "cases/{id}/release", "cases/{id}/not-reached",
     "cases/{id}/reply", "cases/{id}/close", "cases/{id}/reopen", "cases/{id}/note",
     "emails/1/retry", "logout"],
)  # fmt: skip
def test_a_form_without_a_session_does_nothing(world: World, path: str) -> None:
    """Every action without a session leads to the login page, which comes back to the case."""
    case_id = world.case()
    answer = world.browser().post(f"/console/{path.format(id=case_id)}", data={"csrf": "x"})
    back = f"?suite=/console/cases/{case_id}" if "cases" in path else ""
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/login{back}")
    assert world.record(case_id).version == 1


def test_an_unknown_case_is_a_page(world: World) -> None:
    """Reading or taking a case that is not there is a French page, not an error of the server."""
    browser = world.browser()
    csrf = log_in(browser)
    for answer in (
        browser.get("/console/cases/rien"),
        browser.post("/console/cases/rien/take", data={"csrf": csrf}),
    ):
        assert answer.status_code == 404
        assert "Cette demande n’existe pas, ou elle a été effacée." in text_of(answer.text)


def test_a_withdrawn_case_is_told_and_empty(world: World) -> None:
    """After the person erased their data, the professional sees that, and no button to act."""
    with world.database.session() as session:
        session.add(
            ConversationRecord(
                id="c1", token_digest="x", channel="web", created_at=START, updated_at=START
            )
        )
    case_id = world.case(replace(REQUEST, conversation_id="c1"))
    browser = world.browser()
    act(browser, case_id, "take", log_in(browser))
    with world.database.session() as session:
        erase_conversation(session, "c1", START)
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "Retirée par la personne" in text
    assert "Les coordonnées ont été effacées." in text
    assert "La personne a retiré la demande." in text
    for gone in ("loyer", "Canari", "06 12", "Agir", "Vendôme Besoins"):
        assert gone not in text


def test_a_lost_key_is_told(world: World) -> None:
    """When the key was replaced without keeping the old one, the page says so and still works."""
    case_id = world.case()
    world.vault = Vault("OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=")
    browser = world.browser()
    act(browser, case_id, "open", log_in(browser))
    answer = browser.get(f"/console/cases/{case_id}")
    assert answer.status_code == 200
    assert "Ces données ne peuvent plus être déchiffrées." in text_of(answer.text)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=59), "il y a 59 min"),
        (timedelta(hours=23, minutes=59), "il y a 23 h"),
        (timedelta(days=1), "il y a 1 jour"),
        (timedelta(days=40, hours=3), "il y a 40 jours"),
    ],
)
def test_ages_are_said_simply(age: timedelta, words: str) -> None:
    """The age of a case is said in the largest unit."""
    assert ago(START - age, START) == words


def test_the_day_said_and_whose_number_it_is_are_read(world: World) -> None:
    """The deadline is in the list and on the page; the contact says that it is a neighbour's."""
    friday = SaidDay(date(2026, 11, 27), "il sort vendredi")
    contact = replace(REQUEST.contact, whose="ma voisine")
    case_id = world.case(replace(REQUEST, deadline=friday, contact=contact))
    browser = world.browser()
    csrf = log_in(browser)
    assert "Échéance dite par la personne vendredi 27 novembre" in text_of(
        browser.get("/console").text
    )
    act(browser, case_id, "open", csrf)
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "À prendre avant jeudi 26 novembre à 12 h" in text
    assert "Échéance dite par la personne vendredi 27 novembre" in text
    whose = (
        "À qui est ce contact ma voisine (mots de la personne). "
        "Ne parlez de la demande qu’à la personne elle-même."
    )
    assert whose not in text  # the contact is for who takes the case
    act(browser, case_id, "take", csrf)
    assert whose in text_of(browser.get(f"/console/cases/{case_id}").text)


def test_what_is_missing_since_yesterday_is_no_deadline(world: World) -> None:
    """It is said as it is: since when."""
    since = SaidDay(date(2026, 11, 22), "plus de gaz depuis hier", since=True)
    case_id = world.case(replace(REQUEST, deadline=since))
    browser = world.browser()
    log_in(browser)
    text = text_of(browser.get(f"/console/cases/{case_id}").text)
    assert "Dit par la personne : dure depuis dimanche 22 novembre" in text
    assert "Échéance dite" not in text
