"""One step of the guided search, on a turn made by hand: what it asks, what it takes, when it ends."""

import pytest

from actions.search import QUESTIONS, WHY, step
from actions.search_questions import missing_from
from actions.turn import Turn
from directory.queries import actor_by_slug

RIMOUSKI = {"entity": "place", "value": ["10043"], "resolution": "one", "surface": "Rimouski"}


def _turn(text: str, intent: str = "inform", *, asked: str | None = None, entities: tuple = (), confidence: float = 0.97, **slots) -> Turn:
    return Turn(
        text,
        intent,
        confidence,
        ((intent, confidence),),
        entities=entities,
        slots={"requested_slot": asked, **slots},
        in_form=asked is not None,
    )


def _told(reply) -> str:
    return "\n".join(message.text for message in reply.messages)


def _cards(reply) -> list:
    return [card for message in reply.messages for card in message.cards]


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        ({}, "need"),
        ({"need": "financement"}, "place"),
        ({"need": "financement", "place": ["R01"]}, "legal_form"),
        ({"need": "financement", "place": ["R01"], "legal_form": "obnl"}, "stage"),
        ({"need": "financement", "place": ["R01"], "legal_form": "obnl", "stage": "idee"}, "amount"),
        ({"need": "financement", "place": ["R01"], "legal_form": "obnl", "stage": "idee", "amount": 5}, None),
        ({"need": "mentorat", "place": ["R01"]}, None),
        ({"need": "formation", "place": ["R01"], "legal_form": "obnl"}, None),
        ({"need": "accompagnement", "place": ["R01"], "legal_form": "obnl", "stage": "idee"}, None),
        ({"need": "financement", "place": "unknown", "legal_form": "unknown", "stage": "unknown", "amount": "unknown"}, None),
    ],
)
def test_only_what_would_change_who_is_proposed_is_asked(known, missing):
    assert next(iter(missing_from(known)), None) == missing


@pytest.mark.parametrize("asked", QUESTIONS)
def test_why_is_answered_by_the_reason_of_the_question_and_the_question_again(access, asked):
    reply = step(_turn("pourquoi tu demandes ça", "why_ask", asked=asked, need="financement"), access)
    assert WHY[asked] in _told(reply)
    assert QUESTIONS[asked][0] in _told(reply)
    assert reply.slots["requested_slot"] == asked


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("intent", ["dont_know", "refuse_to_say"])
def test_not_knowing_leaves_the_thing_out_and_goes_on(access, asked, intent):
    known = {"need": "financement", "place": ["10043"], "legal_form": "obnl", "stage": "idee", "amount": 5_000} | {asked: None}
    reply = step(_turn("je sais pas", intent, asked=asked, **known), access)
    assert _cards(reply)
    assert reply.slots["requested_slot"] is None


@pytest.mark.parametrize("asked", QUESTIONS)
def test_stopping_ends_the_search_at_any_question(access, asked):
    reply = step(_turn("laisse faire", "cancel", asked=asked, need="financement"), access)
    assert reply.close_form
    assert reply.slots["requested_slot"] is None
    assert reply.messages[0].response == "utter_cancel"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_starting_over_forgets_the_profile_at_any_question(access, asked):
    reply = step(_turn("recommence", "start_over", asked=asked, need="financement", place=["10043"], legal_form="obnl"), access)
    assert reply.close_form
    assert {reply.slots[name] for name in QUESTIONS} == {None}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_distress_ends_the_search_at_any_question_and_shows_nobody(access, asked):
    reply = step(_turn("je veux mourir", "distress", asked=asked, confidence=1.0, need="financement"), access)
    assert [message.response for message in reply.messages] == ["utter_distress"]
    assert reply.close_form


@pytest.mark.parametrize("confidence", [0.2, 0.4, 0.6, 0.9])
def test_distress_is_never_too_unsure_to_stop_a_search(access, confidence):
    reply = step(_turn("le monde serait mieux sans moi", "distress", asked="amount", confidence=confidence, need="financement"), access)
    assert "utter_distress" in [message.response for message in reply.messages]


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_without_answer_twice_is_left_out(access, asked):
    known = {"need": "financement", "place": ["10043"], "legal_form": "obnl", "stage": "idee", "amount": 5_000} | {asked: None}
    first = step(_turn("zzz", "inform", asked=asked, confidence=0.1, **known), access)
    assert first.slots["requested_slot"] == asked
    second = step(_turn("zzz", "inform", asked=asked, confidence=0.1, **{**known, "tries": first.slots["tries"]}), access)
    assert second.slots["requested_slot"] != asked


@pytest.mark.parametrize("asked", ["need", "legal_form", "stage", "amount"])
def test_a_place_said_at_another_question_corrects_the_place_and_asks_again(access, asked):
    known = {"need": "financement", "place": ["51015"], "legal_form": "obnl", "stage": "idee", "amount": 5_000} | {asked: None}
    reply = step(_turn("non c'est à Rimouski", "change_place", asked=asked, entities=(RIMOUSKI,), **known), access)
    assert reply.slots["place"] == ["10043"]
    assert reply.slots["requested_slot"] == asked


def test_a_bare_number_answers_how_much(access):
    reply = step(_turn("900", asked="amount", need="financement", place=["10043"], legal_form="obnl", stage="idee"), access)
    assert reply.slots["amount"] == 900
    assert _cards(reply)


def test_the_first_message_fills_all_that_it_says(access):
    entities = (
        RIMOUSKI,
        {"entity": "legal_form", "value": "obnl"},
        {"entity": "stage", "value": "demarrage"},
        {"entity": "amount", "value": 40_000},
    )
    turn = Turn("…", "find_support", 0.9, (("find_support/financement", 0.9),), entities=entities, slots={})
    reply = step(turn, access)
    assert {name: reply.slots[name] for name in QUESTIONS} == {
        "need": "financement",
        "place": ["10043"],
        "legal_form": "obnl",
        "stage": "demarrage",
        "amount": 40_000,
    }
    assert _cards(reply)


def test_a_place_with_several_homes_is_asked_with_a_button_for_each(access):
    several = {"entity": "place", "value": ["58012", "87120"], "resolution": "several", "surface": "Saint-Lambert"}
    turn = Turn("un mentor à Saint-Lambert", "find_support", 0.9, (("find_support/mentorat", 0.9),), entities=(several,), slots={})
    reply = step(turn, access)
    assert len(reply.messages[-1].buttons) == 2
    assert reply.slots["requested_slot"] == "place"
    assert reply.slots["need"] == "mentorat"


def test_a_place_outside_quebec_is_not_proposed_to(access):
    outside = {"entity": "outside_place", "value": "Ontario"}
    turn = Turn("du financement à Ottawa", "find_support", 0.9, (("find_support/financement", 0.9),), entities=(outside,), slots={})
    reply = step(turn, access)
    assert "Québec" in _told(reply)
    assert not _cards(reply)


@pytest.mark.parametrize("need", ["financement", "accompagnement", "immobilier"])
def test_a_private_enterprise_is_never_shown_who_serves_collective_ones_alone(access, need):
    reply = step(
        _turn(
            "entreprise privée", asked="legal_form", entities=({"entity": "legal_form", "value": "private"},), need=need, place=["10043"]
        ),
        access,
    )
    shown = [actor_by_slug(access.session, card.actor) for card in _cards(reply)]
    assert not [actor.slug for actor in shown if actor and actor.dedicated]
    assert "privée" in _told(reply)


def _in_search(text, intent, entities=(), **slots):
    return _turn(text, intent, asked="place", entities=entities, need="financement", legal_form="cooperative", **slots)


def test_a_form_asked_about_after_an_answer_in_the_middle_is_that_of_the_organisation(access):
    obnl = {"entity": "legal_form", "value": "obnl"}
    told = {"last_topic": "fiducie_immobilier_montant", "last_actor": "fiducie-chantier"}
    reply = step(_in_search("et pour un OBNL?", "inform", (obnl,), **told), access)
    assert "Fiducie" in _told(reply)
    assert reply.slots.get("legal_form", "cooperative") == "cooperative"
    assert reply.slots["requested_slot"] == "place"


def test_a_fact_asked_after_an_answer_in_the_middle_is_asked_of_the_same_organisation(access):
    told = {"last_topic": "fiducie_immobilier_montant", "last_actor": "fiducie-chantier"}
    reply = step(_in_search("pis les intérêts?", "ask_interest", **told), access)
    assert "De quel organisme" not in _told(reply)
    assert "fiducieduchantier.qc.ca" in _told(reply)
    assert reply.slots["requested_slot"] == "place"
