"""Who asks for names gets them at once; who only tells a project is asked what would change them."""

import pytest

from actions.at_once import BEGINNING
from actions.english import handle as answer_english
from actions.profile import UNSURE
from actions.proposing import show_more
from actions.search import step
from actions.turn import Turn

RIMOUSKI = {"entity": "place", "value": ["10043"], "resolution": "one", "surface": "Rimouski"}
MONEY = {"entity": "need", "value": "financement"}


def _first(text, label="find_support/general", *entities, **slots):
    return Turn(text, label.split("/")[0], 0.97, ((label, 0.97),), entities=entities, slots={"requested_slot": None, **slots})


def _cards(reply):
    return [card for message in reply.messages for card in message.cards]


def _told(reply):
    return "\n".join(message.text for message in reply.messages)


def test_who_helps_at_a_place_is_told_before_anything_is_asked(access):
    reply = step(_first("Qui aide les projets à Rimouski?", "find_support/general", RIMOUSKI), access)
    assert "pole" in {_kind(access, card) for card in _cards(reply)}
    assert reply.slots["requested_slot"] is None
    assert reply.slots["place"] == ["10043"]


def _kind(access, card):
    from directory.queries import actor_by_slug

    actor = actor_by_slug(access.session, card.actor)
    return actor and actor.kind


def test_a_project_told_at_a_place_is_still_asked_about(access):
    reply = step(_first("on a un projet à Rimouski", "find_support/general", RIMOUSKI), access)
    assert reply.slots["requested_slot"] == "need"
    assert not _cards(reply)


def test_who_lends_is_told_for_all_of_quebec_and_what_would_sharpen_it_is_said(access):
    reply = step(_first("Qui fait des prêts relais?", "find_support/financement", MONEY), access)
    assert _cards(reply)
    assert "une coopérative ou un OBNL" in _told(reply)
    assert "combien il vous faut" in _told(reply)
    assert "municipalité" in _told(reply)
    assert reply.slots["requested_slot"] == "place"


def test_who_lends_says_the_need_by_its_verb(access):
    assert step(_first("Qui peut prêter à une coop de Rimouski?", "find_support/general", RIMOUSKI), access).slots["need"] == "financement"


def test_what_the_first_message_gave_is_not_asked_to_sharpen(access):
    form = {"entity": "legal_form", "value": "obnl"}
    told = _told(step(_first("Qui prête aux OBNL de Rimouski?", "find_support/financement", RIMOUSKI, MONEY, form), access))
    assert "une coopérative ou un OBNL" not in told
    assert "à quelle étape" in told


def test_who_accompanies_without_a_place_is_asked_where(access):
    reply = step(_first("Qui peut nous accompagner?", "find_support/accompagnement"), access)
    assert reply.slots["requested_slot"] == "place"


def test_who_asks_where_to_begin_is_told_the_first_step_and_asked_where_only(access):
    reply = step(_first("on a une idée, par où on commence?"), access)
    assert BEGINNING in _told(reply)
    assert reply.slots["requested_slot"] == "place"
    assert reply.slots["need"] == "accompagnement"


def test_who_asked_for_names_gets_them_when_the_place_comes(access):
    for text in ("Qui peut nous accompagner?", "on a une idée, par où on commence?"):
        first = step(_first(text, "find_support/accompagnement"), access)
        second = Turn("Rimouski", "inform", 1.0, (("inform", 1.0),), entities=(RIMOUSKI,), slots=first.slots, in_form=True)
        reply = step(second, access)
        assert _cards(reply)
        assert reply.slots["requested_slot"] is None


def test_a_place_that_is_not_known_is_said_before_any_name(access):
    unknown = {"entity": "unknown_place", "value": "Saint-Glinglin"}
    reply = step(_first("Qui prête à Saint-Glinglin?", "find_support/financement", MONEY, unknown), access)
    assert "Saint-Glinglin" in _told(reply)
    assert reply.slots["requested_slot"] == "place"


def test_what_is_set_aside_is_not_proposed(access):
    risq = {"entity": "actor", "value": "risq", "actor": "risq", "start": 7, "end": 14}
    asked = {"legal_form": "obnl", "place": ["10043"], "amount": 30_000, "stage": "demarrage"}
    alone = step(_first("Qui prête?", "find_support/financement", MONEY, **asked), access)
    aside = step(_first("À part le RISQ, qui prête?", "find_support/financement", MONEY, risq, **asked), access)
    assert "risq" in {card.actor for card in _cards(alone)}
    assert "risq" not in {card.actor for card in _cards(aside)}
    assert _cards(aside)
    more = show_more(Turn("d'autres", "show_more", slots={**asked, "need": "financement", **aside.slots}), access)
    assert "risq" not in {card.actor for card in _cards(more)}


def test_the_need_read_in_a_first_message_is_said_back(access):
    reply = step(_first("notre président décide tout, on fait quoi", "find_support/gouvernance"), access)
    assert "de l’aide à la gouvernance" in _told(reply)
    assert reply.slots["requested_slot"] == "place"


def test_a_fact_asked_beside_the_search_is_told_then_the_search_goes_on(access):
    parts = (
        {"text": "Comment je trouve un mentor à Rimouski", "ranking": [["find_support/mentorat", 0.9]]},
        {"text": "est-ce que c'est confidentiel", "ranking": [["ask_topic/mentor_confidentialite", 0.9]]},
    )
    turn = _first("Comment je trouve un mentor à Rimouski et est-ce que c'est confidentiel?", "find_support/mentorat", RIMOUSKI)
    reply = step(Turn(**{**vars(turn), "parts": parts}), access)
    assert "confiden" in reply.messages[0].text
    assert _cards(reply)


@pytest.mark.parametrize("evidence", [0.1, 0.3])
def test_a_fact_that_is_not_surely_asked_is_not_told_beside_the_search(access, evidence):
    parts = (
        {"text": "Un mentor à Rimouski", "ranking": [["find_support/mentorat", 0.9]]},
        {"text": "est-ce que c'est confidentiel", "ranking": [["ask_topic/mentor_confidentialite", evidence]]},
    )
    turn = _first("Un mentor à Rimouski, est-ce que c'est confidentiel?", "find_support/mentorat", RIMOUSKI)
    assert "confiden" not in step(Turn(**{**vars(turn), "parts": parts}), access).messages[0].text


def test_english_with_a_place_gets_the_sentence_and_the_doors_of_the_place(access):
    reply = answer_english(_first("who can help us in Rimouski", "speak_english", RIMOUSKI), access)
    assert reply.messages[0].response == "utter_speak_english"
    assert _cards(reply)
    assert not _cards(answer_english(_first("who can help us", "speak_english"), access))
    quebec = {"entity": "place", "value": ["QC"], "resolution": "one", "surface": "In Quebec"}
    assert not _cards(answer_english(_first("who can help us in Quebec", "speak_english", quebec), access))


def test_who_wonders_between_the_two_forms_is_told_how_to_choose_then_asked_the_rest(access):
    reply = step(_first("à Rimouski, faut-tu faire un OBNL ou une coop", "find_support/general", RIMOUSKI), access)
    assert "besoins communs" in reply.messages[0].text
    assert reply.slots["requested_slot"] == "need"
    assert reply.slots["legal_form"] == UNSURE


def test_a_small_amount_is_not_that_of_the_project(access):
    each = {"entity": "amount", "value": 100}
    reply = step(_first("on est 300 à vouloir mettre 100 piasses", "find_support/financement", RIMOUSKI, each), access)
    assert reply.slots.get("amount") is None


def test_what_they_have_is_not_what_they_look_for(access):
    text = "on a 60 000 $ de mise de fonds"
    own = {"entity": "amount", "value": 60_000, "start": 5, "end": 13}
    assert step(_first(text, "find_support/financement", RIMOUSKI, own), access).slots.get("amount") is None
    needed = _first("ça prend 60 000 $ pour partir", "find_support/financement", RIMOUSKI, {**own, "start": 9, "end": 17})
    assert step(needed, access).slots["amount"] == 60_000


def test_a_building_that_is_sold_is_no_takeover(access):
    sold = {"entity": "stage", "value": "transfert"}
    turn = _first("Le propriétaire vend l'immeuble où on est, à Rimouski", "find_support/immobilier", RIMOUSKI, sold)
    assert step(turn, access).slots.get("stage") is None
