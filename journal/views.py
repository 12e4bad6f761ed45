"""The searches of the inbox that staff gave a name. Each function runs in its caller's transaction."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from journal.filters import Filters
from journal.review_models import View
from journal.reviewing import Refused, insert, tidy

LONGEST_NAME, MOST_VIEWS = 64, 50


def save_view(session: Session, author: str, name: str, filters: Filters, shared: bool) -> str:
    """Keep a search under a name that `author` has not used yet, and return the name as it is kept.

    Raises:
        Refused: the name is empty, too long or used, there is nothing to keep, or there are too many.
    """
    name, query = tidy(name), str(filters)
    if not name:
        raise Refused("Donnez un nom à la vue.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Ce nom est trop long\u00a0: {LONGEST_NAME}\u00a0signes au plus.")
    if not query:
        raise Refused("Choisissez d’abord au moins un filtre\u00a0: une vue garde des filtres.")
    mine = {*session.scalars(select(View.name).where(View.author == author))}
    if len(mine) >= MOST_VIEWS:
        raise Refused(f"Vous avez déjà {MOST_VIEWS}\u00a0vues\u00a0: supprimez-en une d’abord.")
    new = insert(session, View).values(author=author, name=name, query=query, shared=shared)
    if not session.execute(new.on_conflict_do_nothing(index_elements=[View.author, View.name])).rowcount:
        raise Refused(f"Vous avez déjà une vue «\u00a0{name}\u00a0»\u00a0: choisissez un autre nom, ou supprimez-la d’abord.")
    return name


def views_for(session: Session, account: str) -> list[View]:
    """Return the views of an account and those that all share, in the order of the alphabet."""
    return list(session.scalars(select(View).where(or_(View.author == account, View.shared)).order_by(View.name, View.id)))


def delete_view(session: Session, view: int, author: str, shared_too: bool = False) -> str | None:
    """Delete a view of `author`, or one that anybody shares when `shared_too`, and return its name; None when there is no such view."""
    theirs = or_(View.author == author, View.shared) if shared_too else View.author == author
    found = session.scalar(select(View).where(View.id == view, theirs))
    if found is None:
        return None
    session.execute(delete(View).where(View.id == view).execution_options(synchronize_session=False))
    return found.name
