"""The pages of other features that a conversation leads to, where they are there and open to the account."""

from flask import url_for
from werkzeug.routing import BuildError

from console.permissions import may_open

ACTOR = ("actors.actor", "slug")
MEND = ("mending.sentence", "turn")
TEST = ("mending.conversation_test", "conversation")


def elsewhere(page: tuple[str, str], value: object) -> str | None:
    """Return the address of a page of another feature; None when there is none for the account."""
    endpoint, name = page
    if not may_open(endpoint):
        return None
    try:
        return url_for(endpoint, **{name: value})
    except BuildError:
        return None
