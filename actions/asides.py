"""What stands in the middle of a guided search: a question, a word about oneself, a request to say again."""

import re
from collections.abc import Mapping
from typing import Any

from actions.access import Access
from actions.answering import answer_question
from actions.asking import asks
from actions.choosing import choose
from actions.comparing import handle as handle_compare
from actions.doors import handle_professional
from actions.following import follow, of_the_form
from actions.local import tell_local_actors
from actions.matters import instead_of
from actions.questions import about_whom
from actions.reply import Reply, say, utter
from actions.restating import handle_privacy, handle_rephrase, handle_source
from actions.search_questions import MEANINGS, WHY, choices
from actions.telling import tell
from actions.turn import Turn
from directory.text import fold

_SMALL = {
    "greet", "thank", "how_are_you", "laugh_or_compliment", "bot_identity", "capabilities", "insult", "complain_bot", "vent",
    "exhausted", "speak_english", "prompt_injection", "out_of_scope", "near_miss", "store_personal_data", "private_contact",
}  # fmt: skip
# Said of an answer that we do not understand, these would be a reproach: they must be surer.
_OUTSIDE, _SURELY_OUTSIDE = {"out_of_scope", "near_miss"}, 0.75
_HANDLED = {
    "ask_source": handle_source,
    "rephrase": handle_rephrase,
    "privacy": handle_privacy,
    "compare_actors": handle_compare,
    "legal_tax_advice": handle_professional,
}
# « Et pour du mentorat? » changes what is looked for.
_ANOTHER_SEARCH = ("find_support", "change_profile")
_QUESTIONS = ("ask_", "list_services", "nlu_fallback")
_MEANS = re.compile(r"(?:veu[tx]|voulez|vouloir) dire|c'est quoi|qu'est ce|ca mange|signifi|difference")
_SURE_STATEMENT, _LIKELY = 0.94, 0.08
_READ_BY_THE_SEARCH = {
    "dont_know",
    "refuse_to_say",
    "deny",
    "affirm",
    "who_to_see",
    "show_more",
    "another_option",
    "find_support",
    "inform",
}
_NO_ANSWER = "Je n’ai pas de réponse sûre à cette question; posez-la autrement, ou à un organisme que je vous nommerai."


def aside(turn: Turn, access: Access, asked: str, found: Mapping[str, Any]) -> Reply | None:
    """Return the answer to a message that does not answer our question `asked`, or asks something too; else None."""
    if asks(turn.text) and (meanings := _meanings(turn)):
        return say(" ".join(meanings))
    if asked in found and not (turn.intent.startswith("ask_topic") or (turn.named_actors and asks(turn.text))):
        return None
    if "need" in found and turn.label.startswith(_ANOTHER_SEARCH):
        return None
    if turn.intent in _SMALL and not (turn.intent in _OUTSIDE and (found or turn.confidence < _SURELY_OUTSIDE)):
        return utter(f"utter_{turn.intent}")
    if turn.intent == "rephrase" and not (turn.slot("last_topic") or turn.slot("last_actor")):
        # Nothing but our question can be unclear yet: what it is for says it otherwise.
        return say(WHY[asked])
    if turn.intent in _HANDLED:
        return _HANDLED[turn.intent](turn, access)
    if turn.intent == "find_local_actor" and (place := found.get("place") or turn.place):
        return tell_local_actors(turn.with_slots({"place": place}), access, turn.values("actor_kind"))
    if not (turn.intent.startswith(_QUESTIONS) or asks(turn.text)):
        return None
    if found and not asks(turn.text) and turn.confidence < _SURE_STATEMENT:
        return None
    if reply := _leaning(turn, access) or answer_question(turn, access) or about_whom(turn, access):
        return reply
    choice = choose(turn, access)
    if choice and choice.score >= _LIKELY and not found:
        return tell(choice.answer, access)
    if turn.intent not in _READ_BY_THE_SEARCH and not found and (unheld := instead_of(None, turn, access)):
        return unheld
    return say(_NO_ANSWER) if "?" in turn.text and not found and turn.intent not in _READ_BY_THE_SEARCH else None


def _leaning(turn: Turn, access: Access) -> Reply | None:
    """Return the reply to a few words that lean on an answer given in the middle (« et pour un OBNL? »), or None. The form that they ask
    about is not that of the project."""
    if not asks(turn.text) or not (turn.slot("last_topic") or turn.slot("last_actor")):
        return None
    if turn.is_elliptical and not turn.named_actors and (reply := of_the_form(turn, access)):
        return reply
    return None if turn.intent in _READ_BY_THE_SEARCH else follow(turn, access)


def _meanings(turn: Turn) -> list[str]:
    """Return what the choices named mean, when the message asks what a word of our question means."""
    if turn.named_actors or not turn.is_elliptical or not _MEANS.search(fold(turn.text)) or turn.intent.startswith("ask_topic"):
        return []
    # What is asked about is not said of the project, so not linked: the words of our buttons are looked for too.
    words = set(fold(turn.text).replace("'", " ").split())
    shown = [code for title, code in choices().items() if title in words]
    named = [turn.first("stage"), turn.first("legal_form"), turn.first("need"), *shown]
    return [MEANINGS[code] for code in dict.fromkeys(named) if code in MEANINGS][:2]
