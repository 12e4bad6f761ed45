"""Every action, in every state that a search may leave: each answers, and none is surprised by what the person would not say."""

import asyncio
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
UNSAID = dict.fromkeys(("need", "place", "legal_form", "stage", "amount"), "unknown")
PROJECT = {"need": "financement", "place": ["37067"], "legal_form": "cooperative", "stage": "demarrage", "amount": 80_000}
STATES: dict[str, Mapping[str, Any]] = {
    "nothing said": {},
    "nothing that they would say": UNSAID,
    "searched, nothing that they would say": {**UNSAID, "search_done": True, "shown": ["risq", "cdrq"], "last_actor": "risq"},
    "a need alone": {**UNSAID, "need": "mentorat", "search_done": True, "shown": ["cdrq"]},
    "a project": PROJECT,
    "a project searched for": {**PROJECT, "search_done": True, "shown": ["risq", "fiducie-chantier"], "last_actor": "risq"},
    "after an answer": {**UNSAID, "last_actor": "fiducie-chantier", "last_facet": "ask_amount", "recent_actors": ["fiducie-chantier"]},
}
PLACE = {"entity": "place", "value": ["47017"], "resolution": "one", "surface": "Granby", "start": 0, "end": 6}
AMOUNT = {"entity": "amount", "value": 25_000, "start": 0, "end": 8}
SAID: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "a place": [PLACE],
    "an amount": [AMOUNT],
    "a form": [{"entity": "legal_form", "value": "private"}],
    "all of it": [PLACE, AMOUNT, {"entity": "legal_form", "value": "obnl"}, {"entity": "stage", "value": "idee"}],
    "an organisation": [{"entity": "actor", "value": "risq", "actor": "risq"}, AMOUNT],
    "a need": [{"entity": "need", "value": "mentorat"}],
}


@pytest.fixture
def on_the_seed(seeded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The actions, on the seeded directory."""
    from actions import run
    from actions.access import Directory

    held = Directory(seeded)
    monkeypatch.setattr(run, "directory", lambda: held)


def _asked() -> Iterator[tuple[str, Any]]:
    """Yield each intent that an action of ours answers, with that action."""
    from rasa_sdk import Action

    for path in sorted((ROOT / "actions").glob("action_*.py")):
        importlib.import_module(f"actions.{path.stem}")
    actions = {made.name(): made for made in (kind() for kind in Action.__subclasses__() if kind.__module__.startswith("actions."))}
    for rule in yaml.safe_load((ROOT / "data/rules/intents.yml").read_text(encoding="utf-8"))["rules"]:
        intent, action = rule["steps"][0].get("intent"), rule["steps"][-1].get("action")
        if action in actions:
            yield intent, actions[action]
    for intent in ("find_support", "inform", "dont_know", "affirm", "deny", "nlu_fallback"):
        yield intent, actions["validate_find_support_form"]


def test_the_rules_lead_to_our_actions():
    assert len({action.name() for _, action in _asked()}) > 15


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("state", STATES)
def test_no_state_breaks_an_action(on_the_seed, caplog, state, said):
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    silent = []
    for intent, action in _asked():
        searching = action.name().startswith("validate")
        message = {
            "intent": {"name": intent, "confidence": 0.9},
            "entities": SAID[said],
            "text": "on se demande ça",
            "ranking": [[intent, 0.9]],
        }
        slots = {**STATES[state], "requested_slot": "amount" if searching else None}
        loop = {"name": "find_support_form"} if searching else {}
        dispatcher = CollectingDispatcher()
        tracker = Tracker("someone", slots, message, [], False, None, loop, None)
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        silent += [(intent, action.name())] if not dispatcher.messages and not events else []
    assert [record.getMessage() for record in caplog.records if record.name == "actions.run"] == []
    assert silent == []
