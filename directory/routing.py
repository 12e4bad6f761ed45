"""Who can help whom, where: pure rules over SQL, each choice with its reasons.

Rules (design §7): filter by place, form, stage, date; rank exact need before broad, dedicated before
general, near before wide for support, amount fit for money; at most one service an actor; never
nothing: when no one is near, callers say so and the wider matches still come.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from directory.models import Actor, Service, Territory
from directory.queries import territory_path
from directory.routing_filter import branches_query, local_actors_query, matches_query, services_query
from directory.subject import subject_words, telling_words
from directory.text import fold

MONEY = frozenset({"financement", "immobilier", "reprise"})
# Categories of services that pay a study or a consultant before the project, and not the project.
PREPARES = frozenset({"aide_technique", "accompagnement", "incubation"})
LENDS = frozenset({"pret", "capital_patient", "garantie"})
# What else may serve when few services answer a need exactly.
BROADER = {
    "gouvernance": ("formation",),
    "formation": ("gouvernance", "accompagnement"),
    "immobilier": ("financement",),
}
# Organisations that answer exactly, from which broader ones are no more needed: two screens of cards.
ENOUGH = 6
# A group that says « coop » or « OBNL » this early is seldom constituted yet.
_EARLY_STAGES = frozenset({"idee", "predemarrage"})
_RIVALS = {"cooperative": "obnl", "obnl": "cooperative"}
# More dollars than any minimum: an amount that is not known excludes nobody.
_NO_LIMIT = 2**31 - 1
_LEVELS = {"country": 0, "region": 1, "mrc": 2, "municipality": 3, "sector": 3}


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
class Reach:
    """How near a territory is (0 Québec, 1 region, 2 MRC, 3 town); `inside` when it is a part only of the place."""

    near: int
    inside: bool


@dataclass(frozen=True)
class Fit:
    """A service that passes the filters, as the ranking sees it: a `row` of `matches_query`, and how it stands."""

    row: Row
    reach: Reach
    exact: bool
    part_of_amount: bool
    subject: int


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
    fits = spread(ranked(session, profile, today), profile, limit)
    loaded = _load(session, [fit.row.id for fit in fits])
    return [_match(fit, loaded[fit.row.id]) for fit in fits]


def ranked(session: Session, profile: Profile, today: date) -> list[Fit]:
    """Return every fitting service, best first, before spreading; same terms as `services_for`."""
    reaches = reachable_territories(session, profile.places)
    fits = _fits(session, profile, profile.need, reaches, today)
    if len({fit.row.actor_id for fit in fits.values()}) < ENOUGH:
        for need in BROADER.get(profile.need, ()):
            fits = {**_fits(session, profile, need, reaches, today), **fits}
    return sorted(fits.values(), key=lambda fit: _rank(fit, profile))


def reachable_territories(session: Session, places: Sequence[str]) -> dict[str, Reach]:
    """Return by code the territories that serve `places`: each place, all above it, QC, and for a region its MRC."""
    found: dict[str, Reach] = {}
    for place in places or ("QC",):
        path = territory_path(session, place)
        found.update((territory.code, Reach(_LEVELS[territory.level], False)) for territory in path)
        for child in path[0].children if path[0].level == "region" else ():
            if child.level == "mrc":
                found.setdefault(child.code, Reach(_LEVELS["mrc"], True))
    return found


def parameters(profile: Profile) -> dict[str, object]:
    """Return what the filters read of `profile`; what it does not say excludes no service.

    Early, a coop or an OBNL may use what serves groups not constituted yet, unless it was made for the other form.
    """
    form, early = profile.legal_form, profile.stage in _EARLY_STAGES and profile.legal_form in _RIVALS
    return {
        "form": form or "",
        "also": "not_constituted" if early else "",
        "rival": _RIVALS[form] if early else "",
        "stage": profile.stage or "",
        "amount": profile.amount or _NO_LIMIT,
    }


def _fits(session: Session, profile: Profile, need: str, reaches: dict[str, Reach], today: date) -> dict[int, Fit]:
    """Return by service id what answers `need`, each at its nearest territory."""
    told = telling_words(profile.words)
    asked = {**parameters(profile), "codes": list(reaches), "need": need, "today": today}
    nearest: dict[int, Fit] = {}
    for row in session.execute(matches_query(bool(told)), asked):
        reach = reaches[row.territory_code]
        known = nearest.get(row.id)
        if known is None or _nearness(reach) < _nearness(known.reach):
            part = bool(profile.amount and row.amount_max and row.amount_max < profile.amount)
            nearest[row.id] = Fit(row, reach, need == profile.need, part, subject_words(row, told))
    return nearest


def _load(session: Session, ids: Sequence[int]) -> dict[int, Service]:
    return {each.id: each for each in session.scalars(services_query(), {"ids": ids})} if ids else {}


def _match(fit: Fit, service: Service) -> Match:
    row = fit.row
    return Match(service, fit.reach.near, fit.exact, fit.part_of_amount, row.territory_code, bool(row.part), fit.subject)


def _rank(fit: Fit, profile: Profile) -> tuple:
    """Return the sort key: what matters most first; money looks at the amount, support at the subject and the distance."""
    row, money = fit.row, profile.need in MONEY
    unsure = (row.status != "active", row.actor_status != "active")
    wide, part = not fit.exact, bool(row.part)
    amount = (fit.part_of_amount, bool(profile.amount and not row.amount_max))
    near, general, says_no_form = _nearness(fit.reach), not row.dedicated, not row.legal_forms
    money_first, support_first = (wide, *unsure, part, *amount), (*unsure, not fit.subject, wide, part, near)
    first = (*(money_first if money else support_first), general, says_no_form)
    return (*first, bool(row.requires), near, *_aim(row, profile), len(row.needs), _age(row.as_of), fold(row.actor_name), row.slug)


def _aim(row: Row, profile: Profile) -> tuple[int, bool]:
    """Return what sorts the products of one lender: the ceiling nearest to the amount, then money before what prepares it."""
    gap = abs(row.amount_max - profile.amount) if profile.amount and row.amount_max else 0
    return gap, profile.need in MONEY and row.category in PREPARES


def _nearness(reach: Reach) -> tuple[int, bool]:
    """Return what sorts the near first; a part of the place asked comes after what covers all of it."""
    return (-(reach.near - 1), True) if reach.inside else (-reach.near, False)


def _age(as_of: str | None) -> int:
    """Return a number that grows with the age of a fact; undated facts come last."""
    return -int(as_of[:4]) if as_of and as_of[:4].isdigit() else 0


def spread(fits: Iterable[Fit], profile: Profile, limit: int) -> list[Fit]:
    """Return at most `limit` fits, one an actor; money mixes near and wide, support mixes kinds of doors."""
    one_each = _one_an_actor(fits)
    if profile.need in ("financement", "immobilier"):
        lenders = [_best(one_each, fits_door) for fits_door in (_near_grant, _near_loan, _wide_lender)]
        return _lead(sorted(filter(None, lenders), key=lambda fit: fit.part_of_amount), one_each, limit)
    if profile.need == "accompagnement":
        doors = (("pole",), ("cdr",), ("sadc_cae", "developpement_local", "accompagnement"))
        return _lead([_best(one_each, _of_kind(kinds)) for kinds in doors], one_each, limit)
    if profile.need == "reprise":
        doors = [_best(one_each, is_door) for is_door in (_of_kind(("cdr",)), _for_this_only, _lends)]
        return _lead(doors, one_each, limit)
    if profile.need == "reseautage":
        return _lead([_best(one_each, _of_kind(("pole",)))], one_each, limit)
    return one_each[:limit]


def _one_an_actor(fits: Iterable[Fit]) -> list[Fit]:
    """Return the best fit of each actor, in order; a plain service speaks for one that needs a special situation."""
    seen: dict[int, Fit] = {}
    for fit in fits:
        known = seen.setdefault(fit.row.actor_id, fit)
        if known.row.requires and not fit.row.requires and fit.exact and fit.row.status == "active":
            seen[fit.row.actor_id] = fit
    return list(seen.values())


def _best(fits: Sequence[Fit], is_door: Callable[[Fit], bool]) -> Fit | None:
    return next((fit for fit in fits if fit.exact and is_door(fit)), None)


def _is_near(fit: Fit) -> bool:
    return fit.reach.near > 0 and not fit.reach.inside


def _near_grant(fit: Fit) -> bool:
    return _is_near(fit) and fit.row.category == "subvention"


def _near_loan(fit: Fit) -> bool:
    return _is_near(fit) and fit.row.category != "subvention"


def _wide_lender(fit: Fit) -> bool:
    return fit.reach.near == 0 and fit.row.dedicated


def _for_this_only(fit: Fit) -> bool:
    return len(fit.row.needs) == 1 and fit.row.kind != "cdr"


def _lends(fit: Fit) -> bool:
    return fit.row.category in LENDS


def _of_kind(kinds: Sequence[str]) -> Callable[[Fit], bool]:
    return lambda fit: fit.row.kind in kinds and (_is_near(fit) or fit.row.kind == "cdr")


def _lead(first: Iterable[Fit | None], rest: Sequence[Fit], limit: int) -> list[Fit]:
    once = {fit.row.id: fit for fit in (*first, *rest) if fit}
    return list(once.values())[:limit]


def local_actors(session: Session, kind: str, places: Sequence[str]) -> list[Actor]:
    """Return the open actors of `kind` that serve `places`: the sure, then the nearest first; empty when none is known.

    What serves only a part of what contains the place is left out when another of its kind serves the place itself.
    """
    reaches = reachable_territories(session, places)
    rows = session.execute(local_actors_query(), {"kind": kind, "codes": list(reaches)}).all()
    return _nearest_first((actor, reaches[cover.territory_code], cover.part) for actor, cover in rows)


def branches_of(session: Session, actor: Actor, places: Sequence[str]) -> list[Actor]:
    """Return the open offices of `actor` that serve `places` whole, nearest first: their names begin with its own."""
    reaches = reachable_territories(session, places)
    query = branches_query([name for name in (actor.name, actor.short_name) if name])
    rows = session.execute(query, {"actor": actor.id, "codes": list(reaches)}).all()
    return _nearest_first((branch, reaches[cover.territory_code], False) for branch, cover in rows if not cover.part)


def _nearest_first(found: Iterable[tuple[Actor, Reach, bool]]) -> list[Actor]:
    rows = sorted(found, key=lambda row: (row[0].status != "active", row[2], *_nearness(row[1]), row[0].name))
    whole = any(not part and reach.near >= _LEVELS["mrc"] for _, reach, part in rows)
    return list(dict.fromkeys(actor for actor, _, part in rows if not (part and whole)))


def mrc_of(session: Session, place: str) -> Territory | None:
    """Return the MRC (or équivalent) whose office is a door for the place.

    None for a region of several, for Québec, for a place outside any MRC, and where no way to reach an office is known.
    """
    path = territory_path(session, place)
    inside = [child for child in path[0].children if child.level == "mrc"] if path[0].level == "region" else []
    mrc = next((t for t in (inside if len(inside) == 1 else path) if t.level == "mrc"), None)
    return mrc if mrc is not None and (mrc.website or mrc.phone or mrc.email) else None


def without_amount(profile: Profile) -> Profile:
    """Return `profile` as if no amount had been said: the first thing to give up before saying « nothing »."""
    return replace(profile, amount=None)


def without_stage(profile: Profile) -> Profile:
    """Return `profile` as if no stage had been said: given up next, and said so."""
    return replace(profile, stage=None)
