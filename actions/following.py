"""« Pis pour une bâtisse? », « et en croissance? », « pis le pôle? »: a few words that lean on what was just said."""

import re
from dataclasses import replace

from actions import local
from actions.access import Access
from actions.answering import ONLY_FOR, answer_question, by_its_words
from actions.choosing import topics_of, twin_for
from actions.facts import UNKNOWN
from actions.informing import for_form
from actions.profile import said_in
from actions.proposing import propose
from actions.reply import Reply
from actions.subject import asked_by, last_answer, same_subject
from actions.telling import answer_facet, says_form, tell
from actions.turn import Turn
from directory.models import Answer
from directory.queries import answers_for_actor
from directory.text import fold

_LEANS = re.compile(r"^(?:et|pis|puis|mais|donc|ok et|ok pis|alors|pour|celle?s?|celui|ceux)\b")
# « Et 10? », « pis après 10 ans? »: the last answer holds it, or nothing does.
_ANOTHER_NUMBER = re.compile(r"^(?:et|pis|puis|mais) (?:apres |dans |a |au bout de |pour )?\d+ ?(?:ans?|mois|%|\$)?$")
_MOST_WORDS, _BARE_NAME, _A_FORM = 7, 3, 4
# The ranking of a few words is spread thin: a sign of a topic of the same organisation is enough.
_A_SIGN = 0.002
# From here, the words say themselves what they ask of the organisation that they name.
_SAYS_ITSELF = 0.94


def follow(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a few words that continue the last subject, or None when they do not."""
    words = fold(turn.text).split()
    if turn.is_pressed or len(words) > _MOST_WORDS:
        return None
    if _names_kind_and_place(turn):
        return local.handle(turn, access)
    if not _LEANS.match(fold(turn.text)) and not (turn.named_actors and len(words) <= _BARE_NAME):
        return None
    if turn.values("actor_kind") and not turn.values("place") and turn.place:
        return local.tell_local_actors(turn, access, turn.values("actor_kind"))
    if by_its_words(turn, access) is not turn:
        return answer_question(turn, access)
    if turn.label.startswith("find_support") and turn.values("need") and turn.slot("search_done") and not turn.slot("last_topic"):
        # « Pis pour l’argent? » after proposals: another search, of the same project.
        return None
    if turn.named_actors:
        return _same_question(turn, access)
    if turn.values("place") and not turn.values("need"):
        return _same_elsewhere(turn, access)
    return _same_actor(turn, access)


def _names_kind_and_place(turn: Turn) -> bool:
    """Return whether a few words, read as an unsure topic, name a kind of organisation and a place: « un pôle au Lac? »."""
    unsure = turn.intent in ("ask_topic", "nlu_fallback") and turn.confidence < _SAYS_ITSELF
    return bool(unsure and turn.values("actor_kind") and turn.values("place"))


def _same_question(turn: Turn, access: Access) -> Reply | None:
    """« Et celui du RISQ? »: the last question, asked of the organisation named now; None when nothing was asked."""
    if turn.intent in UNKNOWN and turn.confidence >= _SAYS_ITSELF:
        return None
    actor, last = turn.named_actors[0], last_answer(turn, access)
    facet = turn.slot("last_facet") or asked_by(last)
    if last and actor != turn.slot("last_actor") and (twin := _twin_of(last, facet, actor, access)):
        return tell(twin, access)
    return answer_facet(replace(turn, intent=facet), access) if facet and (turn.intent not in UNKNOWN or not last) else None


def _twin_of(last: Answer, facet: str | None, actor: str, access: Access) -> Answer | None:
    """Return the only answer about `actor` that tells what `last` does of its own, else the only one that `facet` asks for, or None."""
    answers = list(answers_for_actor(access.session, actor))
    same = [a for a in answers if a.facet and a.facet == last.facet]
    close = [a for a in answers if facet and asked_by(a) == facet]
    return next((only[0] for only in (same, close) if len(only) == 1), None)


def _same_elsewhere(turn: Turn, access: Access) -> Reply | None:
    """« Et pour Rosemont? »: the last local organisation or the last proposals, at the place named now."""
    place = said_in(turn, access).found.get("place")
    if place is None:
        return None
    changed = turn.with_slots({"place": place})
    if turn.slot("last_kind"):
        return Reply(slots={"place": place}) + local.tell_local_actors(changed, access, [turn.slot("last_kind")])
    return Reply(slots={"place": place}) + propose(changed, access) if turn.slot("search_done") else None


def _same_actor(turn: Turn, access: Access) -> Reply | None:
    if turn.intent in UNKNOWN and turn.confidence >= _SAYS_ITSELF:
        return None
    last = last_answer(turn, access)
    if last is not None and last.legal_form and (form := turn.first("legal_form")) in ("cooperative", "obnl"):
        twin = twin_for(last, turn, access)
        return tell(twin, access, "" if twin.legal_form == form else ONLY_FOR[last.legal_form])
    if last is not None and turn.first("legal_form") and len(turn.text.split()) <= _A_FORM and says_form(last.text):
        return tell(last, access)
    if last is not None and _ANOTHER_NUMBER.match(fold(turn.text)):
        return tell(last, access)
    if turn.first("legal_form") and len(turn.text.split()) <= _A_FORM:
        # A form alone names no other fact: whether the organisation admits it is told with the last one.
        return of_the_form(turn, access)
    signs = [slug for slug, score in topics_of(turn.ranking) if score >= _A_SIGN]
    for answer in access.answers(signs).values():
        same = answer.actor_slug == turn.slot("last_actor") if answer.actor_slug else bool(last and _sibling(answer, last))
        if same and (last is None or answer.slug != last.slug):
            return tell(twin_for(answer, turn, access), access)
    if last is not None and (turn.values("stage") or turn.values("legal_form")):
        return tell(twin_for(last, turn, access), access)
    return None


def of_the_form(turn: Turn, access: Access) -> Reply | None:
    """« Et pour un OBNL? »: the last answer for that form, or whether the organisation admits it; None when not known. The form asked about
    is not that of the project."""
    form = turn.first("legal_form")
    reply = for_form(turn.with_slots({"legal_form": form}), access) if form else None
    return reply and replace(reply, slots={name: value for name, value in reply.slots.items() if name != "legal_form"})


def _sibling(one: Answer, other: Answer) -> bool:
    """Return whether two answers are on one subject, or say the same of the two legal forms."""
    return same_subject(one, other) or one.slug == other.twin
