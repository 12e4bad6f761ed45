"""Sites on this machine for the visits of links: each path of the plain one has its own way of answering; another has a bad certificate."""

import contextlib
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Site(ThreadingHTTPServer):
    """A site of every 127.0.0.*; `asked` holds (time, method, path, agent) of each request, `elsewhere` is where /ailleurs leads."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("", 0), _Answers)
        self.asked: list[tuple[float, str, str, str]] = []
        self.elsewhere = "/ok"
        self.released = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"http://{host}:{self.server_address[1]}{path}"

    def paths(self) -> list[str]:
        """Return what was asked: « HEAD /ok »."""
        return [f"{method} {path}" for _, method, path, _ in self.asked]


class _Answers(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        path = self.path
        self.server.asked.append((time.monotonic(), self.command, path, self.headers["User-Agent"]))
        if path == "/lent":
            self.server.released.wait(30)
        elif path == "/goutte":
            # Headers that never end, each in time for the clock of one reading.
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not self.server.released.wait(0.05):
                    self.wfile.write(b"X-Slow: 1\r\n")
        elif path.startswith("/vers/"):
            code, _, where = path.removeprefix("/vers/").partition("/")
            self._say(int(code), f"/{where}")
        elif path == "/ailleurs":
            self._say(301, self.server.elsewhere)
        elif path.startswith("/chaine/"):
            left = int(path.removeprefix("/chaine/"))
            self._say(*((301, f"/chaine/{left - 1}") if left else (200, "")))
        elif path == "/sans-head":
            self._say(405 if self.command == "HEAD" else 200)
        elif path == "/enorme":
            self._say(200, length=10**12)
        elif path == "/charabia":
            with contextlib.suppress(OSError):
                self.wfile.write(b"\x00\x01 pas du HTTP\r\n\r\n")
        else:
            self._say({"/404": 404, "/410": 410, "/500": 500, "/403": 403, "/429": 429, "/418": 418}.get(path, 200))
        self.close_connection = True

    def _say(self, code: int, location: str = "", length: int = 0) -> None:
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(length))
        self.end_headers()


@contextlib.contextmanager
def serving(certificate: Path | None = None) -> Iterator[Site]:
    """Give a site that answers, over TLS with a certificate that nobody vouches for when `certificate` is where to write one."""
    site = Site()
    if certificate is not None:
        _write_certificate(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        site.socket = context.wrap_socket(site.socket, server_side=True)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.released.set()
        site.shutdown()
        thread.join()
        site.server_close()


def _write_certificate(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    written = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form) + written)
