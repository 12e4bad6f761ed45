"""Reading the files of sentences: one sentence a line, a clear error for a broken file."""

from pathlib import Path

import pytest

from bot.nlu.sentences import SentencesError, read_sentences

FILE = """# What the person wants.
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - bonjour
      -   salut la gang

      - - tiret
  - intent: ask_topic/risq_taux
    examples: |
      - c'est quoi le taux: au RISQ?
"""


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_sentences_come_with_their_label_in_the_order_of_the_files(tmp_path: Path) -> None:
    write(tmp_path, "b.yml", FILE)
    write(tmp_path, "a/c.yml", "nlu:\n  - intent: goodbye\n    examples: |\n      - à la prochaine\n")
    assert list(read_sentences(tmp_path)) == [
        ("à la prochaine", "goodbye"),
        ("bonjour", "greet"),
        ("salut la gang", "greet"),
        ("- tiret", "greet"),
        ("c'est quoi le taux: au RISQ?", "ask_topic/risq_taux"),
    ]


@pytest.mark.parametrize("text", ["version: '3.1'\n", "nlu:\n", "nlu: []\n"])
def test_a_file_without_sentences_gives_none(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.yml", text)
    assert list(read_sentences(tmp_path)) == []


@pytest.mark.parametrize(
    "text",
    [
        "nlu: [",
        "nlu:\n  - intent: greet\n",
        "nlu:\n  - examples: |\n      - bonjour\n",
        "nlu:\n  - bonjour\n",
        "- bonjour\n",
        "bonjour",
        "",
        "nlu:\n  - intent: greet\n    examples: [bonjour]\n",
        "!!python/object/apply:os.system [ls]",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    write(tmp_path, "broken.yml", text)
    with pytest.raises(SentencesError, match="broken.yml"):
        list(read_sentences(tmp_path))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SentencesError, match="broken.yml"):
        list(read_sentences(tmp_path))


def test_a_folder_without_files_gives_nothing(tmp_path: Path) -> None:
    assert list(read_sentences(tmp_path)) == []
