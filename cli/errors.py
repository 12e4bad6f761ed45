"""What an operator is told when a command cannot go on: one line on standard error, naming the value and the remedy.

Whatever an operator can cause and mend is known here. Any other error is a fault of the program, and keeps its traceback.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import ModelError
from directory.errors import DirectoryError
from settings import SettingsError

EXIT_CODE = 1


class CommandError(Exception):
    """A command cannot go on; the message names the value and the remedy."""


@contextmanager
def operator_errors() -> Iterator[None]:
    """Turn what goes wrong inside into one line on standard error, when an operator can mend it, and exit.

    Raises:
        SystemExit: with `EXIT_CODE`, once the line is written.
    """
    try:
        yield
    except Exception as error:
        line = line_for(error)
        if line is None:
            raise
        print(line, file=sys.stderr)
        raise SystemExit(EXIT_CODE) from None


def line_for(error: Exception) -> str | None:
    """Return what an operator is told of `error`; None when it is none of theirs."""
    if isinstance(error, (CommandError, DirectoryError, ModelError, SettingsError)):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        return f"La base de données a refusé ({reason})\u00a0: rien n’a été écrit; relancez la commande."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}\u00a0: {error.strerror}; vérifiez le chemin et les droits."
    return None
