"""What is asked of an organisation is read without its name; a surer reading stands."""

import pytest

from actions.facts import UNKNOWN
from bot.nlu.fact import FACTS, fact_asked, settled_by_fact, without_names

INNOGEC = {"entity": "actor", "value": "innogec", "start": 3, "end": 16}
TOPIC = "ask_topic/innogec_consultants"


def test_the_facts_are_those_that_the_actions_answer():
    assert set(UNKNOWN) == FACTS


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("le fonds innogec, c'est pour qui?", [INNOGEC], "eux, c'est pour qui?"),
        ("le fonds innogec, c'est pour qui?", [INNOGEC, {**INNOGEC, "entity": "service"}], "eux, c'est pour qui?"),
        ("le fonds innogec paie ou le RISQ?", [INNOGEC, {**INNOGEC, "start": 28, "end": 32}], "eux paie ou eux?"),
        ("le taux du RISQ", [{**INNOGEC, "start": 11, "end": 15}], "le taux d'eux"),
        ("c'est quoi l'Esplanade", [{**INNOGEC, "start": 13, "end": 22}], "c'est quoi eux"),
        ("on a écrit à la Fiducie", [{**INNOGEC, "start": 16, "end": 23}], "on a écrit à eux"),
        ("fonds innogec?", [{**INNOGEC, "start": 0, "end": 13}], None),
        ("c'est pour qui?", [], None),
        ("c'est pour qui à Granby?", [{"entity": "place", "value": ["x"], "start": 0, "end": 0}], None),
    ],
)
def test_names_are_left_out(text, entities, expected):
    assert without_names(text, entities) == expected


@pytest.mark.parametrize(
    ("ranking", "unnamed", "expected"),
    [
        ([(TOPIC, 0.97)], [("ask_eligibility", 0.8), (TOPIC, 0.02)], "ask_eligibility"),
        ([(TOPIC, 0.97)], [("ask_eligibility", 0.8), (TOPIC, 0.3)], None),
        ([("ask_eligibility", 0.9)], [("ask_eligibility", 0.8), (TOPIC, 0.1)], "ask_eligibility"),
        ([(TOPIC, 0.97)], [("ask_eligibility", 0.19), (TOPIC, 0.01)], None),
        ([(TOPIC, 0.97)], [("ask_eligibility", 0.5), ("ask_conditions", 0.3)], None),
        ([(TOPIC, 0.97)], [("find_support/mentorat", 0.9), (TOPIC, 0.01)], None),
    ],
)
def test_a_fact_is_asked_when_the_other_words_are_sure_of_it(ranking, unnamed, expected):
    assert fact_asked(ranking, unnamed) == expected


@pytest.mark.parametrize(
    ("read", "place", "first"),
    [
        (("find_support/mentorat", 0.1), {}, "ask_amount"),
        (("find_support/mentorat", 0.8), {}, "find_support/mentorat"),
        (("ask_conditions", 0.9), {}, "ask_amount"),
        ((TOPIC, 0.2), {}, TOPIC),
        (("distress", 0.2), {}, "distress"),
        (("find_local_actor", 0.8), {"in_name": True}, "ask_amount"),
        (("find_local_actor", 0.8), {}, "find_local_actor"),
    ],
)
def test_what_gives_way_to_the_fact(read, place, first):
    entities = [INNOGEC, {"entity": "place", "value": ["44037"], **place}]
    assert settled_by_fact([read, ("greet", 0.01)], "ask_amount", entities)[0][0] == first


def test_without_a_fact_nothing_changes():
    assert settled_by_fact([("greet", 0.01)], None, []) == [("greet", 0.01)]
