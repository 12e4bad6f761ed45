"""Whether an amount or a legal form fits what an organisation publishes, and who else has room for the amount."""

from actions import facts
from actions.access import Access
from actions.french import dollar_range, source_line
from actions.reply import Button, Message, Reply
from actions.turn import Turn
from directory.models import Actor, Service
from directory.queries import actor_by_slug, services_of
from directory.routing import Profile, services_for

_ASKS = ("ask_eligibility", "ask_amount", "change_profile", "private_business", "nlu_fallback")


def fit_of_spoken(turn: Turn, access: Access) -> Reply | None:
    """Return how an amount or a form said now compares with the criteria of the organisation spoken of, or None."""
    amount, form = turn.first("amount"), turn.first("legal_form")
    asks = turn.intent in _ASKS or turn.named_actors
    slug = turn.spoken_of
    if not asks or not slug or (not amount and form != "private" and turn.intent != "private_business"):
        return None
    actor = actor_by_slug(access.session, slug)
    services = _at_stage(services_of(access.session, slug), turn.first("stage"))
    private = form == "private" or turn.intent == "private_business"
    text = facts.fit(actor, services, amount, "private" if private else None) if actor else ""
    if not text:
        return None
    slots = {"last_actor": slug, "last_service": None, "fallbacks": 0}
    others = _others_for(turn, access, actor, amount) if amount and facts.exceeds(services, amount) else ""
    return Reply((Message(f"{text}{others}\n{source_line([actor.source], actor.as_of)}", _wider_buttons(actor)),), slots)


def _others_for(turn: Turn, access: Access, actor: Actor, amount: int) -> str:
    """Return who else publishes room for the amount, or nothing."""
    form = turn.first("legal_form") or turn.slot("legal_form")
    profile = Profile(
        "financement", tuple(turn.slot("place") or ()), form if form in ("cooperative", "obnl") else None, turn.first("stage"), amount
    )
    found = [
        m
        for m in services_for(access.session, profile, access.today, 8)
        if m.actor.slug != actor.slug and not m.part_of_amount and m.service.amount_max
    ]
    told = [f"{facts.short(m.actor)}, {dollar_range(m.service.amount_min, m.service.amount_max)}" for m in found[:2]]
    return f" Pour ce montant, voyez aussi\u00a0: {'; '.join(told)}." if told else ""


def _at_stage(services: list[Service], stage: str | None) -> list[Service]:
    fitting = [s for s in services if not stage or not list(s.stages) or stage in list(s.stages)]
    return fitting or services


def _wider_buttons(actor: Actor) -> tuple[Button, ...]:
    return (
        Button("Les conditions", "ask_conditions", {"actor": actor.slug}),
        Button("Voir d’autres prêteurs", "find_support", {"need": "financement"}),
    )
