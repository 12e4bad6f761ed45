"""Messages that ask several things: each part is answered, about whom the part before spoke of, or is said not to be."""

from dataclasses import replace

from actions.answering import answer_question
from actions.turn import Turn


def _turn(text: str, ranking: dict[str, float], *, entities: tuple = (), **slots) -> Turn:
    labels = tuple((f"ask_topic/{slug}", score) for slug, score in ranking.items())
    return Turn(text, "ask_topic", next(iter(ranking.values()), 0.0), labels, entities=entities, slots=slots)


def _part(text: str, label: str, evidence: float) -> dict:
    return {"text": text, "ranking": [[label, evidence], ["noise", 0.01]]}


def _named(slug: str, text: str, name: str) -> dict:
    return {"entity": "actor", "value": slug, "actor": slug, "start": text.index(name), "end": text.index(name) + len(name)}


def test_a_part_that_names_nobody_asks_of_whom_the_part_before_named(access):
    text = "c'est quoi le taux du RISQ, et combien prête-t-il?"
    parts = (_part("c'est quoi le taux du RISQ", "ask_interest", 0.9), _part("combien prête-t-il?", "ask_amount", 0.9))
    turn = replace(_turn(text, {"risq_taux": 0.3}, entities=(_named("risq", text, "RISQ"),), last_actor="fiducie-chantier"), parts=parts)
    first, second = (message.text for message in answer_question(turn, access).messages)
    assert "fonds-risq.qc.ca" in first
    assert "fonds-risq.qc.ca" in second


def test_when_one_question_of_two_is_answered_the_reply_says_so(access):
    text = "C'est quoi le taux du RISQ? Et est-ce cumulable?"
    parts = (_part("C'est quoi le taux du RISQ?", "ask_topic/risq_taux", 0.9), _part("est-ce cumulable?", "ask_area", 0.1))
    turn = replace(_turn(text, {"risq_taux": 0.5}, entities=(_named("risq", text, "RISQ"),)), parts=parts)
    assert "posez-moi l’autre question à part" in answer_question(turn, access).messages[0].text
    alone = replace(turn, parts=(parts[0],))
    assert "posez-moi l’autre question" not in answer_question(alone, access).messages[0].text


def test_a_part_asks_of_whom_the_part_before_named_even_when_that_one_is_unsure(access):
    text = "le RISQ, hmm, c'est quoi son taux et combien prête-t-il?"
    parts = (
        _part("le RISQ hmm", "noise", 0.1),
        _part("c'est quoi son taux", "ask_interest", 0.9),
        _part("combien prête-t-il?", "ask_amount", 0.9),
    )
    turn = replace(_turn(text, {"risq_taux": 0.3}, entities=(_named("risq", text, "RISQ"),), last_actor="fiducie-chantier"), parts=parts)
    told = [message.text for message in answer_question(turn, access).messages]
    assert len(told) == 2
    assert all("fonds-risq.qc.ca" in text for text in told)
