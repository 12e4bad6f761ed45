"""Moods: anger at the assistant, a hard time. Acknowledged first, then people are given, where the person is."""

from actions.access import Access
from actions.doors import human_doors
from actions.naming import of
from actions.reply import Button, Reply, say, utter
from actions.turn import Turn
from directory.queries import actor_by_slug

_AGAIN = "Je vois que je ne vous aide pas. Le mieux est de parler à une personne."
# What « oui » then begins.
_OFFERED = {"vent": "gouvernance", "exhausted": "mentorat"}


def _of_others(turn: Turn, access: Access) -> Reply | None:
    """« PME MTL me rappelle jamais »: it is not of us that the person complains; other doors are offered."""
    actor = actor_by_slug(access.session, turn.named_actors[0]) if turn.named_actors else None
    if actor is None and turn.values("actor_kind"):
        return say(
            "C’est décourageant, je comprends. Je ne peux pas intervenir auprès d’un organisme, mais je peux vous dire qui d’autre appeler"
            " chez vous.",
            Button("Parler à une personne", "talk_to_human"),
            Button("Voir d’autres organismes", "find_support"),
        )
    if actor is None or actor.status == "closed":
        return None
    return say(
        f"C’est décourageant, je comprends. Je ne peux pas intervenir auprès {of(actor)}, mais je peux vous dire comment les joindre"
        " autrement, ou qui d’autre aide chez vous.",
        Button("Comment les joindre?", "ask_contact", {"actor": actor.slug}),
        Button("Voir d’autres organismes", "find_support"),
    )


def handle(turn: Turn, access: Access) -> Reply:
    """Return a calm reply the first time, the people to call from the second on; a hard time is never counted as a complaint."""
    if turn.intent == "vent" and (others := _of_others(turn, access)):
        return others
    if turn.intent in _OFFERED:
        return utter(f"utter_{turn.intent}", offered=_OFFERED[turn.intent])
    times = (turn.slot("complaints") or 0) + 1
    if times == 1:
        return Reply(slots={"complaints": times}) + utter(f"utter_{turn.intent}")
    return Reply(slots={"complaints": times}) + say(_AGAIN) + human_doors(turn, access)
