"""How an answer, a fact or the end of an organisation is told: text, caution, source and date, what to ask next."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from actions import facts
from actions.access import Access
from actions.cards import is_stale
from actions.contacts import guide_for
from actions.french import NBSP, joined, source_line, upper_first
from actions.naming import the
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

_FIND_A_MENTOR = Button("Trouver un mentor", "find_support", {"need": "mentorat"})
_OLD = "Ce renseignement date\u00a0: faites-le confirmer avant de vous y fier."
# What a text says when it tells by itself that the fact must be checked.
_ASKS_TO_CHECK = re.compile(
    r"\bvérifi|\bconfirm|\bdemande[rz]-l|\bfaites-le|\bdemandez (?:à|au|aux)\b|\bpeut vous (?:le )?dire\b|\bdira\b", re.IGNORECASE
)
_LAW = re.compile(r"legisquebec\.gouv\.qc\.ca|economie\.gouv\.qc\.ca/.*/conformite/")


def tell(answer: Answer, access: Access, lead: str = "") -> Reply:
    """Return the reply that tells `answer`, with its source, its age, and what to ask next."""
    first = f"{lead}{answer.text.strip()}{_whose_rule(answer)}"
    told = [first, _doors(answer, access), _caution(answer, access), source_line(answer.sources, answer.as_of)]
    text = "\n".join(filter(None, told))
    following = [answer_by_slug(access.session, slug) for slug in answer.next[:2]]
    buttons = [Button(a.label, "ask_topic", {"topic": a.slug}) for a in following if a]
    if answer.subject == "mentorat":
        buttons.append(_FIND_A_MENTOR)
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


def _caution(answer: Answer, access: Access) -> str:
    """Return at most one sentence: the fact is old or unsure; nothing when the text itself sends to someone who can confirm it."""
    old, unsure = is_stale(answer.as_of, access) and not is_law(answer.sources), answer.status == "to_verify"
    if _ASKS_TO_CHECK.search(answer.text) or not (old or unsure):
        return ""
    return _OLD if old else "À vérifier avant de vous y fier."


def is_law(sources: Sequence[str]) -> bool:
    """Return whether a fact is read off the law: its date is that of the text, which does not grow old until it is changed."""
    return any(_LAW.search(source) for source in sources)


def _doors(answer: Answer, access: Access) -> str:
    return whom_to_ask(reachable(answer.see[:2], access))


def reachable(slugs: Iterable[str], access: Access) -> list[Actor]:
    """Return the organisations of these slugs that are open and that a phone, a site or an e-mail reaches, in order."""
    found = (actor_by_slug(access.session, slug) for slug in slugs)
    return [actor for actor in found if actor and actor.status != "closed" and facts.address_of(actor)]


def whom_to_ask(actors: Sequence[Actor]) -> str:
    """Return « À qui le demander : le RISQ (514…) ou la CDRQ (cdrq.coop). », or nothing without anybody."""
    told = [f"{the(actor)} ({facts.address_of(actor)})" for actor in actors]
    return f"À qui le demander{NBSP}: {' ou '.join(told)}." if told else ""


def services_spoken_of(turn: Turn, actor: Actor, services: list[Service]) -> list[Service]:
    """Return those of the programmes of `actor` that the message is about: named, else the last one, else all."""
    named = set(turn.values("service"))
    chosen = [s for s in services if s.slug in named]
    if not chosen and not turn.named_actors and turn.slot("last_actor") == actor.slug:
        chosen = [s for s in services if s.slug == turn.slot("last_service")]
    return chosen or services


def answer_facet(turn: Turn, access: Access) -> Reply | None:
    """Return a fact of the organisation spoken of, or that the directory does not hold it; None without organisation."""
    slug = turn.to_reach if turn.intent in REACHING else turn.spoken_of
    actor = actor_by_slug(access.session, slug) if slug else None
    return tell_facet(turn, actor, services_of(access.session, actor.slug), access) if actor else None


def holds_fact(turn: Turn, access: Access) -> bool:
    """Return whether the directory holds what the message asks of the organisation spoken of."""
    actor = actor_by_slug(access.session, turn.spoken_of) if turn.spoken_of else None
    return actor is not None and bool(_facet_text(turn.intent, actor, services_of(access.session, actor.slug), access))


def tell_facet(turn: Turn, actor: Actor, every: list[Service], access: Access) -> Reply:
    """Return what the message asks of `actor`, whose programmes are `every`."""
    if actor.status == "closed" and turn.intent != "ask_source":
        return told_closed(actor, access)
    services = services_spoken_of(turn, actor, every)
    if (turn.intent == "ask_status" or all(s.status == "closed" for s in services)) and (ended := _ended(services, access)):
        return tell(ended, access)
    text = _facet_text(turn.intent, actor, services, access)
    if not text and len(services) < len(every):
        text = _facet_text(turn.intent, actor, every, access)
    return _told_fact(turn, actor, services, text, access)


def _ended(services: Sequence[Service], access: Access) -> Answer | None:
    """Return the answer that tells the end of the one programme asked about, or None."""
    if len(services) != 1:
        return None
    of_programme = select(Answer).where(Answer.service_slug == services[0].slug, Answer.status == "closed")
    return access.session.scalar(of_programme.order_by(Answer.id))


def _facet_text(intent: str, actor: Actor, services: Sequence[Service], access: Access) -> str:
    if intent == "ask_area":
        return facts.area(actor, lambda codes: joined(["tout le Québec" if c == "QC" else describe(access.places, c) for c in codes[:6]]))
    if intent == "ask_status":
        return facts.state(actor, services, access.today)
    return facts.FACETS[intent](actor, services)


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
        said = f"Pour {the(actor)}, mes sources ne donnent pas {facts.UNKNOWN[turn.intent]}. {_whom_to_ask(turn, actor, access)}"
        return Reply((Message(said, _next_buttons(turn, actor)),), slots)
    stale = f"\n{_OLD}" if is_stale(as_of, access) and not is_law(sources) and not _ASKS_TO_CHECK.search(text) else ""
    return Reply((Message(f"{text}{stale}\n{source_line(sources, as_of)}", _next_buttons(turn, actor)),), slots)


def _whom_to_ask(turn: Turn, actor: Actor, access: Access) -> str:
    """Return whom to ask what is not known: the organisation, else who may direct to it from the place of the person."""
    if door := facts.ways(actor):
        return f"Le plus sûr est de le leur demander ({door})."
    return f"Demandez {guide_for(actor, access, turn.place)}."


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
    if successor := actor_by_slug(access.session, actor.successor_slug) if actor.successor_slug else None:
        return _told_successor(actor, successor, access)
    closed = select(Answer).where(Answer.actor_slug == actor.slug, Answer.status == "closed").order_by(Answer.id)
    if answer := access.session.scalar(closed):
        return tell(answer, access)
    text = f"{upper_first(the(actor, full=True))} a cessé ses activités.\n{source_line([actor.source], actor.as_of)}"
    return Reply((Message(text, (Button("Trouver une autre porte", "who_to_see"),)),), {"last_actor": actor.slug})


def _told_successor(actor: Actor, successor: Actor, access: Access) -> Reply:
    """Return who replaces `actor`; a record that only joins another one has never been an organisation of its own."""
    door = facts.ways(successor)
    lead = f"C’est maintenant {the(successor, full=True)}" + (f" ({door})." if door else ".")
    if "fiche réunie" not in actor.name:
        lead = f"{upper_first(the(actor))} n’existe plus sous ce nom. {lead}"
    button = Button("Ce qu’ils offrent", "list_services", {"actor": successor.slug})
    text = f"{lead}\n{source_line([actor.source], actor.as_of)}"
    return Reply((Message(text, (button,)),), {"last_actor": successor.slug, "last_service": None})
