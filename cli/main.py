"""`aiguilleur`: one command line; each verb is a file of this folder."""

import sys

import typer

from bot.quiet import quieten

quieten()  # before anything below imports SQLAlchemy or Rasa

from cli import console as console_verbs
from cli import directory as directory_verbs
from cli import journal as journal_verbs
from cli import messenger as messenger_verbs
from cli.chat import chat
from cli.errors import operator_errors
from cli.evaluate import evaluate
from cli.serve import serve
from cli.train import train
from cli.understanding import understanding

app = typer.Typer(
    help="Aiguilleur\u00a0: l’assistant qui oriente les entreprises collectives du Québec.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(chat)
app.command()(train)
app.command()(evaluate)
app.command()(understanding)
app.add_typer(directory_verbs.app, name="directory")
app.add_typer(console_verbs.app, name="console")
app.add_typer(journal_verbs.app, name="journal")
app.add_typer(messenger_verbs.app, name="messenger")


def main() -> None:
    """Run the command line; an operator's error is one line on standard error and a non-zero exit."""
    try:
        with operator_errors():
            app()
    except KeyboardInterrupt:
        sys.exit(130)
