"""« C’est qui, le pôle (la SADC, la MRC, la CDC…) chez nous? »: the organisations of one kind that serve a place."""

from collections.abc import Collection, Sequence

from actions import facts
from actions.access import Access
from actions.cards import card_of_actor, card_of_mrc
from actions.places_said import ask_place, ask_which, names
from actions.profile import said_in
from actions.reply import Button, Card, Message, Reply, say
from actions.turn import Turn
from directory.queries import actor_by_slug
from directory.routing import local_actors, mrc_of

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
_SHOWN = 3


def handle(turn: Turn, access: Access) -> Reply:
    """Tell the local organisations asked for, or ask where the person is."""
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
    if turn.slot("place"):
        return tell_local_actors(turn, access, kinds)
    what = KIND_NAMES.get(kinds[0], "l’organisme") if kinds else "qui sert votre coin"
    return ask_place(f"Pour vous dire {what if kinds else 'qui sert votre coin'}, dites-moi votre municipalité ou votre MRC.", pending)


def tell_local_actors(turn: Turn, access: Access, kinds: Sequence[str]) -> Reply:
    """Return the cards of the organisations of `kinds` (all the local doors when none is named) at the place."""
    place = turn.slot("place") or ["QC"]
    wanted = list(kinds) or ["pole", "sadc_cae", "mrc"]
    cards = [card for kind in wanted for card in _cards_of_kind(kind, place, access)][: max(_SHOWN, len(wanted))]
    where = names(access, place)
    if not cards:
        return _none_found(turn, access, wanted[0], where)
    text = f"Pour {where}\u00a0:"
    missing = [KIND_NAMES[k] for k in wanted if kinds and k in KIND_NAMES and not _cards_of_kind(k, place, access)]
    if missing:
        text = f"Je n’ai pas trouvé {' ni '.join(missing)} pour {where} dans mes sources. Voici qui sert ce territoire\u00a0:"
    slots = {
        "last_actor": cards[0].actor if not cards[0].actor.startswith("mrc-") else None,
        "last_service": None,
        "last_topic": None,
        "fallbacks": 0,
    }
    slots |= {
        "last_kind": wanted[0] if kinds else None,
        "shown": [c.actor for c in cards],
        "last_sources": [c.source for c in cards if c.source],
    }
    buttons = (
        Button("Trouver du financement", "find_support", {"need": "financement"}),
        Button("Être accompagné", "find_support", {"need": "accompagnement"}),
    )
    return Reply((Message(text, buttons, tuple(cards)),), slots)


def _cards_of_kind(kind: str, place: Sequence[str], access: Access) -> list[Card]:
    if kind == "mrc":
        mrc = mrc_of(access.session, place[0])
        return [card_of_mrc(mrc, access)] if mrc is not None else []
    actors = local_actors(access.session, "accompagnement" if kind == "cdec" else kind, place)
    if kind == "cdec":
        actors = [a for a in actors if "cdec" in a.slug or "entreprendre" in a.slug]
    why = (f"sert {names(access, place)}",)
    return [card_of_actor(actor, access, why, place) for actor in actors[:_SHOWN]]


def _none_found(turn: Turn, access: Access, kind: str, where: str) -> Reply:
    """Nothing of this kind: said openly, with the doors that do exist."""
    place = turn.slot("place") or ["QC"]
    others = [card for k in ("pole", "mrc", "cdr") if k != kind for card in _cards_of_kind(k, place, access)][:2]
    what = KIND_NAMES.get(kind, "cet organisme")
    if not others:
        return say(
            f"Je n’ai pas trouvé {what} pour {where} dans mes sources. Dites-moi une autre municipalité ou votre région\u00a0: je regarde.",
            pending={"then": "local", "kinds": [kind]},
        )
    text = f"Je n’ai pas trouvé {what} pour {where} dans mes sources. Ceux-ci servent ce territoire et sauront vous diriger\u00a0:"
    return Reply((Message(text, (), tuple(others)),), {"last_actor": others[0].actor, "last_service": None, "last_kind": kind})


def local_doors(access: Access, place: Sequence[str] | None, shown: Collection[str] = ()) -> list[str]:
    """Return the pôle and the accompanists of a place as short texts « name (how to reach) », those `shown` left out."""
    if not place:
        return []
    found = [a for kind in ("pole", "cdr") for a in local_actors(access.session, kind, place)[:1]]
    if not any(a.kind == "cdr" for a in found) and (cdrq := actor_by_slug(access.session, "cdrq")):
        found.append(cdrq)
    found = [a for a in found if a.slug not in shown]
    return [
        f"{facts.short(a) if a.kind != 'pole' else a.name}" + (f" ({facts.address_of(a)})" if facts.address_of(a) else "") for a in found
    ]
