"""Review: the inbox of conversations, and the page of one; a module each, and one for what changes."""

from importlib import import_module

from flask import Blueprint

from console.databases import journal_session
from console.features import Waiting
from console.permissions import READER, REVIEWER, may
from console.review import words
from console.review.asked import address_of
from console.review.people import me
from journal.inbox import MOST_COUNTED, count
from journal.queues import QUEUES

blueprint = Blueprint("review", __name__, url_prefix="/conversations", template_folder="templates")
MENU = (("review.inbox", "Conversations"),)
ACTIONS = {
    "conversation.search": "conversations cherchées",
    "conversation.view": "conversation lue",
    "conversation.status": "état d’une conversation changé",
    "conversation.assign": "conversation assignée",
    "conversation.tag": "étiquette mise",
    "conversation.untag": "étiquette ôtée",
    "conversation.note": "note écrite",
    "conversation.unnote": "note supprimée",
    "conversation.flag": "message signalé",
    "conversation.unflag": "signalement retiré",
    "conversation.unread": "conversation remise à lire",
    "view.save": "vue gardée",
    "view.delete": "vue supprimée",
}
# The queues that wait for somebody, on the first page.
AWAITED = ("named", "mine", "thumbs_down", "misunderstood")

# Their routes join the blueprint.
for _module in ("listing", "suggesting", "saved", "bulk", "reading", "changing", "noting"):
    import_module(f"console.review.{_module}")


def waiting() -> list[Waiting]:
    """Return the queues that hold conversations for the account."""
    if not may(READER, REVIEWER):
        return []
    told = []
    for name in AWAITED:
        number = count(journal_session(), QUEUES[name], me())
        more = ", ou plus" if number > MOST_COUNTED else ""
        if number:
            label = f"conversation{'s' if number > 1 else ''}\u00a0: {words.QUEUES[name].lower()}{more}"
            told.append(Waiting(label, min(number, MOST_COUNTED), address_of(QUEUES[name])))
    return told
