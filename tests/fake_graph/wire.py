"""Bytes in, bytes out: the HTTP server, which spoils its answers when a fault says so, and keeps quiet."""

import contextlib
import json
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from fake_graph import endpoints, phone
from fake_graph.faults import Fault
from fake_graph.refusal import error_json

if TYPE_CHECKING:
    from fake_graph.server import FakeGraph


class WireServer(ThreadingHTTPServer):
    """The server of one `FakeGraph`; it takes its address at once and answers from `start` to `stop`."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, graph: "FakeGraph", port: int) -> None:
        """Take the address."""
        self.graph = graph
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        """Answer from now on."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True, name="fake-graph-wire")
        self._thread.start()

    def stop(self) -> None:
        """Close the address and every connection, and wait for their threads."""
        if self._thread:
            self.shutdown()
            self._thread.join()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, then treat it."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection and forget it."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about a caller that went away; anything else is a mistake of the fake, and shows."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: WireServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path.startswith("/telephone"):
            status, kind, body = phone.answer(self.server.graph, self.command, parts.path, query, raw)
            self._write(status, body, kind)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer_as_graph(endpoints.Request(self.command, parts.path, query, headers, raw))

    def _answer_as_graph(self, request: endpoints.Request) -> None:
        graph = self.server.graph
        fault = graph.faults.take(request.kind)
        status, told = endpoints.answer(graph, request) if fault is None or fault.accepted else (0, {})
        body = json.dumps(told).encode()
        if fault is None:
            self._write(status, body)
        elif fault.kind == "latency":
            time.sleep(fault.seconds or 0)
            self._write(status, body)
        elif fault.kind == "hang":
            graph.faults.wait(fault.seconds)
            self._cut()
        elif fault.kind == "answer":
            self._write_fault(fault)
        else:
            self._cut(body if fault.kind == "half" else b"")

    def _write_fault(self, fault: Fault) -> None:
        body = fault.body
        if body is None:
            body = json.dumps(error_json(fault.code or 1, f"(#{fault.code}) by script", fault.subcode)).encode()
        self._write(fault.status, body, fault.content_type)

    def _write(self, status: int, body: bytes, kind: str = "application/json; charset=UTF-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _cut(self, half_of: bytes = b"") -> None:
        """Reset the connection, after half of the answer when there is one."""
        if half_of:
            self.send_response(200)
            self.send_header("Content-Length", str(len(half_of)))
            self.end_headers()
            self.wfile.write(half_of[: len(half_of) // 2])
            self.wfile.flush()
            time.sleep(0.01)  # so that the half is read before the reset, which discards what is not
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
