"""A directory that holds the small seed of tests/directory, for the pages that edit it; and what a form of theirs would send."""

import re
from html import unescape
from pathlib import Path

from databases import with_tables_of
from sqlalchemy.orm import sessionmaker
from staff import Staff
from werkzeug.test import TestResponse

from directory import schema
from directory.database import make_engine, reachable, session_factory, session_scope
from directory.importing import import_seed
from directory.records import Record, load_record
from directory.revisions import revise

SMALL = Path(__file__).parents[1] / "directory" / "seeds" / "small"
RISQ = "/annuaire/organismes/risq"


def filled(url: str) -> str:
    """Return the address of a new database, once it has the tables and the small seed."""
    return with_tables_of("small seed", url, _fill)


def _fill(url: str) -> None:
    engine = make_engine(url)
    with reachable(engine) as connection:
        schema.upgrade(connection)
    with session_scope(session_factory(engine)) as session:
        import_seed(session, SMALL)
    engine.dispose()


def record(makers: sessionmaker, entity: str = "actor", key: str = "risq") -> Record | None:
    """Return a record as it is kept now."""
    with makers() as session:
        return load_record(session, entity, key)


def change(makers: sessionmaker, author: str, entity: str, key: str, **changes: object) -> None:
    """Change a record behind the pages; the record goes when `gone` is true."""
    with session_scope(makers) as session:
        held = load_record(session, entity, key)
        revise(session, author, entity, key, None if changes.get("gone") else {**held, **changes})


def text_of(answer: TestResponse) -> str:
    """Return what a page says, without tags, blanks made one."""
    body = re.sub(r"<(script|style).*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def form_of(answer: TestResponse) -> dict[str, list[str]]:
    """Return what the longest form of a page would send as it is, without its buttons."""
    forms = re.findall(r"<form.*?</form>", answer.get_data(as_text=True), flags=re.DOTALL)
    form, sent = max(forms, key=len), {}
    for tag, attributes, inside in re.findall(r"<(input|textarea|select)([^>]*)>(.*?)(?=</textarea>|</select>|<)", form, flags=re.DOTALL):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        if not found.get("name") or (found.get("type") in ("checkbox", "radio") and not re.search(r"\bchecked\b", attributes)):
            continue
        value = inside[1:] if tag == "textarea" else found.get("value", "")
        sent.setdefault(unescape(found["name"]), []).append(unescape(value))
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        sent[name] = [unescape(chosen[1])] if chosen else []
    return sent


def send(staff: Staff, page: str, **changes: object) -> TestResponse:
    """Return what is answered to the form of `page`, sent with `changes`; None leaves a field out."""
    answer = staff.get(page)
    assert answer.status_code == 200, answer.status
    form = {**form_of(answer), **changes}
    return staff.post_form(page, {name: value for name, value in form.items() if value is not None}, page=page)


def resend(staff: Staff, page: str, answer: TestResponse, **changes: object) -> TestResponse:
    """Return what is answered to the form that `answer` shows, sent again to `page`."""
    form = {**form_of(answer), **changes}
    return staff.post_form(page, {name: value for name, value in form.items() if value is not None}, page=page)
