"""`aiguilleur directory check-links`: visit the web addresses of the directory, and keep what was found."""

from collections import Counter

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.engine import Engine

from cli.errors import CommandError, operator_errors
from directory.database import open_directory, session_scope
from directory.link_visits import Manners, anywhere, is_outside, visit
from directory.links import BROKEN, LinkResult, Use, due, forget_unused, keep, uses
from directory.records import load_records
from directory.vocabulary import LINK_STATUSES
from settings import load_settings

# From here on, when no server at all has answered, it is our network that is down: nothing is kept.
SILENT = 20


class Found:
    """What the visits find, kept as it comes; held back until a first server answers."""

    def __init__(self, engine: Engine, progress: Progress, total: int) -> None:
        self.counts: Counter[str] = Counter()
        self.broken: list[LinkResult] = []
        self._engine, self._progress = engine, progress
        self._task = progress.add_task("Visite des adresses", total=total)
        self._held: list[LinkResult] | None = []

    def __call__(self, result: LinkResult) -> None:
        """Take what a visit found.

        Raises:
            CommandError: nothing has answered since the beginning.
        """
        self._progress.advance(self._task)
        if self._held is None:
            self._keep(result)
            return
        self._held.append(result)
        if result.answered:
            self.settle()
        elif len(self._held) >= SILENT:
            told = f"Aucun des {SILENT} premiers sites ne répond\u00a0: vérifiez que cette machine a accès à Internet."
            raise CommandError(f"{told} Rien n’a été noté.")

    def settle(self) -> None:
        """Keep what was held back."""
        held, self._held = self._held or [], None
        for each in held:
            self._keep(each)

    def _keep(self, result: LinkResult) -> None:
        with self._engine.begin() as connection:
            keep(connection, result)
        self.counts[result.status] += 1
        if result.status in BROKEN:
            self.broken.append(result)


def check_links(
    most: int = typer.Option(1000, "--most", min=1, max=10_000, help="Nombre d’adresses à visiter, les plus anciennement vues d’abord."),
    at_once: int = typer.Option(8, "--at-once", min=1, max=32, help="Nombre de visites en même temps (une à la fois par site)."),
    wait: float = typer.Option(15.0, "--wait", min=1, max=120, help="Secondes laissées à un site pour répondre."),
    allow_local: bool = typer.Option(False, "--allow-local", help="Visiter aussi les adresses d’un réseau privé."),
) -> None:
    """Visite les adresses web de l’annuaire, une par seconde et par site, et note les liens morts, sans changer aucune fiche.

    Exemple\u00a0: aiguilleur directory check-links --most 200
    """
    with operator_errors():
        factory = open_directory(load_settings().database_url)
        engine = factory.kw["bind"]
        with session_scope(factory) as session:
            used = uses(load_records(session))
        with engine.begin() as connection:
            forget_unused(connection, list(used))
            addresses = due(connection, list(used), most)
        _visit(engine, addresses, used, Manners(at_once=at_once, wait_s=wait, admits=anywhere if allow_local else is_outside))


def _visit(engine: Engine, addresses: list[str], used: dict[str, list[Use]], manners: Manners) -> None:
    interrupted = False
    with Progress(console=Console(stderr=True), transient=True) as progress:
        found = Found(engine, progress, len(addresses))
        try:
            visit(addresses, found, manners)
            found.settle()
        except KeyboardInterrupt:
            interrupted = True
    for line in _report(found, used, len(addresses)):
        typer.echo(line)
    if interrupted:
        typer.echo("Interrompu\u00a0: ce qui a été vu est noté; relancez la commande pour la suite.", err=True)
        raise typer.Exit(130)


def _report(found: Found, used: dict[str, list[Use]], total: int) -> list[str]:
    lines = [f"Adresses visitées\u00a0: {sum(found.counts.values())} sur {total}"]
    lines += [f"  {label}\u00a0: {found.counts[code]}" for code, label in LINK_STATUSES.items() if found.counts[code]]
    for each in sorted(found.broken, key=lambda result: (BROKEN.index(result.status), result.url)):
        where = ", ".join(dict.fromkeys(use.name for use in used[each.url]))
        moved = f" → {each.final_url}" if each.final_url else ""
        lines.append(f"{each.url}{moved}\u00a0: {each.problem} ({where})")
    return lines
