"""Why a conversation cannot do what its channel asks; the channel turns each into a French sentence.

ConversationError
├── NoConversation
│   └── Erased
├── NoSuchMessage
├── StaleChoice
└── TooManyWaiting
"""


class ConversationError(Exception):
    """What was asked of a conversation cannot be done."""


class NoConversation(ConversationError):
    """Nothing is held under this name: it was never begun, or its time is over."""


class Erased(NoConversation):
    """The conversation was erased; `proof` is the number that was given for it."""

    def __init__(self, proof: str) -> None:
        super().__init__(proof)
        self.proof = proof


class NoSuchMessage(ConversationError):
    """No message of ours has this number in the conversation, or it holds nothing that was asked for."""


class StaleChoice(ConversationError):
    """This conversation was given no such button."""


class TooManyWaiting(ConversationError):
    """As many messages wait for their answer as one conversation may have."""
