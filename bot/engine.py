"""Rasa, started quietly: settings that must precede its import, the model, the address of the actions.

Import this module before any other of Rasa's.
"""

import logging
import warnings
from pathlib import Path

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
# Left alone, Rasa's structured log prints every step at debug level, with the text of the messages.
configure_structlog(logging.ERROR)


def _check_action_results_quickly() -> None:
    """Check the answers of the action server against Rasa's own schema, compiled once instead of at each call."""
    check = fastjsonschema.compile(RemoteAction.action_response_format_spec())

    def validate(_action: RemoteAction, result: dict) -> bool:
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
