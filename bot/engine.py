"""Rasa, started quietly: settings that must precede its import, the model, the address of the actions.

Import this module before any other of Rasa's.
"""

import logging
import sys
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import fastjsonschema

from bot.errors import ModelError
from bot.quiet import quieten, silent_imports

quieten()
with silent_imports():
    from rasa.core.actions.action import RemoteAction
    from rasa.core.agent import Agent
    from rasa.shared.core.domain import Domain
    from rasa.utils.log_utils import configure_structlog

for name in ("rasa", "matplotlib", "tensorflow", "asyncio", "apscheduler", "numexpr"):
    logging.getLogger(name).setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module=r"(rasa|matplotlib|keras|tensorflow|sanic|importlib|pkg_resources)(\..*)?")
# Before Rasa's, which would go to standard output, where `chat --jsonl` writes JSON alone.
logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
# What an operator may have to mend; never what people say.
logging.getLogger("bot").setLevel(logging.WARNING)
# Left alone, Rasa's structured log prints every step at debug level, with the text of the messages.
configure_structlog(logging.ERROR)


def action_result_check() -> Callable[[dict[str, Any]], None]:
    """Return a check of what the action server answers against Rasa's own schema, compiled once.

    The schema tries each of the 23 kinds of event on each event; as their names differ, only the kind that an event says is tried.

    Raises (the check):
        JsonSchemaException: the answer is not what Rasa takes.
    """
    schema = deepcopy(RemoteAction.action_response_format_spec())
    kinds = schema["properties"]["events"]["items"].pop("oneOf")
    whole = fastjsonschema.compile(schema)
    by_name = {kind["properties"]["event"]["const"]: fastjsonschema.compile(kind) for kind in kinds}

    def check(result: dict[str, Any]) -> None:
        whole(result)
        for event in result.get("events", ()):
            if event["event"] not in by_name:
                raise fastjsonschema.JsonSchemaException(f"no event is called {event['event']!r}")
            by_name[event["event"]](event)

    return check


def _check_action_results_quickly() -> None:
    check = action_result_check()

    def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
        check(result)
        return True

    RemoteAction._validate_action_result = validate


def load_agent(model: Path, action_url: str, secret: str | None = None) -> Agent:
    """Return the agent of a trained `model`, whose actions are served at `action_url`.

    Raises:
        ModelError: the file is missing, broken or not a model.
    """
    from bot.action_endpoint import ActionEndpoint  # both need this module first
    from bot.tracker_store import BoundedTrackerStore

    _check_action_results_quickly()
    headers = {"Authorization": f"Bearer {secret}"} if secret else None
    endpoint = ActionEndpoint(url=action_url, headers=headers, enable_selective_domain=True)
    try:
        agent = Agent(action_endpoint=endpoint, tracker_store=BoundedTrackerStore(Domain.empty()))
        with silent_imports():
            agent.load_model(str(model))
    except Exception as error:
        raise ModelError(
            f"Modèle inutilisable ({type(error).__name__})\u00a0: {model}. Refaites-le avec «\u00a0aiguilleur train --force\u00a0»."
        ) from error
    return agent
