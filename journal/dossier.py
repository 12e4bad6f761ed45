"""All that the journal holds of one conversation, for the person whose it is: what they supplied, and apart from it what was inferred."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.text import QUEBEC, day_of
from journal.models import (
    ABANDONED,
    ANSWERED,
    GREETED,
    NOTHING_FOUND,
    PROPOSED,
    UNANSWERED,
    Conversation,
    Proposal,
    Turn,
    Words,
)
from journal.review_models import Correction, Flag, Mention, Note, Seen, Tag

TEMPLATES = Path(__file__).parent / "templates"
# What a conversation is summed up by, once it is known who said what.
_INFERRED = (
    *("need", "legal_form", "stage", "region", "mrc", "municipality", "sector", "outcome", "unmet_need", "waited_for"),
    *("least_confidence", "fallbacks", "unheld", "failures", "messages", "thumbs_up", "thumbs_down", "lot"),
)
_NAMED = ("need", "legal_form", "stage", "region", "mrc", "municipality", "sector", "unmet_need")
OUTCOME_NAMES = {
    PROPOSED: "des organismes ont été proposés",
    NOTHING_FOUND: "rien de proche n’a été trouvé",
    ABANDONED: "la recherche n’est pas allée au bout",
    ANSWERED: "des questions ont eu une réponse",
    UNANSWERED: "rien n’a été compris, ou su",
    GREETED: "des salutations",
}
_OF_STAFF = ("status", "assignee", "flags", "version")


class NoConversation(Exception):
    """The journal holds no conversation of this number."""


def dossier_of(session: Session, number: int, now: datetime) -> dict[str, Any]:
    """Return what the journal holds of a conversation, as plain values: {made_at, conversation, supplied, answered, inferred, staff}.

    Raises:
        NoConversation: as its name says.
    """
    row = session.get(Conversation, number)
    if row is None:
        raise NoConversation(number)
    turns = session.execute(select(Turn).where(Turn.conversation_id == number).order_by(Turn.seq)).scalars().all()
    return {
        "made_at": now.isoformat(),
        "conversation": _plain(row, ("id", "digest", "channel", "kept", "begun_at", "begun_on", "active_at")),
        "supplied": _supplied(row, turns),
        "answered": [{"seq": turn.seq, "at": turn.at.isoformat(), "replies": turn.replies} for turn in turns if turn.replies],
        "inferred": _inferred(session, row, turns),
        "staff": _of_staff(session, row, turns),
    }


def _supplied(row: Conversation, turns: list[Turn]) -> dict[str, Any]:
    said = [{"seq": turn.seq, "at": turn.at.isoformat(), "kind": turn.kind, "text": turn.text} for turn in turns if turn.text]
    judged = [
        {name: reply[name] for name in ("seq", "rating", "reason", "comment") if name in reply}
        for turn in turns
        for reply in turn.replies
        if reply.get("rating")
    ]
    return {"messages": said, "feedback": judged, "rating": row.rating, "comment": row.comment}


def _inferred(session: Session, row: Conversation, turns: list[Turn]) -> dict[str, Any]:
    columns = ("seq", "intent", "label", "confidence", "fallback", "doubtful", "rephrased", "unheld", "failed", "model", "latency_ms")
    read = [{**_plain(turn, columns), "reading": turn.reading} for turn in turns]
    shown = session.execute(select(Proposal).where(Proposal.conversation_id == row.id).order_by(Proposal.seq, Proposal.rank)).scalars()
    words = session.get(Words, row.id)
    return {
        **_plain(row, _INFERRED),
        "turns": read,
        "proposals": [_plain(each, ("actor", "seq", "rank", "day")) for each in shown],
        "words": words and words.words,
    }


def _of_staff(session: Session, row: Conversation, turns: list[Turn]) -> dict[str, Any]:
    def of(table: type, *columns: str) -> list[dict[str, Any]]:
        found = session.execute(select(table).where(table.conversation_id == row.id)).scalars()
        return [_plain(each, columns) for each in found]

    notes = of(Note, "id", "seq", "author", "written_at", "text")
    named = select(Mention).where(Mention.note_id.in_([note["id"] for note in notes]))
    decided = select(Correction).where(Correction.turn_id.in_([turn.id for turn in turns]))
    return {
        **_plain(row, _OF_STAFF),
        "tags": [each["name"] for each in of(Tag, "name")],
        "notes": notes,
        "mentions": [_plain(each, ("note_id", "account", "read_at")) for each in session.execute(named).scalars()],
        "flags": of(Flag, "seq", "reason", "author", "flagged_at"),
        "seen": of(Seen, "account", "seen_at"),
        "corrections": [
            _plain(each, ("sentence", "label", "state", "author", "decided_at")) for each in session.execute(decided).scalars()
        ],
    }


def _plain(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def codes_in(dossier: dict[str, Any]) -> set[str]:
    """Return the codes that the readable dossier shows, whose names its caller gives."""
    inferred = dossier["inferred"]
    return {inferred[name] for name in _NAMED if inferred[name]} | {each["actor"] for each in inferred["proposals"]}


def readable(dossier: dict[str, Any], names: Mapping[str, str]) -> str:
    """Return a dossier as a page in French, to be read or printed; `names` gives the French name of each of its codes."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["moment"] = _moment
    environment.filters["named"] = lambda code: names.get(code, code)
    return environment.get_template("dossier.html").render(dossier=dossier, outcomes=OUTCOME_NAMES)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(QUEBEC)
    return f"{day_of(moment)}, {moment.hour}\u00a0h\u00a0{moment:%M}"
