"""What people type of themselves is masked, what only looks like it is not: the planted set, its figures and its gates."""

import re
from collections import Counter
from pathlib import Path

import pytest
from planted_set import KINDS, digits, every, interval, left, measure, plain, planted, read, read_pairs, traps, untouched

from bot.door import enter
from bot.nlu.sentences import read_sentences
from journal.personal_numbers import luhn

ROOT = Path(__file__).resolve().parents[2]
# The least that must be planted, the share that must be masked, the share of marks that must stand for something.
LEAST = {"nas": 100, "card": 70, "mail": 130, "tel": 130, "ramq": 40, "addr": 40, "post": 30}
RECALL = {"nas": 0.99, "card": 0.99, "mail": 0.95, "tel": 0.95, "ramq": 0.99, "addr": 0.90, "post": 0.97}
PRECISION = 0.99
SAID = {word: str(value) for value, word in enumerate("zéro un deux trois quatre cinq six sept huit neuf".split())}
# Postal codes, phones and an address that people give in the training data.
HOLDS_SOME = re.compile(r"\b[A-Za-z]\d[A-Za-z] \d[A-Za-z]\d\b|\b\d{3}[ -]\d{3}[ -]\d{4}\b|12 rue des Pins")
# What is said of the phones that are no number of the fiction 555-01xx: those of other countries.
ABROAD = ("+33", "+32", "+221")


@pytest.fixture(scope="module")
def measured():
    """The counts of every kind, over the three rounds and all traps."""
    return measure([*every(), *traps()])


def _number(value: str) -> str:
    """Return the digits of a value, typed, said, or with the letter O for a zero."""
    words = re.findall(r"[a-zé]+", plain(value))
    return "".join(SAID[word] for word in words) if words and set(words) <= {*SAID, "zero"} else digits(value.replace("%20", " "))


def test_five_hundred_items_and_two_hundred_and_fifty_traps_are_planted():
    counted = Counter(kind for item in planted() for kind, _ in item.values)
    assert {kind: number for kind, number in counted.items() if number < LEAST[kind]} == {}
    assert len(planted()) >= 500
    assert len(traps()) >= 250
    assert len({item.text for item in (*every(), *traps())}) == len(every()) + len(traps())


def test_a_third_of_the_first_round_was_held_out():
    held = [item for item in planted() if item.held_out]
    assert 0.3 <= len(held) / len(planted()) <= 0.37


@pytest.mark.parametrize(("kind", "sizes"), [("nas", {9}), ("card", {15, 16, 19})])
def test_every_planted_number_passes_the_luhn_check_and_nobody_has_it(kind, sizes):
    numbers = [_number(value) for item in every() for each, value in item.values if each == kind]
    assert {len(number) for number in numbers} <= sizes
    assert [number for number in numbers if not luhn(number)] == []
    assert kind != "nas" or {number[0] for number in numbers} == {"0", "8"}


def test_every_planted_phone_is_of_the_fiction_or_from_abroad():
    phones = [value for item in every() for kind, value in item.values if kind == "tel" and not value.startswith(ABROAD)]
    typed = [digits(re.sub("[Oo]", "0", value).replace("l", "1")) for value in phones if not re.search("cinq|CINQ", value)]
    assert [number for number in typed if "55501" not in number] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_planted_is_masked(kind, measured):
    found = measured[kind]
    low, high = interval(found.masked, found.planted)
    assert found.recall >= RECALL[kind], f"{found.masked}/{found.planted}, 95 %: {low:.1%} – {high:.1%}; {found.missed}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_stands_for_something(kind, measured):
    assert measured[kind].precision >= PRECISION, measured[kind].false


def test_traps_are_untouched():
    assert len(untouched(traps())) >= PRECISION * len(traps())


def test_of_the_sentences_of_the_training_data_only_those_that_hold_some_are_masked():
    sentences = [sentence for sentence, _ in read_sentences(ROOT / "data" / "nlu")]
    assert len(sentences) > 50_000
    assert [sentence for sentence in sentences if enter(sentence).masked and not HOLDS_SOME.search(sentence)] == []


def _beginning_with(first: str, number: str) -> str:
    """Return the number with this first digit and its last one set so that it passes the Luhn check."""
    body = first + number[1:-1]
    return next(body + last for last in "0123456789" if luhn(body + last))


@pytest.mark.parametrize("first", "0123456789")
def test_the_first_digit_of_an_insurance_number_changes_nothing(first):
    # Those of people begin with 1 to 7 or 9; the set holds none of them, since each could be somebody's.
    missed = []
    for item in (item for item in read("nas") if len(item.values) == 1 and not re.search("cinq|zéro", item.text)):
        value = item.values[0][1]
        taken = iter(_beginning_with(first, digits(value)))
        typed = re.sub(r"\d", lambda _, taken=taken: next(taken), plain(value) if re.search("[０-９]", value) else value)
        shown = enter(item.text.replace(value, typed)).text
        missed += [(item.id, shown)] if left("nas", typed, item.text.replace(value, " "), shown) else []
    assert missed == []


def test_what_is_cut_over_two_messages_is_read_one_message_at_a_time():
    # The door sees a message at a time: this set is measured, apart, and has no gate.
    assert len(read_pairs()) >= 20
    assert enter("mon numéro 418-555").masked == ()
