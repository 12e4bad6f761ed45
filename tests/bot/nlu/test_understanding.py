"""From a ranking to a decision: danger first, then numbers, English, noise; and questions asked two at a time."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.settling import LOCAL
from bot.nlu.understanding import FALLBACK, NOISE, Understander, is_english, is_place_alone, pieces_of, without_personal_data
from bot.nlu.wordings import WordingModel
from directory.text import fold

PLACE, POLE = {"entity": "place", "value": ["mrc-maskinonge"]}, {"entity": "actor_kind", "value": "pole"}
RISQ = {"entity": "actor", "value": "risq"}


@pytest.fixture(scope="module")
def understander(wordings: WordingModel) -> Understander:
    return Understander(wordings, {"threshold": 0.2, "kept": 5})


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
        "jve mourir",
        "ils seraient mieux sans moi à la coop",
        "je veux me noyer",
        "i want to die",
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


def test_a_veiled_danger_is_heard_before_anything_else_is_sure() -> None:
    ranking = [("distress", 0.06), ("ask_amount", 0.05), *((f"ask_topic/{number}", 0.02) for number in range(44))]
    assert intent_of(Understander(_Ranked(ranking), {"threshold": 0.2, "kept": 5}), "ce serait plus simple sans moi") == "distress"
    assert intent_of(Understander(_Ranked(ranking[1:]), {"threshold": 0.2, "kept": 5}), "ce serait plus simple") == FALLBACK


def test_mending_a_slip_never_hides_a_danger(wordings: WordingModel) -> None:
    mended = _Ranked([("ask_amount", 0.9)], mended={"typed as it was": [("distress", 0.5)]})
    assert intent_of(Understander(mended, {"threshold": 0.2, "kept": 5}), "typed as it was") == "distress"


class _Ranked:
    """A wording model of known rankings: one for every text, others for the texts of `mended`, which it reads otherwise."""

    words = frozenset[str]()

    def __init__(self, ranking: list[tuple[str, float]], mended: dict[str, list[tuple[str, float]]] | None = None) -> None:
        self._ranking, self._as_typed = ranking, mended or {}

    def rank(self, text: str) -> list[tuple[str, float]]:
        return self._as_typed.get(text, self._ranking)

    def ranks(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        return [self.rank(text) for text in texts]

    def mended(self, text: str, french: object = ()) -> str:
        return f"{text}!" if text in self._as_typed else text


@pytest.mark.parametrize("text", ["mon nas est [NAS_1]", "[CARTE_1]", "voici: [RAMQ_2], combien prête le fonds"])
def test_a_masked_number_is_answered_before_the_question(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) == "store_personal_data"


@pytest.mark.parametrize(
    "text", ["c'est quoi leur téléphone, moi c'est [TELEPHONE_1]", "leur courriel? [COURRIEL_1]", "quel pôle à [CODE_POSTAL G9A]"]
)
def test_a_masked_phone_address_or_postal_code_leaves_the_question(understander: Understander, text: str) -> None:
    assert intent_of(understander, text) != "store_personal_data"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("combien prête le fonds? rappelez-moi au [TELEPHONE_1]", "combien prête le fonds?"),
        ("mon courriel c'est [COURRIEL_1], comment les rejoindre", "comment les rejoindre"),
        ("je reste au [ADRESSE_1] et je cherche un mentor", "et je cherche un mentor"),
        ("rappelez-moi au [TELEPHONE_1]", "rappelez-moi au [TELEPHONE_1]"),
        ("merci, mon numéro c'est [TELEPHONE_1]", "merci, mon numéro c'est [TELEPHONE_1]"),
        ("combien prête le fonds? et c'est tout", "combien prête le fonds? et c'est tout"),
    ],
)
def test_what_only_leaves_personal_data_is_not_read_as_a_question(text: str, kept: str) -> None:
    assert without_personal_data(text) == kept


def test_a_question_beside_a_phone_number_is_answered(understander: Understander) -> None:
    assert label_of(understander, "c'est quoi le montant maximum? leur téléphone pour moi c'est [TELEPHONE_1]") == "ask_amount"


@pytest.mark.parametrize("text", ["2", "12", " 3. ", "no 4"])
def test_a_number_alone_answers_us(understander: Understander, text: str) -> None:
    assert (intent_of(understander, text) == "inform") is (text != "no 4")


@pytest.mark.parametrize("text", ["[CODE_POSTAL G0C]", "G0C 1E0", "h2k"])
def test_a_postal_code_alone_is_a_place(understander: Understander, text: str) -> None:
    assert intent_of(understander, text, [PLACE]) == "inform"


def _where(surface: str) -> dict[str, Any]:
    return {"entity": "place", "value": ["37067"], "surface": surface}


@pytest.mark.parametrize(
    ("text", "surface"),
    [("Trois-Rivières", "Trois-Rivières"), ("on est à Granby", "Granby"), ("pis dans l'coin de Sept-Îles", "Sept-Îles")],
)
def test_a_place_alone_is_information_whatever_sentence_is_near(understander: Understander, text: str, surface: str) -> None:
    assert intent_of(understander, text, [_where(surface)]) == "inform"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("qui prête à Granby", []),
        ("Granby, coop", [{"entity": "legal_form", "value": "cooperative"}]),
        ("Laval", [{"entity": "actor", "value": "x"}]),
    ],
)
def test_a_place_with_something_else_is_read_whole(text: str, others: list[dict[str, Any]]) -> None:
    surface = "Laval" if text == "Laval" else "Granby"
    assert not is_place_alone(fold(text), [_where(surface), *others])
    assert not is_place_alone(fold("Granby"), [{**_where("Granby"), "in_name": True}])


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


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("La Caisse, est-ce qu'on doit être membre", ["La Caisse est-ce qu'on doit être membre"]),
        ("le RISQ et la Caisse, c'est quoi la différence", ["le RISQ la Caisse c'est quoi la différence"]),
        ("le RISQ paie-t-il l'étude, et combien de notre poche", ["le RISQ paie-t-il l'étude", "combien de notre poche"]),
        ("combien de notre poche pis le RISQ", ["combien de notre poche le RISQ"]),
        ("le RISQ", []),
    ],
)
def test_a_name_alone_is_no_part_of_its_own(text: str, pieces: list[str]) -> None:
    assert pieces_of(text, ["risq", "caisse"]) == pieces


def test_a_search_and_a_question_are_read_apart(understander: Understander) -> None:
    parts = understander.read("je cherche un mentor et comment les rejoindre", [])["parts"]
    assert [part["ranking"][0][0] for part in parts] == ["find_support/mentorat", "ask_contact"]


@pytest.mark.parametrize("text", ["combien prête le fonds", "et combien", "je cherche un mentor"])
def test_one_question_has_no_parts(understander: Understander, text: str) -> None:
    assert understander.read(text, [])["parts"] == []


def test_a_kind_of_organisation_with_a_place_asks_who_serves_it(understander: Understander) -> None:
    assert intent_of(understander, "le pôle à Louiseville?", [POLE, PLACE]) == LOCAL


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_decided_without_error(understander: Understander, text: str) -> None:
    read = understander.read(text, [])

    assert read["intent"]["name"]
    assert 0 <= read["intent"]["confidence"] <= 1
    assert read["ranking"]


def test_yes_but_is_no_agreement(understander: Understander, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WordingModel, "ranks", lambda _, texts: [[("affirm", 0.9), ("ask_cost", 0.1)] for _ in texts])
    assert intent_of(understander, "oui combien") == "affirm"
    assert intent_of(understander, "oui mais combien") == FALLBACK
