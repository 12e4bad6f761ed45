"""Doors that are always open: a person to talk to, the general door of private enterprises, a professional."""

import re
from dataclasses import replace

from actions.access import Access
from actions.cards import card_of_actor, card_of_match, card_of_mrc
from actions.fitting import fit_of_spoken
from actions.places_said import ask_place, names
from actions.profile import PROFILE_SLOTS, profile_of
from actions.reply import Button, Message, Reply, say
from actions.turn import Turn
from directory.queries import actor_by_slug
from directory.routing import local_actors, mrc_of, services_for
from directory.text import fold

_COLLECTIVE = ("cooperative", "obnl")
_OF_THE_PROJECT = (*PROFILE_SLOTS, "subject", "search_done", "last_actor")
_OF_SOMEONE_ELSE = re.compile(
    r"\b(?:mon|ma|mes|son|sa|notre|un de mes|une de mes) (?:chum|blonde|mari|femme|conjointe?|freres?|soeurs?|pere|mere|parents|fils"
    r"|filles?|cousine?s?|voisine?s?|amie?s?|beau-frere|belle-soeur|oncle|tante|gendre|bru)\b"
)


def human_doors(turn: Turn, access: Access) -> Reply:
    """Return whom to call or write to: the pôle and the MRC of the place, or the national doors."""
    place = turn.place
    cards = [card_of_actor(a, access) for a in local_actors(access.session, "pole", place)[:1]] if place else []
    if place and (mrc := mrc_of(access.session, place[0])) is not None:
        cards.append(card_of_mrc(mrc, access))
    if not place or len(cards) < 2:
        cards += [card_of_actor(a, access) for slug in ("cdrq", "risq") if (a := actor_by_slug(access.session, slug))]
    where = f" pour {names(access, place)}" if place else ""
    return Reply(
        (Message(f"Voici des personnes à qui parler{where}\u00a0:", (), tuple(cards[:3])),),
        {"last_actor": cards[0].actor if cards else None, "pending": None},
    )


def handle_human(turn: Turn, access: Access) -> Reply:
    """A person was asked for: the doors of the place, asked when it is not known."""
    place = turn.entity("place")
    if place and place.get("resolution") != "several":
        turn = turn.with_slots({"place": place["value"]})
        return Reply(slots={"place": place["value"]}) + human_doors(turn, access)
    if turn.place:
        return human_doors(turn, access)
    return ask_place(
        "Je suis un robot, mais je peux vous dire à qui parler près de chez vous. Dans quelle municipalité ou quelle MRC êtes-vous?",
        {"then": "human"},
    )


def private_doors(turn: Turn, access: Access) -> Reply:
    """A private enterprise: said kindly, with the general doors of its place."""
    place = turn.place
    profile = replace(profile_of(turn.slots), need="financement", legal_form="private", stage=None)
    found = [m for m in services_for(access.session, profile, access.today, 6) if not m.actor.dedicated]
    found = [m for m in found if m.near > 0][:2] or [m for m in found if m.actor.kind == "financement"][:1]
    cards = [card_of_match(m, profile, access) for m in found]
    if place and (mrc := mrc_of(access.session, place[0])) is not None:
        cards.append(card_of_mrc(mrc, access))
    text = (
        "Je suis spécialisé dans les entreprises collectives (coopératives et OBNL). Pour une entreprise privée, la bonne porte est votre"
        " MRC (Réseau accès PME, l’ancien Accès entreprise Québec), ou encore la SADC ou le CAE de votre coin."
    )
    buttons = (Button("Mon projet pourrait être collectif", "find_support", {"need": "accompagnement", "legal_form": "not_constituted"}),)
    return Reply(
        (Message(text, buttons, tuple(cards)),), {"legal_form": "private", "pending": None, "last_actor": cards[0].actor if cards else None}
    )


def private_doors_of(turn: Turn, after: Turn, access: Access) -> Reply:
    """Return the doors of the private enterprise that `after` holds; if it is someone else's, the project that `turn` held stays."""
    found = private_doors(after, access)
    if turn.slot("legal_form") in _COLLECTIVE and _OF_SOMEONE_ELSE.search(fold(turn.text)):
        return replace(found, slots={**found.slots, **{name: turn.slot(name) for name in _OF_THE_PROJECT}})
    return found


def handle_private(turn: Turn, access: Access) -> Reply:
    """A private enterprise wants help: its doors, or the question where it is."""
    if "reprise" in turn.values("need") or turn.first("stage") == "transfert":
        # A firm that its people may take over together is our subject.
        return Reply(slots={"need": "reprise"}, followup="find_support_form")
    said = turn.entity("place")
    if said and said.get("resolution") != "several":
        there = {"place": said["value"]}
        return Reply(slots=there) + private_doors_of(turn, turn.with_slots(there), access)
    if turn.place:
        return private_doors(turn, access)
    fitted = fit_of_spoken(turn, access)
    question = ask_place(
        "Je suis spécialisé dans les entreprises collectives (coopératives et OBNL). Pour une entreprise privée, je peux vous dire à quelle"
        " porte frapper\u00a0: dans quelle municipalité êtes-vous?",
        {"then": "private"},
    )
    return Reply(fitted.messages[:1], fitted.slots) + question if fitted else question


def handle_professional(turn: Turn, access: Access) -> Reply:
    """Legal or tax advice: declined, with the door of those who may give it."""
    text = (
        "Je donne de l’information générale, pas d’avis juridique ni fiscal. Pour votre cas, il faut une professionnelle ou un"
        " professionnel\u00a0: avocat, notaire, comptable ou fiscaliste."
    )
    consortium = actor_by_slug(access.session, "consortium-cooperation")
    if consortium is None:
        return say(text)
    card = card_of_actor(consortium, access, ("réunit des spécialistes habitués aux coopératives et aux OBNL",))
    return Reply((Message(text, (), (card,)),), {"last_actor": consortium.slug, "last_service": None})
