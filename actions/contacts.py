"""How to reach an organisation or the office of a MRC: contacts, addresses, and the next door where none is known."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.access import Access
from actions.french import day, host
from actions.naming import to
from directory.models import Actor, Territory
from directory.places_labels import describe, is_one_town
from directory.queries import actor_by_slug, territory_path
from directory.routing import local_actors, mrc_of
from directory.text import fold, typographic

_POSTAL_CODE = re.compile(r",?\s*\b([A-Z]\d[A-Z] ?\d[A-Z]\d)\b")
_SITE = re.compile(r"[\w.-]+\.[a-z]{2,}(?:/\S*)?")
# How the register writes a service: « its name – its site, its phone, its e-mail ».
_SERVICE = re.compile(rf"(?P<name>.+) – (?P<ways>{_SITE.pattern}.*)")
_SERVICE_SOURCE = re.compile(r"développement (https?://\S+)(?: \((\d{4}[-\d]*)\))?")
# Who knows the local organisations of a kind, all over Québec; for the others, the developers of cooperatives.
_NATIONAL_GUIDES = {"sadc_cae": "reseau-sadc-cae", "cdc": "tncdc"}


@dataclass(frozen=True)
class Office:
    """The office of a MRC that helps enterprises: `service` is its own name, when it has one; unknown ways are empty."""

    service: str
    website: str
    phone: str
    email: str
    source: str
    as_of: str


def office_of(mrc: Territory) -> Office:
    """Return the development service of a MRC where it can be reached itself, else the MRC's own contacts with its name."""
    service = typographic(mrc.development_service or "")
    source = _SERVICE_SOURCE.search(mrc.source or "") if service else None
    read = (source[1], day(source[2] or "")) if source else (mrc.website or "", day(mrc.as_of or ""))
    found = _SERVICE.fullmatch(service)
    if not found:
        return Office(service, mrc.website or "", mrc.phone or "", mrc.email or "", *read)
    ways = found["ways"].split(", ")
    email = next((way for way in ways if "@" in way), "")
    phone = next((way for way in ways if re.fullmatch(r"[\d -]+", way)), "")
    return Office(found["name"], f"https://{ways[0]}", phone, email, *read)


def postal_address(actor: Actor) -> str:
    """Return « 1431, rue Fullum, Montréal (Québec) H2K 0B5 », or nothing when no street is known; the city comes once."""
    if not actor.address:
        return ""
    code = _POSTAL_CODE.search(actor.address)
    parts = [part.strip() for part in _POSTAL_CODE.sub("", actor.address).split(",")]
    street = ", ".join(
        part for part in parts if part and fold(part.removesuffix("(Québec)")) not in (fold(actor.city or ""), "quebec", "qc")
    )
    province = f" (Québec){f' {code[1]}' if code else ''}" if actor.city else f" {code[1]}" if code else ""
    return ", ".join(filter(None, (street, actor.city))) + province


def first_step(actor: Actor) -> str:
    """Return how to make the first contact, by the most direct way that is known; nothing when none is."""
    if actor.phone:
        return f"Appelez au {actor.phone} et présentez votre projet en deux phrases."
    if actor.email:
        return f"Écrivez à {actor.email}\u00a0: votre idée en deux lignes et où vous en êtes."
    return f"Passez par leur site ({host(actor.website)}) pour leur écrire votre idée et où vous en êtes." if actor.website else ""


def door_for(actor: Actor, access: Access, places: Sequence[str] = ()) -> str:
    """Return whom to ask when no contact of `actor` is known (see `guide_for`)."""
    return f"Je n’ai pas ses coordonnées\u00a0: demandez-les {guide_for(actor, access, places)}."


def guide_for(actor: Actor, access: Access, places: Sequence[str] = ()) -> str:
    """Return whom to ask about `actor`, as said after « demandez »: « à la MRC de Maskinongé (mrcmaskinonge.ca) ».

    The MRC of the person where the actor serves it, else of the actor, else the pôle or the developers of cooperatives there,
    else a network of all Québec.
    """
    session, covered = access.session, [cover.territory_code for cover in actor.covers]
    served = [code for code in places if not covered or any(each.code in covered for each in territory_path(session, code))]
    for code in [code for code in served or covered if code != "QC"]:
        mrc = mrc_of(session, code)
        if mrc is not None and mrc.website:
            return _at(to_the(mrc_office(access, mrc.code)), office_of(mrc).website)
        if near := _with_site(actor, (a for kind in ("pole", "cdr") for a in local_actors(session, kind, [code]))):
            return _at(to(near, full=True), near.website)
    everywhere = actor_by_slug(session, _NATIONAL_GUIDES.get(actor.kind, "cdrq"))
    guide = _with_site(actor, (everywhere,) if everywhere else ())
    return _at(to(guide, full=True), guide.website) if guide else "à votre MRC ou à votre pôle d’économie sociale"


def _at(whom: str, website: str) -> str:
    """Return a name with its site, in one pair of brackets: « à la Coopérative… (CDRQ, cdrq.coop) »."""
    return f"{whom} ({host(website)})".replace(") (", ", ")


def _with_site(actor: Actor, others: Iterable[Actor]) -> Actor | None:
    return next((other for other in others if other.website and other.slug != actor.slug), None)


def mrc_office(access: Access, code: str) -> str:
    """Return what to call who runs a MRC: « la MRC de Maskinongé », « la Ville de Rouyn-Noranda »."""
    if is_one_town(access.places, code):
        return f"la Ville de {typographic(access.places.tree[code].name)}"
    return re.sub(r" \(.*\)$", "", describe(access.places, code))


def to_the(name: str) -> str:
    """Return « à la MRC… », « à l’agglomération… », « au … »: a name with its article, after « à »."""
    return re.sub(r"^à le ", "au ", f"à {name}")
