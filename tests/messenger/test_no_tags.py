"""F17: no message tag is ever sent. Tags let a page write outside of the window; Meta is withdrawing them, and approved none of ours."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import shown
from fake_graph import error

ROOT = Path(__file__).resolve().parents[2]
# The kinds of messages that go out of the window, and the names of the tags that Meta has had.
NAMES = {
    *("MESSAGE_TAG", "UTILITY", "HUMAN_AGENT", "CUSTOMER_FEEDBACK"),
    *("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"),
}
KEY = "tag"


def breaches(folder: Path) -> list[str]:
    """Return each place of the Python files of a folder that names a tag, or gives a request one."""
    return [f"{path.relative_to(folder)}:{line}" for path in sorted(folder.rglob("*.py")) for line in _lines(path)]


def _lines(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if any(_names_a_tag(each) for each in _parts(node)):
            yield node.lineno


def _parts(node: ast.AST) -> list[object]:
    """Return what of a node would name a tag: a constant, or the keys that it gives."""
    if isinstance(node, ast.Dict):
        return [f"key {key.value}" for key in node.keys if isinstance(key, ast.Constant)]
    if isinstance(node, ast.Subscript):
        return [f"key {node.slice.value}"] if isinstance(node.slice, ast.Constant) else []
    if isinstance(node, ast.Call):
        return [f"key {each.arg}" for each in node.keywords]
    return [node.value] if isinstance(node, ast.Constant) else []


def _names_a_tag(part: object) -> bool:
    return isinstance(part, str) and (part in NAMES or part == f"key {KEY}")


def test_no_message_tag_is_named_anywhere_in_the_assistant():
    assert [*(ROOT / "bot").rglob("*.py")]
    assert breaches(ROOT / "bot") == []


@pytest.mark.parametrize(
    "breach",
    [
        'body = {"recipient": {}, "tag": kind}',
        'body = {"messaging_type": "MESSAGE_TAG"}',
        'TYPE = "UTILITY"',
        'body["tag"] = kind',
        'body = dict(recipient={}, tag="CONFIRMED_EVENT_UPDATE")',
        'def send(kind="HUMAN_AGENT"): ...',
    ],
)
def test_a_tag_that_comes_back_is_seen(tmp_path, breach):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "graph.py").write_text(f'"""MESSAGE_TAG in a sentence is none."""\n\n{breach}\n', encoding="utf-8")
    assert set(breaches(tmp_path)) == {"inner/graph.py:3"}


def test_out_of_the_window_no_tag_is_tried_instead(desk):
    marie = desk.someone()
    desk.graph.faults.next(error(10, 2018278, 403))
    desk.owe(marie, "un")
    desk.settle()
    assert shown(marie) == []
    assert len(desk.recorder.requests) == 1
    assert not any(name.encode() in request.content for _, request in desk.recorder.requests for name in (*NAMES, KEY))
