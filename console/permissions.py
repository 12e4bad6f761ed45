"""Who may open what: each endpoint has its line here, and what has none is refused.

A test fails on a route without a line (tests/console/test_console_matrix.py).
"""

from collections.abc import Collection

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from console.audit import REFUSED, note
from console.databases import journal_session

READER, REVIEWER, EDITOR, PRIVACY, ADMIN = "reader", "reviewer", "editor", "privacy", "admin"
ROLES = {
    READER: "lecture",
    REVIEWER: "révision",
    EDITOR: "annuaire",
    PRIVACY: "vie privée",
    ADMIN: "administration",
}
# No login asked; and any account, whatever its roles.
ANYONE = frozenset({"anyone"})
STAFF = frozenset(ROLES)

ALLOWED: dict[str, frozenset[str]] = {
    "static": ANYONE,
    "home.home": STAFF,
    "home.presence": STAFF,
    # accounts
    "accounts.login": ANYONE,
    "accounts.ask_organisation": ANYONE,
    "accounts.from_organisation": ANYONE,
    "accounts.choose_password": ANYONE,
    "accounts.logout": STAFF,
    "accounts.own": STAFF,
    "accounts.change_password": STAFF,
    "accounts.end_session": STAFF,
    "accounts.end_sessions": STAFF,
    "accounts.factor": STAFF,
    "accounts.factor_image": STAFF,
    "accounts.activate_factor": STAFF,
    "accounts.renew_codes": STAFF,
    "accounts.remove_factor": STAFF,
    "accounts.listing": frozenset({ADMIN}),
    "accounts.new": frozenset({ADMIN}),
    "accounts.add": frozenset({ADMIN}),
    "accounts.account": frozenset({ADMIN}),
    "accounts.change": frozenset({ADMIN}),
    "accounts.stop": frozenset({ADMIN}),
    "accounts.start": frozenset({ADMIN}),
    "accounts.link": frozenset({ADMIN}),
    "accounts.remove_factor_of": frozenset({ADMIN}),
    "accounts.trail": frozenset({ADMIN, PRIVACY}),
    "accounts.trail_csv": frozenset({ADMIN, PRIVACY}),
    # review
    "review.inbox": frozenset({READER, REVIEWER}),
    "review.suggest_places": frozenset({READER, REVIEWER}),
    "review.suggest_actors": frozenset({READER, REVIEWER}),
    "review.save_view": frozenset({READER, REVIEWER}),
    "review.delete_view": frozenset({READER, REVIEWER}),
    "review.conversation": frozenset({READER, REVIEWER}),
    "review.mark_unread": frozenset({READER, REVIEWER}),
    "review.change_several": frozenset({REVIEWER}),
    "review.change_status": frozenset({REVIEWER}),
    "review.change_assignee": frozenset({REVIEWER}),
    "review.put_tag": frozenset({REVIEWER}),
    "review.take_tag": frozenset({REVIEWER}),
    "review.write_note": frozenset({REVIEWER}),
    "review.delete_note": frozenset({REVIEWER}),
    "review.flag": frozenset({REVIEWER}),
    # mending
    "mending.listing": frozenset({READER, REVIEWER}),
    "mending.group": frozenset({READER, REVIEWER}),
    "mending.sentence": frozenset({READER, REVIEWER}),
    "mending.decided": frozenset({READER, REVIEWER}),
    "mending.conversation_test": frozenset({READER, REVIEWER}),
    "mending.label_search": frozenset({REVIEWER}),
    "mending.decide": frozenset({REVIEWER}),
    "mending.decide_sentence": frozenset({REVIEWER}),
    "mending.undo": frozenset({REVIEWER}),
    "mending.export": frozenset({REVIEWER}),
    "mending.make_test": frozenset({REVIEWER}),
    # actors
    "actors.listing": frozenset({READER, REVIEWER, EDITOR}),
    "actors.answers": frozenset({READER, REVIEWER, EDITOR}),
    "actors.place_names": frozenset({READER, REVIEWER, EDITOR}),
    "actors.show": frozenset({READER, REVIEWER, EDITOR}),
    "actors.history": frozenset({READER, REVIEWER, EDITOR}),
    "actors.who_gets": frozenset({READER, REVIEWER, EDITOR}),
    "actors.pending": frozenset({READER, REVIEWER, EDITOR}),
    "actors.actors_file": frozenset({READER, REVIEWER, EDITOR}),
    "actors.services_file": frozenset({READER, REVIEWER, EDITOR}),
    "actors.answers_file": frozenset({READER, REVIEWER, EDITOR}),
    "actors.new": frozenset({EDITOR}),
    "actors.create": frozenset({EDITOR}),
    "actors.edit": frozenset({EDITOR}),
    "actors.change": frozenset({EDITOR}),
    "actors.verify": frozenset({EDITOR}),
    "actors.closing": frozenset({EDITOR}),
    "actors.close": frozenset({EDITOR}),
    "actors.removing": frozenset({EDITOR}),
    "actors.remove": frozenset({EDITOR}),
    "actors.undoing": frozenset({EDITOR}),
    "actors.undo_change": frozenset({EDITOR}),
    "actors.upload_form": frozenset({EDITOR}),
    "actors.upload": frozenset({EDITOR}),
    "actors.look_at_file": frozenset({EDITOR}),
    "actors.import_file": frozenset({EDITOR}),
    # needs
    "needs.overview": frozenset({READER, REVIEWER, EDITOR, PRIVACY}),
    "needs.export": frozenset({READER, REVIEWER, EDITOR, PRIVACY}),
    "needs.drawing": frozenset({READER, REVIEWER, EDITOR, PRIVACY}),
    # privacy
    "privacy.rights": frozenset({PRIVACY}),
    "privacy.conversation": frozenset({PRIVACY}),
    "privacy.dossier": frozenset({PRIVACY}),
    "privacy.erase": frozenset({PRIVACY}),
    "privacy.incidents": frozenset({PRIVACY}),
    "privacy.incidents_csv": frozenset({PRIVACY}),
    "privacy.new_incident": frozenset({PRIVACY}),
    "privacy.add_incident": frozenset({PRIVACY}),
    "privacy.incident": frozenset({PRIVACY}),
    "privacy.change_incident": frozenset({PRIVACY}),
}


def roles_told(roles: Collection[str]) -> str:
    """Return the French labels of roles, in the order of the table."""
    return ", ".join(label for code, label in ROLES.items() if code in roles)


def may(*roles: str) -> bool:
    """The account of the request holds one of `roles`."""
    return bool(g.get("account")) and not {*roles}.isdisjoint(g.account.roles)


def may_open(endpoint: str) -> bool:
    """The visitor of the request may open `endpoint`."""
    allowed = ALLOWED.get(endpoint, frozenset())
    return allowed is ANYONE or may(*allowed)


def guard() -> Response | None:
    """Let the request pass, or send to the login, or refuse; what is no page (404) is nobody's."""
    if request.endpoint is None or may_open(request.endpoint):
        return None
    if g.get("account"):
        note(journal_session(write=False), "access", request.endpoint, result=REFUSED)
        abort(403)
    return to_login()


def to_login() -> Response:
    """Send to the login, from where one comes back to the page that was asked."""
    came_from = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("accounts.login", suite=came_from if came_from != "/" else None)
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": address})
    return redirect(address, 303)
