"""F11 to F14: whatever a reply holds, Meta's limits take its messages, and nothing that could be read or chosen is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neutral import PAYLOAD, read, refusals, replies, reply, squeezed, tapped, template_of, texts, words

from bot.messenger.rendering import is_numbered, plain, rendered
from bot.messenger.splitting import length

LONG = "Ce programme soutient les coopératives et les organismes de la région qui démarrent un projet collectif. "
A_CARD = {
    "name": "Réseau d’investissement social du Québec",
    "does": "Prête de 20 000 $ à 100 000 $ aux entreprises collectives.",
    "why": ["vous êtes une coopérative", "vous êtes en Gaspésie"],
    "first_step": "Écrivez-leur votre projet en une page.",
    "phone": "1 866 560-2626, poste 3",
    "email": "info@risq.example",
    "website": "www.risq.example/aide",
    "source": "Chantier de l’économie sociale",
    "as_of": "2026-11-20",
    "caution": "Leur budget de l’année est presque épuisé.",
    "actor": "risq",
}


def is_reachable(number: int, button: dict, content: dict, messages: list) -> bool:
    """A button can be tapped, or stands in the list under the number that may be typed."""
    listed = squeezed(f"{number}. {button['title']}") in squeezed("".join(map(words, messages)))
    return PAYLOAD + button["id"] in tapped(messages) or (is_numbered(content["buttons"]) and listed)


@settings(max_examples=150, deadline=None)
@given(replies())
def test_whatever_a_reply_holds_meta_takes_every_message_of_it(content):
    messages = rendered(content)
    assert messages
    assert refusals(messages) == []


@settings(max_examples=150, deadline=None)
@given(replies())
def test_whatever_a_reply_holds_every_button_is_readable_whole_and_can_be_reached(content):
    messages = rendered(content)
    shown = read(messages)
    for number, button in enumerate(content["buttons"], start=1):
        assert squeezed(button["title"]) in shown
        assert is_reachable(number, button, content, messages), button


@settings(max_examples=150, deadline=None)
@given(replies())
def test_whatever_a_reply_holds_its_text_and_every_field_of_its_cards_are_readable(content):
    shown = read(rendered(content))
    assert squeezed(content["text"]) in shown
    for card in content["cards"]:
        told = [value for name, value in card.items() if name not in ("why", "actor", "as_of")] + card.get("why", [])
        # The date is that of the source.
        told += [card["as_of"]] if {"source", "as_of"} <= set(card) else []
        assert [each for each in told if squeezed(each) not in shown] == []


@settings(max_examples=150, deadline=None)
@given(replies())
def test_in_plain_words_meta_takes_what_it_refused_and_nothing_of_it_is_lost(content):
    for message in rendered(content):
        parts = plain(message)
        assert refusals(parts) == []
        assert not any("attachment" in part or "quick_replies" in part for part in parts)
        assert parts
        said = squeezed("".join(map(words, parts)))
        assert squeezed(words(message)) in said
        assert [title for title in tapped([message]).values() if squeezed(title) not in said] == []
        for element in template_of(message).get("elements", ()):
            reached = [each.get("url") or each["payload"] for each in element["buttons"]]
            assert [each for each in (element["title"], *reached) if squeezed(each) not in said] == []


@settings(max_examples=150, deadline=None)
@given(texts(), st.integers(1, 40))
def test_what_is_chosen_stands_in_the_last_message_where_the_eye_is(text, number):
    *before, last = rendered(reply(text, *(f"Choix {n}" for n in range(1, number + 1))))
    assert tapped(before) == {}
    assert len(tapped([last])) == min(number, 13)


def test_a_reply_that_holds_nothing_still_shows_that_the_page_answered():
    assert refusals(rendered(reply())) == []
    assert rendered(reply(" \n ")) == rendered(reply())


@pytest.mark.parametrize("number", [1, 2, 3])
def test_up_to_three_short_choices_are_buttons_that_stay_and_no_list_repeats_them(number):
    titles = ["Du financement", "Un mentor", "Un accompagnement!!"][:number]
    (message,) = rendered(reply("Que cherchez-vous?", *titles))
    template = template_of(message)
    assert template["template_type"] == "button"
    assert template["text"] == "Que cherchez-vous?"
    assert [(each["title"], each["payload"]) for each in template["buttons"]] == [(t, f"choix:id_{n:09}") for n, t in enumerate(titles)]


@pytest.mark.parametrize("number", [4, 13])
def test_four_to_thirteen_choices_are_quick_replies_and_a_list_for_the_screens_that_show_none(number):
    (message,) = rendered(reply("Où?", *(f"MRC numéro {n}" for n in range(1, number + 1))))
    assert [each["title"] for each in message["quick_replies"]] == [f"MRC numéro {n}" for n in range(1, number + 1)]
    assert message["text"] == "\n".join(["Où?", "", *(f"{n}. MRC numéro {n}" for n in range(1, number + 1))])


@pytest.mark.parametrize("number", [14, 40])
def test_beyond_thirteen_choices_the_others_are_reached_by_their_number(number):
    (message,) = rendered(reply("Où?", *(f"MRC numéro {n}" for n in range(1, number + 1))))
    assert len(message["quick_replies"]) == 13
    assert message["text"].endswith(f"{number}. MRC numéro {number}")
    assert refusals([message]) == []


def test_choices_without_a_question_are_introduced():
    for titles in (["Oui", "Non"], ["Est", "Ouest", "Nord", "Sud", "Centre"], ["Coopérative de travailleurs"]):
        (message,) = rendered(reply("", *titles))
        assert refusals([message]) == []
        assert words(message).partition("\n")[0].strip().endswith(":")


def test_a_long_text_comes_first_and_its_three_buttons_go_with_its_end():
    text = (LONG * 10)[:1000].strip()
    *before, last = rendered(reply(text, "Oui", "Non", "Peut-être"))
    assert length(template_of(last)["text"]) <= 640
    assert "".join(map(words, [*before, last])) == text
    assert len(before) == 1


@pytest.mark.parametrize("length_of_it", [1, 639, 640, 641, 1279, 1281, 1899, 1900, 1901, 2539, 2541, 4000])
@pytest.mark.parametrize("number", [2, 5])
def test_at_every_limit_meta_takes_a_text_and_its_choices(length_of_it, number):
    for text in ("m" * length_of_it, ("mot " * 1000)[:length_of_it].strip()):
        messages = rendered(reply(text, *"abcde"[:number]))
        assert refusals(messages) == []
        assert squeezed(text) in read(messages)


def test_a_title_of_twenty_one_characters_is_cut_and_listed_whole():
    title = "Coopérative de santé!"
    assert len(title) == 21
    (message,) = rendered(reply("Laquelle?", "Une OBNL", title))
    assert f"2. {title}" in words(message)
    assert [each["title"] for each in template_of(message)["buttons"]] == ["Une OBNL", "Coopérative…"]


def test_titles_that_would_be_cut_alike_begin_with_their_numbers():
    (message,) = rendered(reply("Laquelle?", "Le taux d’intérêt du RISQ", "Le taux d’intérêt de la Fiducie", "Aucune"))
    assert [each["title"] for each in template_of(message)["buttons"]] == ["1. Taux d’intérêt…", "2. Taux d’intérêt…", "Aucune"]


def test_a_title_too_long_leaves_its_article_before_its_words():
    (message,) = rendered(reply("Laquelle?", "Le taux de la Fiducie", "L’hypothèque exigée par la Fiducie", "La Fiducie"))
    assert [each["title"] for each in template_of(message)["buttons"]] == ["Taux de la Fiducie", "Hypothèque exigée…", "La Fiducie"]
    assert "1. Le taux de la Fiducie" in words(message)


def test_a_title_of_twenty_characters_is_its_button_and_no_list_is_needed():
    (message,) = rendered(reply("Laquelle?", "Coopérative de santé"))
    assert words(message) == "Laquelle?"
    assert template_of(message)["buttons"][0]["title"] == "Coopérative de santé"


@pytest.mark.parametrize(
    ("title", "shown"), [("Trouver du financement", "Du financement"), ("Parler à une personne", "Parler à quelqu’un")]
)
def test_what_is_offered_most_fits_its_button_in_other_words_and_makes_no_list(title, shown):
    (message,) = rendered(reply("Que cherchez-vous?", title, "Un mentor"))
    assert words(message) == "Que cherchez-vous?"
    assert [each["title"] for each in template_of(message)["buttons"]] == [shown, "Un mentor"]


def test_a_title_of_emoji_is_measured_as_meta_may_measure_it():
    (message,) = rendered(reply("Laquelle?", "👩\u200d👩\u200d👧\u200d👦👩\u200d👩\u200d👧\u200d👦"))
    assert refusals([message]) == []
    assert "1. 👩\u200d👩\u200d👧\u200d👦" in words(message)


def test_a_card_is_told_whole_then_offers_its_site_and_its_number_in_one_gesture():
    text, carousel = rendered(reply(cards=[A_CARD]))
    for value in (*A_CARD["why"], *(A_CARD[name] for name in A_CARD if name not in ("why", "actor"))):
        assert value in words(text)
    (element,) = template_of(carousel)["elements"]
    assert element["title"] == A_CARD["name"]
    site, call = element["buttons"]
    assert (site["type"], site["url"]) == ("web_url", "https://www.risq.example/aide")
    assert (call["type"], call["payload"]) == ("phone_number", "+18665602626")


@pytest.mark.parametrize("more", [{}, {"email": "info@pole.example"}, {"phone": "211"}, {"website": "aucun"}])
def test_a_card_without_a_site_or_a_number_to_call_is_told_and_makes_no_template(more):
    (message,) = rendered(reply(cards=[{"name": "Pôle de la Côte-Nord", "does": "Accompagne.", **more}]))
    assert "attachment" not in message
    for value in ("Pôle de la Côte-Nord", "Accompagne.", *more.values()):
        assert value in message["text"]


def test_a_card_without_a_name_is_told_all_the_same():
    (message,) = rendered(reply(cards=[{"phone": "514 866-2355"}]))
    assert message == {"text": "514 866-2355"}


def test_beyond_ten_cards_there_is_a_second_row_of_them():
    cards = [{"name": f"Organisme {n}", "website": f"o{n}.example"} for n in range(14)]
    messages = rendered(reply("Voici:", "Oui", cards=cards))
    rows = [[each["title"] for each in elements] for message in messages if (elements := template_of(message).get("elements"))]
    assert [len(row) for row in rows] == [10, 4]
    assert sum(rows, []) == [card["name"] for card in cards]
    assert words(messages[0]) == "Voici:"
    assert tapped(messages[-1:]) == {"choix:id_000000000": "Oui"}


def test_names_and_descriptions_of_eighty_one_characters_are_cut_in_the_template_and_whole_in_the_text():
    card = {"name": "N" * 40 + " " + "n" * 40, "does": "D" * 40 + " " + "d" * 40, "website": "o.example"}
    text, carousel = rendered(reply(cards=[card]))
    assert card["name"] in words(text)
    assert card["does"] in words(text)
    (element,) = template_of(carousel)["elements"]
    assert element["title"] == "N" * 40 + "…"
    assert element["subtitle"] == "D" * 40 + "…"


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "https://[", "o.example/a b", "https://localhost", "o.example/" + "a" * 1000, "mailto:a"]
)
def test_what_is_no_site_is_told_and_never_a_link(website):
    messages = rendered(reply(cards=[{"name": "Organisme", "website": website}]))
    assert not any(template_of(message) for message in messages)
    assert squeezed(website) in read(messages)


def test_the_plain_words_of_a_carousel_hold_each_site_and_each_number():
    *_, carousel = rendered(reply(cards=[A_CARD, {"name": "Pôle", "phone": "418 723-1939"}]))
    (part,) = plain(carousel)
    for value in ("https://www.risq.example/aide", "+18665602626", "+14187231939", "Pôle", A_CARD["name"]):
        assert value in part["text"]
    paragraphs = part["text"].strip().split("\n\n")
    assert [each.splitlines()[0] for each in paragraphs] == [A_CARD["name"], "Pôle"]
    assert "\n\n\n" not in part["text"]
