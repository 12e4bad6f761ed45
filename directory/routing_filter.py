"""The filters of routing, in SQL: what may be proposed at all; `routing` ranks it.

Queries are built once and take parameters: building one costs a third of running it.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement, Select
from sqlalchemy.sql.expression import BindParameter

from directory.base import lists, lists_nothing
from directory.models import Actor, Coverage, Service


@cache
def matches_query(with_words: bool) -> Select:
    """Select what the ranking reads of the services that pass every filter, once a territory that their actor covers.

    Parameters: `codes` of territories, `need`, `today`, `amount`, the `form` and `stage` that must be admitted ("" for any),
    `also`: another form that will do, `rival`: a form made for which a service is none for `form`. `with_words` adds the
    texts of the service.
    """
    return (
        select(*_read(), Coverage.territory_code, Coverage.part, *(_texts() if with_words else ()))
        .join(Service.actor)
        .join(Coverage, Coverage.actor_id == Service.actor_id)
        .where(Coverage.territory_code.in_(bindparam("codes", expanding=True)), lists(Service.needs, _said("need")))
        .where(Actor.status != "closed", Service.status != "closed")
        .where(or_(Service.valid_from.is_(None), Service.valid_from <= bindparam("today")))
        .where(or_(Service.valid_to.is_(None), Service.valid_to >= bindparam("today")))
        .where(or_(Service.amount_min.is_(None), Service.amount_min <= bindparam("amount")))
        .where(_admits(Service.legal_forms, "form", "also"), _admits(Service.stages, "stage"))
        .where(or_(~lists(Service.legal_forms, _said("rival")), lists(Service.legal_forms, _said("form"))))
    )


def _admits(column: ColumnElement, *parameters: str) -> ColumnElement:
    """A service that lists nothing excludes nobody; one that lists codes admits those only."""
    wanted = [_said(parameter) for parameter in parameters]
    return or_(wanted[0] == "", lists_nothing(column), *(lists(column, code) for code in wanted))


def _said(parameter: str) -> BindParameter:
    return bindparam(parameter, type_=String)


def _read() -> tuple[ColumnElement, ...]:
    return (
        Service.id,
        Service.slug,
        Service.actor_id,
        Service.category,
        Service.amount_max,
        Service.requires,
        Service.as_of,
        Service.status,
        Actor.name.label("actor_name"),
        Actor.kind,
        Actor.dedicated,
        Actor.status.label("actor_status"),
        Service.legal_forms,
        Service.needs,
    )


def _texts() -> tuple[ColumnElement, ...]:
    return (Service.name, Service.summary, Service.uses)


@cache
def services_query() -> Select:
    """Select the services whose id is one of the parameter `ids`, with its actor."""
    return select(Service).where(Service.id.in_(bindparam("ids", expanding=True))).options(joinedload(Service.actor))


def local_actors_query() -> Select:
    """Select (Actor, Coverage) of the open actors of the parameter `kind` that serve one of the parameter `codes`."""
    return (
        select(Actor, Coverage)
        .join(Coverage, Coverage.actor_id == Actor.id)
        .where(Actor.kind == bindparam("kind"), Actor.status != "closed")
        .where(Coverage.territory_code.in_(bindparam("codes", expanding=True)))
        .order_by(Actor.name)
    )


def branches_query(names: Sequence[str]) -> Select:
    """Select (Actor, Coverage) of the other open actors whose name begins with one of `names` and that serve one of `codes`."""
    begins = or_(*(Actor.name.startswith(name, autoescape=True) for name in names))
    return (
        select(Actor, Coverage)
        .join(Coverage, Coverage.actor_id == Actor.id)
        .where(begins, Actor.id != bindparam("actor"), Actor.status != "closed")
        .where(Coverage.territory_code.in_(bindparam("codes", expanding=True)))
    )
