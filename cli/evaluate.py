"""`aiguilleur evaluate`."""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer

from cli.chat import talker
from cli.practice import Result, play, read_cases
from settings import PROJECT_ROOT

PRACTICE = PROJECT_ROOT / "tests" / "practice"


def evaluate(
    files: Annotated[list[Path] | None, typer.Argument(help="Fichiers JSON Lines (par défaut\u00a0: tests/practice/*.jsonl).")] = None,
    under: Annotated[float, typer.Option("--under", help="Échoue si un jeu a moins de ce pourcentage de bonnes réponses.")] = 75.0,
    url: Annotated[str | None, typer.Option("--url", help="Essayer un serveur en marche.")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Un autre modèle que celui des données présentes.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Les totaux seulement.")] = False,
) -> None:
    """Joue les conversations d’essai et compte les bonnes réponses.

    Exemple\u00a0: aiguilleur evaluate tests/practice/questions.jsonl --under 85
    """
    paths = files or sorted(PRACTICE.glob("*.jsonl"))
    cases = [(path, case) for path in paths for case in read_cases(path)]
    results = asyncio.run(_played(cases, url, model))
    if not quiet:
        for _, result in results:
            _print_failure(result)
    shares = _totals(results)
    raise typer.Exit(1 if any(share < under for share in shares.values()) or not shares else 0)


async def _played(cases: list[tuple[Path, dict]], url: str | None, model: Path | None) -> list[tuple[Path, Result]]:
    async with talker(url, model) as talk:
        return [(path, await play(case, talk)) for path, case in cases]


def _print_failure(result: Result) -> None:
    if not result.failures:
        return
    typer.echo(f"\n✗ {result.case} ({result.kind})\u00a0: {'; '.join(result.failures)}")
    for line in result.said:
        typer.echo(f"    {line}")


def _totals(results: list[tuple[Path, Result]]) -> dict[str, float]:
    counts: dict[str, list[bool]] = defaultdict(list)
    for path, result in results:
        counts[path.name].append(not result.failures)
    typer.echo("")
    for name, right in counts.items():
        typer.echo(f"{name}\u00a0: {sum(right)}/{len(right)} ({100 * sum(right) / len(right):.1f}\u00a0%)")
    return {name: 100 * sum(right) / len(right) for name, right in counts.items()}
