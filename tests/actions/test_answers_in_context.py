"""Which answer is chosen: the organisation named or spoken of last, the legal form and the programme weigh."""

from dataclasses import replace

import pytest

from actions.answering import answer_question
from actions.choosing import choose
from actions.facts import UNKNOWN
from actions.following import follow
from actions.informing import handle as inform
from actions.questions import about_whom
from actions.subject import about_mentoring, asked_by, same_subject
from actions.turn import Turn
from directory.models import Answer
from directory.vocabulary import FACETS


def _turn(text: str, ranking: dict[str, float], *, entities: tuple = (), **slots) -> Turn:
    labels = tuple((f"ask_topic/{slug}", score) for slug, score in ranking.items())
    return Turn(text, "ask_topic", next(iter(ranking.values()), 0.0), labels, entities=entities, slots=slots)


def _actor(slug: str) -> dict:
    return {"entity": "actor", "value": slug, "actor": slug}


def _service(slug: str, actor: str) -> dict:
    return {"entity": "service", "value": slug, "actor": actor}


def _chosen(turn: Turn, access) -> str | None:
    choice = choose(turn, access)
    return choice and choice.answer.slug


def test_without_context_the_likeliest_answer_is_chosen(access):
    assert _chosen(_turn("c'est combien", {"risq_taux": 0.5, "fiducie_taux": 0.3}), access) == "risq_taux"


def test_the_organisation_named_outweighs_a_likelier_answer_about_another(access):
    turn = _turn("la fiducie c'est quoi son taux", {"risq_taux": 0.5, "fiducie_taux": 0.3}, entities=(_actor("fiducie-chantier"),))
    assert _chosen(turn, access) == "fiducie_taux"


def test_a_few_words_lean_on_the_organisation_spoken_of_last(access):
    turn = _turn("pis leur taux?", {"risq_taux": 0.4, "fiducie_taux": 0.3}, last_actor="fiducie-chantier")
    assert _chosen(turn, access) == "fiducie_taux"


def test_a_whole_sentence_does_not_lean_on_the_organisation_spoken_of_last(access):
    text = "bon dans le fond moi je voudrais savoir c'est quoi le taux que ça coûte d'emprunter de l'argent"
    turn = _turn(text, {"risq_taux": 0.4, "fiducie_taux": 0.3}, last_actor="fiducie-chantier")
    assert _chosen(turn, access) == "risq_taux"


def test_the_organisation_named_outweighs_the_one_spoken_of_last(access):
    turn = _turn("et le risq?", {"fiducie_taux": 0.35, "risq_taux": 0.3}, entities=(_actor("risq"),), last_actor="fiducie-chantier")
    assert _chosen(turn, access) == "risq_taux"


def test_the_programme_named_chooses_among_the_answers_of_one_house(access):
    ranking = {"risq_capitalisation_montant": 0.3, "risq_emergence_montant": 0.25}
    turn = _turn("émergence c'est combien", ranking, entities=(_service("risq-emergence", "risq"),))
    assert _chosen(turn, access) == "risq_emergence_montant"


def test_a_building_chooses_the_programme_for_buildings(access):
    ranking = {"fiducie_operations_montant": 0.3, "fiducie_immobilier_montant": 0.25}
    turn = _turn("combien pour une bâtisse", ranking, entities=({"entity": "need", "value": "immobilier"},), last_actor="fiducie-chantier")
    assert _chosen(turn, access) == "fiducie_immobilier_montant"


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        ("obnl", None, "obnl_nb_fondateurs"),
        ("cooperative", None, "coop_nb_fondateurs"),
        (None, "obnl", "obnl_nb_fondateurs"),
        (None, None, "coop_nb_fondateurs"),
        ("cooperative", "obnl", "coop_nb_fondateurs"),
        (None, "private", "coop_nb_fondateurs"),
    ],
    ids=["said-obnl", "said-coop", "known-obnl", "nothing", "said-wins", "private"],
)
def test_the_legal_form_chooses_between_twins(access, said, known, expected):
    entities = ({"entity": "legal_form", "value": said},) if said else ()
    turn = _turn("on doit être combien", {"coop_nb_fondateurs": 0.6}, entities=entities, legal_form=known)
    assert _chosen(turn, access) == expected


def test_no_topic_in_the_ranking_is_no_answer(access):
    assert choose(Turn("allo", "greet", 0.9, (("greet", 0.9),)), access) is None


def test_a_topic_that_the_directory_no_longer_has_is_no_answer(access):
    assert choose(_turn("c'est quoi le taux", {"topic_taken_out": 0.9}), access) is None


@pytest.mark.parametrize(
    ("text", "slots", "expected"),
    [
        ("l'affaire là, c'est comment", {}, None),
        ("$" * 1_000 + " c'est quoi ça", {}, None),
        ("l'affaire là, c'est comment", {"last_actor": "risq"}, "risq_taux"),
        ("l'affaire là, c'est comment", {"last_topic": "risq_taux"}, "risq_taux"),
        ("le taux, c'est comment", {}, "risq_taux"),
        ("un CA, c'est quoi", {}, "risq_taux"),
        ("C'est qui le CA", {}, "risq_taux"),
    ],
)
def test_words_that_name_nothing_choose_only_in_context(access, text, slots, expected):
    assert _chosen(_turn(text, {"risq_taux": 0.9}, **slots), access) == expected


def test_a_weak_topic_is_no_answer(access):
    assert answer_question(_turn("euh", {"risq_taux": 0.03, "fiducie_taux": 0.029}), access) is None


def test_a_pressed_topic_is_answered_whatever_the_ranking(access):
    entity = {"entity": "topic", "value": "risq_taux"}
    reply = answer_question(Turn("/ask_topic", "ask_topic", 1.0, entities=(entity,)), access)
    assert "5\u00a0% et 8\u00a0%" in reply.messages[0].text


def test_a_fact_asked_of_the_organisation_spoken_of_last_is_told(access):
    turn = Turn("leur numéro?", "ask_contact", 0.95, (("ask_contact", 0.95),), slots={"last_actor": "risq"})
    assert "514 866-2355" in answer_question(turn, access).messages[0].text


def test_a_fact_asked_without_any_organisation_is_not_made_up(access):
    assert answer_question(Turn("leur numéro?", "ask_contact", 0.95, (("ask_contact", 0.95),)), access) is None


def test_what_was_answered_is_remembered_for_the_next_message(access):
    entity = {"entity": "topic", "value": "risq_capitalisation_montant"}
    slots = answer_question(Turn("/ask_topic", "ask_topic", 1.0, entities=(entity,)), access).slots
    assert slots["last_topic"] == "risq_capitalisation_montant"
    assert slots["last_actor"] == "risq"
    assert slots["last_sources"]


def test_two_questions_in_one_message_get_two_answers(access):
    parts = (
        {"text": "c'est quoi le taux du risq", "ranking": [["ask_topic/risq_taux", 0.8]]},
        {"text": "ça prend combien de fondateurs", "ranking": [["ask_topic/coop_nb_fondateurs", 0.8]]},
    )
    turn = Turn("c'est quoi le taux du risq pis ça prend combien de fondateurs", "ask_topic", 0.4, parts=parts)
    texts = [message.text for message in answer_question(turn, access).messages]
    assert len(texts) == 2
    assert "5\u00a0%" in texts[0]
    assert "cinq" in texts[1]


def test_and_the_other_form_is_the_same_question_for_the_other_form(access):
    ranking = {"coop_est_obnl": 0.1, "obnl_vers_coop": 0.09, "obnl_nb_fondateurs": 0.02}
    turn = _turn("et un obnl?", ranking, entities=({"entity": "legal_form", "value": "obnl"},), last_topic="coop_nb_fondateurs")
    assert "trois" in follow(turn, access).messages[0].text.lower()


def test_words_that_do_not_lean_are_left_to_their_handler(access):
    turn = _turn("une coop ça prend combien de fondateurs", {"coop_nb_fondateurs": 0.5}, last_topic="risq_taux", last_actor="risq")
    assert follow(turn, access) is None


def test_each_fact_an_answer_tells_is_asked_of_any_organisation():
    asked = {facet: asked_by(Answer(slug=facet, facet=facet)) for facet in FACETS}
    assert [facet for facet, intent in asked.items() if intent is None] == ["exclusions"]
    assert {intent for intent in asked.values() if intent} <= set(UNKNOWN)
    assert asked_by(Answer(slug="none")) is None
    assert asked_by(None) is None


@pytest.mark.parametrize(
    ("asked", "last", "actor", "expected"),
    [
        ("et celui du RISQ?", "fiducie_taux", "risq", "risq_taux"),
        ("pis la Fiducie?", "risq_exclusions", "fiducie-chantier", "fiducie_exclusions"),
        ("pis la Fiducie?", "risq_remboursement_anticipe", "fiducie-chantier", "fiducie_remboursement_anticipe"),
        ("et au RISQ?", "iq_admissibilite", "risq", "risq_admissibilite"),
    ],
)
def test_the_same_fact_of_another_organisation_is_found_by_what_it_tells(access, asked, last, actor, expected):
    turn = _turn(asked, {}, entities=(_actor(actor),), last_topic=last, last_actor=last.split("_")[0])
    assert follow(turn, access).slots["last_topic"] == expected


@pytest.mark.parametrize(
    ("fact", "ranking", "expected"),
    [
        ("ask_eligibility", {"innogec_consultants": 0.97}, None),
        ("ask_amount", {"innogec_consultants": 0.97}, "innogec_consultants"),
        ("ask_amount", {}, None),
    ],
)
def test_the_fact_asked_of_an_organisation_comes_before_a_topic_that_only_names_it(access, fact, ranking, expected):
    turn = replace(_turn("le fonds innogec", ranking, entities=(_actor("innogec"),)), fact=fact)
    reply = answer_question(turn, access)
    assert reply.slots.get("last_topic") == expected
    assert expected or reply.slots["last_facet"] == fact


def test_the_fact_of_an_office_is_not_told_of_the_whole_house(access):
    ranking = {"pme_mtl_telephones": 0.97}
    turn = replace(_turn("leur téléphone", ranking, entities=(_actor("pme-mtl-grand-sud-ouest"),)), fact="ask_contact")
    assert "514 765-7060" in answer_question(turn, access).messages[0].text.replace("\u00a0", " ")


def test_the_length_of_a_mandate_is_no_repayment(access):
    turn = _turn("et au RISQ?", {}, entities=(_actor("risq"),), last_topic="coop_duree_mandat")
    assert follow(turn, access) is None


def test_answers_of_one_subject_are_known_by_their_record():
    one, other = Answer(slug="a", subject="mentorat"), Answer(slug="b", subject="mentorat")
    assert same_subject(one, other)
    assert not same_subject(one, one)
    assert not same_subject(one, None)
    assert not same_subject(Answer(slug="c"), Answer(slug="d"))


@pytest.mark.parametrize(
    ("slots", "expected"),
    [({"need": "mentorat"}, True), ({"last_topic": "mentor_cout"}, True), ({"last_topic": "risq_taux"}, False), ({}, False)],
)
def test_a_conversation_about_mentoring_is_known_by_its_need_or_its_last_answer(access, slots, expected):
    assert about_mentoring(_turn("ça coûte combien", {}, **slots), access) is expected


def test_an_amount_asked_of_a_house_with_two_like_programmes_is_told_of_both(access):
    near = {"fiducie_immobilier_montant": 0.43, "fiducie_operations_montant": 0.32}
    turn = _turn("la Fiducie prête combien?", near, entities=(_actor("fiducie-chantier"),))
    told = answer_question(turn, access).messages[0].text
    assert "400\u00a0000\u00a0$" in told
    assert "2,5\u00a0M$" in told


@pytest.mark.parametrize(
    ("near", "entities"),
    [
        ({"fiducie_immobilier_montant": 0.43, "fiducie_operations_montant": 0.05}, ()),
        ({"fiducie_immobilier_montant": 0.43, "fiducie_operations_montant": 0.32}, (_service("fiducie-immobilier", "fiducie-chantier"),)),
        ({"fiducie_immobilier_montant": 0.43, "fiducie_operations_montant": 0.32}, ({"entity": "need", "value": "immobilier"},)),
    ],
)
def test_an_amount_asked_of_one_programme_is_told_of_it_alone(access, near, entities):
    turn = _turn("la Fiducie prête combien pour une bâtisse?", near, entities=(_actor("fiducie-chantier"), *entities))
    told = answer_question(turn, access).messages[0].text
    assert "2,5\u00a0M$" in told
    assert "400\u00a0000\u00a0$" not in told


def test_a_fact_asked_of_nobody_by_who_asks_for_names_is_a_search(access):
    text = "Une subvention arrive en mars. Qui fait des prêts relais?"
    assert about_whom(Turn(text, "ask_repayment"), access).followup == "find_support_form"
    assert "De quel organisme" in about_whom(Turn("ça se rembourse comment?", "ask_repayment"), access).messages[0].text


def test_an_amount_that_the_words_ask_of_a_house_is_told_of_both_its_programmes(access):
    near = {"fiducie_immobilier_montant": 0.43, "fiducie_operations_montant": 0.14}
    turn = replace(_turn("combien que ça prête, la Fiducie?", near, entities=(_actor("fiducie-chantier"),)), fact="ask_amount")
    assert "400\u00a0000\u00a0$" in answer_question(turn, access).messages[0].text


def test_a_few_words_after_the_assembly_do_not_ask_of_meetings_with_a_mentor(access):
    near = {"mentor_distance": 0.5, "coop_aga_en_ligne": 0.2}
    assert _chosen(_turn("on peut la faire sur zoom?", near, last_topic="coop_aga_delai"), access) == "coop_aga_en_ligne"
    assert _chosen(_turn("on peut voir le mentor sur zoom?", near, last_topic="coop_aga_delai"), access) == "mentor_distance"
    assert _chosen(_turn("on peut la faire sur zoom?", near), access) == "mentor_distance"


def test_a_place_given_after_an_offer_begins_what_was_offered(access):
    rimouski = {"entity": "place", "value": ["10043"], "resolution": "one", "surface": "Rimouski"}
    reply = inform(Turn("on est à Rimouski", "inform", entities=(rimouski,), slots={"offered": "mentorat"}), access)
    assert (reply.followup, reply.slots["need"]) == ("find_support_form", "mentorat")


def test_what_a_member_risks_is_not_told_of_directors(access):
    near = {"coop_responsabilite_membre": 0.6, "ca_qui_fait_quoi": 0.1}
    assert _chosen(_turn("un administrateur peut-il être poursuivi si la coop fait faillite?", near), access) == "ca_qui_fait_quoi"
    assert _chosen(_turn("un membre peut-il être poursuivi si la coop fait faillite?", near), access) == "coop_responsabilite_membre"
