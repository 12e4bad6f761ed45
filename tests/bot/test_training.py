"""What a model is made from is what a new training is asked for."""

import subprocess
import sys
from pathlib import Path

from bot.training import INPUTS, fingerprint, model_path

ROOT = Path(__file__).resolve().parents[2]
LEARNS = "import bot.nlu.wordings, bot.nlu.sentences, sys; print(*(m for m in sys.modules if m.startswith(('bot.', 'directory.'))))"


def test_all_that_the_model_is_learnt_through_asks_for_a_new_training():
    ran = subprocess.run([sys.executable, "-c", LEARNS], cwd=ROOT, capture_output=True, text=True, check=True)
    files = {f"{name.replace('.', '/')}.py" for name in ran.stdout.split()}
    modules = {file for file in files if (ROOT / file).is_file()}
    assert modules
    assert modules <= set(INPUTS)


def test_a_change_of_an_input_gives_another_model(tmp_path):
    for name in INPUTS:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            path.mkdir(exist_ok=True)
            path /= "one.yml"
        path.write_text("before", encoding="utf-8")
    before = model_path(tmp_path)
    (tmp_path / "bot/nlu/spelling.py").write_text("after", encoding="utf-8")
    assert model_path(tmp_path) != before
    assert fingerprint(tmp_path) in model_path(tmp_path).name
