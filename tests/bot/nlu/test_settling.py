"""What the links and the language settle of a ranking of labels."""

import pytest

from bot.nlu.settling import LOCAL, settled

PLACE, POLE = {"entity": "place", "value": ["mrc-maskinonge"]}, {"entity": "actor_kind", "value": "pole"}
RISQ = {"entity": "actor", "value": "risq"}


def test_a_weak_sign_of_danger_in_a_question_about_a_project_is_not_one() -> None:
    weak = [("distress", 0.15), ("ask_topic/coop_responsabilite_membre", 0.1)]
    near = [("distress", 0.15), ("exhausted", 0.1)]
    coop = [{"entity": "legal_form", "value": "cooperative"}]
    assert settled(weak, "un membre de la coop perd quoi", coop)[0][0] == "ask_topic/coop_responsabilite_membre"
    assert settled(weak, "je perds quoi", [])[0][0] == "distress"
    assert settled(near, "la coop m'a tout pris", coop)[0][0] == "distress"
    assert settled([("distress", 0.3), *weak[1:]], "un membre de la coop", coop)[0][0] == "distress"


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


@pytest.mark.parametrize(
    ("text", "label"),
    [("on m'a mis dehors du CA, j'ai de la peine", "vent"), ("tu comprends pas", "complain_bot"), ("ça répond à côté", "complain_bot")],
)
def test_a_weak_reproach_that_speaks_to_nobody_is_none(text: str, label: str) -> None:
    assert settled([("complain_bot", 0.3), ("vent", 0.2)], text, [])[0][0] == label


def test_a_sure_reproach_stays_one() -> None:
    assert settled([("complain_bot", 0.6), ("vent", 0.2)], "pire affaire au monde", [])[0][0] == "complain_bot"


def test_a_question_on_mentoring_near_the_search_for_a_mentor_is_one() -> None:
    topic = "ask_topic/mentor_cout"
    assert settled([("find_support/mentorat", 0.5), ("inform", 0.2), (topic, 0.2)], "mentorat cher?", [])[0] == (topic, 0.5)
    near = [("find_support/mentorat", 0.5), (topic, 0.2)]
    assert settled(near, "coop à Alma, un mentor nous aiderait", [PLACE])[0][0] == "find_support/mentorat"
    assert settled(near, "à Alma, un mentor, c'est cher?", [PLACE])[0][0] == topic
    assert settled([("find_support/mentorat", 0.5), (topic, 0.03)], "un mentor", [])[0][0] == "find_support/mentorat"
    assert settled([("find_support/mentorat", 0.5), ("ask_topic/risq_taux", 0.4)], "un mentor", [])[0][0] == "find_support/mentorat"


def test_a_coop_of_theirs_is_not_weakly_off_the_subject() -> None:
    ranking, coop = [("near_miss", 0.3), ("vent", 0.2)], {"entity": "legal_form", "value": "cooperative"}
    assert settled(ranking, "notre coop a le toit qui coule", [coop])[0][0] == "vent"
    assert settled(ranking, "on a neuf employés à payer", [])[0][0] == "vent"
    assert settled(ranking, "j'ai un loyer à payer", [])[0][0] == "near_miss"
    assert settled(ranking, "une bourse pour un bac en coops", [coop])[0][0] == "near_miss"
    assert settled([("near_miss", 0.5), ("vent", 0.2)], "notre coop a le toit qui coule", [coop])[0][0] == "near_miss"


def test_a_held_fact_near_to_one_that_is_not_held_is_the_one_asked():
    near = [("ask_unheld", 0.5), ("vent", 0.3), ("ask_topic/coop_vote", 0.26), ("ask_amount", 0.02)]
    assert settled(near, "qui vote à l'assemblée de la coop", [])[:2] == [("ask_topic/coop_vote", 0.5), ("ask_unheld", 0.26)]
    far = [("ask_unheld", 0.5), ("vent", 0.3), ("ask_topic/coop_vote", 0.24), ("ask_amount", 0.02)]
    assert settled(far, "qui vote à l'assemblée de la coop", [])[0] == ("ask_unheld", 0.5)


def test_a_question_without_a_word_of_the_field_is_outside_sooner_than_held_nowhere():
    ranking = [("ask_unheld", 0.6), ("out_of_scope", 0.03), ("near_miss", 0.01), ("ask_topic/coop_vote", 0.01)]
    assert settled(ranking, "combien de planètes", [])[0] == ("out_of_scope", 0.6)
    assert settled(ranking, "combien de planètes pour une coop", [])[0] == ("ask_unheld", 0.6)
    assert settled(ranking, "combien de planètes", [RISQ])[0] == ("ask_unheld", 0.6)
    far = [("ask_unheld", 0.6), ("out_of_scope", 0.02), ("ask_topic/coop_vote", 0.01)]
    assert settled(far, "combien de planètes", [])[0] == ("ask_unheld", 0.6)


def test_a_file_at_an_organisation_is_no_personal_data_left_here():
    ranking = [("store_personal_data", 0.5), ("ask_how_to_apply", 0.4), ("greet", 0.1)]
    assert settled(ranking, "Je monte mon dossier chez eux, quels papiers?", [RISQ])[0][0] == "ask_how_to_apply"
    assert settled(ranking, "Je vous laisse mon dossier", [])[0][0] == "store_personal_data"
    assert settled([("store_personal_data", 0.7), ("greet", 0.3)], "garde mon dossier du RISQ", [RISQ])[0][0] == "store_personal_data"


def test_what_we_do_at_a_place_is_a_project_unless_it_asks():
    ranking = [("out_of_scope", 0.2), ("inform", 0.1), ("greet", 0.05)]
    assert settled(ranking, "on ramasse des poires à Sept-Îles", [PLACE])[0][0] == "inform"
    assert settled(ranking, "on ramasse quand les poires à Sept-Îles?", [PLACE])[0][0] == "out_of_scope"
    assert settled(ranking, "on ramasse des poires", [])[0][0] == "out_of_scope"
