"""Messages that ask several things: each part is read as a message of its own, and all are told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from actions import facts
from actions.access import Access
from actions.asking import asks_which_form, but_for, has_question_word
from actions.choosing import TOPIC, choose
from actions.matters import UNHELD, asked_about, not_known
from actions.reply import Message, Reply
from actions.telling import answer_facet, tell
from actions.turn import Turn
from directory.queries import answer_by_slug
from directory.text import fold

WHICH_FORM = "fonder_coop_ou_obnl"
_SPOKEN = ("last_actor", "last_service", "last_topic")
_MOST_PARTS, ENOUGH, SURE, _A_LITTLE = 3, 0.30, 0.45, 0.05
_SEARCH = "find_"
# A held answer this near to « the directory does not hold it » is the one asked, as of a whole message (bot/nlu/settling.py).
_NEAR_HELD = 0.3


def answer_parts(turn: Turn, access: Access) -> Reply | None:
    """Return the answers of a message whose parts surely ask different things, in order; None when there are not two."""
    answers: dict[str, Reply] = {}
    for asked, reply in _told(turn, access, ENOUGH):
        answers.setdefault(asked, reply)
    if len(answers) < 2:
        return None
    told = list(answers.values())[:_MOST_PARTS]
    return Reply(tuple(Message(reply.messages[0].text) for reply in told[:-1])) + told[-1]


def asked_besides(turn: Turn, access: Access) -> Reply | None:
    """Return the answer that a part of a search surely asks for besides (« … et est-ce confidentiel? »), or None."""
    if asks_which_form(turn.text) and (answer := answer_by_slug(access.session, WHICH_FORM)):
        return tell(answer, access)
    if but_for(turn.text) or not any(_label(part).startswith(_SEARCH) for part in turn.parts):
        return None
    told = next(_told(turn, access, SURE), None)
    return told and replace(told[1], messages=(Message(told[1].messages[0].text),))


def asks_several(turn: Turn) -> bool:
    """Return whether the parts of a message are questions on different things, each read a little."""
    read = {_label(part): part["ranking"][0][1] for part in turn.parts}
    asked = all(has_question_word(part["text"]) or _label(part).startswith(_SEARCH) for part in turn.parts)
    return len(read) > 1 and asked and min(read.values()) >= _A_LITTLE


def _label(part: Mapping[str, Any]) -> str:
    return part["ranking"][0][0]


def _told(turn: Turn, access: Access, enough: float) -> Iterator[tuple[str, Reply]]:
    """Yield what each part asks with an evidence of `enough`, and its reply; a part that names nobody (« … et combien de notre
    poche? ») asks of whom the part before spoke of, the first one of those of the whole message."""
    spoken: dict[str, Any] = {}
    told_one = False
    for part in turn.parts:
        alone = _alone(part, turn).with_slots(spoken)
        if alone.named_actors:
            spoken = {"last_actor": alone.named_actors[0]}
        if told_one and alone.label == UNHELD and alone.is_elliptical and not asked_about(alone):
            # « … et au bout de combien d’années? » ends the question before; alone, it names nothing that could be held.
            continue
        if (enough <= alone.evidence) and (found := _answer_part(alone, access)):
            told_one = True
            spoken |= {name: found[1].slots[name] for name in _SPOKEN if name in found[1].slots}
            yield found


def _alone(part: Mapping[str, Any], turn: Turn) -> Turn:
    """Return a part of a message as a message of its own, about the organisations that it names; of none, the first part is about those of
    the whole."""
    ranking = tuple((label, score) for label, score in part["ranking"])
    words = fold(part["text"])
    named = [e for e in turn.entities if e.get("entity") in ("actor", "service")]
    within = [e for e in named if (surface := fold(turn.text[e.get("start", 0) : e.get("end", 0)])) and surface in words]
    label, score = ranking[0]
    of_the_whole = not within and part is turn.parts[0] and label != UNHELD
    kept = turn.entities if of_the_whole else tuple(e for e in turn.entities if e not in named or e in within)
    return replace(
        turn, text=part["text"], intent=label.split("/")[0], confidence=score, ranking=ranking, parts=(), fact=None, entities=kept
    )


def _answer_part(part: Turn, access: Access) -> tuple[str, Reply] | None:
    """Return what a part asks, a fact or an answer, with its reply; None when it asks nothing of these."""
    if part.intent in facts.UNKNOWN:
        reply = answer_facet(part, access)
        return (f"{part.intent} {part.spoken_of}", reply) if reply else None
    near = next((score for label, score in part.ranking if label.startswith(TOPIC)), 0.0)
    if part.intent == UNHELD and near < _NEAR_HELD * part.evidence:
        return UNHELD, not_known(part, None, access)
    choice = choose(part, access) if part.label.startswith((TOPIC, UNHELD)) else None
    return (choice.answer.slug, tell(choice.answer, access)) if choice else None
