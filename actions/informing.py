"""A piece of information outside a question of ours: a place, a form, a correction; what was said before is redone with it."""

from collections.abc import Mapping
from typing import Any

from actions.access import Access
from actions.answering import answer_question
from actions.cards import FORMS
from actions.fitting import fit_of_spoken
from actions.local import tell_local_actors
from actions.naming import the
from actions.next_step import implied_need
from actions.places_said import ask_place, ask_which
from actions.profile import said_in
from actions.proposing import FORM_WORDS, propose, show_more
from actions.reply import Reply, say
from actions.subject import last_answer
from actions.telling import tell
from actions.turn import Turn
from directory.queries import actor_by_slug, answer_by_slug, services_of

# Subjects of answers that are asked about by those who look for it.
_LOOKED_FOR = ("mentorat", "reprise")

_PROJECT = {"legal_form", "stage", "amount"}


def handle(turn: Turn, access: Access) -> Reply:
    """Take what is said and redo with it what came before: local organisation, proposal, answer; else begin a search."""
    said = said_in(turn, access)
    if said.candidates:
        need = {"need": words[0]} if (words := turn.values("need")) and not turn.slot("need") else {}
        kept = Reply(slots={**said.found, **need})
        return kept + ask_which(access, said.candidates, {**_after(turn), "candidates": list(said.candidates)})
    if said.unknown_place and "place" not in said.found:
        return ask_place(
            f"Je ne connais pas «\u00a0{said.unknown_place}\u00a0». Dans quelle région ou dans quelle MRC est-ce?", _after(turn)
        )
    if said.outside and "place" not in said.found:
        return say("Je couvre seulement le Québec\u00a0: pour un projet ailleurs, je ne peux pas vous diriger.")
    if not said.found:
        return _nothing_new(turn, access)
    changed = turn.with_slots(said.found)
    return Reply(slots={**said.found, "fallbacks": 0}) + redo(changed, access, said.found)


def _after(turn: Turn) -> dict[str, Any]:
    if turn.slot("last_kind"):
        return {"then": "local", "kinds": [turn.slot("last_kind")]}
    if turn.slot("search_done") and turn.slot("need"):
        return {"then": "propose", "need": turn.slot("need")}
    return {"then": "search"}


def _nothing_new(turn: Turn, access: Access) -> Reply:
    if turn.intent == "affirm" and (offered := turn.slot("offered")):
        return Reply(slots={"need": offered, "search_done": False}, followup="find_support_form")
    if turn.intent == "affirm" and turn.slot("search_done"):
        return show_more(turn, access)
    if turn.intent in ("refuse_to_say", "dont_know") and (need := turn.slot("need") or implied_need(turn, access)):
        return Reply(slots={"need": need}) + propose(turn.with_slots({"need": need}), access)
    if turn.intent == "change_place":
        return ask_place("Quelle municipalité, quelle MRC ou quelle région?", _after(turn))
    return answer_question(turn, access) or say(
        "D’accord. Dites-moi ce que vous cherchez, en un mot\u00a0: argent, mentor, conseils, ou posez votre question."
    )


def redo(turn: Turn, access: Access, found: Mapping[str, Any]) -> Reply:
    """Return what was asked before, answered again with what has changed."""
    if "place" in found and (offered := turn.slot("offered")):
        return Reply(slots={"need": offered, "search_done": False}, followup="find_support_form")
    if "place" in found and turn.slot("last_kind"):
        return tell_local_actors(turn, access, [turn.slot("last_kind")])
    if "need" in found:
        return Reply(slots={"search_done": False}, followup="find_support_form")
    if turn.values("need") and len(_PROJECT & {*found}) > 1:
        # A project told whole is searched for, whatever was spoken of before.
        return Reply(slots={"need": turn.first("need"), "search_done": False}, followup="find_support_form")
    if turn.slot("search_done"):
        return propose(turn, access)
    if "legal_form" in found and (reply := for_form(turn, access)):
        return reply
    if ("amount" in found or "legal_form" in found) and (reply := fit_of_spoken(turn, access)):
        return reply
    if "stage" in found and turn.spoken_of and (reply := answer_question(turn, access)):
        return reply
    if "place" in found and not turn.slot("need") and (need := implied_need(turn, access)) in _LOOKED_FOR:
        # Who asked whom to call for a takeover, then says where, looks for that.
        return Reply(slots={"need": need, "search_done": False}, followup="find_support_form")
    return Reply(followup="find_support_form")


def for_form(turn: Turn, access: Access) -> Reply | None:
    """Return the last answer for the form remembered now, or whether the organisation spoken of admits it too; None when not known."""
    form = turn.slot("legal_form")
    last = last_answer(turn, access)
    if last and last.twin and last.legal_form and last.legal_form != form and (twin := answer_by_slug(access.session, last.twin)):
        return tell(twin, access, f"{FORM_WORDS.get(form, 'C’est noté')[:1].upper()}{FORM_WORDS.get(form, 'C’est noté')[1:]}, c’est noté. ")
    actor = actor_by_slug(access.session, turn.slot("last_actor")) if turn.slot("last_actor") else None
    if actor is None or form not in ("cooperative", "obnl"):
        return None
    services = [s for s in services_of(access.session, actor.slug) if s.status != "closed"]
    if not services or not any(form in s.legal_forms for s in services):
        return None
    lead = f"Oui\u00a0: {the(actor)} s’adresse aussi {FORMS[form]}. "
    return tell(last, access, lead) if last and last.actor_slug == actor.slug else say(lead.strip(), legal_form=form)
