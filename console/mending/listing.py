"""What was misunderstood: groups of sentences, the most said first."""

from functools import partial

from flask import render_template, url_for

from console.audit import note
from console.databases import journal_session
from console.mending.asked import asked
from console.mending.blueprint import blueprint
from console.mending.desk import labels, shelf
from console.mending.grouping import gather
from console.mending.labels import name_of
from console.mending.words import SIGNS
from journal.corrections import count_by_state

PER_PAGE = 25


@blueprint.get("/")
def listing() -> str:
    """Show a page of the groups."""
    session, wanted = journal_session(), asked()
    found, left = gather(session, wanted)
    pages = max(1, -(-len(found) // PER_PAGE))
    wanted = wanted.on_page(min(wanted.page, pages))
    note(session, "mending.list", detail=wanted.query)
    return render_template(
        "mending/listing.html",
        asked=wanted,
        groups=found[(wanted.page - 1) * PER_PAGE : wanted.page * PER_PAGE],
        total=len(found),
        left=left,
        said=sum(group.times for group in found),
        pages=pages,
        page_url=lambda page: f"{url_for('mending.listing')}?{wanted.on_page(page).query}",
        name_of=partial(name_of, labels(shelf().sentences())),
        signs=SIGNS,
        decided=count_by_state(session),
    )
