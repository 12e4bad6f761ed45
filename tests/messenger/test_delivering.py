"""The outbox on its way: in order, announced by one, again when nobody knows, given up with its reason."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from neutral import reply
from sqlalchemy import select

from bot.conversations import delivering, inbox, outbox
from bot.conversations.delivering import LEASE, Parcel
from bot.conversations.erasing import erase
from bot.conversations.inbox import Begun
from bot.conversations.models import DUE, SENT, STOPPED, Delivery


class Post:
    """Each function of `delivering`, in a transaction of its own."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def begin(self, channel: str = "messenger") -> str:
        """Return the name of a new conversation."""
        return self.store.run_here(inbox.begin, Begun(channel, True, "2026-11"), None, self.store.now())

    def owe(self, name: str, *texts: str) -> None:
        """Put texts in the outbox."""
        self.store.run_here(outbox.greet, name, [reply(text) for text in texts], self.store.now())

    def take(self, name: str) -> Parcel | datetime | None:
        """Announce."""
        return self.store.run_here(delivering.take, name, self.store.now())

    def arrived(self, parcel: Parcel, last: bool = True) -> None:
        """Note that a part arrived."""
        self.store.run_here(delivering.arrived, parcel, last)

    def put_off(self, parcel: Parcel, doubtful: bool = False, **later: float) -> None:
        """Note that a part did not."""
        self.store.run_here(delivering.put_off, parcel, self.store.now() + timedelta(**later), doubtful)

    def stop(self, name: str, reason: str, outbox_id: int | None = None) -> int:
        """Give up."""
        return self.store.run_here(delivering.stop, name, reason, outbox_id)

    def due(self) -> list[str]:
        """Return where something can be sent."""
        return [*self.store.run_here(delivering.due, self.store.now())]

    def rows(self, name: str) -> list[Delivery]:
        """Return the deliveries of a conversation."""
        query = select(Delivery).where(Delivery.conversation_id == name).order_by(Delivery.seq)
        return self.store.run_here(lambda session: session.execute(query).scalars().all())

    def column(self, name: str, column: str) -> list[Any]:
        """Return what one column of the deliveries of a conversation holds."""
        return [getattr(row, column) for row in self.rows(name)]


@pytest.fixture
def post(store: Any) -> Post:
    """The post of `store`."""
    return Post(store)


@pytest.fixture
def name(post: Post) -> str:
    """A conversation that is owed nothing."""
    return post.begin()


def test_what_is_written_for_messenger_is_due_at_once_and_what_the_widget_fetches_never_is(post, name):
    web = post.begin("web")
    post.owe(name, "un", "deux")
    post.owe(web, "un")
    assert post.column(name, "state") == [DUE, DUE]
    assert post.rows(web) == []
    assert post.due() == [name]


def test_the_parts_of_messages_are_taken_in_their_order_one_at_a_time(post, name):
    post.owe(name, "un", "deux")
    post.owe(name, "trois")
    taken = []
    while len(taken) < 9 and (parcel := post.take(name)) is not None:
        taken.append((parcel.content["text"], parcel.part))
        post.arrived(parcel, last=parcel.part == 1)
    assert taken == [(text, part) for text in ("un", "deux", "trois") for part in (0, 1)]
    assert post.column(name, "state") == [SENT] * 3
    assert post.due() == []


def test_nothing_is_taken_where_nothing_is_due(post, name):
    assert post.take(name) is None
    assert post.take("messenger:nobody") is None


def test_of_many_who_announce_at_once_one_does(post, name):
    post.owe(name, "un", "deux")
    with ThreadPoolExecutor(8) as threads:
        found = [*threads.map(lambda _: post.take(name), range(24))]
    assert [parcel.content["text"] for parcel in found if isinstance(parcel, Parcel)] == ["un"]
    assert all(isinstance(each, (Parcel, datetime)) for each in found)
    assert post.column(name, "attempts") == [1, 0]


def test_each_part_is_announced_once_however_many_bring_it(post, name, clock):
    post.owe(name, *(f"{n}" for n in range(10)))
    taken: list[str] = []

    def bring(_: int) -> None:
        while len(taken) < 30 and (found := post.take(name)) is not None:
            if isinstance(found, Parcel):
                taken.append(found.content["text"])
                post.arrived(found)

    with ThreadPoolExecutor(4) as threads:
        [*threads.map(bring, range(4))]
    assert taken == [f"{n}" for n in range(10)]
    assert post.column(name, "doubtful") == [0] * 10


def test_what_another_one_announced_is_left_to_them_for_as_long_as_a_request_may_take(post, name, clock):
    post.owe(name, "un")
    started = clock()
    assert isinstance(post.take(name), Parcel)
    clock.move(seconds=LEASE.total_seconds() - 1)
    assert post.take(name) == started + LEASE
    assert post.due() == []


def test_what_was_announced_and_never_noted_is_made_again_and_counted_as_doubtful(post, name, clock):
    post.owe(name, "un")
    post.take(name)
    for again in (1, 2):
        clock.move(seconds=LEASE.total_seconds())
        assert post.due() == [name]
        parcel = post.take(name)
        assert (parcel.part, parcel.attempts, parcel.doubtful) == (0, 1 + again, again)
        assert post.column(name, "doubtful") == [again]
    post.arrived(parcel)
    assert [(row.state, row.doubtful) for row in post.rows(name)] == [(SENT, 2)]


@pytest.mark.parametrize("note", [lambda post, late: post.arrived(late), lambda post, late: post.put_off(late, doubtful=True, hours=1)])
def test_who_comes_back_after_another_one_took_over_notes_nothing(post, name, clock, note: Callable):
    post.owe(name, "un")
    late = post.take(name)
    clock.move(seconds=LEASE.total_seconds())
    parcel = post.take(name)
    note(post, late)
    assert [(row.state, row.parts, row.doubtful, row.trying_at) for row in post.rows(name)] == [(DUE, 0, 1, clock())]
    post.arrived(parcel)
    assert [(row.state, row.parts, row.doubtful) for row in post.rows(name)] == [(SENT, 1, 1)]


def test_what_is_put_off_waits_and_holds_back_what_comes_after_it(post, name, clock):
    post.owe(name, "un", "deux")
    post.put_off(post.take(name), seconds=30)
    assert post.take(name) == clock() + timedelta(seconds=30)
    clock.move(seconds=30)
    assert post.due() == [name]
    parcel = post.take(name)
    assert (parcel.content["text"], parcel.attempts, parcel.doubtful) == ("un", 2, 0)


def test_a_conversation_whose_first_message_must_wait_is_not_named_for_the_second(post, name, clock):
    post.owe(name, "un", "deux")
    post.put_off(post.take(name), seconds=30)
    assert post.due() == []
    clock.move(seconds=30)
    assert post.due() == [name]


def test_what_is_put_off_without_knowing_is_counted_as_doubtful(post, name, clock):
    post.owe(name, "un")
    post.put_off(post.take(name), doubtful=True, seconds=1)
    clock.move(seconds=1)
    parcel = post.take(name)
    assert (parcel.attempts, parcel.doubtful) == (2, 1)
    assert post.column(name, "doubtful") == [1]


def test_the_attempts_of_a_part_are_not_those_of_the_next(post, name, clock):
    post.owe(name, "un")
    post.put_off(post.take(name), seconds=1)
    clock.move(seconds=1)
    post.arrived(post.take(name), last=False)
    parcel = post.take(name)
    assert (parcel.part, parcel.attempts) == (1, 1)
    assert post.column(name, "state") == [DUE]


def test_what_is_given_up_keeps_its_reason_and_is_never_taken_again(post, name):
    post.owe(name, "un", "deux", "trois")
    post.arrived(post.take(name))
    assert post.stop(name, "window") == 2
    assert [(row.state, row.reason) for row in post.rows(name)] == [(SENT, None), (STOPPED, "window"), (STOPPED, "window")]
    assert post.take(name) is None
    assert post.due() == []
    assert post.stop(name, "human") == 0
    assert post.column(name, "reason") == [None, "window", "window"]


def test_one_message_can_be_given_up_alone(post, name):
    post.owe(name, "un", "deux")
    parcel = post.take(name)
    assert post.stop(name, "refused", parcel.outbox_id) == 1
    assert post.column(name, "state") == [STOPPED, DUE]
    assert post.take(name).content["text"] == "deux"


def test_what_was_given_up_meanwhile_is_not_sent_again_by_who_had_it_in_hand(post, name):
    post.owe(name, "un")
    parcel = post.take(name)
    post.stop(name, "human")
    post.arrived(parcel)
    post.put_off(parcel, seconds=0)
    assert [(row.state, row.reason) for row in post.rows(name)] == [(STOPPED, "human")]
    assert post.take(name) is None


def test_giving_up_a_conversation_leaves_the_others_alone(post, name):
    other = post.begin()
    post.owe(name, "un")
    post.owe(other, "un")
    post.stop(name, "unavailable")
    assert post.column(other, "state") == [DUE]
    assert post.due() == [other]


def test_who_waits_longest_comes_first_and_who_must_wait_is_not_named(post, clock):
    names = [post.begin() for _ in range(4)]
    for name in names:
        post.owe(name, "un")
    post.owe(names[0], "deux")
    post.take(names[1])
    post.put_off(post.take(names[2]), seconds=1)
    assert post.due() == [names[0], names[3]]
    clock.move(seconds=1)
    assert post.due() == [names[0], names[2], names[3]]


def test_an_erased_conversation_is_owed_nothing(post, name):
    post.owe(name, "un")
    parcel = post.take(name)
    post.store.run_here(erase, name, post.store.now())
    post.arrived(parcel)
    assert post.rows(name) == []
    assert post.take(name) is None
    assert post.due() == []
