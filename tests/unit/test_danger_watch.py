"""Rules and encoder together: what raises the alert, what only gives a gentle line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.urgency import DangerWatch
from assistant.urgency.hearing import Hearing, load_hearing
from assistant.urgency.model import ANY, DangerModel, Head
from assistant.urgency.quiet import load_quiet
from assistant.urgency.rules import RuleReader, load_rules
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.facts import Fact
from knowledge_base.geography import load_communes
from tests.fakes.encoder import LetterEncoder

KINDS = ("medical", "suicide", "child_danger", "violence_couple", "elder_abuse",
         "homeless_tonight", "hunger")  # fmt: skip
TUNE = Path(__file__).parents[1] / "quality" / "tune"
BEATEN = "mon mari me frappe"  # a rule fires
SOFT = "il rentre à six heures et je tremble"  # no rule fires


class Fixed:
    """A model that gives the same probabilities for every text."""

    def __init__(self, any_danger: float, **kinds: float) -> None:
        self._read = {**dict.fromkeys(KINDS, 0.0), **kinds, ANY: any_danger}

    def read(self, text: str) -> Mapping[str, float]:
        """Return them."""
        return self._read


def _notice(
    catalogue: Catalogue, model: Fixed | None, text: str, hearing: Hearing | None = None
) -> tuple[list[str], list[str]]:
    noticed = DangerWatch(load_rules(catalogue), model, hearing).notice(text)
    return [one.id for one in noticed.certain], [one.id for one in noticed.possible]


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    """The lists that are served."""
    return load_hearing()


def test_without_the_encoder_a_rule_is_certain(catalogue: Catalogue) -> None:
    """The rules alone still raise the alert."""
    assert _notice(catalogue, None, BEATEN) == (["violence_couple"], [])
    assert _notice(catalogue, None, SOFT) == ([], [])


@pytest.mark.parametrize(
    ("model", "text", "certain", "possible"),
    [
        pytest.param(
            Fixed(0.9, violence_couple=0.8), SOFT, ["violence_couple"], [],
            id="the encoder alone raises the alert",
        ),
        pytest.param(
            Fixed(0.2, violence_couple=0.2), SOFT, [], ["violence_couple"],
            id="the encoder in doubt gives a hint",
        ),
        pytest.param(Fixed(0.01), SOFT, [], [], id="nothing is said where nothing is seen"),
        pytest.param(
            Fixed(0.2, violence_couple=0.2), BEATEN, ["violence_couple"], [],
            id="a rule raises the alert when the encoder does not exclude it",
        ),
        pytest.param(
            Fixed(0.01), f"{BEATEN} le dos quand j'avale de travers, il est secouriste", [],
            ["violence_couple"], id="a rule that the encoder excludes is never silent",
        ),
        pytest.param(
            Fixed(0.01), BEATEN, ["violence_couple"], [],
            id="in a short message the rule alone is enough",
        ),
        pytest.param(
            Fixed(0.95, suicide=0.9, medical=0.7), SOFT, ["medical", "suicide"], [],
            id="two dangers, the most pressing first",
        ),
    ],
)  # fmt: skip
def test_rules_and_encoder_decide_together(
    catalogue: Catalogue, model: Fixed, text: str, certain: list[str], possible: list[str]
) -> None:
    """Recall first: the alert when one is sure, a hint when one is not, never silence."""
    assert _notice(catalogue, model, text) == (certain, possible)


def test_an_answer_can_tell_a_danger_by_itself(catalogue: Catalogue) -> None:
    """« Violences : en ce moment » and « sans logement » are alerts, « avant » is not."""
    watch = DangerWatch(load_rules(catalogue), None)
    assert [one.id for one in watch.of_facts({Fact.VIOLENCE: "ongoing"})] == ["violence_couple"]
    assert [one.id for one in watch.of_facts({Fact.HOUSING_STATUS: "homeless"})] == [
        "homeless_tonight"
    ]
    assert watch.of_facts({Fact.VIOLENCE: "past", Fact.HOUSING_STATUS: "hosted"}) == ()


def test_every_text_names_the_numbers_in_force(catalogue: Catalogue) -> None:
    """No brace is left, and each number written is the one of the dated table."""
    for rule in load_rules(catalogue).values():
        assert "{" not in rule.text + rule.hint
    suicide = load_rules(catalogue)["suicide"]
    assert catalogue.lines["suicide_3114"].number in suicide.text
    assert catalogue.lines["suicide_3114"].number in suicide.hint


def test_every_text_says_when_it_was_read_and_by_whom(catalogue: Catalogue) -> None:
    """A role, never a name; until a professional reads them, « relecture interne »."""
    for rule in load_rules(catalogue).values():
        assert rule.reviewed_on >= date(2026, 11, 28)
        assert rule.reviewed_by == "relecture interne"


def test_one_sentence_of_a_long_story_is_heard() -> None:
    """A long message is read whole and sentence by sentence: the highest counts."""
    encoder = LetterEncoder("z")
    head = Head((*KINDS, ANY), *encoder.layer(len(KINDS) + 1))
    model = DangerModel(encoder, head)
    calm = "Nous cherchons une place en crèche pour la petite depuis le mois de mars. "
    story = calm * 4 + "zzz zzz zzz zzz zzz. " + calm * 4
    assert model.read(calm)[ANY] < 0.1
    assert model.read(story)[ANY] > 0.9


def test_a_short_message_that_denies_gives_a_hint(catalogue: Catalogue) -> None:
    """« Je ne veux pas mourir » is no alert, even where the encoder hears the words."""
    sure = Fixed(0.9, suicide=0.8)
    assert _notice(catalogue, sure, "je ne veux pas mourir") == ([], ["suicide"])
    assert _notice(catalogue, sure, "je ne veux plus vivre") == (["suicide"], [])


def test_a_second_danger_told_shortly_is_an_alert_too(catalogue: Catalogue) -> None:
    """What the encoder hears does not turn what a rule reads in a short message into a hint."""
    sure = Fixed(0.9, violence_couple=0.8)
    told = "mon mari me frappe, je veux mourir"
    assert _notice(catalogue, sure, told) == (["suicide", "violence_couple"], [])


def test_a_denial_does_not_silence_another_clause(catalogue: Catalogue) -> None:
    """« Je veux mourir » stays an alert beside a clause that denies something."""
    sure = Fixed(0.9, suicide=0.8)
    told = "je veux en finir, pas mourir de rire"
    assert _notice(catalogue, sure, told) == (["suicide"], [])


def test_a_telephone_number_is_never_a_danger(catalogue: Catalogue) -> None:
    """What holds no word is not given to the encoder."""
    assert _notice(catalogue, Fixed(0.9, suicide=0.8), "06 12 34 56 78") == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "coucou ça va", "ok", "Merci beaucoup 🙏", "bonne nuit à vous", "haha mdr",
        "t'es nul espèce de merde", "fils de pute", "va te faire foutre", "tu me fais chier",
        "blublu blabla", "gnark flup", "qsdfghjklm", "aaaaaaaa", "Ngoc Anh Tran",
    ],
)  # fmt: skip
def test_where_nothing_can_be_read_the_encoder_is_not_believed(
    catalogue: Catalogue, hearing: Hearing, text: str
) -> None:
    """Civilities, insults at the assistant and gibberish tell no danger."""
    heard = Fixed(0.7, violence_couple=0.7)
    assert _notice(catalogue, heard, text) == (["violence_couple"], [])
    assert _notice(catalogue, heard, text, hearing) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        # An insult or a civility beside anything else is read.
        "fils de pute il me cogne", "je suis une merde", "ta gueule il me dit", "merci adieu",
        "ok jme tue", "ça va pas", "marre de cette vie de merde", "il est là",
        # Badly written, glued, heard.
        "jveuxmourir", "ilmetape", "jaifaim", "sufoque", "maltraitence", "jveumourir", "sdf",
        # Other languages, other letters.
        "hilfe", "aiuto", "ayuda", "açlık", "öldürecek", "мене б'ють", "مات ابني", "starving",
    ],
)  # fmt: skip
def test_a_short_danger_is_heard_however_it_is_written(hearing: Hearing, text: str) -> None:
    """What a person may mean is given to the encoder, which is believed as before."""
    assert hearing.least(text) == 0.0


def test_in_words_that_nobody_knows_the_encoder_must_be_sure(
    catalogue: Catalogue, hearing: Hearing
) -> None:
    """« nataka kufa » is « je veux mourir » in Swahili: no list of ours holds it."""
    text = "nataka kufa"
    assert _notice(catalogue, Fixed(0.98, suicide=0.9), text, hearing) == (["suicide"], [])
    assert _notice(catalogue, Fixed(0.6, suicide=0.6), text, hearing) == ([], [])


def test_a_rule_speaks_in_a_message_of_insults(catalogue: Catalogue, hearing: Hearing) -> None:
    """The rules read every message, whatever the encoder is believed on."""
    rules = load_rules(catalogue)
    swearing = rules["suicide"].model_copy(update={"patterns": ("putain",)})
    watch = DangerWatch({**rules, "suicide": swearing}, Fixed(0.0), hearing)
    assert hearing.least("putain") > 1
    assert [one.id for one in watch.notice("putain").certain] == ["suicide"]


def test_no_danger_that_the_encoder_learnt_is_silenced(hearing: Hearing) -> None:
    """Every message in danger of the train sets is given to it, and believed."""
    silenced = [
        one["text"]
        for path in sorted((DATA / "dangers").glob("*.yml"))
        for one in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["messages"]
        if one["danger"] and hearing.least(one["text"]) > 0
    ]
    assert silenced == []


def test_no_danger_of_the_tuning_sets_is_silenced(hearing: Hearing) -> None:
    """Only « oskour » and « suiside » need a sure encoder: it hears nothing there anyway."""
    silenced = {
        one["text"]
        for name in ("danger", "danger_other", "danger_noise")
        for one in yaml.safe_load((TUNE / f"{name}.yml").read_text(encoding="utf-8"))["messages"]
        if one["danger"] and hearing.least(one["text"]) > 0
    }
    assert silenced <= {"oskour", "suiside"}


@pytest.mark.parametrize(
    "text",
    [
        "mes enfants mangent à leur faim", "on n'est pas en train de crever de faim",
        "je ne suis pas à la rue", "je n'ai pas mal à la poitrine",
        "j'ai fait un infarctus en 2019", "papa a fait un avc en mars",
        "mon fils s'est battu avec un copain", "les premiers secours du bébé",
        "des chiffres sur les enfants maltraités", "j'écris mon mémoire sur le suicide",
        "mon chien est en train de mourir", "mon mari me tape pas",
    ],
)  # fmt: skip
def test_rules_do_not_speak_on_what_is_denied_or_only_told_of(
    catalogue: Catalogue, text: str
) -> None:
    """Denials, studies, animals, what is long past: these look-alikes got a line each time."""
    assert RuleReader(load_rules(catalogue)).find(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mes enfants mangent pas à leur faim", "hunger"),
        ("je suis pas encore à la rue mais ce soir je dors dehors", "homeless_tonight"),
        ("mon mari me tape pas que moi", "violence_couple"),
        ("il me frappe avec un livre sur la tête", "violence_couple"),
        ("mon mémoire est fichu mon mari me frappe", "violence_couple"),
        ("j'ai fait un infarctus en 2019 et là je respire plus", "medical"),
        ("maman a fait un avc", "medical"),
        ("mon mari a fait une crise cardiaque ce matin", "medical"),
        ("le chien est mort mon père ne respire plus", "medical"),
        ("elle secouait le bébé", "child_danger"),
        ("mon fils s'est fait battre", "child_danger"),
    ],
)
def test_rules_speak_on_what_looks_like_a_denial(
    catalogue: Catalogue, text: str, kind: str
) -> None:
    """The same words, with a danger."""
    found = RuleReader(load_rules(catalogue)).find(text)
    assert kind in [danger.id for danger in found]


def test_which_commune_it_is_is_no_danger(catalogue: Catalogue) -> None:
    """The encoder heard an emergency in « ma mère tombe, on est à Salbris », for the name."""
    read: list[str] = []

    class Noting:
        """Notes what it reads."""

        def read(self, text: str) -> dict[str, float]:
            """Return no danger."""
            read.append(text)
            return {"any": 0.0, "suicide": 0.0}

    watch = DangerWatch(load_rules(catalogue), Noting(), communes=load_communes())
    watch.notice("ma mère tombe, on est à Salbris")
    watch.notice("je nage dans la mer")
    assert read == ["ma mère tombe, on est à Vendôme", "je nage dans la mer"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ma femme est morte elle ne respire plus", "medical"),
        ("mon mari est malade et il m’enferme", "violence_couple"),
    ],
)
def test_what_quiets_a_false_alarm_never_quiets_a_danger(
    catalogue: Catalogue, text: str, kind: str
) -> None:
    """A death told, a sick husband: the rules still read what is happening now."""
    found = RuleReader(load_rules(catalogue)).find(text)
    assert kind in {danger.id for danger in found}


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("je n'ai plus de fioul et il fait froid chez moi", True),
        ("on a plus de gaz depuis hier pour se chauffer, facture impayée", True),
        ("plus de chauffage depuis deux jours et j'ai un bébé", False),
        ("mon mari m'a coupé le chauffage", False),
        ("plus de gaz chez ma mère elle grelotte", False),
        ("on m'a coupé l'électricité, je suis sous oxygène", False),
        ("on m'a coupé le courant je suis seul avec mes idées noires", False),
    ],
)
def test_a_cold_home_is_an_ordinary_need_unless_somebody_is_at_risk(
    text: str, *, quiet: bool
) -> None:
    """The encoder heard a violent husband in an empty tank; the gentle line is enough."""
    assert load_quiet().explains(text) is quiet
