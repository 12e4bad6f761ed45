"""« Qui recevrait ceci? » of a record as it is kept."""

from flask import render_template, request

from console.actors.asking import asked
from console.actors.routes import blueprint
from console.actors.showing import record_or_404, served
from console.clock import today
from console.databases import directory_session
from directory.labels import Names
from directory.preview import Edited, preview


@blueprint.get("/<word>/<path:key>/apercu")
def who_gets(word: str, key: str) -> str:
    """Show what would be proposed to a project, and where the record stands in it."""
    shown, session = record_or_404(word, key), directory_session()
    names = Names.load(session)
    wanted = asked(request.args).settled(names.territories)
    found = None
    if wanted.profile and shown.kind.entity in ("actor", "service"):
        found = preview(session, wanted.profile, Edited(shown.kind.entity, key), names.territories, today())
    where = served(shown.record, names) if shown.kind.entity == "actor" else None
    return render_template("actors/who_gets.html", shown=shown, asked=wanted, preview=found, served=where)
