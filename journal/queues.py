"""The queues that fill themselves: filters that have a name, each of conversations that ask for somebody's eyes."""

from sqlalchemy.orm import Session

from journal.filters import DOWN, ME, Filters
from journal.inbox import count
from journal.models import ABANDONED, NOTHING_FOUND, TO_REVIEW

# One conversation out of twenty is in the random sample.
SAMPLE = 50
# A queue that holds more is told as « plus de 99 ».
MOST_TOLD = 99
QUEUES = {
    "misunderstood": Filters(status=TO_REVIEW, fallback=True),
    "thumbs_down": Filters(status=TO_REVIEW, thumbs=DOWN),
    "nothing_found": Filters(status=TO_REVIEW, outcome=NOTHING_FOUND),
    "abandoned": Filters(status=TO_REVIEW, outcome=ABANDONED),
    "unheld": Filters(status=TO_REVIEW, unheld=True),
    "sample": Filters(status=TO_REVIEW, lot=SAMPLE),
    # Whoever is named is told, whatever became of the conversation.
    "named": Filters(named=True),
    "mine": Filters(status=TO_REVIEW, assignee=ME),
}


def lengths(session: Session, me: str) -> dict[str, int]:
    """Return how many conversations each queue holds for the account `me`: MOST_TOLD + 1 when there are more."""
    return {name: count(session, filters, me, MOST_TOLD) for name, filters in QUEUES.items()}
