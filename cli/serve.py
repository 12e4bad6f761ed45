"""`aiguilleur serve`: the assistant, its actions, the widget and its demonstration site, the staff console, in one command."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import typer

from settings import MIN_SECRET, PROJECT_ROOT, Settings

SECRET_FILE = PROJECT_ROOT / "var" / "secret"


def serve(
    port: Annotated[int | None, typer.Option(help="Port de l’assistant (par défaut\u00a0: AIGUILLEUR_SERVER_PORT, 5005).")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
) -> None:
    """Sert l’assistant, son clavardage, un site qui le montre et la console du personnel. Exemple : aiguilleur serve --port 8080"""
    from settings import load_settings, read_port

    settings = load_settings()
    run(settings, settings.server_port if port is None else read_port("--port", str(port)), model, console=True)


def run(settings: Settings, port: int, model: Path | None, more: Sequence[str] = (), console: bool = False) -> None:
    """Serve until an interruption, the staff console too or not; `more` is said when everything listens.

    Raises:
        CommandError, DirectoryError, ModelError, SettingsError: something is missing, or cannot be used.
    """
    from rich.console import Console

    from cli.console_process import host_of
    from cli.stack import action_server, require_directory, require_free, trained_model

    account = _messenger(settings)
    require_free(settings.host, port)
    if console:
        require_free(host_of(settings), settings.console_port, "AIGUILLEUR_CONSOLE_PORT=…")
    require_directory()
    path = trained_model(model)
    store = _conversations(settings)
    screen = Console(stderr=True)
    screen.print("Chargement de l’assistant (une vingtaine de secondes)…")
    with action_server() as (address, action_secret):
        app = _app(settings, store, account, path, address, action_secret)
        with _console(settings) if console else nullcontext():
            told = [f"Aiguilleur vous écoute\u00a0: http://{settings.host}:{port}/", *more]
            if account:
                told.append(f"La page {account.page_id} aussi\u00a0: le webhook de Messenger est à /messenger/webhook.")
            screen.print("\n".join([*told, "Pour arrêter\u00a0: Ctrl-C."]), soft_wrap=True)
            app.run(host=settings.host, port=port, motd=False, access_log=False)


@contextmanager
def _console(settings: Settings) -> Iterator[None]:
    """Run the staff console; one that does not start keeps nobody from being answered."""
    from cli.console_process import console_server, host_of
    from cli.errors import CommandError

    with ExitStack() as stack:
        try:
            stack.enter_context(console_server(settings.console_port, host_of(settings)))
        except CommandError as error:
            typer.echo(f"{error} L’assistant répond sans elle.", err=True)
        yield


def _conversations(settings: Settings) -> Any:
    from bot.conversations.store import Store

    store = Store(settings.conversations_url)
    store.prepare()
    return store


def _messenger(settings: Settings) -> Any:
    """Return the page on Messenger, if the settings name one that can be used today."""
    from bot.messenger.account import account_of
    from bot.messenger.versions import problem_of
    from cli.errors import CommandError

    account = account_of(settings)
    problem = account and problem_of(account.graph_version, datetime.now(timezone.utc).date())
    if problem:
        usable, told = problem
        if not usable:
            raise CommandError(told)
        typer.echo(told, err=True)
    return account


def _app(settings: Settings, store: Any, account: Any, path: Path, address: str, action_secret: str) -> Any:
    from bot.engine import load_agent

    from bot.assistant import Assistant
    from bot.server import Service, make_app

    service = Service(
        secret=settings.secret or kept_secret(SECRET_FILE),
        origins=settings.widget_origins,
        proxies=settings.proxies,
        retention=timedelta(days=settings.retention_days),
        messenger=account,
    )
    return make_app(Assistant(load_agent(path, address, action_secret)), store, service, _journaling(settings, store, service.retention))


def _journaling(settings: Settings, store: Any, retention: timedelta) -> Any:
    from bot.journaling import Journaling
    from bot.territories import Territories
    from directory.database import open_directory
    from journal.store import Journal

    # Its tables are made when it answers: a journal that is down keeps nobody from being answered.
    return Journaling(store, Journal(settings.journal_url), Territories(open_directory(settings.database_url)).levels, retention)


def kept_secret(file: Path) -> str:
    """Return the secret of `file`, which its owner alone may read; made the first time, so that conversations outlive the process.

    Raises:
        CommandError: what the file holds is no secret.
    """
    from cli.errors import CommandError

    if not file.exists():
        _make_secret(file)
    secret = file.read_text(encoding="ascii", errors="replace").strip()
    if len(secret) < MIN_SECRET or "\ufffd" in secret:
        raise CommandError(
            f"{file} ne contient pas un secret d’au moins {MIN_SECRET} signes\u00a0: retirez ce fichier, ou donnez AIGUILLEUR_SECRET."
        )
    return secret


def _make_secret(file: Path) -> None:
    """Write a new secret whole, then give it its name: who starts at the same moment reads the one that came first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as made:
        made.write(secrets.token_urlsafe(48))
        made.flush()
        with suppress(FileExistsError):
            os.link(made.name, file)
