"""What words around a message settle: thanks before a question, a reproach to others, a person asked for in anger, figures of speech."""

import pytest

from bot.nlu.settling import LOCAL, settled
from bot.nlu.understanding import _DANGER, _THANKS_IN_ENGLISH, past_thanks
from directory.text import fold


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ok merci bien, et est-ce que le trésorier est payé", "est-ce que le trésorier est payé"),
        ("merci beaucoup! comment on dissout une coop", "comment on dissout une coop"),
        ("Parfait, merci pis le RISQ prête-tu aux OBNL", "le RISQ prête-tu aux OBNL"),
        ("merci qui est le directeur du RISQ", "qui est le directeur du RISQ"),
    ],
)
def test_a_question_after_thanks_is_what_is_read(text, asked):
    assert past_thanks(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "merci",
        "merci de m'avoir écouté",
        "merci pour les infos qui m'aident",
        "merci à vous qui m'avez aidé",
        "merci c'est tout ce que je voulais savoir",
        "Merci, bonne journée!",
    ],
)
def test_thanks_alone_are_thanks(text):
    assert past_thanks(text) == text


@pytest.mark.parametrize(("text", "thanks"), [("thanks a lot", True), ("thank you for your help", True), ("thanks for nothing", False)])
def test_thanks_in_english_are_told_from_their_contrary(text, thanks):
    assert bool(_THANKS_IN_ENGLISH.fullmatch(text)) is thanks


def _first(label, text, *entities):
    return settled([(label, 0.9), ("nlu_fallback", 0.05)], text, [{"entity": name, "value": "x"} for name in entities])[0][0]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (LOCAL, "le pôle de mon coin, ils répondent jamais à mes courriels"),
        ("complain_bot", "trois fois que j'écris au pôle pis y me répondent jamais"),
        ("complain_bot", "le RISQ m'a jamais rappelé"),
    ],
)
def test_a_reproach_to_somebody_else_is_not_one_to_us(label, text):
    assert _first(label, text, "actor_kind") == "vent"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("complain_bot", "tu me réponds pas sur le RISQ"),
        ("complain_bot", "vous m'avez jamais répondu sur le pôle"),
        (LOCAL, "la SADC m'a jamais rappelé, qui d'autre peut m'aider à Gaspé?"),
        (LOCAL, "le CLD m'a pas rappelé, c'est quoi le numéro du pôle à Matane"),
        ("find_local_actor", "on a jamais retourné le formulaire au RISQ"),
    ],
)
def test_a_reproach_to_us_or_a_question_stays_what_it_is(label, text):
    assert _first(label, text, "actor_kind") == label


@pytest.mark.parametrize("label", ["complain_bot", "insult", "vent"])
def test_whoever_asks_for_a_person_in_anger_is_heard(label):
    for text in ("vous comprenez rien, je veux parler à du monde", "passez-moi quelqu'un, je veux parler à une vraie personne"):
        assert _first(label, text) == "talk_to_human"
    for text in ("je veux pas parler à quelqu'un, je veux une réponse", "tanné de parler à du monde qui aide pas"):
        assert _first(label, text) == label


@pytest.mark.parametrize(
    ("text", "label"),
    [("ça va pas ben ben", "vent"), ("je file pas", "vent"), ("ça va pas mal, toi?", "how_are_you"), ("ça va?", "how_are_you")],
)
def test_whoever_is_not_well_is_not_told_that_we_are(text, label):
    assert _first("how_are_you", text) == label


def test_a_word_of_governance_is_not_off_the_subject_unless_that_is_sure():
    ranking = [("out_of_scope", 0.4), ("ask_unheld", 0.3), ("near_miss", 0.1)]
    assert settled(ranking, "c koi un quorum en passant", [])[0][0] == "ask_unheld"
    assert settled(ranking, "c koi un radar en passant", [])[0][0] == "out_of_scope"
    outside = [("out_of_scope", 0.4), ("near_miss", 0.3)]
    assert settled(outside, "c koi un quorum", [])[0][0] == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("là je pense à mourir", True),
        ("on s'est tiré une balle dans le pied, là je pense juste à la mort", True),
        ("je vais me tirer une balle", True),
        ("le conseil va se tirer une balle dans le pied", False),
    ],
)
def test_a_figure_of_speech_neither_raises_an_alarm_nor_hides_one(text, danger):
    assert bool(_DANGER.search(fold(text))) is danger
