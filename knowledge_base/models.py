"""What one entry of the catalogue, one source and one figure are.

The models are strict: an unknown field, an empty text or an unknown fact is an error,
raised by pydantic with the path of the field; ``catalogue.load`` adds the file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.vocabulary import Delay, EntryKind, PlaceType, Stake, Theme

#: What ``documents`` holds when nothing must be brought: an empty list would not say whether
#: nothing is needed or nobody looked.
NOTHING_TO_BRING = "Aucun papier à préparer pour commencer."

#: Months after which a card is read again against its sources, unless it says otherwise.
REVIEW_MONTHS = {
    EntryKind.RIGHT: 6,  # amounts and ceilings move each year, on two or three fixed days
    EntryKind.PROTECTION: 6,  # a wrong number in danger is the worst mistake
    EntryKind.PROCEDURE: 12,
    EntryKind.SERVICE: 12,
}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Model(BaseModel):
    """Common settings: nothing unknown, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Model):
    """Where a statement comes from.

    ``checked_on`` is the date at which the content was true for its publisher: the date
    of the page or of the stored copy that was read. ``to_verify`` is shown on the card.
    """

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    checked_on: date
    to_verify: bool = False


class Leaf(Model):
    """A test on one fact. Exactly one operator must be given.

    ``is`` / ``is_not``: values of a choice or of a set of choices (any of them).
    ``at_least`` / ``at_most``: bounds of a number, included.
    ``below`` / ``above``: codes of amounts in ``montants.yml``, in euros per month; the
    income is compared with them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    fact: Fact
    is_: tuple[str, ...] | None = Field(default=None, alias="is")
    is_not: tuple[str, ...] | None = None
    at_least: int | None = None
    at_most: int | None = None
    below: Slug | None = None
    above: Slug | None = None

    @model_validator(mode="after")
    def _operators_fit_the_fact(self) -> Leaf:
        definition = FACTS[self.fact]
        allowed = {
            Kind.CHOICE: ("is", "is_not"),
            Kind.CHOICES: ("is", "is_not"),
            Kind.COMMUNE: ("is", "is_not"),
            Kind.NUMBER: ("at_least", "at_most"),
            Kind.MONEY: ("below", "above"),
        }[definition.kind]
        given = {
            "is": self.is_,
            "is_not": self.is_not,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "below": self.below,
            "above": self.above,
        }
        used = [name for name, value in given.items() if value is not None]
        if not used:
            raise ValueError(f"« {self.fact} » : aucun opérateur ; attendu : {', '.join(allowed)}")
        wrong = [name for name in used if name not in allowed]
        if wrong:
            raise ValueError(
                f"« {self.fact} » ({definition.kind}) n’accepte pas « {', '.join(wrong)} » ; "
                f"attendu : {', '.join(allowed)}"
            )
        known = {choice.value for choice in definition.choices}
        if definition.kind in (Kind.CHOICE, Kind.CHOICES):
            unknown = sorted(set((self.is_ or ()) + (self.is_not or ())) - known)
            if unknown:
                raise ValueError(
                    f"« {self.fact} » : valeur inconnue {', '.join(unknown)} ; "
                    f"valeurs possibles : {', '.join(sorted(known))}"
                )
        return self


class Condition(Model):
    """One requirement of an entry: a test, or several of which one is enough.

    ``because`` is said when it holds, ``otherwise`` when it does not. A ``soft``
    condition that does not hold leaves the entry *to check* instead of *unlikely*.
    """

    any: tuple[Leaf, ...] = Field(min_length=1)
    because: Text
    otherwise: Text
    soft: bool = False

    @model_validator(mode="before")
    @classmethod
    def _a_single_test_is_a_list_of_one(cls, data: object) -> object:
        if isinstance(data, dict) and "any" not in data and "fact" in data:
            own = {"because", "otherwise", "soft"}
            leaf = {key: value for key, value in data.items() if key not in own}
            return {key: data[key] for key in own if key in data} | {"any": [leaf]}
        return data


class Entry(Model):
    """A right, a service, a procedure or a protection, in plain French.

    ``need`` is what a person in trouble would choose on a button; entries with the same words
    answer the same need.
    ``amount`` is a sentence with the codes of ``montants.yml`` in braces
    (« jusqu’à {aah_max} par mois »); ``already`` names the aids with which the entry is not
    proposed again, by a value of the fact ``benefits_received`` or the id of an entry: its own
    id tells that the person may be receiving it; ``places`` are the
    types of place where a human helps with it, the best first; ``lines`` are ids of
    ``numeros.yml``; ``documents`` is never empty, see ``NOTHING_TO_BRING``. ``reviewed_on``
    is the day on which a person last read the card against its sources, ``ends_on`` the last
    day of an aid that stops.
    """

    id: Slug = Field(description="le nom du fichier sans `.yml`")
    title: Text = Field(description="ce à quoi la fiche sert, en une ligne")
    need: Annotated[str, StringConstraints(strip_whitespace=True, max_length=50)] | None = Field(
        None,
        description="le besoin en quelques mots, comme sur un bouton : `Payer le loyer`",
    )
    kind: EntryKind = Field(
        description="`right` (droit ou aide), `service`, `procedure` (démarche), `protection`"
    )
    themes: tuple[Theme, ...] = Field(
        min_length=1, description="un ou plusieurs domaines, le principal en premier"
    )
    provider: Text = Field(description="qui donne l’aide")
    territory: Literal["france", "region-24", "departement-41"] | tuple[str, ...] = Field(
        "france",
        description="`france`, `region-24`, `departement-41`, ou une liste de codes INSEE",
    )
    summary: Text = Field(description="deux ou trois phrases : ce que c’est, pour qui")
    situations: tuple[Text, ...] = Field(
        min_length=15, description="au moins quinze façons de dire le besoin"
    )
    keywords: tuple[Text, ...] = Field(
        min_length=1, description="sigles, anciens noms, fautes fréquentes du sigle"
    )
    conditions: tuple[Condition, ...] = Field((), description="voir « Les conditions »")
    amount: Text | None = Field(
        None,
        description="une phrase, les montants entre accolades : `jusqu’à {aah_max} par mois`",
    )
    delay: Delay = Field(description="`tonight` (aujourd’hui), `this_week`, `weeks`")
    delay_detail: Text | None = Field(None, description="une phrase sur le délai")
    stake: Stake = Field(
        Stake.MEDIUM, description="ce que la personne perd sans la fiche : `high`, `medium`, `low`"
    )
    steps: tuple[Text, ...] = Field(min_length=1, description="les étapes, dans l’ordre")
    documents: tuple[Text, ...] = Field(
        default=(),
        validate_default=True,
        description=f"les papiers à réunir, ou la seule ligne « {NOTHING_TO_BRING} »",
    )
    places: tuple[PlaceType, ...] = Field(
        min_length=1,
        description="les types de lieux où quelqu’un aide, le meilleur en premier",
    )
    lines: tuple[Slug, ...] = Field((), description="des numéros de `numeros.yml`")
    already: tuple[Slug, ...] = Field(
        (), description="les aides déjà reçues qui rendent la fiche inutile, elle-même comprise"
    )
    related: tuple[Slug, ...] = Field((), description="d’autres fiches, par leur identifiant")
    url: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = Field(
        None, description="la page officielle de la demande"
    )
    sources: tuple[Source, ...] = Field(min_length=1, description="titre, adresse, date")
    reviewed_on: date | None = Field(
        None, description="le jour de la dernière relecture face aux sources"
    )
    ends_on: date | None = Field(None, description="le dernier jour d’une aide qui s’arrête")
    review_months: int = Field(
        default=12, ge=1, le=36, description="tous les combien de mois relire, de 1 à 36"
    )
    owner: Text = Field("equipe-catalogue", description="qui relit")

    @model_validator(mode="before")
    @classmethod
    def _review_period_of_the_kind(cls, data: object) -> object:
        if isinstance(data, dict) and "review_months" not in data and "kind" in data:
            return data | {"review_months": REVIEW_MONTHS.get(data["kind"], 12)}
        return data

    @model_validator(mode="after")
    def _no_situation_twice(self) -> Entry:
        seen: set[str] = set()
        for situation in self.situations:
            key = situation.casefold()
            if key in seen:
                raise ValueError(f"situation écrite deux fois : « {situation} »")
            seen.add(key)
        if len(set(self.related)) < len(self.related):
            raise ValueError("related : une fiche est écrite deux fois")
        return self

    @field_validator("documents")
    @classmethod
    def _papers_or_none(cls, documents: tuple[str, ...]) -> tuple[str, ...]:
        if not documents:
            raise ValueError(f"liste vide : nommez les papiers, ou écrivez « {NOTHING_TO_BRING} »")
        if NOTHING_TO_BRING in documents and len(documents) > 1:
            raise ValueError(f"« {NOTHING_TO_BRING} » ne va avec aucun autre papier")
        return documents


class Figure(Model):
    """An amount or threshold in force: ``value`` in ``unit`` (per ``period``).

    ``parameter`` is the path of the parameter of OpenFisca-France it is read from, or two
    paths joined by « × ». ``to_verify`` marks an amount that nobody confirmed for a year.
    """

    label: Text
    value: float
    unit: str
    period: str | None = None
    in_force_since: date
    checked_on: date | None = None
    computed: str | None = None
    reference: Text
    note: str | None = None
    parameter: str | None = None
    to_verify: bool = False


class Line(Model):
    """A national help line. ``number`` as it is dialled; ``deaf`` the way for deaf people."""

    number: Text
    name: Text
    purpose: Text
    audience: str | None = None
    hours: str | None = None
    cost: str | None = None
    deaf: str | None = None
    urgent: bool = False
    source: Text
    checked_on: date
    to_verify: bool = False
    note: str | None = None
