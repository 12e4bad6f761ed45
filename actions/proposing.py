"""Proposals: who can help with a profile, with reasons, then more, why, elsewhere. Never a dead end."""

from collections.abc import Mapping
from typing import Any

from actions.access import Access
from actions.cards import card_of_actor, card_of_match, card_of_mrc
from actions.choosing import related
from actions.french import NBSP, dollars, joined
from actions.local import local_doors
from actions.places_said import names
from actions.profile import UNSURE, profile_of
from actions.reply import FOUND, NOTHING_NEAR, Button, Card, Message, Reply, came_to, say
from actions.search_questions import missing_from
from actions.turn import Turn
from directory.routing import MONEY, Match, Profile, local_actors, mrc_of, services_for, without_amount, without_stage

NEED_WORDS = {
    "financement": "du financement",
    "mentorat": "du mentorat",
    "accompagnement": "un accompagnement",
    "formation": "de la formation",
    "reseautage": "du réseautage",
    "immobilier": "le financement d’un immeuble",
    "reprise": "la reprise d’une entreprise",
    "gouvernance": "de l’aide à la gouvernance",
}
FORM_WORDS = {
    "cooperative": "une coopérative",
    "obnl": "un OBNL",
    "not_constituted": "un projet pas encore constitué",
    "private": "une entreprise privée",
}
STAGE_WORDS = {
    "idee": "à l’étape de l’idée",
    "predemarrage": "en prédémarrage",
    "demarrage": "en démarrage",
    "croissance": "en croissance",
    "consolidation": "en consolidation",
    "transfert": "en transfert ou en reprise",
}
# What sharpens a list of names.
_SHARPENS = {"legal_form": "si c’est une coopérative ou un OBNL", "stage": "à quelle étape vous en êtes", "amount": "combien il vous faut"}
_SHOWN = 3
_MORE = (Button("Voir d’autres", "show_more"), Button("Pourquoi ceux-là?", "why_these"), Button("Changer de région", "change_place"))


def propose(turn: Turn, access: Access, at_once: bool = False) -> Reply:
    """Return the best cards for the profile remembered in the slots, and remember what was shown; `at_once`, before all was asked, what
    would sharpen them is said."""
    profile = profile_of(turn.slots, turn.slot("subject") or turn.text)
    matches = _matches(turn, access, profile, 12)
    if not matches:
        return _nothing(turn, access, profile)
    shown = matches[:_SHOWN]
    cards = tuple(card_of_match(m, profile, access) for m in shown)
    if profile.need == "mentorat" and profile.places and not _mentors_near(shown):
        return _no_mentor_near(turn, access, profile, cards)
    pole = _pole_door(shown, profile, access)
    cards = (*pole, *cards[: _SHOWN - len(pole)], *_mrc_door(shown, profile, access))
    far = profile.need not in MONEY and bool(profile.places) and not pole and all(m.near == 0 for m in shown)
    text = f"{summary(turn.slots, access)} {_opening(far, profile)}".strip()
    closing = f"{_closing(cards, shown, profile, access, at_once)} {_sharpened_by(turn) if at_once else ''}".strip()
    slots = _shown_slots(cards) | {"search_done": True} | came_to(NOTHING_NEAR if far else FOUND)
    return Reply((Message(text, (), cards), Message(closing or "Voulez-vous en voir d’autres?", _MORE)), slots)


def _mentors_near(shown: list[Match]) -> bool:
    return any(m.near > 0 and m.service.status == "active" and m.actor.status == "active" for m in shown)


def _no_mentor_near(turn: Turn, access: Access, profile: Profile, others: tuple[Card, ...]) -> Reply:
    """No group of mentors is known near: said so, with the local doors that know who still offers it."""
    near = [a for kind in ("pole", "sadc_cae") for a in local_actors(access.session, kind, profile.places)[:1]]
    why = (f"sert {names(access, profile.places)}",)
    cards = tuple(card_of_actor(a, access, why, profile.places) for a in near) or others[:1]
    mrc = mrc_of(access.session, profile.places[0])
    cards += (card_of_mrc(mrc, access),) if mrc is not None else ()
    text = (
        f"{summary(turn.slots, access)} Je n’ai pas trouvé de groupe de mentorat actif sur votre territoire\u00a0: le Réseau"
        " Mentorat (l’ancien Réseau M) a cessé ses activités le 19 décembre 2025, et je ne connais pas toutes les cellules locales qui"
        " continuent. Demandez d’abord à ceux-ci\u00a0:"
    ).strip()
    slots = _shown_slots(cards[:_SHOWN]) | {"search_done": True} | came_to(NOTHING_NEAR)
    return Reply((Message(text, _MORE, cards[:_SHOWN]),), slots)


def _matches(turn: Turn, access: Access, profile: Profile, limit: int) -> list[Match]:
    """Return the best matches, without who was set aside; without any, those that the amount excluded, then those that the stage did."""
    aside = turn.slot("set_aside") or ()
    tried = dict.fromkeys((profile, without_amount(profile), without_stage(without_amount(profile))))
    found = (services_for(access.session, each, access.today, limit) for each in tried)
    return next(filter(None, ([m for m in some if not any(related(m.actor.slug, slug) for slug in aside)] for some in found)), [])


def _shown_slots(cards: tuple[Card, ...]) -> dict[str, Any]:
    first = next((c for c in cards if not c.actor.startswith("mrc-")), None)
    return {
        "shown": [c.actor for c in cards],
        "last_actor": first.actor if first else None,
        "last_service": None,
        "last_topic": None,
        "last_kind": None,
        "last_sources": [c.source for c in cards if c.source],
        "last_as_of": None,
        "fallbacks": 0,
    }


def summary(slots: Mapping[str, Any], access: Access, with_need: bool = False) -> str:
    """Return in one sentence what is known of the project, its need first when `with_need`; nothing when nothing is."""
    form, stage, amount = slots.get("legal_form"), slots.get("stage"), slots.get("amount")
    told = [NEED_WORDS[slots["need"]]] if with_need and slots.get("need") in NEED_WORDS else []
    told += [FORM_WORDS[form]] if form in FORM_WORDS else []
    told += [STAGE_WORDS[stage]] if stage in STAGE_WORDS else []
    if slots.get("place") not in (None, UNSURE):
        told.append(f"pour {names(access, slots['place'])}")
    if isinstance(amount, int):
        told.append(f"autour de {dollars(amount)}")
    return f"C’est noté{NBSP}: {', '.join(told)}." if told else ""


def _sharpened_by(turn: Turn) -> str:
    """Return what would sharpen names that were given at once."""
    words = [_SHARPENS[name] for name in missing_from(turn.slots) if name in _SHARPENS]
    return f"Dites-moi aussi {joined(words)}, et je préciserai." if words else ""


def _opening(far: bool, profile: Profile) -> str:
    what = NEED_WORDS[profile.need]
    if not profile.places:
        return f"Pour {what}, voici qui sert tout le Québec\u00a0:"
    if far:
        return f"Je n’ai trouvé personne qui offre {what} précisément sur votre territoire. J’ai élargi à tout le Québec\u00a0:"
    return f"Pour {what}, voici par qui commencer\u00a0:"


def _pole_door(shown: list[Match], profile: Profile, access: Access) -> tuple[Card, ...]:
    """The pôle of the place accompanies too, even when the service that it publishes is another: added when it is not shown."""
    if profile.need != "accompagnement" or not profile.places or any(m.actor.kind == "pole" for m in shown):
        return ()
    why = (f"sert {names(access, profile.places)}",)
    poles = local_actors(access.session, "pole", profile.places)[:1]
    return tuple(card_of_actor(pole, access, why, profile.places) for pole in poles)


def _mrc_door(shown: list[Match], profile: Profile, access: Access) -> tuple[Card, ...]:
    """The MRC is the general door: added when nothing nearer than the region was found."""
    if not profile.places or any(m.near >= 2 for m in shown):
        return ()
    mrc = mrc_of(access.session, profile.places[0])
    return (card_of_mrc(mrc, access),) if mrc is not None else ()


def _closing(cards: tuple[Card, ...], shown: list[Match], profile: Profile, access: Access, at_once: bool) -> str:
    told = []
    if profile.stage and not any(_admits_stage(m, profile.stage) for m in shown):
        told.append(f"Aucun n’affiche d’aide {STAGE_WORDS[profile.stage]}\u00a0: demandez-leur à partir de quand ils peuvent vous aider.")
    if any(m.part_of_amount for m in shown):
        told.append("Un montage combine souvent plusieurs bailleurs\u00a0: chacun couvre une partie.")
    if profile.need == "mentorat":
        told.append("Le Réseau Mentorat (l’ancien Réseau M) a cessé ses activités le 19 décembre 2025; des groupes locaux continuent.")
    doors = local_doors(access, profile.places, {card.actor for card in cards})
    if doors:
        purpose = "Pour préparer la demande" if profile.need in MONEY else "Pour vous diriger sur place"
        told.append(f"{purpose}\u00a0: {joined(doors)}.")
    elif not profile.places and not at_once:
        told.append("Dites-moi votre municipalité quand vous voudrez\u00a0: je nommerai aussi votre pôle régional.")
    return " ".join(told)


def _admits_stage(match: Match, stage: str) -> bool:
    return not match.service.stages or stage in match.service.stages


def _nothing(turn: Turn, access: Access, profile: Profile) -> Reply:
    """No service at all answers: said so, with the doors that do exist."""
    doors = local_doors(access, profile.places)
    mrc = mrc_of(access.session, profile.places[0]) if profile.places else None
    cards = (card_of_mrc(mrc, access),) if mrc is not None else ()
    none = f"Je n’ai trouvé personne dans mes sources pour {NEED_WORDS[profile.need]} avec ces critères."
    text = f"{summary(turn.slots, access)} {none}".strip()
    text += f" Ces portes peuvent vous diriger\u00a0: {joined(doors)}." if doors else " La CDRQ et votre MRC peuvent vous diriger."
    return Reply(
        (Message(text, (Button("Changer de région", "change_place"), Button("Recommencer", "start_over")), cards),),
        {"search_done": True, "fallbacks": 0, **came_to(NOTHING_NEAR)},
    )


def show_more(turn: Turn, access: Access) -> Reply:
    """Return the next cards of the same search, or that there are no more; without search, start one."""
    if not turn.slot("search_done"):
        return Reply(followup="find_support_form")
    profile = profile_of(turn.slots)
    seen = set(turn.slot("shown") or ())
    rest = [m for m in _matches(turn, access, profile, 60) if m.actor.slug not in seen][:_SHOWN]
    if not rest:
        mrc = mrc_of(access.session, profile.places[0]) if profile.places else None
        cards = (card_of_mrc(mrc, access),) if mrc is not None and mrc.code not in seen else ()
        text = "J’ai montré tout ce que j’ai pour ces critères." + (
            " Il reste la porte générale de votre territoire\u00a0:" if cards else ""
        )
        return Reply(
            (
                Message(
                    text,
                    (
                        Button("Changer de région", "change_place"),
                        Button("Autre besoin", "find_support"),
                        Button("Parler à une personne", "talk_to_human"),
                    ),
                    cards,
                ),
            ),
            {"shown": [*seen, *(c.actor for c in cards)]},
        )
    cards = tuple(card_of_match(m, profile, access) for m in rest)
    slots = _shown_slots(cards) | {"shown": [*seen, *(c.actor for c in cards)]}
    return Reply((Message("En voici d’autres\u00a0:", _MORE, cards),), slots)


def explain(turn: Turn, access: Access) -> Reply:
    """Return how the organisations shown were chosen."""
    if not turn.slot("search_done"):
        return say(
            "Je n’ai encore proposé personne. Dites-moi ce que vous cherchez et où vous êtes.", Button("Trouver de l’aide", "find_support")
        )
    known = [name for name in ("place", "legal_form", "stage", "amount") if turn.slot(name) not in (None, UNSURE)]
    words = {"place": "votre territoire", "legal_form": "votre forme juridique", "stage": "votre étape", "amount": "le montant"}
    criteria = joined([words[k] for k in known]) if known else "votre besoin seulement"
    text = (
        f"J’ai comparé ce que chaque organisme publie avec {criteria}. D’abord ceux qui répondent exactement au besoin,"
        " puis ceux qui sont voués aux entreprises collectives, puis les plus proches de chez vous. La raison de chacun est sur sa"
        " carte. Ce ne sont pas des décisions\u00a0: chaque organisme juge lui-même les demandes."
    )
    return say(text, Button("Voir d’autres", "show_more"), Button("Changer de région", "change_place"))
