"""The console as a process: it starts beside another, answers, and ends with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from cli.console_process import console_server
from cli.errors import CommandError
from cli.stack import free_port
from settings import PROJECT_ROOT

PARENT = """
import sys, time
from cli.console_process import console_server
with console_server(int(sys.argv[1])):
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def own_databases(tmp_path: Path, directory_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Databases and a secret of this test, for the processes that it starts."""
    monkeypatch.setenv("AIGUILLEUR_JOURNAL_DATABASE_URL", f"sqlite:///{tmp_path / 'journal.db'}")
    monkeypatch.setenv("AIGUILLEUR_DATABASE_URL", directory_url)
    monkeypatch.setenv("AIGUILLEUR_SECRET", "0123456789abcdef" * 3)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/connexion").status_code == 200
    except httpx.TransportError:
        return False


def _stops_answering(port: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not _answers(port):
            return True
        time.sleep(0.1)
    return False


def test_it_starts_on_new_databases_says_who_may_come_in_and_stops(capfd: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with console_server(port) as address:
        assert address == f"http://127.0.0.1:{port}/"
        answer = httpx.get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")
        assert "Server" not in answer.headers
        assert _answers(port)
    assert not _answers(port)
    said = capfd.readouterr().err
    assert f"http://127.0.0.1:{port}/" in said
    assert "aiguilleur console add-user NOM --role admin" in said


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_when_the_process_that_started_it_does(how: signal.Signals) -> None:
    port = free_port()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(port)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Where the tests run in the background, their children would not hear a Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert parent.stdout.readline() == b"up\n"
        assert _answers(port)
        os.kill(parent.pid, how)
        parent.wait(20)
        assert _stops_answering(port)
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()


def test_a_port_that_is_taken_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Le port {port} est déjà pris"), console_server(port):
            pass


def test_what_stops_it_at_the_start_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AIGUILLEUR_CONSOLE_OIDC_ISSUER", "https://idp.example")
    with pytest.raises(CommandError, match="arrêtée au démarrage"), console_server(free_port()):
        pass
    said = capfd.readouterr().err
    assert "AIGUILLEUR_CONSOLE_OIDC_TOKEN_URL" in said
    assert len(said.strip().splitlines()) == 1
