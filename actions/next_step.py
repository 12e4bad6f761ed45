"""« OK, je vais voir qui? »: the door that follows from what was just said, without asking again what is known."""

from actions.access import Access
from actions.cards import card_of_actor
from actions.places_said import ask_place, ask_which
from actions.profile import said_in
from actions.proposing import propose
from actions.reply import Message, Reply
from actions.subject import last_answer
from actions.turn import Turn
from directory.queries import actor_by_slug


def handle(turn: Turn, access: Access) -> Reply:
    """Return the organisation to turn to: the last one if it is open, else a search for the need implied."""
    said = said_in(turn, access)
    if said.candidates:
        return ask_which(
            access, said.candidates, {"then": "propose", "need": implied_need(turn, access), "candidates": list(said.candidates)}
        )
    turn = turn.with_slots(said.found)
    kept = Reply(slots=dict(said.found))
    known = turn.slot("last_actor") or turn.slot("last_door")
    actor = actor_by_slug(access.session, known) if known else None
    if actor is not None and actor.status != "closed" and not _asks_place(turn, access):
        return kept + Reply(
            (Message("Le premier pas\u00a0:", (), (card_of_actor(actor, access),)),), {"last_actor": actor.slug, "fallbacks": 0}
        )
    need = next(iter(turn.values("need")), None) or turn.slot("need") or implied_need(turn, access)
    if not need:
        return kept + Reply(followup="find_support_form")
    turn = turn.with_slots({"need": need})
    if not turn.place:
        return kept + ask_place(
            "Dans quelle municipalité ou quelle MRC êtes-vous? Je vous dirai qui voir.", {"then": "propose", "need": need}
        )
    return kept + Reply(slots={"need": need}) + propose(turn, access)


def _asks_place(turn: Turn, access: Access) -> bool:
    answer = last_answer(turn, access)
    return bool(answer and (answer.status == "closed" or answer.subject == "mentorat"))


def implied_need(turn: Turn, access: Access) -> str | None:
    """Return the need that the last answer or organisation was about, or None."""
    last = last_answer(turn, access)
    subject = last and last.subject
    actor = actor_by_slug(access.session, turn.slot("last_actor")) if turn.slot("last_actor") else None
    if subject == "mentorat" or (actor and actor.kind == "mentorat"):
        return "mentorat"
    if subject == "reprise":
        return "reprise"
    if subject == "financement" or (actor and actor.kind == "financement"):
        return "financement"
    return "accompagnement" if last else None
