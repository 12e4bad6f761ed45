"""What Graph answers to a request, once its bytes are read; everything that is checked is checked here, in Meta's order."""

import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fake_graph.checks import check_profile, check_send
from fake_graph.events import new_mid
from fake_graph.page import Page
from fake_graph.profile_checks import without_get_started
from fake_graph.refusal import Refusal, refuse
from fake_graph.rules import VERSIONS
from fake_graph.screen import Person, bubble_of

if TYPE_CHECKING:
    from fake_graph.server import FakeGraph

Answer = dict[str, Any] | Refusal
_WINDOW = timedelta(hours=24)
_CONTROL = ("pass_thread_control", "take_thread_control", "release_thread_control")
_PATH = re.compile(r"/(v[0-9]+\.[0-9]+)/([0-9]+|me)(?:/([a-z_]+))?")


@dataclass(frozen=True)
class Request:
    """A request whose body is read, and decoded when it is a JSON object."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object of the body; empty when there is none."""
        try:
            found = json.loads(self.raw or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def kind(self) -> str:
        """What a fault may be limited to."""
        edge = self.path.rsplit("/", 1)[-1]
        if edge == "messages":
            return "actions" if "sender_action" in self.body else "messages"
        return {"messenger_profile": "profile", **dict.fromkeys((*_CONTROL, "thread_owner"), "control")}.get(edge, "other")


def answer(graph: "FakeGraph", request: Request) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON of Graph, having noted the request as accepted or refused."""
    body = request.body
    found = _refused_at_the_door(graph, request) or _route(graph, request, body)
    if isinstance(found, Refusal):
        noted = graph.refuse(found, body)
        return noted.status, noted.as_json()
    return 200, found


def _refused_at_the_door(graph: "FakeGraph", request: Request) -> Refusal | None:
    found = _PATH.fullmatch(request.path)
    if not found:
        return refuse("F25.path", request.path, code=2500)
    if found[1] not in VERSIONS:
        return refuse("F24.version", found[1], code=2500)
    end = VERSIONS[found[1]]
    if end and graph.now().date() >= end:
        return refuse("F24.ended", f"{found[1]}, {end}", code=2635)
    return _refused_secret(graph.page, request) or _refused_page(graph.page, found[2], request)


def _refused_secret(page: Page, request: Request) -> Refusal | None:
    if "access_token" in request.query or "access_token" in request.body or page.token in request.path + str(request.query):
        return refuse("F26.url", status=401, code=190)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return refuse("F26.bearer", status=401, code=190)
    if not hmac.compare_digest(token.encode(), page.token.encode()):
        return refuse("F25.token", status=401, code=190)
    proof = request.query.get("appsecret_proof") or request.body.get("appsecret_proof")
    fits = isinstance(proof, str) and hmac.compare_digest(proof.encode(), page.proof.encode())
    return None if fits else refuse("F26.proof")


def _refused_page(page: Page, name: str, request: Request) -> Refusal | None:
    if name not in ("me", page.id):
        return refuse("F25.path", name, subcode=33)
    if not request.raw or request.method == "GET":
        return None
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        fits = said == "application/json" and isinstance(json.loads(request.raw), dict)
    except ValueError:
        fits = False
    return None if fits else refuse("F25.json", said)


def _route(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    found = _PATH.fullmatch(request.path)
    edge = found[3] if found else None
    treat = _ROUTES.get((request.method, edge))
    return treat(graph, request, body) if treat else refuse("F25.path", f"{request.method} {request.path}", code=2500)


def _send(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    refusal = check_send(body)
    if refusal:
        return refusal
    person = graph.people.get(body["recipient"]["id"])
    if person is None:
        return refuse("F15.person", subcode=2018001)
    with person.lock:
        refusal = _refused_by_thread(graph, person, body)
        if refusal:
            return refusal
        graph.wake(person)
        return _act(graph, person, body) if "sender_action" in body else _show(graph, person, body)


def _refused_by_thread(graph: "FakeGraph", person: Person, body: dict[str, Any]) -> Refusal | None:
    if person.refuses:
        return refuse("F25.unavailable", status=403 if person.refuses == 230 else 400, code=person.refuses)
    if person.last_spoke is None or graph.now() - person.last_spoke > _WINDOW:
        rule_id = "F16.actions" if "sender_action" in body else "F16.window"
        tagged = body.get("messaging_type") in ("MESSAGE_TAG", "UTILITY")
        return refuse("F16.tag" if tagged else rule_id, f"last message {person.last_spoke or 'none'}", status=403, code=10, subcode=2018278)
    if graph.in_standby(person):
        return refuse("F21.owner", person.owner, status=403, code=10, subcode=2018300)
    return None


def _act(graph: "FakeGraph", person: Person, body: dict[str, Any]) -> Answer:
    if body["sender_action"] == "mark_seen":
        person.seen = True
    else:
        person.typing = body["sender_action"] == "typing_on"
    graph.accept("actions", body)
    return {"recipient_id": person.psid}


def _show(graph: "FakeGraph", person: Person, body: dict[str, Any]) -> Answer:
    mid, message = new_mid(), body["message"]
    person.show(bubble_of(message, graph.now(), mid))
    graph.accept("messages", body)
    if graph.receipts:
        graph.emit(person, "message_deliveries", {"delivery": {"mids": [mid], "watermark": graph.now_ms()}})
    if graph.echoes:
        told = {"mid": mid, **{name: message[name] for name in ("text", "metadata") if name in message}}
        if "attachment" in message:
            told["attachments"] = [message["attachment"]]
        graph.echo(person, told, graph.page.app_id)
    return {"recipient_id": person.psid, "message_id": mid}


def _get_profile(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    wanted = [name for name in request.query.get("fields", "").split(",") if name]
    with graph.lock:
        found = {name: graph.profile[name] for name in wanted if name in graph.profile}
    return {"data": [found] if found else []}


def _set_profile(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    with graph.lock:
        refusal = check_profile(body, "get_started" in graph.profile)
        if refusal:
            return refusal
        graph.profile.update({name: value for name, value in body.items() if name != "appsecret_proof"})
        graph.accept("profile", body)
    return {"result": "success"}


def _delete_profile(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    fields = body.get("fields")
    if not isinstance(fields, list) or not fields or not all(isinstance(name, str) for name in fields):
        return refuse("F19.keys", fields)
    with graph.lock:
        if "get_started" in fields and "persistent_menu" in graph.profile and "persistent_menu" not in fields:
            return without_get_started()
        for name in fields:
            graph.profile.pop(name, None)
        graph.accept("profile", body)
    return {"result": "success"}


def _person_of(graph: "FakeGraph", body: dict[str, Any]) -> Person | Refusal:
    recipient = body.get("recipient")
    psid = recipient.get("id") if isinstance(recipient, dict) else None
    if not isinstance(psid, str) or not psid:
        return refuse("F15.recipient", recipient)
    return graph.people.get(psid) or refuse("F15.person", subcode=2018001)


def _control(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    person, what = _person_of(graph, body), request.path.rsplit("/", 1)[-1]
    if isinstance(person, Refusal):
        return person
    target = body.get("target_app_id")
    if what == "pass_thread_control" and (not isinstance(target, (str, int)) or not str(target).isdigit()):
        return refuse("F21.target", target)
    with person.lock:
        if what != "take_thread_control" and graph.in_standby(person):
            return refuse("F21.owner", person.owner, status=403, code=10, subcode=2018300)
        person.owner = {"pass_thread_control": str(target), "take_thread_control": graph.page.app_id}.get(what)
    graph.accept(what, body)
    return {"success": True}


def _thread_owner(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    person = _person_of(graph, {"recipient": {"id": request.query.get("recipient")}})
    if isinstance(person, Refusal):
        return person
    return {"data": [{"thread_owner": {"app_id": person.owner}}] if person.owner else []}


def _me(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    known = {"id": graph.page.id, "name": graph.page.name}
    wanted = request.query.get("fields", "id,name").split(",")
    return {name: known[name] for name in known if name in wanted or name == "id"}


def _get_apps(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    if not graph.subscribed:
        return {"data": []}
    fields = sorted(graph.subscribed_fields)
    return {"data": [{"id": graph.page.app_id, "name": "Application d’essai", "subscribed_fields": fields}]}


def _set_apps(graph: "FakeGraph", request: Request, body: dict[str, Any]) -> Answer:
    fields = body.get("subscribed_fields") or request.query.get("subscribed_fields")
    if isinstance(fields, str):
        fields = fields.split(",")
    if not isinstance(fields, list) or not fields or not all(isinstance(name, str) for name in fields):
        return refuse("F25.path", fields)
    graph.subscribed_fields = set(fields)
    graph.subscribed = True
    graph.accept("subscribed_apps", body)
    return {"success": True}


_ROUTES: dict[tuple[str, str | None], Callable[["FakeGraph", Request, dict[str, Any]], Answer]] = {
    ("POST", "messages"): _send,
    ("GET", "messenger_profile"): _get_profile,
    ("POST", "messenger_profile"): _set_profile,
    ("DELETE", "messenger_profile"): _delete_profile,
    **{("POST", name): _control for name in _CONTROL},
    ("GET", "thread_owner"): _thread_owner,
    ("GET", None): _me,
    ("GET", "subscribed_apps"): _get_apps,
    ("POST", "subscribed_apps"): _set_apps,
}
