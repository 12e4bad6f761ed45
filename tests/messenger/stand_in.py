"""What the tests of the webhook share: an assistant that answers at once, bodies as Meta writes them, what was stored of them."""

import http.client
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
from fake_graph.delivery import NO_TLS
from fake_graph.events import new_mid
from gates import Gate
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.assistant import Turned, bubble
from bot.conversations.models import Base, Inbound, JournalDue, Thread
from bot.messenger.holds import hold_of
from bot.state import State

# A text that has the conversation erased, and one that is answered with two buttons.
ERASE, BUTTONS = "efface tout", "des boutons"
_numbers = itertools.count(7_000_000_000_000_000)


class StandIn:
    """Answers « réponse à … », whatever it is asked; its turns do not end while it is `held`. It remembers them, `(text, payload)` each."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, str | None]] = []
        self._gate = Gate()

    def hold(self) -> None:
        """Let no turn end."""
        self._gate.shut()

    def release(self) -> None:
        """Let them end."""
        self._gate.open()

    async def turn(self, _conversation: str, state: State, entered: Any, payload: str | None, _channel: str) -> tuple[Turned, State]:
        """Return the echo of a text, or of a button's title."""
        self.turns.append((entered.text, payload))
        await self._gate.passed()
        if entered.text == ERASE:
            return Turned([bubble("C’est effacé.")], erase=True), state
        reply = bubble(f"réponse à {entered.text}")
        if entered.text == BUTTONS:
            reply["buttons"] = [{"title": "Oui, bien sûr", "payload": "/affirm"}, {"title": "Non", "payload": "/deny"}]
        return Turned([reply]), replace(state, begun=True)

    async def start_over(self, _conversation: str, _state: State, _channel: str) -> tuple[Turned, State]:
        """Return the words of a new start."""
        self.turns.append(("Recommencer", None))
        return Turned([bubble("On repart à zéro.")]), State(begun=True)

    def unread(self, sentence: str, state: State) -> tuple[Turned, State]:
        """Return the sentence."""
        return Turned([bubble(sentence)]), replace(state, begun=True)

    async def parse(self, _text: str) -> dict[str, Any]:
        """Return that nothing was understood."""
        return {"intent": {"name": None}, "entities": []}

    async def warm_up(self) -> None:
        """Load nothing."""

    async def close(self) -> None:
        """Let everything end."""
        self.release()


def new_psid() -> str:
    """Return the id of someone new."""
    return str(next(_numbers))


def someone(graph: Any, psid: str | None = None) -> Any:
    """Return a person whom the page may answer, although the fake did not carry what they write."""
    person = graph.person(psid or new_psid())
    person.last_spoke = graph.now()
    return person


def element(psid: str, page_id: str, **told: Any) -> dict[str, Any]:
    """Return an element of `messaging` from a person to the page."""
    return {"sender": {"id": psid}, "recipient": {"id": page_id}, "timestamp": int(time.time() * 1000), **told}


def message(psid: str, page_id: str, text: str, **more: Any) -> dict[str, Any]:
    """Return the element of a text."""
    return element(psid, page_id, message={"mid": new_mid(), "text": text, **more})


def body(page_id: str, *elements: Any, field: str = "messaging") -> dict[str, Any]:
    """Return what Meta posts for these elements."""
    return {"object": "page", "entry": [{"id": page_id, "time": int(time.time() * 1000), field: [*elements]}]}


def post(graph: Any, posted: Any, url: str = "") -> httpx.Response:
    """Return the answer to a body, signed and posted once, to the fake's webhook unless another is given."""
    raw = posted if isinstance(posted, bytes) else json.dumps(posted).encode()
    with httpx.Client(timeout=60, trust_env=False, verify=NO_TLS) as client:
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": graph.sign(raw)}
        return client.post(url or graph.webhook, content=raw, headers=headers)


def verification(web: Any, query: str, method: str = "GET") -> tuple[int, str, Mapping[str, str]]:
    """Return what a query of the webhook is answered: status, text, headers. httpx would log the token that is in its address."""
    connection = http.client.HTTPConnection(urlsplit(web.url).netloc, timeout=60)
    try:
        connection.request(method, f"/messenger/webhook?{query}")
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def undelivered(graph: Any, act: Callable[[], Any]) -> dict[str, Any]:
    """Return the body of what someone does, without delivering it."""
    webhook, graph.webhook = graph.webhook, ""
    act()
    graph.webhook = webhook
    event = graph.events[-1]
    return body(graph.page.id, event.element, field="standby" if event.standby else "messaging")


def received(store: Any, psid: str) -> list[tuple[str, str]]:
    """Return what the inbox holds of a person, in order: kind and text."""

    def look(session: Session) -> list[tuple[str, str]]:
        query = select(Inbound.kind, Inbound.text).join(Thread, Thread.conversation_id == Inbound.conversation_id)
        return [tuple(row) for row in session.execute(query.where(Thread.psid == psid).order_by(Inbound.seq))]

    return store.run_here(look)


def thread(store: Any, psid: str) -> Thread | None:
    """Return the thread of a person."""
    return store.run_here(lambda session: session.execute(select(Thread).where(Thread.psid == psid)).scalar_one_or_none())


def rows(store: Any) -> dict[str, int]:
    """Return how many rows each table holds, those that hold any; the notes for the journal come and go as it follows."""

    def look(session: Session) -> dict[str, int]:
        tables = {name: table for name, table in Base.metadata.tables.items() if name != JournalDue.__tablename__}
        found = {name: len(session.execute(select(table)).all()) for name, table in tables.items()}
        return {name: number for name, number in found.items() if number}

    return store.run_here(look)


def held_by_human(store: Any, page_id: str, psid: str) -> bool:
    """A person of the page was heard in someone's thread, and was not followed by us."""
    return store.run_here(lambda session: (hold := hold_of(session, page_id, psid)) is not None and hold.human_at is not None)
