"""What staff make of conversations: status, who has it, tags, flags, what was read. Each function runs in its caller's transaction."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.errors import DirectoryError
from journal.models import Conversation, Turn
from journal.review_models import Flag, Seen, Tag

MISUNDERSTOOD, WRONG, MISSING, GOOD, OTHER = "misunderstood", "wrong", "missing", "good", "other"
REASONS = (MISUNDERSTOOD, WRONG, MISSING, GOOD, OTHER)
LONGEST_TAG, MOST_TAGS = 48, 20
MOST_SUGGESTED = 30


class Refused(DirectoryError):
    """What was asked cannot be done; the message says why, and what to do."""


class ChangedMeanwhile(DirectoryError):
    """Someone changed the conversation since it was read; nothing was done."""


def set_status(session: Session, conversation: int, status: str, version: int | None = None) -> None:
    """Change the status of a conversation; with `version`, only if it is still the one that was read.

    Raises:
        ChangedMeanwhile: it is not.
    """
    _change(session, conversation, {"status": status}, version)


def assign(session: Session, conversation: int, account: str | None, version: int | None = None) -> None:
    """Give a conversation to an account, or to nobody; with `version`, only if it is still the one that was read.

    Raises:
        ChangedMeanwhile: it is not.
    """
    _change(session, conversation, {"assignee": account}, version)


def _change(session: Session, conversation: int, values: Mapping[str, Any], version: int | None) -> None:
    same = [] if version is None else [Conversation.version == version]
    query = update(Conversation).where(Conversation.id == conversation, *same).values(**values, version=Conversation.version + 1)
    if not session.execute(query.execution_options(synchronize_session=False)).rowcount and same:
        raise ChangedMeanwhile("Quelqu’un a changé cette conversation pendant que vous la lisiez\u00a0: revoyez-la, puis recommencez.")


def tidy(text: str) -> str:
    """Return a name without hidden signs, its words separated by one space."""
    shown = "".join(" " if unicodedata.category(sign)[0] == "Z" or sign in "\n\t" else sign for sign in unicodedata.normalize("NFC", text))
    return " ".join("".join(sign for sign in shown if unicodedata.category(sign)[0] != "C").split())


def put_tag(session: Session, conversation: int, name: str) -> str:
    """Put a tag, and return it as it is kept: without capitals, so that two people write the same.

    Raises:
        Refused: it is empty or too long, or there are too many.
    """
    name = tidy(name).lower()
    if not name:
        raise Refused("Écrivez l’étiquette à mettre.")
    if len(name) > LONGEST_TAG:
        raise Refused(f"Cette étiquette est trop longue\u00a0: {LONGEST_TAG}\u00a0signes au plus.")
    others = select(func.count()).where(Tag.conversation_id == conversation, Tag.name != name)
    if session.scalar(others) >= MOST_TAGS:
        raise Refused(f"Cette conversation a déjà {MOST_TAGS}\u00a0étiquettes\u00a0: ôtez-en une d’abord.")
    session.execute(insert(session, Tag).values(conversation_id=conversation, name=name).on_conflict_do_nothing())
    return name


def take_tag(session: Session, conversation: int, name: str) -> None:
    """Take a tag away; nothing when it is not there."""
    session.execute(delete(Tag).where(Tag.conversation_id == conversation, Tag.name == name).execution_options(synchronize_session=False))


def tags_of(session: Session, conversations: Collection[int]) -> dict[int, list[str]]:
    """Return the tags of conversations, by conversation, in the order of the alphabet."""
    found: dict[int, list[str]] = defaultdict(list)
    for conversation, name in session.execute(
        select(Tag.conversation_id, Tag.name).where(Tag.conversation_id.in_(conversations)).order_by(Tag.name)
    ):
        found[conversation].append(name)
    return found


def tags_in_use(session: Session) -> list[str]:
    """Return the tags that are on the most conversations, those first."""
    query = select(Tag.name).group_by(Tag.name).order_by(func.count().desc(), Tag.name).limit(MOST_SUGGESTED)
    return list(session.scalars(query))


def flag(session: Session, conversation: int, seq: int, reason: str, author: str, at: datetime) -> None:
    """Mark a turn, in place of the mark that it had.

    Raises:
        Refused: there is no such turn, or no such reason.
    """
    if reason not in REASONS:
        raise Refused("Choisissez pourquoi vous signalez ce message.")
    check_turn(session, conversation, seq)
    new = insert(session, Flag).values(conversation_id=conversation, seq=seq, reason=reason, author=author, flagged_at=at)
    values = {"reason": reason, "author": author, "flagged_at": at}
    session.execute(new.on_conflict_do_update(index_elements=[Flag.conversation_id, Flag.seq], set_=values))
    _count_flags(session, conversation)


def unflag(session: Session, conversation: int, seq: int) -> None:
    """Take the mark of a turn away; nothing when it has none."""
    marked = delete(Flag).where(Flag.conversation_id == conversation, Flag.seq == seq)
    session.execute(marked.execution_options(synchronize_session=False))
    _count_flags(session, conversation)


def _count_flags(session: Session, conversation: int) -> None:
    number = select(func.count()).where(Flag.conversation_id == conversation).scalar_subquery()
    counted = update(Conversation).where(Conversation.id == conversation).values(flags=number)
    session.execute(counted.execution_options(synchronize_session=False))


def flags_of(session: Session, conversation: int) -> dict[int, Flag]:
    """Return the marks of a conversation, by turn."""
    return {row.seq: row for row in session.scalars(select(Flag).where(Flag.conversation_id == conversation))}


def check_turn(session: Session, conversation: int, seq: int) -> None:
    """Do nothing when the conversation has a turn of that number.

    Raises:
        Refused: it has none.
    """
    if not session.scalar(select(exists().where(Turn.conversation_id == conversation, Turn.seq == seq))):
        raise Refused("Ce message n’est pas, ou n’est plus, dans la conversation.")


def mark_seen(session: Session, conversation: Conversation, account: str) -> None:
    """Note that an account has read a conversation, as far as it went when it was read."""
    new = insert(session, Seen).values(conversation_id=conversation.id, account=account, seen_at=conversation.active_at)
    session.execute(
        new.on_conflict_do_update(index_elements=[Seen.conversation_id, Seen.account], set_={"seen_at": conversation.active_at})
    )


def mark_unseen(session: Session, conversation: int, account: str) -> None:
    """Note that an account has to read a conversation again."""
    seen = delete(Seen).where(Seen.conversation_id == conversation, Seen.account == account)
    session.execute(seen.execution_options(synchronize_session=False))


def seen_of(session: Session, conversations: Sequence[Conversation], account: str) -> set[int]:
    """Return the ids of those of `conversations` that the account has read to their end."""
    query = select(Seen.conversation_id, Seen.seen_at).where(
        Seen.account == account, Seen.conversation_id.in_([c.id for c in conversations])
    )
    seen_at = dict(session.execute(query).all())
    return {each.id for each in conversations if each.id in seen_at and seen_at[each.id] >= each.active_at}


def insert(session: Session, table: type) -> Any:
    """Return an insertion that may say what to do of a row that is there already."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)
