"""Closed lists shared by the catalogue and the directory.

The values are ours; ``exchange`` maps them to data·inclusion, whose vocabulary has
nothing for the autonomy of old people nor for child protection.
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A closed list whose members carry the French label a person reads."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Theme(Labelled):
    """The domains of the solidarity plan."""

    HANDICAP = "handicap", "Handicap"
    INSERTION = "insertion", "Emploi et insertion"
    LOGEMENT = "logement", "Logement"
    SANTE = "sante", "Santé"
    ENFANCE_FAMILLE = "enfance_famille", "Enfance et famille"
    PERSONNES_AGEES = "personnes_agees", "Personnes âgées"
    BUDGET = "budget", "Budget et dettes"
    ALIMENTATION = "alimentation", "Aide alimentaire"
    VIOLENCES = "violences", "Violences"
    JUSTICE = "justice", "Justice et droits"
    MOBILITE = "mobilite", "Se déplacer"
    NUMERIQUE = "numerique", "Internet et démarches en ligne"
    ACCES_AUX_DROITS = "acces_aux_droits", "Accès aux droits"
    ETRANGERS = "etrangers", "Étrangers et langue"


class EntryKind(Labelled):
    """What an entry of the catalogue is."""

    RIGHT = "right", "Droit ou aide"
    SERVICE = "service", "Service"
    PROCEDURE = "procedure", "Démarche"
    PROTECTION = "protection", "Protection"


class Delay(Labelled):
    """When the help can be there."""

    TONIGHT = "tonight", "Aujourd’hui"
    THIS_WEEK = "this_week", "Cette semaine"
    WEEKS = "weeks", "Dans les semaines qui viennent"


class Stake(Labelled):
    """What the person loses when the entry is missed; decides what is asked first."""

    HIGH = "high", "Vital ou de grande valeur"
    MEDIUM = "medium", "Important"
    LOW = "low", "Utile"


class Stage(Labelled):
    """How far a card is from its last review."""

    CURRENT = "current", "À jour"
    DUE = "due", "À relire"
    DEMOTED = "demoted", "Montrée après les autres"
    HIDDEN = "hidden", "Cachée"


class PlaceType(Labelled):
    """What a place of the directory is."""

    MAIRIE = "mairie", "Mairie"
    MAIRIE_DELEGUEE = "mairie_deleguee", "Mairie déléguée"
    CCAS = "ccas", "Centre communal d’action sociale (CCAS)"
    CIAS = "cias", "Centre intercommunal d’action sociale (CIAS)"
    MDS = "mds", "Maison départementale des solidarités (MDS)"
    FRANCE_SERVICES = "france_services", "France services"
    INTERCOMMUNALITE = "intercommunalite", "Communauté de communes ou d’agglomération"
    CONSEIL_DEPARTEMENTAL = "conseil_departemental", "Département"
    PREFECTURE = "prefecture", "Préfecture"
    SOUS_PREFECTURE = "sous_prefecture", "Sous-préfecture"
    SERVICES_ETAT_COHESION_SOCIALE = "services_etat_cohesion_sociale", "Services de l’État"
    MDPH = "mdph", "Maison départementale des personnes handicapées (MDPH)"
    SAVS_SAMSAH = "savs_samsah", "Service d’accompagnement à la vie sociale"
    SESSAD = "sessad", "Service d’éducation et de soins à domicile (SESSAD)"
    GEM = "gem", "Groupe d’entraide mutuelle (GEM)"
    POINT_INFO_AUTONOMIE = "point_info_autonomie", "Point info autonomie"
    AIDANTS_REPIT = "aidants_repit", "Aide et répit des aidants"
    ACCUEIL_JOUR_ALZHEIMER = "accueil_jour_alzheimer", "Accueil de jour Alzheimer"
    SSIAD = "ssiad", "Soins infirmiers à domicile"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    INSERTION_EMPLOI = "insertion_emploi", "Insertion par l’emploi"
    FORMATION = "formation", "Lieu de formation"
    ORIENTATION_SCOLAIRE = "orientation_scolaire", "Centre d’information et d’orientation (CIO)"
    INFORMATION_JEUNESSE = "information_jeunesse", "Information jeunesse"
    ADIL = "adil", "Agence d’information sur le logement (ADIL)"
    ANAH = "anah", "Agence de l’habitat (Anah)"
    RENOVATION_HABITAT = "renovation_habitat", "Conseil en rénovation"
    COMMISSION_CONCILIATION_LOGEMENT = (
        "commission_conciliation_logement",
        "Commission de conciliation du logement",
    )
    SIAO_115 = "siao_115", "Hébergement d’urgence (115 – SIAO)"
    ACCUEIL_DE_JOUR = "accueil_de_jour", "Accueil de jour"
    CHRS = "chrs", "Centre d’hébergement (CHRS)"
    HEBERGEMENT_ACCOMPAGNE = "hebergement_accompagne", "Hébergement accompagné"
    PENSION_DE_FAMILLE = "pension_de_famille", "Pension de famille"
    HABITAT_JEUNES = "habitat_jeunes", "Habitat jeunes"
    EQUIPE_MOBILE = "equipe_mobile", "Équipe mobile"
    HEBERGEMENT_VIOLENCES = "hebergement_violences", "Mise à l’abri (violences)"
    PERMANENCE_VIOLENCES = "permanence_violences", "Permanence violences"
    AIDE_VICTIMES = "aide_victimes", "Aide aux victimes"
    CIDFF = "cidff", "Droits des femmes et des familles (CIDFF)"
    CADA = "cada", "Centre d’accueil pour demandeurs d’asile"
    HOPITAL = "hopital", "Hôpital"
    PSYCHIATRIE = "psychiatrie", "Soins psychiques"
    ADDICTOLOGIE = "addictologie", "Addictions"
    MAISON_ADOLESCENTS = "maison_adolescents", "Maison des adolescents"
    PMI = "pmi", "Protection maternelle et infantile (PMI)"
    RELAIS_PETITE_ENFANCE = "relais_petite_enfance", "Relais petite enfance"
    POINT_INFO_FAMILLE = "point_info_famille", "Point info famille"
    CENTRE_SOCIAL = "centre_social", "Centre social"
    AIDE_ALIMENTAIRE = "aide_alimentaire", "Aide alimentaire"
    EPICERIE_SOCIALE = "epicerie_sociale", "Épicerie sociale"
    MEDIATION_NUMERIQUE = "mediation_numerique", "Aide au numérique"
    BIBLIOTHEQUE = "bibliotheque", "Bibliothèque"
    TRANSPORT = "transport", "Transport"
    POINT_JUSTICE = "point_justice", "Point-justice"
    ACCES_AU_DROIT = "acces_au_droit", "Accès au droit"
    MAISON_JUSTICE_DROIT = "maison_justice_droit", "Maison de la justice et du droit"
    TRIBUNAL = "tribunal", "Tribunal"
    TRIBUNAL_ENFANTS = "tribunal_enfants", "Tribunal pour enfants"
    UDAF = "udaf", "Union des associations familiales (Udaf)"
    ONAC = "onac", "Office des anciens combattants"
