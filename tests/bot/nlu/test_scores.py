"""How understanding is counted: F1 by label, what is stolen by whom, outside subjects."""

import pytest

from bot.nlu.scores import Reading, accuracy, f1_by_label, losers, macro_f1, outside_recall, thefts

READINGS = [
    Reading("ça prête combien", "ask_amount", "ask_amount"),
    Reading("combien ça coûte", "ask_amount", "ask_cost"),
    Reading("c'est payant?", "ask_cost", "ask_cost"),
    Reading("le maximum", "ask_amount", "ask_cost"),
    Reading("il fait beau", "out_of_scope", "nlu_fallback"),
    Reading("ma pelouse jaunit", "out_of_scope", "out_of_scope"),
]


def test_each_label_has_its_f1_the_worst_first():
    # ask_amount: one of three found, none taken; ask_cost: found, but two of three taken wrongly; out_of_scope: one of two.
    assert f1_by_label(READINGS) == pytest.approx({"ask_amount": 0.5, "ask_cost": 0.5, "out_of_scope": 2 / 3})
    assert list(f1_by_label(READINGS))[-1] == "out_of_scope"
    assert macro_f1(READINGS) == pytest.approx((0.5 + 0.5 + 2 / 3) / 3)
    assert accuracy(READINGS) == pytest.approx(3 / 6)


def test_a_theft_names_both_labels_and_both_sentences():
    training = [("combien ça coûte par mois", "ask_cost"), ("est-ce gratuit", "ask_cost"), ("le prêt maximal", "ask_amount")]
    worst, *others = thefts(READINGS, training)
    assert (worst.victim, worst.thief) == ("ask_amount", "ask_cost")
    assert worst.pairs[0] == ("combien ça coûte", "combien ça coûte par mois")
    assert [(theft.victim, theft.thief) for theft in others] == [("out_of_scope", "nlu_fallback")]
    assert others[0].pairs == [("il fait beau", "")]
    assert losers(READINGS).most_common(1) == [("ask_cost", 2)]


def test_outside_subjects_are_refused_and_what_is_answered_is_right():
    # One of two outside ones is refused, the other is answered as neither; of the four answered as inside, two are right.
    assert outside_recall(READINGS) == pytest.approx((0.5, 2 / 4))
