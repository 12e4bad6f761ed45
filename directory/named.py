"""The French names of codes, of whatever table they are: what is told to people who know no code."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Actor, Territory
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES


def names_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return by code the French name of those of `codes` that are a need, a form, a stage, a territory or an actor's slug; the others are
    left out."""
    territories = select(Territory.code, Territory.name).where(Territory.code.in_(codes))
    actors = select(Actor.slug, Actor.name).where(Actor.slug.in_(codes))
    known = {**NEEDS, **LEGAL_FORMS, **STAGES}
    return {
        **{code: known[code] for code in codes if code in known},
        **dict(session.execute(territories).all()),
        **dict(session.execute(actors).all()),
    }
