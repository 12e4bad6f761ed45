"""`aiguilleur journal corrections`: what staff accepted goes into the training data of a checkout, all of it or nothing."""

import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from bot.nlu.sentences import read_sentences
from cli.journal_corrections import corrections
from journal.corrections import accept, count_by_state, heard_digest
from journal.store import Journal

NOW = datetime(2026, 11, 29, tzinfo=timezone.utc)
SAID = [("jusqu'où le fonds embarque", "ask_amount"), ("c'est quoi, la patience du capital", "ask_topic/capital_patient")]


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The journal of the command, where two sentences were accepted."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    monkeypatch.setenv("AIGUILLEUR_JOURNAL_DATABASE_URL", url)
    made = Journal(url)
    made.prepare()
    with made.writing.begin() as session:
        for sentence, label in SAID:
            accept(session, heard_digest(sentence), sentence, label, "lea", NOW, None)
    yield made
    made.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with two labels."""
    root = tmp_path / "project"
    for name, label in (("intents/ask_amount", "ask_amount"), ("topics/capital_patient", "ask_topic/capital_patient")):
        file = root / "data/nlu" / f"{name}.yml"
        file.parent.mkdir(parents=True)
        file.write_text(f"# X y.\nnlu:\n  - intent: {label}\n    examples: |\n      - {label} {name}\n", encoding="utf-8")
    return root


def _run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(corrections)
    return CliRunner().invoke(app, list(arguments))


def _states(journal: Journal) -> dict[str, int]:
    with journal.reading() as session:
        return count_by_state(session)


def test_without_option_it_says_how_many_wait_and_changes_nothing(journal: Journal, project: Path) -> None:
    ran = _run("--project", str(project))
    assert ran.stdout.strip() == "2\u00a0phrases à exporter."
    assert _states(journal)["accepted"] == 2


def test_the_patch_that_it_writes_is_applied_by_git(journal: Journal, project: Path, tmp_path: Path) -> None:
    patch = tmp_path / "correctif.patch"
    ran = _run("--output", str(patch), "--project", str(project))
    assert ran.exit_code == 0, ran.stderr
    assert "2\u00a0phrases, 2 fichiers" in ran.stdout
    assert _states(journal) == {"accepted": 0, "exported": 2, "ignored": 0}
    assert subprocess.run(["git", "apply", str(patch)], cwd=project, check=False).returncode == 0
    assert {*read_sentences(project / "data/nlu")} >= {*SAID}


def test_applied_sentences_are_in_the_files_and_come_again_only_when_asked(journal: Journal, project: Path, tmp_path: Path) -> None:
    assert _run("--apply", "--project", str(project)).exit_code == 0
    assert {*read_sentences(project / "data/nlu")} >= {*SAID}
    assert _run("--apply", "--project", str(project)).stdout.strip() == "Rien n’est à exporter."
    assert "déjà dans les données" in _run("--apply", "--again", "--project", str(project)).stdout
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / "data/nlu/intents/ask_amount.yml").write_text(
        "nlu:\n  - intent: ask_amount\n    examples: |\n      - autre chose\n", encoding="utf-8"
    )
    assert "1\u00a0phrase, 1 fichier;" in _run("--output", str(tmp_path / "again.patch"), "--again", "--project", str(project)).stdout


def test_a_file_in_another_form_stops_everything_with_one_line(journal: Journal, project: Path) -> None:
    file = project / "data/nlu/topics/capital_patient.yml"
    file.write_text(file.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    before = (project / "data/nlu/intents/ask_amount.yml").read_text(encoding="utf-8")
    ran = _run("--apply", "--project", str(project))
    assert ran.exit_code == 1
    assert "capital_patient.yml" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert (project / "data/nlu/intents/ask_amount.yml").read_text(encoding="utf-8") == before
    assert _states(journal)["accepted"] == 2


def test_a_sentence_that_examines_since_then_stops_everything_and_is_named(journal: Journal, project: Path) -> None:
    tests = project / "tests/nlu/development"
    tests.mkdir(parents=True)
    (tests / "x.yml").write_text("nlu:\n  - intent: ask_amount\n    examples: |\n      - Jusqu’où le fonds embarque?\n", encoding="utf-8")
    ran = _run("--apply", "--project", str(project))
    assert ran.exit_code == 1
    assert ran.stderr.startswith("décision 1\u00a0: Cette phrase sert à examiner")
    assert {*read_sentences(project / "data/nlu")}.isdisjoint(SAID)
    assert _states(journal)["accepted"] == 2


def test_a_patch_that_cannot_be_written_marks_nothing(journal: Journal, project: Path, tmp_path: Path) -> None:
    ran = _run("--output", str(tmp_path / "nowhere" / "correctif.patch"), "--project", str(project))
    assert ran.exit_code == 1
    assert "nowhere" in ran.stderr
    assert _states(journal)["accepted"] == 2
