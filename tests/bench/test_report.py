"""The page and the plots, from measures made up here."""

from pathlib import Path
from typing import Any

from bench.plots import PLOTS, draw_plots
from bench.report import page
from bench.sides import ALL, AT_ONCE, KEYWORDS, NLPJS, OURS, SAMPLE, SIDES, STOCK, Side


def _drive(side: Side) -> dict[str, Any]:
    pairs = [["greet", "greet"], ["out_of_scope", "None"]]
    said: dict[str, Any] = {
        "read": {"unseen": pairs, "noisy": pairs, "outside": pairs[1:]},
        "turns_ms": [10.0, 20.0, 30.0],
        "cpu_ms": [5.0, 5.0, 5.0],
        "turns_per_s": {str(n): 50.0 for n in AT_ONCE},
        **dict.fromkeys(("ready_s", "loaded_mb", "end_mb", "first_ms", "load"), 1.0),
    }
    if side.code in (OURS, STOCK):
        parts = {"by_turn": {"total": 20.0, "DIETClassifier": 12.0}, "calls_a_turn": 1.0, "action_ms": 2.0, "body_kb": 9.0}
        said |= {"parts": parts, "read_ms": [3.0], "actions_mb": 80.0}
    return said


def _measured() -> dict[str, Any]:
    """Return a run in which nlp.js did not finish on all the data and keywords could not be installed."""
    trained: dict[str, Any] = {side.name: {"model": "m", "wall_s": 1.0 + i, "processor_s": 1.0} for i, side in enumerate(SIDES)}
    trained[Side(NLPJS, ALL).name] = {"unfinished_s": 600.0}
    trained |= {Side(KEYWORDS, data).name: {"missing": "uv is not installed"} for data in (SAMPLE, ALL)}
    models = [side for side in SIDES if "model" in trained[side.name]]
    sizes = {
        "sentences": {SAMPLE: 970, ALL: 17235},
        "labels": {SAMPLE: 30, ALL: 312},
        "readings": {"outside": 34, "every_unseen": 2568},
        **{"turns_said": 3, "saturation": 320, "rounds": 1, "epochs": None, "options": [], "turns": 500},
    }
    return {
        "compared": sizes,
        "versions": {"processor": "a processor, 2 cores", "Rasa": "3.6.21"},
        "trained": trained,
        "drives": {side.name: [_drive(side)] for side in models},
        "growth": {side.name: {"turns_ms": [10.0] * 480 + [12.0] * 20} for side in models},
    }


def _row(text: str, title: str, table: int = 0) -> list[str]:
    lines = [line for line in text.splitlines() if line.startswith(f"| {title}")]
    return [cell.strip() for cell in lines[table].split("|")[2:-1]]


def test_a_side_without_a_model_has_a_reason_and_dashes() -> None:
    text = page(_measured(), "bench")
    assert "nlp.js: not finished in 600 s" in text
    assert text.count("keywords: not measured: uv is not installed") == 2
    assert _row(text, "a turn, median", table=1) == ["20.0", "—", "—"]


def test_the_sample_compares_ours_with_stock() -> None:
    text = page(_measured(), "bench")
    assert _row(text, "training, from process start") == ["1.0", "2.0", "3.0", "—", "0.50", "≤ 1/6, < 60 s"]
    assert _row(text, "turn 500 against turn 20") == ["1.20", "1.20", "1.20", "—", "1.00", "≤ 1.25"]


def test_a_row_that_no_side_has_is_left_out() -> None:
    assert "every unseen sentence, label right" not in page(_measured(), "bench")


def test_fewer_epochs_are_owned_up_to() -> None:
    measured = _measured()
    assert "no result" not in page(measured, "bench")
    measured["compared"]["epochs"] = 2
    assert "no result" in page(measured, "bench")


def test_the_page_shows_every_plot(tmp_path: Path) -> None:
    draw_plots(_measured(), tmp_path)
    text = page(_measured(), "bench")
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(PLOTS)
    assert all(f"(bench/{name}.svg)" in text for name in PLOTS)


def test_a_plot_is_the_same_file_twice_with_its_text_as_text(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        draw_plots(_measured(), folder)
    for name, caption in PLOTS.items():
        first, second = ((folder / f"{name}.svg").read_text(encoding="utf-8") for folder in folders)
        assert first == second
        assert caption in first
        assert "dc:date" not in first
