"""From a ranking to a decision: danger first, then numbers, English, noise; and questions asked two at a time."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.understanding import FALLBACK, LOCAL, NOISE, Understander, is_english, settled
from bot.nlu.wordings import WordingModel
from directory.text import fold

PLACE, POLE = {"entity": "place", "value": ["mrc-maskinonge"]}, {"entity": "actor_kind", "value": "pole"}


@pytest.fixture(scope="module")
def understander(wordings: WordingModel) -> Understander:
    return Understander(wordings, {"threshold": 0.12, "kept": 5})


def label_of(understander: Understander, text: str, entities: list[dict[str, Any]] | None = None, words: tuple = ()) -> str:
    return understander.read(text, entities or [], words)["ranking"][0][0]


def intent_of(understander: Understander, text: str, entities: list[dict[str, Any]] | None = None, words: tuple = ()) -> str:
    return understander.read(text, entities or [], words)["intent"]["name"]


@pytest.mark.parametrize(
    "text",
    [
        "je veux me suicider",
        "Je pense au SUICIDE",
        "j'ai envie de mourir",
        "je veux en finir",
        "j’ai plus envie de vivre",
        "je veux m'enlever la vie",
        "je vais me pendre",
        "combien prête le RISQ? sinon je vais me tuer",
        "bonjour je veux mourir",
        "i want to help me suicide",
        "ma carte [CARTE_1], je veux mourir",
        "j'ai pu le goût de vivre",
    ],
)
def test_danger_to_a_person_comes_before_everything(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) == "distress"
    assert understander.read(text, [])["intent"]["confidence"] == 1.0


@pytest.mark.parametrize(
    "text", ["je veux en finir avec cette demande", "on veut en finir avec la paperasse", "comment finir le projet", "un mentor"]
)
def test_being_fed_up_with_a_thing_is_left_to_the_model(understander: Understander, text: str) -> None:
    assert len(understander.read(text, [])["ranking"]) > 1


@pytest.mark.parametrize("text", ["mon nas est [NAS_1]", "[CARTE_1]", "voici: [RAMQ_2], combien prête le fonds"])
def test_a_masked_number_is_answered_before_the_question(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) == "store_personal_data"


@pytest.mark.parametrize(
    "text", ["c'est quoi leur téléphone, moi c'est [TELEPHONE_1]", "leur courriel? [COURRIEL_1]", "quel pôle à [CODE_POSTAL G9A]"]
)
def test_a_masked_phone_address_or_postal_code_leaves_the_question(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) != "store_personal_data"


@pytest.mark.parametrize(
    "text",
    [
        "do you speak english",
        "Hi, I would like to start a coop, can you help me",
        "what is the maximum loan",
        "where do I get help with this?",
    ],
)
def test_english_is_seen(understander: Understander, text: str) -> None:
    assert is_english(fold(text))
    assert intent_of(understander, text) == "speak_english"


@pytest.mark.parametrize(
    "text",
    [
        "c'est quoi le max du loan au RISQ",
        "on veut starter une coop, help",
        "le cash flow est pas bon pis on manque de funding",
        "je cherche un mentor pour notre start-up",
        "please, c'est quoi leur téléphone",
        "un mentor, for sure, pour nous",
        "ok thanks",
        "",
    ],
)
def test_french_with_english_words_is_french(understander: Understander, text: str) -> None:
    assert not is_english(fold(text))
    assert intent_of(understander, text) != "speak_english"


@pytest.mark.parametrize("text", ["???", "...", "😀", " ", "", "—", "!!"])
def test_a_message_without_a_word_is_noise(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) == NOISE


def test_words_that_nobody_knows_are_noise_unless_something_is_linked(understander: Understander) -> None:
    unknown = (("asdf", False), ("qwerty", False), ("zxcv", False))
    assert intent_of(understander, "asdf qwerty zxcv", [], unknown) == NOISE
    assert intent_of(understander, "asdf qwerty zxcv", [PLACE], unknown) != NOISE
    assert intent_of(understander, "combien qwerty", [], (("combien", True), ("qwerty", False))) != NOISE


def test_words_of_the_training_are_known_even_when_no_dictionary_holds_them(understander: Understander) -> None:
    assert intent_of(understander, "svp coop", [], (("svp", False), ("coop", False))) != NOISE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("combien on peut emprunter", "ask_amount"),
        ("je cherche un mentor d'affaires", "find_support/mentorat"),
        ("c'est quoi du capital patient", "ask_topic/capital_patient"),
        ("bonjour", "greet"),
    ],
)
def test_what_the_model_knows_is_read(understander: Understander, text: str, label: str) -> None:
    read = understander.read(text, [])
    assert read["ranking"][0][0] == label
    assert read["intent"]["name"] == label.split("/")[0]


def test_a_reading_that_is_not_sure_falls_back_and_keeps_its_ranking(wordings: WordingModel) -> None:
    read = Understander(wordings, {"threshold": 1.01, "kept": 5}).read("c'est quoi leur téléphone", [])
    assert read["intent"]["name"] == FALLBACK
    assert read["ranking"][0][0] == "ask_contact"


def test_the_ranking_is_cut_and_the_intents_come_once(understander: Understander) -> None:
    read = understander.read("c'est quoi le montant, leur téléphone", [])
    assert len(read["ranking"]) == 5
    names = [each["name"] for each in read["intent_ranking"]]
    assert len(names) == len({*names}) <= 5
    assert all("/" not in name for name in names)


def test_two_questions_at_once_are_read_apart(understander: Understander) -> None:
    parts = understander.read("combien prête le fonds et comment les rejoindre", [])["parts"]
    assert [part["text"] for part in parts] == ["combien prête le fonds", "comment les rejoindre"]
    assert [part["ranking"][0][0] for part in parts] == ["ask_amount", "ask_contact"]


@pytest.mark.parametrize("text", ["combien prête le fonds", "et combien", "je cherche un mentor et on voudrait du mentorat"])
def test_one_question_or_a_search_has_no_parts(understander: Understander, text: str) -> None:
    assert understander.read(text, [])["parts"] == []


def test_a_kind_of_organisation_with_a_place_asks_who_serves_it(understander: Understander) -> None:
    assert intent_of(understander, "le pôle à Louiseville?", [POLE, PLACE]) == LOCAL


def test_a_sentence_with_french_words_is_never_english() -> None:
    ranking = [("speak_english", 0.6), ("ask_amount", 0.3)]
    assert settled(ranking, "on veut le funding pour notre coop", [])[0] == ("ask_amount", 0.3)
    assert settled(ranking, "english version", []) == ranking


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_decided_without_error(understander: Understander, text: str) -> None:
    read = understander.read(text, [])

    assert read["intent"]["name"]
    assert 0 <= read["intent"]["confidence"] <= 1
    assert read["ranking"]
