"""« Pis pour une bâtisse? », « et en croissance? », « pis le pôle? »: a few words that lean on what was just said."""

import re
from dataclasses import replace

from actions.access import Access
from actions.answering import topics_of, twin_for
from actions.facts import UNKNOWN
from actions.local import tell_local_actors
from actions.reply import Reply
from actions.telling import answer_facet, tell
from actions.turn import Turn
from directory.queries import answer_by_slug, answers_for_actor
from directory.text import fold

_LEANS = re.compile(r"^(?:et|pis|puis|mais|donc|ok et|ok pis|alors)\b")
_MOST_WORDS = 7
# What a topic asks, by a word of its slug, when the organisation named now has no topic of its own for it.
_FACETS_OF_TOPICS = (
    ("taux", "ask_interest"),
    ("interet", "ask_interest"),
    ("montant", "ask_amount"),
    ("garantie", "ask_guarantee"),
    ("admissib", "ask_eligibility"),
    ("rembours", "ask_repayment"),
    ("frais", "ask_cost"),
    ("contact", "ask_contact"),
    ("telephone", "ask_contact"),
)
# The ranking of a few words is spread thin: any sign of a topic of the same organisation is enough.
_A_SIGN = 0.002


def follow(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a few words that continue the last subject, or None when they do not."""
    words = fold(turn.text).split()
    if turn.is_pressed or len(words) > _MOST_WORDS or not _LEANS.match(fold(turn.text)):
        return None
    if turn.values("actor_kind") and turn.slot("place") and not turn.values("place"):
        return tell_local_actors(turn, access, turn.values("actor_kind"))
    if turn.named_actors:
        return _same_question(turn, access)
    return _same_actor(turn, access)


def _same_question(turn: Turn, access: Access) -> Reply | None:
    """« Et celui du RISQ? »: the last question, asked of the organisation named now; None when nothing was asked."""
    actor, last = turn.named_actors[0], turn.slot("last_topic")
    if last and actor != turn.slot("last_actor"):
        subject = last.split("_", 1)[-1]
        twin = next((a for a in answers_for_actor(access.session, actor) if a.slug.split("_", 1)[-1] == subject), None)
        if twin is not None:
            return tell(twin, access)
    facet = turn.slot("last_facet") or next((facet for word, facet in _FACETS_OF_TOPICS if last and word in last), None)
    return answer_facet(replace(turn, intent=facet), access) if facet and turn.intent not in UNKNOWN else None


def _same_actor(turn: Turn, access: Access) -> Reply | None:
    last = answer_by_slug(access.session, turn.slot("last_topic")) if turn.slot("last_topic") else None
    for slug, score in topics_of(turn.ranking):
        answer = answer_by_slug(access.session, slug) if score >= _A_SIGN else None
        if answer is None:
            continue
        same = answer.actor_slug == turn.slot("last_actor") if answer.actor_slug else bool(last and _sibling(answer.slug, last.slug))
        if same and (last is None or answer.slug != last.slug):
            return tell(twin_for(answer, turn, access), access)
    if last is not None and (turn.values("stage") or turn.values("legal_form")):
        return tell(twin_for(last, turn, access), access)
    return None


def _sibling(one: str, other: str) -> bool:
    """Return whether two topics are of one subject: « coop_nb_fondateurs » and « obnl_nb_fondateurs »."""
    return one.split("_")[1:] == other.split("_")[1:] or one.split("_")[0] == other.split("_")[0]
