"""The verbs of `aiguilleur journal`: tell it again, erase, purge, and give a person what is held of their conversation."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import select

from cli.data_map import data_map
from cli.errors import CommandError, operator_errors
from cli.journal_corrections import corrections
from directory.database import open_directory
from directory.named import names_of
from journal.dossier import NoConversation, codes_in, dossier_of, readable
from journal.erasing import erase as erase_in
from journal.erasing import purge as purge_in
from journal.models import Conversation
from journal.store import Journal
from settings import Settings, load_settings

app = typer.Typer(help="Le journal\u00a0: ce qui s’est dit, dépersonnalisé, et ce qui en est advenu.", no_args_is_help=True)
app.command("data-map")(data_map)
app.command("corrections")(corrections)
# Who asked, in the reports of deletion.
COMMAND = "aiguilleur journal"
FORGETTING_TRIES = 5
NUMBER = typer.Argument(..., help="Numéro de la conversation, celui de son adresse dans la console.")


@contextmanager
def _opened() -> Iterator[tuple[Settings, Journal]]:
    """Give the settings and the journal; what an operator can mend ends in one line on standard error."""
    with operator_errors():
        settings = load_settings()
        journal = Journal(settings.journal_url)
        journal.prepare()
        yield settings, journal
        journal.close()


def _store(settings: Settings) -> Any:
    from bot.conversations.store import Store

    store = Store(settings.conversations_url)
    store.prepare()
    return store


@app.command()
def rebuild() -> None:
    """Redit au journal toutes les conversations que détiennent les canaux; ce que l’équipe y a ajouté reste.

    Exemple\u00a0: aiguilleur journal rebuild
    """
    from bot.conversations.telling import note_all_due

    with _opened() as (settings, journal):
        store = _store(settings)
        total = store.run_here(note_all_due)
        asyncio.run(_tell(settings, store, journal, total))
    typer.echo(f"{counted(total, 'conversation')} au journal de nouveau.")


async def _tell(settings: Settings, store: Any, journal: Journal, total: int) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from bot.journaling import Journaling
    from bot.territories import Territories

    levels = Territories(open_directory(settings.database_url)).levels
    journaling = Journaling(store, journal, levels, timedelta(days=settings.retention_days))
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Conversations", total=total)
        while told := await journaling.tell():
            progress.advance(task, told)
    await journaling.catch_up()
    store.close()


@app.command()
def purge() -> None:
    """Efface ce dont le temps est écoulé, comme le serveur chaque heure; garde des comptes sans texte et dit combien est parti.

    Exemple\u00a0: aiguilleur journal purge
    """
    from bot.conversations.erasing import expire

    with _opened() as (settings, journal):
        store, now, retention = _store(settings), datetime.now(timezone.utc), timedelta(days=settings.retention_days)
        while store.run_here(expire, retention, now):
            pass
        made = _purged(journal, retention, now)
        _forget(store, journal)
    if made is None:
        typer.echo("Rien à effacer\u00a0: aucune conversation n’a dépassé son temps.")
    else:
        gone = f"{counted(made.conversations, 'conversation')} et {counted(made.turns, 'message')}"
        typer.echo(f"Effacé\u00a0: {gone}; leurs comptes restent (rapport {made.id}).")


def _purged(journal: Journal, retention: timedelta, now: datetime) -> Any:
    last = None
    while True:
        with journal.writing.begin() as session:
            made = purge_in(session, retention, COMMAND, now, last and last.id)
            if made is None:
                return last
            last = made


def _forget(store: Any, journal: Journal) -> None:
    """Empty what SQLite wrote ahead, as soon as nobody reads it; tell the operator when somebody still does."""
    asyncio.run(store.forget())
    store.close()
    for _ in range(FORGETTING_TRIES):
        if journal.forget():
            return
        time.sleep(1)
    typer.echo(
        "Quelqu’un lit le journal\u00a0: relancez la commande quand il aura fini, pour qu’il n’en reste rien sur le disque.", err=True
    )


def counted(number: int, word: str) -> str:
    """Return « 1 message », « 7 messages »."""
    return f"{number} {word}{'s' if number > 1 else ''}"


@app.command()
def erase(
    number: int = NUMBER,
    yes: bool = typer.Option(False, "--yes", help="Confirmer\u00a0: rien ne se retrouve ensuite."),
) -> None:
    """Efface une conversation partout (canal, dialogue, journal) et donne le numéro qui le prouve.

    Exemple\u00a0: aiguilleur journal erase 1234 --yes
    """
    from bot.conversations.erasing import erase as erase_conversation
    from bot.conversations.telling import named

    with _opened() as (settings, journal):
        if not yes:
            raise CommandError("Ce qui est effacé ne se retrouve pas\u00a0: ajoutez --yes.")
        digest = _digest(journal, number)
        store, now = _store(settings), datetime.now(timezone.utc)
        name = store.run_here(named, digest)
        proof = store.run_here(erase_conversation, name, now) if name else None
        with journal.writing.begin() as session:
            turns = erase_in(session, digest, proof, COMMAND, now)
        _forget(store, journal)
    told = f"numéro de preuve {proof}" if proof else "le canal ne la détenait déjà plus"
    typer.echo(f"Conversation {number} effacée ({counted(turns, 'message')})\u00a0: {told}.")


def _digest(journal: Journal, number: int) -> str:
    with journal.reading() as session:
        found = session.execute(select(Conversation.digest).where(Conversation.id == number)).scalar_one_or_none()
    if found is None:
        raise CommandError(f"Aucune conversation {number} dans le journal\u00a0: relevez le numéro dans son adresse, dans la console.")
    return found


@app.command()
def dossier(
    number: int = NUMBER,
    output: Path = typer.Option(Path("."), help="Dossier où écrire les deux fichiers."),
) -> None:
    """Écrit tout ce qui est détenu d’une conversation, à lire (HTML) et en format structuré (JSON), pour la personne qui le demande.

    Exemple\u00a0: aiguilleur journal dossier 1234 --output sortie
    """
    from bot.conversations.holding import held_of
    from bot.conversations.telling import named

    with _opened() as (settings, journal):
        digest = _digest(journal, number)
        store = _store(settings)
        name = store.run_here(named, digest)
        channel = store.run_here(held_of, name) if name else {}
        store.close()
        try:
            with journal.reading() as session:
                found = dossier_of(session, number, datetime.now(timezone.utc))
        except NoConversation:
            raise CommandError(f"La conversation {number} vient d’être effacée.") from None
        output.mkdir(parents=True, exist_ok=True)
        whole = {**found, "channel": channel}
        (output / f"dossier-{number}.json").write_text(json.dumps(whole, ensure_ascii=False, indent=2), encoding="utf-8")
        with open_directory(settings.database_url)() as session:
            names = names_of(session, codes_in(found))
        (output / f"dossier-{number}.html").write_text(readable(found, names), encoding="utf-8")
    typer.echo(f"Dossier écrit\u00a0: {output / f'dossier-{number}.html'} et {output / f'dossier-{number}.json'}.")
