"""The verbs of `aiguilleur console`: serve it, give accounts, look after its audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Annotated, Any

import typer

from cli.console_process import LOOPBACK, config_of, serve_here
from cli.errors import CommandError, operator_errors
from settings import Settings, load_settings, read_port

app = typer.Typer(help="La console du personnel\u00a0: la servir, donner des comptes, vérifier son registre.", no_args_is_help=True)
HERE = "(ligne de commande)"

Url = Annotated[
    str | None, typer.Option(help="Adresse de la console, telle que la personne l’ouvre (par défaut\u00a0: sur cette machine).")
]


@app.command()
def serve(port: Annotated[int | None, typer.Option(help="Port (par défaut\u00a0: AIGUILLEUR_CONSOLE_PORT, 5006).")] = None) -> None:
    """Sert la console seule, sans l’assistant. Exemple : aiguilleur console serve --port 8081"""
    with operator_errors():
        settings = load_settings()
        serve_here(settings, settings.console_port if port is None else read_port("--port", str(port)))


@app.command("add-user")
def add_user(
    username: Annotated[str, typer.Argument(help="Nom d’utilisateur, par exemple m.tremblay.")],
    role: Annotated[
        list[str] | None, typer.Option(help="Rôle, autant de fois qu’il en faut\u00a0: reader, reviewer, editor, privacy, admin.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Nom que voient les collègues (par défaut\u00a0: le nom d’utilisateur).")] = None,
    email: Annotated[str | None, typer.Option(help="Courriel, pour la connexion par l’organisation.")] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Donner un lien pour choisir le mot de passe, plutôt que de le demander ici.")
    ] = False,
    url: Url = None,
) -> None:
    """Ajoute un compte de la console, après avoir demandé deux fois son mot de passe, qui ne s’affiche pas.

    Exemple\u00a0: aiguilleur console add-user m.tremblay --role admin --role reviewer
    """
    from console.accounts import administering
    from console.accounts.link import new_link

    with _console(url) as console:
        # Nobody waits for the database while a password is typed.
        kept = None if link else _ask_password(console, username)
        with _writing(console) as session:
            account = administering.add(session, username, administering.Person(name or username, email, role or []), _now())
            account.password = kept
            told = (
                f"Lien à usage unique, valable 24\u00a0heures\u00a0:\n{new_link(account)}" if link else f"Le compte {username} peut entrer."
            )
            _note(session, "account.add", account.username, ", ".join(account.roles))
    typer.echo(told)


def _ask_password(console: Any, username: str) -> str:
    """Return what is kept of a password that is typed twice, out of sight."""
    from console.accounts.passwords import check_password

    password = typer.prompt("Mot de passe", hide_input=True)
    check_password(password, username)
    if typer.prompt("Le même, encore une fois", hide_input=True) != password:
        raise CommandError("Les deux mots de passe ne sont pas les mêmes\u00a0: rien n’a été ajouté; relancez la commande.")
    return console.extensions["console_door"].passwords.keep(password)


@app.command("link")
def give_link(
    username: Annotated[str, typer.Argument(help="Nom d’utilisateur.")],
    without_factor: Annotated[
        bool, typer.Option("--remove-second-factor", help="Retirer aussi son second facteur, s’il est perdu.")
    ] = False,
    url: Url = None,
) -> None:
    """Donne un lien par lequel la personne choisit un nouveau mot de passe, une fois, d’ici 24 heures.

    Exemple\u00a0: aiguilleur console link m.tremblay
    """
    from console import sessions
    from console.accounts import door, second_factor
    from console.accounts.link import new_link

    with _console(url) as console, _writing(console) as session:
        account = door.find(session, username)
        if account is None or not account.active:
            raise CommandError(f"Aucun compte actif ne s’appelle «\u00a0{username}\u00a0».")
        if without_factor:
            second_factor.remove(account)
            sessions.end_all(session, account.id)
            _note(session, "account.no_second_factor", account.username)
        told = new_link(account)
        _note(session, "account.link", account.username)
    typer.echo(told)


@app.command()
def audit(
    verify: Annotated[bool, typer.Option("--verify", help="Vérifier que rien n’a été changé ni retiré (code de sortie 1 sinon).")] = False,
    expect: Annotated[
        str | None, typer.Option(help="Un état noté plus tôt, NUMÉRO:EMPREINTE, que le registre doit encore contenir.")
    ] = None,
) -> None:
    """Dit où en est le registre d’activité (la dernière ligne se note ailleurs) et le vérifie d’un bout à l’autre.

    Exemple\u00a0: aiguilleur console audit --verify
    """
    from console import audit as trail

    with operator_errors(), _journal(load_settings()) as journal, journal.reading() as session:
        broken = trail.first_broken(session, trail.read_state(expect)) if verify or expect else None
        last = trail.state_of(session)
    if broken:
        typer.echo(f"Le registre a été altéré à la ligne {broken.id}\u00a0: {broken.reason}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{'Le registre est entier. ' if verify or expect else ''}Dernier état\u00a0: {last}")


@contextmanager
def _journal(settings: Settings) -> Iterator[Any]:
    """Give the database of the console, with its tables."""
    from console.schema import prepare
    from journal.store import Journal

    journal = Journal(settings.journal_url)
    try:
        prepare(journal)
        yield journal
    finally:
        journal.close()


@contextmanager
def _console(url: str | None) -> Iterator[Any]:
    """Give a console with its tables, which believes that it is asked at `url`."""
    from console.app import make_app
    from console.schema import prepare

    with operator_errors():
        settings = load_settings()
        console = make_app(config_of(settings))
        databases = console.extensions["console_databases"]
        try:
            prepare(databases.journal)
            base = (url or f"http://{LOOPBACK}:{settings.console_port}").rstrip("/") + "/"
            with console.test_request_context(base_url=base):
                yield console
        finally:
            databases.close()


def _writing(console: Any) -> Any:
    """Give a session of a console, which is committed at the end."""
    return console.extensions["console_databases"].journal.writing.begin()


def _note(session: Any, action: str, subject: str, detail: str = "") -> None:
    from console.audit import DONE, Entry, enter

    enter(session, Entry(_now(), HERE, action, subject, detail, DONE, ""))


def _now() -> datetime:
    return datetime.now(timezone.utc)
