"""The closed lists of codes that records use, each with the French label people read."""

LEVELS = {
    "country": "Québec",
    "region": "région",
    "mrc": "MRC",
    "municipality": "municipalité",
    "sector": "secteur",
}

LEGAL_FORMS = {
    "cooperative": "coopérative",
    "obnl": "OBNL",
    "not_constituted": "pas encore constitué",
    "private": "entreprise privée ou autre",
}

STAGES = {
    "idee": "idée",
    "predemarrage": "prédémarrage",
    "demarrage": "démarrage",
    "croissance": "croissance",
    "consolidation": "consolidation",
    "transfert": "transfert",
}

NEEDS = {
    "financement": "financement",
    "mentorat": "mentorat",
    "accompagnement": "accompagnement",
    "formation": "formation",
    "reseautage": "réseautage",
    "immobilier": "immobilier",
    "reprise": "reprise d’entreprise",
    "gouvernance": "gouvernance",
}

ACTOR_KINDS = {
    "pole": "pôle d’économie sociale",
    "sadc_cae": "SADC ou CAE",
    "mrc": "MRC",
    "developpement_local": "développement local",
    "cdc": "corporation de développement communautaire",
    "cdr": "coopérative de développement régional",
    "financement": "financement",
    "mentorat": "mentorat",
    "accompagnement": "accompagnement",
    "formation": "formation",
    "reseau": "réseau",
    "incubateur": "incubateur",
    "gouvernement": "gouvernement",
    "recherche": "recherche",
}

STATUSES = {
    "active": "en activité",
    "to_verify": "à vérifier",
    "closed": "fermé",
}
