"""What staff write to one another about a conversation, and who is named in it. Each function runs in its caller's transaction."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from journal.review_models import Mention, Note
from journal.reviewing import Refused, check_turn

LONGEST_NOTE = 4_000
_NAMED = re.compile(r"(?<![\w@.-])@([a-z0-9](?:[\w.-]{0,62}[a-z0-9])?)", re.IGNORECASE)


@dataclass(frozen=True)
class Written:
    """A note that was written: its id, the accounts that it named, and the names that are nobody's."""

    id: int
    named: tuple[str, ...]
    unknown: tuple[str, ...]


def names_in(text: str) -> list[str]:
    """Return the names that follow « @ » in `text`, in lower case, each once; an e-mail address names nobody."""
    return list(dict.fromkeys(found.lower() for found in _NAMED.findall(text)))


def write_note(
    session: Session, conversation: int, text: str, author: str, at: datetime, people: Collection[str], seq: int | None = None
) -> Written:
    """Write a note, about the turn `seq` when it is given; `people` are the accounts that may be named.

    Raises:
        Refused: it is empty or too long, or there is no such turn.
    """
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise Refused("Écrivez la note à garder.")
    if len(text) > LONGEST_NOTE:
        raise Refused(f"Cette note est trop longue\u00a0: {LONGEST_NOTE}\u00a0signes au plus. Coupez-la en deux.")
    if seq is not None:
        check_turn(session, conversation, seq)
    note = Note(conversation_id=conversation, seq=seq, author=author, written_at=at, text=text)
    session.add(note)
    session.flush()
    names = names_in(text)
    named = tuple(name for name in names if name in people)
    session.add_all(Mention(note_id=note.id, account=name) for name in named)
    session.flush()
    return Written(note.id, named, tuple(name for name in names if name not in people))


def delete_note(session: Session, conversation: int, note: int, author: str) -> bool:
    """Delete a note of `author`; return whether there was one."""
    own = delete(Note).where(Note.id == note, Note.conversation_id == conversation, Note.author == author)
    return bool(session.execute(own.execution_options(synchronize_session=False)).rowcount)


def notes_of(session: Session, conversation: int) -> list[Note]:
    """Return the notes of a conversation, the oldest first."""
    return list(session.scalars(select(Note).where(Note.conversation_id == conversation).order_by(Note.written_at, Note.id)))


def unread_mentions(session: Session, notes: Iterable[Note], account: str) -> set[int]:
    """Return the ids of those of `notes` that name the account, which has not read them."""
    ids = [note.id for note in notes]
    query = select(Mention.note_id).where(Mention.note_id.in_(ids), Mention.account == account, Mention.read_at.is_(None))
    return {*session.scalars(query)}


def read_mentions(session: Session, conversation: int, account: str, at: datetime) -> None:
    """Note that an account has read the notes of a conversation that name it."""
    here = select(Note.id).where(Note.conversation_id == conversation)
    mine = update(Mention).where(Mention.account == account, Mention.read_at.is_(None), Mention.note_id.in_(here)).values(read_at=at)
    session.execute(mine.execution_options(synchronize_session=False))
