"""« C’est qui, le pôle (la SADC, la MRC, la CDC…) chez nous? »: the organisations of one kind that serve a place."""

from collections.abc import Collection, Sequence

from actions import facts
from actions.access import Access
from actions.cards import card_of_actor, card_of_mrc, cover_at, serves
from actions.matters import instead_of
from actions.naming import the
from actions.places_said import ask_place, ask_which, names
from actions.profile import said_in
from actions.reply import Button, Card, Message, Reply, say
from actions.turn import Turn
from directory.models import Actor, Coverage
from directory.places_labels import has_no_mrc
from directory.queries import actor_by_slug
from directory.routing import branches_of, local_actors, mrc_of

KIND_NAMES = {
    "pole": "le pôle d’économie sociale",
    "sadc_cae": "la SADC ou le CAE",
    "cdc": "la corporation de développement communautaire (CDC)",
    "mrc": "la MRC",
    "cdr": "la coopérative de développement régional",
    "cdec": "la CDEC",
    "mentorat": "le groupe de mentorat",
    "developpement_local": "l’organisme de développement local",
}
_DOORS = ("pole", "sadc_cae", "developpement_local", "mrc")
_SHOWN = 3


def handle(turn: Turn, access: Access) -> Reply:
    """Tell the local organisations asked for, or ask where the person is; first that what it names is not in the directory (« un GRT »)."""
    unheld = None if turn.values("actor_kind") or turn.is_pressed else instead_of(None, turn, access)
    return unheld + _local(turn, access) if unheld else _local(turn, access)


def _local(turn: Turn, access: Access) -> Reply:
    kinds = list(dict.fromkeys(turn.values("actor_kind"))) or (
        [turn.slot("last_kind")] if turn.slot("last_kind") and turn.is_elliptical else []
    )
    said = said_in(turn, access)
    pending = {"then": "local", "kinds": kinds}
    if said.candidates:
        return ask_which(access, said.candidates, {**pending, "candidates": list(said.candidates)})
    if "place" in said.found:
        return Reply(slots={"place": said.found["place"]}) + tell_local_actors(
            turn.with_slots({"place": said.found["place"]}), access, kinds
        )
    if said.unknown_place:
        return ask_place(f"Je ne connais pas «\u00a0{said.unknown_place}\u00a0». Dans quelle région ou dans quelle MRC est-ce?", pending)
    if named := _named(turn, access, kinds):
        return _tell_named(named, turn, access)
    if turn.place:
        return tell_local_actors(turn, access, kinds)
    what = KIND_NAMES.get(kinds[0], "l’organisme") if kinds else "qui sert votre coin"
    return ask_place(f"Pour vous dire {what if kinds else 'qui sert votre coin'}, dites-moi votre municipalité ou votre MRC.", pending)


def _named(turn: Turn, access: Access, kinds: Sequence[str]) -> Actor | None:
    """Return the open organisation that the message names, when it is of the kind asked for (« le pôle de Laval »)."""
    slug = turn.first("actor")
    actor = actor_by_slug(access.session, slug) if slug else None
    return actor if actor is not None and actor.status != "closed" and (not kinds or actor.kind in kinds) else None


def _tell_named(actor: Actor, turn: Turn, access: Access) -> Reply:
    """Return the card of its office at the place, else its own."""
    place = turn.place
    offices = branches_of(access.session, actor, place) if place else []
    why = (f"sert {names(access, place)}",) if offices else ()
    cards = [card_of_actor(each, access, why, place) for each in offices[:_SHOWN] or [actor]]
    return _told(f"Pour {names(access, place)}\u00a0:" if offices else "Voici\u00a0:", cards, None)


def tell_local_actors(turn: Turn, access: Access, kinds: Sequence[str]) -> Reply:
    """Return the cards of the organisations of `kinds` (all the local doors when none is named) at the place.

    An organisation that is named with the place answers by its own office there (« PME MTL pour Rosemont »).
    """
    place = turn.place or ["QC"]
    named = None if kinds else _named(turn, access, kinds)
    if named and branches_of(access.session, named, place):
        return _tell_named(named, turn, access)
    wanted = list(kinds) or list(_DOORS)
    cards = [card for kind in wanted for card in _cards_of_kind(kind, place, access, sure=not kinds)][: max(_SHOWN, len(wanted))]
    where = names(access, place)
    if not cards:
        return _none_found(turn, access, wanted[0], where)
    text = f"{_no_mrc(kinds, place, access)}Pour {where}\u00a0:"
    missing = [KIND_NAMES[k] for k in wanted if kinds and k in KIND_NAMES and not _cards_of_kind(k, place, access)]
    if missing:
        text = f"Je n’ai pas trouvé {' ni '.join(missing)} pour {where} dans mes sources. Voici qui sert ce territoire\u00a0:"
    return _told(text, cards, wanted[0] if kinds else None)


def _told(text: str, cards: Sequence[Card], kind: str | None) -> Reply:
    slots = {
        "last_actor": cards[0].actor if not cards[0].actor.startswith("mrc-") else None,
        "last_service": None,
        "last_topic": None,
        "fallbacks": 0,
        "last_kind": kind,
        "shown": [c.actor for c in cards],
        "last_sources": [c.source for c in cards if c.source],
    }
    buttons = (
        Button("Trouver du financement", "find_support", {"need": "financement"}),
        Button("Être accompagné", "find_support", {"need": "accompagnement"}),
    )
    return Reply((Message(text, buttons, tuple(cards)),), slots)


def _no_mrc(kinds: Sequence[str], place: Sequence[str], access: Access) -> str:
    """Return that there is no MRC there, when one was asked for in the North."""
    north = "mrc" in kinds and place != ["QC"] and all(has_no_mrc(access.places, code) for code in place)
    return "Il n’y a pas de MRC à cet endroit. " if north else ""


def _cards_of_kind(kind: str, place: Sequence[str], access: Access, sure: bool = False) -> list[Card]:
    """Return the cards of the organisations of a kind at a place; when `sure`, only of those that serve all of it."""
    if kind == "mrc":
        mrc = mrc_of(access.session, place[0])
        return [card_of_mrc(mrc, access)] if mrc is not None else []
    actors = local_actors(access.session, "accompagnement" if kind == "cdec" else kind, place)
    if kind == "cdec":
        actors = [a for a in actors if "cdec" in a.slug or "entreprendre" in a.slug]
    covers = [(actor, cover_at(actor, access, place)) for actor in actors]
    if sure:
        covers = [(actor, cover) for actor, cover in covers if cover is None or not cover.part]
    return [card_of_actor(actor, access, (_serves(access, cover, place),), place) for actor, cover in covers[:_SHOWN]]


def _serves(access: Access, cover: Coverage | None, place: Sequence[str]) -> str:
    return serves(access, cover.territory_code, True) if cover is not None and cover.part else f"sert {names(access, place)}"


def _none_found(turn: Turn, access: Access, kind: str, where: str) -> Reply:
    """Nothing of this kind: said openly, with the doors that do exist."""
    place = turn.place or ["QC"]
    near = ("pole", "developpement_local", "mrc", "sadc_cae", "cdr")
    others = [card for k in near if k != kind for card in _cards_of_kind(k, place, access)][:2]
    what = KIND_NAMES.get(kind, "cet organisme")
    if not others:
        return say(
            f"Je n’ai pas trouvé {what} pour {where} dans mes sources. Dites-moi une autre municipalité ou votre région\u00a0: je regarde.",
            pending={"then": "local", "kinds": [kind]},
        )
    lead = _no_mrc([kind], place, access) or f"Je n’ai pas trouvé {what} pour {where} dans mes sources. "
    text = f"{lead}Voici qui sert ce territoire\u00a0:"
    return Reply((Message(text, (), tuple(others)),), {"last_actor": others[0].actor, "last_service": None, "last_kind": kind})


def local_doors(access: Access, place: Sequence[str] | None, shown: Collection[str] = ()) -> list[str]:
    """Return the pôle and the accompanists of a place as short texts « name (how to reach) », those `shown` left out."""
    if not place:
        return []
    found = [a for kind, most in (("pole", 2), ("cdr", 1)) for a in local_actors(access.session, kind, place)[:most]]
    if not any(a.kind == "cdr" for a in found) and (cdrq := actor_by_slug(access.session, "cdrq")):
        found.append(cdrq)
    found = [a for a in found if a.slug not in shown]
    return [the(a, full=a.kind == "pole") + (f" ({facts.address_of(a)})" if facts.address_of(a) else "") for a in found]
