"""What an operator sees when a verb cannot go on: one line that names the value and the remedy, and no traceback."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTED_IN_S = 180
# What a verb may say of its progress before it fails.
PROGRESS = "Chargement"


def _the_line(ran: subprocess.CompletedProcess) -> str:
    """Return the one line that a failed verb writes on standard error."""
    told = ran.stderr.decode("utf-8")
    lines = [line for line in told.splitlines() if line.strip() and not line.startswith(PROGRESS)]
    assert ran.returncode != 0, told
    assert "Traceback" not in told, told[-1500:]
    assert len(lines) == 1, told
    assert ran.stdout == b""
    return lines[0]


@pytest.fixture
def busy_port():
    """A port on which someone already listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_named_with_the_variable_that_changes_it(aiguilleur, busy_port):
    line = _the_line(aiguilleur("serve", "--port", str(busy_port)))
    assert str(busy_port) in line
    assert "AIGUILLEUR_SERVER_PORT" in line


@pytest.mark.parametrize("port", ["70000", "0", "-1"])
def test_a_port_that_cannot_be_is_named(aiguilleur, port):
    assert port in _the_line(aiguilleur("serve", f"--port={port}"))


def test_a_port_that_is_not_a_number_in_the_environment_is_named(aiguilleur):
    line = _the_line(aiguilleur("serve", AIGUILLEUR_SERVER_PORT="abc"))
    assert "AIGUILLEUR_SERVER_PORT=abc" in line


@pytest.mark.parametrize("verb", ["serve", "chat"])
def test_a_missing_model_is_named_with_the_verb_that_makes_it(aiguilleur, verb):
    line = _the_line(aiguilleur(verb, "--model", "absent.tar.gz", AIGUILLEUR_SERVER_PORT="0" if verb == "chat" else ""))
    assert "absent.tar.gz" in line
    assert "aiguilleur train" in line


@pytest.mark.parametrize("content", [b"", b"this is not an archive"], ids=["empty", "text"])
def test_a_corrupt_model_is_named_with_the_verb_that_makes_it_again(aiguilleur, tmp_path, content):
    corrupt = tmp_path / "corrupt.tar.gz"
    corrupt.write_bytes(content)
    line = _the_line(aiguilleur("chat", "--jsonl", "--model", str(corrupt), stdin=b'{"conversation": "c", "text": "allo"}'))
    assert str(corrupt) in line
    assert "aiguilleur train --force" in line


@pytest.mark.parametrize("verb", ["serve", "chat", "evaluate"])
def test_an_empty_directory_is_said_with_the_verb_that_fills_it(aiguilleur, tmp_path, verb):
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert aiguilleur("directory", "upgrade", AIGUILLEUR_DATABASE_URL=url).returncode == 0
    assert "aiguilleur directory import" in _the_line(aiguilleur(verb, AIGUILLEUR_DATABASE_URL=url))


def test_a_directory_without_tables_is_said_with_the_verb_that_makes_them(aiguilleur, tmp_path):
    line = _the_line(aiguilleur("serve", AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}"))
    assert "aiguilleur directory upgrade" in line


@pytest.fixture
def other_revision(directory_file, tmp_path):
    """The seeded directory, marked with a revision of the schema that this program does not know."""
    copy = Path(shutil.copy(directory_file, tmp_path / "other.db"))
    with closing(sqlite3.connect(copy)) as base, base:
        base.execute("UPDATE alembic_version_directory SET version_num = 'zzz999'")
    return f"sqlite:///{copy}"


def test_a_directory_of_another_schema_version_is_said_with_the_remedy(aiguilleur, other_revision):
    line = _the_line(aiguilleur("chat", "--jsonl", AIGUILLEUR_DATABASE_URL=other_revision))
    assert "zzz999" in line
    assert "mettez le programme à jour" in line


def test_an_unreachable_postgresql_is_named_without_its_password(aiguilleur):
    url = "postgresql://agent:motdepasse@127.0.0.1:9/annuaire"
    line = _the_line(aiguilleur("serve", AIGUILLEUR_DATABASE_URL=url))
    assert "127.0.0.1:9/annuaire" in line
    assert "AIGUILLEUR_DATABASE_URL" in line
    assert "motdepasse" not in line


def test_an_address_of_no_known_database_is_named_without_its_secrets(aiguilleur):
    line = _the_line(aiguilleur("serve", AIGUILLEUR_DATABASE_URL="mysql://agent:motdepasse@ici/base"))
    assert "AIGUILLEUR_DATABASE_URL" in line
    assert "motdepasse" not in line


def test_a_database_file_in_a_folder_that_is_a_file_is_named(aiguilleur, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    line = _the_line(aiguilleur("serve", AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'directory.db'}"))
    assert "directory.db" in line or str(tmp_path / "file") in line


def test_a_database_file_that_is_not_a_database_is_named(aiguilleur, tmp_path):
    (tmp_path / "text.db").write_text("not a database, not even by accident " * 50, encoding="utf-8")
    assert "text.db" in _the_line(aiguilleur("serve", AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'text.db'}"))


@pytest.fixture
def served(directory_url, model):
    """`aiguilleur serve` as it is run: the process, and its address."""
    from cli.stack import free_port

    port = free_port()
    env = {**os.environ, "AIGUILLEUR_DATABASE_URL": directory_url}
    command = [sys.executable, "-c", "from cli.main import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def _wait_for(process: subprocess.Popen, url: str) -> None:
    deadline = time.monotonic() + STARTED_IN_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/health", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail(f"serve did not start: {process.stderr.read().decode() if process.poll() is not None else 'too long'}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def test_serve_answers_then_stops_with_its_action_server(served, folded):
    process, url = served
    _wait_for(process, url)
    with httpx.Client(base_url=url, timeout=60) as client:
        token = client.post("/webhooks/web/conversations").json()["token"]
        answer = client.post(
            "/webhooks/web/messages", json={"text": "le RISQ prend combien de frais"}, headers={"Authorization": f"Bearer {token}"}
        )
        page = client.get("/")
    children = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    told = process.stderr.read().decode()
    assert "1,5 %" in folded(answer.json()["replies"][0]["text"])
    assert page.status_code == 200
    assert url in told
    assert "Traceback" not in told
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_serve_listens_on_the_loopback_alone(served):
    process, url = served
    _wait_for(process, url)
    port = int(url.rsplit(":", 1)[1])
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.2", port)) != 0
