"""Answers to questions: which checked answer a message asks for, in context, and how it is told.

The classifier's ranking is weighed with the organisation named now or last, the legal form and what was just
said; the weights are explained beside them and measured by `aiguilleur evaluate`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from actions import facts
from actions.access import Access
from actions.fitting import fit_of_spoken
from actions.reply import Message, Reply
from actions.telling import answer_facet, tell
from actions.turn import Turn
from directory.models import Answer, Service, ServiceNeed
from directory.queries import answer_by_slug

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
