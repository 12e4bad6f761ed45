"""The verbs of `aiguilleur messenger`: set up the page at Meta, check it, try it on a phone that is not one."""

import asyncio
import difflib
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from cli.errors import CommandError, operator_errors
from settings import PROJECT_ROOT, load_settings

app = typer.Typer(help="La page Facebook Messenger\u00a0: la préparer, la vérifier, l’essayer.", no_args_is_help=True)
FAKE_GRAPH = PROJECT_ROOT / "tests"
NOT_SEEN = (
    "Reste à vérifier dans la console de Meta\u00a0: le webhook (étape 6 de docs/messenger.md), les réponses automatiques de la page"
    " et l’accès avancé à pages_messaging."
)
T = TypeVar("T")


@app.command("setup")
def setup(
    apply: Annotated[bool, typer.Option("--apply", help="Faire les changements.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Les montrer seulement, comme sans option.")] = False,
) -> None:
    """Prépare la page chez Meta, du bouton Démarrer aux menus, et montre ce qui change.

    Exemple\u00a0: aiguilleur messenger setup --apply
    """
    from bot.messenger import setup as at_meta

    with operator_errors():
        if apply and dry_run:
            raise CommandError("--apply fait les changements et --dry-run les montre seulement\u00a0: gardez l’un des deux.")
        account = _account()
        _stop_at(_ask(account, lambda graph: at_meta.mistaken_for(graph, account)))
        now = _ask(account, lambda graph: at_meta.present(graph, account))
        changes = at_meta.difference(now, at_meta.expected())
        for name in at_meta.expected():
            typer.echo(f"{name}\u00a0: {'à changer' if name in changes else 'pareil'}")
            if name in changes:
                typer.echo(_diff(now.get(name), changes[name]))
        if not changes:
            typer.echo("La page est à jour\u00a0: rien à changer.")
        elif not apply:
            typer.echo("Rien n’a été changé. Pour le faire\u00a0: aiguilleur messenger setup --apply")
        else:
            _ask(account, lambda graph: at_meta.apply(graph, changes))
            _stop_at(_ask(account, lambda graph: at_meta.not_taken(graph, account)))
            typer.echo("C’est fait.")


@app.command("check")
def check() -> None:
    """Dit ce qui manque à la page pour répondre sur Messenger, et comment le corriger.

    Exemple\u00a0: aiguilleur messenger check
    """
    from bot.messenger import setup as at_meta
    from bot.messenger.versions import problem_of

    with operator_errors():
        account = _account()
        version = problem_of(account.graph_version, datetime.now(timezone.utc).date())
        found = [version[1].rstrip(".")] if version else []
        if version is None or version[0]:
            found += _ask(account, lambda graph: at_meta.problems(graph, account))
        for each in found:
            typer.echo(f"✗ {each}.")
        if found:
            raise typer.Exit(1)
        typer.echo(f"✓ La page {account.page_id} est prête\u00a0: jeton, secret, abonnement, profil et version {account.graph_version}.")
        typer.echo(NOT_SEEN)


@app.command("simulate")
def simulate(
    port: Annotated[int | None, typer.Option(help="Port de l’assistant (par défaut\u00a0: AIGUILLEUR_SERVER_PORT, 5005).")] = None,
    phone_port: Annotated[int, typer.Option("--phone-port", help="Port du téléphone d’essai.")] = 5080,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
) -> None:
    """Sert l’assistant et un téléphone d’essai où lui écrire comme sur Messenger, sans Facebook.

    Exemple\u00a0: aiguilleur messenger simulate
    """
    from cli.serve import run
    from cli.stack import require_free

    with operator_errors():
        settings = load_settings()
        port = settings.server_port if port is None else port
        require_free("127.0.0.1", phone_port, "--phone-port=…")
        page = _fake_graph().Page.example()
        with (
            tempfile.TemporaryDirectory() as folder,
            _fake_graph().FakeGraph(page, f"http://{settings.host}:{port}/messenger/webhook", port=phone_port) as graph,
        ):
            simulated = replace(
                settings,
                conversations_database_url=f"sqlite:///{folder}/conversations.db",
                journal_database_url=f"sqlite:///{folder}/journal.db",
                messenger_page_id=page.id,
                messenger_app_id=page.app_id,
                messenger_app_secret=page.app_secret,
                messenger_page_token=page.token,
                messenger_verify_token=page.verify_token,
                messenger_graph_url=graph.url,
                messenger_test=True,
            )
            _set_up(simulated)
            run(simulated, port, model, [f"Le téléphone d’essai est à {graph.url}/telephone (rien n’y est gardé)."])


def _fake_graph() -> Any:
    """Return the fake of Meta's platform, which lives with the tests."""
    if not (FAKE_GRAPH / "fake_graph").is_dir():
        raise CommandError(f"Il manque {FAKE_GRAPH / 'fake_graph'}\u00a0: lancez cette commande dans une copie entière du projet.")
    if str(FAKE_GRAPH) not in sys.path:
        sys.path.append(str(FAKE_GRAPH))
    import fake_graph

    return fake_graph


def _set_up(settings: Any) -> None:
    from bot.messenger import setup as at_meta
    from bot.messenger.account import account_of

    account = account_of(settings)
    _ask(account, lambda graph: at_meta.apply(graph, at_meta.expected()))


def _account() -> Any:
    from bot.messenger.account import account_of

    account = account_of(load_settings())
    if account is None:
        raise CommandError(
            "Aucune page Messenger n’est donnée\u00a0: suivez docs/messenger.md, puis AIGUILLEUR_MESSENGER_PAGE_ID=… et la suite."
        )
    return account


def _stop_at(problem: str | None) -> None:
    if problem:
        raise CommandError(_sentence(problem))


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def _ask(account: Any, ask: Callable[[Any], Awaitable[T]]) -> T:
    """Return what Meta answers.

    Raises:
        CommandError: it refuses, or does not answer.
    """
    from bot.messenger.graph import Graph, GraphError, Unknown, Unreachable
    from bot.messenger.setup import problem_of

    async def asked() -> T:
        graph = Graph(account)
        try:
            return await ask(graph)
        finally:
            await graph.close()

    try:
        return asyncio.run(asked())
    except (GraphError, Unknown, Unreachable) as error:
        raise CommandError(_sentence(problem_of(error, account))) from None


def _diff(now: Any, want: Mapping[str, Any] | list) -> str:
    before, after = ("" if value is None else json.dumps(value, ensure_ascii=False, indent=2) for value in (now, want))
    lines = [*difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)][2:]
    return "\n".join(f"  {line}" for line in lines if not line.startswith("@@"))
