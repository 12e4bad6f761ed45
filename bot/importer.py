"""Rasa importer: reads the sentences once and without schema, and hands them over as one message a label.

Rasa's own importer reads and checks every file three times, and the training then copies, compares and fingerprints each
sentence a dozen times: more than half a minute for 40,000 of them. The tests check the form of the files (tests/nlu).
"""

from functools import cached_property
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.sentences import read_sentences
from settings import PROJECT_ROOT

SENTENCES = "data/nlu"


# The sentences of a label, on the message that stands for them; a message without it is a sentence of its own.
WORDINGS = "wordings"


class SentenceImporter(RasaFileImporter):
    """Rules, domain and configuration as Rasa reads them; sentences from `bot.nlu.sentences`."""

    def get_nlu_data(self, language: str | None = "fr") -> TrainingData:
        """Return one message a label, with its sentences under `WORDINGS`; they are read at the first call only."""
        return self._sentences

    @cached_property
    def _sentences(self) -> TrainingData:
        wordings: dict[str, list[str]] = {}
        for sentence, label in read_sentences(PROJECT_ROOT / Path(SENTENCES)):
            wordings.setdefault(label, []).append(sentence)
        messages = [Message.build(text=sentences[0], intent=label) for label, sentences in wordings.items()]
        for message, sentences in zip(messages, wordings.values(), strict=True):
            message.set(WORDINGS, sentences)
        return TrainingData(messages)
