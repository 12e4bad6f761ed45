"""What an operator sees when a verb cannot go on: one line that names the value and the remedy, and no traceback."""

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTED_IN_S = 180
# What a verb may say of its progress before it fails.
PROGRESS = "Chargement"


def _the_line(ended: Any) -> str:
    """Return the one line that a failed verb writes on standard error."""
    lines = [line for line in ended.err.splitlines() if line.strip() and not line.startswith(PROGRESS)]
    assert ended.code != 0, ended
    assert len(lines) == 1, ended.err
    assert ended.out == ""
    return lines[0]


@pytest.fixture
def busy_port():
    """A port on which someone already listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


def test_a_busy_port_is_named_with_the_variable_that_changes_it(verb, busy_port):
    line = _the_line(verb("serve", "--port", busy_port))
    assert busy_port in line
    assert "AIGUILLEUR_SERVER_PORT" in line


# The port of the settings is busy, so that a value passed over ends at once too.
@pytest.mark.parametrize("port", ["70000", "0", "-1"])
def test_a_port_that_cannot_be_is_named(verb, busy_port, port):
    assert re.search(rf"(?<!\d){port}(?!\d)", _the_line(verb("serve", f"--port={port}", AIGUILLEUR_SERVER_PORT=busy_port)))


def test_a_port_that_is_not_a_number_in_the_environment_is_named(verb):
    assert "AIGUILLEUR_SERVER_PORT=abc" in _the_line(verb("serve", AIGUILLEUR_SERVER_PORT="abc"))


@pytest.mark.parametrize("name", ["serve", "chat", "evaluate"])
def test_a_missing_model_is_named_with_the_verb_that_makes_it(verb, name):
    line = _the_line(verb(name, "--model", "absent.tar.gz"))
    assert "absent.tar.gz" in line
    assert "aiguilleur train" in line


@pytest.mark.parametrize("archive", [False, True], ids=["no-archive", "archive-of-something-else"])
def test_a_corrupt_model_is_named_with_the_verb_that_makes_it_again(verb, tmp_path, archive):
    corrupt = tmp_path / "corrupt.tar.gz"
    corrupt.write_bytes(b"this is not an archive")
    if archive:
        with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as other:
            other.add(corrupt, "corrupt.txt")
        corrupt = tmp_path / "other.tar.gz"
    line = _the_line(verb("chat", "--jsonl", "--model", str(corrupt)))
    assert str(corrupt) in line
    assert "aiguilleur train --force" in line


@pytest.mark.parametrize("name", ["serve", "chat", "evaluate"])
def test_an_empty_directory_is_said_with_the_verb_that_fills_it(verb, tmp_path, name):
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert verb("directory", "upgrade", AIGUILLEUR_DATABASE_URL=url).code == 0
    assert "aiguilleur directory import" in _the_line(verb(name, AIGUILLEUR_DATABASE_URL=url))


@pytest.mark.parametrize("name", ["serve", "chat", "evaluate"])
def test_a_directory_without_tables_is_said_with_the_verb_that_makes_them(verb, tmp_path, name):
    line = _the_line(verb(name, AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}"))
    assert "aiguilleur directory upgrade" in line


@pytest.fixture
def other_revision(directory_file, tmp_path):
    """The seeded directory, marked with a revision of the schema that this program does not know."""
    copy = Path(shutil.copy(directory_file, tmp_path / "other.db"))
    with closing(sqlite3.connect(copy)) as base, base:
        base.execute("UPDATE alembic_version_directory SET version_num = 'zzz999'")
    return f"sqlite:///{copy}"


def test_a_directory_of_another_schema_version_is_said_with_the_remedy(verb, other_revision):
    line = _the_line(verb("chat", "--jsonl", AIGUILLEUR_DATABASE_URL=other_revision))
    assert "zzz999" in line
    assert "mettez le programme à jour" in line


def test_an_unreachable_postgresql_is_named_without_its_password(verb):
    line = _the_line(verb("serve", AIGUILLEUR_DATABASE_URL="postgresql://agent:motdepasse@127.0.0.1:9/annuaire"))
    assert "127.0.0.1:9/annuaire" in line
    assert "AIGUILLEUR_DATABASE_URL" in line
    assert "motdepasse" not in line


def test_an_address_of_no_known_database_is_named_without_its_secrets(verb):
    line = _the_line(verb("serve", AIGUILLEUR_DATABASE_URL="mysql://agent:motdepasse@ici/base"))
    assert "AIGUILLEUR_DATABASE_URL" in line
    assert "motdepasse" not in line


def test_a_database_in_a_folder_that_is_a_file_is_named(verb, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert str(tmp_path / "file") in _the_line(verb("serve", AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'directory.db'}"))


def test_a_database_file_that_is_not_a_database_is_named(verb, tmp_path):
    (tmp_path / "text.db").write_text("not a database, not even by accident " * 50, encoding="utf-8")
    assert "text.db" in _the_line(verb("serve", AIGUILLEUR_DATABASE_URL=f"sqlite:///{tmp_path / 'text.db'}"))


@pytest.fixture
def served(directory_url, model, environment, tmp_path):
    """`aiguilleur serve` as it is run: the process, and its address."""
    from cli.stack import free_port

    port = free_port()
    conversations = f"sqlite:///{tmp_path / 'conversations.db'}"
    env = environment(
        AIGUILLEUR_DATABASE_URL=directory_url, AIGUILLEUR_CONVERSATIONS_DATABASE_URL=conversations, AIGUILLEUR_SECRET="0f1e2d3c" * 4
    )
    command = [sys.executable, "-c", "from cli.main import main; main()", "serve", "--port", str(port), "--model", str(model)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
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


def _listens(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex((host, port)) == 0


def test_serve_answers_on_the_loopback_alone_then_stops_with_its_action_server(served, folded):
    process, url = served
    _wait_for(process, url)
    with httpx.Client(base_url=url, timeout=60) as client:
        token = client.post("/widget/v1/conversations", json={"keep": False, "notice": "test"}).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        client.post("/widget/v1/messages", json={"id": "first-one", "text": "le RISQ prend combien de frais"}, headers=headers)
        answer = client.get("/widget/v1/messages?after=2&wait=25", headers=headers)
        page = client.get("/")
    elsewhere = _listens("127.0.0.2", int(url.rsplit(":", 1)[1]))
    children = _children(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    told = process.stderr.read().decode()
    assert "1,5 %" in folded(answer.json()["messages"][0]["text"])
    assert page.status_code == 200
    assert not elsewhere
    assert url in told
    assert "Traceback" not in told
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
