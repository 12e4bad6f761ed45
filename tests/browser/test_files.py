"""The widget's files as they are: their weight, what they never do, and their texts in two languages."""

import gzip
import re
from pathlib import Path

import pytest

WIDGET = Path(__file__).resolve().parents[2] / "widget"
FILES = sorted(path for path in WIDGET.iterdir() if path.suffix in (".js", ".css"))
MOST_BYTES = 25_000
# What would run a text, or read it as markup, or write a style in an attribute.
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\b|new Function"
    r"|setTimeout\([\"'`]|setAttribute\([\"']style|cssText|\.cookie\b|javascript:"
)
# The keys of an object and of those within it, with how many values each function takes.
KEYS = """async (address) => {
  const keys = (object, path) => Object.entries(object).flatMap(([name, value]) => {
    if (value && typeof value === "object") return keys(value, `${path}${name}.`);
    return typeof value === "function" ? `${path}${name} of ${value.length}` : path + name;
  });
  return keys((await import(address)).default, "").sort();
}"""
TEXTS = """async (address) => {
  const texts = (object) => Object.values(object).flatMap((value) => (value && typeof value === "object" ? texts(value) : [value]));
  return texts((await import(address)).default).map((value) => (typeof value === "function" ? value(2, "midi") : value));
}"""


def test_all_the_files_together_weigh_less_than_25_000_bytes_compressed():
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in FILES) <= MOST_BYTES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_reads_text_as_markup_or_code_or_uses_cookies(path):
    assert FORBIDDEN.findall(path.read_text(encoding="utf-8")) == []


def test_the_english_texts_have_the_keys_of_the_french_ones_and_no_more(visitor):
    french, english = (visitor.page.evaluate(KEYS, f"{visitor.server.url}/widget/{name}.js") for name in ("texts", "texts-en"))
    assert len(french) > 60
    assert french == english


def test_the_french_texts_are_written_as_in_quebec(visitor):
    texts = visitor.page.evaluate(TEXTS, f"{visitor.server.url}/widget/texts.js")
    assert [text for text in texts if "'" in text or '"' in text] == []
    # A colon has a no-break space before it, the other signs nothing.
    assert [text for text in texts if re.search(r"[^\u00a0]:(?!//)|\s[?!;.,]|«[^\u00a0]|[^\u00a0]»|\d (?=\d{3}|jours|heures)", text)] == []
