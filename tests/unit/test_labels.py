"""What was understood is said again as it is written: an acronym keeps its capitals."""

from __future__ import annotations

import pytest

from assistant.conversation import Known
from assistant.understanding.labels import inside_a_sentence, value_label
from knowledge_base.facts import Fact
from knowledge_base.geography import Communes, load_communes


@pytest.fixture(scope="module")
def communes() -> Communes:
    """The communes, to name one."""
    return load_communes()


@pytest.mark.parametrize(
    ("fact", "known", "said"),
    [
        (Fact.BENEFITS_RECEIVED, Known(values=("rsa", "apl")), "RSA, aide au logement (APL)"),
        (Fact.BENEFITS_RECEIVED, Known(values=("ass",)), "ASS (fin de droits au chômage)"),
        (Fact.HOUSING_STATUS, Known(value="tenant_social"), "locataire d’un logement social (HLM)"),
        (Fact.DISABILITY, Known(value="recognised"), "oui, reconnu par la MDPH"),
        (Fact.HEALTH_COVER, Known(value="ame"), "l’aide médicale de l’État"),
        (Fact.HEALTH_COVER, Known(value="basic"), "la Sécurité sociale, sans mutuelle"),
        (Fact.EMPLOYMENT_STATUS, Known(value="retired"), "à la retraite"),
        (Fact.AGE, Known(low=65, high=None), "65 ans ou plus"),
        (Fact.AGE, Known(low=0, high=17), "moins de 18 ans"),
        (Fact.COMMUNE, Known(value="41018"), "Blois"),
    ],
)
def test_only_the_first_letter_is_lowered(
    communes: Communes, fact: Fact, known: Known, said: str
) -> None:
    """« rsa », « (hlm) » and « (apl) » are not how anybody writes them."""
    assert value_label(fact, known, communes) == said


def test_a_single_letter_is_no_acronym() -> None:
    """« À la rue » begins with a word of one letter."""
    assert inside_a_sentence("À la rue") == "à la rue"
    assert inside_a_sentence("") == ""
