"""The real stack, for the verbs that talk: an action server of our own over HTTP, a trained model, the door."""

import errno
import os
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_urlsafe
from urllib.error import URLError
from urllib.request import Request, urlopen

from cli.errors import CommandError
from settings import PROJECT_ROOT

STARTING_TIMEOUT_S = 60


def free_port() -> int:
    """Return a TCP port of the loopback that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require_free(host: str, port: int, other: str = "AIGUILLEUR_SERVER_PORT=…") -> None:
    """Raise CommandError when nobody may listen at `host` and `port`, or something already does; `other` is how another port is given."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            problem = f"Le port {port} est déjà pris\u00a0: libérez-le ou donnez-en un autre avec {other}."
        else:
            problem = (
                f"On ne peut pas écouter à {host}:{port} ({error.strerror})\u00a0: corrigez AIGUILLEUR_HOST ou AIGUILLEUR_SERVER_PORT."
            )
        raise CommandError(problem) from None


@contextmanager
def action_server(port: int | None = None) -> Iterator[tuple[str, str]]:
    """Run an action server on the loopback and give its address and its shared secret; stop it at the end.

    Raises:
        CommandError: it did not start.
    """
    port, secret = port or free_port(), token_urlsafe(24)
    env = {**os.environ, "AIGUILLEUR_ACTION_SERVER_SECRET": secret}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.actions_process", str(port)], cwd=PROJECT_ROOT, env=env, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/webhook", secret
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + STARTING_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError("Le serveur d’actions s’est arrêté au démarrage\u00a0: lisez ce qui précède, puis relancez la commande.")
        try:
            with urlopen(Request(url), timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.15)
    raise CommandError(f"Le serveur d’actions n’a pas répondu en {STARTING_TIMEOUT_S}\u00a0s à {url}\u00a0: relancez la commande.")


def trained_model(model: Path | None) -> Path:
    """Return `model`, or the model of the present data.

    Raises:
        CommandError: it has not been trained, or is no archive: said before the wait that Rasa's import is.
    """
    from bot.training import model_path

    path = model or model_path()
    if not path.is_file():
        raise CommandError(f"Modèle introuvable\u00a0: {path}. Entraînez-le avec «\u00a0aiguilleur train\u00a0».")
    if not tarfile.is_tarfile(path):
        raise CommandError(f"Le modèle n’est pas une archive\u00a0: {path}. Refaites-le avec «\u00a0aiguilleur train --force\u00a0».")
    return path


def require_directory() -> None:
    """Open the directory once, so that a missing or outdated database is told before the model is loaded.

    Raises:
        DirectoryError: unreachable, or at another schema version.
        CommandError: empty.
    """
    from directory.database import open_directory
    from directory.queries import actors_query
    from settings import load_settings

    with open_directory(load_settings().database_url)() as session:
        if session.execute(actors_query().limit(1)).first() is None:
            raise CommandError("L’annuaire est vide\u00a0: chargez-le avec «\u00a0aiguilleur directory import\u00a0».")
