"""All that the channels hold of one conversation, as plain values: the half of a dossier that the journal does not have."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversations.models import Base, Conversation


def held_of(session: Session, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return by table every row that belongs to a conversation, the state of its dialogue included; empty when nothing is held."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        column = table.c.id if table is Conversation.__table__ else table.c.get("conversation_id")
        if column is None:
            continue
        rows = session.execute(select(table).where(column == name).order_by(*table.primary_key.columns)).mappings().all()
        if rows:
            found[table.name] = [{key: _plain(value) for key, value in row.items()} for row in rows]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
