"""The first words of a conversation on a website, and what the page that shows the widget says of its place or programme."""

from collections.abc import Sequence
from typing import Any

from bot.assistant import Assistant
from bot.standing import STANDING
from bot.state import State, issued_in
from bot.tracker_store import beginning

_CHOICES = ('/find_support{"need": "financement"}', '/find_support{"need": "mentorat"}', '/find_support{"need": "accompagnement"}')
_ASKED = "Que cherchez-vous? Choisissez, ou posez votre question dans vos mots."
_PLACE = "Je pars du territoire de ce site\u00a0: {place}. Si votre projet est ailleurs, dites-moi où. "


async def first_words(assistant: Assistant, context: Sequence[str]) -> tuple[list[dict[str, Any]], State]:
    """Return the greeting, and the state of the conversation after it.

    `context` holds texts of the page: a place that they name alone is that of the search, an organisation or programme the one spoken of.
    What they say otherwise is left out.
    """
    found = [entity for text in context for entity in (await assistant.parse(text))["entities"]]
    slots, place = _slots(found)
    text = (_PLACE.format(place=place) if place else "") + _ASKED
    replies = [{"text": text, "buttons": [{"title": STANDING[payload], "payload": payload} for payload in _CHOICES], "cards": []}]
    return replies, State(tuple(beginning(slots)), issued_in(replies), begun=True, context=slots)


def _slots(entities: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    places = [e for e in entities if e["entity"] == "place" and e["resolution"] == "one" and not e.get("in_name")]
    actors = [e["value"] if e["entity"] == "actor" else e["actor"] for e in entities if e["entity"] in ("actor", "service")]
    slots: dict[str, Any] = {}
    if len(places) == 1:
        slots["place"] = places[0]["value"]
    if len(set(actors)) == 1:
        slots |= {"last_actor": actors[0], "recent_actors": actors[:1]}
    return slots, places[0]["surface"] if len(places) == 1 else ""
