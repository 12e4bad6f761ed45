"""Answers to questions: by a checked answer, by the record of an organisation, or by both when a message asks two things."""

import re
from dataclasses import replace

from sqlalchemy import select

from actions import facts
from actions.access import Access
from actions.asking import asks, asks_which_form
from actions.choosing import TELLING, TOPIC, Choice, choose, topics_of
from actions.fitting import fit_of_spoken
from actions.matters import SURELY_READ, UNHELD, instead_of, not_known, says_not_held
from actions.parts import SURE, WHICH_FORM, answer_parts, asks_several
from actions.programmes import side_by_side
from actions.reply import Reply
from actions.subject import about_mentoring, asked_by, last_answer, same_subject
from actions.telling import REACHING, answer_facet, holds_fact, tell
from actions.turn import Turn
from directory.models import Answer
from directory.queries import actor_by_slug, answer_by_slug, answers_for_actor
from directory.text import fold

# Said before the rule of one legal form when the other was asked about.
ONLY_FOR = {
    "cooperative": "Je n’ai cette règle que pour une coopérative. ",
    "obnl": "Je n’ai cette règle que pour un OBNL. ",
}
_ONE_QUESTION = 14
_A_SIGN_OF, _SURELY_OF_IT, _NEARLY = 0.02, 1.4, 0.25
ENOUGH, ENOUGH_IN_CONTEXT, WEAKEST = 0.12, 0.04, 0.05
# Of a probability, where the others are of evidence.
SURELY_ONE = 0.92
# Said after the answer to one of several questions.
_ONE_ONLY = "Je n’ai répondu qu’à une partie de votre message\u00a0: posez-moi l’autre question à part."
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


def only_for_the_other(answer: Answer, turn: Turn) -> str:
    """Return the words that come first when a rule of coops answers a question about OBNL, or the reverse; else nothing."""
    form = turn.first("legal_form")
    return ONLY_FOR.get(answer.legal_form or "", "") if form in ONLY_FOR and form != answer.legal_form else ""


def asks_for_whom(turn: Turn) -> bool:
    """Return whether a message asks if an organisation helps a legal form (« le RISQ prête-tu aux coops? »)."""
    folded = fold(turn.text)
    said = turn.named_actors and turn.first("legal_form") and len(folded.split()) <= _ONE_QUESTION
    return bool(said) and asks(turn.text) and bool(_HELPS.search(folded)) and not _HOW_MUCH.search(folded)


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


def answer_question(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a question, by a checked answer or from the record of an organisation; None when unsure.

    A fact that the directory does not hold is said so, rather than a near one told; an answer not surely asked for comes with its
    question. When several things were asked and one only is surely known, the reply says so.
    """
    read = by_its_words(turn, access)
    reply = _answer(turn, read, access)
    if reply is None or turn.is_pressed:
        return reply
    if unheld := instead_of(reply, read, access):
        # Of two questions, the one that is held is told too.
        return Reply(unheld.messages) + reply if asks_several(turn) else unheld
    if len(reply.messages) != 1 or says_not_held(reply):
        return reply
    reply = _under_its_question(reply, read, access)
    if not asks_several(turn):
        return reply
    text = f"{reply.messages[0].text}\n{_ONE_ONLY}"
    return replace(reply, messages=(replace(reply.messages[0], text=text),))


def _under_its_question(reply: Reply, turn: Turn, access: Access) -> Reply:
    """Return a reply that tells an answer, under the question that it answers when the message was not surely read: whoever asked another
    one sees it."""
    leans = turn.is_elliptical and (turn.slot("last_topic") or turn.slot("last_actor"))
    answer = answer_by_slug(access.session, reply.slots.get("last_topic") or "")
    told = reply.messages[0]
    if answer is None or leans or turn.confidence >= SURELY_READ or not told.text.startswith(answer.text.strip()):
        return reply
    return replace(reply, messages=(replace(told, text=f"À la question «\u00a0{answer.question}\u00a0»\u00a0: {told.text}"),))


def _answer(turn: Turn, worded: Turn, access: Access) -> Reply | None:
    """Return the reply to `turn`, which is `worded` when its words name the fact asked (see `by_its_words`)."""
    if pressed := turn.first("topic"):
        answer = answer_by_slug(access.session, pressed)
        return tell(answer, access) if answer else None
    if programmes := side_by_side(turn, access):
        return programmes
    several = turn.text.count("?") > 1 or all(asks(part["text"]) for part in turn.parts)
    read_apart = asks_several(turn)
    if read_apart and (both := answer_parts(turn, access)):
        return both
    named, turn = worded is not turn, worded
    whole = turn.confidence >= SURELY_ONE and not several
    if turn.parts and not whole and not read_apart and turn.intent != UNHELD and (both := answer_parts(turn, access)):
        return both
    if asks_for_whom(turn) and (reply := answer_facet(replace(turn, intent="ask_eligibility"), access)):
        return reply
    if turn.fact and turn.named_actors:
        fitted = fit_of_spoken(turn, access) if turn.fact == "ask_amount" and turn.values("amount") else None
        return fitted or _fact_of_named(turn, access)
    choice = choose(turn, access)
    if asks_which_form(turn.text) and not turn.named_actors and (choice is None or choice.score < SURE):
        return tell(answer_by_slug(access.session, WHICH_FORM), access)
    if choice and (both := _of_the_house(choice.answer, turn, access)):
        return both
    # An amount said with the question is compared, rather than the limits told.
    told_whole = choice and choice.score >= SURE and not (choice.answer.facet == "amount" and turn.values("amount"))
    if not told_whole and (fitted := fit_of_spoken(turn, access)):
        return fitted
    if turn.intent == UNHELD and (choice is None or choice.score < turn.evidence):
        near = tell(choice.answer, access) if choice and choice.score >= WEAKEST else None
        return not_known(turn, near, access)
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


def _of_the_house(answer: Answer, turn: Turn, access: Access) -> Reply | None:
    """« La Fiducie prête combien? »: when answers on two programmes of a house are near, and none was named, the record tells both; else
    None."""
    facet, evidence = asked_by(answer), dict(topics_of(turn.ranking))
    telling = set(turn.values("need")) & {*TELLING}
    named = telling or any(turn.values(name) for name in ("service", "stage", "amount")) or turn.slot("last_service")
    if not facet or not answer.service_slug or named or answer.actor_slug != turn.spoken_of:
        return None
    near = access.answers([slug for slug, score in evidence.items() if score >= _NEARLY * evidence.get(answer.slug, 1.0)])
    others = {a.service_slug for a in near.values() if a.actor_slug == answer.actor_slug and asked_by(a) == facet} - {None}
    if len(others) < 2:
        return None
    asked = replace(turn, intent=facet)
    return answer_facet(asked, access) if holds_fact(asked, access) else None


def _fact_of_named(turn: Turn, access: Access) -> Reply | None:
    """Return the fact asked of the organisation named: by the checked answer that tells it, else from its record."""
    telling = [(label, score) for label, score in turn.ranking if label.startswith(TOPIC)]
    answers = access.answers([slug for slug, _ in topics_of(telling)])
    telling = [(label, score) for label, score in telling if asked_by(answers.get(label.removeprefix(TOPIC))) == turn.fact]
    choice = choose(replace(turn, ranking=tuple(telling)), access)
    if choice and (both := _of_the_house(choice.answer, turn, access)):
        return both
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
