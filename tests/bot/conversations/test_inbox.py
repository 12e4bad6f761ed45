"""The inbox and the outbox, on both databases: stored once, in order, answered once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.conversations import inbox, outbox
from bot.conversations.errors import NoConversation, StaleChoice, TooManyWaiting
from bot.conversations.inbox import MAX_ATTEMPTS, MAX_WAITING, Incoming
from bot.conversations.models import CHOICE

BUTTON = {"title": "Trouver un mentor", "payload": '/find_support{"need": "mentorat"}'}


def test_messages_are_claimed_in_the_order_in_which_they_came(talk):
    name = talk.begin()
    for number in range(3):
        talk.receive(name, f"message {number}", f"channel-id-{number}")
    seen = []
    while claimed := talk.claim(name):
        seen.append(claimed.entered.text)
        talk.settle(claimed, f"réponse à {claimed.entered.text}")
    assert seen == ["message 0", "message 1", "message 2"]
    assert talk.said(name) == [*seen, *(f"réponse à {text}" for text in seen)]


def test_the_same_id_is_the_same_message(talk):
    name = talk.begin()
    first, new = talk.receive(name, "allo", "the-same-id")
    again, new_again = talk.receive(name, "autre chose", "the-same-id")
    assert (new, new_again) == (True, False)
    assert (first.seq, first.text) == (again.seq, again.text)
    assert talk.said(name) == ["allo"]


def test_the_same_id_from_many_threads_at_once_is_one_message(talk):
    name = talk.begin()
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda _: talk.receive(name, "allo", "the-same-id"), range(20)))
    assert sum(new for _, new in stored) == 1
    assert {message.seq for message, _ in stored} == {1}


def test_a_message_of_every_kind_is_stored(talk, store):
    """The rule on kinds is the database's own: a migration that forgets one shows here."""
    from bot.conversations.models import MEDIA, RESTART, TEXT
    from bot.door import enter

    name = talk.begin()
    for kind in (TEXT, CHOICE, RESTART, MEDIA):
        incoming = Incoming(f"channel-id-{kind}", kind, enter(kind))
        assert store.run_here(inbox.receive, name, incoming, store.now())[1]


def test_one_id_may_serve_in_two_conversations(talk):
    assert all(talk.receive(talk.begin(), "allo", "the-same-id")[1] for _ in range(2))


def test_messages_at_once_each_get_a_number_of_their_own(talk):
    name = talk.begin()
    with ThreadPoolExecutor(5) as threads:
        stored = list(threads.map(lambda n: talk.receive(name, f"message {n}", f"channel-id-{n}")[0], range(MAX_WAITING)))
    assert sorted(message.seq for message in stored) == list(range(1, MAX_WAITING + 1))


def test_a_turn_is_closed_once(talk):
    name = talk.begin()
    talk.receive(name, "allo", "channel-id")
    first, second = talk.claim(name), talk.claim(name)
    assert talk.settle(first, "bonjour") == 0
    assert talk.settle(second, "bonjour encore") is None
    assert talk.said(name) == ["allo", "bonjour"]


def test_a_turn_closed_from_two_threads_at_once_is_answered_once(talk):
    name = talk.begin()
    talk.receive(name, "allo", "channel-id")
    claims = [talk.claim(name) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        closed = list(threads.map(lambda claimed: talk.settle(claimed, "bonjour"), claims))
    assert [each for each in closed if each is not None] == [0]
    assert talk.said(name) == ["allo", "bonjour"]


def test_a_turn_closed_while_another_process_claims_is_not_done_again(talk, store):
    """Claims and closings from many threads: a message answered twice was seen one time in a hundred before the row was locked first."""
    names = [talk.begin() for _ in range(30)]

    def answer(_: int) -> None:
        for name in names:
            if claimed := talk.claim(name):
                talk.settle(claimed, "bonjour")

    for name in names:
        talk.receive(name, "allo", "channel-id-1")
        talk.receive(name, "encore", "channel-id-2")
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(answer, range(12)))
    answered = {name: [text for text in talk.said(name) if text == "bonjour"] for name in names}
    assert {len(each) for each in answered.values()} == {2}


def test_a_look_sees_one_moment_whatever_is_written_meanwhile(talk, store):
    """Else a message stored between two readings would be passed over by whoever fetches above a number."""
    name = talk.begin()
    talk.receive(name, "allo", "channel-id-1")

    def look(session) -> list[list[int]]:
        seen = [[message.seq for message, _ in outbox.said_since(session, name, 0, 100)]]
        talk.settle(talk.claim(name), "bonjour")
        talk.receive(name, "encore", "channel-id-2")
        return [*seen, [message.seq for message, _ in outbox.said_since(session, name, 0, 100)]]

    assert store._look(look) == [[1], [1]]
    assert talk.said(name) == ["allo", "bonjour", "encore"]


def test_the_state_that_a_turn_leaves_is_that_of_the_next_one(talk):
    name = talk.begin()
    talk.receive(name, "allo", "channel-id-1")
    talk.settle(talk.claim(name), "bonjour", state={"events": [], "issued": {"a": "b"}, "begun": True})
    talk.receive(name, "merci", "channel-id-2")
    assert talk.claim(name).state == {"events": [], "issued": {"a": "b"}, "begun": True}


def test_a_turn_that_was_never_closed_is_claimed_again(talk):
    name = talk.begin()
    talk.receive(name, "allo", "channel-id")
    claims = [talk.claim(name) for _ in range(MAX_ATTEMPTS + 1)]
    assert {claimed.seq for claimed in claims} == {1}
    assert [claimed.worn for claimed in claims] == [False] * MAX_ATTEMPTS + [True]


def test_one_message_too_many_is_refused_until_one_is_answered(talk):
    name = talk.begin()
    for number in range(MAX_WAITING):
        talk.receive(name, "allo", f"channel-id-{number}")
    with pytest.raises(TooManyWaiting):
        talk.receive(name, "allo", "one-too-many")
    # One that is known already is no new one.
    assert not talk.receive(name, "allo", "channel-id-0")[1]
    talk.settle(talk.claim(name), "bonjour")
    assert talk.receive(name, "allo", "one-too-many")[1]


def test_conversations_where_something_waits_are_told_the_longest_first(talk, store):
    first, second, third = (talk.begin() for _ in range(3))
    for name in (second, first, third):
        talk.receive(name, "allo", "channel-id")
    talk.settle(talk.claim(third), "bonjour")
    assert store.run_here(inbox.unanswered) == [second, first]


def test_a_button_is_known_by_its_id_in_its_conversation_alone(talk, store):
    mine, other = talk.begin(), talk.begin()
    talk.receive(mine, "allo", "channel-id")
    talk.settle(talk.claim(mine), "bonjour", buttons=(BUTTON,))
    (shown,) = store.run_here(outbox.said_since, mine, 1, 100)[0][0].content["buttons"]
    assert set(shown) == {"id", "title"}
    pressed = Incoming("pressed-1", CHOICE, choice_id=shown["id"])
    with pytest.raises(StaleChoice):
        store.run_here(inbox.receive, other, pressed, store.now())
    store.run_here(inbox.receive, mine, pressed, store.now())
    claimed = talk.claim(mine)
    assert (claimed.payload, claimed.entered.text) == (BUTTON["payload"], BUTTON["title"])


def test_nothing_is_stored_under_a_name_that_was_not_begun(talk, store):
    with pytest.raises(NoConversation):
        talk.receive("web:guessed", "allo", "channel-id")
    assert store.run_here(inbox.unanswered) == []


def test_a_history_is_cut_where_asked(talk):
    name = talk.begin()
    for number in range(3):
        talk.receive(name, f"message {number}", f"channel-id-{number}")
        talk.settle(talk.claim(name), f"réponse {number}")
    assert talk.said(name, after=1, limit=3) == ["réponse 0", "message 1", "réponse 1"]
