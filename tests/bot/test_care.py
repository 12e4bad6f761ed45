"""After words of danger: what leaves the subject and what does not; the lines of help need neither the actions nor the directory."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.assistant import OUT_OF_ORDER, Assistant
from bot.care import says_little, says_unwell, stays
from bot.door import enter
from bot.state import State


def _parse(intent: str, confidence: float = 0.9, text: str = "", *entities: str) -> dict:
    return {"intent": {"name": intent, "confidence": confidence}, "text": text, "entities": [{"entity": name} for name in entities]}


@pytest.mark.parametrize("intent", ["deny", "cancel", "noise", "nlu_fallback", "vent", "insult", "affirm"])
def test_a_no_or_a_sigh_leaves_nothing(intent):
    assert says_little(_parse(intent))
    assert stays(_parse(intent))


@pytest.mark.parametrize(
    "parse", [_parse("ask_topic"), _parse("find_support"), _parse("deny", 0.9, "", "actor"), _parse("out_of_scope", 0.8)]
)
def test_another_subject_is_one(parse):
    assert not says_little(parse)
    assert not stays(parse)


def test_an_unsure_reading_is_no_other_subject():
    assert says_little(_parse("out_of_scope", 0.3))


def test_thanks_are_answered_and_leave_the_subject_where_it_is():
    assert not says_little(_parse("thank"))
    assert stays(_parse("thank"))


def test_whoever_takes_it_back_is_believed():
    assert not says_little(_parse("deny", 0.9, "ben non c'était une blague"))
    assert not stays(_parse("deny", 0.9, "non, c'est une expression"))


@pytest.mark.parametrize(
    ("text", "unwell"),
    [
        ("non ça va pas", True),
        ("je file vraiment pas", True),
        ("j'suis plus capable", True),
        ("ça va mal", True),
        ("ça va pas ben ben", True),
        ("ça va pas mal", False),
        ("ça va pas si mal", False),
        ("ça va bien", False),
        ("non", False),
        ("non merci", False),
        ("pas de mentor", False),
    ],
)
def test_whoever_is_not_well_is_told_from_whoever_declines(text, unwell):
    assert says_unwell(_parse("deny", 0.9, text)) is unwell
    assert not says_unwell(_parse("ask_topic", 0.9, text))


class Down:
    """An agent whose turns all fail, as when the action server is gone; it still reads."""

    def __init__(self, intent: str) -> None:
        self.processor, self.tracker_store = self, SimpleNamespace()
        self.domain = SimpleNamespace(responses={"utter_distress": [{"text": "988"}], "utter_still_distressed": [{"text": "988 encore"}]})
        self.intent = intent

    async def handle_message(self, _message: object) -> None:
        """Fail."""
        raise RuntimeError("a fault")

    async def parse_message(self, text: str) -> dict:
        """Return the intent of the test."""
        return _parse(self.intent, 0.9, text)


@pytest.mark.parametrize(
    ("intent", "before", "told", "after"),
    [
        ("distress", False, "988", True),
        ("distress", True, "988 encore", True),
        ("deny", True, "988 encore", True),
        ("deny", False, OUT_OF_ORDER, False),
        ("ask_topic", True, OUT_OF_ORDER, True),
    ],
)
def test_the_lines_of_help_are_told_when_all_the_rest_has_failed(intent, before, told, after):
    turned, state = asyncio.run(Assistant(Down(intent)).turn("c", State(distressed=before), enter("des mots"), None, "web"))
    assert [reply["text"] for reply in turned.replies] == [told]
    assert turned.failed
    assert state.distressed is after


def test_what_cannot_be_read_after_words_of_danger_gets_the_lines_and_no_notice():
    turned, state = Assistant(Down("deny")).unread("Merci!", State(distressed=True))
    assert [reply["text"] for reply in turned.replies] == ["988 encore"]
    assert (state.begun, state.distressed) == (False, True)
