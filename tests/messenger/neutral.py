"""Neutral replies for the tests of the way out, and what a person can read and reach in the messages made of them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from fake_graph import check_send
from hypothesis import strategies as st

# What texts are made of: words, links, numbers of the directory's forms, blanks of every sort, signs that are several code points.
PIECES = (
    *("a", "coopérative", "déjà", "Où ça?", "L’OBNL", "«\u00a0bonjour\u00a0»", "50\u202f000\u00a0$", "anticonstitutionnellement"),
    *(" ", "  ", ". ", " — ", "\n", "\n\n", "\n\n\n\n", "\t", "\u00a0", "\u202f", "\r\n"),
    *("https://www.economie-sociale.example/programmes/aide?mrc=la-haute-gaspesie&annee=2026#demande ", "risq.example"),
    *(" 418 723-1939 ", " 1 866 560-2626 ", " (514) 426-2888 poste 12 ", " 1-800-567-8930, poste 2 ", " +1 819 555 0123 "),
    *("👩\u200d👩\u200d👧\u200d👦", "🇨🇦", "👍🏽", "e\u0301", "n\u0303o", "\ud83d", "\udc00", "𝒜", "✅\ufe0f"),
)
PAYLOAD = "choix:"


def texts(most_pieces: int = 30, most_times: int = 25) -> st.SearchStrategy[str]:
    """Return a strategy of texts of any length, the empty one included, and some much longer than a message."""
    pieces = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=most_pieces).map("".join)
    return st.builds(lambda text, times: text * times, pieces, st.sampled_from((1, 1, 1, 1, 6, most_times)))


def _titles() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6).map("".join)


def buttons(most: int = 40) -> st.SearchStrategy[list[dict[str, str]]]:
    """Return a strategy of lists of buttons, each with an id of its own as the outbox gives them."""
    return st.lists(_titles(), max_size=most).map(lambda titles: [{"id": f"id_{n:09}", "title": title} for n, title in enumerate(titles)])


def cards(most: int = 14) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a strategy of lists of cards with any of their fields, none of which is empty, as `Card.as_dict` gives them."""
    field = texts(4, 100).filter(bool)
    sites = st.sampled_from(
        ("risq.example", "https://www.risq.example/aide", "HTTP://risq.example", "pas un site", "https://[", "a b.example")
    )
    phones = st.sampled_from(("514 866-2355", "1 866 560-2626, poste 3", "(418)\u00a0723-1939", "+1 819-555-0123", "211", "sans frais"))
    card = st.fixed_dictionaries(
        {},
        optional={
            **{"name": field, "does": field, "why": st.lists(field, min_size=1, max_size=3), "first_step": field, "caution": field},
            **{"phone": phones | field, "email": st.just("info@pole.example") | field, "website": sites | field, "actor": st.just("pole")},
            **{"source": st.sampled_from(("Chantier de l’économie sociale", "risq.example")), "as_of": st.just("2026-11-20")},
        },
    )
    return st.lists(card, max_size=most)


def replies() -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of neutral replies."""
    return st.fixed_dictionaries({"text": texts(), "buttons": buttons(), "cards": cards()})


def reply(text: str = "", *titles: str, cards: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return a neutral reply, as the outbox holds it."""
    given = [{"id": f"id_{n:09}", "title": title} for n, title in enumerate(titles)]
    return {"text": text, "buttons": given, "cards": [*cards]}


def refusals(messages: Iterable[dict[str, Any]]) -> list[str]:
    """Return why the fake of Meta refuses messages; empty when it takes them all."""
    bodies = [{"recipient": {"id": "7"}, "messaging_type": "RESPONSE", "message": message} for message in messages]
    return [refusal.message for body in bodies if (refusal := check_send(body))]


def template_of(message: dict[str, Any]) -> dict[str, Any]:
    """Return what is in the template of a message; nothing when it has none."""
    return message.get("attachment", {}).get("payload", {})


def words(message: dict[str, Any]) -> str:
    """Return the running text of a message: what is read whole, not the titles of what is tapped."""
    return message.get("text") or template_of(message).get("text") or ""


def tapped(messages: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the choices that can be tapped, each payload with its title."""
    found = [each for message in messages for each in (*message.get("quick_replies", ()), *template_of(message).get("buttons", ()))]
    return {each["payload"]: each["title"] for each in found}


def squeezed(text: str) -> str:
    """Return a text without blanks: where lines and messages end is of no matter for what is read; half a sign is shown as « \ufffd »."""
    return "".join(re.sub("[\ud800-\udfff]", "\ufffd", text).split())


def read(messages: Iterable[dict[str, Any]]) -> str:
    """Return all that can be read whole in messages, squeezed: their texts in order, then the titles of what is tapped."""
    messages = [*messages]
    return squeezed("".join(map(words, messages))) + "\n" + "\n".join(map(squeezed, tapped(messages).values()))
