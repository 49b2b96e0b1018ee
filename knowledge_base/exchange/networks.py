"""The networks of data·inclusion and our types of place: what says one also says the other."""

from __future__ import annotations

from data_inclusion.schema import v1

from knowledge_base.commune_names import name_key
from knowledge_base.exchange.same_place import SHORT_NAMES
from knowledge_base.vocabulary import PlaceType

_N = v1.ReseauPorteur
_P = PlaceType
#: The network that carries each type of place; a type without a line has none of its own.
NETWORKS: dict[PlaceType, v1.ReseauPorteur] = {
    _P.MAIRIE: _N.COMMUNES,
    _P.MAIRIE_DELEGUEE: _N.COMMUNES,
    _P.INTERCOMMUNALITE: _N.COMMUNES,
    _P.CCAS: _N.CCAS_CIAS,
    _P.CIAS: _N.CCAS_CIAS,
    _P.MDS: _N.MAISONS_DES_SOLIDARITES,
    _P.FRANCE_SERVICES: _N.FRANCE_SERVICE,
    _P.CONSEIL_DEPARTEMENTAL: _N.DEPARTEMENTS,
    _P.PMI: _N.DEPARTEMENTS,
    _P.PREFECTURE: _N.REGIONS,
    _P.SOUS_PREFECTURE: _N.REGIONS,
    _P.MDPH: _N.MDPH,
    _P.FRANCE_TRAVAIL: _N.FRANCE_TRAVAIL,
    _P.MISSION_LOCALE: _N.MISSION_LOCALE,
    _P.INFORMATION_JEUNESSE: _N.RESEAU_INFORMATION_JEUNESSE,
    _P.SIAO_115: _N.SIAO,
    _P.CHRS: _N.CHRS,
    _P.HABITAT_JEUNES: _N.RESIDENCES_FJT,
    _P.CIDFF: _N.CIDFF,
    _P.CADA: _N.CADA,
    _P.PSYCHIATRIE: _N.CMP,
    _P.ADDICTOLOGIE: _N.CSAPA,
    _P.CENTRE_SOCIAL: _N.FCSF,
    _P.POINT_JUSTICE: _N.POINTS_JUSTICE,
    _P.UDAF: _N.UNAF,
}
#: Networks that are a type of place, but not the one by which we say the type.
_OTHER_NETWORKS = {
    _N.MSAP: _P.FRANCE_SERVICES,
    _N.CMS: _P.MDS,
    _N.RESTOS_DU_COEUR: _P.AIDE_ALIMENTAIRE,
    _N.BANQUES_ALIMENTAIRES: _P.AIDE_ALIMENTAIRE,
    _N.CONSEILLERS_NUMERIQUES: _P.MEDIATION_NUMERIQUE,
    _N.ESPACES_PUBLICS_NUMERIQUES: _P.MEDIATION_NUMERIQUE,
    _N.AI: _P.INSERTION_EMPLOI,
    _N.EI: _P.INSERTION_EMPLOI,
    _N.ACI: _P.INSERTION_EMPLOI,
    _N.ETTI: _P.INSERTION_EMPLOI,
    _N.PLIE: _P.INSERTION_EMPLOI,
    _N.CAP_EMPLOI_RESEAU_CHEOPS: _P.INSERTION_EMPLOI,
    _N.AFPA: _P.FORMATION,
}
#: How places are also called, by the beginning of their names.
_NAMES = {
    "centre hospitalier": _P.HOPITAL,
    "centre medico psychologique": _P.PSYCHIATRIE,
    "communaute d agglomeration": _P.INTERCOMMUNALITE,
    "communaute de communes": _P.INTERCOMMUNALITE,
    "conseil departemental": _P.CONSEIL_DEPARTEMENTAL,
    "croix rouge": _P.AIDE_ALIMENTAIRE,
    "csapa": _P.ADDICTOLOGIE,
    "foyer de jeunes travailleurs": _P.HABITAT_JEUNES,
    "maison de services au public": _P.FRANCE_SERVICES,
    "maison france services": _P.FRANCE_SERVICES,
    "mediatheque": _P.BIBLIOTHEQUE,
    "pole emploi": _P.FRANCE_TRAVAIL,
    "restaurants du coeur": _P.AIDE_ALIMENTAIRE,
    "restos du coeur": _P.AIDE_ALIMENTAIRE,
    "secours populaire": _P.AIDE_ALIMENTAIRE,
    "tribunal": _P.TRIBUNAL,
}


def _by_network() -> dict[v1.ReseauPorteur, PlaceType]:
    """Return the type of each network that has one only: « communes » is three types."""
    kinds = list(NETWORKS.values())
    alone = {network: kind for kind, network in NETWORKS.items() if kinds.count(network) == 1}
    return alone | _OTHER_NETWORKS


BY_NETWORK = _by_network()
_BY_NAME = (
    _NAMES
    | {short: kind for kind, short in SHORT_NAMES.items()}
    | {name_key(kind.label.partition(" (")[0]): kind for kind in PlaceType}
)


def kind_of(name: str, networks: frozenset[v1.ReseauPorteur] = frozenset()) -> PlaceType | None:
    """Return the type that the name of a place says, else its network; None when neither does.

    The name comes first: a mission locale of the network of France services is a mission locale.
    """
    key = name_key(name)
    starts = [start for start in _BY_NAME if key == start or key.startswith(f"{start} ")]
    if starts:
        return _BY_NAME[max(starts, key=len)]
    kinds = {BY_NETWORK[network] for network in networks if network in BY_NETWORK}
    return kinds.pop() if len(kinds) == 1 else None
