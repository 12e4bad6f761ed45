"""The fake signs, delivers, shows and fails as it says; the webhook here is nobody's."""

import base64
import hashlib
import hmac
import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from fake_graph import (
    INBOX_APP,
    Chaos,
    FakeGraph,
    Fault,
    Person,
    cut,
    error,
    error_in_200,
    hang,
    invalid_json,
    latency,
    reset,
    reset_mid_body,
    server_error,
)
from fake_graph.counterpart import Webhook, serving
from fake_graph.events import KINDS
from fake_graph.test_fake_rules import (
    HEADERS,
    PAGE,
    PROOF,
    button,
    buttons_body,
    card,
    cards_body,
    link,
    quick,
    replies_body,
    request,
    text_body,
)

FAST = (0.01, 0.02)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A webhook that answers 200."""
    with serving() as served:
        served.verify_token = PAGE.verify_token
        yield served


@pytest.fixture
def graph(webhook: Webhook) -> Iterator[FakeGraph]:
    """A graph that delivers to it."""
    with FakeGraph(PAGE, webhook.url, retry_s=FAST) as served:
        yield served


def send(graph: FakeGraph, body: dict[str, Any], edge: str = "messages", method: str = "POST") -> httpx.Response:
    """Send as a Page does, to the person « 1 » when the body says so."""
    return request(method, f"{graph.url}/v25.0/me/{edge}", json=body, headers=HEADERS, params=PROOF)


def someone(graph: FakeGraph) -> Person:
    """Return the person « 1 », who has written."""
    person = graph.person("1")
    person.says("Bonjour")
    return person


def test_the_signature_is_the_one_of_openssl(graph: FakeGraph, webhook: Webhook) -> None:
    someone(graph).says("Élise 😀 à Lévis")
    graph.idle(2)
    for headers, raw in webhook.posts:
        asked = ["openssl", "dgst", "-sha256", "-hmac", PAGE.app_secret]
        told = subprocess.run(asked, input=raw, capture_output=True, check=True).stdout.decode().split()[-1]
        assert headers["x-hub-signature-256"] == "sha256=" + told
        assert raw.isascii()
    assert [each["message"]["text"] for each in webhook.elements()] == ["Bonjour", "Élise 😀 à Lévis"]


def test_the_proof_is_the_one_of_openssl() -> None:
    asked = ["openssl", "dgst", "-sha256", "-hmac", PAGE.app_secret]
    told = subprocess.run(asked, input=PAGE.token.encode(), capture_output=True, check=True).stdout.decode().split()[-1]
    assert PAGE.proof == told


def test_the_webhook_is_verified_by_its_token(graph: FakeGraph) -> None:
    assert graph.verify()
    assert not graph.verify("autre")


def test_raw_bytes_go_as_they_are(graph: FakeGraph, webhook: Webhook) -> None:
    assert graph.deliver(b'{"object": "page"}').status_code == 200
    assert graph.deliver(b"{", headers={"X-Hub-Signature": "sha1=0"}).status_code == 200
    assert [(raw, headers.get("x-hub-signature-256")) for headers, raw in webhook.posts] == [
        (b'{"object": "page"}', graph.sign(b'{"object": "page"}')),
        (b"{", None),
    ]


def test_an_event_comes_again_until_it_is_acknowledged(graph: FakeGraph, webhook: Webhook) -> None:
    webhook.statuses = [500, 302, 404]
    someone(graph)
    graph.idle(2)
    assert [status for _, status in graph.acks] == [500, 302, 404, 200]
    assert len({raw for _, raw in webhook.posts}) == 1
    assert graph.subscribed


def test_a_webhook_that_comes_back_gets_everything(webhook: Webhook) -> None:
    with serving() as gone:
        address = gone.url
        port = gone.server_address[1]
    with FakeGraph(PAGE, address, retry_s=FAST) as graph:
        mids = {graph.person(str(n)).says("Bonjour") for n in range(5)}
        with pytest.raises(TimeoutError, match="5 events not acknowledged"):
            graph.idle(0.05)
        with serving(port) as back:
            graph.idle(2)
            assert {each["message"]["mid"] for each in back.elements()} == mids
        assert 0 in [status for _, status in graph.acks]


def test_meta_gives_up_after_so_many_failures(webhook: Webhook) -> None:
    webhook.statuses = [500] * 3
    with FakeGraph(PAGE, webhook.url, retry_s=FAST, give_up_after=3) as graph:
        someone(graph)
        with pytest.raises(TimeoutError, match="1 dropped"):
            graph.idle(2)
        assert not graph.subscribed
        assert send(graph, {"subscribed_fields": ["messages"]}, "subscribed_apps").json() == {"success": True}
        someone(graph)
        graph.idle(2)
        assert (graph.subscribed, graph.acks[-1][1]) == (True, 200)


def test_of_one_person_the_events_come_in_order(graph: FakeGraph, webhook: Webhook) -> None:
    people = [graph.person() for _ in range(5)]
    for n in range(20):
        for person in people:
            person.says(str(n))
    graph.idle(5)
    for person in people:
        told = [each["message"]["text"] for each in webhook.elements() if each["sender"]["id"] == person.psid]
        assert told == [str(n) for n in range(20)]


def test_chaos_doubles_groups_and_disorders_but_loses_nothing(graph: FakeGraph, webhook: Webhook) -> None:
    graph.chaos = Chaos(seed=7, duplicate=0.3, batch=0.4, reorder=0.3)
    webhook.statuses = [200, 500] * 10
    person = graph.person()
    mids = [person.says(str(n)) for n in range(100)]
    graph.idle(5)
    told = [each["message"]["mid"] for each in webhook.elements()]
    first_told = list(dict.fromkeys(told))
    assert set(told) == set(mids)
    assert first_told != mids
    assert max(Counter(told).values()) > 1
    entries = [body["entry"] for body in webhook.bodies]
    assert any(len(each) > 1 for each in entries)
    assert any(len(entry["messaging"]) > 1 for each in entries for entry in each)


def test_an_unsubscribed_field_is_not_delivered(graph: FakeGraph, webhook: Webhook) -> None:
    send(graph, {"subscribed_fields": "messages,messaging_postbacks"}, "subscribed_apps")
    person = someone(graph)
    person.reads()
    graph.idle(2)
    assert [each for each in webhook.elements() if "read" in each] == []
    assert len(webhook.elements()) == 1
    apps = request("GET", f"{graph.url}/v25.0/{PAGE.id}/subscribed_apps", headers=HEADERS, params=PROOF).json()["data"]
    assert [(each["id"], each["subscribed_fields"]) for each in apps] == [(PAGE.app_id, ["messages", "messaging_postbacks"])]


def test_the_person_taps_what_the_newest_bubble_offers(graph: FakeGraph, webhook: Webhook) -> None:
    person = someone(graph)
    answer = send(graph, replies_body(quick("Oui", "o1"), quick("Non", "n1"))).json()
    assert answer == {"recipient_id": "1", "message_id": person.screen[-1].mid}
    assert person.quick_replies == [("Oui", "o1"), ("Non", "n1")]
    person.taps("Non")
    graph.idle(2)
    assert webhook.elements()[-1]["message"]["quick_reply"] == {"payload": "n1"}
    with pytest.raises(LookupError, match="Oui"):
        person.taps("Oui")
    assert [bubble.by for bubble in person.screen] == ["person", "page", "person"]


def test_a_later_bubble_takes_the_quick_replies_away(graph: FakeGraph) -> None:
    person = someone(graph)
    send(graph, replies_body(quick("Oui")))
    send(graph, text_body("Autre chose?"))
    assert person.quick_replies == []
    assert person.texts_since(2) == ["Autre chose?"]


def test_the_buttons_of_templates_can_be_tapped_later(graph: FakeGraph, webhook: Webhook) -> None:
    person = someone(graph)
    send(graph, buttons_body(button("Voir", "v1"), link()))
    cards = [card(title=f"Carte {n}", buttons=[button("Fiche", f"f{n}")]) for n in range(3)]
    send(graph, cards_body(*cards))
    person.says("Merci")
    person.taps("Voir")
    person.taps("Fiche")
    person.taps("Fiche", card=2)
    assert person.taps("Site") is None
    graph.idle(2)
    assert [each["postback"]["payload"] for each in webhook.elements() if "postback" in each] == ["v1", "f0", "f2"]
    assert person.texts_since(0) == ["Que faire?", "Carte 0\nCarte 1\nCarte 2"]


def test_sender_actions_are_seen(graph: FakeGraph) -> None:
    person = someone(graph)
    for action in ("mark_seen", "typing_on"):
        assert send(graph, {"recipient": {"id": "1"}, "sender_action": action}).json() == {"recipient_id": "1"}
    assert (person.seen, person.typing) == (True, True)
    send(graph, text_body())
    assert not person.typing


def test_the_profile_gives_the_ways_to_begin(graph: FakeGraph, webhook: Webhook) -> None:
    person = graph.person("1")
    with pytest.raises(LookupError, match="Get Started"):
        person.gets_started()
    calls = [{"question": "Où suis-je?", "payload": "q1"}]
    items = [button("Menu", "m1"), link(title="Le site")]
    body = {"get_started": {"payload": "g1"}, "ice_breakers": [{"locale": "default", "call_to_actions": calls}]}
    assert send(graph, body, "messenger_profile").json() == {"result": "success"}
    send(graph, {"persistent_menu": [{"locale": "default", "call_to_actions": items}]}, "messenger_profile")
    person.gets_started(ref="affiche")
    person.asks_ice_breaker("Où suis-je?")
    person.chooses_menu("Menu")
    assert person.chooses_menu("Le site") is None
    graph.idle(2)
    postbacks = [each["postback"] for each in webhook.elements()]
    assert [each["payload"] for each in postbacks] == ["g1", "q1", "m1"]
    assert postbacks[0]["referral"]["ref"] == "affiche"


def test_the_profile_is_read_and_deleted(graph: FakeGraph) -> None:
    menu = [{"locale": "default", "call_to_actions": [button()]}]
    send(graph, {"get_started": {"payload": "g"}, "persistent_menu": menu}, "messenger_profile")
    address = f"{graph.url}/v25.0/me/messenger_profile"
    asked = {**PROOF, "fields": "get_started,greeting,persistent_menu"}
    told = request("GET", address, headers=HEADERS, params=asked).json()
    assert told == {"data": [{"get_started": {"payload": "g"}, "persistent_menu": menu}]}
    refused = send(graph, {"fields": ["get_started"]}, "messenger_profile", "DELETE")
    assert (refused.status_code, refused.json()["error"]["error_subcode"]) == (400, 2018145)
    assert send(graph, {"fields": ["get_started", "persistent_menu"]}, "messenger_profile", "DELETE").status_code == 200
    assert request("GET", address, headers=HEADERS, params=asked).json() == {"data": []}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_attachment_is_delivered(graph: FakeGraph, webhook: Webhook, kind: str) -> None:
    mid = graph.person().sends(kind)
    graph.idle(2)
    message = webhook.elements()[0]["message"]
    assert message["mid"] == mid
    assert len(message["attachments"]) == 1


def test_an_unknown_kind_is_refused(graph: FakeGraph) -> None:
    with pytest.raises(ValueError, match="is not one of image"):
        graph.person().sends("hologram")


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda person: person.reacts("👍"), "reaction"),
        (lambda person: person.reads(), "read"),
        (lambda person: person.edits("Bonsoir"), "message_edit"),
        (lambda person: person.refers("affiche"), "referral"),
        (lambda person: person.opts_in(), "optin"),
    ],
)
def test_the_other_events_are_delivered(graph: FakeGraph, webhook: Webhook, act: Callable[[Person], object], name: str) -> None:
    act(someone(graph))
    graph.idle(2)
    last = webhook.elements()[-1]
    assert sorted(last) == sorted(["sender", "recipient", "timestamp", name])
    assert (last["sender"]["id"], last["recipient"]["id"]) == ("1", PAGE.id)


def test_echoes_and_receipts_follow_what_the_page_sends(graph: FakeGraph, webhook: Webhook) -> None:
    graph.echoes = graph.receipts = True
    person = someone(graph)
    mid = send(graph, buttons_body(button())).json()["message_id"]
    graph.human_replies(person, "Je prends la suite.")
    graph.idle(2)
    receipt, ours, human = webhook.elements()[-3:]
    assert receipt["delivery"]["mids"] == [mid]
    assert (ours["sender"]["id"], ours["message"]["app_id"], ours["message"]["mid"]) == (PAGE.id, int(PAGE.app_id), mid)
    assert (human["message"]["app_id"], human["message"]["is_echo"]) == (int(INBOX_APP), True)
    assert [bubble.by for bubble in person.screen] == ["person", "page", "human"]
    assert person.texts_since(0) == ["Que faire?"]


def test_while_another_app_owns_the_thread_we_are_on_standby(graph: FakeGraph, webhook: Webhook) -> None:
    person = someone(graph)
    send(graph, buttons_body(button("Voir", "v1")))
    graph.take_control(person)
    person.says("Allô?")
    person.taps("Voir")
    graph.idle(2)
    assert webhook.elements()[-1]["take_thread_control"]["new_owner_app_id"] == INBOX_APP
    text, postback = webhook.elements("standby")
    assert (text["message"]["text"], postback["postback"]["title"]) == ("Allô?", "Voir")
    assert "payload" not in postback["postback"]
    graph.own_postbacks_reach_us = True
    person.taps("Voir")
    graph.idle(2)
    assert webhook.elements()[-1]["postback"]["payload"] == "v1"


def test_the_thread_comes_back(graph: FakeGraph, webhook: Webhook) -> None:
    person = someone(graph)
    graph.take_control(person)
    graph.pass_control(person)
    graph.idle(2)
    assert webhook.elements()[-1]["pass_thread_control"]["new_owner_app_id"] == PAGE.app_id
    graph.take_control(person)
    graph.release_control(person)
    person.says("Encore moi")
    graph.idle(2)
    assert (webhook.elements()[-1]["message"]["text"], person.owner) == ("Encore moi", PAGE.app_id)


@pytest.mark.parametrize(
    ("edge", "owner"),
    [("pass_thread_control", INBOX_APP), ("release_thread_control", None), ("take_thread_control", PAGE.app_id)],
)
def test_our_app_hands_the_thread_over(graph: FakeGraph, edge: str, owner: str | None) -> None:
    person = someone(graph)
    if edge == "take_thread_control":
        graph.take_control(person)
    body = {"recipient": {"id": "1"}, "target_app_id": INBOX_APP}
    assert send(graph, body, edge).json() == {"success": True}
    assert person.owner == owner
    told = request("GET", f"{graph.url}/v25.0/me/thread_owner", headers=HEADERS, params={**PROOF, "recipient": "1"}).json()["data"]
    assert told == ([{"thread_owner": {"app_id": owner}}] if owner else [])


@pytest.mark.parametrize("fault", [cut(), reset_mid_body()])
def test_a_message_whose_answer_is_lost_is_on_the_screen(graph: FakeGraph, fault: Fault) -> None:
    person = someone(graph)
    graph.faults.next(fault)
    with pytest.raises(httpx.TransportError):
        send(graph, text_body("Perdu?"))
    assert person.texts_since(0) == ["Perdu?"]


def test_a_message_that_was_cut_before_is_not(graph: FakeGraph) -> None:
    person = someone(graph)
    graph.faults.next(reset())
    with pytest.raises(httpx.TransportError):
        send(graph, text_body())
    assert (person.texts_since(0), graph.accepted) == ([], [])


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (error(1), 500, 1),
        (error(4), 400, 4),
        (error(613), 429, 613),
        (error(190), 401, 190),
        (error(10, 2018278), 400, 10),
        (error(551), 400, 551),
        (error(100, status=418), 418, 100),
        (server_error(503), 503, 2),
        (error_in_200(2), 200, 2),
    ],
)
def test_an_error_by_script_is_answered_once(graph: FakeGraph, fault: Fault, status: int, code: int) -> None:
    person = someone(graph)
    graph.faults.next(fault)
    answer = send(graph, text_body())
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"].get("error_subcode")) == (
        status,
        code,
        fault.subcode,
    )
    assert person.texts_since(0) == []
    assert send(graph, text_body()).status_code == 200


def test_an_answer_may_not_be_json(graph: FakeGraph) -> None:
    person = someone(graph)
    graph.faults.next(invalid_json(), server_error(502, html=True))
    answers = [send(graph, text_body(str(n))) for n in range(2)]
    assert [answer.status_code for answer in answers] == [200, 502]
    for answer in answers:
        with pytest.raises(json.JSONDecodeError):
            answer.json()
    assert person.texts_since(0) == ["0"]


def test_a_fault_keeps_to_its_path(graph: FakeGraph) -> None:
    someone(graph)
    graph.faults.always(error(2), path="actions")
    graph.faults.next(error(4), path="profile")
    action = {"recipient": {"id": "1"}, "sender_action": "typing_on"}
    assert [send(graph, body).status_code for body in (text_body(), action, action)] == [200, 500, 500]
    assert send(graph, {"get_started": {"payload": "g"}}, "messenger_profile").json()["error"]["code"] == 4
    graph.faults.clear()
    assert send(graph, action).status_code == 200


def test_latency_delays_the_answer_not_the_message(graph: FakeGraph) -> None:
    someone(graph)
    graph.faults.next(latency(0.05))
    began = time.monotonic()
    assert send(graph, text_body()).status_code == 200
    assert time.monotonic() - began >= 0.05


def test_a_hang_lasts_until_it_is_released(graph: FakeGraph) -> None:
    person = someone(graph)
    graph.faults.next(hang(), hang(0.01, accepted=True))
    with pytest.raises(httpx.ReadTimeout):
        request("POST", f"{graph.url}/v25.0/me/messages", json=text_body(), headers=HEADERS, params=PROOF, timeout=0.05)
    with pytest.raises(httpx.TransportError):
        send(graph, text_body("Accepté"))
    assert person.texts_since(0) == ["Accepté"]


def test_a_stop_ends_the_hangs() -> None:
    with FakeGraph(PAGE) as graph:
        someone(graph)
        graph.faults.next(hang(accepted=True))
        ended: list[str] = []

        def wait() -> None:
            try:
                send(graph, text_body())
            except httpx.TransportError as gone:
                ended.append(type(gone).__name__)

        thread = threading.Thread(target=wait)
        thread.start()
        while not graph.accepted:
            time.sleep(0.005)
    thread.join(2)
    assert len(ended) == 1


def test_a_deletion_request_is_signed_over_its_payload() -> None:
    for secret, fits in ((PAGE.app_secret, True), ("autre", False)):
        signature, payload = PAGE.signed_request("42", {"secret": secret}).split(".")
        right = hmac.new(PAGE.app_secret.encode(), payload.encode(), hashlib.sha256).digest()
        assert (base64.urlsafe_b64decode(signature + "=") == right) is fits
        told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        assert (told["user_id"], told["algorithm"]) == ("42", "HMAC-SHA256")


def test_the_phone_shows_and_acts(graph: FakeGraph, webhook: Webhook) -> None:
    page = request("GET", f"{graph.url}/telephone").text
    assert '<html lang="fr-CA">' in page
    for name in ("phone.css", "phone.js"):
        assert f"/telephone/{name}" in page
        assert request("GET", f"{graph.url}/telephone/{name}").status_code == 200
    act = f"{graph.url}/telephone/geste?personne=1"
    assert request("POST", act, json={"geste": "ecrire", "valeur": "Bonjour"}).json()["bulles"][0]["texte"] == "Bonjour"
    send(graph, cards_body(card(buttons=[button("Fiche", "f0")]), card(buttons=[button("Fiche", "f1")])))
    send(graph, text_body("é" * 2001))
    told = request("GET", f"{graph.url}/telephone/etat?personne=1").json()
    assert ([each["regle"] for each in told["refus"]], told["nombre_refus"]) == (["F14.length"], 1)
    tap = {"geste": "toucher", "valeur": "Fiche", "bulle": told["bulles"][1]["mid"], "carte": 1}
    assert request("POST", act, json=tap).status_code == 200
    graph.idle(2)
    assert webhook.elements()[-1]["postback"]["payload"] == "f1"


@pytest.mark.parametrize(
    "gesture", [{"geste": "toucher", "valeur": "Rien"}, {"geste": "voler"}, {"geste": "ecrire", "valeur": " "}, {}, []]
)
def test_an_impossible_gesture_is_told_in_french(graph: FakeGraph, gesture: object) -> None:
    answer = request("POST", f"{graph.url}/telephone/geste?personne=1", json=gesture)
    assert (answer.status_code, answer.json()) == (400, {"erreur": "Ce geste n’est pas possible maintenant."})
    assert graph.person("1").screen == []
