"""The wording model: ranks, and comes back from its file as it was, without pickle."""

import math
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu import machines
from bot.nlu.wordings import WordingModel
from tests.bot.nlu.conftest import LABELS, TEXTS

UNSEEN = [
    "combien ils prêtent au maximum",
    "rejoindre par téléphone",
    "salut bonjour",
    "un mentor svp",
    "capital patient?",
    "hockey demain",
    "",
]


def test_every_sentence_of_the_training_ranks_first_under_its_label(wordings: WordingModel) -> None:
    missed = [(text, label) for text, label in zip(TEXTS, LABELS, strict=True) if wordings.rank(text)[0][0] != label]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("COMBIEN ILS PRÊTENT AU MAXIMUM", "ask_amount"),
        ("combien ils pretent au maximum", "ask_amount"),
        ("je voudrais avoir un mentor", "find_support/mentorat"),
        ("leur téléphone?", "ask_contact"),
        ("le capital patient, c’est quoi", "ask_topic/capital_patient"),
    ],
)
def test_unseen_wordings_find_their_label_whatever_case_and_accents(wordings: WordingModel, text: str, label: str) -> None:
    assert wordings.rank(text)[0][0] == label


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("le mentro, c’est quoi", "le mentor, c’est quoi"),
        ("Patinet", "patient"),
        ("capital pateint?", "capital patient?"),
        ("emprunter zzzzz", "emprunter zzzzz"),
        ("l'english version", "l'english version"),
        ("fonde", "fonde"),
    ],
)
def test_an_unknown_word_one_slip_away_from_a_common_one_is_that_one(wordings: WordingModel, typed: str, mended: str) -> None:
    assert wordings.mended(typed) == mended


def test_a_french_word_is_no_slip(wordings: WordingModel) -> None:
    assert wordings.mended("menton") == "mentor"
    assert wordings.mended("menton", french={"menton"}) == "menton"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_a_ranking_holds_every_label_once_with_probabilities(wordings: WordingModel, text: str) -> None:
    ranking = wordings.rank(text)

    assert {label for label, _ in ranking} == {*LABELS}
    assert len(ranking) == len({*LABELS})
    assert math.isclose(sum(share for _, share in ranking), 1, abs_tol=1e-4)
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def _first_labels(model: WordingModel) -> list[str]:
    return [model.rank(text)[0][0] for text in TEXTS]


def test_fitting_twice_decides_alike(wordings: WordingModel) -> None:
    assert _first_labels(WordingModel.fit(TEXTS, LABELS)) == _first_labels(wordings)


def test_noise_adds_copies_and_keeps_what_was_learnt(wordings: WordingModel) -> None:
    noisy = WordingModel.fit(TEXTS, LABELS, noise=1, seed=3)
    assert sum(len(vectorizer.vocabulary_) for vectorizer in noisy.vectorizers) > sum(len(v.vocabulary_) for v in wordings.vectorizers)
    assert _first_labels(noisy) == _first_labels(wordings)


def test_a_model_comes_back_from_its_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("WIDE", 2), ("A_PART", 1), ("SHARED", 1)):
        monkeypatch.setattr(machines, name, value)
    wordings, path = WordingModel.fit(TEXTS, LABELS), tmp_path / "wordings.npz"
    wordings.save(path)
    loaded = WordingModel.load(path)

    assert (loaded.labels, loaded.words) == (wordings.labels, wordings.words)
    assert loaded.machines.part_of.tolist() == wordings.machines.part_of.tolist() != []
    for text in UNSEEN:
        ranked, known = loaded.rank(text), dict(wordings.rank(text))
        assert all(math.isclose(share, known[label], abs_tol=0.01) for label, share in ranked)


def test_the_file_holds_no_pickle(wordings: WordingModel, tmp_path: Path) -> None:
    path = tmp_path / "wordings.npz"
    wordings.save(path)
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[name].dtype != object for name in stored.files)
    with zipfile.ZipFile(path) as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".npy"}


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="wordings"):
        WordingModel.load(tmp_path / "wordings.npz")


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x80\x04K\x01."])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wordings.npz"
    path.write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        WordingModel.load(path)


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wordings.npz"
    np.savez(path, other=np.zeros(3))
    with pytest.raises(KeyError):
        WordingModel.load(path)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_is_refused(wordings: WordingModel, tmp_path: Path, kept: float) -> None:
    path = tmp_path / "wordings.npz"
    wordings.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises((OSError, ValueError, KeyError)):
        _load(path)


def _load(path: Path) -> None:
    try:
        WordingModel.load(path)
    except zipfile.BadZipFile as error:
        # Without numpy's frames, which would hold the file open until another test.
        raise error.with_traceback(None) from None


def test_a_pickled_array_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "wordings.npz"
    np.savez(path, text=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        WordingModel.load(path)
