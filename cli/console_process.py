"""The console as a process of its own: what `aiguilleur serve` starts beside the assistant, and `aiguilleur console serve` alone."""

import gc
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from cli.errors import CommandError, operator_errors
from cli.stack import require_free
from settings import PROJECT_ROOT, Settings, load_settings

STARTING_TIMEOUT_S = 60
STOPPING_TIMEOUT_S = 10
THREADS = 8
LOOPBACK = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")
PORT_SETTING = "AIGUILLEUR_CONSOLE_PORT=…"
NOBODY = "Personne n’y entre encore\u00a0: ajoutez le premier compte avec «\u00a0aiguilleur console add-user NOM --role admin\u00a0»."


def host_of(settings: Settings) -> str:
    """Return where the console listens: without https in front, this machine alone reaches it."""
    return settings.host if settings.console_https else LOOPBACK


def config_of(settings: Settings) -> Any:
    """Return what the console is told by the settings. Without https in front, it answers this machine alone.

    Raises:
        CommandError: a part of the organisation's login is missing, or the kept secret is none.
    """
    from cli.serve import SECRET_FILE, kept_secret
    from console.config import Config

    return Config(
        journal_url=settings.journal_url,
        directory_url=settings.database_url,
        secret=settings.secret or kept_secret(SECRET_FILE),
        https=settings.console_https,
        host=host_of(settings),
        proxies=settings.proxies,
        provider=_provider(settings),
    )


def _provider(settings: Settings) -> Any:
    from console.config import Provider

    parts = ("issuer", "authorize_url", "token_url", "keys_url", "client_id", "client_secret")
    given = {part: getattr(settings, f"console_oidc_{part}") for part in parts}
    if not any(given.values()):
        return None
    missing = [f"AIGUILLEUR_CONSOLE_OIDC_{part.upper()}" for part, value in given.items() if not value]
    if missing:
        raise CommandError(f"La connexion par l’organisation est incomplète\u00a0: donnez aussi {', '.join(missing)}.")
    return Provider(**given)


def serve_here(settings: Settings, port: int) -> None:
    """Serve the console in this process until it is told to stop; its tables are made or brought up to date first.

    Raises:
        CommandError, DirectoryError: something is missing, or cannot be used.
    """
    import waitress

    from console.app import make_app
    from console.schema import prepare

    config = config_of(settings)
    require_free(config.host, port, PORT_SETTING)
    app = make_app(config)
    prepare(app.extensions["console_databases"].journal)
    # What is loaded for good is not looked at again by each full collection, which held up one page in several.
    gc.collect()
    gc.freeze()
    _tell(app, f"La console vous écoute\u00a0: http://{config.host}:{port}/")
    # The addresses that proxies give are read by the console itself, as far back as the settings say.
    waitress.serve(app, host=config.host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=not config.proxies)


def _tell(app: object, line: str) -> None:
    from sqlalchemy import func, select

    from console.models import Account

    with app.extensions["console_databases"].journal.reading() as session:
        accounts = session.execute(select(func.count()).select_from(Account)).scalar_one()
    print("\n".join([line, *([] if accounts else [NOBODY])]), file=sys.stderr, flush=True)


@contextmanager
def console_server(port: int, host: str = LOOPBACK) -> Iterator[str]:
    """Run the console in a process of its own, which listens at `host`, and give its address; it stops at the end, or when this process
    dies.

    Raises:
        CommandError: it did not start.
    """
    require_free(host, port, PORT_SETTING)
    process = subprocess.Popen([sys.executable, "-m", "cli.console_process", str(port)], cwd=PROJECT_ROOT, stdin=subprocess.PIPE)
    address = f"http://{LOOPBACK if host in EVERYWHERE else host}:{port}/"
    try:
        _wait_for(f"{address}static/icon.svg", process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(STOPPING_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdin.close()


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + STARTING_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CommandError("La console s’est arrêtée au démarrage\u00a0: lisez ce qui précède, puis relancez la commande.")
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CommandError(f"La console n’a pas répondu en {STARTING_TIMEOUT_S}\u00a0s à {url}\u00a0: relancez la commande.")


def _end_with_parent() -> None:
    """Stop this process when the one that holds the other end of its standard input is gone."""

    def watch() -> None:
        # Not through sys.stdin: Python would wait for its lock when it ends for another reason.
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()


def main() -> None:
    """Serve on the port given as argument until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # A Ctrl-C in the terminal is for the parent, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    with operator_errors():
        serve_here(load_settings(), int(sys.argv[1]))


if __name__ == "__main__":
    main()
