"""Which types of place take a case, by theme, and who answers for those without a telephone."""

from __future__ import annotations

from knowledge_base.vocabulary import PlaceType, Theme

_P = PlaceType
_MDS: tuple[PlaceType, ...] = (_P.MDS,)
#: Who takes a case, by theme: the nearest place of the first group, then of the next ones.
COMPETENT: dict[Theme, tuple[tuple[PlaceType, ...], ...]] = {
    Theme.HANDICAP: ((_P.MDPH,), _MDS),
    Theme.INSERTION: ((_P.FRANCE_TRAVAIL,), _MDS),
    Theme.LOGEMENT: (_MDS, (_P.ADIL,)),
    Theme.SANTE: (_MDS,),
    Theme.ENFANCE_FAMILLE: (_MDS, (_P.PMI,)),
    Theme.PERSONNES_AGEES: ((_P.POINT_INFO_AUTONOMIE,), _MDS),
    Theme.BUDGET: (_MDS,),
    Theme.ALIMENTATION: (_MDS,),
    Theme.VIOLENCES: ((_P.CIDFF,), (_P.PERMANENCE_VIOLENCES,), _MDS),
    Theme.JUSTICE: ((_P.POINT_JUSTICE, _P.MAISON_JUSTICE_DROIT), _MDS),
    Theme.MOBILITE: (_MDS,),
    Theme.NUMERIQUE: ((_P.FRANCE_SERVICES,), _MDS),
    Theme.ACCES_AUX_DROITS: ((_P.FRANCE_SERVICES,), _MDS),
    Theme.ETRANGERS: (_MDS,),
}
#: National lines that take a theme, by id of ``numeros.yml``, when no place can be reached.
LINES: dict[Theme, tuple[str, ...]] = {
    Theme.HANDICAP: ("aide_handicap_ecole", "allo_service_public_3939"),
    Theme.INSERTION: ("france_travail_3949",),
    Theme.LOGEMENT: ("loyers_impayes", "logement_indigne", "samu_social_115"),
    Theme.SANTE: ("assurance_maladie_3646",),
    Theme.ENFANCE_FAMILLE: ("caf_3230", "enfance_danger_119"),
    Theme.PERSONNES_AGEES: ("assurance_retraite_3960", "maltraitance_3977"),
    Theme.BUDGET: ("banque_de_france_3414", "caf_3230"),
    Theme.ALIMENTATION: ("samu_social_115",),
    Theme.VIOLENCES: ("violences_femmes_3919", "france_victimes_116006"),
    Theme.JUSTICE: ("france_victimes_116006", "allo_service_public_3939"),
    Theme.MOBILITE: ("allo_service_public_3939",),
    Theme.NUMERIQUE: ("allo_service_public_3939",),
    Theme.ACCES_AUX_DROITS: ("allo_service_public_3939",),
    Theme.ETRANGERS: ("allo_service_public_3939",),
}
YOUTH = range(16, 26)  # the ages, in years, of a mission locale
#: Who answers for a place without a telephone of its own that is hosted nowhere.
RELAYS: dict[PlaceType, PlaceType] = {
    **dict.fromkeys((_P.MDS, _P.PMI, _P.POINT_INFO_AUTONOMIE), _P.CONSEIL_DEPARTEMENTAL),
    **dict.fromkeys((_P.CIAS, _P.SSIAD, _P.ACCUEIL_JOUR_ALZHEIMER), _P.INTERCOMMUNALITE),
    **dict.fromkeys(
        (_P.CHRS, _P.HEBERGEMENT_ACCOMPAGNE, _P.ACCUEIL_DE_JOUR, _P.PENSION_DE_FAMILLE),
        _P.SIAO_115,
    ),
    **dict.fromkeys((_P.HEBERGEMENT_VIOLENCES, _P.AIDE_VICTIMES), _P.CIDFF),
    **dict.fromkeys(
        (
            _P.CCAS,
            _P.FRANCE_SERVICES,
            _P.POINT_JUSTICE,
            _P.AIDE_ALIMENTAIRE,
            _P.EPICERIE_SOCIALE,
            _P.CENTRE_SOCIAL,
            _P.RELAIS_PETITE_ENFANCE,
            _P.INFORMATION_JEUNESSE,
            _P.MEDIATION_NUMERIQUE,
            _P.BIBLIOTHEQUE,
        ),
        _P.MAIRIE,
    ),
}
#: National line of the network of a place, by id of ``numeros.yml``, when nobody nearer answers.
NETWORK_LINES: dict[PlaceType, str] = {
    _P.RENOVATION_HABITAT: "renovation_energetique",
    _P.ADDICTOLOGIE: "drogues_info",
    _P.MAISON_ADOLESCENTS: "fil_sante_jeunes",
    _P.SAVS_SAMSAH: "communaute_360",
    _P.SESSAD: "communaute_360",
    _P.EQUIPE_MOBILE: "samu_social_115",
}
#: A commune without a CCAS does the same by itself, at the town hall.
STAND_INS = {_P.CCAS: _P.MAIRIE}
