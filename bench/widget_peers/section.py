"""The section « The widget » of docs/bench.md, from what was measured."""

import statistics
from collections.abc import Sequence
from typing import Any

from bench.measures import p95
from bench.widget_peers.visitors import MESSAGES, READING_S, VISITORS, WAIT_S

COMMAND = "python -m bench.widget"
TARGET_MS = 500
WAYS_TOLD = {
    "at once": "the next message as soon as the answer is there",
    "reading": f"{READING_S[0]:.0f} to {READING_S[1]:.0f} s of reading before each message",
}


def summary(times: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th centile and the longest of some times."""
    return {"p50": statistics.median(times), "p95": p95(times), "max": max(times)}


def section(measured: dict[str, Any]) -> str:
    """Return the section, in Markdown; a part that was not measured is left out."""
    parts = [("sizes", _sizes), ("pages", _pages), ("visitors", _visitors)]
    blocks = [write(measured[name]) for name, write in parts if name in measured]
    return "\n\n".join(["## The widget", _head(measured), *blocks])


def _head(measured: dict[str, Any]) -> str:
    versions = "; ".join(f"{name} {number}" if name != "processor" else number for name, number in measured["versions"].items())
    return f"`{COMMAND} --write`. Versions: {versions}."


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"


def _files(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sizes(part: dict[str, Any]) -> str:
    rows = [
        f"| {row['what']} | {_files(row['files']) if len(row['files']) < 8 else len(row['files'])} | {_kb(row['packed'])} |"
        for row in part["rows"]
    ]
    missing = [f"- {name}: not measured, {why}." for name, why in part["missing"].items()]
    told = (
        f"{part['on']}. Each file packed alone by `gzip -9`, then summed; kilobytes of 1,000 bytes. Of the peers: the files that their "
        "documentation names for a script tag, in their latest npm package."
    )
    return "\n".join(["### What a page loads", "", told, "", "| | files | kB |", "| --- | --- | ---: |", *rows, "", *missing]).rstrip()


def _pages(part: dict[str, Any]) -> str:
    fetched = [_fetched_row(each) for each in part["pages"] if "fetched" in each]
    told = "What Chromium fetches of them, packed the same way, in the page that is described below, and whom else it asks."
    notes = [f"- {each['what']}: {each['note']}." for each in part["pages"] if each.get("note")]
    rules = [_rules_row(each["what"], name, state) for each in part["pages"] for name, state in each["states"].items()]
    judged = (
        f"{part['on']}. axe-core {part['axe']} with all its default rules, Chromium {part['chromium']}, 1280×800. Every widget stands "
        "in the same bare page, as its documentation writes it, where the address of its server leads nowhere: what shows then is "
        f"judged. axe-core finds {len(part['bare']['violations'])} violations in that page without a widget. Ours is judged besides in "
        "its demonstration site, served by the real server: closed, at the notice, and in a talk with an answer and its cards."
    )
    return "\n".join(
        [
            told,
            "",
            "| | before opening (kB) | once opened (kB) | hosts of others |",
            "| --- | ---: | ---: | --- |",
            *fetched,
            "",
            *notes,
            "",
        ]
        + [
            "### What axe-core finds",
            "",
            judged,
            "",
            "| | state | violations | nodes | rules |",
            "| --- | --- | ---: | ---: | --- |",
            *rules,
        ]
    )


def _fetched_row(each: dict[str, Any]) -> str:
    before, whole = (_kb(sum(each[name].values())) for name in ("before", "fetched"))
    return f"| {each['what']} | {before} | {whole} | {', '.join(each['hosts']) or 'none'} |"


def _rules_row(what: str, name: str, state: dict[str, Any] | None) -> str:
    if state is None:
        return f"| {what} | {name} | — | — | does not show without its server |"
    found = state["violations"]
    rules = ", ".join(f"{rule} ({each['impact']}, {each['nodes']})" for rule, each in sorted(found.items()))
    return f"| {what} | {name} | {len(found)} | {sum(each['nodes'] for each in found.values())} | {rules or 'none'} |"


def _visitors(part: dict[str, Any]) -> str:
    told = (
        f"{part['on']}. {VISITORS} visitors, {MESSAGES} messages each, {len(next(iter(part['rounds'].values())))} rounds each way, in new "
        "conversations, after a round that warms the server and is not counted. Messages are drawn from `tests/practice`, which no "
        "training sees. The server is `aiguilleur serve` with SQLite; it is asked through the protocol: POST, then GET with "
        f"`wait={WAIT_S}` until the whole answer is there. Milliseconds are a visitor’s, from the POST; the visitors run on the same two "
        f"cores, and so may other people’s work, which lengthens them. {_held(part['rounds'])}"
    )
    head = ["| | acknowledged: p50 | p95 | max | answered: p50 | p95 | max | turns/s | errors |", "| --- |" + " ---: |" * 8]
    rows = [_visitors_row(way, rounds) for way, rounds in part["rounds"].items()]
    goal = f"95th centile of an answer under {TARGET_MS} ms:"
    reached = [_verdict(way, rounds) for way, rounds in part["rounds"].items()]
    return "\n".join([f"### {VISITORS} visitors at once", "", told, "", *head, *rows, "", goal, "", *reached])


def _turns(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [turn for each in rounds for turn in each["turns"] if not turn["error"]]


def _visitors_row(way: str, rounds: list[dict[str, Any]]) -> str:
    right, said = _turns(rounds), sum(len(each["turns"]) for each in rounds)
    times = [*summary([turn["acknowledged_ms"] for turn in right]).values(), *summary([turn["answered_ms"] for turn in right]).values()]
    pace = len(right) / sum(each["seconds"] for each in rounds)
    cells = [WAYS_TOLD[way], *(f"{value:.0f}" for value in times), f"{pace:.1f}", str(said - len(right))]
    return f"| {' | '.join(cells)} |"


def _verdict(way: str, rounds: list[dict[str, Any]]) -> str:
    """Return whether the target is reached, with that of each round beside what other people's work took of the machine meanwhile."""
    whole = p95([turn["answered_ms"] for turn in _turns(rounds)])
    each = [f"{p95([turn['answered_ms'] for turn in _turns([one])]):.0f} ({one['cores']['others']:.2f})" for one in rounds]
    verdict = "reached" if whole < TARGET_MS else "not reached"
    told = f"**{verdict}**, {whole:.0f} ms; by round, with the cores that others took, {', '.join(each)}"
    return f"- {WAYS_TOLD[way]}: {told}. {_cores(rounds)}"


def _cores(rounds: list[dict[str, Any]]) -> str:
    cores = {name: statistics.mean(each["cores"][name] for each in rounds) for name in ("server", "visitors")}
    return f"On average the server and its actions took {cores['server']:.2f} cores, the visitors {cores['visitors']:.2f}."


def _held(rounds: dict[str, list[dict[str, Any]]]) -> str:
    every = [each for runs in rounds.values() for each in runs]
    refused, held_s = sum(each["refused"] for each in every), sum(each["held_s"] for each in every)
    limits = "The limits of the server are as in service (docs/widget-protocol.md)"
    if not refused:
        return f"{limits}; none was met."
    return f"{limits}; {refused} requests were told to wait, {held_s:.0f} s in all, which is waited and not counted."
