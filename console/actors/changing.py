"""Edit a record, or add one: nothing is saved with an error, over what somebody else saved meanwhile, or without being understood."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.actors.asking import Asked, asked
from console.actors.kinds import Kind, address, kind_of, subject
from console.actors.meeting import Meeting, met
from console.actors.routes import blueprint
from console.actors.sheet import SHEETS, inputs_of
from console.actors.showing import served
from console.actors.typed import Typed, meant, shown, typed
from console.audit import note
from console.clock import today
from console.databases import commit_both, directory_session, journal_session
from directory.editing import ABSENT, Draft, Overtaken, examined, overtaken, save, seen, wait_for_writers
from directory.labels import Names, field_label
from directory.overdue import name_of
from directory.preview import Edited, Preview, preview
from directory.problems import Problem
from directory.queries import services_of
from directory.records import Record, load_entity, load_record
from directory.text import slugify

LONGEST_KEY = 60
# What is told with its source, and the source.
FACTS = {
    "actor": ("contact",),
    "service": ("amount_min", "amount_max", "share_of_cost_max", "cost", "how_to_apply", "valid_from", "valid_to"),
}
SOURCES = ("source", "other_sources", "as_of", "verified_on")


@dataclass
class Sheet:
    """A form as it is shown: of which record, filled how, with what is wrong, and what is to be told."""

    kind: Kind
    key: str
    typed: Typed
    seen: str
    names: Names
    name: str = ""
    problems: list[Problem] = field(default_factory=list)
    meeting: Meeting | None = None
    asked: Asked | None = None
    preview: Preview | None = None
    served: object = None

    def wrong(self, name: str) -> str:
        """Return what is wrong with a field, for beside it."""
        return " ".join(sentence(each.told) for each in self.problems if each.field == name)

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (field, its label, what is wrong) in the order of the form; what has no field of the form comes first, without one."""
        order = [each.field for each in inputs_of(self.kind.entity)]
        rows = [(each.field if each.field in order else "", each) for each in self.problems]
        rows.sort(key=lambda row: order.index(row[0]) if row[0] else -1)
        return [(name, field_label(self.kind.entity, each.field) if each.field else "", sentence(each.told)) for name, each in rows]

    def choices(self, entity: str) -> list[tuple[str, str]]:
        """Return the records of an entity that a field may name: keys and names, by name."""
        return sorted(self.names.names.get(entity, {}).items(), key=lambda each: each[1].casefold())


def sentence(text: str) -> str:
    """Return a problem as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def show_sheet(sheet: Sheet, status: int = 200) -> tuple[str, int]:
    """Return the page of a form."""
    is_new = not sheet.key
    action = url_for("actors.create", word=sheet.kind.word) if is_new else address(sheet.kind.entity, sheet.key, "actors.edit")
    back = url_for("actors.listing") if is_new else address(sheet.kind.entity, sheet.key)
    sections = SHEETS[sheet.kind.entity]
    return render_template("actors/sheet.html", sheet=sheet, sections=sections, action=action, back=back, is_new=is_new), status


@blueprint.get("/<word>/<path:key>/modifier")
def edit(word: str, key: str) -> tuple[str, int]:
    """Show the form of a record."""
    kind, session = kind_of(word), directory_session()
    record = load_record(session, kind.entity, key)
    if record is None:
        abort(404)
    sheet = Sheet(kind, key, shown(kind.entity, record), seen(record), Names.load(session), name_of(record), asked=asked(request.args))
    return show_sheet(sheet)


@blueprint.get("/<word>/nouveau")
def new(word: str) -> tuple[str, int]:
    """Show an empty form; `organisme` is the organisation of a new service or answer."""
    kind = kind_of(word)
    given: Record = {"status": "active", "actor": request.args.get("organisme", "")}
    sheet = Sheet(kind, "", shown(kind.entity, given), ABSENT, Names.load(directory_session()), asked=asked(request.args))
    return show_sheet(sheet)


@blueprint.post("/<word>/nouveau")
def create(word: str) -> tuple[str, int] | Response:
    """Add the record that the form means."""
    return _take(kind_of(word), "")


@blueprint.post("/<word>/<path:key>/modifier")
def change(word: str, key: str) -> tuple[str, int] | Response:
    """Save what the form means; or search a place, or show who would get it, as the button that was pressed says."""
    return _take(kind_of(word), key)


def _take(kind: Kind, key: str) -> tuple[str, int] | Response:
    session, pressed = directory_session(), request.form.get("do", "save")
    wait_for_writers(session)
    names, record = Names.load(session), load_record(session, kind.entity, key) if key else None
    sheet = Sheet(kind, key, typed(kind.entity, request.form, names), request.form.get("seen", ABSENT), names, asked=asked(request.form))
    sheet.name = name_of(record or {}) or key
    if pressed == "look":
        return show_sheet(sheet)
    gone = overtaken(session, kind.entity, key, sheet.seen) if key else None
    base = gone.before if gone else record
    given, wrong = meant(kind.entity, sheet.typed, base)
    if gone and pressed != "preview":
        return _told(sheet, gone, given, wrong)
    return _try(session, sheet, given, wrong) if pressed == "preview" else _save(session, sheet, record, given, wrong)


def _told(sheet: Sheet, gone: Overtaken, given: Record, wrong: list[Problem]) -> tuple[str, int]:
    """Show what somebody else saved meanwhile, and the form with what both wrote; saved again, it is knowingly."""
    sheet.meeting, merged = met(sheet.kind.entity, sheet.key, gone, given, sheet.names)
    kept = {each.field: sheet.typed.values[each.field] for each in wrong}
    sheet.typed, sheet.problems, sheet.seen = shown(sheet.kind.entity, merged), wrong, seen(gone.theirs)
    sheet.typed.values.update(kept)
    return show_sheet(sheet, 409)


def _draft(session: Session, sheet: Sheet, given: Record, wrong: list[Problem]) -> Draft:
    """Return the draft of the form, every problem in it; a new record gets its key."""
    entity, key = sheet.kind.entity, sheet.key or _new_key(session, sheet.kind.entity, given)
    if not key:
        wrong = [*wrong, Problem("label" if entity == "answer" else "name", "écrivez un nom où il y a des lettres ou des chiffres")]
    draft = examined(session, entity, key, {**given, **({} if entity == "place_alias" else {"slug": key})}, today())
    bad = {each.field.partition(".")[0] for each in wrong} | ({"slug"} if not key else set())
    sheet.problems = [*wrong, *(each for each in draft.problems if each.field.partition(".")[0] not in bad)]
    return draft


def _new_key(session: Session, entity: str, given: Record) -> str:
    """Return a key that no record has, made of the name; an other name of places is its own."""
    if entity == "place_alias":
        return str(given["name"]).strip()
    name = str(given.get("label") or given.get("short_name") or given["name"])
    stem = slugify(f"{given['actor']} {name}" if entity == "service" else name)[:LONGEST_KEY].strip("-")
    taken, joint = load_entity(session, entity), "_" if entity == "answer" else "-"
    stem = stem.replace("-", joint)
    numbered = (f"{stem}{joint}{number}" for number in range(2, len(taken) + 3))
    return stem if not stem or stem not in taken else next(each for each in numbered if each not in taken)


def _save(session: Session, sheet: Sheet, record: Record | None, given: Record, wrong: list[Problem]) -> tuple[str, int] | Response:
    entity, draft = sheet.kind.entity, _draft(session, sheet, given, wrong)
    if not sheet.key and entity == "place_alias" and load_record(session, entity, draft.key):
        sheet.problems.append(Problem("name", "ce nom est déjà dans l’annuaire\u00a0: modifiez sa fiche"))
    if sheet.problems:
        return show_sheet(sheet, 422)
    revision = save(session, g.account.username, draft, sheet.seen if sheet.key else ABSENT)
    if revision is None:
        flash("Rien n’a changé\u00a0: la fiche disait déjà cela.")
        return redirect(address(entity, draft.key), 303)
    note(journal_session(), "directory.save" if sheet.key else "directory.create", subject(entity, draft.key))
    commit_both()
    flash("C’est enregistré. L’assistant s’en sert dès le prochain message.")
    for told in _reminders(session, draft, record or {}):
        flash(told, "warning")
    return redirect(address(entity, draft.key), 303)


def _reminders(session: Session, draft: Draft, before: Record) -> Iterator[str]:
    """Yield what is still to be done for what was saved to be told, and told with its source."""
    changed = {name for name, value in draft.record.items() if before and before.get(name) != value}
    if changed & {*FACTS.get(draft.entity, ())} and not changed & {*SOURCES}:
        yield "La source est restée la même\u00a0: si ce que vous avez changé vient d’ailleurs, modifiez-la aussi, avec la date."
    if draft.entity == "actor" and not services_of(session, draft.key):
        yield "Sans service, cet organisme ne répond à aucun besoin\u00a0: l’assistant le décrit, sans le proposer. Ajoutez-lui un service."


def _try(session: Session, sheet: Sheet, given: Record, wrong: list[Problem]) -> tuple[str, int]:
    """Show who would get the draft; with errors, they come first."""
    draft = _draft(session, sheet, given, wrong)
    if sheet.asked and not sheet.problems:
        sheet.asked = sheet.asked.settled(sheet.names.territories, must=True)
        if sheet.asked.profile:
            edited = Edited(draft.entity, draft.key, draft.record)
            sheet.preview = preview(session, sheet.asked.profile, edited, sheet.names.territories, today())
    if sheet.kind.entity == "actor" and not sheet.problems:
        sheet.served = served(draft.record, sheet.names)
    return show_sheet(sheet, 422 if sheet.problems else 200)
