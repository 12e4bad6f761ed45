"""What the fields of records are called in French, and how their values are told to people who know no code."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Actor, Answer, Service
from directory.territories import Territories
from directory.text import day
from directory.vocabulary import ACTOR_KINDS, FACETS, LEGAL_FORMS, NEEDS, STAGES, STATUSES, SUBJECTS

ENTITY_LABELS = {
    "actor": "organisme",
    "service": "service",
    "answer": "réponse",
    "place_alias": "autre nom de lieu",
    "territory": "territoire",
    "postal_area": "zone postale",
}

# What a service is, as its page says it; the routing of money reads these codes.
CATEGORIES = {
    "accompagnement": "accompagnement",
    "achat_responsable": "achat responsable",
    "aide_technique": "aide à la préparation (études, consultants)",
    "capital_patient": "capital patient",
    "compte": "compte et services financiers",
    "fonds": "fonds",
    "formation": "formation",
    "garantie": "garantie de prêt",
    "incorporation": "incorporation",
    "incubation": "incubation",
    "innovation": "innovation",
    "mentorat": "mentorat",
    "offre": "élément de la liste d’offres de l’organisme",
    "pret": "prêt",
    "recherche": "recherche",
    "releve": "relève et reprise",
    "reseautage": "réseautage",
    "subvention": "subvention",
}

_SHARED = {
    "slug": "Identifiant",
    "name": "Nom",
    "status": "État",
    "summary": "Résumé",
    "source": "Source",
    "other_sources": "Autres sources",
    "as_of": "Date que montre la source",
    "note": "Note",
}
FIELD_LABELS: dict[str, dict[str, str]] = {
    "actor": {
        **_SHARED,
        "short_name": "Sigle ou nom court",
        "aliases": "Autres noms",
        "kind": "Genre d’organisme",
        "successor": "Successeur",
        "dedicated": "Voué aux entreprises collectives",
        "covers": "Territoires desservis",
        "contact": "Coordonnées",
        "contact.website": "Site web",
        "contact.phone": "Téléphone",
        "contact.email": "Courriel",
        "contact.address": "Adresse",
        "contact.city": "Ville",
        "verified_on": "Vérifié le",
    },
    "service": {
        **_SHARED,
        "actor": "Organisme",
        "aliases": "Autres noms",
        "category": "Sorte de service",
        "needs": "Besoins",
        "legal_forms": "Formes juridiques admises",
        "stages": "Étapes du projet",
        "amount_min": "Montant le plus bas",
        "amount_max": "Montant le plus haut",
        "share_of_cost_max": "Part du coût, au plus",
        "cost": "Coût pour la personne",
        "conditions": "Conditions",
        "requires": "Situation particulière exigée",
        "uses": "Ce que cela peut payer",
        "how_to_apply": "Comment faire une demande",
        "valid_from": "Offert à partir du",
        "valid_to": "Offert jusqu’au",
    },
    "answer": {
        **_SHARED,
        "rows": "Lignes du relevé de départ",
        "question": "Question",
        "label": "Libellé du bouton",
        "text": "Texte de la réponse",
        "subject": "Matière",
        "facet": "Fait dit",
        "actor": "Organisme dont elle parle",
        "service": "Service dont elle parle",
        "legal_form": "Forme juridique",
        "stage": "Étape du projet",
        "twin": "Même question pour l’autre forme",
        "next": "Questions proposées ensuite",
        "see": "Organismes à voir",
        "sources": "Sources",
    },
    "place_alias": {"name": "Nom", "territories": "Lieux que ce nom désigne", "source": "Source"},
}
_CODES: dict[str, Mapping[str, str]] = {
    "kind": ACTOR_KINDS,
    "status": STATUSES,
    "category": CATEGORIES,
    "needs": NEEDS,
    "legal_forms": LEGAL_FORMS,
    "legal_form": LEGAL_FORMS,
    "stages": STAGES,
    "stage": STAGES,
    "subject": SUBJECTS,
    "facet": FACETS,
}
# Fields that name other records: by (entity, field) or by field, the entity that they name.
REFERENCES = {
    "successor": "actor",
    "actor": "actor",
    "see": "actor",
    "service": "service",
    "twin": "answer",
    "next": "answer",
    "territories": "territory",
}
_DAYS = {"verified_on", "valid_from", "valid_to", "as_of"}
_DOLLARS = {"amount_min", "amount_max"}


class Names:
    """The names of every record, by entity and key: what people read in place of a code."""

    def __init__(self, names: Mapping[str, Mapping[str, str]], territories: Territories) -> None:
        self.names = names
        self.territories = territories

    @classmethod
    def load(cls, session: Session) -> "Names":
        """Return the names as they are in the tables; a service is told with its organisation, since many have the same name."""
        read = {"actor": (Actor.slug, Actor.name), "answer": (Answer.slug, Answer.label)}
        names = {entity: dict(session.execute(select(*columns)).all()) for entity, columns in read.items()}
        services = session.execute(select(Service.slug, Service.name, Actor.name, Actor.short_name).join(Service.actor))
        names["service"] = {slug: f"{name} ({short or actor})" for slug, name, actor, short in services}
        return cls(names, Territories.load(session))

    def of(self, entity: str, key: str) -> str:
        """Return what the record is called; its key when there is no such record, or its key is its name."""
        if entity == "territory":
            return self.territories.label(key)
        return self.names.get(entity, {}).get(key, key)


def field_label(entity: str, field: str) -> str:
    """Return what a field is called; its code when it has no label."""
    return FIELD_LABELS.get(entity, {}).get(field, field)


def told(field: str, value: object, names: Names) -> list[str]:
    """Return the value of a field as people read it, one text an item; empty for nothing."""
    if value in (None, "", [], {}):
        return []
    if isinstance(value, list):
        return [text for each in value for text in told(field, each, names)]
    if field == "covers":
        return [_covered(value, names)]
    if isinstance(value, dict):
        return [f"{name}\u00a0: {each}" for name, each in value.items()]
    return [_one(field, value, names)]


def _covered(place: Mapping[str, object], names: Names) -> str:
    part = "\u00a0: une partie seulement" if place["part"] else ""
    note = f" ({place['note']})" if place["note"] else ""
    return f"{names.of('territory', str(place['code']))}{part}{note}"


def _one(field: str, value: object, names: Names) -> str:
    if field in REFERENCES:
        return names.of(REFERENCES[field], str(value))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if field in _DOLLARS:
        return f"{value:,}\u00a0$".replace(",", "\u00a0")
    if field == "share_of_cost_max":
        return f"{value * 100:g}\u00a0%".replace(".", ",")
    return day(str(value)) if field in _DAYS else _CODES.get(field, {}).get(str(value), str(value))
