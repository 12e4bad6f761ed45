"""Questions told from statements by their marks, and what they ask for: names, where to begin."""

import pytest

from actions.asking import asks, asks_where_to_begin, asks_which_form, asks_who, but_for, has_question_word


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


@pytest.mark.parametrize(
    "text",
    [
        "Qui prête aux coops dans le Bas-Saint-Laurent?",
        "On est à Matane, qui accompagne ça?",
        "vers qui se tourner quand le CA chicane",
        "C'est bien beau tout ça. Qui appeler?",
        "quelles ressources à Val-d'Or",
        "y a-tu quelqu'un qui connaît les coops funéraires",
        "on sait pas où cogner",
        "on veut une garderie pis qui nous aide",
        "on est trois à vouloir ça : qui nous aide et combien ça prend?",
        "Qui est-ce qui peut nous aider?",
        "je voudrais savoir qui finance ça",
        "on sait pas qui appeler",
        "je cherche qui accompagne les OBNL",
        "Qui a de l'argent pour nous?",
        "à qui on peut s'adresser",
        "on veut ouvrir une savonnerie coop à Amqui, qui c'est qu'on appelle?",
        "une savonnerie coop à Amqui pis qui c'est qu'on appelle",
        "On sait pas par quel bout commencer ni qui appeler.",
        "projet à Rosemont, who do we call?",
    ],
)
def test_asking_for_names_is_seen(text):
    assert asks_who(text)


@pytest.mark.parametrize(
    "text",
    [
        "un fonds qui prête aux coops",
        "notre voisin, qui est notaire, le dit",
        "pour qui c'est",
        "Qui est admissible?",
        "qui es-tu",
        "on cherche du financement à Alma",
        "Notre OBNL, qui aide les aînés, cherche un prêt",
        "Notre OBNL, qui aide les aînés, cherche-t-il la bonne affaire?",
        "un projet qui loge des aînés et qui aide les familles",
        "le comptable avec qui on travaille est à Laval",
        "y en a qui disent que c'est gratuit",
        "c'est réservé à qui?",
        "à qui ça s'adresse?",
        "louer ou aller plus loin, on hésite",
        "il y a du monde intéressé à Alma",
    ],
)
def test_a_relative_or_a_fact_asks_for_no_name(text):
    assert not asks_who(text)


@pytest.mark.parametrize(
    "text",
    [
        "par où je commence",
        "par quoi est-ce qu'on commence",
        "on commence par où",
        "par où il faut que je commence",
        "on part de rien",
        "c'est quoi le premier pas",
    ],
)
def test_asking_where_to_begin_is_seen(text):
    assert asks_where_to_begin(text)


@pytest.mark.parametrize("text", ["on part en affaires", "le projet commence bien", "on passe par Rimouski", "on a fait les premiers pas"])
def test_what_only_begins_asks_nothing_of_where(text):
    assert not asks_where_to_begin(text)


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("à part le RISQ, qui prête?", True),
        ("d'autres que Filaction", True),
        ("ailleurs qu'au RISQ", True),
        ("une part du RISQ", False),
        ("à part ça, le RISQ aide-t-il les coops?", False),
        ("un membre à part entière du RISQ", False),
    ],
)
def test_what_is_set_aside_is_seen(text, aside):
    assert but_for(text) is aside


@pytest.mark.parametrize(
    ("text", "wonders"),
    [
        ("faut-tu faire un OBNL ou une coop", True),
        ("Coop de taxi ou OBNL de transport collectif, on hésite", True),
        ("une coop ou un organisme", False),
        ("notre OBNL aide une coop", False),
    ],
)
def test_wondering_between_the_two_forms_is_seen(text, wonders):
    assert asks_which_form(text) is wonders


@pytest.mark.parametrize(
    ("text", "put"),
    [("et qui décide de la rembourser?", True), ("lequel des deux", True), ("est-ce permis", True), ("une rencontre par mois?", False)],
)
def test_a_question_put_by_its_words_is_told_from_a_mark_alone(text, put):
    assert has_question_word(text) is put
