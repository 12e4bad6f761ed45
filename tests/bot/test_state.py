"""A conversation between two turns: what may be pressed, what is read of an older version of the program."""

import json

from bot.assistant import bubble
from bot.state import MAX_EARLIER, State


def _shown(*payloads: str) -> list[dict]:
    return [{**bubble("?"), "buttons": [{"title": payload, "payload": payload} for payload in payloads]}]


def test_buttons_of_earlier_answers_still_act_and_the_last_shown_are_kept():
    state = State().with_issued(_shown("/show_more"))
    shown = [f"/ask_{number}" for number in range(MAX_EARLIER + 1)]
    for payload in (*shown[:-3], "/show_more", *shown[-3:], "/last"):
        state = state.with_issued(_shown(payload))
    assert [payload for payload in ("/last", "/show_more", *shown[2:]) if not state.may_press(payload)] == []
    assert [payload for payload in (shown[0], "/never") if state.may_press(payload)] == []
    assert len(state.earlier) == MAX_EARLIER


def test_a_yes_acts_on_its_own_question_alone():
    state = State().with_issued(_shown("/affirm", "/deny"))
    assert state.may_press("/affirm")
    assert not state.with_issued(_shown("/greet")).may_press("/affirm")


def test_an_answer_without_buttons_leaves_those_of_the_last_one():
    state = State().with_issued(_shown("/greet"))
    assert state.with_issued([bubble("rien")]) == state


def test_a_state_goes_to_json_and_back():
    state = State(begun=True, open=bubble("?"), distressed=True).with_issued(_shown("/a")).with_issued(_shown("/b"))
    assert State.from_json(json.loads(json.dumps(state.as_json()))) == state


def test_the_state_of_another_version_is_read_for_what_is_known_of_it():
    before = {"events": [], "issued": {"oui": "/affirm"}, "begun": True}
    assert State.from_json(before) == State(issued={"oui": "/affirm"}, begun=True)
    assert State.from_json({**before, "to_come": 3}).begun
