"""Which checked answer a message asks for: the classifier's ranking, weighed with the organisation named now or last, the legal form
and what was just said. The weights are explained beside them and measured by `aiguilleur evaluate`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from actions import facts
from actions.access import Access
from actions.subject import last_answer, same_subject
from actions.turn import Turn
from directory.base import lists
from directory.models import Answer, Service
from directory.queries import answer_by_slug
from directory.text import fold

TOPIC = "ask_topic/"
# A topic about another organisation than the one named is almost surely wrong; about the one named, likelier.
OTHER_ACTOR, NAMED_ACTOR = 0.25, 1.8
_MEMBERS_RISK = "coop_responsabilite_membre"
# Without a name, a short message leans on the organisation spoken of last.
LAST_ACTOR, NOT_LAST_ACTOR, LAST_SERVICE = 3.0, 0.5, 1.5
NAMED_SERVICE = 2.5
# « Combien d’administrateurs? » after a subject without organisation: another answer on the same subject is likelier.
SAME_SUBJECT = 2.0
# A question about the board, where nobody speaks of mentoring, is not answered by a rule of mentoring.
_OF_A_BOARD = re.compile(r"\b(?:ca|conseil|administrat\w+)\b")
_OF_MENTORING = re.compile(r"\bmentor\w*|\bjumel\w*|\bdyade|\bcodev\w*")
# « L’affaire là, c’est comment »: such words alone name no subject. A board (« le CA ») folds like « ça ».
_NAMES_NOTHING = frozenset(
    "c d l s j t la le les ca est et pis a de du des un une comment quoi que qui tu vous on affaire affaires chose choses truc trucs"
    " patente patentes bidule bidules".split()
)
_THE_BOARD = re.compile(r"\b(?:un|le|du|au|des|les) ca\b")
TELLING, AGREES, DISAGREES = ("immobilier", "reprise"), 1.6, 0.6
_LEAST_LEFT = 0.1


@dataclass(frozen=True)
class Choice:
    """An answer and how well it fits (a weighed probability, above 1 when context agrees)."""

    answer: Answer
    score: float


def topics_of(ranking: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return the topic slugs of a ranking with their probabilities."""
    return [(label.removeprefix(TOPIC), score) for label, score in ranking if label.startswith(TOPIC)]


def choose(turn: Turn, access: Access) -> Choice | None:
    """Return the best answer to `turn` in its context, or None when no topic is in its ranking, or no subject in its words and context."""
    last = last_answer(turn, access)
    if not last and not turn.spoken_of and _names_nothing(turn.text):
        return None
    topics = topics_of(turn.ranking)
    answers = access.answers([slug for slug, _ in topics])
    agreeing = _services_for_needs(turn, access)
    # Facts of an organisation are no reading when none is spoken of and a subject is: their share goes to the subjects.
    facets = sum(score for label, score in turn.ranking if label in facts.UNKNOWN)
    of_a_subject = (turn.slot("last_topic") or turn.in_form) and not turn.spoken_of and turn.is_elliptical
    left = max(1 - facets, _LEAST_LEFT) if of_a_subject else 1.0
    choices = [
        Choice(answers[slug], score / left * weight(answers[slug], turn, last) * _agreement(answers[slug], agreeing))
        for slug, score in topics
        if slug in answers and not (answers[slug].subject == "mentorat" and _about_a_board(turn, last))
        if not (slug == _MEMBERS_RISK and _of_directors(turn.text))
    ]
    best = max(choices, key=lambda c: c.score, default=None)
    return best and Choice(twin_for(best.answer, turn, access), best.score)


def _names_nothing(text: str) -> bool:
    """Return whether no word of `text` says what it is about."""
    folded = fold(text)
    return {*re.findall(r"\w+", folded)} <= _NAMES_NOTHING and not _THE_BOARD.search(folded)


def _services_for_needs(turn: Turn, access: Access) -> set[str]:
    """Return the slugs of the programmes that serve a telling need of the message (a building, a takeover); empty without one."""
    needs = [n for n in turn.values("need") if n in TELLING]
    if not needs:
        return set()
    return set(access.session.scalars(select(Service.slug).where(or_(*(lists(Service.needs, need) for need in needs)))))


def _agreement(answer: Answer, agreeing: set[str]) -> float:
    """« Pour une bâtisse » speaks for the programme that buys buildings, against the others of the same house."""
    if not agreeing or not answer.service_slug:
        return 1.0
    return AGREES if answer.service_slug in agreeing else DISAGREES


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
    if _leaves_for_mentoring(answer, turn, told):
        return OTHER_ACTOR
    if not last:
        return SAME_SUBJECT if same_subject(answer, told) else 1.0
    if answer.actor_slug == last:
        return LAST_ACTOR * (LAST_SERVICE if answer.service_slug and answer.service_slug == turn.slot("last_service") else 1.0)
    return NOT_LAST_ACTOR if answer.actor_slug else 1.0


def _of_directors(text: str) -> bool:
    """Return whether a text speaks of directors and of no member: what a member risks would reassure them falsely."""
    folded = fold(text)
    return bool(re.search(r"\badministrat\w+", folded)) and not re.search(r"\bmembres?\b", folded)


def _leaves_for_mentoring(answer: Answer, turn: Turn, told: Answer | None) -> bool:
    """« On peut la faire sur Zoom? », after an answer about the assembly, does not ask about meetings with a mentor."""
    elsewhere = told is not None and told.subject not in (None, "mentorat")
    return elsewhere and answer.subject == "mentorat" and not _OF_MENTORING.search(fold(turn.text))


def _about_a_board(turn: Turn, told: Answer | None) -> bool:
    """Return whether a message speaks of a board and nobody has spoken of mentoring."""
    folded = fold(turn.text)
    of_mentoring = turn.slot("need") == "mentorat" or (told is not None and told.subject == "mentorat") or _OF_MENTORING.search(folded)
    return not of_mentoring and bool(_OF_A_BOARD.search(folded))


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
