"""Mending: what was misunderstood becomes training data, and conversations become tests; a module each."""

from datetime import timedelta
from importlib import import_module

from flask import render_template, url_for
from flask.blueprints import BlueprintSetupState

from console import clock
from console.databases import journal_session
from console.features import Waiting
from console.mending.asked import DAYS
from console.mending.blueprint import blueprint
from console.mending.sentences import Shelf, UnreadableSentences
from console.permissions import REVIEWER, may
from journal.corrections import count_by_state
from journal.misunderstood import misunderstood
from journal.review_models import ACCEPTED
from settings import PROJECT_ROOT

MENU = (("mending.listing", "Phrases à réparer"),)
ACTIONS = {
    "mending.list": "phrases à réparer consultées",
    "mending.view": "groupe de phrases lu",
    "mending.accept": "phrase acceptée pour l’entraînement",
    "mending.ignore": "phrase ignorée",
    "mending.undo": "décision sur une phrase reprise",
    "mending.decided": "décisions sur les phrases consultées",
    "mending.export": "phrases exportées",
    "mending.test": "conversation changée en test",
}
# Looked at for the first page, which must come at once.
MOST_LOOKED_AT = 300

# Their routes join the blueprint.
for _module in ("listing", "deciding", "decided", "testing"):
    import_module(f"console.mending.{_module}")


@blueprint.record_once
def _bring_the_shelf(state: BlueprintSetupState) -> None:
    state.app.extensions.setdefault("console_shelf", Shelf(PROJECT_ROOT))


@blueprint.errorhandler(UnreadableSentences)
def _unreadable(error: UnreadableSentences) -> tuple[str, int]:
    return render_template("mending/unreadable.html", told=str(error)), 503


def waiting() -> list[Waiting]:
    """Return what waits for those who mend: sentences, and what they accepted and did not export."""
    if not may(REVIEWER):
        return []
    session, now = journal_session(write=False), clock.now()
    found = len(misunderstood(session, now - timedelta(days=DAYS), now, most=MOST_LOOKED_AT))
    accepted = count_by_state(session)[ACCEPTED]
    told = [
        Waiting(
            "phrases à réparer, des derniers messages" if found > 1 else "phrase à réparer, des derniers messages",
            found,
            url_for("mending.listing"),
        ),
        Waiting("phrases acceptées à exporter" if accepted > 1 else "phrase acceptée à exporter", accepted, url_for("mending.decided")),
    ]
    return [each for each in told if each.count]
