"""The page of results: what was compared, the plots, a table a set of sentences, then where a turn goes."""

import statistics
from collections.abc import Callable
from datetime import date
from typing import Any

from bench.measures import intent_right, p95, refused, right, stretches
from bench.plots import PLOTS
from bench.sides import ALL, AT_ONCE, OURS, SAMPLE, SIDES, STOCK, TITLES, Asked, Side
from bench.stock.sample import Pairs

Drive = dict[str, Any]
# Title, value of a side (None when it has none), digits, what the project wants of ours.
Row = tuple[str, dict[str, float | None], int, str]


def compared(learned: dict[str, Pairs], asked: dict[str, Asked], rounds: int, epochs: int | None) -> dict[str, Any]:
    """Return the sizes that the page states."""
    labels = {data: sorted({label for _, label in pairs}) for data, pairs in learned.items()}
    return {
        "sentences": {data: len(pairs) for data, pairs in learned.items()},
        "labels": {data: len(found) for data, found in labels.items()},
        "readings": {name: len(pairs) for name, pairs in asked[ALL].readings.items()},
        "turns_said": len(asked[SAMPLE].turns),
        "saturation": asked[SAMPLE].saturation,
        "rounds": rounds,
        "epochs": epochs,
    }


def untrained(said: dict[str, Any]) -> str:
    """Return why a side has no model."""
    return f"not finished in {said['unfinished_s']:.0f} s" if "unfinished_s" in said else f"not measured: {said['missing']}"


def page(measured: dict[str, Any], plots: str) -> str:
    """Return the whole page, in Markdown; `plots` is the folder of the plots, beside the page."""
    blocks = [_head(measured), _versions(measured["versions"]), *_plots(plots)]
    rows = _rows(measured)
    sizes = measured["compared"]
    for data in (SAMPLE, ALL):
        title = "The sample" if data == SAMPLE else "All the data"
        told = f"## {title}\n\n{sizes['sentences'][data]} sentences, {sizes['labels'][data]} labels."
        blocks += [told + _untrained(measured["trained"], data), _table([side for side in SIDES if side.data == data], rows)]
    return "\n\n".join([*blocks, _parts(measured["drives"])]) + "\n"


def _head(measured: dict[str, Any]) -> str:
    sizes, read = measured["compared"], measured["compared"]["readings"]
    command = " ".join(["python -m bench.side_by_side", *sizes["options"]])
    loads = ", ".join(f"{statistics.median(d['load'] for d in runs):.1f} ({name})" for name, runs in measured["drives"].items() if runs)
    processes = "a fresh process" if sizes["rounds"] == 1 else f"{sizes['rounds']} fresh processes"
    trial = f" Stock Rasa learnt for {sizes['epochs']} epochs only, to try the benchmark: it is no result." if sizes["epochs"] else ""
    return (
        "# The assistant beside what could have been chosen\n\n"
        f"{date.today().isoformat()}, `make bench`, that is `{command}`. This assistant; stock Rasa with the configuration that its "
        "manual recommends; nlp.js as its quick start sets it up, in French; and a keyword search (BM25) over the texts of the answers. "
        "The first three learn the same sentences; the search, those of the labels without an answer only. All are asked the same "
        f"{sizes['turns_said']} messages, in conversations of five turns, in "
        f"{processes} a side. [bench/README.md](../bench/README.md) says what is alike and what is not: above all, the first two hold a "
        f"whole conversation, with its actions and its directory, where the last two give a label and a text.{trial}\n\n"
        f"Read besides: the same messages with slips of typing, {read['outside']} that should be refused and, by the sides that know all "
        f"the labels, {read['every_unseen']} unseen sentences. Load of the machine at the end of a drive, of which the drive is about 1: "
        f"{loads}."
    )


def _versions(found: dict[str, str]) -> str:
    return "Versions: " + "; ".join(f"{name} {number}" if name != "processor" else number for name, number in found.items()) + "."


def _plots(folder: str) -> list[str]:
    return [f"![{caption}]({folder}/{name}.svg)" for name, caption in PLOTS.items()]


def _untrained(trained: dict[str, Any], data: str) -> str:
    lacking = [
        f"{TITLES[side.code]}: {untrained(trained[side.name])}" for side in SIDES if side.data == data and "model" not in trained[side.name]
    ]
    return f" {'; '.join(lacking)}." if lacking else ""


def _rows(measured: dict[str, Any]) -> list[Row]:
    trained, drives, growth = measured["trained"], measured["drives"], measured["growth"]
    turns = measured["compared"]["turns"]
    rows: list[Row] = [
        ("unseen sentences, label right (%)", _read(drives, "unseen", right), 1, ""),
        ("unseen sentences, intent right (%)", _read(drives, "unseen", intent_right), 1, ""),
        ("noisy sentences, label right (%)", _read(drives, "noisy", right), 1, ""),
        ("every unseen sentence, label right (%)", _read(drives, "every_unseen", right), 1, ""),
        ("every unseen sentence, noisy, label right (%)", _read(drives, "every_noisy", right), 1, ""),
        ("out of scope, refused (%)", _read(drives, "outside", lambda pairs: refused(pairs, outside=True)), 1, ""),
        ("in scope, refused wrongly (%)", _read(drives, "unseen", lambda pairs: refused(pairs, outside=False)), 1, ""),
        ("training, from process start (s)", {name: said.get("wall_s") for name, said in trained.items()}, 1, "≤ 1/6, < 60 s"),
        ("training, processor time (s)", {name: said.get("processor_s") for name, said in trained.items()}, 1, ""),
        ("ready to talk, from process start (s)", _median(drives, lambda d: d["ready_s"]), 1, ""),
        ("first message (ms)", _median(drives, lambda d: d["first_ms"]), 1, ""),
        ("a turn, median (ms)", _pooled(drives, "turns_ms", statistics.median), 1, "≤ 1/4"),
        ("a turn, 95th centile (ms)", _pooled(drives, "turns_ms", p95), 1, ""),
        ("processor time of a turn, median (ms)", _pooled(drives, "cpu_ms", statistics.median), 1, ""),
        ("of which reading the message, median (ms)", _pooled(drives, "read_ms", statistics.median), 1, ""),
        (f"turn {turns}, median of the last twenty (ms)", {name: stretches(said["turns_ms"])[1] for name, said in growth.items()}, 1, ""),
        (f"turn {turns} against turn 20 (×)", {name: _growth(said) for name, said in growth.items()}, 2, "≤ 1.25"),
    ]
    rows += [
        (
            f"turns a second, {people} conversation{'s' * (people > 1)} at once",
            _median(drives, lambda d, n=str(people): d["turns_per_s"][n]),
            1,
            "",
        )
        for people in AT_ONCE
    ]
    return [
        *rows,
        ("resident memory, loaded (MB)", _median(drives, lambda d: d["loaded_mb"]), 0, ""),
        ("resident memory, after the turns (MB)", _median(drives, lambda d: d["end_mb"]), 0, "≤ 0.7"),
        ("of the action server besides (MB)", _median(drives, lambda d: d.get("actions_mb")), 0, ""),
    ]


def _growth(said: Drive) -> float:
    early, late = stretches(said["turns_ms"])
    return late / early


def _read(drives: dict[str, list[Drive]], name: str, value: Callable[[Pairs], float]) -> dict[str, float | None]:
    return _median(drives, lambda d: value(d["read"][name]) if name in d["read"] else None)


def _median(drives: dict[str, list[Drive]], value: Callable[[Drive], float | None]) -> dict[str, float | None]:
    values = {name: [got for each in runs if (got := value(each)) is not None] for name, runs in drives.items()}
    return {name: statistics.median(got) for name, got in values.items() if got}


def _pooled(drives: dict[str, list[Drive]], key: str, value: Callable[[list[float]], float]) -> dict[str, float | None]:
    pooled = {name: [ms for each in runs for ms in each.get(key, ())] for name, runs in drives.items()}
    return {name: value(times) for name, times in pooled.items() if times}


def _table(sides: list[Side], rows: list[Row]) -> str:
    """Return the table of `sides`, without the rows that none of them has; with ours against stock where both are."""
    names = {side.code: side.name for side in sides}
    against = STOCK in names
    titles = [TITLES[side.code] for side in sides] + (["ours / stock", "to reach"] if against else [])
    lines = [f"| | {' | '.join(titles)} |", "| --- |" + " ---: |" * (len(sides) + against) + (" --- |" if against else "")]
    for title, values, digits, target in rows:
        shown = [_shown(values.get(side.name), digits) for side in sides]
        if all(text == "—" for text in shown):
            continue
        ours, stock = values.get(names[OURS]), values.get(names[STOCK]) if against else None
        ratio = f"{ours / stock:.2f}" if ours is not None and stock else "—"
        lines.append(f"| {' | '.join([title, *shown, *([ratio, target] if against else [])])} |")
    return "\n".join(lines)


def _shown(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _parts(drives: dict[str, list[Drive]]) -> str:
    """Return where a turn of the Rasa sides goes: mean milliseconds of each step, the longest first."""
    by_side = {name: [each["parts"] for each in runs] for name, runs in drives.items() if runs and "parts" in runs[0]}
    means = {name: _means([each["by_turn"] for each in runs]) for name, runs in by_side.items()}
    steps = sorted({step for each in means.values() for step in each}, key=lambda step: -max(each.get(step, 0) for each in means.values()))
    lines = [
        f"## Where a turn goes\n\nMean milliseconds of a turn, in a pass of its own.\n\n| | {' | '.join(means)} |",
        "| --- |" + " ---: |" * len(means),
    ]
    for step in steps:
        if any(each.get(step, 0) >= 0.05 for each in means.values()):
            lines.append(f"| {step} | {' | '.join(f'{each[step]:.2f}' if step in each else '' for each in means.values())} |")
    return "\n".join(lines) + "\n\n" + "\n".join(_calls(name, _means(runs, "by_turn")) for name, runs in by_side.items())


def _means(runs: list[dict[str, Any]], without: str = "") -> dict[str, float]:
    keys = dict.fromkeys(key for each in runs for key in each if key != without)
    return {key: statistics.mean(each.get(key, 0.0) for each in runs) for key in keys}


def _calls(name: str, means: dict[str, float]) -> str:
    return (
        f"- {name}: {means['calls_a_turn']:.2f} action calls a turn, {means['body_kb']:.0f} kB sent each; "
        f"the action itself, without HTTP, takes {means['action_ms']:.2f} ms."
    )
