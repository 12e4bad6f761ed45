"""Every event that Meta documents is taken and does what the rules say (F8, F9, F10), whatever is missing or changed in it."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import PAGE, SAMPLES
from sqlalchemy import select
from stand_in import BUTTONS, StandIn, body, held_by_human, message, new_psid, post, received, rows, someone, thread

from bot.conversations.models import Inbound, Thread
from bot.messenger.events import Said, events_of


@pytest.fixture(scope="module")
def served(serve_messenger: Callable) -> Iterator[Any]:
    """The channel on an assistant that answers at once."""
    with serve_messenger(assistant=StandIn()) as serving:
        yield serving


def _post(served: Any, name: str, psid: str) -> int:
    sample = SAMPLES[name]
    status = post(served.graph, body(PAGE.id, sample.of(psid), field=sample.field)).status_code
    served.settle()
    return status


def _known(served: Any) -> Any:
    """Return someone with whom the page has talked."""
    marie = someone(served.graph)
    assert post(served.graph, body(PAGE.id, message(marie.psid, PAGE.id, "bonjour"))).status_code == 200
    served.settle()
    assert marie.texts_since(0) == ["réponse à bonjour"]
    return marie


@pytest.mark.parametrize("name", SAMPLES)
def test_an_event_of_someone_known_does_what_the_rules_say(served, name):
    marie, sample = _known(served), SAMPLES[name]
    before = rows(served.web.store)
    assert _post(served, name, marie.psid) == 200
    assert received(served.web.store, marie.psid) == [("text", "bonjour"), *sample.inbox]
    # Each message of theirs is answered once, nothing else is.
    assert len(marie.texts_since(0)) == 1 + len(sample.inbox)
    assert held_by_human(served.web.store, PAGE.id, marie.psid) == sample.human
    assert rows(served.web.store)["messenger_thread"] == before["messenger_thread"]


@pytest.mark.parametrize("name", SAMPLES)
def test_an_event_of_someone_new_begins_a_conversation_only_when_they_speak_to_us(served, name):
    marie, sample = someone(served.graph), SAMPLES[name]
    before = rows(served.web.store)
    assert _post(served, name, marie.psid) == 200
    assert received(served.web.store, marie.psid) == list(sample.inbox)
    assert (thread(served.web.store, marie.psid) is not None) == bool(sample.inbox)
    assert len(marie.texts_since(0)) == len(sample.inbox)
    if not sample.inbox:
        # Who answers them is known all the same, by a digest.
        assert _but_holds(rows(served.web.store)) == _but_holds(before)
        assert held_by_human(served.web.store, PAGE.id, marie.psid) == sample.human


def _but_holds(found: dict[str, int]) -> dict[str, int]:
    return {table: number for table, number in found.items() if table != "messenger_hold"}


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if sample.human])
def test_while_a_person_of_the_page_answers_we_say_nothing(served, name):
    marie = _known(served)
    _post(served, name, marie.psid)
    post(served.graph, body(PAGE.id, message(marie.psid, PAGE.id, "merci")))
    served.settle()
    assert received(served.web.store, marie.psid) == [("text", "bonjour")]
    assert marie.texts_since(0) == ["réponse à bonjour"]


@pytest.mark.parametrize("name", [name for name, sample in SAMPLES.items() if not sample.human])
def test_after_any_other_event_the_next_message_is_answered(served, name):
    marie = _known(served)
    _post(served, name, marie.psid)
    post(served.graph, body(PAGE.id, message(marie.psid, PAGE.id, "merci")))
    served.settle()
    assert marie.texts_since(0)[-1] == "réponse à merci"


def test_echoes_of_our_own_answers_run_no_turn(served):
    served.graph.echoes = served.graph.receipts = True
    try:
        marie = served.graph.person()
        for words in ("bonjour", BUTTONS, "merci"):
            marie.says(words)
            served.settle()
    finally:
        served.graph.echoes = served.graph.receipts = False
    assert [text for _, text in received(served.web.store, marie.psid)] == ["bonjour", BUTTONS, "merci"]
    assert len(marie.texts_since(0)) == 3
    assert not held_by_human(served.web.store, PAGE.id, marie.psid)


ANSWERED_IN_WORDS = {
    "image": ("photo", "en quelques mots"),
    "video": ("vidéo", "en quelques mots"),
    "audio": ("messages vocaux", "Écrivez-moi"),
    "file": ("fichiers", "Écrivez-moi"),
    "location": ("positions", "votre municipalité"),
    "sticker": ("Je ne lis que les mots", "Écrivez-moi"),
    "template": ("Je n’ai pas pu lire", "Écrivez-moi"),
}


@pytest.mark.parametrize("kind", ANSWERED_IN_WORDS)
def test_what_cannot_be_read_is_answered_in_words_without_a_turn(served, kind):
    marie = served.graph.person()
    shown = served.told(marie, lambda: marie.sends(kind))
    assert len(shown) == 1
    assert [word for word in ANSWERED_IN_WORDS[kind] if word not in shown[0].text] == []
    assert "réponse à" not in shown[0].text


def test_a_thumb_up_is_thanked_for(served):
    marie = served.graph.person()
    (shown,) = served.told(marie, lambda: marie.sends("like"))
    assert shown.text.startswith("Merci")


# Whatever is missing or changed.

STRANGE = [None, True, False, 0, -1, 1.5, 10**25, "", " ", "x", "\x00", "\ud800", "é" * 3000, [], [None], ["x"], [[]], {}, {"id": None}]
STRANGE += [[{"type": []}], [{"type": {}, "payload": []}], {"payload": {}}, {"a": {"b": []}}, "choix:\x00", "choix:\ud800", "1" * 32]


def _paths(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Yield where everything in a JSON value is."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from _paths(each, (*path, key))


def _changed(whole: Any, path: tuple, value: Any) -> Any:
    """Return a copy with `value` at `path`, or nothing there when it is KeyError."""
    made = copy.deepcopy(whole)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    if value is KeyError:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return made


def _speakers(changed: Any) -> set[Any]:
    """Return the ids that a body names as those who speak to the page, or whom the page speaks to."""
    found = set()
    for path in _paths(changed):
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        if path[-1] == "id" and len(path) > 1 and path[-2] in ("sender", "recipient") and isinstance(holder["id"], str):
            found.add(holder["id"])
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_each_key_deleted_or_changed_is_read_without_failing_and_makes_nobody_else_speak(name):
    psid, now = new_psid(), datetime.now(timezone.utc)
    whole = body(PAGE.id, SAMPLES[name].of(psid), field=SAMPLES[name].field)
    failed = []
    for path in _paths(whole):
        for value in [KeyError, *STRANGE]:
            changed = _changed(whole, path, value)
            try:
                read = [*events_of(json.loads(json.dumps(changed)), PAGE.id, PAGE.app_id, now)]
            except Exception as error:  # noqa: BLE001 - gathered, so that all are seen at once
                failed.append(f"{path} = {value!r:.40}: {type(error).__name__}")
                continue
            assert {each.psid for each in read} <= _speakers(changed) - {PAGE.id}, (path, value)
            assert all(isinstance(each.text, str) for each in read if isinstance(each, Said)), (path, value)
    assert failed == []


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.sampled_from(STRANGE),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "payload", "mid", "text"]), inside, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def _fuzzed(draw: Callable) -> tuple[str, Any]:
    """A sample of someone new, of which one to three keys are deleted or changed."""
    psid, name = new_psid(), draw(st.sampled_from([*SAMPLES]))
    whole = body(PAGE.id, SAMPLES[name].of(psid), field=SAMPLES[name].field)
    for _ in range(draw(st.integers(1, 3))):
        paths = [*_paths(whole)]
        if paths:
            whole = _changed(whole, draw(st.sampled_from(paths)), draw(st.just(KeyError) | _ANYTHING))
    return psid, whole


def _everyone(served: Any) -> set[str]:
    return set(served.web.store.run_here(lambda session: session.execute(select(Thread.psid)).scalars().all()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fuzzed=_fuzzed())
def test_no_event_makes_the_webhook_fail_or_speaks_for_someone_else(served, fuzzed):
    psid, whole = fuzzed
    someone(served.graph, psid)
    before = _everyone(served)
    assert post(served.graph, whole).status_code == 200
    assert _everyone(served) - before <= _speakers(whole) - {PAGE.id}


@pytest.fixture
def on_each(serve_messenger: Callable, new_database: Callable[[], str]) -> Iterator[Any]:
    """The channel on a database of its own, SQLite and PostgreSQL."""
    with serve_messenger(assistant=StandIn(), database_url=new_database()) as serving:
        yield serving


@pytest.mark.parametrize("value", ["choix:\x00", "choix:\ud800", "choix:", "choix:é" + "x" * 2000, "\x00", "\ud800"], ids=ascii)
def test_signs_that_no_database_keeps_are_no_reason_to_refuse_a_webhook(on_each, value):
    marie = someone(on_each.graph)
    page = PAGE.id
    events = [
        {
            **SAMPLES["postback that is not ours"].of(marie.psid),
            "postback": {"mid": f"m{value}1", "title": f"Oui{value}", "payload": value},
        },
        message(marie.psid, page, f"Oui{value}", quick_reply={"payload": value}),
        message(marie.psid, page, f"allo{value}"),
        {**message(marie.psid, page, "allo"), "sender": {"id": f"1{value}"}},
    ]
    assert [post(on_each.graph, body(page, event)).status_code for event in events] == [200] * 4
    on_each.settle()
    assert [kind for kind, _ in received(on_each.web.store, marie.psid)] == ["choice", "choice", "text"]


# Buttons: only what we issued, to whom we issued it.


def _press(served: Any, psid: str, payload: str, title: str = "Oui, bien sûr") -> int:
    pressed = {**SAMPLES["postback without payload"].of(psid), "postback": {"mid": new_psid(), "title": title, "payload": payload}}
    return post(served.graph, body(PAGE.id, pressed)).status_code


def _payload(person: Any, title: str) -> str:
    return next(value for bubble in person.screen for told, _, value in bubble.buttons if told == title)


def test_an_issued_button_acts_and_is_stored_under_the_title_that_was_seen(served):
    marie = served.graph.person()
    served.say(marie, BUTTONS)
    served.told(marie, lambda: marie.taps("Oui, bien sûr"))
    assert received(served.web.store, marie.psid)[-1] == ("choice", "Oui, bien sûr")
    assert marie.texts_since(0)[-1] == "réponse à Oui, bien sûr"


def test_a_payload_out_of_us_is_no_secret_that_says_what_it_does(served):
    marie = served.graph.person()
    served.say(marie, BUTTONS)
    assert "affirm" not in json.dumps([accepted.body for accepted in served.graph.accepted if accepted.kind == "messages"])
    assert _payload(marie, "Non").startswith("choix:")


def test_a_button_issued_to_someone_else_is_no_choice_of_ours(served):
    marie, ali = served.graph.person(), _known(served)
    served.say(marie, BUTTONS)
    served.told(ali, lambda: _press(served, ali.psid, _payload(marie, "Oui, bien sûr")))
    inbox = served.web.store.run_here(
        lambda session: session.execute(
            select(Inbound.kind, Inbound.text, Inbound.choice_id)
            .join(Thread, Thread.conversation_id == Inbound.conversation_id)
            .where(Thread.psid == ali.psid)
            .order_by(Inbound.seq)
        ).all()
    )
    assert [tuple(row) for row in inbox] == [("text", "bonjour", None), ("choice", "Oui, bien sûr", None)]
    assert received(served.web.store, marie.psid) == [("text", BUTTONS)]


# Raw intents, whatever names them; what other channels issue; what was ours once.
FOREIGN = [
    "/restart",
    "/erase_data",
    '/find_support{"need": "mentorat"}',
    "/talk_to_human",
    "restart",
    "choix:",
    "choix:/restart",
    "choix:0",
]
FOREIGN += ["aiguilleur:", "aiguilleur:inconnu", "AIGUILLEUR:effacer", "aiguilleur:effacer ", "GET_STARTED", "' OR 1=1 --", "é" * 1000]


@pytest.mark.parametrize("payload", FOREIGN, ids=lambda payload: payload[:24])
@pytest.mark.parametrize("way", ["postback", "quick reply"])
def test_a_payload_that_we_did_not_issue_is_answered_politely_and_is_no_intent(messenger, folded, payload, way):
    marie = someone(messenger.graph)
    told = message(marie.psid, PAGE.id, "Le titre", quick_reply={"payload": payload})
    press = {
        "postback": lambda: _press(messenger, marie.psid, payload, "Le titre"),
        "quick reply": lambda: post(messenger.graph, body(PAGE.id, told)),
    }
    told = [folded(each.text) for each in messenger.told(marie, press[way])]
    assert "bouton" in told[0]
    # Besides that, at most that a robot says it.
    assert [each for each in told[1:] if "un robot" not in each] == []
    assert received(messenger.web.store, marie.psid) == [("choice", "Le titre")]
    reading = messenger.web.store.run_here(
        lambda session: session.execute(
            select(Inbound.reading).join(Thread, Thread.conversation_id == Inbound.conversation_id).where(Thread.psid == marie.psid)
        ).scalar_one()
    )
    assert reading["intent"]["name"] is None


def test_a_button_of_a_conversation_that_was_erased_or_of_someone_else_is_answered_politely(messenger, folded):
    marie, ali = messenger.graph.person(), messenger.graph.person()
    shown = messenger.told(marie, lambda: marie.says("allo"))
    title, value = next(
        (told, value) for each in shown for told, kind, value in [*each.buttons, *((t, "", v) for t, v in each.quick_replies)]
    )
    messenger.say(ali, "allo")
    (answer,) = messenger.told(ali, lambda: _press(messenger, ali.psid, value, title))
    assert "bouton" in folded(answer.text)
    marie.says("efface ma conversation")
    while not any("EF-" in text for text in marie.texts_since(0)):
        messenger.settle()
    assert thread(messenger.web.store, marie.psid) is None
    (answer, *_) = messenger.told(marie, lambda: _press(messenger, marie.psid, value, title))
    assert "bouton" in folded(answer.text)
    assert received(messenger.web.store, marie.psid) == [("choice", title)]


def test_a_typed_command_or_payload_is_a_text_like_any_other(messenger):
    marie = messenger.graph.person()
    for words in ("/restart", '/find_support{"need": "mentorat"}', "aiguilleur:mentorat", "choix:abc"):
        assert messenger.say(marie, words)
    assert [kind for kind, _ in received(messenger.web.store, marie.psid)] == ["text"] * 4
