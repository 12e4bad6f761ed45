"""Rasa component: what the person wants, by the wording model of `bot.nlu.wordings`.

Labels are Rasa retrieval intents (`ask_topic/risq_taux`, `find_support/mentorat`) and plain ones.
The base name becomes the intent; the whole ranking goes out, because the action server weighs it with
what was said before.
"""

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.importer import WORDINGS
from bot.nlu.french_words import KNOWN_WORDS
from bot.nlu.understanding import Understander
from bot.nlu.wordings import WordingModel

logger = logging.getLogger(__name__)
_FILE = "wordings.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordingClassifier(GraphComponent, IntentClassifier):
    """Trains and applies the wording model; keeps its ranking under `ranking` in the parse result."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: WordingModel | None = None):
        self._config, self._storage, self._resource = config, storage, resource
        self._understander = Understander(model, config) if model else None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings of the component; their measured reasons are in `config.yml`."""
        return {"threshold": 0.2, "kept": 40, "noise": 0, "seed": 7}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "WordingClassifier":
        """Return an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the sentences of `training_data` (see `bot.importer`) and store it."""
        pairs = [
            (sentence, message.get(INTENT_RESPONSE_KEY) or message.get(INTENT))
            for message in training_data.intent_examples
            for sentence in message.get(WORDINGS) or [message.get(TEXT)]
        ]
        model = WordingModel.fit(*zip(*pairs, strict=True), noise=self._config["noise"], seed=self._config["seed"])
        self._understander = Understander(model, self._config)
        with self._storage.write_to(self._resource) as directory:
            model.save(directory / _FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "WordingClassifier":
        """Return the classifier stored with a trained model."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, WordingModel.load(directory / _FILE))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent`, `intent_ranking`, `ranking`, `parts` and `fact` on `messages` and return them."""
        for message in messages:
            text, words = message.get(TEXT) or "", message.get(KNOWN_WORDS) or []
            reading = self._understander.read(text, message.get("entities") or [], words)
            message.set(INTENT, reading["intent"], add_to_output=True)
            message.set("intent_ranking", reading["intent_ranking"], add_to_output=True)
            message.set("ranking", reading["ranking"], add_to_output=True)
            message.set("parts", reading["parts"], add_to_output=True)
            message.set("fact", reading["fact"], add_to_output=True)
        return messages
