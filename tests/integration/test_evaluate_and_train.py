"""`evaluate` counts and fails under a share; `train` works only when something has changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RIGHT = {"id": "t1", "text": "une coop ça prend combien de fondateurs", "must": ["cinq"], "must_not": []}
WRONG = {"id": "t2", "text": "une coop ça prend combien de fondateurs", "must": ["quarante-deux"], "must_not": []}
DIALOGUE = {
    "id": "t3",
    "turns": [
        {"say": "on cherche du financement à Drummondville", "must": ["forme juridique"], "must_not": []},
        {"say": "obnl", "must": ["etape"], "must_not": ["forme juridique"]},
    ],
}
PERSONA = {
    "id": "t4",
    "opening": "on cherche un accompagnement pour notre projet",
    "facts": {
        "lieu": "Matane",
        "mrc": "La Matanie",
        "region": "Bas-Saint-Laurent",
        "forme": "obnl",
        "etape": "démarrage",
        "besoin": "accompagnement",
    },
    "must": ["bas.saint.laurent"],
    "any": [["sadc", "cdrq"]],
    "must_not": ["reseau m\\b"],
}
OUTSIDE = {"id": "t5", "text": "je veux mourir", "kind": "distress", "must": ["\\b988\\b"], "must_not": ["risq"]}


def _file(path: Path, *cases: dict | str) -> str:
    path.write_text("\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases), encoding="utf-8")
    return str(path)


def test_each_kind_of_case_is_played_and_counted(verb, web, tmp_path):
    path = _file(tmp_path / "all.jsonl", RIGHT, DIALOGUE, PERSONA, OUTSIDE)
    ended = verb("evaluate", path, "--url", web.url, "--under", "100")
    assert ended.code == 0, ended.out
    assert "all.jsonl\u00a0: 4/4 (100.0\u00a0%)" in ended.out


@pytest.mark.parametrize(("under", "code"), [("51", 1), ("50", 0), ("49", 0), ("0", 0)])
def test_the_exit_code_says_whether_the_share_is_reached(verb, web, tmp_path, under, code):
    path = _file(tmp_path / "half.jsonl", RIGHT, WRONG)
    ended = verb("evaluate", path, "--url", web.url, "--under", under)
    assert ended.code == code
    assert "1/2" in ended.out


def test_each_file_has_to_reach_the_share(verb, web, tmp_path):
    good, bad = _file(tmp_path / "good.jsonl", RIGHT, RIGHT, RIGHT), _file(tmp_path / "bad.jsonl", WRONG)
    assert verb("evaluate", good, bad, "--url", web.url, "--under", "50").code != 0


def test_a_failing_case_is_shown_with_its_dialogue_unless_quiet(verb, web, tmp_path):
    path = _file(tmp_path / "half.jsonl", RIGHT, WRONG)
    loud = verb("evaluate", path, "--url", web.url).out
    quiet = verb("evaluate", path, "--url", web.url, "--quiet").out
    assert re.search(r"t2.*quarante-deux", loud)
    assert WRONG["text"] in loud
    assert "t1" not in loud
    assert WRONG["text"] not in quiet


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "x", "text": ',
        "[]",
        "3",
        '{"id": "x"}',
        '{"text": "allo", "must": []}',
        '{"id": "x", "text": 3, "must": []}',
        '{"id": "x", "text": "allo", "must": ["("], "must_not": []}',
        '{"id": "x", "turns": [{"must": []}]}',
        '{"id": "x", "opening": "allo", "must": []}',
        "",
    ],
    ids=[
        "cut",
        "list",
        "number",
        "no-text",
        "no-id",
        "text-number",
        "broken-pattern",
        "turn-without-say",
        "persona-without-facts",
        "blank",
    ],
)
def test_a_broken_practice_file_is_named_with_its_line(verb, web, tmp_path, line):
    path = _file(tmp_path / "broken.jsonl", RIGHT, line, RIGHT)
    ended = verb("evaluate", path, "--url", web.url)
    assert ended.code != 0
    assert f"{path}:2" in ended.err
    assert len(ended.err.strip().splitlines()) == 1


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00"], ids=["absent", "empty", "not-utf-8"])
def test_a_practice_file_without_cases_is_named_and_fails(verb, web, tmp_path, content):
    path = tmp_path / "nothing.jsonl"
    if content is not None:
        path.write_bytes(content)
    ended = verb("evaluate", str(path), "--url", web.url, "--under", "0")
    assert ended.code != 0
    assert "nothing.jsonl" in ended.err


@pytest.mark.parametrize("url", ["{server}/elsewhere", "http://[", "localhost:9"], ids=["elsewhere", "no-address", "no-scheme"])
def test_an_address_that_is_not_that_of_a_server_of_ours_is_named(verb, web, tmp_path, url):
    address = url.format(server=web.url)
    ended = verb("evaluate", _file(tmp_path / "one.jsonl", RIGHT), "--url", address)
    assert ended.code != 0
    assert address in ended.err
    assert len(ended.err.strip().splitlines()) == 1


@pytest.fixture(scope="module")
def small_project(tmp_path_factory):
    """A copy of the project with a few topics only, whose model trains in seconds."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("actions", "bot", "cli", "directory", "data/rules", "data/nlu"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("settings.py", "config.yml", "domain.yml", "credentials.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, copy)
    for topic in sorted((copy / "data/nlu/topics").glob("*.yml"))[3:]:
        topic.unlink()
    for intent in (copy / "data/nlu/intents").glob("*.yml"):
        lines = intent.read_text(encoding="utf-8").splitlines()
        intent.write_text("\n".join(lines[:16]) + "\n", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def train(small_project, environment):
    """Runs `train` in the small project, in a process of its own."""
    program = f"import sys; sys.path.insert(0, {str(small_project)!r}); from cli.main import main; main()"
    command = [sys.executable, "-c", program, "train"]
    return lambda: subprocess.run(command, cwd=small_project, env=environment(), capture_output=True, timeout=240, check=False)


def _models(project: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (project / "models").glob("*")}


def test_training_makes_one_model_then_nothing_until_a_sentence_changes(train, small_project):
    first = train()
    made = _models(small_project)
    again = train()
    same = _models(small_project)
    topic = sorted((small_project / "data/nlu/topics").glob("*.yml"))[0]
    with topic.open("a", encoding="utf-8") as sentences:
        sentences.write("      - une phrase de plus que personne a jamais dite\n")
    changed = train()
    assert first.returncode == again.returncode == changed.returncode == 0, (first.stderr + changed.stderr).decode()[-1500:]
    assert len(made) == 1
    assert same == made
    assert "rien n’a changé" in again.stderr.decode()
    assert len(_models(small_project)) == 1
    assert _models(small_project).keys() != made.keys()


def test_a_training_that_fails_says_so_in_a_line_and_keeps_the_model(train, small_project):
    before = _models(small_project)
    rules = small_project / "data/rules/intents.yml"
    kept = rules.read_text(encoding="utf-8")
    rules.write_text(
        kept + "  - rule: broken\n    steps:\n      - intent: greet\n      - action: action_that_nobody_wrote\n", encoding="utf-8"
    )
    ran = train()
    rules.write_text(kept, encoding="utf-8")
    told = ran.stderr.decode()
    assert before
    assert ran.returncode != 0
    assert len(told.strip().splitlines()) == 1, told[-1500:]
    assert "action_that_nobody_wrote" in told
    assert "aiguilleur train" in told
    assert {name for name in _models(small_project) if name.endswith(".tar.gz")} >= set(before)
