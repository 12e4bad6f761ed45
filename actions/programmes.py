"""« Quelle différence entre le Fonds Capitalisation et l’aide technique? »: programmes of one house, side by side."""

import re

from actions import facts
from actions.access import Access
from actions.french import source_line
from actions.reply import Button, Message, Reply
from actions.turn import Turn
from directory.models import Service
from directory.queries import actor_by_slug, services_of
from directory.text import fold

_COMPARES = re.compile(r"\bdifferen\w+|\bcompar\w+|\blequel\b|\bversus\b|\bvs\b|\bdistingu\w+")
_AT_MOST = 3


def side_by_side(turn: Turn, access: Access) -> Reply | None:
    """Return what each of the programmes named is, when a message compares two or three of one house; else None."""
    named = list(dict.fromkeys(turn.values("service")))
    if len(turn.named_actors) != 1 or not 2 <= len(named) <= _AT_MOST or not _COMPARES.search(fold(turn.text)):
        return None
    actor = actor_by_slug(access.session, turn.named_actors[0])
    if actor is None or actor.status == "closed":
        return None
    services = [service for service in services_of(access.session, actor.slug) if service.slug in named]
    if len(services) < 2:
        return None
    told = "\n\n".join(facts.what_is(actor, [service]) for service in services)
    sources, dates = _sources(services), {service.as_of for service in services}
    as_of = dates.pop() if len(dates) == 1 else None
    text = f"{told}\n{source_line(sources, as_of)}"
    buttons = (
        Button("Combien?", "ask_amount", {"actor": actor.slug}),
        Button("Qui est admissible?", "ask_eligibility", {"actor": actor.slug}),
    )
    slots = {"last_actor": actor.slug, "last_service": None, "last_topic": None, "last_facet": None, "fallbacks": 0}
    return Reply((Message(text, buttons),), slots | {"last_sources": sources, "last_as_of": as_of})


def _sources(services: list[Service]) -> list[str]:
    return list(dict.fromkeys(service.source for service in services if service.source))
