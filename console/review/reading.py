"""The page of a conversation."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import clock
from console.audit import REFUSED, note
from console.databases import directory_session, journal_session
from console.permissions import REVIEWER, may
from console.review import words
from console.review.access import conversation_for
from console.review.asked import address_of, carried, with_filters
from console.review.chips import chips
from console.review.elsewhere import elsewhere
from console.review.marking import marker
from console.review.names import read_names
from console.review.people import me, people
from console.review.routes import blueprint
from console.review.turns import codes_of, shown
from directory.vocabulary import LEGAL_FORMS, NEEDS, STAGES
from journal.filters import LEVELS, Filters
from journal.inbox import mark_of, neighbours
from journal.masked import pieces
from journal.models import STATUSES, Conversation, Turn
from journal.notes import notes_of, read_mentions, unread_mentions
from journal.reviewing import flags_of, mark_seen, tags_in_use, tags_of

# Turns on a page.
AT_ONCE = 60

blueprint.app_template_filter("pieces")(pieces)
blueprint.app_template_filter("brief")(words.brief)


@blueprint.get("/<int:conversation>")
def conversation(conversation: int) -> str:
    """Show a conversation, which the account has then read; `m` is the number of a message to begin at its page."""
    row = conversation_for(g.account, conversation, write=True)
    session = journal_session(write=True)
    told = page_of(session, row)
    mark_seen(session, row, me())
    read_mentions(session, row.id, me(), clock.now())
    note(session, "conversation.view", row.id)
    session.commit()
    return render_template("review/conversation.html", **told)


def answer(id: int, anchor: str = "") -> str | Response:
    """Return what follows a change: the page again to a script of ours that puts it in place, else the way back to it."""
    if "HX-Request" in request.headers:
        session = journal_session()
        session.expire_all()
        return render_template("review/conversation.html", **page_of(session, conversation_for(g.account, id, write=True)), again=True)
    return redirect(address(id, carried()) + (f"#{anchor}" if anchor else ""), 303)


def refuse(reason: Exception, action: str, id: int) -> None:
    """Undo what was begun, tell why, and note it: the page that follows shows the conversation."""
    journal_session().rollback()
    note(journal_session(), action, id, result=REFUSED)
    flash(str(reason), "error")


def address(id: int, filters: Filters) -> str:
    """Return the address of a conversation among those of the same filters."""
    return with_filters(url_for("review.conversation", conversation=id), filters)


def page_of(session: Session, row: Conversation) -> dict[str, Any]:
    """Return what the page of a conversation says."""
    filters = carried()
    total, first, turns = _turns(session, row.id)
    names = read_names(directory_session(), _codes(row, turns, filters))
    before, after = neighbours(session, filters, me(), mark_of(row))
    notes, staff = notes_of(session, row.id), people(session)
    searched = marker(filters.words)
    return {
        "conversation": row,
        "searched": searched,
        "found_in": [turn.seq for turn in turns if any(found for _, found in searched(turn.text))],
        "turns": [shown(turn, names) for turn in turns],
        "span": (first + 1, first + len(turns), total),
        "earlier": _page_address(row.id, filters, first - AT_ONCE) if first else None,
        "later": _page_address(row.id, filters, first + AT_ONCE) if first + AT_ONCE < total else None,
        "facts": _facts(row, names),
        "tags": tags_of(session, [row.id]).get(row.id, []),
        "suggested": tags_in_use(session),
        "notes": notes,
        "mentions": unread_mentions(session, notes, me()),
        "flags": flags_of(session, row.id),
        "staff": staff,
        "me": me(),
        "words": words,
        "statuses": STATUSES,
        "flag_choices": words.FLAGS,
        "assignees": staff if row.assignee in (None, *staff) else {row.assignee: row.assignee, **staff},
        "changes": may(REVIEWER),
        "before": address(before, filters) if before else None,
        "after": address(after, filters) if after else None,
        "back": address_of(filters),
        "chips": chips(filters, names, staff),
        "to": lambda endpoint, **values: with_filters(url_for(f"review.{endpoint}", conversation=row.id, **values), filters),
        "permanent": lambda seq: f"{url_for('review.conversation', conversation=row.id, m=seq)}#m{seq}",
        "mend": lambda turn: elsewhere("mending.sentence", turn=turn),
        "test": elsewhere("mending.conversation_test", conversation=row.id),
        "rights": elsewhere("privacy.conversation", number=row.id),
    }


def _turns(session: Session, id: int) -> tuple[int, int, list[Turn]]:
    """Return how many turns there are, how many come before those of the page, and these."""
    of_it = Turn.conversation_id == id
    total = session.scalar(select(func.count()).select_from(Turn).where(of_it))
    first = request.args.get("debut", 0, type=int)
    wanted = request.args.get("m", type=int)
    if wanted is not None:
        first = session.scalar(select(func.count()).select_from(Turn).where(of_it, Turn.seq <= min(max(wanted, 0), 2**31 - 1))) - 1
    first = min(max(first, 0), max(total - 1, 0)) // AT_ONCE * AT_ONCE
    return total, first, list(session.scalars(select(Turn).where(of_it).order_by(Turn.seq).offset(first).limit(AT_ONCE)))


def _page_address(id: int, filters: Filters, first: int) -> str:
    return with_filters(url_for("review.conversation", conversation=id), filters, debut=str(first))


def _codes(row: Conversation, turns: list[Turn], filters: Filters) -> Any:
    codes = codes_of(turns)
    codes.places |= {code for level in LEVELS if (code := getattr(row, level))}
    if filters.place:
        codes.places.add(filters.place.code)
    if filters.actor:
        codes.actors.add(filters.actor)
    if filters.intent:
        codes.topics.add(filters.intent.rpartition("/")[2])
    return codes


def _facts(row: Conversation, names: Any) -> list[tuple[str, str]]:
    """Return what sums the conversation up."""
    places = [names.place(code) for level in reversed(LEVELS) if (code := getattr(row, level))]
    told = {
        "Issue": words.OUTCOMES.get(row.outcome, row.outcome),
        "Besoin": NEEDS.get(row.need, row.need),
        "Besoin sans réponse": NEEDS.get(row.unmet_need, row.unmet_need),
        "Recherche laissée à": words.ASKED.get(row.waited_for, row.waited_for),
        "Forme": LEGAL_FORMS.get(row.legal_form, row.legal_form),
        "Étape": STAGES.get(row.stage, row.stage),
        "Lieu": ", ".join(places),
        "Canal": words.CHANNELS.get(row.channel, row.channel),
    }
    return [(title, value) for title, value in told.items() if value]
