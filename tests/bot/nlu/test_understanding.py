"""From a ranking to a decision: danger first, then numbers, English, noise; and questions asked two at a time."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.settling import LOCAL, settled
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


def test_a_weak_sign_of_danger_in_a_question_about_a_project_is_not_one() -> None:
    weak = [("distress", 0.15), ("ask_topic/coop_responsabilite_membre", 0.1)]
    near = [("distress", 0.15), ("exhausted", 0.1)]
    coop = [{"entity": "legal_form", "value": "cooperative"}]
    assert settled(weak, "un membre de la coop perd quoi", coop)[0][0] == "ask_topic/coop_responsabilite_membre"
    assert settled(weak, "je perds quoi", [])[0][0] == "distress"
    assert settled(near, "la coop m'a tout pris", coop)[0][0] == "distress"
    assert settled([("distress", 0.3), *weak[1:]], "un membre de la coop", coop)[0][0] == "distress"


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


def test_an_organisation_named_with_its_place_is_asked_about_as_the_ranking_says() -> None:
    ranking = [("ask_contact", 0.4), (LOCAL, 0.2)]
    assert settled(ranking, "le numéro de la SADC à Charlevoix", [POLE, PLACE, RISQ])[0][0] == LOCAL
    assert settled(ranking, "le numéro de la SADC de Charlevoix", [POLE, {**PLACE, "in_name": True}, RISQ])[0][0] == "ask_contact"


@pytest.mark.parametrize("outside", ["out_of_scope", "near_miss"])
def test_who_names_an_organisation_is_not_weakly_off_the_subject(outside: str) -> None:
    ranking = [(outside, 0.5), ("near_miss" if outside != "near_miss" else "out_of_scope", 0.2), ("ask_what_is", 0.1)]
    assert settled(ranking, "c'est quoi le fonds nouveau", [])[0][0] == outside
    assert settled(ranking, "c'est quoi le fonds nouveau", [RISQ])[0] == ("ask_what_is", 0.1)
    assert settled([(outside, 0.9), ("ask_what_is", 0.05)], "ma carte de Desjardins est perdue", [RISQ])[0][0] == outside


def test_a_weak_reading_beside_outside_subjects_is_outside_unless_a_postal_code_is_given() -> None:
    ranking = [("find_support/general", 0.2), ("out_of_scope", 0.15)]
    assert settled(ranking, "qui peut nous aider là-dedans", [])[0][0] == "out_of_scope"
    assert settled(ranking, "G0C 1E0, qui peut nous aider là-dedans", [PLACE])[0][0] == "find_support/general"


def test_a_place_outside_quebec_is_information() -> None:
    ranking = [("near_miss", 0.9), ("inform", 0.02)]
    assert settled(ranking, "on est une coop à Moncton", [{"entity": "outside_place", "value": "Moncton"}])[0] == ("inform", 0.9)
    assert settled(ranking, "je veux une hypothèque", [])[0] == ("near_miss", 0.9)


def test_a_question_about_a_fund_is_not_weakly_a_complaint() -> None:
    ranking = [("vent", 0.3), ("ask_status", 0.2)]
    assert settled(ranking, "ce fonds est mort? on est tannés", [RISQ])[0] == ("ask_status", 0.2)
    assert settled(ranking, "on est tannés du RISQ", [RISQ])[0][0] == "vent"
    assert settled(ranking, "est-ce que ça achève?", [])[0][0] == "vent"


def test_a_project_told_weakly_with_a_place_and_a_need_is_the_search_of_that_need() -> None:
    ranking = [("ask_topic/mentor_benefices", 0.1), *((f"ask_topic/{i}", 0.01) for i in range(20)), ("find_support/mentorat", 0.001)]
    told = [PLACE, {"entity": "need", "value": "mentorat"}]
    assert settled(ranking, "on a lancé notre coop à Maria, un mentor ce serait le fun", told)[0][0] == "ask_topic/mentor_benefices"
    coop = [*told, {"entity": "legal_form", "value": "cooperative"}]
    assert settled(ranking, "on a lancé notre coop à Maria, un mentor ce serait le fun", coop)[0][0] == "find_support/mentorat"


def test_a_sentence_with_french_words_is_never_english() -> None:
    ranking = [("speak_english", 0.6), ("ask_amount", 0.3)]
    assert settled(ranking, "on veut le funding pour notre coop", [])[0] == ("ask_amount", 1.0)
    assert settled(ranking, "english version", []) == ranking


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_decided_without_error(understander: Understander, text: str) -> None:
    read = understander.read(text, [])

    assert read["intent"]["name"]
    assert 0 <= read["intent"]["confidence"] <= 1
    assert read["ranking"]


@pytest.mark.parametrize(
    ("text", "label"),
    [("on m'a mis dehors du CA, j'ai de la peine", "vent"), ("tu comprends pas", "complain_bot"), ("ça répond à côté", "complain_bot")],
)
def test_a_weak_reproach_that_speaks_to_nobody_is_none(text: str, label: str) -> None:
    assert settled([("complain_bot", 0.3), ("vent", 0.2)], text, [])[0][0] == label


def test_a_sure_reproach_stays_one() -> None:
    assert settled([("complain_bot", 0.6), ("vent", 0.2)], "pire affaire au monde", [])[0][0] == "complain_bot"


def test_yes_but_is_no_agreement(understander: Understander, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WordingModel, "ranks", lambda _, texts: [[("affirm", 0.9), ("ask_cost", 0.1)] for _ in texts])
    assert intent_of(understander, "oui combien") == "affirm"
    assert intent_of(understander, "oui mais combien") == FALLBACK


def test_a_question_on_mentoring_near_the_search_for_a_mentor_is_one() -> None:
    topic = "ask_topic/mentor_cout"
    assert settled([("find_support/mentorat", 0.5), ("inform", 0.2), (topic, 0.2)], "mentorat cher?", [])[0] == (topic, 0.5)
    near = [("find_support/mentorat", 0.5), (topic, 0.2)]
    assert settled(near, "coop à Alma, un mentor nous aiderait", [PLACE])[0][0] == "find_support/mentorat"
    assert settled(near, "à Alma, un mentor, c'est cher?", [PLACE])[0][0] == topic
    assert settled([("find_support/mentorat", 0.5), (topic, 0.04)], "un mentor", [])[0][0] == "find_support/mentorat"
    assert settled([("find_support/mentorat", 0.5), ("ask_topic/risq_taux", 0.4)], "un mentor", [])[0][0] == "find_support/mentorat"


def test_a_coop_of_theirs_is_not_weakly_off_the_subject() -> None:
    ranking, coop = [("near_miss", 0.3), ("vent", 0.2)], {"entity": "legal_form", "value": "cooperative"}
    assert settled(ranking, "notre coop a le toit qui coule", [coop])[0][0] == "vent"
    assert settled(ranking, "on a neuf employés à payer", [])[0][0] == "vent"
    assert settled(ranking, "j'ai un loyer à payer", [])[0][0] == "near_miss"
    assert settled(ranking, "une bourse pour un bac en coops", [coop])[0][0] == "near_miss"
    assert settled([("near_miss", 0.5), ("vent", 0.2)], "notre coop a le toit qui coule", [coop])[0][0] == "near_miss"
