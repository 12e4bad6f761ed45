"""Servers around the widget: websites that show it, and a wire to its server that can be cut."""

import html
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# What a careful webmaster allows: the widget's server, and nothing written in the page.
POLICY = "default-src 'none'; script-src {server}; style-src {server} 'self'; connect-src {server}; img-src 'self'"
PAGE = """<!doctype html>
<html lang="fr-CA"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="{css}">{head}</head>
<body><main><h1>{title}</h1><p>Une page d’un organisme, avec <a href="#ailleurs">un lien</a>.</p>{body}</main></body></html>"""


class Site:
    """A website on an origin of its own, whose pages show the widget of a server under a strict policy."""

    def __init__(self, httpd: ThreadingHTTPServer) -> None:
        self.origin = f"http://127.0.0.1:{httpd.server_address[1]}"
        self._files = httpd.files
        self._number = itertools.count(1)

    def page(self, server: str, *, css: str = "", body: str = "", tag: bool = True, **attributes: str) -> str:
        """Return the address of a new page with the widget of `server`; `css` is the page's own, keywords the data-* of the tag."""
        number = next(self._number)
        given = "".join(f' data-{name.replace("_", "-")}="{html.escape(value)}"' for name, value in attributes.items())
        script = f'<script type="module" src="{server}/widget/widget.js"{given}></script>' if tag else ""
        page = PAGE.format(title="Un organisme", css=f"/{number}.css", head=script, body=body)
        policy = {"Content-Security-Policy": POLICY.format(server=server)}
        self._files[f"/{number}"] = ("text/html; charset=utf-8", page.encode(), policy)
        self._files[f"/{number}.css"] = ("text/css; charset=utf-8", css.encode(), {})
        return f"{self.origin}/{number}"


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body, headers = self.server.files.get(urlsplit(self.path).path, ("image/png", b"", {}))
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def website() -> Iterator[Site]:
    """Serve a website on a free port."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    httpd.daemon_threads = True
    httpd.files = {}
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield Site(httpd)
    httpd.shutdown()
    httpd.server_close()
    thread.join()


class Wire:
    """An address that stays while the server behind it is cut off, or replaced by another one."""

    def __init__(self, listening: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self._listening = listening
        self._behind: tuple[str, int] | None = None
        self._open: set[socket.socket] = set()

    def server(self, behind: Any) -> Any:
        """Return the server `behind`, at this address."""
        return behind._replace(url=self.url)

    def join(self, server: str) -> None:
        """Lead to `server` from now on."""
        address = urlsplit(server)
        self._behind = (address.hostname, address.port)

    def cut(self) -> None:
        """Break what is under way and lead nowhere."""
        self._behind = None
        for each in [*self._open]:
            _end(each)

    def serve(self) -> None:
        """Take connections until the address is closed."""
        with suppress(OSError):
            while True:
                self._lead(self._listening.accept()[0])

    def _lead(self, near: socket.socket) -> None:
        behind = self._behind
        try:
            far = socket.create_connection(behind) if behind else None
        except OSError:
            far = None
        if far is None:
            near.close()
            return
        self._open |= {near, far}
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        _end(target)
        self._open.discard(source)
        source.close()


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire() -> Iterator[Wire]:
    """Give an address that leads to no server yet."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = Wire(listening)
    thread = threading.Thread(target=made.serve, daemon=True)
    thread.start()
    yield made
    made.cut()
    _end(listening)
    listening.close()
    thread.join()
