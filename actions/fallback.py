"""Not surely understood: read what was linked, else offer two readings, else a way out. Never a loop."""

import re
from dataclasses import replace

from actions.access import Access, intent_labels
from actions.answering import answer_question
from actions.asking import asks
from actions.choosing import TOPIC
from actions.doors import human_doors
from actions.facts import UNKNOWN
from actions.informing import handle as inform
from actions.informing import redo
from actions.local import handle as tell_local
from actions.matters import instead_of
from actions.profile import said_in
from actions.reply import NOT_UNDERSTOOD, Button, Reply, came_to, say, utter
from actions.subject import last_answer
from actions.telling import answer_facet, tell
from actions.turn import Turn
from directory.queries import answer_by_slug
from directory.text import fold

_WORTH_OFFERING = 0.03
_STORY_WORDS = 10
NOISE = "noise"
# Readings that say no more than « not about this », unless they are sure.
_OUTSIDE, _SURELY_OUTSIDE = {"out_of_scope", "near_miss", "why_ask"}, 0.94
_PRONOUN = re.compile(r"\b(?:ils?|elles?|eux|ca|c'est|leurs?|y)\b")
# One round of failures: choices with a person among them, a plain request, then the doors where people answer.
_ROUND = 3
_STILL_NOT = (
    "Je n’y arrive pas avec ces mots-là. Écrivez-moi seulement le nom de votre municipalité, et je vous dis qui appeler.",
    "Toujours pas, désolé. Un mot suffit\u00a0: argent, mentor, conseils ou formation.",
)


def handle(turn: Turn, access: Access) -> Reply:
    """Return the best that can be made of a message that no label fits surely."""
    if turn.intent == NOISE:
        return two_readings(turn, access)
    if turn.intent in _OUTSIDE:
        known = turn.intent != "why_ask" and turn.confidence < _SURELY_OUTSIDE and instead_of(None, turn, access)
        return _of_the_last(turn, access) or known or utter(f"utter_{turn.intent}", fallbacks=0)
    if turn.slot("search_done") and _informs(turn) and not turn.named_actors and turn.is_elliptical and not asks(turn.text):
        return inform(turn, access)
    reply = answer_question(turn, access) or from_context(turn, access) or from_links(turn, access)
    return reply or instead_of(None, turn, access) or two_readings(turn, access)


def _of_the_last(turn: Turn, access: Access) -> Reply | None:
    """« Il fait quoi exactement? », « ça sert à quoi? »: about the organisation spoken of last; None when it is not."""
    if not turn.slot("last_actor") or not turn.is_elliptical or turn.confidence >= _SURELY_OUTSIDE or not _PRONOUN.search(fold(turn.text)):
        return None
    facet = next((label for label, score in turn.ranking if label in UNKNOWN and score >= _WORTH_OFFERING), "ask_what_is")
    return answer_facet(replace(turn, intent=facet), access)


def from_links(turn: Turn, access: Access) -> Reply | None:
    """Return a reply when the directory recognised something in a short message."""
    if turn.named_actors:
        return answer_facet(replace(turn, intent="ask_what_is"), access)
    if turn.values("actor_kind") and (turn.values("place") or turn.is_elliptical):
        return tell_local(turn, access)
    if is_story(turn) or turn.values("place") or (turn.values("need") and not turn.is_elliptical and not asks(turn.text)):
        return Reply(followup="find_support_form")
    if asks(turn.text):
        return None
    return inform(turn, access) if _informs(turn) else None


def is_story(turn: Turn) -> bool:
    """Return whether a long message tells a project: its place, form, stage, amount or need were recognised."""
    told = [name for name in ("place", "legal_form", "stage", "amount", "need") if turn.values(name)]
    return len(turn.text.split()) > _STORY_WORDS and len(told) >= 1


def _informs(turn: Turn) -> bool:
    return any(turn.values(name) for name in ("place", "legal_form", "stage", "amount", "unknown_place"))


def from_context(turn: Turn, access: Access) -> Reply | None:
    """Return the last answer again with the stage or form now said (« et une fois en croissance? »), or None."""
    found = {k: v for k, v in said_in(turn, access).found.items() if k in ("stage", "legal_form")}
    last = last_answer(turn, access)
    if not found or last is None or not turn.is_elliptical:
        return None
    return redo(turn.with_slots(found), access, found) if "legal_form" in found else tell(last, access)


def two_readings(turn: Turn, access: Access) -> Reply:
    """Return two readings in plain words the first time, a way out the second, a person's number after that."""
    failures = (turn.slot("fallbacks") or 0) + 1
    return Reply(slots={"fallbacks": failures, **came_to(NOT_UNDERSTOOD)}) + _way_out(failures, turn, access)


def _way_out(failures: int, turn: Turn, access: Access) -> Reply:
    if failures == 1 and (buttons := readings(turn, access)):
        return say(
            "J’hésite entre deux sens. Choisissez, ou reformulez\u00a0:",
            *buttons,
            Button("Autre chose", "capabilities"),
            Button("Parler à une personne", "talk_to_human"),
        )
    if failures == _ROUND:
        return human_doors(turn, access)
    if failures > _ROUND:
        # The people to call are on the screen: they are not shown again and again.
        return say(_STILL_NOT[failures % len(_STILL_NOT)], Button("Parler à une personne", "talk_to_human"))
    return utter("utter_not_understood" if failures == 1 else "utter_noise")


def readings(turn: Turn, access: Access) -> list[Button]:
    """Return at most two buttons for the likeliest readings that have a name to show."""
    buttons: list[Button] = []
    for label, score in turn.ranking:
        if score < _WORTH_OFFERING or len(buttons) == 2:
            break
        button = _button(label, access)
        if button and button.title not in [b.title for b in buttons]:
            buttons.append(button)
    return buttons


def _button(label: str, access: Access) -> Button | None:
    if label.startswith(TOPIC):
        answer = answer_by_slug(access.session, label.removeprefix(TOPIC))
        return Button(answer.label, "ask_topic", {"topic": answer.slug}) if answer else None
    intent, _, need = label.partition("/")
    title = intent_labels().get(label) or intent_labels().get(intent)
    return Button(title, intent, {"need": need} if need and need != "general" else {}) if title else None
