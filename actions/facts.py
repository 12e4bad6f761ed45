"""Facts about an organisation or a programme, read off its record: one function a question.

Each returns French sentences, or an empty text when the directory does not know: callers then say so
and name whom to ask. No fact is written here.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from actions.cards import FORMS, KIND_SUMMARIES, STAGES
from actions.contacts import postal_address
from actions.french import NBSP, day, dollar_range, ended, host, joined, lower_first, percent, sentence, upper_first
from actions.naming import agreed, of, quoted, short, the
from directory.models import Actor, Service
from directory.text import fold

_SHOWN = 4
Fact = Callable[[Actor, Sequence[Service]], str]


def what_is(actor: Actor, services: Sequence[Service]) -> str:
    """What it is, its acronym spelt out, and what it offers in a few names."""
    money = dollar_range(services[0].amount_min, services[0].amount_max) if len(services) == 1 else ""
    amount = f" Montant{NBSP}: {money}." if money else ""
    if is_one_of(services, actor) and services[0].summary and services[0].category != "offre":
        return f"{quoted(services[0].name)}, {of(actor, full=True)}{NBSP}: {lower_first(sentence(services[0].summary))}{amount}"
    summary = actor.summary or KIND_SUMMARIES.get(actor.kind, "")
    verb = agreed(actor, "c’est", "ce sont", full=True)
    text = f"{upper_first(the(actor, full=True))}, {verb} {lower_first(sentence(summary))}" if summary else sentence(the(actor, full=True))
    found = [_in_a_list(s.name) for s in services if s.status != "closed" and s.name != actor.name][:_SHOWN]
    return f"{text} On y trouve{NBSP}: {ended(joined(found))}{amount}" if found else text + amount


def is_one_of(services: Sequence[Service], actor: Actor) -> bool:
    """Return whether one programme is spoken of, among others of the same house."""
    return len(services) == 1 and len(actor.services) > 1


def _in_a_list(name: str) -> str:
    """« Prêts aux entreprises » begins small among others; « Fonds Émergence » is a proper name."""
    second = (name.split()[1:] or ["x"])[0]
    return quoted(name if second[0].isupper() else lower_first(name))


def _titled(service: Service, actor: Actor) -> str:
    """Return the name of a programme with its house, once."""
    return quoted(service.name) if short(actor) in service.name else f"{quoted(service.name)} ({short(actor)})"


def _open(services: Sequence[Service]) -> list[Service]:
    """Return the programmes that are not closed; all of them when all are."""
    return [s for s in services if s.status != "closed"] or list(services)


def offers(actor: Actor, services: Sequence[Service]) -> str:
    """What it offers, a line each."""
    lines = [
        f"• {s.name}" + (f"{NBSP}: {money}" if (money := dollar_range(s.amount_min, s.amount_max)) else "") + _state(s) for s in services
    ]
    verb = agreed(actor, "offre", "comprennent")
    return f"{upper_first(the(actor))} {verb}{NBSP}:\n" + "\n".join(lines[:8]) if lines else ""


def _state(service: Service) -> str:
    if service.valid_to and service.status != "closed":
        return f" (jusqu’au {day(service.valid_to.isoformat())})"
    return {"closed": " (terminé)", "to_verify": " (à vérifier)"}.get(service.status, "")


def amounts(actor: Actor, services: Sequence[Service]) -> str:
    """How much, by programme."""
    told = [(s, dollar_range(s.amount_min, s.amount_max)) for s in services if s.status != "closed"]
    told = [(s, money) for s, money in told if money]
    if len(told) == 1:
        service, money = told[0]
        return f"{_titled(service, actor)}{NBSP}: {money}.{_share_clause(service)}{_caution(service)}"
    lines = [f"• {s.name}{NBSP}: {money}{_state(s)}" for s, money in told]
    return f"Cela dépend du programme {of(actor)}{NBSP}:\n" + "\n".join(lines) if lines else ""


def _share_clause(service: Service) -> str:
    return f" Au plus {percent(service.share_of_cost_max)} du coût." if service.share_of_cost_max else ""


def _caution(service: Service) -> str:
    return " À vérifier\u00a0: je n’ai pas pu confirmer que c’est encore offert." if service.status == "to_verify" else ""


def eligibility(actor: Actor, services: Sequence[Service]) -> str:
    """For whom: legal forms and stages that the published criteria name."""
    services = _open(services)
    forms = [f for f in ("cooperative", "obnl", "not_constituted", "private") if any(f in s.legal_forms for s in services)]
    stages = [c for c in STAGES if any(c in s.stages for s in services)]
    if not forms and not stages:
        return ""
    verb = agreed(actor, "s’adresse", "s’adressent") if forms else agreed(actor, "intervient", "interviennent")
    text = f"Selon ce qui est publié, {the(actor)} {verb}" + (f" {joined([FORMS[f] for f in forms])}" if forms else "")
    text += (", " if forms and stages else " ") + joined([STAGES[c] for c in stages], "ou") if stages else ""
    return text.strip() + "." + _conditions_tail(services)


def _conditions_tail(services: Sequence[Service]) -> str:
    lines = [c for s in services for c in s.conditions][:3]
    return f" Conditions à connaître{NBSP}: " + ended("; ".join(lower_first(c.rstrip(". ")) for c in lines)) if lines else ""


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
    told = [f"{s.name}\u00a0: jusqu’à {percent(s.share_of_cost_max)} du coût" for s in _open(services) if s.share_of_cost_max]
    told = told or _lines_about(services, r"\d ?%.*(?:cout|depense|projet|honoraire)|mise de fonds")
    return _told(told)


def cost(actor: Actor, services: Sequence[Service]) -> str:
    """What the person pays for the service."""
    told = list(dict.fromkeys(s.cost for s in _open(services) if s.cost))
    if told:
        return f"{quoted(short(actor))}{NBSP}: " + ended("; ".join(lower_first(c.rstrip(".")) for c in told[:3]))
    return _told(_lines_about(services, r"\bfrais\b|commission|gratuit|tarif|adhesion|cotisation"))


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
    """What is published of delays and calls; of deposits, and that the delay is not known, when only they are."""
    if told := _lines_about(services, r"delai|semaines|reponse en|appel de projets"):
        return _told(told)
    deposits = _told(_lines_about(services, r"date limite|depot"))
    return f"Le délai de réponse n’est pas dans mes sources. Pour le dépôt{NBSP}:\n{deposits}" if deposits else ""


def _lines_about(services: Sequence[Service], pattern: str) -> list[str]:
    """Return the conditions that hold `pattern`, each once, after the programmes that state it."""
    stating: dict[str, list[str]] = {}
    for service in services:
        for condition in service.conditions if service.status != "closed" else ():
            if re.search(pattern, fold(condition)):
                stating.setdefault(condition, []).append(quoted(service.name))
    return [f"{joined(names)}{NBSP}: {lower_first(condition)}".rstrip(". ") for condition, names in stating.items()][:_SHOWN]


def _told(lines: Sequence[str]) -> str:
    return "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else sentence(lines[0]) if lines else ""


def how_to_apply(actor: Actor, services: Sequence[Service]) -> str:
    """How to apply, else by which door to begin."""
    told = [s.how_to_apply for s in _open(services) if s.how_to_apply]
    if told:
        return " ".join(sentence(t) for t in dict.fromkeys(told[:2]))
    door = ways(actor)
    return f"Je n’ai pas la marche à suivre exacte {of(actor)}. Le premier pas{NBSP}: lui présenter votre projet ({door})." if door else ""


def ways(actor: Actor) -> str:
    """Return the phone, the e-mail and the site that are known, in one clause; empty when none is."""
    told = (("téléphone", actor.phone), ("courriel", actor.email), ("site", actor.website))
    return "; ".join(f"{name} {way}" for name, way in told if way)


def contact(actor: Actor, services: Sequence[Service]) -> str:
    """Phone, e-mail, site and address, those that are known; that the phone is not, when it is not."""
    address = f"adresse {postal_address(actor)}" if actor.address else ""
    told = "; ".join(filter(None, (ways(actor), address)))
    if not told:
        return ""
    missing = "" if actor.phone else " Je n’ai pas de numéro de téléphone."
    return f"Pour joindre {the(actor, full=True)}{NBSP}: {told}.{missing}"


def area(actor: Actor, describe_codes: Callable[[Sequence[str]], str]) -> str:
    """Where it works."""
    codes = [c.territory_code for c in actor.covers]
    verb = agreed(actor, "sert", "servent", full=True)
    return f"{upper_first(the(actor, full=True))} {verb} {describe_codes(codes)}." if codes else ""


def state(actor: Actor, services: Sequence[Service], today: date) -> str:
    """Whether it still goes on; never empty. An end is told with its date, or that none is known."""
    over = [s for s in services if is_over(s, today)]
    unsure = [s for s in services if s.status == "to_verify"]
    if over and len(over) == len(services):
        return " ".join(f"{_titled(s, actor)}\u00a0: ce n’est plus ouvert, {_since(s)}." for s in over[:3])
    if actor.status == "to_verify" or (unsure and len(unsure) == len(services)):
        verb = agreed(actor, "offre", "offrent")
        return f"Je n’ai pas pu confirmer que {the(actor)} {verb} encore ce service\u00a0: vérifiez avant de vous y fier."
    if is_one_of(services, actor):
        return f"D’après mes sources, c’est encore offert\u00a0: {_titled(services[0], actor)}."
    tail = f" Plus ouvert\u00a0: {'; '.join(f'{quoted(s.name)} ({_since(s)})' for s in over)}." if over else ""
    return f"D’après mes sources, {the(actor)} {agreed(actor, 'est', 'sont')} en activité.{tail}"


def is_over(service: Service, today: date) -> bool:
    """Return whether a programme is closed, or past its last day."""
    return service.status == "closed" or bool(service.valid_to and service.valid_to < today)


def _since(service: Service) -> str:
    return f"depuis le {day(service.valid_to.isoformat())}" if service.valid_to else "aucune date connue"


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
