"""The page of results: one table side by side, then where a turn goes and whether it grows."""

import statistics
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

OURS, STOCK, FULL = "ours, sample", "stock Rasa, sample", "ours, all the data"
Drives = dict[str, list[dict[str, Any]]]


def page(compared: dict[str, Any], trained: dict[str, Any], drives: Drives) -> str:
    """Return the whole page, in Markdown."""
    blocks = [_head(compared, drives), _table(trained, drives), _parts(drives), _growth(compared["growth"]), _mistakes(drives)]
    return "\n\n".join(blocks) + "\n"


def _head(compared: dict[str, Any], drives: Drives) -> str:
    command = " ".join(["python -m bench.side_by_side", *sys.argv[1:]])
    load = ", ".join(f"{statistics.median(each['load'] for each in runs):.1f} ({name})" for name, runs in drives.items())
    return (
        f"# Side by side with stock Rasa\n\n"
        f"{date.today().isoformat()}, {_processor()}. `make bench`, that is `{command}`; load of the machine at the end "
        f"of a drive, of which the drive is about 1: {load}.\n\n"
        f"Sample: {compared['sample']} sentences, {compared['labels']} labels, {compared['intents']} intents; all the data: "
        f"{compared['all']} sentences, {compared['all_labels']} labels. The same {compared['messages']} messages for all, in conversations "
        f"of 5 turns, in {compared['rounds']} fresh processes a side. `bench/README.md` says what is compared."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else 'unknown processor'}, {len(names)} cores"


def _table(trained: dict[str, Any], drives: Drives) -> str:
    rows = [
        ("training, from process start (s)", {name: said["wall_s"] for name, said in trained.items()}, 1, "≤ 1/6, < 60 s"),
        ("training, processor time (s)", {name: said["processor_s"] for name, said in trained.items()}, 1, ""),
        ("ready to talk, from process start (s)", _of(drives, lambda d: d["ready_s"]), 1, ""),
        ("first message (ms)", _of(drives, lambda d: d["first_ms"]), 0, ""),
        ("a turn, median (ms)", _pooled(drives, "turns_ms", statistics.median), 1, "≤ 1/4"),
        ("a turn, 95th centile (ms)", _pooled(drives, "turns_ms", _p95), 1, ""),
        ("processor time of a turn, median (ms)", _pooled(drives, "cpu_ms", statistics.median), 1, ""),
        ("of which reading the message, median (ms)", _pooled(drives, "read_ms", statistics.median), 1, ""),
        ("resident memory, loaded (MB)", _of(drives, lambda d: d["loaded_mb"]), 0, ""),
        ("resident memory, after the run (MB)", _of(drives, lambda d: d["end_mb"]), 0, "≤ 0.7"),
        ("label right (%)", _of(drives, lambda d: _right(d, whole=True)), 1, ""),
        ("intent right (%)", _of(drives, lambda d: _right(d, whole=False)), 1, ""),
    ]
    lines = [f"| | {OURS} | {STOCK} | ratio | to reach | {FULL} |", "| --- | ---: | ---: | ---: | --- | ---: |"]
    for title, values, digits, target in rows:
        shown = [f"{values[name]:.{digits}f}" for name in (OURS, STOCK, FULL)]
        lines.append(f"| {title} | {shown[0]} | {shown[1]} | {values[OURS] / values[STOCK]:.2f} | {target} | {shown[2]} |")
    return "\n".join(lines)


def _of(drives: Drives, value: Callable[[dict[str, Any]], float]) -> dict[str, float]:
    return {name: statistics.median(value(each) for each in runs) for name, runs in drives.items()}


def _pooled(drives: Drives, key: str, value: Callable[[list[float]], float]) -> dict[str, float]:
    return {name: value([ms for each in runs for ms in each[key]]) for name, runs in drives.items()}


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _right(drive: dict[str, Any], whole: bool) -> float:
    pairs = drive["labels"] if whole else [[label.split("/")[0] for label in pair] for pair in drive["labels"]]
    return 100 * statistics.mean(expected == got for expected, got in pairs)


def _parts(drives: Drives) -> str:
    by_turn = {name: {step: _mean(runs, step) for step in _steps(runs)} for name, runs in drives.items()}
    steps = sorted(
        {step for each in by_turn.values() for step in each}, key=lambda step: -max(each.get(step, 0) for each in by_turn.values())
    )
    lines = [
        f"## Where a turn goes\n\nMean milliseconds of a turn, in a pass of its own.\n\n| | {OURS} | {STOCK} | {FULL} |",
        "| --- | ---: | ---: | ---: |",
    ]
    for step in steps:
        shown = [f"{by_turn[name][step]:.2f}" if step in by_turn[name] else "" for name in (OURS, STOCK, FULL)]
        if any(by_turn[name].get(step, 0) >= 0.05 for name in by_turn):
            lines.append(f"| {step} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n\n" + "\n".join(_calls(name, runs) for name, runs in drives.items())


def _steps(runs: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(step for each in runs for step in each["parts"]["by_turn"]))


def _mean(runs: list[dict[str, Any]], step: str) -> float:
    return statistics.mean(each["parts"]["by_turn"].get(step, 0.0) for each in runs)


def _calls(name: str, runs: list[dict[str, Any]]) -> str:
    calls, action_ms, body_kb = (statistics.mean(each["parts"][key] for each in runs) for key in ("calls_a_turn", "action_ms", "body_kb"))
    return (
        f"- {name}: {calls:.2f} action calls a turn, {body_kb:.0f} kB sent each; the action itself, without HTTP, takes {action_ms:.2f} ms."
    )


def _growth(growth: dict[str, Any]) -> str:
    length = len(growth["turns_ms"])
    lines = [f"## A long conversation\n\nOurs, all the data, one conversation of {length} turns; both stretches say the same messages."]
    lines += [
        f"| median (ms) | turns 10 to 30 | turns {length - 20} to {length} | growth | to reach, at turn 500 |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for title, key in (("a turn", "turns_ms"), ("processor time of a turn", "cpu_ms")):
        early, late = statistics.median(growth[key][10:30]), statistics.median(growth[key][-20:])
        lines.append(f"| {title} | {early:.1f} | {late:.1f} | × {late / early:.2f} | ≤ 1.25 |")
    return "\n".join([lines[0], "", *lines[1:]])


def _mistakes(drives: Drives) -> str:
    fallbacks = {
        name: _of({name: runs}, lambda d: 100 * statistics.mean(got == "nlu_fallback" for _, got in d["labels"]))[name]
        for name, runs in drives.items()
    }
    told = "; ".join(f"{name} {share:.1f} %" for name, share in fallbacks.items())
    return f"## Not understood\n\nMessages that end in `nlu_fallback`, counted as wrong above: {told}."
