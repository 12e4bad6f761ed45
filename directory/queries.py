"""Read the directory: each `…_query()` builds a Select, a thin sibling runs it."""

from functools import cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased, selectinload
from sqlalchemy.sql import Select

from directory.errors import UnknownTerritory
from directory.models import Actor, Answer, DirectoryVersion, Service, Territory


def actors_query() -> Select:
    """Select every actor, closed ones included, by slug, with aliases and coverage loaded."""
    loaded = (selectinload(Actor.aliases), selectinload(Actor.covers))
    return select(Actor).options(*loaded).order_by(Actor.slug)


def actors(session: Session) -> list[Actor]:
    """Return every actor, by slug."""
    return list(session.scalars(actors_query()))


def actor_by_slug(session: Session, slug: str) -> Actor | None:
    """Return the actor of that slug, whatever its status, or None."""
    return session.scalar(actors_query().where(Actor.slug == slug))


def services_of_query(actor_slug: str) -> Select:
    """Select the services of one actor in the order of the directory, closed ones included."""
    return select(Service).join(Service.actor).where(Actor.slug == actor_slug).order_by(Service.id)


def services_of(session: Session, actor_slug: str) -> list[Service]:
    """Return the services of one actor; empty when it has none or does not exist."""
    return list(session.scalars(services_of_query(actor_slug)))


def service_by_slug(session: Session, slug: str) -> Service | None:
    """Return the service of that slug, or None."""
    return session.scalar(select(Service).where(Service.slug == slug))


def answers_query() -> Select:
    """Select every answer, by slug."""
    return select(Answer).order_by(Answer.slug)


def answer_by_slug(session: Session, slug: str) -> Answer | None:
    """Return the answer of that topic slug, or None."""
    return session.scalar(answers_query().where(Answer.slug == slug))


def answers_for_actor_query(actor_slug: str) -> Select:
    """Select the answers about one actor, in the order of the directory."""
    return select(Answer).where(Answer.actor_slug == actor_slug).order_by(Answer.id)


def answers_for_actor(session: Session, actor_slug: str) -> list[Answer]:
    """Return the answers about one actor; empty when there is none."""
    return list(session.scalars(answers_for_actor_query(actor_slug)))


@cache
def _path_query() -> Select:
    # Built once: it is asked at each turn of a conversation, and building it costs more than running it.
    start = select(Territory.code, Territory.parent_code).where(Territory.code == bindparam("code"))
    path = start.cte("path", recursive=True)
    above = aliased(Territory)
    path = path.union_all(select(above.code, above.parent_code).join(path, above.code == path.c.parent_code))
    return select(Territory).join(path, Territory.code == path.c.code)


def territory_path_query(code: str) -> Select:
    """Select a territory and those above it, in one recursive query; the order is not given."""
    return _path_query().params(code=code)


def territory_path(session: Session, code: str) -> list[Territory]:
    """Return the territory of `code`, then its parent, and so on up to QC.

    Raises:
        UnknownTerritory: no territory has this code.
    """
    found = {territory.code: territory for territory in session.scalars(_path_query(), {"code": code})}
    if code not in found:
        raise UnknownTerritory(code)
    path = [found[code]]
    while path[-1].parent_code:
        path.append(found[path[-1].parent_code])
    return path


def directory_version(session: Session) -> int:
    """Return the counter that grows with each writing transaction; 0 before the first."""
    return session.scalar(select(DirectoryVersion.counter)) or 0
