"""The training data as a whole: enough sentences, each under one label, none that the tests ask, every label answered."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bot.nlu.sentences import read_sentences
from bot.nlu.wordings import WordingModel
from directory.text import fold

ROOT = Path(__file__).resolve().parents[2]
TRAINING, UNSEEN, PRACTICE, CONVERSATIONS = ROOT / "data/nlu", ROOT / "tests/nlu", ROOT / "tests/practice", ROOT / "tests/conversations"
FEWEST, FEWEST_IN_EXAMINATION = 40, 8
LONGEST_BUTTON = 40
# What people answer to a question of ours, or say in passing, is the same everywhere (« oui », « un mentor »):
# the conversations try the dialogue, not the understanding, and only their longer sentences must be new.
SHORT = 4
# Decided without the model, so without sentences.
WITHOUT_SENTENCES = {"noise", "nlu_fallback"}
# Ordinary fragments that the practice conversations and the training data hold both. The list may only shrink.
BOTH: set[str] = set()


def key(text: str) -> str:
    """Return a sentence without case, accents and punctuation."""
    return " ".join(fold(text).replace("'", " ").split())


@pytest.fixture(scope="module")
def training() -> list[tuple[str, str]]:
    return list(read_sentences(TRAINING))


@pytest.fixture(scope="module")
def unseen() -> list[tuple[str, str]]:
    return list(read_sentences(UNSEEN))


@pytest.fixture(scope="module")
def known(training: list[tuple[str, str]]) -> set[str]:
    return {key(text) for text, _ in training}


@pytest.fixture(scope="module")
def registry() -> dict[str, dict[str, Any]]:
    return _yaml("data/nlu/intents.yml")


@pytest.fixture(scope="module")
def intents() -> set[str]:
    """The intents of the domain."""
    return {next(iter(intent)) if isinstance(intent, dict) else intent for intent in _yaml("domain.yml")["intents"]}


def _yaml(file: str) -> Any:
    return yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))


def _labels(sentences: list[tuple[str, str]]) -> Counter[str]:
    return Counter(label for _, label in sentences)


def _topics(sentences: list[tuple[str, str]]) -> set[str]:
    return {label.removeprefix("ask_topic/") for _, label in sentences if label.startswith("ask_topic/")}


def _twice(sentences: list[tuple[str, str]]) -> list[str]:
    owners = defaultdict(list)
    for text, label in sentences:
        owners[key(text)].append(label)
    return [f"{text}: {labels}" for text, labels in owners.items() if len(labels) > 1]


def test_every_label_has_enough_sentences(training: list[tuple[str, str]]) -> None:
    assert [f"{label}: {count}" for label, count in _labels(training).items() if count < FEWEST] == []


def test_no_sentence_is_written_twice(training: list[tuple[str, str]]) -> None:
    assert _twice(training) == []


def test_no_unseen_sentence_is_written_twice(unseen: list[tuple[str, str]]) -> None:
    assert _twice(unseen) == []


def test_no_sentence_is_empty_or_annotated(training: list[tuple[str, str]], unseen: list[tuple[str, str]]) -> None:
    assert [text for text, _ in [*training, *unseen] if not key(text) or re.search(r"\]\(|\]\{", text)] == []


def test_no_unseen_sentence_is_in_the_training_data(unseen: list[tuple[str, str]], known: set[str]) -> None:
    assert [f"{label}: {text}" for text, label in unseen if key(text) in known] == []


def test_the_unseen_sentences_cover_every_label_and_no_other(unseen: list[tuple[str, str]], training: list[tuple[str, str]]) -> None:
    assert _labels(unseen).keys() == _labels(training).keys()


def _said_in_practice() -> Iterator[str]:
    for path in sorted(PRACTICE.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            yield from filter(None, (case.get("text"), case.get("opening"), *(turn["say"] for turn in case.get("turns", []))))


def test_every_label_is_examined_by_enough_sentences() -> None:
    examined = _labels(list(read_sentences(UNSEEN / "examination")))
    assert len(examined) > 300
    assert [f"{label}: {count}" for label, count in examined.items() if count < FEWEST_IN_EXAMINATION] == []


def test_no_practice_sentence_is_in_the_training_data(known: set[str]) -> None:
    said = {key(text) for text in _said_in_practice()}
    assert len(said) > 150
    assert sorted(said & known) == sorted(BOTH)


def _said_in_conversations() -> Iterator[tuple[str, str]]:
    for path in sorted((CONVERSATIONS / "unheld").glob("*.yml")):
        yield from ((path.name, case["text"]) for case in yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted(CONVERSATIONS.glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield from ((path.name, turn["say"]) for turn in conversation["turns"] if "say" in turn)


def test_no_long_sentence_of_a_conversation_is_in_the_training_data(known: set[str]) -> None:
    said = list(_said_in_conversations())
    assert said
    assert [f"{file}: {text}" for file, text in said if len(key(text).split()) > SHORT and key(text) in known] == []


def test_every_topic_has_its_answer_and_every_answer_its_topic(training: list[tuple[str, str]]) -> None:
    answers = {answer["slug"] for path in (ROOT / "data/seed/answers").glob("*.yml") for answer in _yaml(path.relative_to(ROOT).as_posix())}
    topics = _topics(training)
    assert (sorted(topics - answers), sorted(answers - topics)) == ([], [])


def test_a_file_holds_one_label_and_bears_its_name() -> None:
    wrong = []
    for folder, name in (("topics", lambda label: label.removeprefix("ask_topic/")), ("intents", lambda label: label.replace("/", "_"))):
        for path in (TRAINING / folder).glob("*.yml"):
            labels = [entry["intent"] for entry in _yaml(path.relative_to(ROOT).as_posix())["nlu"]]
            wrong += [] if [name(label) for label in labels] == [path.stem] else [f"{path.name}: {labels}"]
    assert wrong == []


def test_every_file_says_what_the_person_wants() -> None:
    files = [path for folder in ("topics", "intents") for path in (TRAINING / folder).glob("*.yml")]
    assert files
    assert [path.name for path in files if not re.match(r"# \S+ \S+", path.read_text(encoding="utf-8"))] == []


def test_the_intents_of_the_domain_are_those_of_the_training(training: list[tuple[str, str]], intents: set[str]) -> None:
    assert {label.split("/")[0] for _, label in training} == intents - WITHOUT_SENTENCES


def test_every_intent_has_a_rule_and_every_rule_an_intent(intents: set[str]) -> None:
    rules = [rule for path in (ROOT / "data/rules").glob("*.yml") for rule in _yaml(path.relative_to(ROOT).as_posix())["rules"]]
    ruled = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert (sorted(intents - ruled), sorted(ruled - intents)) == ([], [])


def test_the_registry_covers_every_label_but_the_topics(training: list[tuple[str, str]], registry: dict[str, dict]) -> None:
    labels = {label for _, label in training if not label.startswith("ask_topic/")}
    assert (sorted(labels - registry.keys()), sorted(registry.keys() - labels)) == ([], [])


def test_an_entry_of_the_registry_is_whole(training: list[tuple[str, str]], registry: dict[str, dict]) -> None:
    owner, names = {key(text): label for text, label in training}, {"ask_topic", *_labels(training)}
    wrong = []
    for label, entry in registry.items():
        wrong += [f"{label}: unknown neighbour {other}" for other in entry["neighbours"] if other not in names]
        wrong += [f"{label}: its own neighbour"] if label in entry["neighbours"] else []
        wrong += [] if owner.get(key(entry["example"])) == label else [f"{label}: its example is not one of its sentences"]
        wrong += [] if entry["purpose"].endswith(".") else [f"{label}: its purpose is no sentence"]
        wrong += [f"{label}: button too long"] if len(entry.get("label", "")) > LONGEST_BUTTON else []
    assert wrong == []


def test_no_two_buttons_say_the_same(registry: dict[str, dict]) -> None:
    answers = [answer for path in (ROOT / "data/seed/answers").glob("*.yml") for answer in _yaml(path.relative_to(ROOT).as_posix())]
    titles = Counter(key(entry["label"]) for entry in [*registry.values(), *answers] if entry.get("label"))
    assert [title for title, times in titles.items() if times > 1] == []


def test_two_trainings_on_the_same_sentences_are_the_same_model(training: list[tuple[str, str]]) -> None:
    # Enough of them for two threads to meet in liblinear's random numbers, as they once did.
    some = {*sorted({label for _, label in training})[:100], "ask_unheld"}  # it is wide enough for parts
    texts, labels = zip(*((text, label) for text, label in training if label in some), strict=True)
    one, other = (WordingModel.fit(texts, labels) for _ in range(2))
    assert (one.machines.weights != other.machines.weights).nnz == 0
    assert np.array_equal(one.machines.intercepts, other.machines.intercepts)
    assert len(one.machines.part_of) > 1
    assert np.array_equal(one.machines.part_of, other.machines.part_of)
