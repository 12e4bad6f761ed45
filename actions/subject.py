"""What the last answer was about: its subject and the fact that it told, by which a few words lean on it."""

from actions.access import Access
from actions.turn import Turn
from directory.models import Answer

# The question about any organisation that a fact of an answer replies to.
_ASKED_BY = {
    "amount": "ask_amount",
    "eligibility": "ask_eligibility",
    "share_of_cost": "ask_share_of_cost",
    "conditions": "ask_conditions",
    "uses": "ask_use_of_funds",
    "area": "ask_area",
    "rate": "ask_interest",
    "interest": "ask_interest",
    "guarantee": "ask_guarantee",
    "repayment": "ask_repayment",
    "early_repayment": "ask_repayment",
    "duration": "ask_repayment",
    "cost": "ask_cost",
    "status": "ask_status",
    "contact": "ask_contact",
}


def last_answer(turn: Turn, access: Access) -> Answer | None:
    """Return the answer told last, or None when something else was spoken of since."""
    slug = turn.slot("last_topic")
    return access.answers([slug]).get(slug) if slug else None


def asked_by(answer: Answer | None) -> str | None:
    """Return the intent that asks of any organisation what `answer` tells of its own, or None."""
    return _ASKED_BY.get(answer.facet) if answer else None


def same_subject(one: Answer, other: Answer | None) -> bool:
    """Return whether two different answers are on one subject."""
    return other is not None and one.slug != other.slug and one.subject is not None and one.subject == other.subject


def about_mentoring(turn: Turn, access: Access) -> bool:
    """Return whether the conversation is about mentoring."""
    if turn.slot("need") == "mentorat":
        return True
    last = last_answer(turn, access)
    return last is not None and last.subject == "mentorat"
