"""Rasa component: how much of a message is French, by spaCy's tokenizer and the words of `fr_core_news_md`.

Only the tokenizer and the vector table are loaded: tagger, parser, lemmatizer and names cost a fifth of a
turn and nothing here reads them. The vectors themselves were tried as features and left out: no gain on
unseen sentences (docs/decisions.md).
"""

from functools import cached_property
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.quiet import silent_imports
from directory.text import fold

MODEL = "fr_core_news_md"
KNOWN_WORDS = "known_words"


class Words:
    """The words of a spaCy model, blind to accents."""

    def __init__(self, model: str = MODEL) -> None:
        disabled = ["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer", "ner", "senter"]
        with silent_imports():
            import spacy

            self._language = spacy.load(model, exclude=disabled)
        strings = self._language.vocab.strings
        self._known = frozenset(fold(strings[key]) for key in self._language.vocab.vectors)

    def in_text(self, text: str) -> list[tuple[str, bool]]:
        """Return the words of `text`, folded, each with whether it is French; digits and signs are left out."""
        words = [fold(token.text) for token in self._language.make_doc(text) if token.is_alpha or "'" in token.text or "’" in token.text]
        return [(word, word in self._known or word.rstrip("'") in self._known) for word in words if word]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class FrenchWords(GraphComponent):
    """Sets `known_words` on each message: its words and whether each is French."""

    def __init__(self, model: str) -> None:
        self._model = model

    @cached_property
    def _words(self) -> Words:
        return Words(self._model)

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "FrenchWords":
        """Return the component; the spaCy model is loaded at the first message, so never by a training."""
        return cls(config.get("model", MODEL))

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that the component needs."""
        return ["spacy"]

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the words of `messages` and return them; nothing goes out with the parse."""
        for message in messages:
            message.set(KNOWN_WORDS, self._words.in_text(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return `training_data` unchanged."""
        return training_data
