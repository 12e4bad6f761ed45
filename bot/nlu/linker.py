"""Rasa component: links what a message names to the directory (organisations, places, amounts, profile).

Names come from the directory database and are read again when its version changes, so an organisation
added by staff is understood in the next message, without training.
"""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.reading import Reader


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DirectoryLinker(GraphComponent, EntityExtractorMixin):
    """Adds the entities of `bot.nlu.reading` to each message."""

    def __init__(self, reader: Reader):
        self._reader = reader

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "DirectoryLinker":
        """Return a linker over the directory of the settings; the database is first read at the first message."""
        return cls(Reader.from_settings())

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to `messages` and return them."""
        for message in messages:
            entities = self._reader.entities(message.get(TEXT) or "")
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return `training_data` unchanged: nothing is learnt from links."""
        return training_data
