"""A conversation becomes a test: shown before it is kept, or downloaded at once."""

from flask import Response, g, render_template, request

from console.audit import REFUSED, note
from console.databases import journal_session
from console.mending.blueprint import blueprint
from console.mending.desk import known_names, labels, shelf
from console.mending.labels import name_of
from console.mending.names import probable_names
from console.mending.scenario import TYPED, NoTest, Step, name_of_test, proposed_name, scenario
from console.review.access import conversation_for
from journal.models import Conversation
from journal.personal import mask


@blueprint.get("/test/<int:conversation>")
def conversation_test(conversation: int) -> str | tuple[str, int]:
    """Show the test that a conversation makes."""
    found = conversation_for(g.account, conversation)
    note(journal_session(), "conversation.view", found.id)
    return _page(found)


@blueprint.post("/test/<int:conversation>")
def make_test(conversation: int) -> Response | tuple[str, int]:
    """Return the test that a conversation makes, as a file; or the page that says why it makes none."""
    found = conversation_for(g.account, conversation, write=False)
    try:
        name, made = _made(found)
    except NoTest:
        note(journal_session(), "mending.test", found.id, result=REFUSED)
        return _page(found)
    note(journal_session(), "mending.test", found.id, name)
    journal_session().commit()
    answer = Response(made, content_type="application/yaml; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.yml")
    return answer


def _steps(found: Conversation) -> list[Step]:
    return [Step(turn.kind, turn.text, turn.label, turn.confidence, turn.replies or []) for turn in found.turns]


def _made(found: Conversation) -> tuple[str, str]:
    """Return the name and the YAML of the test of a conversation.

    Raises:
        NoTest: it makes none.
    """
    steps, known = _steps(found), labels(shelf().sentences())
    name = name_of_test(request.values.get("name", "")) or proposed_name(steps, found.id)
    return name, scenario(name, steps, lambda code: name_of(known, code), mask, found.id)


def _page(found: Conversation) -> str | tuple[str, int]:
    try:
        name, made = _made(found)
    except NoTest as refused:
        return render_template("mending/conversation_test.html", number=found.id, refused=str(refused)), 422
    sentences, said = shelf().sentences(), [step.text for step in _steps(found) if step.kind == TYPED]
    names = list(dict.fromkeys(name for text in said for name in probable_names(text, sentences.ordinary, known_names())))
    return render_template("mending/conversation_test.html", number=found.id, name=name, made=made, names=names)
