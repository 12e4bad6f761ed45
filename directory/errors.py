"""What can go wrong in the directory, as one tree; each message is one French sentence for operators.

DirectoryError
├── DatabaseUnreachable
├── SchemaMismatch
├── SeedError
├── UnknownRevision
└── UnknownTerritory
"""

from typing import Any


class DirectoryError(Exception):
    """The directory cannot do what was asked."""


class DatabaseUnreachable(DirectoryError):
    """The database does not answer at its address."""


class SchemaMismatch(DirectoryError):
    """The tables are not those that this version of the program expects."""


class UnknownRevision(DirectoryError):
    """No migration leads from the tables as they are to the revision that was asked."""

    def __init__(self, revision: str, newest: str) -> None:
        super().__init__(f"Aucune migration ne mène à «\u00a0{revision}\u00a0»\u00a0: la plus récente est {newest}.")
        self.revision = revision


class UnknownTerritory(DirectoryError):
    """A code is not that of any territory."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Territoire inconnu\u00a0: «\u00a0{code}\u00a0».")
        self.code = code


# More would be the same mistake again.
MOST_PROBLEMS = 20


class SeedError(DirectoryError):
    """The seed files cannot be loaded; `problems` holds one `path: what is wrong` a line."""

    def __init__(self, problems: list[str]) -> None:
        shown, more = problems[:MOST_PROBLEMS], len(problems) - MOST_PROBLEMS
        super().__init__("\n".join([*shown, *([f"… et {more} autres problèmes"] if more > 0 else [])]))
        self.problems = problems


def place_of(error: BaseException) -> str:
    """Return the file and line that raised `error`, for the logs: its text may hold what a person typed."""
    trace: Any = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}"
