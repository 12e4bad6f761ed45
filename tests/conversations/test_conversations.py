"""Conversations of the YAML files beside this one: what people type, what they must see and must not see.

A file is a list of conversations; each has a `name` (a sentence) and `turns`, each of them
`say` (typed) or `press` (the title of a button last shown), with `shows` and `hides`: regular expressions
searched in everything that the turn shows, folded (no capitals, no accents, plain apostrophes, single blanks).
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
TURN_KEYS = {"say", "press", "shows", "hides"}
# Never right, whatever was said: a technical failure, a hole in a sentence, another protocol's marks.
NEVER = (r"ennui technique", r"\bnone\b", r"\bnull\b", r"utter_", r"[{}]", r"traceback", r"ne repond pas en ce moment")
LONGEST_BUBBLE = 2_000


def _conversations() -> list[tuple[str, dict[str, Any]]]:
    files = sorted(HERE.glob("*.yml"))
    return [(file.stem, one) for file in files for one in yaml.safe_load(file.read_text(encoding="utf-8"))]


CONVERSATIONS = _conversations()


def test_the_files_are_well_written(folded):
    """A typing mistake in a file would make a test that checks nothing."""
    wrong, seen = [], set()
    for file, one in CONVERSATIONS:
        where = f"{file}: {one.get('name')}"
        if set(one) != {"name", "turns"} or not re.fullmatch(r"[a-z0-9_]+", one["name"]) or one["name"] in seen:
            wrong.append(f"{where}: a conversation is a name, unique, and turns")
        seen.add(one["name"])
        for turn in one["turns"]:
            if set(turn) - TURN_KEYS or len({"say", "press"} & set(turn)) != 1:
                wrong.append(f"{where}: a turn is « say » or « press », with « shows » and « hides »: {turn}")
            if not all(
                isinstance(text, str)
                for text in (turn.get("say", ""), turn.get("press", ""), *turn.get("shows", ()), *turn.get("hides", ()))
            ):
                wrong.append(f"{where}: texts are texts, figures too: {turn}")
                continue
            for pattern in (*turn.get("shows", ()), *turn.get("hides", ())):
                re.compile(pattern)
                if folded(pattern.replace("\\S", "").replace("\\D", "").replace("\\W", "")) != pattern.strip():
                    wrong.append(f"{where}: a pattern is written folded: {pattern}")
        if not any(turn.get("shows") or turn.get("hides") for turn in one["turns"]):
            wrong.append(f"{where}: nothing is checked")
    assert not wrong


@pytest.mark.parametrize("conversation", [pytest.param(one, id=f"{file}-{one['name']}") for file, one in CONVERSATIONS])
def test_a_conversation_goes_as_people_expect(conversation, person):
    name, failures, told = conversation["name"], [], []
    for number, turn in enumerate(conversation["turns"], 1):
        try:
            shown = person.press(name, turn["press"]) if "press" in turn else person.say(name, turn["say"])
        except AssertionError as error:
            failures.append(f"turn {number}: {error}")
            break
        wrong = _wrong(turn, shown)
        failures += [f"turn {number}: {what}" for what in wrong]
        told += [f"{'✗' if wrong else '·'} {number} > {turn.get('say') or '[' + turn['press'] + ']'}", *_dialogue(shown)]
    if failures:
        pytest.fail("\n".join([*failures, "", *told]), pytrace=False)


def _wrong(turn: dict[str, Any], shown: Any) -> list[str]:
    """Return what is wrong with what a turn shows."""
    wrong = [f"does not show « {pattern} »" for pattern in turn.get("shows", ()) if not re.search(pattern, shown.folded)]
    wrong += [f"shows « {pattern} »" for pattern in turn.get("hides", ()) if re.search(pattern, shown.folded)]
    wrong += [f"shows « {pattern} », which is never right" for pattern in NEVER if re.search(pattern, shown.folded)]
    wrong += ["nothing is shown"] if not shown.folded else []
    wrong += ["a bubble is too long"] if any(len(reply["text"]) > LONGEST_BUBBLE for reply in shown.replies) else []
    ways = ("phone", "email", "website", "first_step")
    return wrong + [f"the card of {card['name']} has no door" for card in shown.cards if not any(card.get(way) for way in ways)]


def _dialogue(shown: Any) -> list[str]:
    intent = shown.intent
    lines = [f"      [{intent.get('name')} {intent.get('confidence', 0):.2f}]"]
    for reply in shown.replies:
        lines += [f"      {line}" for line in reply["text"].splitlines()]
        lines += [f"      □ {card['name']}: {'; '.join(card.get('why', ()))} → {card.get('first_step', '')}" for card in reply["cards"]]
        lines += ["      " + " ".join(f"[{button['title']}]" for button in reply["buttons"])] if reply["buttons"] else []
    return lines
