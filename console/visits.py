"""What Flask calls the session: who visits, and the little that is kept from one page to the next.

Someone who is logged in holds a random id, whose row is in the database (console/sessions.py). Someone who is not holds a signed cookie
that lasts half an hour, for the token of the login form: no row, and nothing in it that a login keeps.
"""

from flask import Flask, current_app, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature
from werkzeug.datastructures import CallbackDict
from werkzeug.wrappers import Request, Response

from console import clock, sessions
from console.audit import REFUSED, Entry, enter, take_notes
from console.config import Config
from console.databases import databases, is_unreachable, journal_session, opened_sessions
from console.signing import signed, unsigned

PASSING_S = 30 * 60
PASSING = "passing"


class Visit(CallbackDict, SessionMixin):
    """The session of Flask. `given` is a new id to hand to the browser; `ended` takes away the one that it has."""

    def __init__(self) -> None:
        super().__init__(on_update=_note_change)
        self.modified = False
        self.given: str | None = None
        self.ended = False


def _note_change(visit: Visit) -> None:
    visit.modified = True


class Visits(SessionInterface):
    """Opens an empty visit; `come_in` fills it where an error has a page, and `leave` keeps it."""

    def open_session(self, app: Flask, request: Request) -> Visit:
        """Return a visit that nothing was read for."""
        return Visit()

    def save_session(self, app: Flask, session: Visit, response: Response) -> None:
        """Do nothing: `leave` did."""


def install(app: Flask, config: Config) -> None:
    """Make `app` know its visitors."""
    prefix = "__Host-" if config.https else ""
    app.extensions["console_cookies"] = {"session": f"{prefix}sid", PASSING: f"{prefix}passing"}
    app.session_interface = Visits()
    app.before_request(come_in)
    app.after_request(leave)


def come_in() -> None:
    """Know the visitor by what the browser holds: an id, or a signed cookie, or nothing."""
    g.account = None
    if request.endpoint == "static":
        return
    held = request.cookies.get(_cookie("session"))
    if held:
        _come_in_known(held)
    elif request.cookies.get(_cookie(PASSING)):
        _come_in_passing(request.cookies[_cookie(PASSING)])
    session.modified = False


def _come_in_known(held: str) -> None:
    found = sessions.find(journal_session(write=False), held, clock.now())
    if found is None:
        session.ended = True
        return
    session.update(found.content)
    g.account, g.stored = found.account, found


def _come_in_passing(text: str) -> None:
    try:
        content, _ = unsigned(text, PASSING, PASSING_S)
    except BadSignature:
        return
    session.update(content)


def log_in(account_id: int) -> None:
    """Begin a session for an account, in the request's transaction; whatever the browser held is worth nothing from then on."""
    session.clear()
    held = g.get("stored")
    session.given = sessions.begin(journal_session(write=True), account_id, _source(), clock.now(), held)
    g.pop("stored", None)


def given_digest() -> str:
    """Return the digest of the session that this request began."""
    return sessions.digest_of(session.given)


def log_out() -> None:
    """End the session of the request, in the request's transaction."""
    sessions.end(journal_session(write=True), g.stored.id)
    session.clear()
    g.stored = g.account = None
    session.ended = True


def _source() -> sessions.Source:
    return sessions.Source((request.remote_addr or "")[:45], request.headers.get("User-Agent", "")[:200])


def leave(answer: Response) -> Response:
    """Keep what changed, and what was noted, before the answer leaves; a database that fails takes its place."""
    if request.endpoint == "static" or g.get("left"):
        return answer
    g.left = True
    try:
        _keep(answer)
    except Exception as error:
        if not is_unreachable(error):
            raise
        answer = current_app.make_response(current_app.extensions["console_unavailable"](error))
    else:
        _hand_cookies(answer)
    return answer


def _keep(answer: Response) -> None:
    notes = _notes_left(answer)
    stored = g.get("stored")
    changed = session.given or (stored and (session.modified or stored.is_due(clock.now())))
    if not notes and not changed:
        return
    with databases().journal.writing.begin() as writing:
        if changed:
            digest = given_digest() if session.given else stored.digest
            # A slow page that changed nothing must not write over what another stored meanwhile.
            content = dict(session) if session.given or session.modified else None
            sessions.keep(writing, digest, content, clock.now())
        for each in notes:
            enter(writing, each)


def _notes_left(answer: Response) -> list[Entry]:
    """Return what was noted and not committed: what was looked at, if it is shown; what was refused."""
    found = []
    for (_, write), opened in opened_sessions().items():
        left = take_notes(opened)
        found += [each for each in left if each.result == REFUSED or (not write and answer.status_code < 400)]
        if write:
            # What a view did not commit is not wanted, and SQLite has one writer.
            opened.rollback()
    return found


def _hand_cookies(answer: Response) -> None:
    known, passing = _cookie("session"), _cookie(PASSING)
    if session.given:
        _set(answer, known, session.given)
        _take(answer, passing)
        return
    if session.ended:
        _take(answer, known)
    if not g.get("stored") and session.modified and session:
        _set(answer, passing, signed(dict(session), PASSING), PASSING_S)


def _cookie(name: str) -> str:
    return current_app.extensions["console_cookies"][name]


def _set(answer: Response, name: str, value: str, max_age: int | None = None) -> None:
    answer.set_cookie(name, value, max_age=max_age, secure=name.startswith("__Host-"), httponly=True, samesite="Lax", path="/")


def _take(answer: Response, name: str) -> None:
    if name in request.cookies:
        answer.delete_cookie(name, secure=name.startswith("__Host-"), httponly=True, samesite="Lax", path="/")
