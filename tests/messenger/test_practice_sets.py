"""The practice conversations through Messenger: as right, case by case, as through `chat`."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from messaging import Messenger

from cli.chat import local_turn
from cli.practice import play, read_cases

PRACTICE = Path(__file__).resolve().parents[1] / "practice"


class Phone:
    """Drives practice conversations on Messenger: one person a conversation."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._people: dict[str, Any] = {}

    async def talk(self, line: dict[str, Any]) -> dict[str, Any]:
        """Return the reply object to a line's object, read from the person's screen."""
        person = self._people.setdefault(line["conversation"], self._messenger.person())
        shown = self._messenger.told(person, lambda: person.says(line["text"]))
        return {"replies": [reply for each in shown for reply in _neutral(each)]}


def _neutral(shown: Any) -> list[dict[str, Any]]:
    """Return a bubble as replies; a list of choices apart, before the question that it belongs to."""
    text, separator, listed = (shown.text or "").partition("\n\n1. ")
    titles = [{"title": title} for title, *_ in (*shown.buttons, *shown.quick_replies)]
    cards = [{"name": card.title, "does": card.subtitle or ""} for card in shown.cards]
    before = [{"text": f"1. {listed}", "buttons": [], "cards": []}] if separator else []
    return [*before, {"text": text, "buttons": titles, "cards": cards}]


@pytest.mark.parametrize("name", ["dialogues", "outside", "personas", "questions"])
@pytest.mark.timeout(600)
def test_practice_is_as_right_on_messenger_as_in_chat(messenger, assistant, wait, name):
    cases = [*read_cases(PRACTICE / f"{name}.jsonl")]
    phone = Phone(messenger)

    def failed(run: Callable, talk: Callable) -> dict[str, list[str]]:
        return {case["id"]: result.failures for case in cases if (result := run(play(case, talk))).failures}

    # The server has the loop of `wait`: who waits for it waits elsewhere.
    in_chat, on_messenger = failed(wait, partial(local_turn, assistant)), failed(asyncio.run, phone.talk)
    assert {case: on_messenger[case] for case in on_messenger.keys() - in_chat.keys()} == {}
    assert len(on_messenger) <= len(cases) // 20
