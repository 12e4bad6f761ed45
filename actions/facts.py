"""Facts about an organisation or a programme, read off its record: one function a question.

Each returns French sentences, or an empty text when the directory does not know: callers then say so
and name whom to ask. No fact is written here.
"""

import re
from collections.abc import Callable, Sequence

from actions.cards import FORMS, KIND_SUMMARIES, STAGES, display_name
from actions.french import NBSP, dollar_range, dollars, host, joined, lower_first, percent, sentence
from directory.models import Actor, Service
from directory.text import fold

_SHOWN = 4
Fact = Callable[[Actor, Sequence[Service]], str]


def short(actor: Actor) -> str:
    """Return the name that people use."""
    return actor.short_name or actor.name


def what_is(actor: Actor, services: Sequence[Service]) -> str:
    """What it is, and what it offers in a few names."""
    if len(services) == 1 and services[0].summary:
        one = services[0]
        money = dollar_range(one.amount_min, one.amount_max)
        told = f"{one.name} ({short(actor)})\u00a0: {lower_first(sentence(one.summary))}" + (f" Montant\u00a0: {money}." if money else "")
        return told if one.category != "offre" else sentence(actor.summary or "")
    text = sentence(actor.summary) if actor.summary else f"{display_name(actor)}. {KIND_SUMMARIES.get(actor.kind, '')}".strip()
    offers = [s.name for s in services if s.status != "closed"][:_SHOWN]
    return f"{text} Offre\u00a0: {joined([lower_first(o) for o in offers])}." if offers else text


def offers(actor: Actor, services: Sequence[Service]) -> str:
    """What it offers, a line each."""
    lines = [
        f"• {s.name}" + (f"{NBSP}: {money}" if (money := dollar_range(s.amount_min, s.amount_max)) else "") + _state(s) for s in services
    ]
    return f"{short(actor)} offre\u00a0:\n" + "\n".join(lines[:8]) if lines else ""


def _state(service: Service) -> str:
    return {"closed": " (terminé)", "to_verify": " (à vérifier)"}.get(service.status, "")


def amounts(actor: Actor, services: Sequence[Service]) -> str:
    """How much, by programme."""
    told = [(s, dollar_range(s.amount_min, s.amount_max)) for s in services if s.status != "closed"]
    told = [(s, money) for s, money in told if money]
    if len(told) == 1:
        service, money = told[0]
        return f"{service.name} ({short(actor)})\u00a0: {money}.{_share_clause(service)}{_caution(service)}"
    lines = [f"• {s.name}\u00a0: {money}{_state(s)}" for s, money in told]
    return f"Cela dépend du programme de {short(actor)}\u00a0:\n" + "\n".join(lines) if lines else ""


def _share_clause(service: Service) -> str:
    return f" Au plus {percent(service.share_of_cost_max)} du coût." if service.share_of_cost_max else ""


def _caution(service: Service) -> str:
    return " À vérifier\u00a0: je n’ai pas pu confirmer que c’est encore offert." if service.status == "to_verify" else ""


def eligibility(actor: Actor, services: Sequence[Service]) -> str:
    """For whom: legal forms and stages that the published criteria name."""
    forms = [f for f in ("cooperative", "obnl", "not_constituted", "private") if any(f in list(s.legal_forms) for s in services)]
    stages = [c for c in STAGES if any(c in list(s.stages) for s in services)]
    if not forms and not stages:
        return ""
    text = (
        f"Selon ce qui est publié, {short(actor)} s’adresse {joined([FORMS[f] for f in forms])}" if forms else f"{short(actor)} intervient"
    )
    text += (", " if forms and stages else " ") + joined([STAGES[c] for c in stages], "ou") if stages else ""
    return text.strip() + "." + _conditions_tail(services)


def _conditions_tail(services: Sequence[Service]) -> str:
    lines = [c for s in services for c in s.conditions][:3]
    return " Conditions à connaître\u00a0: " + "; ".join(lower_first(c.rstrip(". ")) for c in lines) + "." if lines else ""


def conditions(actor: Actor, services: Sequence[Service]) -> str:
    """The published conditions, a line each."""
    blocks = [_bullets(f"{s.name}{_state(s)}", s.conditions) for s in services if s.conditions and s.status != "closed"]
    return "\n".join(blocks[:2])


def uses(actor: Actor, services: Sequence[Service]) -> str:
    """What the money may pay."""
    blocks = [_bullets(f"{s.name} peut payer", s.uses) for s in services if s.uses and s.status != "closed"]
    return "\n".join(blocks[:2])


def _bullets(title: str, lines: Sequence[str]) -> str:
    return f"{title}\u00a0:\n" + "\n".join(f"• {line.rstrip('.')}" for line in lines[:6])


def share(actor: Actor, services: Sequence[Service]) -> str:
    """The largest share of the cost, by programme."""
    told = [f"{s.name}\u00a0: jusqu’à {percent(s.share_of_cost_max)} du coût" for s in services if s.share_of_cost_max]
    told = told or _lines_about(services, r"\d ?%.*(?:cout|depense|projet|honoraire)|mise de fonds")
    return "; ".join(told) + "." if told else ""


def cost(actor: Actor, services: Sequence[Service]) -> str:
    """What the person pays for the service."""
    told = list(dict.fromkeys(s.cost for s in services if s.cost))
    if told:
        return f"{short(actor)}\u00a0: " + "; ".join(lower_first(c.rstrip(".")) for c in told[:3]) + "."
    lines = _lines_about(services, r"\bfrais\b|commission|gratuit|tarif|adhesion|cotisation")
    return "; ".join(lines) + "." if lines else ""


def interest(actor: Actor, services: Sequence[Service]) -> str:
    """What is published of the interest rate."""
    return _told(_lines_about(services, r"\btaux\b|\binterets?\b|\d ?% (?:d'interet|l'an)"))


def guarantee(actor: Actor, services: Sequence[Service]) -> str:
    """What is published of guarantees."""
    return _told(_lines_about(services, r"garanti|caution|hypothe|surete|endoss"))


def repayment(actor: Actor, services: Sequence[Service]) -> str:
    """What is published of the term and the repayment."""
    return _told(_lines_about(services, r"rembours|moratoire|duree|\b(?:ans|mois)\b|terme|versement|echeance"))


def delay(actor: Actor, services: Sequence[Service]) -> str:
    """What is published of delays and calls."""
    return _told(_lines_about(services, r"delai|semaines|reponse en|appel de projets|date limite"))


def _lines_about(services: Sequence[Service], pattern: str) -> list[str]:
    several = len([s for s in services if s.conditions]) > 1
    return [
        (f"{s.name}\u00a0: {lower_first(c)}" if several else c).rstrip(". ")
        for s in services
        if s.status != "closed"
        for c in s.conditions
        if re.search(pattern, fold(c))
    ][:4]


def _told(lines: Sequence[str]) -> str:
    return "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else sentence(lines[0]) if lines else ""


def how_to_apply(actor: Actor, services: Sequence[Service]) -> str:
    """How to apply, else by which door to begin."""
    told = [s.how_to_apply for s in services if s.how_to_apply]
    if told:
        return " ".join(sentence(t) for t in dict.fromkeys(told[:2]))
    door = contact(actor, services)
    return (
        f"Je n’ai pas la marche à suivre exacte de {short(actor)}. Le premier pas\u00a0: leur présenter votre projet. {door}"
        if door
        else ""
    )


def contact(actor: Actor, services: Sequence[Service]) -> str:
    """Phone, e-mail, site and address, those that are known."""
    told = [
        f"téléphone\u00a0: {actor.phone}" if actor.phone else "",
        f"courriel\u00a0: {actor.email}" if actor.email else "",
        f"site\u00a0: {actor.website}" if actor.website else "",
        f"adresse\u00a0: {', '.join(filter(None, (actor.address, actor.city)))}" if actor.address else "",
    ]
    told = [t for t in told if t]
    return f"{display_name(actor)}, {'; '.join(told)}." if told else ""


def area(actor: Actor, describe_codes: Callable[[Sequence[str]], str]) -> str:
    """Where it works."""
    codes = [c.territory_code for c in actor.covers]
    return f"{display_name(actor)} sert {describe_codes(codes)}." if codes else ""


def fit(actor: Actor, services: Sequence[Service], amount: int | None, form: str | None) -> str:
    """How an amount and a form compare with the published criteria; empty when neither can be compared."""
    open_ones = [s for s in services if s.status != "closed"]
    if form and (text := _form_fit(actor, open_ones, form)):
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
    return f"Non, selon les critères publiés\u00a0: {short(actor)} s’adresse seulement {shown}; {what}."


def _amount_fit(actor: Actor, services: Sequence[Service], amount: int) -> str:
    inside = [s for s in services if (s.amount_min or 0) <= amount <= (s.amount_max or 0)]
    if inside:
        lines = [f"{s.name}, {dollar_range(s.amount_min, s.amount_max)}" for s in inside[:3]]
        return f"Oui, à première vue\u00a0: {dollars(amount)} entre dans ce que {short(actor)} publie ({'; '.join(lines)})."
    if exceeds(services, amount):
        ceiling = max(s.amount_max for s in services if s.amount_max)
        return f"{dollars(amount)} dépasse le plafond publié de {short(actor)} ({dollars(ceiling)} au plus). Il pourrait en couvrir une partie, avec d’autres bailleurs."
    floors = [s.amount_min for s in services if s.amount_min]
    if floors and amount < min(floors):
        return f"{dollars(amount)} est sous le minimum publié de {short(actor)} ({dollars(min(floors))})."
    return ""


def exceeds(services: Sequence[Service], amount: int) -> bool:
    """Return whether `amount` is above every published ceiling of the open programmes, and there is one."""
    ceilings = [s.amount_max for s in services if s.amount_max and s.status != "closed"]
    return bool(ceilings) and amount > max(ceilings)


FACETS: dict[str, Fact] = {
    "ask_what_is": what_is,
    "list_services": offers,
    "ask_amount": amounts,
    "ask_eligibility": eligibility,
    "ask_conditions": conditions,
    "ask_use_of_funds": uses,
    "ask_share_of_cost": share,
    "ask_interest": interest,
    "ask_guarantee": guarantee,
    "ask_repayment": repayment,
    "ask_how_to_apply": how_to_apply,
    "ask_delay": delay,
    "ask_contact": contact,
    "ask_cost": cost,
}
UNKNOWN = {
    "ask_amount": "le montant",
    "ask_eligibility": "les critères d’admissibilité",
    "ask_conditions": "les conditions",
    "ask_use_of_funds": "la liste des dépenses admises",
    "ask_share_of_cost": "la part du coût couverte",
    "ask_interest": "le taux d’intérêt",
    "ask_guarantee": "les garanties demandées",
    "ask_repayment": "les modalités de remboursement",
    "ask_how_to_apply": "la marche à suivre",
    "ask_delay": "le délai de réponse",
    "ask_contact": "les coordonnées",
    "ask_cost": "le tarif",
    "ask_area": "le territoire servi",
    "list_services": "la liste des services",
    "ask_what_is": "la description",
    "ask_status": "l’état actuel",
}


def address_of(actor: Actor) -> str:
    """Return the shortest way to reach `actor`, or nothing."""
    return actor.phone or (host(actor.website) if actor.website else "") or actor.email or ""
