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

# What an answer is about, when it is more than one organisation.
SUBJECTS = {
    "mentorat": "mentorat",
    "codeveloppement": "codéveloppement et communautés de pratique",
    "financement": "financement",
    "reprise": "reprise d’entreprise",
    "fondation": "fonder une entreprise collective",
    "cooperative": "règles des coopératives",
    "obnl": "règles des OBNL",
    "gouvernance": "conseil et gouvernance",
}

# The fact that an answer tells of its organisation or subject.
FACETS = {
    "amount": "montant",
    "share_of_cost": "mise de fonds",
    "eligibility": "admissibilité",
    "exclusions": "exclusions",
    "conditions": "conditions",
    "uses": "dépenses admises",
    "area": "territoire",
    "rate": "taux d’intérêt",
    "interest": "intérêts à payer ou non",
    "guarantee": "garantie",
    "repayment": "remboursement",
    "early_repayment": "remboursement anticipé",
    "duration": "durée",
    "cost": "coût pour la personne",
    "status": "toujours offert ou non",
    "contact": "coordonnées",
}

STATUSES = {
    "active": "en activité",
    "to_verify": "à vérifier",
    "closed": "fermé",
}

# What the visit of a web address of the directory found.
LINK_STATUSES = {
    "ok": "répond",
    "moved": "a déménagé",
    "guarded": "refuse les robots",
    "failing": "ne répond pas bien",
    "dead": "lien mort",
    "refused": "adresse non visitée",
}
