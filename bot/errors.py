"""What can go wrong with a model, apart from Rasa so that a command can name it without the wait of its import."""


class ModelError(Exception):
    """The model cannot be made or used; the message is one French line that names the file and the remedy."""
