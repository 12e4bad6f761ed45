"""Each rule refuses one request, and lets its neighbour through; no rule of the table is without such a pair."""

import copy
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from fake_graph import INBOX_APP, RULES, FakeGraph, Page, Person, Refusal, assumed_rules, check_profile, check_send
from fake_graph.delivery import NO_TLS

Body = dict[str, Any]
PAGE = Page.example()


def request(method: str, url: str, timeout: float = 5, **told: Any) -> httpx.Response:
    """Send a request to the fake."""
    return httpx.request(method, url, timeout=timeout, verify=NO_TLS, trust_env=False, **told)


def text_body(text: object = "Bonjour") -> Body:
    """Return a plain message."""
    return {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": {"text": text}}


def quick(title: str = "Oui", payload: str = "oui", **more: object) -> Body:
    """Return a quick reply."""
    return {"content_type": "text", "title": title, "payload": payload, **more}


def replies_body(*replies: Body) -> Body:
    """Return a message with these quick replies."""
    body = text_body()
    body["message"]["quick_replies"] = list(replies)
    return body


def button(title: str = "Voir", payload: str = "voir", **more: object) -> Body:
    """Return a postback button."""
    return {"type": "postback", "title": title, "payload": payload, **more}


def link(url: object = "https://exemple.quebec/", title: str = "Site") -> Body:
    """Return a link button."""
    return {"type": "web_url", "title": title, "url": url}


def call(payload: str = "+15145551234") -> Body:
    """Return a call button."""
    return {"type": "phone_number", "title": "Appeler", "payload": payload}


def attachment_body(kind: str, **payload: object) -> Body:
    """Return a message with that attachment."""
    return {"recipient": {"id": "1"}, "messaging_type": "RESPONSE", "message": {"attachment": {"type": kind, "payload": payload}}}


def buttons_body(*buttons: object, text: str = "Que faire?", **more: object) -> Body:
    """Return a button template."""
    return attachment_body("template", template_type="button", text=text, buttons=list(buttons), **more)


def cards_body(*cards: object) -> Body:
    """Return a generic template."""
    return attachment_body("template", template_type="generic", elements=list(cards))


def card(**more: object) -> Body:
    """Return a card that passes, unless `more` changes it."""
    return {"title": "Fonds", "subtitle": "Prêt", **more}


def action_body(action: str = "typing_on", **more: object) -> Body:
    """Return a sender action."""
    return {"recipient": {"id": "1"}, "sender_action": action, **more}


def menu(*items: object, locale: str = "default") -> Body:
    """Return a profile of one menu with its Get Started."""
    return {"get_started": {"payload": "debut"}, "persistent_menu": [{"locale": locale, "call_to_actions": list(items)}]}


def ice(*questions: tuple[str, str], locale: str = "default") -> Body:
    """Return a profile of ice breakers."""
    calls = [{"question": question, "payload": payload} for question, payload in questions]
    return {"ice_breakers": [{"locale": locale, "call_to_actions": calls}]}


def without(body: Body, name: str) -> Body:
    """Return `body` without one of its properties."""
    return {key: value for key, value in body.items() if key != name}


SENDS: list[tuple[str, Body, Body]] = [
    ("F11.count", replies_body(*[quick()] * 14), replies_body(*[quick()] * 13)),
    ("F11.count", replies_body(), replies_body(quick())),
    ("F11.content_type", replies_body({"content_type": "user_email"}), replies_body(quick())),
    ("F11.title", replies_body(quick("é" * 21)), replies_body(quick("é" * 20))),
    ("F11.title", replies_body(quick("😀" * 11)), replies_body(quick("😀" * 10))),
    ("F11.title", replies_body(quick("  ")), replies_body(quick("a"))),
    ("F11.payload", replies_body(quick(payload="p" * 1001)), replies_body(quick(payload="p" * 1000))),
    ("F11.payload", replies_body(quick(payload="")), replies_body(quick(payload="p"))),
    ("F11.image", replies_body(quick(image_url="logo.png")), replies_body(quick(image_url="https://exemple.quebec/logo.png"))),
    ("F12.text", buttons_body(button(), text="t" * 641), buttons_body(button(), text="t" * 640)),
    ("F12.text", buttons_body(button(), text=""), buttons_body(button(), text="t")),
    ("F12.count", buttons_body(*[button()] * 4), buttons_body(*[button()] * 3)),
    ("F12.count", buttons_body(), buttons_body(button())),
    ("F12.type", buttons_body({"type": "account_unlink"}), buttons_body(call())),
    ("F12.title", buttons_body(button("t" * 21)), buttons_body(button("t" * 20))),
    ("F12.title_other", buttons_body(link(title="t" * 21)), buttons_body(link(title="t" * 20))),
    ("F12.payload", buttons_body(button(payload="p" * 1001)), buttons_body(button(payload="p" * 1000))),
    ("F12.url", buttons_body(link("exemple.quebec")), buttons_body(link("http://exemple.quebec"))),
    ("F12.url", buttons_body(link("https://exemple.quebec/a b")), buttons_body(link("https://exemple.quebec/a%20b"))),
    ("F12.phone", buttons_body(call("514 555-1234")), buttons_body(call("+15145551234"))),
    ("F12.keys", buttons_body(button(colour="red")), buttons_body(button())),
    ("F12.keys", buttons_body(button(), image="x"), buttons_body(button(), sharable=True)),
    ("F13.count", cards_body(*[card()] * 11), cards_body(*[card()] * 10)),
    ("F13.count", cards_body(), cards_body(card())),
    ("F13.title", cards_body(card(title="t" * 81)), cards_body(card(title="t" * 80))),
    ("F13.title", cards_body(card(title="")), cards_body(card(title="t"))),
    ("F13.subtitle", cards_body(card(subtitle="s" * 81)), cards_body(card(subtitle="s" * 80))),
    ("F13.more", cards_body({"title": "Fonds"}), cards_body({"title": "Fonds", "buttons": [button()]})),
    ("F13.buttons", cards_body(card(buttons=[button()] * 4)), cards_body(card(buttons=[button()] * 3))),
    ("F13.image", cards_body(card(image_url="/i.png")), cards_body(card(image_url="https://exemple.quebec/i.png"))),
    ("F13.default_action", cards_body(card(default_action=link())), cards_body(card(default_action=without(link(), "title")))),
    ("F13.keys", cards_body(card(colour="red")), cards_body(card())),
    ("F12.title", cards_body(card(buttons=[button("t" * 21)])), cards_body(card(buttons=[button("t" * 20)]))),
    ("F14.empty", text_body(" \n"), text_body("a")),
    ("F14.empty", text_body(None), text_body("null")),
    ("F14.length", text_body("é" * 2001), text_body("é" * 2000)),
    ("F14.length", text_body("😀" * 1001), text_body("😀" * 1000)),
    ("F15.messaging_type", without(text_body(), "messaging_type"), text_body()),
    ("F15.messaging_type", {**text_body(), "messaging_type": "response"}, {**text_body(), "messaging_type": "UTILITY"}),
    ("F15.tag", {**text_body(), "tag": "HUMAN_AGENT"}, {**text_body(), "tag": "HUMAN_AGENT", "messaging_type": "MESSAGE_TAG"}),
    ("F15.tag", {**text_body(), "messaging_type": "MESSAGE_TAG"}, {**text_body(), "messaging_type": "UPDATE"}),
    ("F15.recipient", {**text_body(), "recipient": {}}, text_body()),
    ("F15.recipient", {**text_body(), "recipient": {"id": 1}}, text_body()),
    ("F15.keys", {**text_body(), "priority": 1}, {**text_body(), "notification_type": "REGULAR"}),
    ("F15.keys", {**text_body(), "message": {"text": "a", "sticker": 1}}, {**text_body(), "message": {"text": "a", "metadata": "m"}}),
    ("F15.content", {**text_body(), "message": {}}, text_body()),
    ("F15.attachment", attachment_body("template", template_type="receipt"), buttons_body(button())),
    ("F15.attachment", attachment_body("image", url="photo.png"), attachment_body("image", url="https://exemple.quebec/photo.png")),
    ("F18.xor", {**text_body(), "sender_action": "typing_on"}, text_body()),
    ("F18.xor", without(text_body(), "message"), action_body()),
    ("F18.enum", action_body("typing"), action_body("mark_seen")),
    ("F18.alone", action_body(tag="HUMAN_AGENT"), action_body("typing_off")),
]

PROFILES: list[tuple[str, Body, Body]] = [
    ("F19.get_started", without(menu(button()), "get_started"), menu(button())),
    ("F19.payload", {"get_started": {"payload": ""}}, {"get_started": {"payload": "p"}}),
    ("F19.locale", menu(button(), locale="fr_CA"), menu(button())),
    ("F19.count", menu(*[button()] * 21), menu(*[button()] * 20)),
    ("F19.count", menu(), menu(button())),
    ("F19.title", menu(button("t" * 31)), menu(button("t" * 30))),
    ("F19.item", menu({"type": "nested", "title": "Plus", "call_to_actions": [button()]}), menu(link())),
    ("F19.item", menu(call()), menu(button())),
    ("F19.item", menu(link("exemple")), menu(link("https://exemple.quebec"))),
    ("F19.greeting", {"greeting": [{"locale": "default", "text": "g" * 161}]}, {"greeting": [{"locale": "default", "text": "g" * 160}]}),
    ("F19.greeting", {"greeting": [{"locale": "fr_CA", "text": "g"}]}, {"greeting": [{"locale": "default", "text": "g"}]}),
    ("F19.keys", {}, {"get_started": {"payload": "p"}}),
    ("F19.keys", {"target_audience": {}}, {"whitelisted_domains": ["https://exemple.quebec"]}),
    ("F20.count", ice(*[("Q?", "q")] * 5), ice(*[("Q?", "q")] * 4)),
    ("F20.locale", ice(("Q?", "q"), locale="fr_CA"), ice(("Q?", "q"))),
    ("F20.question", ice(("Q" * 81, "q")), ice(("Q" * 80, "q"))),
    ("F20.payload", ice(("Q?", "q" * 1001)), ice(("Q?", "q" * 1000))),
]

HEADERS = {"Authorization": "Bearer " + PAGE.token}
PROOF = {"appsecret_proof": PAGE.proof}
_JSON = {"Content-Type": "application/json"}
REQUESTS: list[tuple[str, int, Body, Body]] = [
    ("F24.version", 2500, {"url": "/v99.0/me"}, {"url": "/v26.0/me"}),
    ("F24.ended", 2635, {"url": "/v20.0/me"}, {"url": "/v21.0/me"}),
    ("F25.token", 190, {"url": "/v25.0/me", "headers": {"Authorization": "Bearer autre"}}, {"url": "/v25.0/me"}),
    ("F25.path", 2500, {"url": "/v25.0/me/photos"}, {"url": "/v25.0/me/subscribed_apps"}),
    ("F25.path", 100, {"url": "/v25.0/1234"}, {"url": f"/v25.0/{PAGE.id}"}),
    ("F26.url", 190, {"url": "/v25.0/me", "params": {**PROOF, "access_token": PAGE.token}}, {"url": "/v25.0/me", "params": PROOF}),
    ("F26.bearer", 190, {"url": "/v25.0/me", "headers": {}}, {"url": "/v25.0/me"}),
    ("F26.proof", 100, {"url": "/v25.0/me", "params": {}}, {"url": "/v25.0/me"}),
    ("F26.proof", 100, {"url": "/v25.0/me", "params": {"appsecret_proof": PAGE.proof[:-1] + "g"}}, {"url": "/v25.0/me"}),
    (
        "F25.json",
        100,
        {"method": "POST", "url": "/v25.0/me/messenger_profile", "content": b"get_started=debut"},
        {"method": "POST", "url": "/v25.0/me/messenger_profile", "json": {"get_started": {"payload": "debut"}, **PROOF}, "params": {}},
    ),
]


def refuses_unknown(graph: FakeGraph, person: Person) -> None:
    """Have the Page write to somebody who never wrote."""
    del graph.people[person.psid]


def is_taken(graph: FakeGraph, person: Person) -> None:
    """Have the inbox own the thread."""
    person.owner = INBOX_APP


def wrote_long_ago(graph: FakeGraph, person: Person) -> None:
    """Have the person's last message be a second too old."""
    person.last_spoke = graph.now() - timedelta(hours=24, seconds=1)


def is_blocked(graph: FakeGraph, person: Person) -> None:
    """Have the person turn the messages off."""
    person.refuses = 551


def does_not_allow(graph: FakeGraph, person: Person) -> None:
    """Have the person allow nothing."""
    person.refuses = 230


TARGET = {"recipient": {"id": "1"}}
THREADS: list[tuple[str, int, int | None, str, Body, Callable[[FakeGraph, Person], None] | None]] = [
    ("F15.person", 100, 2018001, "messages", text_body(), refuses_unknown),
    ("F16.window", 10, 2018278, "messages", text_body(), wrote_long_ago),
    ("F16.actions", 10, 2018278, "messages", action_body(), wrote_long_ago),
    ("F16.tag", 10, 2018278, "messages", {**text_body(), "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, wrote_long_ago),
    ("F21.owner", 10, 2018300, "messages", text_body(), is_taken),
    ("F21.owner", 10, 2018300, "pass_thread_control", {**TARGET, "target_app_id": INBOX_APP}, is_taken),
    ("F21.owner", 10, 2018300, "release_thread_control", TARGET, is_taken),
    ("F25.unavailable", 551, None, "messages", text_body(), is_blocked),
    ("F25.unavailable", 230, None, "messages", text_body(), does_not_allow),
]


@pytest.mark.parametrize(("rule_id", "refused", "accepted"), SENDS)
def test_a_limit_of_a_message_refuses_and_its_neighbour_passes(rule_id: str, refused: Body, accepted: Body) -> None:
    _expect(check_send(copy.deepcopy(refused)), rule_id)
    assert check_send(accepted) is None


@pytest.mark.parametrize(("rule_id", "refused", "accepted"), PROFILES)
def test_a_limit_of_the_profile_refuses_and_its_neighbour_passes(rule_id: str, refused: Body, accepted: Body) -> None:
    _expect(check_profile(refused), rule_id)
    assert check_profile(accepted) is None


@pytest.mark.parametrize(("rule_id", "code", "refused", "accepted"), REQUESTS)
def test_a_rule_of_the_request_refuses_and_its_neighbour_passes(rule_id: str, code: int, refused: Body, accepted: Body) -> None:
    with FakeGraph(PAGE, now=lambda: datetime(2026, 11, 29, tzinfo=timezone.utc)) as graph:
        answer = request(**_asked(graph, refused))
        assert (answer.json()["error"]["code"], [each.rule for each in graph.refusals]) == (code, [rule_id])
        assert f"[{rule_id}]" in answer.json()["error"]["message"]
        assert request(**_asked(graph, accepted)).status_code == 200
        assert len(graph.refusals) == 1


@pytest.mark.parametrize(("rule_id", "code", "subcode", "edge", "body", "spoil"), THREADS)
def test_a_rule_of_the_thread_refuses_and_without_its_cause_passes(
    rule_id: str, code: int, subcode: int | None, edge: str, body: Body, spoil: Callable[[FakeGraph, Person], None]
) -> None:
    with FakeGraph(PAGE) as graph:
        asked = _asked(graph, {"method": "POST", "url": f"/v25.0/me/{edge}", "json": body})
        graph.person("1").says("Bonjour")
        assert request(**asked).status_code == 200
        spoil(graph, graph.person("1"))
        error = request(**asked).json()["error"]
        assert (error["code"], error.get("error_subcode"), graph.refusals[0].rule) == (code, subcode, rule_id)
        assert graph.refusals[0].body == body


def test_a_thread_is_passed_to_a_named_app() -> None:
    with FakeGraph(PAGE) as graph:
        person = graph.person("1")
        person.says("Bonjour")
        nobody = request(**_asked(graph, {"method": "POST", "url": "/v25.0/me/pass_thread_control", "json": TARGET}))
        assert (nobody.status_code, graph.refusals[0].rule, person.owner) == (400, "F21.target", PAGE.app_id)


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 200), (1, 403)])
def test_the_window_shuts_after_twenty_four_hours(seconds: int, status: int) -> None:
    clock = [datetime(2026, 11, 29, 9, tzinfo=timezone.utc)]
    with FakeGraph(PAGE, now=lambda: clock[0]) as graph:
        graph.person("1").says("Bonjour")
        clock[0] += timedelta(hours=24, seconds=seconds)
        assert request(**_asked(graph, {"method": "POST", "url": "/v25.0/me/messages", "json": text_body()})).status_code == status


def test_every_rule_of_the_table_is_tried() -> None:
    tried = {each[0] for each in [*SENDS, *PROFILES, *REQUESTS, *THREADS]} | {"F21.target"}
    assert sorted(set(RULES) ^ tried) == []


def test_the_assumed_rules_are_told_apart() -> None:
    told = {rule.id for rule in assumed_rules()}
    assert "F14.length" in told
    assert "F12.text" not in told
    assert all(rule.url.startswith("https://developers.facebook.com/") for rule in RULES.values())


def _expect(found: Refusal | None, rule_id: str) -> None:
    assert found is not None
    assert (found.rule, found.status, found.code) == (rule_id, 400, 100)
    assert f"[{rule_id}]" in found.message


def _asked(graph: FakeGraph, asked: Body) -> Body:
    """Return a whole request from what a case says of it."""
    told = {"method": "GET", "headers": HEADERS, "params": PROOF, **asked}
    return {**told, "url": graph.url + told["url"]}
