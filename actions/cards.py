"""Cards: an organisation, what it does for this person, why it fits, the first step, and always a door."""

from collections.abc import Sequence

from actions.access import Access
from actions.contacts import door_for, first_step, mrc_office, office_of
from actions.french import NBSP, day, dollar_range, dollars, host, joined, lower_first, older_than_years, percent, sentence, upper_first
from actions.naming import display_name
from actions.reply import Card
from directory.models import Actor, Coverage, Service, Territory
from directory.places_labels import describe, has_no_mrc
from directory.routing import MONEY, Match, Profile

KIND_SUMMARIES = {
    "pole": "La porte d’entrée régionale des projets collectifs : il réunit les gens du milieu et soutient les entreprises collectives.",
    "sadc_cae": "Un organisme local sans but lucratif qui conseille et finance les entreprises de son territoire.",
    "cdc": "Un regroupement local d’organismes communautaires, auquel se joignent des entreprises d’économie sociale.",
    "cdr": "Une équipe qui accompagne le démarrage et le développement des coopératives et des OBNL.",
    "mentorat": "Un groupe local qui jumelle des personnes en affaires avec des mentors bénévoles.",
    "developpement_local": "Un organisme de développement local qui accompagne les entreprises de son territoire.",
    "financement": "Un organisme qui finance des entreprises.",
}
FORMS = {
    "cooperative": "aux coopératives",
    "obnl": "aux OBNL",
    "not_constituted": "aux groupes pas encore constitués",
    "private": "aux entreprises privées",
}
STAGES = {
    "idee": "dès l’idée",
    "predemarrage": "au prédémarrage",
    "demarrage": "au démarrage",
    "croissance": "en croissance",
    "consolidation": "en consolidation",
    "transfert": "à la reprise d’une entreprise",
}
STALE_YEARS = 4
UNDATED = "page non datée, relevée en novembre 2026"


def card_of_match(match: Match, profile: Profile, access: Access) -> Card:
    """Return the card of a service that fits `profile`."""
    service, actor = match.service, match.actor
    does = sentence(service.summary or actor.summary or KIND_SUMMARIES.get(actor.kind, ""))
    if not service.summary and service.name != actor.name:
        does += f" Offre notamment\u00a0: {lower_first(service.name)}."
    money = dollar_range(service.amount_min, service.amount_max)
    if money and "$" not in does:
        does += f" Montant{NBSP}: {money}."
    title = display_name(actor) if service.category == "offre" or service.name in actor.name else f"{display_name(actor)} – {service.name}"
    why = tuple(reasons(match, profile, access))
    caution = caution_of(actor, service, _cover_among(actor, [match.covers]))
    told = (does, why, service.how_to_apply, service.source, service.as_of, caution)
    return _card(actor, access, title, told, profile.places)


def card_of_actor(actor: Actor, access: Access, why: Sequence[str] = (), places: Sequence[str] = ()) -> Card:
    """Return the card of an organisation as a whole; `places` are where the person is, for the door."""
    does = actor.summary or KIND_SUMMARIES.get(actor.kind, "")
    caution = caution_of(actor, None, cover_at(actor, access, places))
    return _card(actor, access, display_name(actor), (does, tuple(why), None, actor.source, actor.as_of, caution), places)


def cover_at(actor: Actor, access: Access, places: Sequence[str]) -> Coverage | None:
    """Return the coverage by which `actor` serves `places`, the nearest, or None."""
    return _cover_among(actor, [code for place in places for code in access.places.tree.path(place)])


def _cover_among(actor: Actor, codes: Sequence[str]) -> Coverage | None:
    covers = {cover.territory_code: cover for cover in actor.covers}
    return next((covers[code] for code in codes if code in covers), None)


def _card(actor: Actor, access: Access, title: str, told: tuple, places: Sequence[str]) -> Card:
    does, why, how, source, as_of, caution = told
    reachable = actor.website or actor.phone or actor.email
    step = (how or first_step(actor)) if reachable else door_for(actor, access, places)
    return Card(
        name=title,
        does=does,
        why=why,
        first_step=step,
        phone=actor.phone or "",
        email=actor.email or "",
        website=actor.website or "",
        source=host(source) if source else "",
        as_of=day(as_of) if as_of else UNDATED,
        caution=caution,
        actor=actor.slug,
    )


def caution_of(actor: Actor, service: Service | None, cover: Coverage | None) -> str:
    """Return what must be checked before relying on a card: the offer itself, then the territory; nothing when all is sure."""
    told = []
    if actor.status == "to_verify" or (service is not None and service.status == "to_verify"):
        told.append("À vérifier auprès de l’organisme\u00a0: je n’ai pas pu confirmer que c’est encore offert.")
    if cover is not None and cover.note:
        told.append(f"Territoire\u00a0: {lower_first(sentence(cover.note))}")
    return " ".join(told)


def reasons(match: Match, profile: Profile, access: Access) -> list[str]:
    """Return why a match fits, as short French clauses: place, form, stage, amount, subject."""
    service = match.service
    said = [_place_reason(match, access)]
    forms = service.legal_forms
    if profile.legal_form and forms:
        shown = [FORMS[f] for f in ("cooperative", "obnl", "not_constituted", "private") if f in forms]
        said.append(f"s’adresse {joined(shown)}")
    if profile.stage and profile.stage in service.stages:
        said.append(f"{_verb(profile.need)} {STAGES[profile.stage]}")
    if profile.amount and (service.amount_min or service.amount_max):
        said.append(_amount_reason(match, profile))
    if match.subject and not said[1:]:
        said.append("touche directement votre sujet")
    if service.requires:
        said.append(f"suppose {service.requires}")
    return [s for s in said if s]


def _verb(need: str) -> str:
    if need in MONEY:
        return "finance" if need != "reprise" else "intervient"
    return "accompagne" if need in ("accompagnement", "mentorat") else "s’offre"


def _place_reason(match: Match, access: Access) -> str:
    return serves(access, match.covers, match.part_of_place)


def serves(access: Access, code: str, in_part: bool) -> str:
    """Return « sert la MRC de Maskinongé (Mauricie) », « sert une partie du Québec »."""
    if code == "QC":
        return "sert une partie du Québec" if in_part else "sert tout le Québec"
    return f"sert {'une partie de ' if in_part else ''}{describe(access.places, code)}"


def _amount_reason(match: Match, profile: Profile) -> str:
    service, amount = match.service, profile.amount or 0
    if match.part_of_amount:
        return f"plafond de {dollars(service.amount_max)}\u00a0: une partie de vos {dollars(amount)}"
    money, share = dollar_range(service.amount_min, service.amount_max), service.share_of_cost_max
    if not share or share >= 1:
        return f"{money}\u00a0: vos {dollars(amount)} y entrent"
    # Whether the amount is the price or the loan is not said: of a price, the share may be under the least that is lent.
    part = f"\u00a0: une partie de vos {dollars(amount)}" if amount * share >= (service.amount_min or 0) else ""
    return f"{money}, jusqu’à {percent(share)} du coût{part}"


def card_of_mrc(mrc: Territory, access: Access) -> Card:
    """Return the card of the MRC's economic development service, the general door everywhere."""
    name, office = describe(access.places, mrc.code), office_of(mrc)
    does = "La porte générale des entreprises du territoire, collectives ou non"
    does += "." if has_no_mrc(access.places, mrc.code) else " (Réseau accès PME, l’ancien Accès entreprise Québec)."
    title = mrc_office(access, mrc.code).removeprefix("la ").removeprefix("l’")
    return Card(
        name=f"{upper_first(title)} – développement économique",
        does=does + (f" Service\u00a0: {office.service}." if office.service else ""),
        why=(f"sert {name}",),
        first_step=f"Passez par leur site ({host(office.website)})."
        if office.website
        else "Demandez le service de développement économique.",
        phone=office.phone,
        email=office.email,
        website=office.website,
        source=host(office.source) if office.source else "",
        as_of=office.as_of or UNDATED,
        actor=mrc.code,
    )


def is_stale(as_of: str | None, access: Access) -> bool:
    """Return whether a dated fact is old enough to be said so."""
    return older_than_years(as_of, access.today, STALE_YEARS)
