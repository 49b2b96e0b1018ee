"""What one place of the directory is, and which themes each type of place serves."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

import phonenumbers
from pydantic import EmailStr, Field, StringConstraints, field_validator, model_validator

from knowledge_base import hours
from knowledge_base.models import Model, Text
from knowledge_base.vocabulary import PlaceType, Theme

Url = Annotated[str, StringConstraints(pattern=r"^https?://")]
Insee = Annotated[str, StringConstraints(pattern=r"^\d[0-9AB]\d{3}$")]
#: E.164, or a short number as it is dialled (115, 3919).
Phone = Annotated[str, StringConstraints(pattern=r"^(?:\+\d{8,15}|\d{2,6})$")]
#: The number of an establishment in the national register.
Siret = Annotated[str, StringConstraints(pattern=r"^\d{14}$")]

#: How the INSEE codes of the communes overseas begin.
OVERSEAS = ("97", "98")

#: The types of place by their values.
TYPES = {kind.value: kind for kind in PlaceType}
_P = PlaceType
_T = Theme
#: The themes of a place, unless its own row says otherwise.
THEMES: dict[PlaceType, tuple[Theme, ...]] = {
    _P.MAIRIE: (_T.ACCES_AUX_DROITS,),
    _P.MAIRIE_DELEGUEE: (_T.ACCES_AUX_DROITS,),
    _P.CCAS: (_T.ACCES_AUX_DROITS, _T.BUDGET, _T.ALIMENTATION, _T.PERSONNES_AGEES, _T.LOGEMENT),
    _P.CIAS: (_T.ACCES_AUX_DROITS, _T.BUDGET, _T.ALIMENTATION, _T.PERSONNES_AGEES),
    _P.MDS: (
        _T.ACCES_AUX_DROITS,
        _T.INSERTION,
        _T.LOGEMENT,
        _T.BUDGET,
        _T.ALIMENTATION,
        _T.ENFANCE_FAMILLE,
        _T.PERSONNES_AGEES,
        _T.HANDICAP,
        _T.SANTE,
        _T.VIOLENCES,
        _T.MOBILITE,
        _T.ETRANGERS,
    ),
    _P.FRANCE_SERVICES: (_T.ACCES_AUX_DROITS, _T.NUMERIQUE),
    _P.INTERCOMMUNALITE: (),
    _P.CONSEIL_DEPARTEMENTAL: (_T.ACCES_AUX_DROITS, _T.PERSONNES_AGEES, _T.ENFANCE_FAMILLE),
    _P.PREFECTURE: (_T.ETRANGERS,),
    _P.SOUS_PREFECTURE: (_T.ETRANGERS,),
    _P.SERVICES_ETAT_COHESION_SOCIALE: (_T.LOGEMENT,),
    _P.MDPH: (_T.HANDICAP,),
    _P.SAVS_SAMSAH: (_T.HANDICAP,),
    _P.SESSAD: (_T.HANDICAP, _T.ENFANCE_FAMILLE),
    _P.GEM: (_T.HANDICAP, _T.SANTE),
    _P.POINT_INFO_AUTONOMIE: (_T.PERSONNES_AGEES, _T.HANDICAP),
    _P.AIDANTS_REPIT: (_T.PERSONNES_AGEES, _T.HANDICAP),
    _P.ACCUEIL_JOUR_ALZHEIMER: (_T.PERSONNES_AGEES, _T.SANTE),
    _P.SSIAD: (_T.PERSONNES_AGEES, _T.SANTE),
    _P.FRANCE_TRAVAIL: (_T.INSERTION,),
    _P.MISSION_LOCALE: (_T.INSERTION,),
    _P.INSERTION_EMPLOI: (_T.INSERTION,),
    _P.FORMATION: (_T.INSERTION,),
    _P.ORIENTATION_SCOLAIRE: (_T.INSERTION, _T.ENFANCE_FAMILLE),
    _P.INFORMATION_JEUNESSE: (_T.INSERTION, _T.ACCES_AUX_DROITS),
    _P.ADIL: (_T.LOGEMENT,),
    _P.ANAH: (_T.LOGEMENT,),
    _P.RENOVATION_HABITAT: (_T.LOGEMENT,),
    _P.COMMISSION_CONCILIATION_LOGEMENT: (_T.LOGEMENT,),
    _P.SIAO_115: (_T.LOGEMENT,),
    _P.ACCUEIL_DE_JOUR: (_T.LOGEMENT, _T.ALIMENTATION),
    _P.CHRS: (_T.LOGEMENT,),
    _P.HEBERGEMENT_ACCOMPAGNE: (_T.LOGEMENT,),
    _P.PENSION_DE_FAMILLE: (_T.LOGEMENT,),
    _P.HABITAT_JEUNES: (_T.LOGEMENT,),
    _P.EQUIPE_MOBILE: (_T.SANTE, _T.LOGEMENT),
    _P.HEBERGEMENT_VIOLENCES: (_T.VIOLENCES,),
    _P.PERMANENCE_VIOLENCES: (_T.VIOLENCES,),
    _P.AIDE_VICTIMES: (_T.VIOLENCES, _T.JUSTICE),
    _P.CIDFF: (_T.VIOLENCES, _T.JUSTICE, _T.ENFANCE_FAMILLE),
    _P.CADA: (_T.ETRANGERS,),
    _P.HOPITAL: (_T.SANTE,),
    _P.PSYCHIATRIE: (_T.SANTE,),
    _P.ADDICTOLOGIE: (_T.SANTE,),
    _P.MAISON_ADOLESCENTS: (_T.SANTE, _T.ENFANCE_FAMILLE),
    _P.PMI: (_T.ENFANCE_FAMILLE, _T.SANTE),
    _P.RELAIS_PETITE_ENFANCE: (_T.ENFANCE_FAMILLE,),
    _P.POINT_INFO_FAMILLE: (_T.ENFANCE_FAMILLE,),
    _P.CENTRE_SOCIAL: (_T.ENFANCE_FAMILLE, _T.ACCES_AUX_DROITS),
    _P.AIDE_ALIMENTAIRE: (_T.ALIMENTATION,),
    _P.EPICERIE_SOCIALE: (_T.ALIMENTATION,),
    _P.MEDIATION_NUMERIQUE: (_T.NUMERIQUE,),
    _P.BIBLIOTHEQUE: (_T.NUMERIQUE,),
    _P.TRANSPORT: (_T.MOBILITE,),
    _P.POINT_JUSTICE: (_T.JUSTICE,),
    _P.ACCES_AU_DROIT: (_T.JUSTICE,),
    _P.MAISON_JUSTICE_DROIT: (_T.JUSTICE,),
    _P.TRIBUNAL: (_T.JUSTICE,),
    _P.TRIBUNAL_ENFANTS: (_T.ENFANCE_FAMILLE,),
    _P.UDAF: (_T.BUDGET, _T.JUSTICE, _T.ENFANCE_FAMILLE),
    _P.ONAC: (_T.ACCES_AUX_DROITS,),
}

#: Where people are sheltered is told to nobody: neither in an answer nor in an export, which is
#: copied and cannot be called back.
SECRET = frozenset({PlaceType.HEBERGEMENT_VIOLENCES})


class PlaceSource(Model):
    """Where a place was read; ``checked_on`` is when it was true for its publisher."""

    title: Text
    url: Url | None = None
    checked_on: date


class Place(Model):
    """A place where a human helps. What is not known is None, never invented.

    ``lat`` and ``lon`` are those of the address when ``precise``, of the town hall of the
    commune otherwise. ``opening_hours`` is an OpenStreetMap expression; what it cannot say
    is in ``hours_text``. ``service_area`` lists the INSEE codes that the place serves, empty
    when it serves everybody. ``hosted_by`` is the id of the place in which this one is.
    ``announced`` marks an opening that was announced and not confirmed. ``note`` is for the
    team that keeps the directory, not for the person.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    name: Text
    type: PlaceType
    siret: Siret | None = None
    address: Text | None = None
    postal_code: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None = None
    commune: Text
    code_insee: Insee
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    precise: bool = False
    phone: Phone | None = None
    email: EmailStr | None = None
    url: Url | None = None
    opening_hours: str | None = None
    hours_text: Text | None = None
    appointment: Text | None = None
    services: Text | None = None
    audience: Text | None = None
    themes: tuple[Theme, ...]
    service_area: tuple[Insee, ...] = ()
    hosted_by: str | None = None
    source: PlaceSource
    other_sources: tuple[PlaceSource, ...] = ()
    licence: Text
    note: Text | None = None
    to_verify: bool = False
    announced: bool = False

    @model_validator(mode="before")
    @classmethod
    def _themes_of_the_type(cls, data: Any) -> Any:
        if isinstance(data, dict) and "themes" not in data and data.get("type") in TYPES:
            return data | {"themes": THEMES[TYPES[data["type"]]]}
        return data

    @model_validator(mode="after")
    def _is_in_france(self) -> Place:
        """Refuse a point outside mainland France and Corsica, unless the commune is overseas."""
        overseas = self.code_insee.startswith(OVERSEAS)
        if not overseas and not (41 <= self.lat <= 52 and -6 <= self.lon <= 10):
            raise ValueError(f"lat, lon : hors de France ({self.lat}, {self.lon})")
        return self

    @field_validator("opening_hours")
    @classmethod
    def _hours_are_valid(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                hours.in_french(value)
            except hours.HoursError as error:
                raise ValueError(str(error)) from error
        return value

    @property
    def hours(self) -> str | None:
        """Return what is known of the hours, in French, or None."""
        said = hours.in_french(self.opening_hours) if self.opening_hours else None
        return " ; ".join(part for part in (said, self.hours_text) if part) or None

    @property
    def full_address(self) -> str | None:
        """Return the address on one line with its commune, or None when it is not known."""
        if self.address is None:
            return None
        town = f"{self.postal_code} {self.commune}" if self.postal_code else self.commune
        return f"{self.address}, {town}"


def as_line(place: Place) -> str:
    """Return the line of a place in ``structures/*.jsonl``: what is not known is not written."""
    values = place.model_dump(mode="json", exclude_defaults=True)
    if place.themes == THEMES[place.type]:
        del values["themes"]
    return json.dumps(values, ensure_ascii=False)


def phone_in_french(phone: str) -> str:
    """Return a number as it is read aloud: « 02 54 58 41 41 », « 115 »."""
    if not phone.startswith("+33"):
        return phone
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
