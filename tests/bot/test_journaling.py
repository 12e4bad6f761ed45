"""Who tells the journal: beside the turns, what is to disappear first, and no conversation holds up the others."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from clocks import Clock
from databases import with_conversations
from sqlalchemy import event, select, text

from bot.conversations import inbox, outbox
from bot.conversations.erasing import erase
from bot.conversations.inbox import Begun, Incoming
from bot.conversations.models import TEXT, Erasure, JournalDue
from bot.conversations.store import Store
from bot.door import enter
from bot.journaling import Journaling
from journal.erasing import UNKEPT
from journal.kept_models import Count, Purge
from journal.models import Conversation, Request, Turn
from journal.store import Journal
from journal.told import digest_of

RETENTION = timedelta(days=90)


class Desk:
    """Conversations, a journal and who tells it, on a clock that the test moves."""

    def __init__(self, url: str, journal_url: str, wait: Callable[[Awaitable], Any]) -> None:
        self.clock = Clock()
        self.store, self.journal, self.wait = Store(url, now=self.clock), Journal(journal_url), wait
        self.store.prepare()
        self.journaling = Journaling(self.store, self.journal, lambda _code: {}, RETENTION)

    def begin(self, keep: bool = True) -> str:
        """Return the name of a new conversation."""
        return self.store.run_here(inbox.begin, Begun("web", keep, "test"), None, self.clock())

    def say(self, name: str, said: str, **record: Any) -> None:
        """Have a message said and answered."""
        number = self.store.run_here(lambda session: inbox.held(session, name).last_seq)
        self.store.run_here(inbox.receive, name, Incoming(f"message-{number}", TEXT, enter(said)), self.clock())
        claimed = self.store.run_here(inbox.claim, name)
        reading = {"intent": {"name": "inform", "confidence": 0.9}, "entities": [], "record": record}
        self.store.run_here(outbox.settle, claimed, [{"text": "Bien.", "buttons": [], "cards": []}], None, reading, self.clock())

    def round(self) -> bool:
        """Do once what is done every second; return whether nothing failed."""
        return self.wait(self.journaling._round())

    def told(self, name: str) -> list[str]:
        """Return the texts of a conversation that the journal holds."""
        with self.journal.reading() as session:
            query = select(Turn.text).join(Conversation, Conversation.id == Turn.conversation_id)
            return session.execute(query.where(Conversation.digest == digest_of(name)).order_by(Turn.seq)).scalars().all()

    def rows(self, table: type) -> list[Any]:
        """Return the rows of a table of the journal."""
        with self.journal.reading() as session:
            return session.execute(select(table)).scalars().all()


@pytest.fixture
def desk(new_database: Callable[[], str], wait: Callable[[Awaitable], Any]) -> Iterator[Desk]:
    """A desk on each kind of database."""
    made = Desk(with_conversations(new_database()), new_database(), wait)
    yield made
    made.store.close()
    made.journal.close()


def _fails(desk: Desk, words: str) -> Callable[..., None]:
    """Make the journal refuse to hold a text, as a database that a value does not fit would; return what refuses."""

    def refuse(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO journal_turn") and words in str(parameters):
            raise ValueError("it does not fit")

    event.listen(desk.journal.engine, "before_cursor_execute", refuse)
    return refuse


def test_what_is_too_long_for_its_column_is_cut_and_told(desk: Desk) -> None:
    name = desk.begin()
    desk.say(name, "bonjour", model="m" * 100, label="x" * 300, profile={"need": "n" * 100}, asked="a" * 90)
    assert desk.round()
    assert desk.told(name) == ["bonjour"]


def test_one_that_cannot_be_told_holds_up_neither_the_others_nor_an_erasure(desk: Desk) -> None:
    bad, good, gone = desk.begin(), desk.begin(), desk.begin()
    for name in (gone, bad, good):
        desk.say(name, "bonjour" if name != bad else "maudit")
    assert desk.round() is True
    _fails(desk, "encore")
    desk.say(bad, "encore")
    desk.say(good, "autre chose")
    desk.store.run_here(erase, gone, desk.clock())
    desk.round()
    assert (desk.told(bad), desk.told(good), desk.told(gone)) == (["maudit"], ["bonjour", "autre chose"], [])
    # It stays due, and is not tried for ever.
    assert desk.store.run_here(lambda session: session.get(JournalDue, bad)) is not None
    assert desk.wait(desk.journaling.tell()) == 0


def test_one_that_was_set_aside_is_told_when_more_is_said(desk: Desk) -> None:
    name = desk.begin()
    refuse = _fails(desk, "encore")
    desk.say(name, "encore")
    desk.round()
    assert desk.told(name) == []
    event.remove(desk.journal.engine, "before_cursor_execute", refuse)
    desk.say(name, "merci")
    desk.round()
    assert desk.told(name) == ["encore", "merci"]


def test_what_staff_asked_is_done_while_the_directory_is_away(desk: Desk) -> None:
    name, other = desk.begin(), desk.begin()
    desk.say(name, "bonjour")
    assert desk.round()

    def away(_code: str) -> dict[str, str]:
        raise ConnectionError("the directory is away")

    desk.journaling._levels = away
    desk.say(other, "à Rimouski", profile={"place": ["10043"]})
    with desk.journal.writing.begin() as session:
        session.add(Request(digest=digest_of(name), by="marie", asked_at=desk.clock()))
    desk.round()
    [asked] = desk.rows(Request)
    assert asked.proof
    assert desk.told(name) == []


def test_the_proof_of_an_erasure_cut_short_is_found_again(desk: Desk) -> None:
    name = desk.begin()
    desk.say(name, "bonjour")
    assert desk.round()
    with desk.journal.writing.begin() as session:
        session.add(Request(digest=digest_of(name), by="marie", asked_at=desk.clock()))
    # A process erased it in the channel, and stopped before it told the journal.
    proof = desk.store.run_here(erase, name, desk.clock())
    desk.round()
    [asked] = desk.rows(Request)
    assert asked.proof == proof
    assert {each.proof for each in desk.rows(Purge)} == {proof}
    assert desk.store.run_here(lambda session: session.execute(select(Erasure.journaled)).scalar_one()) is True


def test_one_that_goes_on_after_its_purge_is_told_whole(desk: Desk) -> None:
    name = desk.begin(keep=False)
    desk.say(name, "un mentor")
    assert desk.round()
    desk.clock.time += UNKEPT + timedelta(minutes=30)
    desk.journaling._purge_at = 0
    assert desk.round()
    assert (desk.told(name), len(desk.rows(Count))) == ([], 1)
    desk.say(name, "à Rimouski")
    assert desk.round()
    assert desk.told(name) == ["un mentor", "à Rimouski"]


def test_what_was_just_said_keeps_a_conversation_from_the_purge(desk: Desk) -> None:
    name = desk.begin(keep=False)
    desk.say(name, "un mentor")
    assert desk.round()
    desk.clock.time += UNKEPT + timedelta(minutes=30)
    desk.say(name, "à Rimouski")
    desk.journaling._purge_at = 0
    assert desk.round()
    assert desk.told(name) == ["un mentor", "à Rimouski"]
    assert desk.rows(Count) == []


def test_a_journal_that_is_away_at_first_is_made_when_it_comes(
    wait: Callable[[Awaitable], Any], postgresql: Callable[[], str], tmp_path: Any
) -> None:
    desk = Desk(f"sqlite:///{tmp_path / 'conversations.db'}", "postgresql://nobody@/nowhere?host=/nonexistent", wait)
    name = desk.begin()
    desk.say(name, "bonjour")
    with pytest.raises(Exception, match="ne répond pas"):
        desk.round()
    desk.journaling._journal = desk.journal = Journal(postgresql())
    assert desk.round()
    assert desk.told(name) == ["bonjour"]
    desk.store.close()
    desk.journal.close()


def test_a_long_conversation_costs_a_turn_what_a_short_one_does(desk: Desk) -> None:
    name = desk.begin()
    for number in range(40):
        desk.say(name, f"phrase {number}")
    assert desk.round()
    read: list[str] = []
    event.listen(desk.journal.engine, "before_cursor_execute", lambda _c, _k, statement, *_: read.append(statement))
    desk.say(name, "encore")
    assert desk.round()
    assert not [each for each in read if "journal_turn.replies" in each and "seq = " not in each]
    assert sum("INSERT INTO journal_turn" in each for each in read) == 1
    assert sum("UPDATE journal_turn" in each for each in read) == 0
    with desk.journal.reading() as session:
        assert session.execute(text("SELECT messages FROM journal_conversation")).scalar_one() == 41
