"""The fake of the platform: the people and the Page's profile, the webhook on one side, Graph's endpoints on the other."""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

import httpx

from fake_graph.delivery import ACK_TIMEOUT_S, NO_TLS, Chaos, Delivery
from fake_graph.events import FIELDS, Event, new_mid
from fake_graph.faults import Faults
from fake_graph.page import INBOX_APP, Page
from fake_graph.refusal import Refusal
from fake_graph.screen import Person, Shown
from fake_graph.wire import WireServer


def utc_now() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Accepted:
    """A request that Graph took: kind is messages, actions, profile, pass_thread_control and so on."""

    at: datetime
    kind: str
    body: dict[str, Any]


class FakeGraph:
    """A server of Graph's endpoints for one Page, and the people who write to it. Use it as a context, or `start` and `stop`."""

    def __init__(
        self,
        page: Page,
        webhook: str = "",
        *,
        now: Callable[[], datetime] = utc_now,
        port: int = 0,
        retry_s: Sequence[float] = (0.05, 0.2, 0.5, 1, 2),
        give_up_after: int = 1000,
    ) -> None:
        """Take the address at once; nothing answers before `start`. `port` 0 is any free one."""
        self.page, self.now = page, now
        self.refusals: list[Refusal] = []
        self.accepted: list[Accepted] = []
        self.events: list[Event] = []
        self.profile: dict[str, Any] = {}
        self.subscribed_fields = set(FIELDS)
        self.echoes = self.receipts = self.own_postbacks_reach_us = False
        self.faults = Faults()
        self.people: dict[str, Person] = {}
        self.lock = threading.RLock()
        self._delivery = Delivery(page, retry_s, give_up_after)
        self._delivery.webhook = webhook
        self._wire = WireServer(self, port)
        self.url = f"http://127.0.0.1:{self._wire.server_address[1]}"

    def start(self) -> "FakeGraph":
        """Answer, and deliver."""
        self._delivery.start()
        self._wire.start()
        return self

    def stop(self) -> None:
        """Stop both sides and close every connection."""
        self.faults.clear()
        self._wire.stop()
        self._delivery.stop()

    def __enter__(self) -> "FakeGraph":
        """Start."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    # The people.

    def person(self, psid: str | None = None) -> Person:
        """Return the person of that id, or someone new."""
        with self.lock:
            psid = psid or str(secrets.randbelow(10**15) + 5 * 10**15)
            if psid not in self.people:
                self.people[psid] = Person(self, psid)
            return self.people[psid]

    def human_replies(self, person: Person, text: str) -> str:
        """Answer from the Page's inbox as a human does: an echo of another app; return its mid."""
        mid = new_mid()
        person.show(Shown(self.now(), "human", text, mid))
        self.echo(person, {"mid": mid, "text": text}, INBOX_APP)
        return mid

    def take_control(self, person: Person, app_id: str = INBOX_APP) -> None:
        """Have another app take the thread: we are told, and what follows is in `standby`."""
        self._hand_over(person, app_id, "take_thread_control")

    def pass_control(self, person: Person) -> None:
        """Have the other app give the thread to us: we are told."""
        self._hand_over(person, self.page.app_id, "pass_thread_control")

    def release_control(self, person: Person) -> None:
        """Have the other app leave the thread: nobody is told, and the person's next message comes to us (assumed)."""
        with person.lock:
            person.owner = None

    def request_control(self, person: Person, app_id: str = INBOX_APP) -> None:
        """Have another app ask us for the thread."""
        self.emit(person, "messaging_handovers", {"request_thread_control": {"requested_owner_app_id": app_id, "metadata": ""}})

    # The webhook.

    @property
    def webhook(self) -> str:
        """Where the events go; empty for nowhere."""
        return self._delivery.webhook

    @webhook.setter
    def webhook(self, webhook: str) -> None:
        self._delivery.webhook = webhook

    @property
    def chaos(self) -> Chaos:
        """What is done to the events from now on."""
        return self._delivery.chaos

    @chaos.setter
    def chaos(self, chaos: Chaos) -> None:
        self._delivery.chaos = chaos

    @property
    def acks(self) -> list[tuple[float, int]]:
        """Every post to the webhook, as (seconds, status); the status is 0 when nothing was answered."""
        return self._delivery.acks

    @property
    def subscribed(self) -> bool:
        """Whether Meta still delivers."""
        return self._delivery.subscribed

    @subscribed.setter
    def subscribed(self, value: bool) -> None:
        if value:
            self._delivery.resubscribe()
        else:
            self._delivery.subscribed = False

    def idle(self, timeout_s: float = 10.0) -> None:
        """Wait until every event was acknowledged, its doubles too.

        Raises:
            TimeoutError: some were not by then, or were dropped because the webhook was unsubscribed.
        """
        self._delivery.idle(timeout_s)

    def sign(self, body: bytes) -> str:
        """Return the value of `X-Hub-Signature-256` for these bytes."""
        return self.page.signature(body)

    def deliver(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        """Post these bytes once, signed unless other headers are given."""
        told = self._delivery.headers(body) if headers is None else headers
        return httpx.post(self.webhook, content=body, headers=told, timeout=ACK_TIMEOUT_S, trust_env=False, verify=NO_TLS)

    def verify(self, token: str | None = None) -> bool:
        """Ask the webhook to prove itself; say whether it gave the bare challenge."""
        challenge = str(secrets.randbelow(10**9) + 10**9)
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": self.page.verify_token if token is None else token,
            "hub.challenge": challenge,
        }
        answer = httpx.get(self.webhook, params=asked, timeout=ACK_TIMEOUT_S, trust_env=False, verify=NO_TLS)
        return answer.status_code == 200 and answer.text == challenge

    def deletion_request(self, user_id: str, **overrides: Any) -> str:
        """Return the `signed_request` of a data deletion callback; overrides replace its fields, `secret` the key."""
        return self.page.signed_request(user_id, overrides)

    # What the parts of the fake ask of the whole.

    def now_ms(self) -> int:
        """Return the present of the injected clock, in milliseconds."""
        return int(self.now().timestamp() * 1000)

    def in_standby(self, person: Person) -> bool:
        """Say whether another app owns the thread."""
        return person.owner not in (None, self.page.app_id)

    def wake(self, person: Person) -> None:
        """Route an idle thread to our app."""
        if person.owner is None:
            person.owner = self.page.app_id

    def profile_calls(self, name: str) -> list[dict[str, Any]]:
        """Return the calls to action of a property of the profile, for the locale default."""
        groups = self.profile.get(name, [])
        return next((group.get("call_to_actions", []) for group in groups if group["locale"] == "default"), [])

    def emit(self, person: Person, name: str, told: dict[str, Any], *, from_page: bool = False, to_owner: bool = True) -> None:
        """Deliver an event of that webhook field, if the app has subscribed to it; in `standby` when another app owns the thread.

        `to_owner` False sends it to us all the same.
        """
        at_ms = self.now_ms()
        pair = [{"id": person.psid}, {"id": self.page.id}]
        sender, recipient = reversed(pair) if from_page else pair
        element = {"sender": sender, "recipient": recipient, "timestamp": at_ms, **told}
        standby = to_owner and self.in_standby(person) and name != "messaging_handovers"
        event = Event(person.psid, name, element, at_ms, standby)
        with self.lock:
            self.events.append(event)
        if ("standby" if standby else name) in self.subscribed_fields:
            self._delivery.give(event)

    def echo(self, person: Person, message: dict[str, Any], app_id: str) -> None:
        """Deliver the echo of what an app sent to a person."""
        self.emit(person, "message_echoes", {"message": {"is_echo": True, "app_id": int(app_id), **message}}, from_page=True)

    def accept(self, kind: str, body: dict[str, Any]) -> None:
        """Note a request that was taken."""
        self.accepted.append(Accepted(self.now(), kind, body))

    def refuse(self, refusal: Refusal, body: dict[str, Any]) -> Refusal:
        """Note a request that was refused."""
        noted = replace(refusal, body=body)
        self.refusals.append(noted)
        return noted

    def _hand_over(self, person: Person, app_id: str, what: str) -> None:
        with person.lock:
            before, person.owner = person.owner, app_id
        if before == app_id or (what == "take_thread_control" and before != self.page.app_id):
            return
        told = {"previous_owner_app_id": before, "new_owner_app_id": app_id, "metadata": ""}
        self.emit(person, "messaging_handovers", {what: told})
