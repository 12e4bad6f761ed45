"""Cards: an organisation, what it does for this person, why it fits, the first step, and always a door."""

from collections.abc import Iterable, Sequence

from actions.access import Access
from actions.french import NBSP, day, dollar_range, dollars, host, joined, lower_first, older_than_years, sentence
from actions.naming import display_name, the
from actions.reply import Card
from directory.models import Actor, Territory
from directory.places_labels import describe
from directory.queries import actor_by_slug
from directory.routing import Match, Profile, local_actors, mrc_of

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
    "idee": "à l’idée",
    "predemarrage": "au prédémarrage",
    "demarrage": "au démarrage",
    "croissance": "en croissance",
    "consolidation": "en consolidation",
    "transfert": "à la reprise d’une entreprise",
}
STALE_YEARS = 4
# Who knows the local organisations of a kind, all over Québec; for the others, the developers of cooperatives.
_NATIONAL_GUIDES = {"sadc_cae": "reseau-sadc-cae", "cdc": "tncdc"}


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
    told = (does, why, service.how_to_apply, service.source, service.as_of, caution_of(service, actor))
    return _card(actor, access, title, told, profile.places)


def card_of_actor(actor: Actor, access: Access, why: Sequence[str] = (), places: Sequence[str] = ()) -> Card:
    """Return the card of an organisation as a whole; `places` are where the person is, for the door."""
    does = actor.summary or KIND_SUMMARIES.get(actor.kind, "")
    return _card(actor, access, display_name(actor), (does, tuple(why), None, actor.source, actor.as_of, caution_of(None, actor)), places)


def _card(actor: Actor, access: Access, title: str, told: tuple, places: Sequence[str]) -> Card:
    does, why, how, source, as_of, caution = told
    step = how or _first_step(actor)
    website = actor.website or ""
    if not (actor.website or actor.phone or actor.email):
        step, website = door_for(actor, access, places)
    return Card(
        name=title,
        does=does,
        why=why,
        first_step=step,
        phone=actor.phone or "",
        email=actor.email or "",
        website=website,
        source=host(source) if source else "",
        as_of=day(as_of) if as_of else "page non datée, relevée en novembre 2026",
        caution=caution,
        actor=actor.slug,
    )


def _first_step(actor: Actor) -> str:
    if actor.phone:
        return f"Appelez au {actor.phone} et présentez votre projet en deux phrases."
    if actor.email:
        return f"Écrivez à {actor.email}\u00a0: votre idée en deux lignes et où vous en êtes."
    return f"Passez par leur site ({host(actor.website)}) pour leur écrire votre idée et où vous en êtes." if actor.website else ""


def door_for(actor: Actor, access: Access, places: Sequence[str] = ()) -> tuple[str, str]:
    """Return the first step and the site to use when no contact of `actor` is known (see `guide_for`)."""
    who, website = guide_for(actor, access, places)
    if not who:
        return (
            "Je n’ai pas ses coordonnées\u00a0: demandez-les au service de développement économique de votre MRC ou à votre pôle d’économie"
            " sociale.",
            "",
        )
    return f"Je n’ai pas ses coordonnées\u00a0: passez par {who}, qui saura vous diriger ({host(website)}).", website


def guide_for(actor: Actor, access: Access, places: Sequence[str] = ()) -> tuple[str, str]:
    """Return who may direct to `actor`, as a name with its article, and its site.

    The MRC of the person, else of the actor, else the pôle or the developers of cooperatives there, else a network of all
    Québec; two empty texts when the directory has none of them.
    """
    session = access.session
    codes = [*places, *(cover.territory_code for cover in actor.covers)]
    for code in [c for c in codes if c != "QC"]:
        mrc = mrc_of(session, code)
        if mrc is not None and mrc.website:
            return describe(access.places, mrc.code), mrc.website
        if near := _with_site(actor, (a for kind in ("pole", "cdr") for a in local_actors(session, kind, [code]))):
            return the(near, full=True), near.website
    everywhere = actor_by_slug(session, _NATIONAL_GUIDES.get(actor.kind, "cdrq"))
    guide = _with_site(actor, (everywhere,) if everywhere else ())
    return (the(guide, full=True), guide.website) if guide else ("", "")


def _with_site(actor: Actor, others: Iterable[Actor]) -> Actor | None:
    return next((other for other in others if other.website and other.slug != actor.slug), None)


def caution_of(service, actor: Actor) -> str:
    """Return one sentence when a fact must be checked before relying on it, else nothing."""
    if actor.status == "to_verify" or (service is not None and service.status == "to_verify"):
        return "À vérifier auprès de l’organisme\u00a0: je n’ai pas pu confirmer que c’est encore offert."
    return ""


def reasons(match: Match, profile: Profile, access: Access) -> list[str]:
    """Return why a match fits, as short French clauses: place, form, stage, amount, subject."""
    service = match.service
    said = [_place_reason(match, access)]
    forms = list(service.legal_forms)
    if profile.legal_form and forms:
        shown = [FORMS[f] for f in ("cooperative", "obnl", "not_constituted", "private") if f in forms]
        said.append(f"s’adresse {joined(shown)}")
    if profile.stage and profile.stage in list(service.stages):
        said.append(f"intervient {STAGES[profile.stage]}")
    if profile.amount and (service.amount_min or service.amount_max):
        said.append(_amount_reason(match, profile.amount))
    if match.subject and not said[1:]:
        said.append("touche directement votre sujet")
    return [s for s in said if s]


def _place_reason(match: Match, access: Access) -> str:
    if match.covers == "QC":
        return "sert tout le Québec"
    part = "une partie de " if match.part_of_place else ""
    return f"sert {part}{describe(access.places, match.covers)}"


def _amount_reason(match: Match, amount: int) -> str:
    service = match.service
    if match.part_of_amount:
        return f"plafond de {dollars(service.amount_max)}\u00a0: une partie de vos {dollars(amount)}"
    return f"{dollar_range(service.amount_min, service.amount_max)}\u00a0: vos {dollars(amount)} y entrent"


def card_of_mrc(mrc: Territory, access: Access) -> Card:
    """Return the card of the MRC's economic development service, the general door everywhere."""
    name = describe(access.places, mrc.code)
    service = mrc.development_service or ""
    return Card(
        name=f"{name[:1].upper()}{name[1:]} – développement économique".replace("La MRC", "MRC", 1),
        does="La porte générale des entreprises du territoire, collectives ou non (Réseau accès PME, l’ancien Accès entreprise Québec)."
        + (f" Service\u00a0: {service}." if service else ""),
        why=(f"sert {name}",),
        first_step=f"Passez par leur site ({host(mrc.website)})." if mrc.website else "Demandez le service de développement économique.",
        phone=mrc.phone or "",
        email=mrc.email or "",
        website=mrc.website or "",
        source=host(mrc.website) if mrc.website else "",
        as_of=day(mrc.as_of or ""),
        actor=mrc.code,
    )


def is_stale(as_of: str | None, access: Access) -> bool:
    """Return whether a dated fact is old enough to be said so."""
    return older_than_years(as_of, access.today, STALE_YEARS)
