"""What can go wrong in the console, as one tree; each message is one French sentence for operators or staff.

ConsoleError
├── UnsafeConfig
├── AccountRefused
└── LoginRefused
"""

from directory.errors import DirectoryError


class ConsoleError(DirectoryError):
    """The console cannot do what was asked."""


class UnsafeConfig(ConsoleError):
    """The console would be served so that others could come in."""


class AccountRefused(ConsoleError):
    """What was asked of an account cannot be; the message names the field and the remedy."""


class LoginRefused(ConsoleError):
    """Nobody is let in; the message is the same whether the account exists or not."""
