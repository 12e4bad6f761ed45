"""Answers to questions: which checked answer a message asks for, in context, and how it is told.

The classifier's ranking is weighed with the organisation named now or last, the legal form and what was just
said; the weights are explained beside them and measured by `aiguilleur evaluate`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from actions import facts
from actions.access import Access
from actions.asking import asks
from actions.fitting import fit_of_spoken
from actions.reply import Message, Reply
from actions.subject import about_mentoring, asked_by, last_answer, same_subject
from actions.telling import REACHING, answer_facet, holds_fact, tell
from actions.turn import Turn
from directory.base import lists
from directory.models import Answer, Service
from directory.queries import actor_by_slug, answer_by_slug, answers_for_actor
from directory.text import fold

TOPIC = "ask_topic/"
# A topic about another organisation than the one named is almost surely wrong; about the one named, likelier.
OTHER_ACTOR, NAMED_ACTOR = 0.25, 1.8
# Without a name, a short message leans on the organisation spoken of last.
LAST_ACTOR, NOT_LAST_ACTOR, LAST_SERVICE = 3.0, 0.5, 1.5
NAMED_SERVICE = 2.5
# « Combien d’administrateurs? » after a subject without organisation: another answer on the same subject is likelier.
SAME_SUBJECT = 2.0
# A question about the board, where nobody speaks of mentoring, is not answered by a rule of mentoring.
_OF_A_BOARD = re.compile(r"\b(?:ca|conseil|administrat\w+)\b")
_OF_MENTORING = re.compile(r"\bmentor\w*|\bjumel\w*|\bdyade|\bcodev\w*")
_TELLING, AGREES, DISAGREES = ("immobilier", "reprise"), 1.6, 0.6
# Said before the rule of one legal form when the other was asked about.
ONLY_FOR = {
    "cooperative": "Je n’ai cette règle que pour une coopérative. ",
    "obnl": "Je n’ai cette règle que pour un OBNL. ",
}
_ONE_QUESTION, _LEAST_LEFT = 14, 0.1
_MOST_PARTS, _A_SIGN_OF, _SURELY_OF_IT = 3, 0.02, 1.4
ENOUGH, ENOUGH_IN_CONTEXT, ENOUGH_FOR_PART, SURE, WEAKEST = 0.12, 0.04, 0.30, 0.45, 0.05
# Of a probability, where the others are of evidence.
SURELY_ONE = 0.92
_NAMED_FACETS = (
    (
        "ask_contact",
        re.compile(r"\b(?:re)?joindre\b|\btelephones?\b|\b(?:le|leur|son|un|quel) (?:numero|courriel|site|tel)\b|\bcontacter\b"),
    ),
    ("ask_share_of_cost", re.compile(r"\bmise de fonds\b|\bpart du (?:cout|projet)\b")),
    ("ask_eligibility", re.compile(r"^(?:et |pis |mais )?(?:c'est )?pour qui\b|\bqui (?:y )?(?:est admissible|a droit)\b")),
)
# What the door leaves in place of personal data.
_MASK = re.compile(r"\[[A-Z_]+_\d+\]")
_HELPS = re.compile(r"\b(?:pret\w*|financ\w*|aid\w*|accept\w*|admet\w*|admissibl\w*|accompagn\w*|souti\w*|prenn?e?n?t|pour|ser[tv]\w*)\b")
_HOW_MUCH = re.compile(r"\b(?:combien|comment|quels?|quelles?|quoi|pourquoi|quand|ou)\b")


@dataclass(frozen=True)
class Choice:
    """An answer and how well it fits (a weighed probability, above 1 when context agrees)."""

    answer: Answer
    score: float


def topics_of(ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the topic slugs of a ranking with their probabilities."""
    return [(label.removeprefix(TOPIC), score) for label, score in ranking if label.startswith(TOPIC)]


def choose(turn: Turn, access: Access) -> Choice | None:
    """Return the best answer to `turn` in its context, or None when no topic is in its ranking."""
    topics = topics_of(turn.ranking)
    answers = access.answers([slug for slug, _ in topics])
    agreeing = _services_for_needs(turn, access)
    # Facts of an organisation are no reading when none is spoken of and a subject is: their share goes to the subjects.
    facets = sum(score for label, score in turn.ranking if label in facts.UNKNOWN)
    of_a_subject = (turn.slot("last_topic") or turn.in_form) and not turn.spoken_of and turn.is_elliptical
    left = max(1 - facets, _LEAST_LEFT) if of_a_subject else 1.0
    last = last_answer(turn, access)
    choices = [
        Choice(answers[slug], score / left * weight(answers[slug], turn, last) * _agreement(answers[slug], agreeing))
        for slug, score in topics
        if slug in answers and not (answers[slug].subject == "mentorat" and _about_a_board(turn, last))
    ]
    best = max(choices, key=lambda c: c.score, default=None)
    return best and Choice(twin_for(best.answer, turn, access), best.score)


def _services_for_needs(turn: Turn, access: Access) -> set[str]:
    """Return the slugs of the programmes that serve a telling need of the message (a building, a takeover); empty without one."""
    needs = [n for n in turn.values("need") if n in _TELLING]
    if not needs:
        return set()
    return set(access.session.scalars(select(Service.slug).where(or_(*(lists(Service.needs, need) for need in needs)))))


def _agreement(answer: Answer, agreeing: set[str]) -> float:
    """« Pour une bâtisse » speaks for the programme that buys buildings, against the others of the same house."""
    if not agreeing or not answer.service_slug:
        return 1.0
    return AGREES if answer.service_slug in agreeing else DISAGREES


def only_for_the_other(answer: Answer, turn: Turn) -> str:
    """Return the words that come first when a rule of coops answers a question about OBNL, or the reverse; else nothing."""
    form = turn.first("legal_form")
    return ONLY_FOR.get(answer.legal_form or "", "") if form in ONLY_FOR and form != answer.legal_form else ""


def asks_for_whom(turn: Turn) -> bool:
    """Return whether a message asks if an organisation helps a legal form (« le RISQ prête-tu aux coops? »)."""
    folded = fold(turn.text)
    said = turn.named_actors and turn.first("legal_form") and len(folded.split()) <= _ONE_QUESTION
    return bool(said) and asks(turn.text) and bool(_HELPS.search(folded)) and not _HOW_MUCH.search(folded)


def weight(answer: Answer, turn: Turn, told: Answer | None) -> float:
    """Return by how much the context, of which the answer `told` last, multiplies the probability of `answer`."""
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
    if answer.subject == "mentorat" and "mentorat" in (turn.slot("need"), told and told.subject):
        return LAST_ACTOR
    if not last:
        return SAME_SUBJECT if same_subject(answer, told) else 1.0
    if answer.actor_slug == last:
        return LAST_ACTOR * (LAST_SERVICE if answer.service_slug and answer.service_slug == turn.slot("last_service") else 1.0)
    return NOT_LAST_ACTOR if answer.actor_slug else 1.0


def _about_a_board(turn: Turn, told: Answer | None) -> bool:
    """Return whether a message speaks of a board and nobody has spoken of mentoring."""
    folded = fold(turn.text)
    of_mentoring = turn.slot("need") == "mentorat" or (told is not None and told.subject == "mentorat") or _OF_MENTORING.search(folded)
    return not of_mentoring and bool(_OF_A_BOARD.search(folded))


def curated(turn: Turn, access: Access, named: bool) -> Answer | None:
    """Return the checked answer on the fact that a few words ask of the organisation or programme spoken of last, or None.

    When the words name the fact (`named`), the only answer on it is it, whatever its rank.
    """
    actor, service = turn.slot("last_actor"), turn.slot("last_service")
    if turn.named_actors or not actor or not turn.is_elliptical:
        return None
    ranked = dict(topics_of(turn.ranking))
    known = answers_for_actor(access.session, actor)
    mentoring = about_mentoring(turn, access)
    if mentoring:
        known += access.session.scalars(select(Answer).where(Answer.subject == "mentorat", Answer.actor_slug.is_(None))).all()
    answers = [a for a in known if asked_by(a) == turn.intent]
    if len(answers) == 1 and (named or mentoring):
        return answers[0]
    answers = [a for a in answers if (service and a.service_slug == service) or ranked.get(a.slug, 0.0) >= _A_SIGN_OF]
    return max(answers, key=lambda a: (a.service_slug == service, ranked.get(a.slug, 0.0)), default=None)


def related(one: str, other: str) -> bool:
    """Return whether two slugs are of one house: the same, or an office of the other (`pme-mtl-centre-est`, `pme-mtl`)."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def twin_for(answer: Answer, turn: Turn, access: Access) -> Answer:
    """Return the twin of `answer` for the form said now, or said before when the message names none."""
    last = last_answer(turn, access) if turn.is_elliptical else None
    form = turn.first("legal_form") or (last and last.legal_form) or turn.slot("legal_form")
    if not answer.twin or not answer.legal_form or form not in ("cooperative", "obnl") or form == answer.legal_form:
        return answer
    return answer_by_slug(access.session, answer.twin) or answer


def answer_parts(turn: Turn, access: Access) -> Reply | None:
    """Return the answers of a message whose parts surely ask different things, in order; None when there are not two."""
    answers: dict[str, Reply] = {}
    for part in turn.parts:
        ranking = tuple((label, score) for label, score in part["ranking"])
        label, score = ranking[0]
        if score < ENOUGH_FOR_PART:
            continue
        asked = replace(turn, text=part["text"], intent=label.split("/")[0], confidence=score, ranking=ranking, parts=())
        choice = choose(asked, access)
        if asked.intent in facts.UNKNOWN and (reply := answer_facet(asked, access)):
            answers.setdefault(asked.intent, reply)
        elif label.startswith(TOPIC) and choice:
            answers.setdefault(choice.answer.slug, tell(choice.answer, access))
    if len(answers) < 2:
        return None
    told = list(answers.values())[:_MOST_PARTS]
    return Reply(tuple(Message(reply.messages[0].text) for reply in told[:-1])) + told[-1]


def answer_question(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a question, by a checked answer or from the record of an organisation; None when unsure."""
    if pressed := turn.first("topic"):
        answer = answer_by_slug(access.session, pressed)
        return tell(answer, access) if answer else None
    worded = by_its_words(turn, access)
    named, turn = worded is not turn, worded
    several = turn.text.count("?") > 1 or all(asks(part["text"]) for part in turn.parts)
    whole = turn.confidence >= SURELY_ONE and not several
    if turn.parts and not whole and (both := answer_parts(turn, access)):
        return both
    if asks_for_whom(turn) and (reply := answer_facet(replace(turn, intent="ask_eligibility"), access)):
        return reply
    if turn.fact and turn.named_actors:
        fitted = fit_of_spoken(turn, access) if turn.fact == "ask_amount" and turn.values("amount") else None
        return fitted or _fact_of_named(turn, access)
    choice = choose(turn, access)
    # An amount said with the question is compared, rather than the limits told.
    told_whole = choice and choice.score >= SURE and not (choice.answer.facet == "amount" and turn.values("amount"))
    if not told_whole and (fitted := fit_of_spoken(turn, access)):
        return fitted
    facet_score = facet_probability(turn, access)
    if choice and choice.score >= max(facet_score, _enough(choice.answer, turn, access)):
        return tell(choice.answer, access, only_for_the_other(choice.answer, turn))
    if turn.intent in facts.UNKNOWN:
        checked = curated(turn, access, named)
        reply = tell(checked, access) if checked else answer_facet(turn, access)
        if reply is not None:
            return reply
    if choice and (choice.score >= _enough(choice.answer, turn, access) or stands_out(choice, turn)):
        return tell(choice.answer, access)
    return None


def _fact_of_named(turn: Turn, access: Access) -> Reply | None:
    """Return the fact asked of the organisation named: by the checked answer that tells it, else from its record."""
    telling = [(label, score) for label, score in turn.ranking if label.startswith(TOPIC)]
    answers = access.answers([slug for slug, _ in topics_of(telling)])
    telling = [(label, score) for label, score in telling if asked_by(answers.get(label.removeprefix(TOPIC))) == turn.fact]
    choice = choose(replace(turn, ranking=tuple(telling)), access)
    if choice and choice.score >= ENOUGH_IN_CONTEXT and choice.answer.actor_slug in turn.named_actors:
        return tell(choice.answer, access)
    asked, choice = replace(turn, intent=turn.fact), choose(turn, access)
    about_it = choice and choice.score >= _SURELY_OF_IT and choice.answer.actor_slug in turn.named_actors
    # What the record does not hold may be in an answer that the whole sentence points to.
    return tell(choice.answer, access) if about_it and not holds_fact(asked, access) else answer_facet(asked, access)


def by_its_words(turn: Turn, access: Access) -> Turn:
    """Return `turn` with the fact that its words name (« mise de fonds », « rejoindre »), whatever the likest sentences ask."""
    known = turn.named_actors or turn.slot("last_actor")
    if not known or not (turn.intent in facts.UNKNOWN or turn.named_actors or turn.is_elliptical):
        return turn
    facet = next((facet for facet, pattern in _NAMED_FACETS if pattern.search(fold(_MASK.sub(" ", turn.text)))), None)
    if facet is None or facet == turn.intent:
        return turn
    topics = topics_of(turn.ranking)
    answers = access.answers([slug for slug, _ in topics])
    of_the_fact = [(f"{TOPIC}{slug}", score) for slug, score in topics if asked_by(answers.get(slug)) == facet]
    return replace(turn, intent=facet, confidence=1.0, ranking=((facet, 1.0), *of_the_fact), parts=(), fact=facet)


def stands_out(choice: Choice, turn: Turn) -> bool:
    """Return whether a weak topic is the first reading and twice as likely as the next one."""
    if len(turn.ranking) < 2 or turn.ranking[0][0] != f"{TOPIC}{choice.answer.slug}":
        return False
    return turn.ranking[0][1] >= max(WEAKEST, 2 * turn.ranking[1][1])


def _enough(answer: Answer, turn: Turn, access: Access) -> float:
    in_context = answer.actor_slug and answer.actor_slug in (*turn.named_actors, turn.slot("last_actor"))
    leans = not turn.spoken_of and turn.is_elliptical
    in_context = in_context or (leans and same_subject(answer, last_answer(turn, access)))
    return ENOUGH_IN_CONTEXT if in_context else ENOUGH


def facet_probability(turn: Turn, access: Access) -> float:
    """Return the probability that the message asks a general fact of an organisation that is known and open, else 0."""
    known = turn.to_reach if turn.intent in REACHING else turn.spoken_of
    actor = actor_by_slug(access.session, known) if known and turn.intent in facts.UNKNOWN else None
    if actor is None or actor.status == "closed":
        return 0.0
    return dict(turn.ranking).get(turn.intent, turn.evidence)
