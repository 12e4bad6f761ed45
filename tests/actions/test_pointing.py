"""Organisations pointed at by their rank, and what a message says in passing."""

from dataclasses import replace

import pytest

from actions.pointing import pointed_at
from actions.profile import is_ours, kept_from
from actions.turn import Turn

SHOWN = ["essor-02", "cdrq", "mrc-lac-saint-jean-est", "sadc-lac-saint-jean-est"]


def _turn(text: str, intent: str = "nlu_fallback", confidence: float = 0.1, **slots) -> Turn:
    return Turn(text, intent, confidence, ((intent, confidence),), slots={"shown": SHOWN, **slots})


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("le premier", "essor-02"),
        ("et le deuxième?", "cdrq"),
        ("parlez-moi de la 2e", "cdrq"),
        ("le troisième", "sadc-lac-saint-jean-est"),
        ("pis le dernier?", "sadc-lac-saint-jean-est"),
    ],
)
def test_a_rank_names_an_organisation_shown_and_skips_the_general_door(text, slug):
    pointed = pointed_at(_turn(text))
    assert pointed.named_actors == [slug]
    assert pointed.intent == "ask_what_is"


def test_a_rank_with_a_question_keeps_the_question():
    pointed = pointed_at(_turn("le numéro du deuxième?", "ask_contact", 0.9))
    assert pointed.named_actors == ["cdrq"]
    assert pointed.intent == "ask_contact"


def test_both_are_the_last_two_spoken_of():
    pointed = pointed_at(_turn("la différence entre les deux", recent_actors=["risq", "fiducie-chantier", "cdrq"]))
    assert pointed.named_actors == ["risq", "fiducie-chantier"]
    assert pointed.intent == "compare_actors"


@pytest.mark.parametrize(
    "text",
    [
        "le quatrième",
        "on a ouvert le premier novembre à Alma avec une vingtaine de membres pis depuis ce temps là",
        "c'est notre dernier espoir",
        "une première rencontre",
    ],
)
def test_what_is_no_rank_of_a_card_points_at_nothing(text):
    assert pointed_at(_turn(text)).named_actors == []


def test_nothing_is_pointed_at_when_nothing_was_shown():
    assert pointed_at(_turn("le deuxième", shown=None)).named_actors == []


@pytest.mark.parametrize(("text", "ours"), [("notre coop à Alma", True), ("on est un obnl", True), ("une coop ça vote comment", False)])
def test_a_project_of_ones_own_is_told_from_a_general_question(text, ours):
    assert is_ours(text) is ours


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("le risq aide-tu notre obnl à Rimouski?", {"place": ["10043"], "legal_form": "obnl"}),
        ("le risq aide-tu les obnl à Rimouski?", {"place": ["10043"]}),
    ],
)
def test_a_place_is_kept_and_a_form_only_when_it_is_ours(access, text, kept):
    entities = ({"entity": "place", "value": ["10043"], "resolution": "one"}, {"entity": "legal_form", "value": "obnl"})
    assert kept_from(Turn(text, "ask_topic", entities=entities), access) == kept


@pytest.mark.parametrize(
    "text", ["peut-on emprunter 70 000 $ là-bas?", "pis avec eux, 70 000 $ ça se peut-tu?", "eux autres prêtent-ils 70 000 $?"]
)
def test_them_and_there_are_the_organisation_spoken_of(text):
    turn = _turn(text, "find_support", 0.4, last_actor="risq")
    pointed = pointed_at(replace(turn, entities=({"entity": "amount", "value": 70_000},)))
    assert (pointed.named_actors, pointed.intent, pointed.fact) == (["risq"], "ask_amount", "ask_amount")


def test_there_is_the_place_of_a_project_that_has_one_and_a_place_said_is_searched():
    assert pointed_at(_turn("qui peut prêter là-bas?", last_actor="risq", place=["37067"])).named_actors == []
    said = replace(_turn("y a-t-il un mentor chez eux à Gaspé?", last_actor="risq"), entities=({"entity": "place", "value": ["03005"]},))
    assert pointed_at(said).named_actors == []
