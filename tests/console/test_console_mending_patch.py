"""What was accepted becomes a patch that git applies, and sentences that the training reads."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.nlu.sentences import read_sentences
from console.mending.patch import UNHELD_FILE, DoesNotApply, changes, patch_of, write

ROOT = Path(__file__).resolve().parents[2]
ADDED = [
    ("zoé veut savoir c'est quoi le plafond au FCIC", "ask_amount"),
    ("à combien ça s'arrête au FCIC, mettons", "ask_amount"),
    ("du capital qui dort, ça veut dire quoi: « patient »?", "ask_topic/capital_patient"),
    ("j'cherche quelqu'un d'expérience pour notre ca", "find_support/mentorat"),
    ("- # 'tiret' & \"guillemets\" : {clé}, [liste] | > % @ ` \\n", "ask_conditions"),
    ("le quorum du comité des bénévoles, c'est combien de têtes", "ask_unheld"),
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of the training data, as git knows it."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "data/nlu", root / "data/nlu")
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example", "commit", "-qm", "data"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def _git_apply(root: Path, patch: str, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(["git", "apply", *options, "-"], cwd=root, input=patch.encode(), capture_output=True, check=False)


def test_git_applies_the_patch_and_the_training_reads_the_sentences_back(checkout: Path) -> None:
    before = list(read_sentences(checkout / "data/nlu"))
    patch = patch_of(changes(checkout, ADDED))
    applied = _git_apply(checkout, patch, "--whitespace=error")
    assert applied.returncode == 0, applied.stderr.decode()
    after = list(read_sentences(checkout / "data/nlu"))
    assert sorted(set(after) - set(before)) == sorted(ADDED)
    assert len(after) == len(before) + len(ADDED)


def test_the_patch_and_the_written_files_are_the_same(checkout: Path) -> None:
    changed = changes(checkout, ADDED)
    write(checkout, changed)
    diff = subprocess.run(["git", "diff"], cwd=checkout, capture_output=True, check=True, text=True).stdout
    assert diff.count("\n+      - ") == len(ADDED) - 1
    assert diff.count("\n-") == diff.count("\n--- ")
    assert (checkout / UNHELD_FILE).read_text(encoding="utf-8").endswith("combien de têtes\n")
    assert _git_apply(checkout, patch_of(changed), "--reverse", "--check").returncode == 0
    assert not list((checkout / "data").rglob("*.partial"))


def test_sentences_go_to_the_file_of_their_label_in_order(checkout: Path) -> None:
    changed = changes(checkout, ADDED)
    assert [path.as_posix() for path in changed] == [
        "data/nlu/intents/ask_amount.yml",
        "data/nlu/intents/ask_conditions.yml",
        "data/nlu/intents/find_support_mentorat.yml",
        "data/nlu/topics/capital_patient.yml",
        "data/nlu/unheld/entendues.yml",
    ]
    lines = changed[Path("data/nlu/intents/ask_amount.yml")][1].splitlines()
    assert lines[-2:] == ["      - à combien ça s'arrête au FCIC, mettons", "      - zoé veut savoir c'est quoi le plafond au FCIC"]


def test_what_is_there_already_however_spelt_is_not_added_again(checkout: Path) -> None:
    write(checkout, changes(checkout, ADDED))
    again = [*ADDED, ("Zoe veut savoir, c’est quoi le plafond au FCIC?!", "ask_amount")]
    assert changes(checkout, again) == {}
    assert patch_of({}) == ""


def test_a_second_fact_that_is_not_held_joins_the_first(checkout: Path) -> None:
    write(checkout, changes(checkout, ADDED))
    more = changes(checkout, [("un avis de convocation, ça se texte-tu", "ask_unheld")])
    applied = _git_apply(checkout, patch_of(more))
    assert applied.returncode == 0, applied.stderr.decode()
    said = [text for text, label in read_sentences(checkout / UNHELD_FILE.parent) if label == "ask_unheld"]
    assert said.count("un avis de convocation, ça se texte-tu") == 1


def test_a_patch_made_before_the_file_changed_is_refused_by_git(checkout: Path) -> None:
    patch = patch_of(changes(checkout, ADDED))
    file = checkout / "data/nlu/intents/ask_amount.yml"
    file.write_text(file.read_text(encoding="utf-8").rsplit("      - ", 3)[0], encoding="utf-8")
    assert _git_apply(checkout, patch).returncode != 0


def test_nothing_is_written_when_a_file_changed_meanwhile(checkout: Path) -> None:
    changed = changes(checkout, ADDED)
    file = checkout / "data/nlu/topics/capital_patient.yml"
    file.write_text(file.read_text(encoding="utf-8") + "      - une de plus\n", encoding="utf-8")
    with pytest.raises(DoesNotApply, match="capital_patient"):
        write(checkout, changed)
    status = subprocess.run(["git", "status", "--short"], cwd=checkout, capture_output=True, check=True, text=True).stdout
    assert status.split() == ["M", "data/nlu/topics/capital_patient.yml"]


@pytest.mark.parametrize(
    ("label", "spoil"),
    [
        ("ask_amount", lambda text: text.replace("- intent: ask_amount", "- intent: ask_cost")),
        ("ask_amount", lambda text: text + "\nresponses: {}\n"),
        ("ask_amount", lambda text: text.replace("    examples: |", "    examples: >")),
        ("ask_amount", None),
    ],
    ids=["another-label", "more-below", "another-form", "gone"],
)
def test_a_file_that_is_no_longer_in_its_form_is_named(checkout: Path, label: str, spoil: object) -> None:
    file = checkout / "data/nlu/intents/ask_amount.yml"
    if spoil is None:
        file.unlink()
    else:
        file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DoesNotApply, match="ask_amount"):
        changes(checkout, [("une phrase neuve", label)])


@pytest.mark.parametrize("label", ["../../bot/door", "ask_topic/../../x", "", "Greet", "ask amount", "a/b/c"])
def test_a_label_never_leads_out_of_the_training_data(checkout: Path, label: str) -> None:
    with pytest.raises(DoesNotApply, match="n’est pas une étiquette"):
        changes(checkout, [("une phrase", label)])


def test_a_file_without_a_last_line_end_or_with_those_of_windows_keeps_its_form(checkout: Path) -> None:
    bare, windows = checkout / "data/nlu/intents/ask_amount.yml", checkout / "data/nlu/intents/ask_conditions.yml"
    bare.write_bytes(bare.read_bytes().rstrip(b"\n"))
    windows.write_bytes(windows.read_bytes().replace(b"\n", b"\r\n"))
    patch = patch_of(changes(checkout, ADDED[:1] + ADDED[4:5]))
    assert "\\ No newline at end of file" in patch
    applied = _git_apply(checkout, patch)
    assert applied.returncode == 0, applied.stderr.decode()
    assert windows.read_bytes().count(b"\r\n") == windows.read_bytes().count(b"\n")
    assert set(read_sentences(checkout / "data/nlu")) >= {ADDED[0], ADDED[4]}
