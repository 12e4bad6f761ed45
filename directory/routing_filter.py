"""The filters of routing, in SQL: what may be proposed at all; `routing` ranks it.

Queries are built once and take parameters: building one costs a third of running it.
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement, Select
from sqlalchemy.sql.expression import CTE

from directory.models import Actor, Coverage, Service, ServiceForm, ServiceNeed, ServiceStage


@cache
def matches_query(with_words: bool) -> Select:
    """Select what the ranking reads of the services that pass every filter, once a territory that their actor covers.

    Parameters: `codes` of territories, `need`, `today`, `amount`, the `stages` and `forms` that are admitted, the `own`
    form and its `rival`. `with_words` adds the texts of the service.
    """
    near = _near()
    return (
        select(*_read(), near.c.territory_code, near.c.part, *(_texts() if with_words else ()))
        .join(near, near.c.service_id == Service.id)
        .join(Service.actor)
        .where(Actor.status != "closed", Service.status != "closed")
        .where(or_(Service.valid_from.is_(None), Service.valid_from <= bindparam("today")))
        .where(or_(Service.valid_to.is_(None), Service.valid_to >= bindparam("today")))
        .where(or_(Service.amount_min.is_(None), Service.amount_min <= bindparam("amount")))
        .where(_admits(ServiceForm, ServiceForm.legal_form, "forms"), _admits(ServiceStage, ServiceStage.stage, "stages"))
        .where(or_(~_lists_form("rival"), _lists_form("own")))
    )


def _near() -> CTE:
    # Materialized, and the need in a function, for the reasons of `queries.services_near`.
    return (
        select(Service.id.label("service_id"), Coverage.territory_code, Coverage.part)
        .join(Coverage, Coverage.actor_id == Service.actor_id)
        .join(ServiceNeed, ServiceNeed.service_id == Service.id)
        .where(Coverage.territory_code.in_(bindparam("codes", expanding=True)))
        .where(func.coalesce(ServiceNeed.need, "") == bindparam("need"))
        .cte("near")
        .prefix_with("MATERIALIZED")
    )


def _admits(table: type, column: ColumnElement, codes: str) -> ColumnElement:
    """A service that lists nothing excludes nobody; one that lists codes admits those only."""
    listed = select(table.service_id).where(table.service_id == Service.id)
    return or_(~listed.exists(), listed.where(column.in_(bindparam(codes, expanding=True))).exists())


def _lists_form(parameter: str) -> ColumnElement:
    listed = select(ServiceForm.service_id).where(ServiceForm.service_id == Service.id)
    return listed.where(ServiceForm.legal_form == bindparam(parameter)).exists()


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
        _count(ServiceForm).label("forms"),
        _count(ServiceNeed).label("needs"),
    )


def _texts() -> tuple[ColumnElement, ...]:
    return (Service.name, Service.summary, Service.uses)


def _count(table: type) -> ColumnElement:
    return select(func.count()).where(table.service_id == Service.id).scalar_subquery()


@cache
def services_query() -> Select:
    """Select the services whose id is one of the parameter `ids`, with what a card shows of them loaded; not unique."""
    # In one query: a few services are asked for, and each query more would cost as much as this one.
    loaded = (joinedload(Service.actor), joinedload(Service.form_rows), joinedload(Service.stage_rows))
    return select(Service).where(Service.id.in_(bindparam("ids", expanding=True))).options(*loaded)


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
