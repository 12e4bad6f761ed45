"""One step of the guided search (the Rasa form `find_support_form`): take what is said, ask the next thing.

A step never asks what is known, lets a question stand in the middle, and always ends: a question that
stays unanswered twice is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import select

from actions.access import Access
from actions.answering import answer_question
from actions.asides import aside
from actions.asking import asks, asks_where_to_begin, asks_which_form, asks_who, but_for
from actions.at_once import BEGINNING, named_at_once
from actions.choosing import choose
from actions.doors import human_doors, private_doors_of
from actions.fitting import fit_of_spoken
from actions.parts import asked_besides
from actions.places_said import ask_which
from actions.profile import NEEDS_BY_LABEL, UNSURE, bare_number, chosen_place, is_ours, said_in
from actions.proposing import propose, summary
from actions.reply import NOT_UNDERSTOOD, Reply, came_to, say, utter
from actions.search_questions import ORDER, QUESTIONS, WHY, missing_from
from actions.telling import tell
from actions.turn import Turn
from directory.models import Service
from directory.places_resolve import narrowed
from directory.text import fold

_SURE_SEARCH, _A_TOPIC, _SURE_STOP, _LIKELY = 0.83, 0.05, 0.94, 0.12
_STOPS = {"start_over", "distress", "erase_data", "talk_to_human", "cancel", "goodbye"}
_OUTSIDE_SUBJECTS = {"out_of_scope", "near_miss"}
_LEAVES, _LEAVES_OUT = {"cancel", "goodbye"}, {"dont_know", "refuse_to_say", "deny"}
# Danger, and wanting a person or nothing kept, are never too unsure.
_ALWAYS_STOPS = {"distress", "erase_data", "talk_to_human"}
_IMPATIENT = {"who_to_see", "show_more", "another_option", "find_support"}
_CLOSE_ENOUGH, _NEAR = 80, 5
# « Qui prête? », which names no need.
_LENDS = re.compile(r"\bpret(?:e|er|ent|erai\w+)\b|\bfinanc\w+|\bemprunt\w*|\bsubvention\w*|\bargent\b")
# What nothing was read in: a few such words, when a place was asked, are a place that is not known.
_UNREAD, _A_NAME = {"noise", "nlu_fallback", "inform"}, 4


def step(turn: Turn, access: Access) -> Reply:
    """Return the reply to one turn of the search; its slots hold `requested_slot`, None when the search is over."""
    told = None if turn.in_form else asked_besides(turn, access)
    if told is None:
        return _step(turn, access)
    # Who wonders between two forms is not asked which one it is.
    told += Reply(slots={"legal_form": UNSURE}) if asks_which_form(turn.text) else Reply()
    return told + _step(replace(turn.with_slots(told.slots), parts=(), confidence=1.0), access)


def _step(turn: Turn, access: Access) -> Reply:
    asked = turn.slot("requested_slot") if turn.in_form else None
    if turn.in_form and turn.intent in _STOPS and (turn.intent in _ALWAYS_STOPS or turn.confidence >= _SURE_STOP):
        return _stop(turn, access)
    if turn.in_form and turn.intent in ("why_ask", "why_these") and asked:
        return say(f"{WHY[asked]} {QUESTIONS[asked][0]}", *QUESTIONS[asked][1], requested_slot=asked, fallbacks=0)
    candidates = (turn.slot("pending") or {}).get("candidates") if asked == "place" else None
    if candidates and (place := chosen_place(turn, access, candidates)):
        return _take(turn, access, {"place": place, "pending": None})
    if not turn.in_form and (reply := _question_instead(turn, access)):
        return Reply(slots={"requested_slot": None}, close_form=True) + reply
    said = said_in(turn, access)
    found = _useful(dict(said.found), turn, asked)
    if not asked and "place" in found and (held := narrowed(access.places.tree, turn.place, found["place"])):
        # « En Abitibi », to tell one Saint-Lambert from the other: the town just chosen stands.
        found["place"] = list(held)
    if not asked and "need" not in found and not turn.slot("need"):
        found |= _need_of_named(turn, access)
    if said.candidates and "place" not in found:
        keep = _remember(turn, found)
        return (
            Reply(slots=keep)
            + ask_which(access, said.candidates, {"candidates": list(said.candidates)})
            + Reply(slots={"requested_slot": "place"})
        )
    if asked and (reply := aside(turn, access, asked, found)):
        # A form or a stage that a question is about (« le RISQ aide-t-il les coops? ») is not that of the project.
        general = asks(turn.text) and not is_ours(turn.text)
        kept = {name: value for name, value in found.items() if name == "place" or not general}
        return _and_back(turn, access, asked, kept, reply)
    if said.outside and "place" not in found:
        return _outside(turn, found)
    if said.unknown_place and not found and asked == "place":
        return say(
            f"Je ne connais pas «\u00a0{said.unknown_place}\u00a0». Dans quelle région ou dans quelle MRC est-ce?",
            *QUESTIONS["place"][1],
            **_tries(turn, asked),
        )
    if asked == "place" and not found and turn.intent in _UNREAD and len(turn.text.split()) <= _A_NAME and not turn.slot("tries"):
        return say(
            f"Je ne connais pas «\u00a0{turn.text.strip(' .!?')}\u00a0». Dans quelle région ou dans quelle MRC est-ce?",
            *QUESTIONS["place"][1],
            **_tries(turn, asked),
        )
    likely = _likely(turn) if asked and not found else turn.intent
    if likely in _LEAVES:
        return _stop(replace(turn, intent=likely), access)
    if asked and asked not in found and likely in _LEAVES_OUT:
        found[asked] = UNSURE
    if asked and not found and turn.intent in _IMPATIENT - ({"find_support"} if asked == "need" else set()):
        # « Qui peut nous aider, donc? »: what is still unknown is left out, and who can help is said now.
        found = dict.fromkeys((name for name in ORDER if turn.slot(name) is None), UNSURE)
    if asked and not found:
        return _ask_again(turn, access, asked)
    return _take(turn, access, found, said.unknown_place)


def _question_instead(turn: Turn, access: Access) -> Reply | None:
    """Return the answer when what looked like a search is rather a question: on a named organisation, or a likelier topic."""
    if (
        turn.named_actors
        and turn.values("amount")
        and asks(turn.text)
        and not but_for(turn.text)
        and (fitted := fit_of_spoken(turn, access))
    ):
        return fitted
    placed = turn.values("place") and (turn.values("need") or asks_who(turn.text))
    search = turn.is_pressed or turn.confidence > _SURE_SEARCH or but_for(turn.text)
    if search or not asks(turn.text) or (placed and not turn.named_actors):
        return None
    if turn.named_actors:
        return answer_question(turn, access)
    choice = choose(turn, access)
    return tell(choice.answer, access) if choice and choice.score >= max(_A_TOPIC, turn.evidence / 3) else None


def _likely(turn: Turn) -> str:
    """Return the intent of a message that says nothing else: the likest one will do when it only leaves, or leaves out. A few odd words
    (« fouille-moi ») are an answer to our question rather than another subject."""
    few = len(turn.text.split()) <= _A_NAME
    label, score = next(((label, score) for label, score in turn.ranking if not (few and label in _OUTSIDE_SUBJECTS)), ("", 0.0))
    return label if label in _LEAVES | _LEAVES_OUT and score >= _LIKELY else turn.intent


def _useful(found: dict[str, Any], turn: Turn, asked: str | None) -> dict[str, Any]:
    """Keep what this message may fill: everything at first, the thing asked, and corrections."""
    if asked and asked != "need" and turn.intent == "dont_know" and turn.confidence >= _SURE_STOP:
        return {asked: UNSURE}
    if asked == "amount" and "amount" not in found and (number := bare_number(turn.text)) is not None:
        found["amount"] = number
    if asked == "need" and "need" not in found:
        # « C’est un don ou faut remettre l’argent? » asks something; « ça prend 25 000 $ » says what is looked for.
        words = [] if asks(turn.text) else turn.values("need")
        found |= {"need": words[0]} if words else {"need": "financement"} if "amount" in found else {}
    if asked in ("need", "legal_form", "stage") and asked not in found and (said := _nearest_choice(turn.text, asked)):
        found[asked] = said
    if (
        asked
        and asked != "need"
        and "need" in found
        and not turn.is_pressed
        and not turn.label.startswith(("find_support", "change_profile"))
    ):
        found.pop("need")
    if not asked and "need" not in found and turn.slot("need") in (None, UNSURE) and (words := turn.values("need")):
        found["need"] = words[0]
    if not asked and "need" not in found and turn.slot("need") in (None, UNSURE):
        if asks_who(turn.text) and _LENDS.search(fold(turn.text)):
            found["need"] = "financement"
        elif asks_where_to_begin(turn.text):
            found["need"] = _need_near(turn)
    return found


def _need_near(turn: Turn) -> str:
    """Return the need that the likest search tells, when one is near (« reprendre la shop: par quel bout commencer »); else to be
    accompanied."""
    near = (label.removeprefix("find_support/") for label, evidence in turn.ranking[:_NEAR] if evidence >= _A_TOPIC)
    return next((need for need in near if need in NEEDS_BY_LABEL), "accompagnement")


def _need_of_named(turn: Turn, access: Access) -> dict[str, str]:
    """« La Sarre, coop de producteurs, FLI »: the need of the programme named, money first; empty when there are several others."""
    slugs = turn.values("service")
    listed = access.session.scalars(select(Service.needs).where(Service.slug.in_(slugs))) if slugs else ()
    needs = {need for codes in listed for need in codes}
    return {"need": "financement"} if "financement" in needs else {"need": needs.pop()} if len(needs) == 1 else {}


def _nearest_choice(text: str, asked: str) -> str | None:
    """Return the choice that a short, misspelt answer (« demarage ») is nearest to, or None."""
    titles = {fold(b.title): b.entities[asked] for b in QUESTIONS[asked][1] if asked in b.entities}
    near = process.extractOne(fold(text), titles.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    return titles[near[0]] if near else None


def _and_back(turn: Turn, access: Access, asked: str, found: Mapping[str, Any], reply: Reply) -> Reply:
    """Return `reply` to a question in the middle, then ours again, or the next one when the message answered it too."""
    keep = _remember(turn, {name: value for name, value in found.items() if name != "need"})
    if asked in keep:
        return Reply(slots=keep) + reply + _take(turn.with_slots(keep), access, {})
    question, buttons = QUESTIONS[asked]
    back = f"Pour revenir à votre recherche\u00a0: {question[:1].lower()}{question[1:]}"
    return Reply(slots=keep) + reply + say(back, *buttons, requested_slot=asked)


def _outside(turn: Turn, found: Mapping[str, Any]) -> Reply:
    text = "Je couvre seulement le Québec\u00a0: pour un projet ailleurs, je ne peux pas vous diriger. Le projet a-t-il un pied au Québec?"
    return say(text, *QUESTIONS["place"][1], requested_slot="place", **_remember(turn, found))


def _remember(turn: Turn, found: Mapping[str, Any]) -> dict[str, Any]:
    slots: dict[str, Any] = dict(found)
    if not turn.in_form:
        slots["subject"] = "" if turn.is_pressed else subject_of(turn)
        slots["search_done"] = False
        slots["set_aside"] = turn.named_actors if but_for(turn.text) else None
    return slots | {"fallbacks": 0}


def subject_of(turn: Turn) -> str:
    """Return the words of the message without the place: « à Saint-Hyacinthe » is not what the project is about."""
    surface = (turn.entity("place") or {}).get("surface") or ""
    return turn.text.replace(surface, " ") if surface else turn.text


def _tries(turn: Turn, asked: str) -> dict[str, Any]:
    return {"requested_slot": asked, "tries": (turn.slot("tries") or 0) + 1}


def _ask_again(turn: Turn, access: Access, asked: str) -> Reply:
    if (turn.slot("tries") or 0) >= 1:
        return _take(turn, access, {asked: UNSURE})
    question, buttons = QUESTIONS[asked]
    again = f"Je n’ai pas bien saisi. {question} Vous pouvez aussi dire «\u00a0je ne sais pas\u00a0»."
    return say(again, *buttons, **_tries(turn, asked), **came_to(NOT_UNDERSTOOD))


def _take(turn: Turn, access: Access, found: Mapping[str, Any], unknown_place: str = "") -> Reply:
    """Remember `found`, then ask for the next missing thing or propose."""
    slots = _remember(turn, found) | {"tries": 0}
    after = turn.with_slots(slots)
    if after.slot("need") == UNSURE:
        slots |= {"need": "accompagnement"}
        after = after.with_slots(slots)
    if after.slot("legal_form") == "private" and after.slot("need") not in ("reprise", "mentorat", "formation"):
        if not after.slot("place"):
            return Reply(slots=slots) + _ask(after, "place")
        return Reply(slots=slots | {"requested_slot": None}) + private_doors_of(turn, after, access)
    missing = next(iter(missing_from(after.slots)), None)
    if missing and not unknown_place and (named := named_at_once(after, access)):
        return Reply(slots=slots | {"requested_slot": None, "tries": 0}) + named
    if missing:
        noted = _noted(turn, found, slots, access)
        if missing == "place" and not turn.in_form and asks_where_to_begin(turn.text):
            # That they look for someone to accompany them is ours to infer, not theirs to hear.
            noted = BEGINNING
        if missing == "place" and unknown_place:
            noted = f"{noted} Je ne connais pas «\u00a0{unknown_place}\u00a0».".strip()
        return Reply(slots=slots) + _ask(after, missing, noted)
    place = None if after.slot("place") == UNSURE else after.slot("place")
    after = after.with_slots({"place": place})
    return Reply(slots=slots | {"requested_slot": None, "place": place}) + propose(after, access)


def _noted(turn: Turn, found: Mapping[str, Any], slots: Mapping[str, Any], access: Access) -> str:
    """Return what was understood when it is worth checking: a place, a correction, several things at once."""
    asked = turn.slot("requested_slot") if turn.in_form else None
    changes_need = turn.slot("need") not in (None, UNSURE, found.get("need"))
    told = [name for name in ORDER if found.get(name) not in (None, UNSURE)]
    worth = "place" in told or len(told) > 1 or any(name != asked for name in told)
    return summary(slots, access, with_need="need" in told and (changes_need or not asked)) if worth else "D’accord." if told else ""


def _ask(turn: Turn, name: str, noted: str = "") -> Reply:
    question, buttons = QUESTIONS[name]
    return say(f"{noted} {question}".strip(), *buttons, requested_slot=name)


def _stop(turn: Turn, access: Access) -> Reply:
    ends = Reply(slots={"requested_slot": None, "tries": 0, "pending": None}, close_form=True)
    if turn.intent == "distress":
        return ends + utter("utter_distress")
    if turn.intent == "talk_to_human":
        return ends + (human_doors(turn, access))
    if turn.intent == "start_over":
        cleared = dict.fromkeys((*ORDER, "subject", "shown", "search_done", "set_aside"))
        return ends + Reply(slots=cleared) + utter("utter_restart")
    if turn.intent == "erase_data":
        return ends + Reply(followup="action_erase_conversation")
    return ends + utter("utter_goodbye" if turn.intent == "goodbye" else "utter_cancel")
