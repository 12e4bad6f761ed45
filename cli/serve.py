"""`aiguilleur serve`: the assistant, its actions and a page to talk to it, in one command."""

import secrets
from pathlib import Path
from typing import Annotated

import typer


def serve(
    port: Annotated[int | None, typer.Option(help="Port de l’assistant (par défaut\u00a0: AIGUILLEUR_SERVER_PORT, 5005).")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
) -> None:
    """Sert l’assistant et une page pour lui parler. Exemple : aiguilleur serve --port 8080"""
    from rich.console import Console

    from cli.stack import action_server, require_directory, require_free, trained_model
    from settings import load_settings, read_port

    settings = load_settings()
    port = settings.server_port if port is None else read_port("--port", str(port))
    require_free(port, "AIGUILLEUR_SERVER_PORT")
    require_directory()
    path = trained_model(model)
    console = Console(stderr=True)
    console.print("Chargement de l’assistant (une vingtaine de secondes)…")
    with action_server() as (address, secret):
        app = _app(path, address, secret)
        console.print(f"Aiguilleur vous écoute\u00a0: http://{settings.host}:{port}/\nPour arrêter\u00a0: Ctrl-C.")
        app.run(host=settings.host, port=port, motd=False, access_log=False)


def _app(path: Path, address: str, action_secret: str):
    from bot.engine import load_agent

    from bot.assistant import Assistant
    from bot.server import make_app

    return make_app(Assistant(load_agent(path, address, action_secret)), secrets.token_urlsafe(32))
