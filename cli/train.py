"""`aiguilleur train`."""

import time
from typing import Annotated

import typer
from rich.console import Console


def train(force: Annotated[bool, typer.Option("--force", help="Entraîner même si rien n’a changé.")] = False) -> None:
    """Entraîne le modèle si les phrases, le domaine ou le pipeline ont changé. Exemple : aiguilleur train --force"""
    from bot.training import model_path
    from bot.training import train as train_model

    console = Console(stderr=True)
    if model_path().is_file() and not force:
        console.print("Le modèle est à jour\u00a0: rien n’a changé.")
        return
    started = time.monotonic()
    with console.status("Entraînement du modèle (environ une minute)…"):
        path, _ = train_model(force=force)
    console.print(f"Modèle prêt en {time.monotonic() - started:.0f}\u00a0s\u00a0: {path.name}")
