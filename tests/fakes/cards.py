"""Cards for tests, in the shape of the real ones; the texts are invented."""

from __future__ import annotations

from datetime import date

from assistant.messages import AidCard, CardSource, LineCard, PlaceCard

SOURCE = CardSource(
    title="Fiche d’exemple", url="https://exemple.fr/fiche", checked_on=date(2026, 5, 1)
)
OLD_SOURCE = CardSource(
    title="Ancienne fiche d’exemple",
    url="https://exemple.fr/ancienne",
    checked_on=date(2020, 11, 12),
    to_verify=True,
)

EMERGENCY = (
    LineCard(number="15", name="Samu", hours="24h/24, 7j/7", cost="appel gratuit",
             deaf="passer par le 114", checked_on=date(2020, 10, 28)),
    LineCard(number="17", name="Police secours", deaf="passer par le 114 (SMS)",
             checked_on=date(2020, 10, 26)),
    LineCard(number="112", name="Numéro d’urgence européen", checked_on=date(2020, 10, 28)),
    LineCard(number="114", name="Pour les personnes sourdes ou qui ne peuvent pas parler",
             checked_on=date(2020, 10, 28)),
    LineCard(number="115", name="Hébergement d’urgence", checked_on=date(2020, 10, 28)),
    LineCard(number="119", name="Enfance en danger", checked_on=date(2020, 10, 28)),
    LineCard(number="3919", name="Violences Femmes Info", hours="24h/24, 7j/7",
             cost="appel gratuit et anonyme", deaf="tchat sur le site du 3919",
             checked_on=date(2026, 1, 15)),
    LineCard(number="3114", name="Prévention du suicide", checked_on=date(2026, 1, 15)),
)  # fmt: skip

RENT = AidCard(
    id="fsl_impayes",
    title="FSL : une aide pour payer un loyer en retard",
    summary="Le FSL (fonds de solidarité pour le logement) peut payer une dette de loyer. "
    "Il aide les personnes qui ont de petits revenus.",
    status="likely",
    because=["Vous avez un loyer pas payé.", "Vous êtes locataire."],
    missing=["commune", "income"],
    amount="selon le cas",
    delay="weeks",
    delay_detail="La réponse arrive en deux mois environ.",
    steps=[
        "Prenez rendez-vous à la Maison départementale des solidarités.",
        "Préparez les papiers avec l’assistante sociale.",
        "Envoyez le dossier.",
    ],
    documents=["Le bail", "Le dernier avis d’échéance", "Les ressources des trois derniers mois"],
    provider="Département de Loir-et-Cher",
    url="https://exemple.fr/fsl",
    source=SOURCE,
    score=0.91,
    lines=[LineCard(number="0 805 160 075", name="SOS loyers impayés",
                    hours="lun-ven 9h-17h", cost="appel gratuit", checked_on=date(2026, 2, 3))],
    themes=["logement"],
    text="Le FSL est une aide du Département.\n\n- Elle peut être un don.\n- Ou un prêt.",
)  # fmt: skip

HOUSING_BENEFIT = AidCard(
    id="apl",
    title="APL : une aide pour payer le loyer chaque mois",
    summary="L’APL (aide personnalisée au logement) baisse le loyer de chaque mois.",
    status="to_check",
    because=["Vous êtes locataire."],
    missing=["income", "household", "children"],
    amount=None,
    delay="weeks",
    steps=["Faites une simulation.", "Demandez l’aide à la Caf ou à la MSA."],
    documents=[],
    provider="Caf ou MSA",
    url=None,
    source=OLD_SOURCE,
    score=0.62,
)

SOCIAL_HOUSING = AidCard(
    id="logement_social",
    title="Logement social (HLM)",
    summary="Un logement dont le loyer est plus bas.",
    status="unlikely",
    because=["Vous avez dit que vous êtes propriétaire."],
    missing=[],
    amount=None,
    delay="weeks",
    steps=["Déposez une demande."],
    documents=["Une pièce d’identité"],
    provider="Bailleurs sociaux",
    url="https://exemple.fr/hlm",
    source=SOURCE,
    score=0.3,
)

FRANCE_SERVICES = PlaceCard(
    id="fs-exemple",
    name="France services du Centre",
    type="france_services",
    type_label="France services",
    address="1 rue de l’Exemple",
    commune="Blois",
    code_insee="41018",
    lat=47.59411,
    lon=1.309648,
    distance_km=3.24,
    phone="02 54 00 00 00",
    email="blois@exemple.fr",
    url="https://exemple.fr/blois",
    hours="lun 13h30-17h30 ; mar-ven 9h-12h, 13h30-17h30",
    open_now=True,
    source=CardSource(title="Liste d’exemple", checked_on=date(2024, 8, 1)),
)

SOCIAL_CENTRE = PlaceCard(
    id="mds-exemple",
    name="Maison départementale des solidarités (MDS) de Blois",
    type="mds",
    type_label="Maison départementale des solidarités (MDS)",
    address=None,
    commune="Blois",
    code_insee="41018",
    lat=None,
    lon=None,
    distance_km=2.6,
    approximate=True,
    phone=None,
    email=None,
    url=None,
    hours=None,
    open_now=None,
    source=CardSource(title="Article d’exemple", checked_on=date(2026, 3, 7), to_verify=True),
)
