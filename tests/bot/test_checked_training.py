"""A model that is worse is not published: what worse means, and what becomes of the files."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.checked_training import Checked, candidate_path, last_model, train_checked
from bot.errors import ModelError
from bot.nlu.comparison import FEWEST, LABEL_LOSS, LOSS, compare
from bot.nlu.scores import Reading
from bot.training import INPUTS, model_path
from cli.comparison import told


def _readings(**read: Sequence[str]) -> list[Reading]:
    """Return readings: for each label, what each of its sentences was read as."""
    return [Reading(f"{label} {number}", label, each, 0.5) for label, labels in read.items() for number, each in enumerate(labels)]


def _spread(labels: int, sentences: int, wrong: int) -> list[Reading]:
    """Return readings of many labels, `wrong` sentences of different labels read as one that is nobody's."""
    return [
        Reading(f"{label} {number}", f"label{label}", "other" if number == 0 and label < wrong else f"label{label}")
        for label in range(labels)
        for number in range(sentences)
    ]


def test_the_same_readings_are_not_worse_and_nothing_moved():
    same = _spread(100, 20, 5)
    compared = compare(same, same)
    assert (compared.lost, compared.moved, compared.newly_right, compared.newly_wrong) == ([], [], [], [])


def test_a_better_model_is_not_worse_and_says_what_it_won():
    compared = compare(_readings(greet=["greet", "thank"], thank=["thank"]), _readings(greet=["greet", "greet"], thank=["thank"]))
    assert not compared.is_worse
    assert [(each.text, each.before, each.after) for each in compared.newly_right] == [("greet 1", "thank", "greet")]
    assert {each.label for each in compared.moved} == {"greet", "thank"}
    assert compared.after.accuracy == 1.0


def test_a_total_may_fall_as_far_as_chance_and_no_further():
    # 100 labels of 20 sentences: LOSS is 4 sentences of 2,000.
    before = _spread(100, 20, 0)
    at_most, beyond = compare(before, _spread(100, 20, 4)), compare(before, _spread(100, 20, 6))
    assert round(at_most.before.accuracy - at_most.after.accuracy, 9) == LOSS
    assert at_most.lost == []
    assert beyond.lost == ["accuracy"]


def test_the_mean_of_the_labels_counts_although_the_accuracy_does_not_move():
    # A wide label gains what five narrow ones lose.
    before = [*_spread(5, FEWEST - 1, 0), *_readings(wide=["wide"] * 400 + ["x"] * 5)]
    after = [*_spread(5, FEWEST - 1, 5), *_readings(wide=["wide"] * 405)]
    assert compare(before, after).lost == ["macro_f1"]


def test_one_label_may_not_lose_what_the_totals_hide():
    before = [*_spread(200, 20, 0), *_readings(quiet=["quiet"] * 20)]
    one, two = ([*_spread(200, 20, 0), *_readings(quiet=["quiet"] * (20 - lost) + ["nobody"] * lost)] for lost in (1, 3))
    assert compare(before, one).lost == []
    compared = compare(before, two)
    assert compared.lost == ["labels"]
    assert [each.label for each in compared.losses] == ["quiet"]
    assert compared.losses[0].gain < -LABEL_LOSS


def test_a_label_that_few_sentences_examine_refuses_nothing_alone():
    before = [*_spread(300, 20, 0), *_readings(rare=["rare"] * (FEWEST - 1))]
    after = [*_spread(300, 20, 0), *_readings(rare=["rare"] * (FEWEST - 2) + ["label1"])]
    assert compare(before, after).lost == []


def test_readings_of_other_sentences_are_not_compared():
    with pytest.raises(ValueError, match="same sentences"):
        compare(_readings(greet=["greet"]), _readings(thank=["thank"]))
    with pytest.raises(ValueError, match="same sentences"):
        compare([], [])


def test_the_table_tells_the_totals_the_labels_the_sentences_and_why():
    before = [*_spread(50, 20, 1), *_readings(quiet=["quiet"] * 20)]
    after = [*_spread(50, 20, 0), *_readings(quiet=["quiet"] * 15 + ["label1"] * 5)]
    text = told(compare(before, after))
    assert "exactitude" in text
    assert "quiet (20)" in text
    assert "Mieux lues\u00a0: 1\n  «\u00a00 0\u00a0»  label0\u00a0: other → label0" in text
    assert "Moins bien lues\u00a0: 5" in text
    assert "Moins bon\u00a0: le F1 d’une étiquette d’au moins 10 phrases" in text
    same = told(compare(before, before))
    assert "Moins bon" not in same
    assert "Aucune étiquette n’a bougé." in same


# The files, with a training that takes no time: the model says what data/nlu says, and reads as it says.


class Project:
    """A project whose inputs are there; `train` notes what was trained."""

    def __init__(self, root: Path) -> None:
        self.root, self.trained = root, []
        for name in INPUTS:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix:
                path.write_text("x", encoding="utf-8")
            else:
                path.mkdir(exist_ok=True)
        unseen = root / "tests/nlu/one.yml"
        unseen.parent.mkdir(parents=True)
        lines = "".join(f"      - allo {number}\n" for number in range(20))
        unseen.write_text(f"nlu:\n  - intent: greet\n    examples: |\n{lines}", encoding="utf-8")

    def say(self, right: int, more: str = "") -> None:
        """Make the data such that `right` of the 20 sentences are read right."""
        (self.root / "data/nlu/one.yml").write_text(f"{right} {more}", encoding="utf-8")

    def train(self, root: Path, path: Path) -> None:
        """Train a model at once."""
        path.parent.mkdir(exist_ok=True)
        path.write_text((root / "data/nlu/one.yml").read_text(encoding="utf-8"), encoding="utf-8")
        self.trained.append(path.name)

    def put_in_service(self) -> Path:
        """Train without comparing."""
        self.train(self.root, model_path(self.root))
        os.utime(model_path(self.root), ns=(1, len(self.trained)))
        return model_path(self.root)

    def check(self, against: Path | None = None) -> Checked | None:
        """Train and compare."""
        return train_checked(_read, against, self.root, self.train)

    @property
    def models(self) -> list[str]:
        """The files of models/."""
        return sorted(path.name for path in (self.root / "models").iterdir())


def _read(model: Path, sentences: Sequence[tuple[str, str]]) -> list[Reading]:
    right = int(model.read_text(encoding="utf-8").split()[0])
    return [Reading(text, label, label if number < right else "x") for number, (text, label) in enumerate(sentences)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.say(15)
    return made


def test_a_better_model_takes_the_place_of_the_one_in_service(project):
    old = project.put_in_service()
    project.say(18)
    checked = project.check()
    assert checked.published
    assert checked.after == model_path(project.root)
    assert project.models == [model_path(project.root).name]
    assert not old.exists()


def test_an_equal_model_is_published_too(project):
    project.put_in_service()
    project.say(15, "said otherwise")
    assert project.check().published
    assert project.models == [model_path(project.root).name]


def test_a_worse_model_is_refused_and_the_one_in_service_stays(project):
    old = project.put_in_service()
    project.say(14)
    checked = project.check()
    assert not checked.published
    assert checked.comparison.lost == ["accuracy", "macro_f1"] or "labels" in checked.comparison.lost
    assert old.read_text(encoding="utf-8") == "15 "
    assert not model_path(project.root).exists()
    assert project.models == sorted([old.name, candidate_path(project.root).name])


def test_a_refused_candidate_is_compared_again_without_training_until_the_data_change(project):
    project.put_in_service()
    project.say(14)
    assert not project.check().published
    assert not project.check().published
    assert len(project.trained) == 2
    project.say(16)
    assert project.check().published
    assert project.models == [model_path(project.root).name]


def test_nothing_is_done_when_nothing_changed(project):
    project.put_in_service()
    assert project.check() is None
    assert len(project.trained) == 1


def test_another_model_may_be_compared_with(project, tmp_path):
    project.put_in_service()
    kept = tmp_path / "kept.tar.gz"
    kept.write_text("20", encoding="utf-8")
    checked = project.check(kept)
    assert (checked.before, checked.after, checked.published) == (kept, model_path(project.root), False)
    assert project.models == [model_path(project.root).name]
    kept.write_text("10", encoding="utf-8")
    assert project.check(kept).published


def test_without_a_model_to_compare_with_the_remedy_is_told(project, tmp_path):
    with pytest.raises(ModelError, match="aiguilleur train"):
        project.check()
    project.put_in_service()
    project.say(16)
    with pytest.raises(ModelError, match="nowhere.tar.gz"):
        project.check(tmp_path / "nowhere.tar.gz")
    assert len(project.trained) == 1


def test_without_test_sentences_nothing_is_trained(project):
    project.put_in_service()
    project.say(16)
    (project.root / "tests/nlu/one.yml").unlink()
    with pytest.raises(ModelError, match="aucune phrase"):
        project.check()
    assert len(project.trained) == 1


def test_a_training_that_fails_leaves_the_model_in_service(project):
    old = project.put_in_service()
    project.say(16)

    def fails(root: Path, path: Path) -> None:
        raise ModelError("no")

    with pytest.raises(ModelError, match="no"):
        train_checked(_read, None, project.root, fails)
    assert project.models == [old.name]


def test_the_last_model_is_the_one_trained_last(project):
    first = project.put_in_service()
    project.say(16)
    second = project.put_in_service()
    assert last_model(project.root) == second
    os.utime(first, ns=(5, 5_000))
    assert last_model(project.root) == first
