"""Who may see a conversation: the one place where it is looked up for an account."""

from typing import NoReturn

from flask import abort, make_response, render_template

from console.databases import journal_session
from console.permissions import READER, REVIEWER
from console.sessions import Known
from journal.models import Conversation

# No number of the journal is larger.
LARGEST = 2**63 - 1
READERS = frozenset({READER, REVIEWER})


def conversation_for(account: Known | None, conversation: int, write: bool = False) -> Conversation:
    """Return a conversation that the account may read, in the session that reads or the one that writes; end the request with a refusal
    (403), or with the page of what is no longer there (404)."""
    if account is None or READERS.isdisjoint(account.roles):
        abort(403)
    # Whoever changes something of it is not overtaken by its erasure.
    held = {"read": True, "key_share": True} if write else None
    found = journal_session(write).get(Conversation, conversation, with_for_update=held) if conversation <= LARGEST else None
    return found if found is not None else gone(conversation)


def gone(conversation: int) -> NoReturn:
    """End the request: the conversation is not, or no longer, there."""
    abort(make_response(render_template("review/gone.html", number=conversation), 404))
