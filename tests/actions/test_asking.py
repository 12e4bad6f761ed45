"""Questions told from statements by their marks."""

import pytest

from actions.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        "combien ça prend",
        "la Fiducie prendrait-tu ça",
        "prêtent-ils aux coops",
        "y a-t-il un pôle",
        "avez-vous un mentor",
        "un pôle?",
        "c'est qui",
    ],
)
def test_a_mark_of_a_question_is_seen(text):
    assert asks(text)


@pytest.mark.parametrize("text", ["on a pris rendez-vous", "notre coop est à Alma", "donnez-moi un numéro", "tu m'aides pas"])
def test_a_statement_asks_nothing(text):
    assert not asks(text)
