"""Who can help whom, where: pure rules over SQL, each choice with its reasons.

Rules (design §7): filter by place, form, stage, date; rank exact need before broad, dedicated before
general, near before wide for support, amount fit for money; at most one service an actor; never
nothing: when no one is near, callers say so and the wider matches still come.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload
from sqlalchemy.sql import Select

from directory.models import Actor, Coverage, Service, ServiceForm, ServiceNeed, ServiceStage, Territory
from directory.queries import territory_path
from directory.text import fold

MONEY = frozenset({"financement", "immobilier", "reprise"})
# What else may serve when few services answer a need exactly.
BROADER = {
    "gouvernance": ("formation",),
    "formation": ("gouvernance", "accompagnement"),
    "immobilier": ("financement",),
    "mentorat": (),
    "reprise": (),
    "reseautage": (),
    "accompagnement": (),
    "financement": (),
}
_LEVELS = {"country": 0, "region": 1, "mrc": 2, "municipality": 3, "sector": 3}
_GENERIC_WORDS = frozenset(
    "entreprise entreprises collective collectives collectif economie sociale cooperative cooperatives coop coops obnl"
    " organisme organismes projet projets aide aider service services quebec region financement pret prets demarrage"
    " mentorat mentor accompagnement formation besoin besoins cherche cherchons bonjour notre votre leurs leur pour"
    " avec dans sans plus mais tout tous toute faire avoir etre quelqu'un comment combien montant dollars milieu"
    " developpement local offre partir lancer encore comme aussi deja trop apres avant entre chez depuis aimerait"
    " aimerais voudrait voudrais conseil conseils gestion marche".split()
)


@dataclass(frozen=True)
class Profile:
    """What is known of a project. `places` are territory codes (several for an area); amounts are dollars."""

    need: str
    places: tuple[str, ...] = ()
    legal_form: str | None = None
    stage: str | None = None
    amount: int | None = None
    words: str = ""


@dataclass(frozen=True)
class Match:
    """A service that fits, where it stands (`near`: 0 Québec, 1 region, 2 MRC, 3 town) and why."""

    service: Service
    near: int
    exact: bool
    part_of_amount: bool
    covers: str
    part_of_place: bool
    subject: int

    @property
    def actor(self) -> Actor:
        """The organisation that offers the service."""
        return self.service.actor


def services_for(session: Session, profile: Profile, today: date, limit: int = 3) -> list[Match]:
    """Return the open services that fit `profile`, best first, at most one an actor.

    Empty when nothing in the directory answers the need. Amounts are Canadian dollars. Services whose ceiling is
    below the amount come too, marked `part_of_amount`.

    Raises:
        UnknownTerritory: a place of `profile` is not a territory code.
    """
    return spread(ranked(session, profile, today), profile, limit)


def ranked(session: Session, profile: Profile, today: date) -> list[Match]:
    """Return every fitting service, best first, before spreading; same terms as `services_for`."""
    territories = reachable_territories(session, profile.places)
    rows = session.execute(matches_query(profile, list(territories), today)).unique().all()
    nearest: dict[int, Match] = {}
    for service, coverage in rows:
        match = _match(service, coverage, territories, profile)
        if match and (service.id not in nearest or match.near > nearest[service.id].near):
            nearest[service.id] = match
    return sorted(nearest.values(), key=lambda m: _rank(m, profile))


def reachable_territories(session: Session, places: Sequence[str]) -> dict[str, Territory]:
    """Return by code the territories that serve `places`: each place, all above it, QC, and for a region its MRC."""
    found: dict[str, Territory] = {}
    for place in places or ("QC",):
        path = territory_path(session, place)
        found.update((territory.code, territory) for territory in path)
        if path[0].level == "region":
            found.update((child.code, child) for child in path[0].children if child.level == "mrc")
    return found


def matches_query(profile: Profile, codes: list[str], today: date) -> Select:
    """Select (Service, Coverage) pairs that pass the filters on need, place, form, stage, status and date."""
    needs = [profile.need, *BROADER.get(profile.need, ())]
    wanted = select(ServiceNeed.service_id).where(ServiceNeed.need.in_(needs))
    query = (
        select(Service, Coverage)
        .join(Service.actor)
        .join(Coverage, Coverage.actor_id == Actor.id)
        .options(contains_eager(Service.actor), selectinload(Service.need_rows), selectinload(Service.form_rows))
        .options(selectinload(Service.stage_rows))
        .where(Coverage.territory_code.in_(codes), Service.id.in_(wanted))
        .where(Actor.status != "closed", Service.status != "closed")
        .where(or_(Service.valid_from.is_(None), Service.valid_from <= today))
        .where(or_(Service.valid_to.is_(None), Service.valid_to >= today))
    )
    if profile.legal_form:
        query = query.where(_admits(ServiceForm, ServiceForm.legal_form, profile.legal_form))
    if profile.stage:
        query = query.where(_admits(ServiceStage, ServiceStage.stage, profile.stage))
    if profile.amount:
        query = query.where(or_(Service.amount_min.is_(None), Service.amount_min <= profile.amount))
    return query


def _admits(table: type, column, code: str):
    """A service that lists nothing excludes nobody; one that lists codes admits those only."""
    listed = select(table.service_id).where(table.service_id == Service.id)
    return or_(~listed.exists(), listed.where(column == code).exists())


def _match(service: Service, coverage: Coverage, territories: dict[str, Territory], profile: Profile) -> Match:
    territory = territories[coverage.territory_code]
    exact = profile.need in list(service.needs)
    ceiling = service.amount_max
    part = bool(profile.amount and ceiling and ceiling < profile.amount)
    near = _LEVELS[territory.level]
    return Match(service, near, exact, part, territory.code, bool(coverage.part), _subject(service, profile.words))


def _subject(service: Service, words: str) -> int:
    """Return how many telling words of the person's sentence the service is about."""
    told = {stem(w) for w in fold(words).replace("'", " ").split() if len(w) > 4 and w not in _GENERIC_WORDS}
    if not told:
        return 0
    text = " ".join(filter(None, (service.name, service.summary, service.actor.name, *service.uses)))
    return len(told & {stem(w) for w in fold(text).replace("'", " ").split() if w not in _GENERIC_WORDS})


def stem(word: str) -> str:
    """Return `word` without the endings of gender and number."""
    return re.sub(r"(?:s|x|e|es|aux|al)$", "", word)


def _rank(match: Match, profile: Profile) -> tuple:
    service, actor = match.service, match.actor
    says_form = bool(list(service.legal_forms))
    money = profile.need in MONEY
    fit = (match.part_of_amount, _excess(service, profile)) if money else ()
    nearness = -match.near if not money else 0
    return (
        -min(match.subject, 1) if not money else 0,
        not match.exact,
        service.status != "active",
        actor.status != "active",
        match.part_of_place,
        *fit,
        not actor.dedicated if money else False,
        nearness,
        not actor.dedicated,
        not says_form,
        *((-match.near,) if money else ()),
        _age(service.as_of),
        fold(actor.name),
        service.slug,
    )


def _excess(service: Service, profile: Profile) -> int:
    """Return 0 when the range of the service is known to hold the amount, 1 when it is not said."""
    if not profile.amount:
        return 0
    return 0 if service.amount_max else 1


def _age(as_of: str | None) -> int:
    """Return a number that grows with the age of a fact; undated facts come last."""
    return -int(as_of[:4]) if as_of and as_of[:4].isdigit() else 0


def spread(matches: Iterable[Match], profile: Profile, limit: int) -> list[Match]:
    """Return at most `limit` matches, one an actor; money mixes near and wide, support mixes kinds of doors."""
    one_each = _one_an_actor(matches)
    if profile.need in ("financement", "immobilier"):
        return _lead([_best(one_each, lambda m: m.near > 0), _best(one_each, _wide_lender)], one_each, limit)
    if profile.need == "accompagnement":
        doors = (("pole",), ("cdr",), ("sadc_cae", "developpement_local", "accompagnement"))
        return _lead([_best(one_each, _of_kind(kinds)) for kinds in doors], one_each, limit)
    if profile.need == "reseautage":
        return _lead([_best(one_each, _of_kind(("pole",)))], one_each, limit)
    return one_each[:limit]


def _one_an_actor(matches: Iterable[Match]) -> list[Match]:
    seen: dict[int, Match] = {}
    for match in matches:
        seen.setdefault(match.service.actor_id, match)
    return list(seen.values())


def _best(matches: Sequence[Match], fits) -> Match | None:
    return next((m for m in matches if m.exact and fits(m)), None)


def _wide_lender(match: Match) -> bool:
    return match.near == 0 and match.actor.dedicated


def _of_kind(kinds: Sequence[str]):
    return lambda m: m.actor.kind in kinds and (m.near > 0 or m.actor.kind == "cdr")


def _lead(first: Iterable[Match | None], rest: Sequence[Match], limit: int) -> list[Match]:
    chosen = [m for m in dict.fromkeys(first) if m]
    return [*chosen, *(m for m in rest if m not in chosen)][:limit]


def local_actors_query(kind: str, codes: Iterable[str]) -> Select:
    """Select (Actor, Coverage) of one kind that serve one of `codes` and are not closed."""
    return (
        select(Actor, Coverage)
        .join(Coverage, Coverage.actor_id == Actor.id)
        .where(Actor.kind == kind, Actor.status != "closed", Coverage.territory_code.in_(list(codes)))
        .order_by(Actor.name)
    )


def local_actors(session: Session, kind: str, places: Sequence[str]) -> list[Actor]:
    """Return the open actors of `kind` that serve `places`, nearest first; empty when none is known."""
    territories = reachable_territories(session, places)
    rows = session.execute(local_actors_query(kind, territories)).all()
    rows.sort(key=lambda row: (-_LEVELS[territories[row[1].territory_code].level], row[0].name))
    return list(dict.fromkeys(actor for actor, _ in rows))


def mrc_of(session: Session, place: str) -> Territory | None:
    """Return the MRC (or équivalent) of a place, None for a region, Québec or a place outside any MRC."""
    return next((t for t in territory_path(session, place) if t.level == "mrc"), None)


def without_amount(profile: Profile) -> Profile:
    """Return `profile` as if no amount had been said: the first thing to give up before saying « nothing »."""
    return replace(profile, amount=None)
