"""The pages as the server gives them: sessions, refusals, escaping, other sites."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient
from starlette.responses import Response

from assistant.messages import Message, MessageKind, Role
from connectors.api.ratelimit import Rate, Rates, make_limits
from connectors.web.pages import Entry, Pages, entries, load_assets
from connectors.web.ports import SiteInfo
from connectors.web.session import Bound, bind
from tests.fakes.cards import EMERGENCY, FRANCE_SERVICES, RENT, SOCIAL_CENTRE
from tests.fakes.client import client_of
from tests.fakes.demo import demo_app
from tests.fakes.gateway import CRASH, FakeGateway

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(name="gateway")
def _gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture(name="http")
async def _http(gateway: FakeGateway) -> AsyncIterator[AsyncClient]:
    async with client_of(demo_app(gateway)) as http:
        yield http


async def test_reading_creates_nothing(http: AsyncClient, gateway: FakeGateway) -> None:
    """The first page opens no conversation and sets no cookie."""
    answer = await http.get("/")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert gateway.conversations == {}


async def test_a_message_leads_back_to_the_page(http: AsyncClient, gateway: FakeGateway) -> None:
    """Writing creates the conversation, sets a strict cookie and redirects to the answer."""
    answer = await http.post("/parler", data={"text": "loyer", "tour": "t"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#reponse")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"conversation=[\w-]+\.[\w-]+; HttpOnly; Path=/; SameSite=strict", cookie)
    assert gateway.said == [("loyer", None)]
    assert gateway.addresses == ["203.0.113.7"]
    page = (await http.get("/")).text
    assert page.count('id="reponse"') == 1
    assert "J’ai compris : un loyer pas payé." in page


async def test_over_https_the_cookie_is_secure() -> None:
    """With HTTPS the cookie never travels in clear."""
    response = Response()
    bind(response, Bound("a", "b"), https=True)
    assert "Secure" in response.headers["set-cookie"]


async def test_a_form_sent_twice_is_one_turn(http: AsyncClient, gateway: FakeGateway) -> None:
    """A double click posts the same form twice: the assistant hears it once."""
    await http.post("/parler", data={"text": "bonjour", "tour": "t1"})
    for _ in range(2):
        await http.post("/parler", data={"text": "loyer", "tour": "t2"})
    await http.post("/parler", data={"text": "autre chose", "tour": "t2"})
    assert [text for text, _ in gateway.said] == ["bonjour", "loyer", "autre chose"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbour of the domain"),
        pytest.param({"Origin": "https://ailleurs.fr"}, id="another origin, old browser"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, id="both disagree"
        ),
    ],
)
async def test_another_site_cannot_write_or_erase(
    http: AsyncClient, gateway: FakeGateway, headers: dict[str, str]
) -> None:
    """A form of another site is refused on every address that changes something."""
    await http.post("/parler", data={"text": "loyer"})
    for path in ("/parler", "/effacer", "/demande"):
        answer = await http.post(path, data={"text": "x", "confirmer": "oui"}, headers=headers)
        assert answer.status_code == 403
    assert len(gateway.conversations) == 1
    left = await http.get("/quitter", headers=headers)
    assert "set-cookie" not in left.headers


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, id="our form"),
        pytest.param({"Origin": "http://localhost"}, id="our form, old browser"),
        pytest.param({"Origin": "null"}, id="our form over HTTP"),
        pytest.param({}, id="no header at all"),
    ],
)
async def test_our_forms_pass_in_every_browser(http: AsyncClient, headers: dict[str, str]) -> None:
    """« no-referrer » makes browsers send « Origin: null »: our own forms still pass."""
    answer = await http.post("/parler", data={"text": "loyer"}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        pytest.param("a" * 2001, 413, "trop long : 2\u202f001 caractères", id="too long"),
        pytest.param(" \r\n ", 422, "Écrivez d’abord votre message", id="nothing"),
        pytest.param(CRASH, 500, "Ça n’a pas marché", id="a breakdown"),
    ],
)
async def test_a_refused_message_stays_in_its_box(
    http: AsyncClient, text: str, status: int, said: str
) -> None:
    """The page says what is wrong and still holds what was typed."""
    answer = await http.post("/parler", data={"text": text})
    assert answer.status_code == status
    assert said in answer.text
    assert f">{text.strip()}</textarea>" in answer.text
    assert 'value="do:ask_human"' in answer.text


async def test_a_request_that_no_choice_makes_is_refused(http: AsyncClient) -> None:
    """A value made by hand is 422 with a sentence, and opens no conversation."""
    answer = await http.post("/parler", data={"value": "do:greet"})
    assert answer.status_code == 422
    assert "Ce choix n’est plus proposé." in answer.text


async def test_the_script_gets_the_same_refusal(http: AsyncClient) -> None:
    """With the script the refusal is a sentence to show, not a page."""
    answer = await http.post("/parler", data={"text": ""}, headers=STREAM)
    assert answer.status_code == 422
    assert answer.json() == {"detail": "Écrivez d’abord votre message, même quelques mots."}


async def test_the_script_gets_the_html_of_the_page(http: AsyncClient) -> None:
    """A streamed message is the same HTML as on the page, and sets the cookie."""
    answer = await http.post("/parler", data={"text": "loyer"}, headers=STREAM)
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith("conversation=")
    assert "Question de l’assistant" in answer.text
    assert answer.text.rstrip().endswith("event: done\ndata: {}")


async def test_too_many_messages_are_asked_to_wait() -> None:
    """Beyond the rate the page says how long to wait and keeps the text."""
    app = demo_app(limits=make_limits(Rates(messages=Rate(1, 30.0))))
    async with client_of(app) as http:
        await http.post("/parler", data={"text": "un"})
        await http.post("/parler", data={"text": "deux"})
        answer = await http.post("/parler", data={"text": "trois"})
        assert answer.status_code == 429
        assert 29 <= int(answer.headers["retry-after"]) <= 31
        assert "Beaucoup de messages arrivent" in answer.text
        assert ">trois</textarea>" in answer.text


@pytest.mark.parametrize(
    "cookie", ["", "x", "a.b", "a%00.b", "inconnu." + "a" * 43], ids=lambda one: one[:6] or "empty"
)
async def test_a_cookie_that_means_nothing_is_no_dead_end(
    http: AsyncClient, gateway: FakeGateway, cookie: str
) -> None:
    """With an old or broken cookie the page is the first page, and writing starts again."""
    headers = {"Cookie": f"conversation={cookie}"}
    page = await http.get("/", headers=headers)
    assert page.status_code == 200
    assert "Dites ce qui ne va pas" in page.text
    answer = await http.post("/parler", data={"text": "loyer"}, headers=headers)
    assert answer.status_code == 303
    assert gateway.said == [("loyer", None)]


async def test_erasing_in_words_is_told(http: AsyncClient, gateway: FakeGateway) -> None:
    """« Effacer » then « oui » in the chat, without script: a page says so, the cookie goes."""
    await http.post("/parler", data={"text": "efface tout"})
    answer = await http.post("/parler", data={"value": "erase:yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/efface")
    assert answer.headers["set-cookie"].startswith('conversation=""; ')
    assert gateway.conversations == {}
    assert "<h1>C’est effacé</h1>" in (await http.get("/efface")).text


async def test_the_script_is_led_to_the_page_that_says_so(http: AsyncClient) -> None:
    """With the script the last event names the page, which takes the cookie away."""
    await http.post("/parler", data={"text": "efface tout"})
    answer = await http.post("/parler", data={"value": "erase:yes"}, headers=STREAM)
    assert answer.text.rstrip().endswith('event: done\ndata: {"leave": "/efface"}')
    last = await http.get("/efface")
    assert last.headers["set-cookie"].startswith('conversation=""; ')


async def test_the_page_of_an_erasure_keeps_a_conversation_that_lives(http: AsyncClient) -> None:
    """Reading that page by its address does not lose the conversation under way."""
    await http.post("/parler", data={"text": "loyer"})
    assert "set-cookie" not in (await http.get("/efface")).headers


async def test_reading_the_question_erases_nothing(http: AsyncClient, gateway: FakeGateway) -> None:
    """GET, and POST without the confirmation, only ask; with it everything goes."""
    await http.post("/parler", data={"text": "loyer"})
    assert "Oui, tout effacer" in (await http.get("/effacer")).text
    assert (await http.post("/effacer")).status_code == 200
    assert len(gateway.conversations) == 1
    answer = await http.post("/effacer", data={"confirmer": "oui"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/efface")
    assert 'conversation=""' in answer.headers["set-cookie"]
    assert gateway.conversations == {}


async def test_leaving_forgets_unless_the_page_is_only_fetched_early(http: AsyncClient) -> None:
    """The exit clears the cookie and leads away; a prefetch clears nothing."""
    early = await http.get("/quitter", headers={"Sec-Purpose": "prefetch;prerender"})
    assert "set-cookie" not in early.headers
    answer = await http.get("/quitter")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "https://www.meteofrance.com/",
    )
    assert 'conversation=""' in answer.headers["set-cookie"]
    assert (await http.post("/quitter")).status_code == 204


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        pytest.param("k7m-4qx", 200, "Un professionnel s’occupe de votre demande", id="known"),
        pytest.param("CDFHJK", 404, "Je ne trouve pas cette demande.", id="unknown"),
        pytest.param("AAAAAA", 422, "Ce n’est pas un code de reçu.", id="letters never used"),
        pytest.param("K7M", 422, "Ce n’est pas un code de reçu.", id="too short"),
        pytest.param("", 422, "Ce n’est pas un code de reçu.", id="empty"),
    ],
)
async def test_a_receipt_code_is_answered(
    http: AsyncClient, typed: str, status: int, said: str
) -> None:
    """The code, however typed, is answered in words; the dates are those of Paris."""
    answer = await http.post("/demande", data={"code": typed})
    assert answer.status_code == status
    assert said in answer.text
    if status == 200:
        assert "samedi 21 novembre à 0 h 30" in answer.text
        assert "vendredi 27 novembre à 17 h" in answer.text


async def test_codes_cannot_be_tried_on_the_page_either() -> None:
    """The page counts the look-ups as the API does."""
    app = demo_app(limits=make_limits(Rates(codes=Rate(1, 60.0))))
    async with client_of(app) as http:
        await http.post("/demande", data={"code": "AAAAAA"})
        answer = await http.post("/demande", data={"code": "K7M4QX"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert "Un professionnel" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/aide/x", 404), ("/static/none.css", 404)]
)
async def test_an_unknown_page_has_a_way_out(http: AsyncClient, path: str, status: int) -> None:
    """A page that does not exist says so in French and offers a human."""
    answer = await http.get(path)
    assert answer.status_code == status
    assert "Cette page n’existe pas" in answer.text
    assert answer.text.count("Parler à quelqu’un") == 2


async def test_the_address_of_an_error_page_leads_home(http: AsyncClient) -> None:
    """Asking again for /parler leads to the conversation instead of an error."""
    answer = await http.get("/parler")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def pages() -> Pages:
    """Return the templates with invented values."""
    return Pages(SiteInfo(), EMERGENCY, load_assets())


def test_an_aid_card_says_everything_that_is_known() -> None:
    """Status, reasons, what is missing, amount, delay, steps, papers, source and its date."""
    message = Message(id="m", kind=MessageKind.AIDS, aids=[RENT])
    html = pages().message(message)
    for said in (
        "Probable",
        "<li>Vous avez un loyer pas payé.</li>",
        "<strong>Il reste à savoir :</strong> votre commune, les revenus du foyer.",
        "<dt>Montant</dt><dd>selon le cas</dd>",
        "Dans les semaines qui viennent. La réponse arrive en deux mois environ.",
        "<li>Envoyez le dossier.</li>",
        "<li>Le bail</li>",
        'href="tel:0805160075"',
        "Qui s’en occupe : Département de Loir-et-Cher",
        'Source : <a href="https://exemple.fr/fiche" rel="noreferrer">Fiche d’exemple</a>, '
        "1er mai 2026",
    ):
        assert said in html


def test_acronyms_are_explained_under_the_card() -> None:
    """What « MSA » means is read without unfolding anything."""
    aid = RENT.model_copy(update={"acronyms": ["Caf : caisse", "MSA : mutualité sociale agricole"]})
    html = pages().message(Message(id="m", kind=MessageKind.AIDS, aids=[aid]))
    said = '<p class="small">Caf : caisse. MSA : mutualité sociale agricole.</p>'
    assert said in html.partition("</details>")[2]


def test_what_is_not_known_of_a_place_stays_missing() -> None:
    """A place without phone, address, hours or position shows none, and says what to ask."""
    html = pages().message(Message(id="m", kind=MessageKind.PLACES, places=[SOCIAL_CENTRE]))
    assert "Blois (adresse exacte à demander)" in html
    assert "<strong>à environ 3 km</strong>" in html
    assert "Ouvert ou fermé : à vérifier" in html
    assert "7 mars 2026 <strong>– à vérifier</strong>" in html
    for absent in ("tel:", "mailto:", "openstreetmap", "Horaires", "None"):
        assert absent not in html


def test_the_commune_is_not_said_twice() -> None:
    """An address that already names its commune is shown as it is."""
    whole = FRANCE_SERVICES.model_copy(update={"address": "1 rue X, 41000 Blois"})
    html = pages().message(Message(id="m", kind=MessageKind.PLACES, places=[whole]))
    assert "<p>1 rue X, 41000 Blois</p>" in html
    html = pages().message(Message(id="m", kind=MessageKind.PLACES, places=[FRANCE_SERVICES]))
    assert "<p>1 rue de l’Exemple, Blois</p>" in html


def test_a_card_cannot_bring_code() -> None:
    """Markup or a script address in a card is shown as text, never run."""
    evil = FRANCE_SERVICES.model_copy(
        update={"name": "<script>alert(1)</script>", "url": "javascript:alert(1)"}
    )
    html = pages().message(Message(id="m", kind=MessageKind.PLACES, places=[evil]))
    assert "<script" not in html
    assert "javascript:" not in html
    assert "&lt;script&gt;" in html


def test_urgent_help_opens_its_turn_and_only_the_last_turn_has_choices() -> None:
    """Each turn begins with its urgent message; the newest answer alone is active."""
    said = [
        Message(id="welcome"),
        Message(id="first", role=Role.CITIZEN),
        Message(id="answer"),
        Message(id="danger", kind=MessageKind.URGENT),
        Message(id="second", role=Role.CITIZEN),
        Message(id="last"),
        Message(id="danger-2", kind=MessageKind.URGENT),
    ]
    shown = entries(said)
    assert [entry.message.id for entry in shown] == [
        "welcome",
        "first",
        "danger",
        "answer",
        "second",
        "danger-2",
        "last",
    ]
    assert [entry.active for entry in shown] == [False] * 5 + [True, True]
    assert shown[5] == Entry(said[6], active=True, newest=True)


def test_without_a_word_of_the_person_everything_is_new() -> None:
    """The welcome alone is active, and is the newest message."""
    assert entries([Message(id="welcome")]) == [
        Entry(Message(id="welcome"), active=True, newest=True)
    ]
