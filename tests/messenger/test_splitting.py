"""F14: a long text in parts that Meta takes, each of which reads well."""

import re

import pytest
import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from neutral import texts

from bot.messenger.splitting import MAX_TEXT, cut, length, split, tidy

# A blank at which a line may end; the others hold a number and its unit together.
BREAKING = r"[^\S\u00a0\u202f]"
NUMBERS = ("418 723-1939", "1 866 560-2626", "(514) 426-2888 poste 12", "514 765 7060", "1 800 567-8930, poste 2")
SENTENCE = "Le pôle de votre région accompagne les projets collectifs. "


def ends(text: str, parts: list[str]) -> list[int]:
    """Return where the parts of a text end, the last one aside."""
    found, end = [], 0
    for part in parts[:-1]:
        end += len(part)
        found.append(end)
    return found


def utf16(text: str) -> int:
    """Return the length in UTF-16 units, as a codec counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def told(text: str) -> str:
    """Return a text as it is sent: UTF-8 cannot hold half of a pair."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@settings(max_examples=400, deadline=None)
@given(texts(), st.sampled_from((40, 640, MAX_TEXT)))
def test_the_parts_together_are_the_text_and_none_is_blank_or_too_long(text, most):
    parts = split(text, most)
    assert "".join(parts) == tidy(text)
    assert [part for part in parts if not part.strip() or utf16(part) > most] == []


@settings(max_examples=400, deadline=None)
@given(texts())
def test_tidying_takes_blanks_away_and_nothing_else(text):
    assert "".join(tidy(text).split()) == "".join(told(text).split())
    assert not re.search(r"\s\s\s|^\s|\s\Z", tidy(text))


@settings(max_examples=400, deadline=None)
@given(texts(), st.sampled_from((40, 640, MAX_TEXT)))
def test_a_word_or_a_link_is_never_broken_unless_it_alone_is_longer_than_a_part(text, most):
    text = tidy(text)
    spans = [match.span() for match in re.finditer(rf"(?:(?!{BREAKING}).)+\s*", text, re.S)]
    for end in ends(text, split(text, most)):
        for start, stop in spans:
            word = text[start:stop].rstrip()
            # Its blanks go with it: so that no part begins with one, they may take it over the limit.
            if start < end < start + len(word):
                assert length(text[start:stop]) > most, word


@settings(max_examples=400, deadline=None)
@given(texts(), st.sampled_from((40, 640, MAX_TEXT)))
def test_what_people_see_as_one_sign_is_never_broken(text, most):
    # A blank that bears an accent of its own is no text that anybody writes.
    text = tidy(text)
    assume(not regex.search(r"\s[\p{M}\u200d\ufe0f]", text))
    seams = {match.start() for match in regex.finditer(r"\X", text)}
    assert [end for end in ends(text, split(text, most)) if end not in seams] == []


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from((*NUMBERS, "Rimouski:", "ou", "Appelez au", ".", "le mardi")), max_size=60).map(" ".join), st.integers(40, 90)
)
@example(" ".join(NUMBERS * 20), 40)
def test_a_telephone_number_is_never_broken(text, most):
    text = tidy(text)
    spans = [match.span() for number in NUMBERS for match in re.finditer(re.escape(number), text)]
    broken = [text[start:stop] for end in ends(text, split(text, most)) for start, stop in spans if start < end < stop]
    assert broken == []


def test_what_fits_is_one_part_and_a_blank_text_is_none():
    assert split("a" * MAX_TEXT) == ["a" * MAX_TEXT]
    assert split(" \n\t ") == []
    assert split("") == []


def test_lengths_are_in_the_strictest_unit():
    assert [length(text) for text in ("é", "e\u0301", "𝒜", "👍🏽", "\ud83d", "")] == [1, 2, 2, 4, 1, 0]
    assert [len(part) for part in split("𝒜" * 1000)] == [950, 50]


def test_a_part_ends_at_a_paragraph_rather_than_at_a_line():
    first = "Un paragraphe\nde deux lignes.\n\n"
    assert split(first + "Un autre paragraphe\net sa suite, qui ne tient plus.", 60) == [
        first,
        "Un autre paragraphe\net sa suite, qui ne tient plus.",
    ]


def test_a_part_ends_at_a_line_rather_than_at_a_sentence():
    assert split("Une ligne de quelques mots\nUne phrase. Une autre phrase, plus longue.", 50) == [
        "Une ligne de quelques mots\n",
        "Une phrase. Une autre phrase, plus longue.",
    ]


def test_a_part_ends_at_a_sentence_rather_than_at_a_word():
    parts = split(SENTENCE * 100)
    assert len(parts) > 2
    assert [part for part in parts if not part.rstrip().endswith("collectifs.")] == []


def test_a_part_ends_at_a_word_when_no_sentence_ends():
    parts = split("mot " * 1000)
    assert [part for part in parts if not re.fullmatch(r"(mot ?)+", part)] == []


def test_an_early_end_of_a_paragraph_does_not_make_a_tiny_part():
    text = "Oui.\n\n" + SENTENCE * 60
    assert length(split(text)[0]) > MAX_TEXT / 2


@pytest.mark.parametrize("number", NUMBERS)
def test_the_number_to_call_goes_whole_to_the_next_part(number):
    text = "Mot " * 10 + "appelez au " + number
    for most in range(52, len(text)):
        assert any(number in part for part in split(text, most)), most


def test_a_number_and_its_unit_stay_together():
    assert split("Le prêt va jusqu’à 50\u202f000\u00a0$ par projet", 26) == ["Le prêt va jusqu’à ", "50\u202f000\u00a0$ par projet"]


def test_a_word_longer_than_a_part_is_broken_between_signs():
    family = "👩\u200d👩\u200d👧\u200d👦"
    parts = split(family * 30, 100)
    assert [part for part in parts if len(part) % len(family)] == []
    assert "".join(parts) == family * 30


@settings(max_examples=400, deadline=None)
@given(texts(8), st.sampled_from((20, 80)))
def test_a_title_that_is_cut_fits_and_says_so(text, most):
    title = cut(text, most)
    whole = " ".join(told(text).split())
    assert utf16(title) <= most
    assert title == whole if utf16(whole) <= most else title.endswith("…")
    assert whole.startswith(title.removesuffix("…"))


def test_a_title_is_cut_at_a_word_and_not_after_one_that_calls_for_the_next():
    assert cut("Coopérative de solidarité en habitation", 20) == "Coopérative…"
    assert cut("Réseau d’investissement social du Québec, à Montréal", 40) == "Réseau d’investissement social…"


def test_a_title_of_one_long_word_is_cut_between_signs():
    assert cut("anticonstitutionnellement", 20) == "anticonstitutionnel…"
    assert cut("e\u0301" * 15, 20) == "e\u0301" * 9 + "…"
