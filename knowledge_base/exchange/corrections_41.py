"""What a person corrected in the sources of the directory of Loir-et-Cher.

Each table says what and why; an import applies them, so that it can be run again.
"""

from __future__ import annotations

from collections.abc import Mapping

from knowledge_base.vocabulary import PlaceType, Theme

#: The same place listed twice: the first completes the second, and disappears.
SAME_PLACE = {"mn-61": "mn-59", "mn-366": "cij-41269-01"}

#: Openings that were announced and that no later page confirms.
ANNOUNCED = frozenset({"mds-41151", "mds-41095"})

#: Services of an intercommunal body: they serve its communes and no other.
SERVES_ITS_EPCI = frozenset(
    {"cpl-azalys", "cpl-move-vendome", "cpl-nestor", "cpl-ssiad-blaisois", "cpl-repit-blaisois"}
)

#: Addresses of a person, misspelt domains, accents that no mail server takes.
REFUSED_EMAILS = frozenset(
    {"fpavie@oal.com", "mennetou-sur-cher@france-sercices.gouv.fr", "numérique@cria41.org"}
)

#: A remark on the file, written in the services of the France services.
FILE_REMARK = " (liste nationale des partenaires non détaillée dans le fichier)"

#: Sites that say nothing of the place: national portals, a closed site of the Département.
REFUSED_SITES = (
    "maisondeservicesaupublic.fr",
    "education.gouv.fr",
    "handicap.gouv.fr",
    "justice.gouv.fr",
    "le-loir-et-cher.fr",
)

#: Themes of a place that does more or less than its type.
THEMES: Mapping[str, tuple[Theme, ...]] = {
    "cpl-afpa-blois": (Theme.INSERTION, Theme.ETRANGERS),
    "cpl-secours-catholique-blois": (Theme.ALIMENTATION, Theme.ETRANGERS),
    "cpl-centre-social-vendome": (
        Theme.ENFANCE_FAMILLE,
        Theme.ACCES_AUX_DROITS,
        Theme.ETRANGERS,
    ),
    "cpl-asld-chrs": (Theme.LOGEMENT, Theme.VIOLENCES),
    "cpl-asld-astrolabe": (Theme.LOGEMENT, Theme.VIOLENCES),
    "cpl-asld-siege": (Theme.LOGEMENT, Theme.VIOLENCES, Theme.ETRANGERS),
    "cpl-ssiad-blaisois": (Theme.PERSONNES_AGEES, Theme.HANDICAP),
    **dict.fromkeys(
        ("mn-18", "mn-106", "mn-225", "mn-226"),
        (Theme.ENFANCE_FAMILLE, Theme.ACCES_AUX_DROITS, Theme.NUMERIQUE),
    ),
}

#: Values put right: capitals and accents of names, a note that repeated the contact.
VALUES: Mapping[str, Mapping[str, str]] = {
    "ft-41000": {"nom": "France Travail Blois Gare"},
    "ft-41014": {"nom": "France Travail Blois Laplace"},
    "ft-41022": {"nom": "France Travail Vendôme"},
    "ft-41030": {"nom": "France Travail Romorantin"},
    "cg-41018-01": {
        "nom": "Département de Loir-et-Cher (standard)",
        "source": "« Loir & Cher info » n° 104, automne 2021",
    },
    "fs-1345": {"nom": "France services Lamotte-Beuvron"},
    "fs-1774": {
        "note": "l’accueil de la structure est fermé le vendredi après-midi, "
        "seuls les rendez-vous avec les partenaires sont assurés"
    },
    "fs-2758": {"note": ""},
    "fs-2947": {"note": ""},
    "ddcspp-41018-01": {
        "nom": "Direction départementale de la cohésion sociale et de la protection des "
        "populations (DDCSPP) de Loir-et-Cher"
    },
    # A home to visit, not an office: nobody there takes a case.
    "cpl-maison-bleue": {"type": "renovation_habitat"},
    "mn-18": {"nom": "Association Loisirs et Culture en Vienne et Bas-Rivière (ALCV)"},
    "mn-37": {"nom": "Bibliothèque de Saint-Gervais-la-Forêt"},
    "mn-38": {"nom": "Bibliothèque d’Herbault"},
    "mn-39": {"nom": "Bibliothèque de Valencisse"},
    "mn-59": {"nom": "Bibliothèque Abbé-Grégoire"},
    "mn-60": {"nom": "Bibliothèque de Beauce la Romaine"},
    "mn-63": {"nom": "Bibliothèque de Cellettes"},
    "mn-64": {"nom": "Bibliothèque de Chailles"},
    "mn-65": {"nom": "Bibliothèque de Chaon"},
    "mn-66": {"nom": "Bibliothèque de Châteauvieux"},
    "mn-67": {"nom": "Bibliothèque de Chaumont-sur-Tharonne"},
    "mn-68": {"nom": "Bibliothèque de Chissay-en-Touraine"},
    "mn-71": {"nom": "Bibliothèque de Droué"},
    "mn-81": {"nom": "Bibliothèque relais de Cormeray"},
    "mn-87": {"nom": "Bibliothèque de Châtres-sur-Cher"},
    "mn-106": {"nom": "Centre socioculturel Quinière"},
    "mn-116": {"nom": "Club informatique montais"},
    "mn-134": {"nom": "Ensemble et solidaires – UNRPA"},
    "mn-153": {"nom": "Espace jeunes"},
    "mn-171": {"nom": "Fraps, antenne 41"},
    "mn-179": {"nom": "Info-Net fertois, club informatique"},
    "mn-187": {"nom": "Médiathèque Maurice-Genevoix"},
    "mn-188": {"nom": "Médiathèque de Veuzain-sur-Loire"},
    "mn-191": {"nom": "Le Cercle gervaisien"},
    "mn-195": {"nom": "Le Partage des savoirs"},
    "mn-197": {"nom": "Les Seniors du dolmen"},
    "mn-201": {"nom": "Mairie-bibliothèque de Fontaines-en-Sologne"},
    "mn-223": {"nom": "Club informatique herbaltois"},
    "mn-225": {"nom": "Maison de Bégon"},
    "mn-226": {"nom": "Maison de quartier des Provinces"},
    "mn-232": {"nom": "Médiathèque de Mer"},
    "mn-241": {"nom": "Médiathèque Muguette-Bigot"},
    "mn-242": {"nom": "Médiathèque Alain-Quillout"},
    "mn-247": {"nom": "Médiathèque de Contres"},
    "mn-251": {"nom": "Médiathèque de Mont-près-Chambord"},
    "mn-258": {"nom": "Médiathèque municipale de Josnes"},
    "mn-260": {"nom": "Médiathèque Philippe-Barbeau"},
    "mn-395": {"nom": "RIJ de Vineuil"},
    "mn-518": {"nom": "Atelier Coty"},
}

#: In which file the places of a type are written; the others go to « autres ».
FILES: Mapping[str, tuple[PlaceType, ...]] = {
    "mairies": (PlaceType.MAIRIE, PlaceType.MAIRIE_DELEGUEE),
    "action_sociale": (
        PlaceType.MDS,
        PlaceType.CCAS,
        PlaceType.CIAS,
        PlaceType.CONSEIL_DEPARTEMENTAL,
        PlaceType.CENTRE_SOCIAL,
        PlaceType.INTERCOMMUNALITE,
    ),
    "acces_aux_droits": (
        PlaceType.FRANCE_SERVICES,
        PlaceType.POINT_JUSTICE,
        PlaceType.MEDIATION_NUMERIQUE,
        PlaceType.BIBLIOTHEQUE,
        PlaceType.MAISON_JUSTICE_DROIT,
        PlaceType.ACCES_AU_DROIT,
        PlaceType.TRIBUNAL,
        PlaceType.TRIBUNAL_ENFANTS,
        PlaceType.PREFECTURE,
        PlaceType.SOUS_PREFECTURE,
    ),
}
