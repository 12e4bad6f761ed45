"""Processes as they run in service: the command line, action servers of their own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A process that never ends fails its test instead of hanging the others.
PATIENCE_S = 240
Command = Callable[..., subprocess.CompletedProcess]
Verb = Callable[..., "Ended"]
Environment = Callable[..., dict[str, str]]


class Ended(NamedTuple):
    """What a verb run in this process left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


class Actions(NamedTuple):
    """An action server with a log of its own."""

    url: str
    secret: str
    log: Path


@pytest.fixture
def verb(directory_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Verb:
    """The command line in this process, on the seeded directory: what ends before any model is loaded."""
    from cli.main import main
    from cli.stack import free_port

    # An assistant may be running on this machine, on the port of the settings.
    ours = {"AIGUILLEUR_DATABASE_URL": directory_url, "AIGUILLEUR_SERVER_PORT": str(free_port())}

    def run(*arguments: str, **variables: str) -> Ended:
        for name, value in {**ours, **variables}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["aiguilleur", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def aiguilleur(directory_url: str, environment: Environment) -> Command:
    """The command line in a process of its own, on the seeded directory; `stdin` is bytes, variables are keywords."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess:
        env = environment(AIGUILLEUR_DATABASE_URL=directory_url, **variables)
        command = [sys.executable, "-c", "from cli.main import main; main()", *arguments]
        return subprocess.run(command, cwd=ROOT, env=env, input=stdin, capture_output=True, timeout=PATIENCE_S, check=False)

    return run


@pytest.fixture(scope="session")
def actions_on(tmp_path_factory: pytest.TempPathFactory, environment: Environment) -> Callable[[str], Any]:
    """A maker of action servers on the database of an address, as a context manager."""
    from cli.stack import _wait_for, free_port

    @contextmanager
    def serve(database_url: str) -> Iterator[Actions]:
        port, secret = free_port(), "a secret"
        log = tmp_path_factory.mktemp("actions") / "stderr.txt"
        env = environment(AIGUILLEUR_DATABASE_URL=database_url, AIGUILLEUR_ACTION_SERVER_SECRET=secret)
        with log.open("wb") as stderr:
            command = [sys.executable, "-m", "cli.actions_process", str(port)]
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=stderr)
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", process)
            yield Actions(f"http://127.0.0.1:{port}/webhook", secret, log)
        finally:
            process.terminate()
            process.wait(20)

    return serve
