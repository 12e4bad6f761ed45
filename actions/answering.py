"""Answers to questions: which checked answer a message asks for, in context, and how it is told.

The classifier's ranking is weighed with the organisation named now or last, the legal form and what was just
said; the weights are explained beside them and measured by `aiguilleur evaluate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions import facts
from actions.access import Access
from actions.cards import is_stale
from actions.fitting import fit_of_spoken
from actions.french import NBSP, source_line
from actions.reply import Button, Message, Reply
from actions.turn import Turn
from directory.models import Actor, Answer, Service, ServiceNeed
from directory.places_labels import describe
from directory.queries import actor_by_slug, answer_by_slug, services_of

TOPIC = "ask_topic/"
# A topic about another organisation than the one named is almost surely wrong; about the one named, likelier.
OTHER_ACTOR, NAMED_ACTOR = 0.25, 1.8
# Without a name, a short message leans on the organisation spoken of last.
LAST_ACTOR, NOT_LAST_ACTOR, LAST_SERVICE = 3.0, 0.5, 1.5
NAMED_SERVICE = 2.5
_TELLING, AGREES, DISAGREES = ("immobilier", "reprise"), 1.6, 0.6
ENOUGH, ENOUGH_IN_CONTEXT, ENOUGH_FOR_PART, SURE, WEAKEST = 0.12, 0.04, 0.30, 0.45, 0.05


@dataclass(frozen=True)
class Choice:
    """An answer and how well it fits (a weighed probability, above 1 when context agrees)."""

    answer: Answer
    score: float


def topics_of(ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the topic slugs of a ranking with their probabilities."""
    return [(label.removeprefix(TOPIC), score) for label, score in ranking if label.startswith(TOPIC)]


def choose(turn: Turn, access: Access, ranking: Sequence[tuple[str, float]] | None = None) -> Choice | None:
    """Return the best answer to `turn` in its context, or None when no topic is in its ranking."""
    topics = topics_of(turn.ranking if ranking is None else ranking)
    rows = access.session.scalars(select(Answer).where(Answer.slug.in_([slug for slug, _ in topics]))).all()
    answers = {a.slug: a for a in rows}
    agreeing = _services_for_needs(turn, access)
    choices = [
        Choice(answers[slug], score * weight(answers[slug], turn) * _agreement(answers[slug], agreeing))
        for slug, score in topics
        if slug in answers
    ]
    best = max(choices, key=lambda c: c.score, default=None)
    return best and Choice(twin_for(best.answer, turn, access), best.score)


def _services_for_needs(turn: Turn, access: Access) -> set[str]:
    """Return the slugs of the programmes that serve a telling need of the message (a building, a takeover); empty without one."""
    needs = [n for n in turn.values("need") if n in _TELLING]
    if not needs:
        return set()
    rows = select(Service.slug).join(ServiceNeed, ServiceNeed.service_id == Service.id).where(ServiceNeed.need.in_(needs))
    return set(access.session.scalars(rows))


def _agreement(answer: Answer, agreeing: set[str]) -> float:
    """« Pour une bâtisse » speaks for the programme that buys buildings, against the others of the same house."""
    if not agreeing or not answer.service_slug:
        return 1.0
    return AGREES if answer.service_slug in agreeing else DISAGREES


def weight(answer: Answer, turn: Turn) -> float:
    """Return by how much the context multiplies the probability of `answer`."""
    named = turn.named_actors
    if named:
        if not answer.actor_slug:
            return 1.0
        if answer.service_slug and answer.service_slug in turn.values("service"):
            return NAMED_SERVICE
        return NAMED_ACTOR if any(related(answer.actor_slug, slug) for slug in named) else OTHER_ACTOR
    last = turn.slot("last_actor")
    if not turn.is_elliptical:
        return 1.0
    if about_mentoring(turn) and answer.slug.startswith("mentor"):
        return LAST_ACTOR
    if not last:
        return 1.0
    if answer.actor_slug == last:
        return LAST_ACTOR * (LAST_SERVICE if answer.service_slug and answer.service_slug == turn.slot("last_service") else 1.0)
    return NOT_LAST_ACTOR if answer.actor_slug else 1.0


def about_mentoring(turn: Turn) -> bool:
    """Return whether the conversation is about mentoring."""
    return turn.slot("need") == "mentorat" or (turn.slot("last_topic") or "").startswith("mentor")


def related(one: str, other: str) -> bool:
    """Return whether two slugs are of one house: the same, or an office of the other (`pme-mtl-centre-est`, `pme-mtl`)."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def twin_for(answer: Answer, turn: Turn, access: Access) -> Answer:
    """Return the twin of `answer` for the form said now, or said before when the message names none."""
    form = turn.first("legal_form") or turn.slot("legal_form")
    if not answer.twin or not answer.legal_form or form not in ("cooperative", "obnl") or form == answer.legal_form:
        return answer
    return answer_by_slug(access.session, answer.twin) or answer


def tell(answer: Answer, access: Access, lead: str = "") -> Reply:
    """Return the reply that tells `answer`, with its source, its age, and what to ask next."""
    notes = []
    if answer.status == "to_verify":
        notes.append("À vérifier avant de vous y fier.")
    if is_stale(answer.as_of, access):
        notes.append("Ce renseignement date\u00a0: faites-le confirmer.")
    doors = _doors(answer, access)
    text = "\n".join(
        filter(None, [f"{lead}{answer.text.strip()}", doors, " ".join(n for n in notes if n), source_line(answer.sources, answer.as_of)])
    )
    following = [answer_by_slug(access.session, slug) for slug in answer.next[:2]]
    buttons = [Button(a.label, "ask_topic", {"topic": a.slug}) for a in following if a]
    slots: dict[str, Any] = {"last_topic": answer.slug, "last_facet": None, "last_sources": list(answer.sources), "last_as_of": answer.as_of, "fallbacks": 0}
    if answer.actor_slug:
        slots |= {"last_actor": answer.actor_slug, "last_service": answer.service_slug}
    elif answer.see:
        slots |= {"last_actor": answer.see[0], "last_service": None}
    return Reply((Message(text, tuple(buttons)),), slots)


def _doors(answer: Answer, access: Access) -> str:
    actors = [a for slug in answer.see[:2] if (a := actor_by_slug(access.session, slug)) and a.status != "closed"]
    told = [f"{facts.short(a)} ({facts.address_of(a)})" for a in actors if facts.address_of(a)]
    return f"À qui le demander{NBSP}: {' ou '.join(told)}." if told else ""


def answer_parts(turn: Turn, access: Access) -> Reply | None:
    """Return both answers when the two parts of a message surely ask two different topics, else None."""
    choices = []
    for part in turn.parts:
        label, score = part["ranking"][0]
        choice = choose(turn, access, [tuple(pair) for pair in part["ranking"]])
        if not label.startswith(TOPIC) or score < ENOUGH_FOR_PART or not choice:
            return None
        choices.append(choice.answer)
    if len({a.slug for a in choices}) < 2:
        return None
    first, second = tell(choices[0], access), tell(choices[1], access)
    return Reply((Message(first.messages[0].text),)) + second


def answer_question(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a question, by a checked answer or from the record of an organisation; None when unsure."""
    if pressed := turn.first("topic"):
        answer = answer_by_slug(access.session, pressed)
        return tell(answer, access) if answer else None
    if turn.parts and (both := answer_parts(turn, access)):
        return both
    choice = choose(turn, access)
    if not (choice and choice.score >= SURE) and (fitted := fit_of_spoken(turn, access)):
        return fitted
    facet_score = facet_probability(turn)
    if choice and choice.score >= max(facet_score, _enough(choice.answer, turn)):
        return tell(choice.answer, access)
    if turn.intent in facts.UNKNOWN and (reply := answer_facet(turn, access)):
        return reply
    return tell(choice.answer, access) if choice and (choice.score >= _enough(choice.answer, turn) or stands_out(choice, turn)) else None


def stands_out(choice: Choice, turn: Turn) -> bool:
    """Return whether a weak topic is the first reading and twice as likely as the next one."""
    if len(turn.ranking) < 2 or turn.ranking[0][0] != f"{TOPIC}{choice.answer.slug}":
        return False
    return turn.ranking[0][1] >= max(WEAKEST, 2 * turn.ranking[1][1])


def _enough(answer: Answer, turn: Turn) -> float:
    in_context = answer.actor_slug and answer.actor_slug in (*turn.named_actors, turn.slot("last_actor"))
    return ENOUGH_IN_CONTEXT if in_context else ENOUGH


def facet_probability(turn: Turn) -> float:
    """Return the probability that the message asks a general fact of an organisation that is known, else 0."""
    if turn.intent not in facts.UNKNOWN or not turn.spoken_of:
        return 0.0
    return dict(turn.ranking).get(turn.intent, turn.confidence)


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
    slug = turn.spoken_of
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
    slots = {"last_actor": actor.slug, "last_service": services[0].slug if len(services) == 1 else None, "fallbacks": 0, "last_topic": None, "last_facet": turn.intent}
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
