"""Practice files: what keeps a case from being played is named before anything is said to the assistant."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.errors import CommandError
from cli.practice import problem_of, read_cases

QUESTION = {"id": "q", "text": "allo", "must": ["allo"], "must_not": []}
PERSONA = {"id": "p", "opening": "allo", "facts": {"lieu": "Alma", "mrc": "Lac-Saint-Jean-Est", "region": "Saguenay"}, "any": [["a", "b"]]}
DIALOGUE = {"id": "d", "turns": [{"say": "allo", "must": ["allo"]}, {"say": "merci"}]}


@pytest.mark.parametrize(
    "case", [QUESTION, PERSONA, DIALOGUE, {**QUESTION, "kind": "noise"}], ids=["question", "persona", "dialogue", "outside"]
)
def test_a_whole_case_has_no_problem(case: dict[str, Any]) -> None:
    assert problem_of(case) is None


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ({**QUESTION, "id": 3}, "id"),
        ({**PERSONA, "opening": None}, "opening"),
        ({**PERSONA, "facts": {"lieu": "Alma", "mrc": "Lac-Saint-Jean-Est"}}, "region"),
        ({**PERSONA, "any": [["a", "("]]}, "("),
        ({**PERSONA, "any": "risq"}, "any"),
        ({**DIALOGUE, "turns": []}, "turns"),
        ({**DIALOGUE, "turns": ["allo"]}, "say"),
        ({**DIALOGUE, "turns": [{"say": "allo"}, {"say": "merci", "must_not": ["["]}]}, "["),
        ({**QUESTION, "must": "allo"}, "must"),
        ({**QUESTION, "must": [3]}, "3"),
    ],
)
def test_what_is_wrong_with_a_case_is_named(case: dict[str, Any], named: str) -> None:
    assert f"«\u00a0{named}\u00a0»" in (problem_of(case) or "")


def test_a_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    path = tmp_path / "separators.jsonl"
    path.write_text(json.dumps({**QUESTION, "text": "allo\u2028là\u0085"}, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [case["text"] for case in read_cases(path)] == ["allo\u2028là\u0085"]


def test_a_line_that_is_nested_without_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_text(f"{json.dumps(QUESTION)}\n{'[' * 100_000}\n", encoding="utf-8")
    with pytest.raises(CommandError, match="deep.jsonl:2"):
        read_cases(path)
