"""One group of sentences: each is accepted for a label, as staff have edited it, or ignored. A page is decided as a whole or not at all.

What a decision needs is read apart (`write=False`), so that on SQLite nobody waits for the session that writes but a moment.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console import clock
from console.audit import note
from console.databases import journal_session
from console.mending.advice import Advice, Desk, advise, cleaned
from console.mending.asked import Asked, asked
from console.mending.blueprint import blueprint
from console.mending.choosing import offers
from console.mending.desk import desk, labels, shelf
from console.mending.grouping import Group, gather, group_of
from console.mending.labels import search
from console.mending.words import REASONS, SIGNS, phrases
from journal.corrections import AlreadyDecided, NotThere, accept, ignore
from journal.misunderstood import Heard, heard_in

# What a field holds at most: more is no sentence, and is told so.
MOST_TYPED, MOST_SEARCHED = 2_000, 200
MOST_SHOWN = 50
GONE = "Quelqu’un vient de traiter ces phrases, ou elles ne sont plus là\u00a0: rien n’a été changé."
DECIDED = "vient de décider d’une de ces phrases\u00a0: rien n’a été changé, voici ce qui reste."


@dataclass(frozen=True)
class Line:
    """A sentence on the page: what was heard, as it is edited, whether it is chosen and whether its warnings were read; its advice."""

    heard: Heard
    text: str
    chosen: bool = True
    confirmed: bool = False
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class Form:
    """What the page says: a label, a reason to ignore, a search, the sentences, and what is wrong as a whole."""

    lines: tuple[Line, ...]
    label: str = ""
    reason: str = ""
    searched: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> list[Line]:
        """The sentences that are chosen."""
        return [line for line in self.lines if line.chosen]


@dataclass(frozen=True)
class Case:
    """Sentences to decide of, where the decision is sent, and where one goes when nothing is left of them."""

    group: Group
    address: str
    back: str


def _group_case(digest: str) -> Case | None:
    wanted = asked()
    found = group_of(gather(journal_session(write=False), wanted).groups, digest)
    return found and Case(found, f"{url_for('mending.decide', digest=digest)}?{wanted.query}", listing_of(wanted))


def _sentence_case(turn: int) -> Case | None:
    heard = heard_in(journal_session(write=False), turn)
    if heard is None:
        return None
    conversation = url_for("review.conversation", conversation=heard.conversation_id, _anchor=f"m{heard.seq}")
    return Case(Group((heard,)), url_for("mending.decide_sentence", turn=turn), conversation)


@blueprint.get("/groupe/<digest>")
def group(digest: str) -> str | Response:
    """Show a group of sentences, and what may be decided of it."""
    return _show(_group_case(digest), digest[:12])


@blueprint.post("/groupe/<digest>")
def decide(digest: str) -> str | Response | tuple[str, int]:
    """Accept or ignore the chosen sentences, or search a label for them."""
    return _decide(_group_case(digest))


@blueprint.get("/message/<int:turn>")
def sentence(turn: int) -> str | Response:
    """Show the sentence of one message, understood or not, and what may be decided of it."""
    return _show(_sentence_case(turn), str(turn))


@blueprint.post("/message/<int:turn>")
def decide_sentence(turn: int) -> str | Response | tuple[str, int]:
    """Accept or ignore the sentence of one message, or search a label for it."""
    return _decide(_sentence_case(turn))


@blueprint.get("/etiquettes")
def label_search() -> str:
    """Return the labels that a search names, as choices of the page of a group."""
    known, text = labels(shelf().sentences()), request.args.get("q", "")[:MOST_SEARCHED]
    return render_template("mending/_found.html", found=search(known, text), q=text)


def listing_of(wanted: Asked) -> str:
    """Return the address of the list that was asked for."""
    return f"{url_for('mending.listing')}?{wanted.query}"


def _show(case: Case | None, subject: str) -> str | Response:
    if case is None:
        flash("Ces phrases ont été traitées, ou ne sont plus là.", "warning")
        return redirect(listing_of(asked()), 303)
    note(journal_session(), "mending.view", subject)
    form = Form(tuple(Line(each, cleaned(each.text)) for each in case.group.heard[:MOST_SHOWN]))
    return _page(case, form, desk())


def _decide(case: Case | None) -> str | Response | tuple[str, int]:
    if case is None:
        flash(GONE, "error")
        return redirect(listing_of(asked()), 303)
    form, step, known = _form(case.group), request.form.get("step", ""), desk()
    if step == "search":
        return _page(case, form, known)
    form = _checked_to_accept(form, known) if step == "accept" else _checked_to_ignore(form)
    if form.errors or any(_stops(line) for line in form.chosen if step == "accept"):
        return _page(case, form, known), 422
    return settle(case, form, step, known)


def _form(found: Group) -> Form:
    says = request.form
    chosen, confirmed = {*says.getlist("chosen")}, {*says.getlist("confirmed")}
    lines = tuple(
        Line(each, cleaned(says.get(f"text-{each.digest}", each.text)[:MOST_TYPED]), each.digest in chosen, each.digest in confirmed)
        for each in found.heard[:MOST_SHOWN]
    )
    return Form(lines, says.get("label", ""), says.get("reason", ""), says.get("q", "")[:MOST_SEARCHED])


def _checked_to_accept(form: Form, known: Desk) -> Form:
    """Return the form with the advice on each chosen sentence; each is told those before it as if they were accepted."""
    if not form.chosen:
        return replace(form, errors={"chosen": "Choisissez au moins une phrase."})
    if form.label not in known.labels:
        return replace(form, errors={"label": "Choisissez ce que ces phrases veulent dire."})
    lines, accepted = [], list(known.accepted)
    for line in form.lines:
        if line.chosen:
            line = replace(line, advice=tuple(advise(replace(known, accepted=accepted), line.text, form.label)))
            accepted += [] if any(each.forbids for each in line.advice) else [(line.text, form.label)]
        lines.append(line)
    return replace(form, lines=tuple(lines))


def _checked_to_ignore(form: Form) -> Form:
    if not form.chosen:
        return replace(form, errors={"chosen": "Choisissez au moins une phrase."})
    return form if form.reason in REASONS else replace(form, errors={"reason": "Dites pourquoi."})


def _stops(line: Line) -> bool:
    """Something of the line is to be mended, or read, before it is accepted."""
    return any(each.forbids for each in line.advice) or bool(line.advice and not line.confirmed)


def settle(case: Case, form: Form, step: str, known: Desk) -> Response:
    """Accept or ignore the chosen sentences of a form that is in order, all of them or none, and say so on the next page."""
    session = journal_session()
    try:
        for line in form.chosen:
            _decide_line(session, line, form, step)
    except (AlreadyDecided, NotThere) as refused:
        session.rollback()
        decided = isinstance(refused, AlreadyDecided)
        flash(f"{refused.correction.author} {DECIDED}" if decided else GONE, "error")
        return redirect(listing_of(asked()), 303)
    session.commit()
    many = "s" if len(form.chosen) > 1 else ""
    what = f"acceptée{many} comme «\u00a0{known.name(form.label)}\u00a0»" if step == "accept" else f"ignorée{many} ({REASONS[form.reason]})"
    flash(f"{phrases(len(form.chosen))} {what}.", "done")
    return redirect(_next(case, {line.heard.digest for line in form.chosen}), 303)


def _decide_line(session: Session, line: Line, form: Form, step: str) -> None:
    author, at = g.account.username, clock.now()
    if step == "accept":
        made = accept(session, line.heard.digest, line.text, form.label, author, at, line.heard.turn_ids[0])
        note(session, "mending.accept", made.id, form.label)
    else:
        made = ignore(session, line.heard.digest, form.reason, author, at)
        note(session, "mending.ignore", made.id, form.reason)


def _next(case: Case, decided: Collection[str]) -> str:
    """Return the address of what is left of the group, else of where it was found."""
    left = next((each.digest for each in case.group.heard if each.digest not in decided), None)
    return f"{url_for('mending.group', digest=left)}?{asked().query}" if left else case.back


def _page(case: Case, form: Form, known: Desk) -> str:
    return render_template(
        "mending/group.html",
        case=case,
        group=case.group,
        form=form,
        offers=offers(journal_session(write=False), known, case.group, form.searched, form.label),
        name_of=known.name,
        reasons=REASONS,
        signs=SIGNS,
        more=len(case.group.heard) - len(form.lines),
    )
