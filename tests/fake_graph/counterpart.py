"""A webhook that is nobody's: it keeps what it gets, and answers what the test says."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Webhook(ThreadingHTTPServer):
    """The counterpart of the fake in its own tests. `statuses` are the next answers, then it is always 200."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        """Take an address."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.verify_token = ""

    @property
    def url(self) -> str:
        """Where events are posted."""
        return f"http://127.0.0.1:{self.server_address[1]}/webhook"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was posted, in order of arrival."""
        return [json.loads(raw) for _, raw in self.posts]

    def elements(self, name: str = "messaging") -> list[dict[str, Any]]:
        """Return every element of `messaging`, or of `standby`."""
        return [each for body in self.bodies for entry in body["entry"] for each in entry.get(name, [])]


class _Handler(BaseHTTPRequestHandler):
    server: Webhook
    wbufsize = -1

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        fits = asked["hub.mode"] == ["subscribe"] and asked["hub.verify_token"] == [self.server.verify_token]
        self._answer(200 if fits else 403, asked["hub.challenge"][0].encode() if fits else b"")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(({name.lower(): value for name, value in self.headers.items()}, raw))
        self._answer(self.server.statuses.pop(0) if self.server.statuses else 200)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(port: int = 0) -> Iterator[Webhook]:
    """Serve a webhook for the time of a `with`."""
    webhook = Webhook(port)
    thread = threading.Thread(target=webhook.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield webhook
    finally:
        webhook.shutdown()
        thread.join()
        webhook.server_close()
