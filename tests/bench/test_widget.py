"""What the benchmark of the widget computes, and its parts that need no server."""

import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from bench import widget
from bench.widget_peers import packages, sizes
from bench.widget_peers.section import section, summary
from bench.widget_peers.visitors import MESSAGES, VISITORS, rounds, sentences


def _turn(answered_ms: float, error: str = "") -> dict[str, Any]:
    return {"text": "allô", "acknowledged_ms": answered_ms / 10, "answered_ms": answered_ms, "error": error}


def _measured(turns: list[dict[str, Any]]) -> dict[str, Any]:
    cores = {"server": 1.0, "visitors": 0.1, "others": 0.5}
    done = [{"seconds": 10.0, "turns": turns, "cores": cores, "held_s": 0.0, "refused": 0}]
    return {"versions": {"node": "20"}, "visitors": {"on": "2026-11-29", "rounds": {"at once": done, "reading": done}}}


def _cells(text: str, title: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {title}"))
    return [cell.strip() for cell in line.split("|")[2:-1]]


def test_times_are_summed_up_by_their_median_their_95th_centile_and_the_longest() -> None:
    assert summary([float(time) for time in range(1, 101)]) == pytest.approx({"p50": 50.5, "p95": 95.95, "max": 100})


def test_the_section_says_whether_the_target_is_reached() -> None:
    assert "**reached**, 400 ms" in section(_measured([_turn(400)] * 20))
    assert "**not reached**, 600 ms" in section(_measured([_turn(600)] * 20))


def test_turns_that_failed_are_counted_and_not_timed() -> None:
    text = section(_measured([_turn(100)] * 20 + [_turn(9000, "ReadTimeout")]))
    assert _cells(text, "1 to 3 s of reading") == ["10", "10", "10", "100", "100", "100", "2.0", "1"]


def test_what_was_not_measured_is_left_out() -> None:
    text = section(_measured([_turn(100)] * 20))
    assert "axe-core" not in text
    assert "gzip" not in text


def test_a_state_that_does_not_show_has_no_figure() -> None:
    axe = {"violations": {}, "axe": "4.12.1"}
    hidden = {"what": "a peer", "before": {}, "fetched": {"a.js": 1234}, "hosts": [], "states": {"opened": None}}
    part = {"on": "2026-11-29", "bare": axe, "axe": "4.12.1", "chromium": "150", "pages": [hidden]}
    text = section({"versions": {}, "pages": part})
    assert "| a peer | opened | — | — | does not show without its server |" in text


def test_files_are_packed_each_alone(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_bytes(b"export const a = 1;\n" * 100)
    (tmp_path / "b.css").write_bytes(b"p { margin: 0 }\n" * 100)
    alone = [len(gzip.compress((tmp_path / name).read_bytes(), 9)) for name in ("a.js", "b.css")]
    assert [sizes.packed(tmp_path / name) for name in ("a.js", "b.css")] == alone
    assert sizes.total(tmp_path, ("a.js", "b.css")) == sum(alone)


def test_what_is_loaded_follows_the_imports_but_those_that_wait(tmp_path: Path) -> None:
    (tmp_path / "widget.js").write_text('import "./dom.js";\nconst open = () => import("./panel.js");\n', encoding="utf-8")
    (tmp_path / "panel.js").write_text('import { make } from "./dom.js";\nimport {\n  List,\n} from "./list.js";\n', encoding="utf-8")
    for name in ("dom.js", "list.js", "texts.js", "texts-en.js", "widget.css"):
        (tmp_path / name).touch()
    files = sizes.ours(tmp_path)
    assert files["before"] == ["dom.js", "widget.js"]
    assert files["opened"] == ["list.js", "panel.js", "texts.js", "widget.css"]
    assert set(files["all"]) - {*files["before"], *files["opened"]} == {"texts-en.js"}


def test_before_it_is_opened_our_widget_is_one_file() -> None:
    files = sizes.ours()
    assert files["before"] == ["widget.js"]
    assert set(files["all"]) - {*files["before"], *files["opened"]} == {"texts-en.js"}


def test_visitors_say_what_no_other_says_in_the_round() -> None:
    first, second = rounds(sentences(), 2, seed=1)
    said = [text for visitor in first for text in visitor]
    assert len(first) == VISITORS
    assert len(set(said)) == len(said) == VISITORS * MESSAGES
    assert first != second


def test_a_package_is_known_by_the_digest_that_npm_writes(tmp_path: Path) -> None:
    archive = tmp_path / "a.tgz"
    archive.write_bytes(random.Random(1).randbytes(100))
    assert packages.integrity(archive).startswith("sha512-")
    assert len(packages.integrity(archive)) == len(packages.PEERS[0].integrity)


def test_quick_prints_the_sizes_and_keeps_nothing(capsys: pytest.CaptureFixture) -> None:
    kept = widget.RAW.read_bytes() if widget.RAW.is_file() else None
    widget.main(quick=True)
    text = capsys.readouterr().out
    files, size = _cells(text, "ours, before opening")
    assert files == "`widget.js`"
    assert 0 < float(size) < 20
    assert (widget.RAW.read_bytes() if widget.RAW.is_file() else None) == kept
