"""Whether an amount or a legal form fits what an organisation publishes, and who else has room for the amount."""

import re
from collections.abc import Sequence

from actions.access import Access
from actions.cards import FORMS
from actions.french import NBSP, dollar_range, dollars, joined, percent, source_line, upper_first
from actions.naming import agreed, of, the
from actions.profile import is_own_money
from actions.reply import Button, Message, Reply
from actions.turn import Turn
from directory.models import Actor, Service
from directory.queries import actor_by_slug, services_of
from directory.routing import PREPARES, Profile, services_for
from directory.text import fold

# What comes before the price of something (« acheter l’ancienne église à … »), and what makes a loan of it.
_PRICE = re.compile(
    r"\b(?:achet\w*|achat|rachet\w*|batiment\w*|batisse\w*|immeuble\w*|terrain\w*|eglise\w*|ecole\w*|vendre|local|maison\w*|constru\w*)\b"
    r"(?P<between>.*)\b(?:a|pour|coute|couterait|vaut|au prix de|evalue\w* a|affiche\w* a)(?: (?:environ|autour de|a peu pres|genre))?$"
)
_OF_A_LOAN = re.compile(
    r"\b(?:besoin|prets?|prete\w*|emprunt\w*|manque\w*|faut|faudrait|cherch\w*|jusqu'a|subvention\w*|financ\w*|montant)\b"
)
_LESS_THAN = re.compile(r"\b(?:en bas de|moins de|en dessous de|en dessous des|sous(?: les?| la barre des?)?|inferieure? a)$")
_ASKS = ("ask_eligibility", "ask_amount", "change_profile", "private_business", "nlu_fallback")


def fit_of_spoken(turn: Turn, access: Access) -> Reply | None:
    """Return how an amount or a form said now compares with the criteria of the organisation spoken of, or None."""
    amount, form = turn.first("amount"), turn.first("legal_form")
    if amount and is_own_money(turn.text, turn.entity("amount") or {}):
        amount = None
    asks = turn.intent in _ASKS or turn.named_actors
    slug = turn.spoken_of
    if not asks or not slug or (not amount and form != "private" and turn.intent != "private_business"):
        return None
    actor = actor_by_slug(access.session, slug)
    services = _at_stage(services_of(access.session, slug), turn.first("stage"))
    private = form == "private" or turn.intent == "private_business"
    before = turn.text[: (turn.entity("amount") or {}).get("start", 0)]
    price = bool(amount) and is_price(before)
    # « En bas de 50 000 $ » is not 50 000 $.
    less = bool(_LESS_THAN.search(fold(before))) and not any((s.amount_min or 0) < (amount or 0) <= (s.amount_max or 0) for s in services)
    text = fit(actor, services, amount - 1 if less else amount, "private" if private else None, price) if actor else ""
    if not text:
        return None
    slots = {"last_actor": slug, "last_service": None, "fallbacks": 0}
    others = _others_for(turn, access, actor, amount) if amount and not price and exceeds(services, amount) else ""
    return Reply((Message(f"{text}{others}\n{source_line([actor.source], actor.as_of)}", _wider_buttons(actor)),), slots)


def is_price(before: str) -> bool:
    """Return whether an amount, by the text `before` it, is what something costs (« acheter l’église à … »), not what is asked for."""
    found = _PRICE.search(fold(re.split(r"[.?!]", before)[-1]))
    return bool(found) and not _OF_A_LOAN.search(found["between"])


def fit(actor: Actor, services: Sequence[Service], amount: int | None, form: str | None, price: bool = False) -> str:
    """How an amount (of a loan, or the `price` of what is bought) and a form compare with the published criteria; empty when
    neither can be compared."""
    open_ones = [s for s in services if s.status != "closed"]
    if form and (text := _form_fit(actor, open_ones, form)):
        return text
    if price and amount and (text := _share_of_price(actor, open_ones, amount)):
        return text
    return _amount_fit(actor, open_ones, amount) if amount else ""


def _form_fit(actor: Actor, services: Sequence[Service], form: str) -> str:
    listed = {f for s in services for f in s.legal_forms}
    if not listed or form in listed:
        return ""
    shown = joined([FORMS[f] for f in ("cooperative", "obnl", "private") if f in listed])
    what = {"private": "une entreprise privée n’y entre pas", "not_constituted": "il faudrait d’abord vous constituer"}.get(
        form, "l’autre forme n’y figure pas"
    )
    verb = agreed(actor, "s’adresse", "s’adressent")
    return f"Non, selon les critères publiés{NBSP}: {the(actor)} {verb} seulement {shown}; {what}."


def _share_of_price(actor: Actor, services: Sequence[Service], price: int) -> str:
    """What the largest published share of a cost makes of a price, within the ceiling; empty when no share is published."""
    shared = [s for s in services if s.share_of_cost_max and s.share_of_cost_max < 1 and s.amount_max and s.category not in PREPARES]
    shared = [s for s in shared if "immobilier" in s.needs] or shared
    if not shared:
        return ""
    best = max(shared, key=lambda s: s.amount_max)
    share = int(price * best.share_of_cost_max)
    most = f"donc environ {dollars(share)}" if share <= best.amount_max else f"sans dépasser {dollars(best.amount_max)}"
    under = f", sous son minimum de {dollars(best.amount_min)}" if best.amount_min and share < best.amount_min else ""
    covers = agreed(actor, "couvre", "couvrent")
    return (
        f"{upper_first(the(actor))} {covers} une partie seulement{NBSP}: {percent(best.share_of_cost_max)} du coût au plus ({best.name}),"
        f" {most} pour {dollars(price)}{under}. Le reste vient d’autres bailleurs et de votre mise de fonds."
    )


def _amount_fit(actor: Actor, services: Sequence[Service], amount: int) -> str:
    inside = [s for s in services if (s.amount_min or 0) <= amount <= (s.amount_max or 0)]
    if inside:
        lines = "; ".join(f"{s.name}, {dollar_range(s.amount_min, s.amount_max)}" for s in inside[:3])
        verb = agreed(actor, "publie", "publient")
        return f"Oui, à première vue\u00a0: {dollars(amount)} entre dans ce que {verb} {the(actor)} ({lines})."
    if exceeds(services, amount):
        ceiling = max(s.amount_max for s in services if s.amount_max)
        return (
            f"{dollars(amount)} dépasse le plafond publié {of(actor)} ({dollars(ceiling)} au plus)."
            " Ce bailleur pourrait en couvrir une partie, avec d’autres."
        )
    floors = [s.amount_min for s in services if s.amount_min]
    if floors and amount < min(floors):
        return f"Non\u00a0: le minimum publié {of(actor)} est de {dollars(min(floors))}."
    return ""


def exceeds(services: Sequence[Service], amount: int) -> bool:
    """Return whether `amount` is above every published ceiling of the open programmes, and there is one."""
    ceilings = [s.amount_max for s in services if s.amount_max and s.status != "closed"]
    return bool(ceilings) and amount > max(ceilings)


def _others_for(turn: Turn, access: Access, actor: Actor, amount: int) -> str:
    """Return who else publishes room for the amount, or nothing."""
    form = turn.first("legal_form") or turn.slot("legal_form")
    profile = Profile("financement", tuple(turn.place), form if form in ("cooperative", "obnl") else None, turn.first("stage"), amount)
    found = [
        m
        for m in services_for(access.session, profile, access.today, 8)
        if m.actor.slug != actor.slug and not m.part_of_amount and m.service.amount_max
    ]
    told = [f"{the(m.actor)}, {dollar_range(m.service.amount_min, m.service.amount_max)}" for m in found[:2]]
    return f" Pour ce montant, voyez aussi\u00a0: {'; '.join(told)}." if told else ""


def _at_stage(services: list[Service], stage: str | None) -> list[Service]:
    fitting = [s for s in services if not stage or not s.stages or stage in s.stages]
    return fitting or services


def _wider_buttons(actor: Actor) -> tuple[Button, ...]:
    return (
        Button("Les conditions", "ask_conditions", {"actor": actor.slug}),
        Button("Voir d’autres prêteurs", "find_support", {"need": "financement"}),
    )
