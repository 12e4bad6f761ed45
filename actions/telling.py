"""How an answer, a fact or the end of an organisation is told: text, caution, source and date, what to ask next."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from actions import facts
from actions.access import Access
from actions.cards import is_stale
from actions.french import NBSP, source_line
from actions.reply import Button, Message, Reply
from actions.turn import Turn
from directory.models import Actor, Answer, Service
from directory.places_labels import describe
from directory.queries import actor_by_slug, answer_by_slug, services_of
from directory.text import fold

_RULES = {"cooperative": "C’est la règle des coopératives.", "obnl": "C’est la règle des OBNL."}
_FORM_SAID = re.compile(r"\bcooperati\w*|\bcoops?\b|\bobnl\b|\borganismes? sans but lucratif")
# Kinds of organisations that state the rules of a legal form.
_AUTHORITIES = ("gouvernement", "reseau", "formation")
# What is asked of the door of an answer too, not only of the organisation that it is about.
REACHING = ("ask_contact", "ask_how_to_apply")


def tell(answer: Answer, access: Access, lead: str = "") -> Reply:
    """Return the reply that tells `answer`, with its source, its age, and what to ask next."""
    notes = []
    if answer.status == "to_verify":
        notes.append("À vérifier avant de vous y fier.")
    if is_stale(answer.as_of, access):
        notes.append("Ce renseignement date\u00a0: faites-le confirmer.")
    doors = _doors(answer, access)
    text = "\n".join(
        filter(
            None,
            [
                f"{lead}{answer.text.strip()}{_whose_rule(answer)}",
                doors,
                " ".join(n for n in notes if n),
                source_line(answer.sources, answer.as_of),
            ],
        )
    )
    following = [answer_by_slug(access.session, slug) for slug in answer.next[:2]]
    buttons = [Button(a.label, "ask_topic", {"topic": a.slug}) for a in following if a]
    slots: dict[str, Any] = {
        "last_topic": answer.slug,
        "last_facet": None,
        "last_sources": list(answer.sources),
        "last_as_of": answer.as_of,
        "fallbacks": 0,
    }
    if _is_about_actor(answer, access):
        slots |= {"last_actor": answer.actor_slug, "last_service": answer.service_slug}
    else:
        # « Combien? » then asks of the subject, and « leur numéro? » of whom to ask.
        slots |= {"last_actor": None, "last_service": None, "last_door": next(iter(answer.see), answer.actor_slug)}
    return Reply((Message(text, tuple(buttons)),), slots)


def _whose_rule(answer: Answer) -> str:
    """Return whose rule an answer states, when its text does not say it: nobody takes the rule of a coop for that of an OBNL."""
    rule = _RULES.get(answer.legal_form or "")
    return f" {rule}" if rule and not says_form(answer.text) else ""


def says_form(text: str) -> bool:
    """Return whether a text names coops or OBNL."""
    return bool(_FORM_SAID.search(fold(text)))


def _is_about_actor(answer: Answer, access: Access) -> bool:
    """Return whether an answer is about its organisation, rather than about a rule that the organisation only states."""
    actor = actor_by_slug(access.session, answer.actor_slug) if answer.actor_slug else None
    return actor is not None and not (answer.legal_form and actor.kind in _AUTHORITIES)


def _doors(answer: Answer, access: Access) -> str:
    actors = [a for slug in answer.see[:2] if (a := actor_by_slug(access.session, slug)) and a.status != "closed"]
    told = [f"{facts.short(a)} ({facts.address_of(a)})" for a in actors if facts.address_of(a)]
    return f"À qui le demander{NBSP}: {' ou '.join(told)}." if told else ""


def services_spoken_of(turn: Turn, actor: Actor, access: Access) -> list[Service]:
    """Return the programmes that the message is about: named, else the last one, else all of `actor`."""
    services = services_of(access.session, actor.slug)
    named = set(turn.values("service"))
    chosen = [s for s in services if s.slug in named]
    if not chosen and not turn.named_actors and turn.slot("last_actor") == actor.slug:
        chosen = [s for s in services if s.slug == turn.slot("last_service")]
    return chosen or services


def answer_facet(turn: Turn, access: Access) -> Reply | None:
    """Return a fact of the organisation spoken of, or that the directory does not hold it; None without organisation."""
    slug = turn.to_reach if turn.intent in REACHING else turn.spoken_of
    actor = actor_by_slug(access.session, slug) if slug else None
    if actor is None:
        return None
    if actor.status == "closed" and turn.intent != "ask_source":
        return told_closed(actor, access)
    services = services_spoken_of(turn, actor, access)
    text = _facet_text(turn.intent, actor, services, access)
    if not text and len(services) < len(every := services_of(access.session, actor.slug)):
        text = _facet_text(turn.intent, actor, every, access)
    return _told_fact(turn, actor, services, text, access)


def _facet_text(intent: str, actor: Actor, services: Sequence[Service], access: Access) -> str:
    if intent == "ask_area":
        return facts.area(
            actor, lambda codes: " et ".join("tout le Québec" if c == "QC" else describe(access.places, c) for c in codes[:6])
        )
    if intent == "ask_status":
        return status_text(actor, services)
    return facts.FACETS[intent](actor, services)


def status_text(actor: Actor, services: Sequence[Service]) -> str:
    """Return what the directory knows of whether an organisation, or its programmes, still go on."""
    ended = [s.name for s in services if s.status == "closed"]
    unsure = [s.name for s in services if s.status == "to_verify"]
    if len(services) == len(ended) and ended:
        return f"{ended[0]} ({facts.short(actor)}) est terminé."
    if actor.status == "to_verify" or (unsure and len(unsure) == len(services)):
        return f"Je n’ai pas pu confirmer que {facts.short(actor)} offre encore ce service\u00a0: vérifiez avant de vous y fier."
    tail = f" Terminé\u00a0: {', '.join(ended)}." if ended else ""
    return f"D’après mes sources, {facts.short(actor)} est en activité.{tail}"


def _told_fact(turn: Turn, actor: Actor, services: Sequence[Service], text: str, access: Access) -> Reply:
    slots = {
        "last_actor": actor.slug,
        "last_service": services[0].slug if len(services) == 1 else None,
        "fallbacks": 0,
        "last_topic": None,
        "last_facet": turn.intent,
    }
    sources, as_of = _sources_of(turn.intent, actor, services)
    slots |= {"last_sources": sources, "last_as_of": as_of}
    if not text:
        door = facts.contact(actor, services)
        tail = f"Le plus sûr est de le leur demander. {door}" if door else "Votre pôle d’économie sociale ou votre MRC peut vous diriger."
        said = f"Mes sources ne donnent pas {facts.UNKNOWN[turn.intent]} pour cet organisme ({facts.short(actor)}). {tail}"
        return Reply((Message(said, _next_buttons(turn, actor)),), slots)
    stale = "\nCe renseignement date\u00a0: faites-le confirmer." if is_stale(as_of, access) else ""
    return Reply((Message(f"{text}{stale}\n{source_line(sources, as_of)}", _next_buttons(turn, actor)),), slots)


def _sources_of(intent: str, actor: Actor, services: Sequence[Service]) -> tuple[list[str], str | None]:
    """Return where a fact was read and when: the programmes' pages, or the organisation's for what is its own."""
    read = [] if intent in ("ask_contact", "ask_area", "ask_what_is") and len(services) != 1 else [s for s in services if s.source]
    if intent == "ask_contact" or not read:
        return [actor.source] if actor.source else [], actor.as_of
    dates = {s.as_of for s in read}
    return list(dict.fromkeys(s.source for s in read))[:3], dates.pop() if len(dates) == 1 else None


def _next_buttons(turn: Turn, actor: Actor) -> tuple[Button, ...]:
    offered = [("Qui est admissible?", "ask_eligibility"), ("Combien?", "ask_amount"), ("Comment les joindre?", "ask_contact")]
    if actor.kind not in ("financement", "sadc_cae"):
        offered = [("Ce qu’ils offrent", "list_services"), ("Comment les joindre?", "ask_contact")]
    return tuple(Button(title, intent, {"actor": actor.slug}) for title, intent in offered if intent != turn.intent)[:2]


def told_closed(actor: Actor, access: Access) -> Reply:
    """Return that an organisation has closed, since when if known, and the next best door."""
    answer = access.session.scalar(select(Answer).where(Answer.actor_slug == actor.slug, Answer.status == "closed").order_by(Answer.id))
    successor = actor_by_slug(access.session, actor.successor_slug) if actor.successor_slug else None
    if successor:
        door = facts.contact(successor, ())
        text = (
            f"{actor.name} n’existe plus sous ce nom. C’est maintenant {successor.name}. {door}\n{source_line([actor.source], actor.as_of)}"
        )
        return Reply(
            (Message(text, (Button("Ce qu’ils offrent", "list_services", {"actor": successor.slug}),)),),
            {"last_actor": successor.slug, "last_service": None},
        )
    if answer:
        return tell(answer, access)
    return Reply(
        (
            Message(
                f"{actor.name} a cessé ses activités.\n{source_line([actor.source], actor.as_of)}",
                (Button("Trouver une autre porte", "who_to_see"),),
            ),
        ),
        {"last_actor": actor.slug},
    )
