"""What an operator may be told: one line on standard error, naming the value and the remedy."""

import sys

from directory.errors import DirectoryError
from settings import SettingsError


class CommandError(Exception):
    """A command cannot go on; the message names the value and the remedy."""


OPERATOR_ERRORS = (CommandError, DirectoryError, SettingsError)


def say_error(error: Exception) -> int:
    """Print `error` on standard error in one line and return the exit code."""
    print(f"aiguilleur\u00a0: {error}", file=sys.stderr)
    return 2
