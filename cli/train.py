"""`aiguilleur train`."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from bot.checked_training import Checked


def train(
    force: Annotated[bool, typer.Option("--force", help="Entraîner même si rien n’a changé.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Comparer avec le modèle d’avant, et refuser un modèle moins bon.")] = False,
    against: Annotated[Path | None, typer.Option("--against", help="Avec --check, le modèle à comparer\u00a0: sinon, le dernier.")] = None,
) -> None:
    """Entraîne le modèle si les phrases, le domaine ou le pipeline ont changé. Exemple : aiguilleur train --check"""
    console = Console(stderr=True)
    if check:
        _train_checked(console, against)
    else:
        _train(console, force)


def _train(console: Console, force: bool) -> None:
    from bot.training import model_path
    from bot.training import train as train_model

    if model_path().is_file() and not force:
        console.print("Le modèle est à jour\u00a0: rien n’a changé.")
        return
    started = time.monotonic()
    with console.status("Entraînement du modèle (environ une minute)…"):
        path, _ = train_model(force=force)
    console.print(f"Modèle prêt en {time.monotonic() - started:.0f}\u00a0s\u00a0: {path.name}")


def _train_checked(console: Console, against: Path | None) -> None:
    from bot.checked_training import train_checked
    from cli.comparison import told
    from cli.stack import require_directory

    require_directory()
    started = time.monotonic()
    console.print("Entraînement à côté du modèle en service, puis lecture des phrases d’épreuve par les deux (quelques minutes)…")
    checked = train_checked(_read, against)
    if checked is None:
        console.print("Le modèle est à jour\u00a0: rien n’a changé, il n’y a rien à comparer.")
        return
    typer.echo(told(checked.comparison))
    console.print(f"En {time.monotonic() - started:.0f}\u00a0s. {_verdict(checked)}")
    if not checked.published:
        raise typer.Exit(1)


def _read(model: Path, sentences: list[tuple[str, str]]) -> list:
    from cli.understanding import read_with

    return asyncio.run(read_with(model, sentences, [(model.name, str)]))[0][1]


def _verdict(checked: "Checked") -> str:
    if checked.published:
        return f"Le nouveau modèle n’est pas moins bon\u00a0: {checked.after.name} est en place."
    if checked.after.name.startswith("candidate-"):
        undo = "Reprenez les phrases en cause («\u00a0git apply -R correctif.patch\u00a0», ou la console), puis relancez la commande."
        return f"Refusé\u00a0: le nouveau modèle est moins bon, {checked.before.name} reste en place. {undo}"
    return f"{checked.after.name}, déjà en place, est moins bon que {checked.before.name}."
