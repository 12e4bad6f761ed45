"""`aiguilleur train --check`, for real: a model that reads worse is refused and the one in service stays; a better one takes its place."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LABELS = ("ask_amount", "greet", "ask_cost")
MOST = 40


@pytest.fixture(scope="module")
def small_project(tmp_path_factory):
    """A copy of the project with a few sentences, whose model trains in seconds, and the test sentences of three labels."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("actions", "bot", "cli", "console", "directory", "journal", "data/rules", "data/nlu", "data/seed", "tests/nlu"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("settings.py", "config.yml", "domain.yml", "credentials.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, copy)
    for file in [*sorted((copy / "data/nlu/topics").glob("*.yml"))[3:], *(copy / "data/nlu/unheld").glob("*.yml")]:
        file.unlink()
    for file in (copy / "data/nlu/intents").glob("*.yml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(lines[:MOST]) + "\n", encoding="utf-8")
    for folder in ("development", "examination"):
        for file in (copy / "tests/nlu" / folder).glob("*.yml"):
            _keep(file)
    return copy


def _keep(file: Path) -> None:
    """Leave the sentences of LABELS alone."""
    blocks = file.read_text(encoding="utf-8").split("  - intent: ")
    kept = [block for block in blocks[1:] if block.split("\n", 1)[0].strip() in LABELS]
    if kept:
        file.write_text("nlu:\n" + "".join(f"  - intent: {block}" for block in kept), encoding="utf-8")
    else:
        file.unlink()


def test_a_worse_model_is_refused_then_a_better_one_is_published(small_project, directory_url, environment):
    program = f"import sys; sys.path.insert(0, {str(small_project)!r}); from cli.main import main; main()"
    env = environment(AIGUILLEUR_DATABASE_URL=directory_url)

    def train(*options: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-c", program, "train", *options]
        return subprocess.run(command, cwd=small_project, env=env, capture_output=True, timeout=240, check=False, text=True)

    def models() -> list[str]:
        return sorted(path.name for path in (small_project / "models").glob("*"))

    nothing = train("--check")
    assert nothing.returncode == 1
    assert "aiguilleur train" in nothing.stderr
    amounts, greetings = (small_project / f"data/nlu/intents/{label}.yml" for label in ("ask_amount", "greet"))
    assert train().returncode == 0
    before = models()
    # Greetings called amounts: what anyone could do to the data.
    head, sentences = (file.read_text(encoding="utf-8").split("examples: |\n")[part] for part, file in enumerate((amounts, greetings)))
    amounts.write_text(head + "examples: |\n" + sentences.replace("\n", " combien\n"), encoding="utf-8")
    refused = train("--check")
    assert refused.returncode == 1, refused.stderr[-3000:]
    assert "Moins bon" in refused.stdout, refused.stderr[-6000:]
    assert "Refusé" in refused.stderr
    assert {*models()} > {*before}
    shutil.copy(ROOT / "data/nlu/intents/ask_amount.yml", amounts)  # ten times more sentences
    published = train("--check")
    assert published.returncode == 0, published.stdout + published.stderr
    assert "exactitude" in published.stdout
    assert len(models()) == 1
    assert models() != before
