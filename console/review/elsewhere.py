"""The pages of other features that a conversation leads to, where they are there and open to the account."""

from collections.abc import Collection

from flask import url_for
from werkzeug.routing import BuildError

from console.permissions import may_open


def elsewhere(endpoint: str, **values: object) -> str | None:
    """Return the address of a page of another feature; None when there is none for the account."""
    if not may_open(endpoint):
        return None
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def record(word: str, key: str, known: Collection[str]) -> str | None:
    """Return the address of a record of the directory (`word` is its kind in addresses); None when its key is not among the known ones."""
    return elsewhere("actors.show", word=word, key=key) if key in known else None
