"""The sentences that the sides learn and are asked."""

from bench.peers.install import versions
from bench.sides import KEYWORDS, NLPJS
from bench.stock.sample import answers, noisy, outside_sentences, peer_lesson

TOPIC = "ask_topic/sadc_offre"


def test_noise_is_the_same_each_time() -> None:
    pairs = [("une coopérative de travailleurs cherche du financement", "find_support/financement")] * 20
    assert noisy(pairs, 7) == noisy(pairs, 7) != noisy(pairs, 8)


def test_what_must_be_refused_has_no_courtesy_and_no_distress() -> None:
    assert {label for _, label in outside_sentences()} == {"out_of_scope", "near_miss", "noise"}


def test_keywords_learn_the_answers_and_no_sentence_of_their_topics() -> None:
    texts = peer_lesson(KEYWORDS, [("les sadc font quoi", TOPIC), ("bonjour", "greet")])["texts"]
    assert texts == [(answers()[TOPIC][0], TOPIC), (answers()[TOPIC][1], TOPIC), ("bonjour", "greet")]


def test_nlpjs_learns_the_sentences_and_the_texts_to_answer() -> None:
    lesson = peer_lesson(NLPJS, [("les sadc font quoi", TOPIC), ("bonjour", "greet")])
    assert len(lesson["sentences"]) == 2
    assert lesson["answers"] == {TOPIC: answers()[TOPIC][1], "greet": "greet"}


def test_the_versions_of_the_peers_are_exact() -> None:
    found = versions()
    assert {"@nlpjs/basic", "@nlpjs/nlp", "@nlpjs/lang-fr", "rank-bm25"} == {*found}
    assert all(number[0].isdigit() for number in found.values())
