"""The hotline: what a call tells, what the page shows of it, and how it is handed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.conversation import Provenance
from assistant.handoff import Contact
from assistant.hotline import advise, draft
from assistant.knowledge import Knowledge
from assistant.messages import MessageKind
from connectors.api.ratelimit import make_limits
from connectors.console.auth import Authentication, create_agent
from connectors.console.hotline import hotline_router
from connectors.console.hotline_call import (
    SaidOnce,
    announcement,
    card_text,
    read_call,
    said_once,
)
from connectors.console.hotline_desk import HotlineDesk
from connectors.console.pages import Console
from connectors.console.ports import Hotline
from connectors.console.router import console_router
from connectors.database import Base, CaseRecord, Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice
from connectors.handoff.sheet import read_sheet
from knowledge_base.facts import FACTS, Fact
from knowledge_base.vocabulary import Theme
from tests.fakes.cards import EMERGENCY, RENT
from tests.fakes.hotline import CASE_ID, FakeHotline

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "mot-de-passe-alice"
CALL = "ma mère de 82 ans à Vendôme ne paie plus son loyer"
MOTHER = "Ma mère de 82 ans à Vendôme n’arrive plus à se laver. Bonjour madame."


# ------------------------------------------------------------------ what a call tells


def test_a_call_gives_facts_cards_places_and_a_question(
    knowledge: Knowledge, now: datetime
) -> None:
    """One sentence gives the situation, the right card, places nearby and what to ask next."""
    view = advise(knowledge, MOTHER, {}, now)
    facts = {one.fact: (one.value_label, one.provenance) for one in view.facts}
    assert facts[Fact.AGE] == ("82 ans", Provenance.SAID)
    assert facts[Fact.COMMUNE] == ("Vendôme", Provenance.SAID)
    assert facts[Fact.LOSS_OF_AUTONOMY] == ("oui", Provenance.SAID)
    (need,) = view.needs
    assert need.words == "Ma mère de 82 ans à Vendôme n’arrive plus à se laver"
    assert need.label.startswith("Personnes âgées : APA")
    assert view.aids[0].id == "apa_domicile"
    assert "Vendôme" in [place.commune for place in view.places]
    assert view.urgent == []


def test_a_correction_wins_over_what_was_read(knowledge: Knowledge, now: datetime) -> None:
    """The agent's value replaces the one read; « - » takes it away; « ? » closes the question."""
    corrections = {"age": "60_64", "commune": "Blois", "loss_of_autonomy": "-",
                   "housing_status": "dont_know"}  # fmt: skip
    view = advise(knowledge, MOTHER, corrections, now)
    facts = {one.fact: (one.value_label, one.provenance) for one in view.facts}
    assert facts[Fact.AGE] == ("de 60 à 64 ans", Provenance.ANSWERED)
    assert facts[Fact.COMMUNE] == ("Blois", Provenance.ANSWERED)
    assert Fact.LOSS_OF_AUTONOMY not in facts
    assert Fact.HOUSING_STATUS not in facts
    assert view.question is None or view.question.fact not in ("age", "commune", "housing_status")


def test_the_question_has_answers_and_no_request(knowledge: Knowledge, now: datetime) -> None:
    """An agent reads the question aloud: only its answers are offered, with the reason."""
    view = advise(knowledge, "je suis à la rue ce soir", {}, now)
    assert view.question is not None
    assert view.question.fact == "commune"
    assert [one.value for one in view.question.choices or []] == [
        "fact:commune=dont_know", "fact:commune=no_answer",
    ]  # fmt: skip
    assert view.why.startswith("Les aides et les lieux changent d’une commune à l’autre.")


def test_danger_is_told_with_its_numbers(knowledge: Knowledge, now: datetime) -> None:
    """A caller in danger: the urgent text and the numbers, whatever else is understood."""
    view = advise(knowledge, "son mari la frappe, elle est à Romorantin", {}, now)
    assert [message.kind for message in view.urgent] == [MessageKind.URGENT]
    assert {line.number for line in view.urgent[0].lines or []} >= {"17", "114", "3919"}


@pytest.mark.parametrize(
    "text",
    [
        "Dame de 82 ans, vit seule à Blois, son fils la frappe",
        "une dame de 82 ans qui vit seule me dit que son fils la frappe quand il vient",
        "j’ai 82 ans, je vis seule, mon fils me frappe",
        "une voisine âgée de 85 ans est frappée par son fils",
        "ma mère de 82 ans se fait frapper par mon frère",
    ],
)
def test_the_abuse_of_an_old_person_is_answered_first(
    knowledge: Knowledge, now: datetime, text: str
) -> None:
    """Somebody old, hit by somebody who is no partner: the 3977 and its card come first."""
    view = advise(knowledge, text, {}, now)
    assert next(line.number for line in view.urgent[0].lines or []) == "3977"
    assert view.aids[0].id == "maltraitance"


@pytest.mark.parametrize(
    "text",
    [
        "elle a 82 ans, son mari la frappe",
        "j’ai 82 ans et mon mari me frappe",
        "son mari la frappe, elle a 34 ans",
        "j’ai 45 ans, mon fils me frappe",
        "mon mari me frappe et ma mère de 82 ans vit avec nous",
    ],
)
def test_the_violence_of_a_partner_stays_first(
    knowledge: Knowledge, now: datetime, text: str
) -> None:
    """At any age for a partner, and for the others of who is not old: as in the conversation."""
    assert advise(knowledge, text, {}, now).aids[0].id == "violences_conjugales"


def test_a_professional_reads_labels_that_say_you_to_nobody(
    knowledge: Knowledge, now: datetime
) -> None:
    """« La commune », not « votre commune »: the facts are those of the caller, or of another."""
    text = "ma mère vit seule à Blois, elle est locataire et retraitée"
    labels = {one.fact: one.label for one in advise(knowledge, text, {}, now).facts}
    assert labels[Fact.COMMUNE] == "la commune"
    assert labels[Fact.HOUSEHOLD] == "avec qui la personne vit"
    for fact in Fact:
        assert not re.search(r"\bvo(us|tre|s)\b", FACTS[fact].label_of_anybody)


def test_what_numbers_share_is_said_once() -> None:
    """The way for deaf people and the date are told below the list, not after each number."""
    one = EMERGENCY[0].model_copy(update={"deaf": "passer par le 114"})
    two = one.model_copy(update={"number": "15"})
    other = one.model_copy(update={"deaf": "tchat", "checked_on": date(2020, 1, 2)})
    day = said_once([one]).checked_on
    assert said_once([one, two]) == SaidOnce("passer par le 114", day)
    assert said_once([one, two, other]) == SaidOnce("passer par le 114", "")
    assert said_once([one, other]).deaf == ""
    assert said_once([]) == SaidOnce("", "")


@pytest.mark.parametrize("text", ["", "   ", "bonjour madame", "?!"])
def test_a_text_that_tells_nothing_proposes_nothing(
    knowledge: Knowledge, now: datetime, text: str
) -> None:
    """Without a need there is no card and no question."""
    view = advise(knowledge, text, {}, now)
    assert (view.urgent, view.aids, view.question) == ([], [], None)


@pytest.mark.parametrize("text", ["{x} %s <b>", "a" * 7000, "\n\n.\n!", "é" * 300 + "."])
def test_a_strange_text_breaks_nothing(knowledge: Knowledge, now: datetime, text: str) -> None:
    """What is typed in a hurry or pasted is read without an error and is no danger."""
    assert advise(knowledge, text, {}, now).urgent == []


def test_an_unknown_commune_is_said_and_changes_nothing(
    knowledge: Knowledge, now: datetime
) -> None:
    """A commune that cannot be found keeps what the caller said."""
    view = advise(knowledge, MOTHER, {"commune": "Xyzzy", "nothing": "1", "age": ""}, now)
    assert view.unreadable == [Fact.COMMUNE]
    facts = {one.fact: one.value_label for one in view.facts}
    assert (facts[Fact.COMMUNE], facts[Fact.AGE]) == ("Vendôme", "82 ans")


def test_a_hand_off_goes_where_the_theme_says(knowledge: Knowledge, now: datetime) -> None:
    """The theme of the needs, or the agent's, chooses the competent place of the commune."""
    own = draft(knowledge, MOTHER, {}, None, now)
    chosen = draft(knowledge, MOTHER, {}, Theme.LOGEMENT, now)
    assert own.theme == "personnes_agees"
    assert "apa_domicile" in own.needs
    assert (chosen.theme, chosen.place_id) == ("logement", "mds-41269")


# ------------------------------------------------------------------ what the form holds


def test_an_answer_is_a_correction() -> None:
    """A pressed answer wins over the field of the same fact; unknown facts are left out."""
    call = read_call(
        {"text": " a\r\nb\0 ", "fact_age": "65_plus", "fact_housing_status": "-", "fact_x": "1",
         "fact_income": "", "answer": "fact:housing_status=owner"}
    )  # fmt: skip
    assert call.text == "a\nb"
    assert call.corrections == {"age": "65_plus", "housing_status": "owner"}


def test_a_card_in_the_summary_keeps_its_source() -> None:
    """What is copied says what to do, whom to call, and how old the information is."""
    assert card_text(RENT) == (
        "FSL : une aide pour payer un loyer en retard (probable)\n"
        "- Prenez rendez-vous à la Maison départementale des solidarités.\n"
        "- Préparez les papiers avec l’assistante sociale.\n"
        "- Envoyez le dossier.\n"
        "Papiers : Le bail, Le dernier avis d’échéance, "
        "Les ressources des trois derniers mois\n"
        "SOS loyers impayés : 0 805 160 075\n"
        "Source : Fiche d’exemple, 1er mai 2026"
    )


def test_a_screen_reader_hears_the_figures_and_the_question() -> None:
    """The announcement counts what is shown and says the question."""
    view = FakeHotline().understand("loyer", {})
    assert announcement(view) == (
        "2 aides, 2 lieux. Question à poser : Où vivez-vous en ce moment ?"
    )
    assert announcement(FakeHotline().understand("", {})) == ""


# ------------------------------------------------------------------------- the pages


class World:
    """A console with one agent, over a database of its own."""

    def __init__(self, folder: Path, desk: Callable[[World], Hotline] | None = None) -> None:
        self.database = Database(f"sqlite:///{folder / 'base.db'}")
        Base.metadata.create_all(self.database.engine)
        self.vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        self.hotline = FakeHotline()
        self.woken = 0
        with self.database.session() as session:
            create_agent(session, "alice", PASSWORD, "Alice Martin", START, FAST)
        console = Console(
            database=self.database,
            vault=self.vault,
            authentication=Authentication(self.database, lambda: START, FAST),
            limits=make_limits(),
            clock=lambda: START,
            wake=self._wake,
            entry_title={"fsl_impayes": "Aide du FSL", "apa_domicile": "APA"}.get,  # type: ignore[arg-type]
            commune_name=lambda code: {"41269": "Vendôme"}[code],
        )
        app = FastAPI()
        app.include_router(console_router(console))
        app.include_router(hotline_router(console, desk(self) if desk else self.hotline))
        self.client = TestClient(app, follow_redirects=False)

    def _wake(self) -> None:
        self.woken += 1

    def sign_in(self) -> None:
        """Open a session in the browser."""
        page = self.client.get("/console/login").text
        token = _hidden(page, "csrf")
        form = {"login": "alice", "password": PASSWORD, "csrf": token}
        assert self.client.post("/console/login", data=form).status_code == 303

    def post(self, path: str, **form: str) -> Any:
        """Send a form of the page, with the token of the session."""
        token = _hidden(self.client.get("/console/hotline").text, "csrf")
        return self.client.post(f"/console/hotline{path}", data={"csrf": token, **form})


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Give a console whose agent is signed in."""
    world = World(tmp_path)
    world.sign_in()
    yield world
    world.database.close()


def test_the_page_is_for_agents_only(tmp_path: Path) -> None:
    """Without a session every address leads to the login and nothing is understood."""
    world = World(tmp_path)
    answers = [world.client.get("/console/hotline"), world.client.get("/console/hotline/sent/x")]
    for path in ("", "/advice", "/handoff", "/send"):
        answers.append(world.client.post(f"/console/hotline{path}", data={"text": CALL}))
    assert {one.status_code for one in answers} == {303}
    assert all(one.headers["location"].startswith("/console/login") for one in answers)
    assert world.hotline.understood == []
    world.database.close()


@pytest.mark.parametrize("path", ["", "/advice", "/handoff", "/send"])
def test_a_form_from_elsewhere_is_refused(world: World, path: str) -> None:
    """A form without the token of the session is not read."""
    answer = world.client.post(f"/console/hotline{path}", data={"text": CALL, "csrf": "x"})
    assert answer.status_code == 403
    assert world.hotline.understood == []


def test_a_call_is_shown_whole_without_script(world: World) -> None:
    """Facts with their words, question with its reason, cards and places with their dates."""
    page = unescape(world.post("", text=CALL).text)
    assert "<strong>82 ans</strong> <q>82 ans</q>" in page
    assert "« Où vivez-vous en ce moment ? »" in page
    assert "Pourquoi : Les aides au logement ne sont pas les mêmes" in page
    assert 'name="answer" value="fact:housing_status=tenant_private"' in page
    assert "FSL : une aide pour payer un loyer en retard" in page
    assert "Fiche d’exemple</a>, 1er mai 2026" in page
    assert "France services du Centre" in page
    assert "Liste d’exemple, 1er août 2024" in page
    assert page.count("<main") == 1


def test_the_script_gets_only_what_is_understood(world: World) -> None:
    """The fragment has no page around it; danger comes before everything else."""
    answer = world.post("/advice", text=f"{CALL}, son fils la frappe")
    fragment = unescape(answer.text)
    assert "<main" not in fragment
    assert answer.headers["cache-control"] == "no-store"
    assert 'data-alarm="Danger : Si le danger est là, appelez le 17."' in fragment
    assert fragment.index("Danger : à dire d’abord") < fragment.index("Question à poser</h2>")
    assert "<strong>3919</strong> : Violences Femmes Info" in fragment


def test_nothing_can_run_in_the_page(world: World) -> None:
    """No inline script nor style; what was typed is shown as text."""
    page = world.post("", text="loyer <script>alert(1)</script>", notes="<b>x</b>").text
    policy = world.client.get("/console/hotline").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert re.findall(r"\s(?:style|on\w+)=", page) == []
    assert "&lt;script&gt;" in page


def test_corrections_stay_in_the_form(world: World) -> None:
    """What the agent corrected comes back selected, the fact removed included."""
    page = world.post("", text=CALL, fact_age="65_plus", answer="fact:housing_status=owner").text
    assert world.hotline.understood[-1] == (CALL, {"age": "65_plus", "housing_status": "owner"})
    assert '<option value="65_plus" selected>' in page
    assert '<option value="owner" selected>' in page
    removed = unescape(world.post("", text=CALL, fact_age="-").text)
    assert '<option value="-" selected>Ce n’est pas vrai, retirer</option>' in removed
    assert '<span class="muted">pas connu</span>' in removed


def test_a_card_is_copied_without_script_and_once(world: World) -> None:
    """The copy button adds the card under the notes; a second press changes nothing."""
    page = world.post("", text=CALL, notes="Rappeler lundi", copy="fsl_impayes").text
    notes = _notes(page)
    assert notes.startswith("Rappeler lundi\n\nFSL : une aide pour payer un loyer en retard")
    again = world.post("", text=CALL, notes=notes, copy="fsl_impayes").text
    assert _notes(again) == notes


def _notes(page: str) -> str:
    found = re.search(r'<textarea id="notes"[^>]*>(.*?)</textarea>', page, re.S)
    assert found is not None
    return unescape(found[1]).strip()


def test_a_typed_call_is_stored_nowhere(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Before a hand-off neither the database nor the logs know anything of the call."""
    secret = "canari-loyer-canari"
    for path in ("", "/advice", "/handoff"):
        assert world.post(path, text=secret, notes=secret).status_code == 200
    world.database.scrub()
    folder = Path(str(world.database.url.database)).parent
    assert all(secret.encode() not in file.read_bytes() for file in folder.iterdir())
    assert secret not in caplog.text


# --------------------------------------------------------------------- the hand-off

CONTACT = {"phone": "06 12 34 56 78", "consent": "1", "safe_hours": "le matin"}


def test_the_hand_off_form_is_filled(world: World) -> None:
    """Theme, place, words, facts and proposed aids are there; only the contact is asked."""
    page = unescape(world.post("/handoff", text=CALL, notes="Voir FSL", fact_age="65_plus").text)
    assert "Lieu prévu : <strong>MDS de Vendôme</strong>" in page
    assert "L’équipe de ce service lit la demande" in page
    assert '<option value="logement" selected>' in page
    assert 'name="commune" value="Vendôme"' in page
    assert f">{CALL}</textarea>" in page
    assert ">Voir FSL</textarea>" in page
    assert "corrigé : 65_plus" in page
    assert "<li>Aide du FSL</li>" in page
    assert 'name="fact_age" value="65_plus"' in page


def test_a_case_is_handed_over_with_consent(world: World) -> None:
    """The request holds what was shown, with the contact as stored; the e-mails are woken."""
    answer = world.post(
        "/send", text=CALL, words="Loyer impayé depuis juin", notes="Voir FSL", theme="logement",
        place="mds-41269", commune="Vendôme", commune_shown="Vendôme", **CONTACT,
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/hotline/sent/{CASE_ID}"
    (request,) = world.hotline.handed
    assert request.words == ("Loyer impayé depuis juin", "Notes de la permanence : Voir FSL")
    assert request.contact == Contact(phone="+33612345678", safe_hours="le matin")
    assert request.conversation_id is None
    assert not request.urgent
    assert world.woken == 1


def test_nothing_leaves_without_consent_nor_contact(world: World) -> None:
    """Every mistake is told next to its field, what was typed stays, nothing is sent."""
    answer = world.post(
        "/send", text=CALL, words=" ", theme="logement", place="mds-41269", phone="12",
    )  # fmt: skip
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert 'id="phone-problem">Ce numéro de téléphone n’a pas l’air complet.' in page
    assert 'id="words-problem">Écrivez en quelques mots' in page
    assert 'name="phone" value="12"' in page
    without = world.post(
        "/send", text=CALL, words=CALL, theme="logement", place="mds-41269",
        phone="06 12 34 56 78",
    )  # fmt: skip
    assert without.status_code == 422
    assert "Demandez son accord à la personne" in unescape(without.text)
    assert world.hotline.handed == []


def test_another_place_is_shown_before_it_is_sent_to(world: World) -> None:
    """Changing the theme changes the place: the agent reads it first, then sends."""
    form = {"text": CALL, "words": CALL, "theme": "budget", **CONTACT}
    first = world.post("/send", place="mds-41269", **form)
    assert first.status_code == 422
    assert "Point conseil budget" in first.text
    assert world.hotline.handed == []
    assert world.post("/send", place=_hidden(first.text, "place"), **form).status_code == 303
    assert world.hotline.handed[0].place_id == "udaf-41"


def test_a_commune_changed_in_the_form_counts(world: World) -> None:
    """The commune typed at the last moment is understood again; an unknown one is told."""
    form = {"text": CALL, "words": CALL, "theme": "logement", "place": "mds-41269",
            "commune_shown": "Vendôme", **CONTACT}  # fmt: skip
    answer = world.post("/send", commune="Nulle-Part", **form)
    assert answer.status_code == 422
    assert "Je ne trouve pas cette commune" in unescape(answer.text)
    assert world.hotline.understood[-1] == (CALL, {"commune": "Nulle-Part"})


def test_an_agent_may_say_that_it_is_urgent(world: World) -> None:
    """An agent hears what a text does not say."""
    form = {"text": CALL, "words": CALL, "theme": "logement", "place": "mds-41269", **CONTACT}
    world.post("/send", urgent="1", **form)
    assert world.hotline.handed[0].urgent


def test_the_case_reaches_the_inbox(tmp_path: Path, knowledge: Knowledge, now: datetime) -> None:
    """Over the real knowledge: one case, even when sent twice, and its code on the page."""
    notice = Notice(None, "https://aide.example.org", smtp=False)

    def desk(world: World) -> Hotline:
        return HotlineDesk(world.database, world.vault, knowledge, notice, lambda: now)

    world = World(tmp_path, desk)
    world.sign_in()
    prepared = world.post("/handoff", text=MOTHER).text
    form = {"text": MOTHER, "words": MOTHER, "theme": "personnes_agees",
            "place": _hidden(prepared, "place"), **CONTACT}  # fmt: skip
    first, second = world.post("/send", **form), world.post("/send", **form)
    assert first.status_code == 303
    assert second.headers["location"] == first.headers["location"]
    with world.database.reading() as session:
        (case,) = session.scalars(select(CaseRecord)).all()
        sheet = read_sheet(world.vault, case)
    assert case.commune == "41269"
    assert sheet.words == (MOTHER,)
    assert case.code in world.client.get(first.headers["location"]).text
    assert world.client.get("/console/hotline/sent/unknown").status_code == 404
    world.database.close()
