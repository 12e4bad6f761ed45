"""Rasa importer: reads the sentences once and without schema, where Rasa's own reads and checks every file three times.

The tests check the form of the files (tests/nlu); training does not pay for it again.
"""

from functools import cached_property
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.sentences import read_sentences
from settings import PROJECT_ROOT

SENTENCES = "data/nlu"


class SentenceImporter(RasaFileImporter):
    """Rules, domain and configuration as Rasa reads them; sentences from `bot.nlu.sentences`."""

    def get_nlu_data(self, language: str | None = "fr") -> TrainingData:
        """Return the training sentences; they are read at the first call only."""
        return self._sentences

    @cached_property
    def _sentences(self) -> TrainingData:
        pairs = read_sentences(PROJECT_ROOT / Path(SENTENCES))
        return TrainingData([Message.build(text=sentence, intent=label) for sentence, label in pairs])
