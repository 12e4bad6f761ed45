"""The journal follows the channels: what is said is told after the turn, what is erased is erased there too, whatever stops in between."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from serving import Web
from sqlalchemy import select, text

from bot.conversations.models import Erasure, JournalDue
from bot.conversations.telling import note_all_due
from journal.kept_models import Purge
from journal.models import NOTHING_FOUND, PROPOSED, Conversation, Proposal, Request, Turn, Words
from journal.store import Journal
from journal.told import digest_of

PATIENCE_S = 20


@pytest.fixture(scope="module")
def web(serve_app: Callable[..., Any], new_url: str) -> Iterator[Web]:
    """A server with a journal of its own, of this file alone."""
    with serve_app(database_url=new_url, journal_url=new_url) as serving:
        yield serving


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database, which the conversations and the journal share."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql")()
    return f"sqlite:///{tmp_path_factory.mktemp('shared') / 'all.db'}"


def until(look: Callable[[], Any]) -> Any:
    """Return what `look` gives, as soon as it gives anything."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("the journal was not told in time")


def names(web: Web) -> list[str]:
    """Return the names of the conversations that the channel holds, in the order in which they began."""
    return web.store.run_here(lambda session: session.execute(text("SELECT id FROM conversation ORDER BY begun_at")).scalars().all())


def row_of(journal: Journal, name: str) -> Conversation | None:
    """Return the row of a conversation, or None."""
    with journal.reading() as session:
        return session.execute(select(Conversation).where(Conversation.digest == digest_of(name))).scalar_one_or_none()


def told(web: Web, name: str, messages: int) -> Conversation:
    """Return the row of a conversation once `messages` of it are told."""
    return until(lambda: row if (row := row_of(web.journal, name)) and row.messages >= messages else None)


def turns_of(web: Web, row: Conversation) -> list[Turn]:
    """Return the turns of a conversation."""
    with web.journal.reading() as session:
        return session.execute(select(Turn).where(Turn.conversation_id == row.id).order_by(Turn.seq)).scalars().all()


def test_what_is_said_is_told_with_what_was_understood_and_what_came_of_it(web: Web) -> None:
    token = web.begin()
    web.say(token, text="on cherche un accompagnement pour notre coop de travail en démarrage à Louiseville")
    row = told(web, names(web)[-1], 1)
    assert (row.channel, row.need, row.mrc, row.region, row.outcome) == ("web", "accompagnement", "mrc-maskinonge", "R04", PROPOSED)
    turn = next(each for each in turns_of(web, row) if each.text)
    assert turn.intent == "find_support"
    assert turn.label.startswith("find_support")
    assert turn.model
    assert turn.reading["ranking"][0][0] == turn.label
    place = next(each for each in turn.reading["entities"] if each["entity"] == "place")
    assert place["text"] == "Louiseville"
    assert turn.reading["profile"]["place"]["municipality"] == "51015"
    with web.journal.reading() as session:
        shown = session.execute(select(Proposal.actor).where(Proposal.conversation_id == row.id)).scalars().all()
        words = session.get(Words, row.id).words
    assert {card["actor"] for reply in turn.replies for card in reply.get("cards", ())} == {*shown}
    assert " louiseville" in words
    assert any(card.get("why") for reply in turn.replies for card in reply.get("cards", ()))


def test_a_greeting_that_nobody_answers_is_no_conversation_of_the_journal(web: Web) -> None:
    web.begin()
    name = names(web)[-1]
    until(lambda: not web.store.run_here(lambda session: session.get(JournalDue, name)))
    assert row_of(web.journal, name) is None


def test_a_thumb_and_a_comment_come_after_their_turn(web: Web) -> None:
    token = web.begin()
    [*_, last] = web.say(token, text="c'est quoi le RISQ")
    name = names(web)[-1]
    told(web, name, 1)
    web.ask(
        "POST",
        "feedback",
        token,
        json={"message": last["seq"], "rating": "down", "reason": "beside", "comment": "bof, mon cell 418 555-0199"},
    )
    row = until(lambda: row if (row := row_of(web.journal, name)).thumbs_down else None)
    reply = next(each for turn in turns_of(web, row) for each in turn.replies if each.get("rating"))
    assert (reply["seq"], reply["reason"]) == (last["seq"], "beside")
    assert "555" not in reply["comment"]


def test_what_is_not_held_is_told_apart(web: Web) -> None:
    token = web.begin()
    web.say(token, text="c'est quoi le quorum d'une assemblée de coop")
    row = told(web, names(web)[-1], 1)
    [turn] = [each for each in turns_of(web, row) if each.text]
    assert (row.unheld, turn.unheld) == (1, "le quorum")


def test_what_is_not_found_near_is_an_unmet_need(web: Web) -> None:
    token = web.begin()
    web.say(token, text="on cherche un mentor à Kuujjuaq pour notre coop en démarrage")
    row = told(web, names(web)[-1], 1)
    assert (row.outcome, row.unmet_need, row.region) == (NOTHING_FOUND, "mentorat", "R10")


def test_the_whole_journal_can_be_told_again(web: Web) -> None:
    name = next(each for each in names(web) if (row := row_of(web.journal, each)) and row.messages)
    before = row_of(web.journal, name)
    with web.journal.writing.begin() as session:
        session.execute(Turn.__table__.delete())
    web.store.run_here(note_all_due)
    until(lambda: not web.store.run_here(lambda session: session.execute(select(JournalDue)).first()))
    after = row_of(web.journal, name)
    assert (after.id, after.messages, after.outcome) == (before.id, before.messages, before.outcome)
    assert turns_of(web, after)


@pytest.mark.parametrize("way", ["delete", "words"])
def test_an_erasure_reaches_the_journal_and_its_proof_is_in_the_report(web: Web, way: str) -> None:
    token = web.begin()
    web.say(token, text="une chose à oublier")
    name = names(web)[-1]
    told(web, name, 1)
    if way == "delete":
        proof = web.ask("DELETE", "conversation", token).json()["proof"]
    else:
        web.post(token, text="efface ma conversation")
        proof = until(lambda: web.fetch(token).json().get("proof") or web.store.run_here(_proof, name))
    until(lambda: row_of(web.journal, name) is None)
    with web.journal.reading() as session:
        report = session.execute(select(Purge).where(Purge.proof == proof)).scalar_one()
        assert (report.conversations, report.turns > 0) == (1, True)
        assert not session.execute(select(Words).where(Words.words.contains("oublier"))).first()


def _proof(session: Any, name: str) -> str | None:
    found = session.get(Erasure, digest_of(name))
    return found and found.proof


def test_staff_can_have_a_conversation_erased_everywhere(web: Web) -> None:
    token = web.begin()
    web.say(token, text="bonjour, encore à oublier")
    name = names(web)[-1]
    row = told(web, name, 1)
    with web.journal.writing.begin() as session:
        session.add(Request(digest=row.digest, by="marie", asked_at=web.store.now()))
    request = until(lambda: _answered(web, row.digest))
    assert name not in names(web)
    assert row_of(web.journal, name) is None
    refused = web.fetch(token)
    assert (refused.status_code, refused.json()["error"]["proof"]) == (410, request.proof)


def _answered(web: Web, digest: str) -> Request | None:
    with web.journal.reading() as session:
        request = session.get(Request, digest)
        return request if request.done_at else None


def test_a_journal_that_is_down_delays_nobody_and_loses_nothing(web: Web, caplog: pytest.LogCaptureFixture) -> None:
    token = web.begin()
    with web.journal.writing.begin() as session:
        session.execute(text("ALTER TABLE journal_turn RENAME TO journal_turn_away"))
    answers = web.say(token, text="qui peut nous aider à Sept-Îles")
    name = names(web)[-1]
    until(lambda: [each for each in caplog.records if "the journal could not be told" in each.getMessage()])
    with web.journal.writing.begin() as session:
        session.execute(text("ALTER TABLE journal_turn_away RENAME TO journal_turn"))
    assert answers
    assert told(web, name, 1).messages == 1
