"""« Qui recevrait ceci? » : what the assistant would propose with a record as it is being edited, without keeping it.

The draft is written in a transaction that is taken back: nothing stays, and the directory's version does not move.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from directory.labels import CATEGORIES
from directory.models import Actor, Service
from directory.queries import actor_by_slug, service_by_slug
from directory.records import Record
from directory.routing import BROADER, Match, Profile, parameters, reachable_territories, services_for
from directory.territories import Territories
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES
from directory.writing import write_record

SHOWN = 3
# Far more than anybody asks to see: where the edited record stands in the whole list.
LOOKED_AT = 500


@dataclass(frozen=True)
class Proposal:
    """A service as the assistant would propose it, and why; `edited` when it is of the record that is edited."""

    actor: str
    service: str
    actor_slug: str
    service_slug: str
    reasons: tuple[str, ...]
    edited: bool


@dataclass(frozen=True)
class Preview:
    """The first proposals as things are, and with the draft; `rank` of the edited record then (1 is first), else why it has none."""

    now: list[Proposal]
    then: list[Proposal]
    rank: int | None
    why_not: list[str]


@dataclass(frozen=True)
class Edited:
    """The record that is looked at; without `record`, as it is kept."""

    entity: str
    key: str
    record: Record | None = None


def preview(session: Session, profile: Profile, edited: Edited, territories: Territories, today: date) -> Preview:
    """Return what is proposed to `profile` now, and with the draft. Nothing may be waiting to be written in `session`.

    Raises:
        UnknownTerritory: a place of `profile` is not a territory code.
    """
    now = services_for(session, profile, today, LOOKED_AT)
    told_now = [_proposal(match, profile, edited, territories) for match in now[:SHOWN]]
    try:
        if edited.record is not None:
            write_record(session, edited.entity, edited.key, edited.record)
            session.flush()
            session.expire_all()
        then = services_for(session, profile, today, LOOKED_AT) if edited.record is not None else now
        told_then = [_proposal(match, profile, edited, territories) for match in then]
        rank = next((at for at, each in enumerate(told_then, 1) if each.edited), None)
        why_not = [] if rank else list(_why_not(session, profile, edited, territories, today))
        return Preview(told_now, told_then[:SHOWN], rank, why_not)
    finally:
        session.rollback()


def _proposal(match: Match, profile: Profile, edited: Edited, territories: Territories) -> Proposal:
    own = {"actor": match.actor.slug, "service": match.service.slug}.get(edited.entity) == edited.key
    told = (match.actor.name, match.service.name, match.actor.slug, match.service.slug)
    return Proposal(*told, tuple(_reasons(match, profile, territories)), own)


def _reasons(match: Match, profile: Profile, territories: Territories) -> Iterable[str]:
    service = match.service
    yield f"{'dessert en partie' if match.part_of_place else 'dessert'}\u00a0: {territories.label(match.covers)}"
    if not match.exact:
        yield f"besoin voisin de «\u00a0{NEEDS[profile.need]}\u00a0»"
    if profile.legal_form and service.legal_forms:
        yield f"formes\u00a0: {_said(service.legal_forms, LEGAL_FORMS)}"
    if profile.stage and service.stages:
        yield f"étapes\u00a0: {_said(service.stages, STAGES)}"
    if profile.amount and (service.amount_min or service.amount_max):
        yield f"{'une partie du montant' if match.part_of_amount else 'le montant y entre'}, {_range(service)}"
    if service.category and service.category != "offre":
        yield CATEGORIES.get(service.category, service.category)
    if match.actor.dedicated:
        yield "voué aux entreprises collectives"
    if service.requires:
        yield f"suppose\u00a0: {service.requires}"
    if "to_verify" in (service.status, match.actor.status):
        yield "à vérifier"


def _said(codes: Iterable[str], labels: dict[str, str]) -> str:
    return ", ".join(labels[code] for code in codes)


def _range(service: Service) -> str:
    low, high = (f"{each:,}\u00a0$".replace(",", "\u00a0") if each else "" for each in (service.amount_min, service.amount_max))
    if low and high:
        return f"de {low} à {high}"
    return f"jusqu’à {high}" if high else f"à partir de {low}"


def _why_not(session: Session, profile: Profile, edited: Edited, territories: Territories, today: date) -> Iterable[str]:
    """Yield why nothing of the edited record is proposed, as the tables are now."""
    if edited.entity == "service":
        service = service_by_slug(session, edited.key)
        actor, services = (service.actor, [service]) if service else (None, [])
    else:
        actor = actor_by_slug(session, edited.key)
        services = actor.services if actor else []
    if actor is None:
        yield "cette fiche n’est pas dans l’annuaire"
        return
    yield from _actor_reasons(session, profile, actor, territories)
    if not services:
        yield "l’organisme n’a aucun service\u00a0: ajoutez-en un"
    for service in services:
        wrong = list(_service_reasons(profile, service, today))
        name = f"{service.name}\u00a0: " if len(services) > 1 else ""
        if wrong:
            yield f"{name}{'; '.join(wrong)}"
        elif edited.entity == "service":
            yield "un autre service du même organisme passe avant, et un seul est proposé par organisme"


def _actor_reasons(session: Session, profile: Profile, actor: Actor, territories: Territories) -> Iterable[str]:
    if actor.status == "closed":
        yield "l’organisme est fermé"
    reaches = reachable_territories(session, profile.places)
    if not {cover.territory_code for cover in actor.covers} & reaches.keys():
        place = ", ".join(territories.label(code) for code in profile.places) or "tout le Québec"
        yield f"l’organisme ne dessert pas ce lieu\u00a0: {place}"


def _service_reasons(profile: Profile, service: Service, today: date) -> Iterable[str]:
    asked = parameters(profile)
    if service.status == "closed":
        yield "le service est fermé"
    if not {profile.need, *BROADER.get(profile.need, ())} & {*service.needs}:
        yield f"ne répond pas au besoin «\u00a0{NEEDS[profile.need]}\u00a0»"
    if asked["form"] and service.legal_forms and not {asked["form"], asked["also"]} & {*service.legal_forms}:
        yield f"n’admet pas cette forme ({LEGAL_FORMS[profile.legal_form]})"
    elif asked["rival"] in service.legal_forms and asked["form"] not in service.legal_forms:
        yield f"fait pour l’autre forme ({_said(service.legal_forms, LEGAL_FORMS)})"
    if asked["stage"] and service.stages and asked["stage"] not in service.stages:
        yield f"n’admet pas cette étape ({STAGES[profile.stage]})"
    if service.amount_min and service.amount_min > asked["amount"]:
        yield f"le montant est trop petit\u00a0: {_range(service)}"
    if service.valid_from and service.valid_from > today:
        yield "n’est pas encore offert"
    if service.valid_to and service.valid_to < today:
        yield "n’est plus offert"
