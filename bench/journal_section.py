"""The section « The journal » of docs/bench.md, from what was measured."""

import statistics
from collections.abc import Sequence
from typing import Any

from bench.journal_asked import DRAWN, MAPPED
from bench.measures import p95

COMMAND = "python -m bench.journal"
# Milliseconds in which a page must be there, 95 times of 100: the inbox, the needs map.
TARGETS = {"postgresql": {"inbox": 1_000, "map": 2_000}, "sqlite": {"inbox": 300, "map": 300}}
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
WORST = 12
Row = dict[str, Any]


def section(measured: dict[str, Any]) -> str:
    """Return the section, in Markdown; a database that was not measured is left out."""
    blocks = ["## The journal", _head(measured)]
    for kind, name in NAMES.items():
        if kind in measured:
            blocks += [f"### {name}", *_database(kind, measured[kind])]
    return "\n\n".join(blocks)


def _head(measured: dict[str, Any]) -> str:
    versions = "; ".join(f"{name} {number}" if name != "processor" else number for name, number in measured["versions"].items())
    return (
        f"`{COMMAND} --write`, {measured['on']}. Made-up conversations over 90 days, and the counts of the 275 days before, that were "
        "purged; people, places, actors, labels and words are as unequal as in life. Pages are asked of the real console by somebody who "
        "is logged in, one at a time, the whole of a page, twice to warm up and then as often as said; milliseconds of that person. "
        f"bench/README.md says how. {measured['others']} Versions: {versions}."
    )


def _database(kind: str, part: dict[str, Any]) -> list[str]:
    rows, targets = part["pages"], TARGETS[kind]
    verdicts = [_verdict(rows, target, what) for what, target in targets.items()]
    blocks = [f"{_held(part)}\n\n" + "\n".join(verdicts), _groups(rows), _slowest(rows)]
    if "writing" in part:
        blocks.append(_written(part))
    return blocks


def _held(part: dict[str, Any]) -> str:
    sizes = part["sizes"]
    return (
        f"{sizes['conversations']:,} conversations, {sizes['turns']:,} turns, {sizes['kb_each']:.1f} kB on disk a conversation, its "
        f"indexes included; filled in {part['filled_s']:.0f} s. {part['configuration']}"
    )


def _verdict(rows: Sequence[Row], target: int, what: str) -> str:
    of_it = [row for row in rows if (row["group"] == MAPPED if what == "map" else row["group"] not in (MAPPED, DRAWN))]
    worst = max(of_it, key=lambda row: p95(row["times"]))
    late = sum(p95(row["times"]) > target for row in of_it)
    reached = "reached" if not late else f"not reached by {late} of {len(of_it)}"
    told = "any filter of the inbox" if what == "inbox" else "a page of the needs map"
    return f"- {told}, 95th centile under {target:,} ms: **{reached}**; the slowest, « {worst['name']} », {p95(worst['times']):.0f} ms."


def _groups(rows: Sequence[Row]) -> str:
    lines = ["| | pages | times each | p50 | p95 | p95 of the slowest | max |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for group in dict.fromkeys(row["group"] for row in rows):
        of_it = [row for row in rows if row["group"] == group]
        pooled = [ms for row in of_it for ms in row["times"]]
        slowest = max(p95(row["times"]) for row in of_it)
        cells = [group, len(of_it), len(of_it[0]["times"]), *_figures(pooled)[:2], f"{slowest:.0f}", _figures(pooled)[2]]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _slowest(rows: Sequence[Row]) -> str:
    lines = ["| the slowest | p50 | p95 | max |", "| --- | ---: | ---: | ---: |"]
    for row in sorted(rows, key=lambda row: -p95(row["times"]))[:WORST]:
        lines.append(f"| {row['group']}: {row['name']} | {' | '.join(_figures(row['times']))} |")
    return "\n".join(lines)


def _figures(times: Sequence[float]) -> list[str]:
    return [f"{ms:.0f}" for ms in (statistics.median(times), p95(times), max(times))]


def _written(part: dict[str, Any]) -> str:
    one, many, gone = part["writing"]["one"], part["writing"]["many"], part["purge"]
    return (
        f"Writing, beside what is there: {one['turns_a_second']:.0f} turns a second told one a transaction, the longest of which took "
        f"{one['longest_ms']:.0f} ms; {many['turns_a_second']:.0f} told {many['at_once']:.0f} conversations a transaction.\n\n"
        f"A purge of {gone['conversations']:,} conversations: {gone['seconds']:.0f} s in {gone['transactions']:.0f} transactions; the "
        f"longest, during which nobody else writes into the journal, took {gone['longest_ms']:.0f} ms."
    )
