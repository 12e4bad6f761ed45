"""`aiguilleur understanding`."""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from settings import PROJECT_ROOT

if TYPE_CHECKING:
    from bot.nlu.scores import Reading

UNSEEN = PROJECT_ROOT / "tests" / "nlu"
WORST = 10


def understanding(
    folder: Annotated[Path, typer.Argument(help="Dossier des phrases d’épreuve, une étiquette par bloc.")] = UNSEEN,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
    confusions: Annotated[int, typer.Option("--confusions", help="Combien de confusions montrer, les plus lourdes d’abord.")] = 20,
    as_written: Annotated[bool, typer.Option("--as-written", help="Sans les relire privées d’accents ou fautives.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Les totaux seulement.")] = False,
) -> None:
    """Lit des phrases que l’entraînement n’a pas vues et dit ce qui est pris pour quoi.

    Exemple\u00a0: aiguilleur understanding --confusions 50
    """
    from bot.nlu.noise import strip_accents, typos
    from bot.nlu.sentences import read_sentences
    from cli.errors import CommandError
    from cli.stack import require_directory, trained_model

    require_directory()
    sentences = list(read_sentences(folder))
    if not sentences:
        raise CommandError(f"{folder}\u00a0: aucune phrase d’épreuve; donnez un dossier de fichiers YAML comme ceux de tests/nlu.")
    chance = random.Random(7)
    versions: list[tuple[str, Callable[[str], str]]] = [
        ("telles qu’écrites", str),
        ("sans accents", strip_accents),
        ("sans accents, avec fautes de frappe", lambda text: typos(text, chance)),
    ]
    read = asyncio.run(read_with(trained_model(model), sentences, versions[: 1 if as_written else None]))
    for part in sorted({path.parent for path in folder.rglob("*.yml")}):
        own = {text for text, _ in read_sentences(part)}
        typer.echo(f"\n{part.name}")
        for name, readings in read:
            _total(name, [reading for reading in readings if reading.text in own])
    if not quiet:
        _details(read[0][1], confusions)


async def read_with(
    model: Path, sentences: Sequence[tuple[str, str]], versions: Sequence[tuple[str, Callable[[str], str]]]
) -> list[tuple[str, list["Reading"]]]:
    """Return the readings of each version of the sentences, by the whole pipeline."""
    from bot.engine import load_agent

    from rich.console import Console
    from rich.progress import Progress

    from bot.nlu.scores import Reading

    console = Console(stderr=True)
    with console.status("Chargement du modèle…"):
        agent = load_agent(model, "http://127.0.0.1:9")  # no action is called
    done = []
    with Progress(console=console, transient=True) as progress:
        for name, changed in versions:
            task = progress.add_task(name, total=len(sentences))
            readings = []
            for text, label in sentences:
                parsed = await agent.parse_message(changed(text))
                intent = parsed["intent"]
                readings.append(Reading(text, label, label_of(parsed), intent["confidence"]))
                progress.advance(task)
            done.append((name, readings))
    return done


def label_of(parsed: dict) -> str:
    """Return the whole label of a parse. A project of elsewhere is answered that we cover Québec only: it is a near miss."""
    from bot.recording import label_of as whole_label_of

    intent = parsed["intent"]["name"]
    linked = {entity["entity"] for entity in parsed.get("entities") or []}
    if intent == "inform" and "outside_place" in linked and "place" not in linked:
        return "near_miss"
    return whole_label_of(parsed)


def _total(name: str, readings: Sequence["Reading"]) -> None:
    from bot.nlu.scores import accuracy, macro_f1, outside_recall

    recall, inside = outside_recall(readings)
    typer.echo(
        f"{name}\u00a0: {len(readings)} phrases, exactitude {accuracy(readings):.3f}, F1 macro {macro_f1(readings):.3f}, "
        f"hors sujet reconnus {recall:.3f} (réponses justes parmi celles données {inside:.3f})"
    )


def _details(readings: Sequence["Reading"], confusions: int) -> None:
    from bot.nlu.scores import f1_by_label, losers, thefts
    from bot.nlu.sentences import read_sentences

    typer.echo(f"\nLes {WORST} étiquettes les moins bien lues\u00a0:")
    for label, value in list(f1_by_label(readings).items())[:WORST]:
        typer.echo(f"  {value:.2f}  {label}")
    typer.echo("\nCelles qui prennent le plus aux autres\u00a0:")
    for label, number in losers(readings).most_common(WORST):
        typer.echo(f"  {number:4d}  {label}")
    typer.echo("\nQui prend quoi à qui (la phrase d’épreuve, puis la phrase d’entraînement qui y ressemble)\u00a0:")
    for theft in thefts(readings, list(read_sentences(PROJECT_ROOT / "data" / "nlu")))[:confusions]:
        typer.echo(f"\n  {theft.victim} → {theft.thief} ({len(theft.pairs)})")
        for text, near in theft.pairs:
            typer.echo(f"    «\u00a0{text}\u00a0»\n      ~ «\u00a0{near}\u00a0»" if near else f"    «\u00a0{text}\u00a0»")
