"""What is not understood never makes a loop: the replies differ, then a person is offered."""

import re

import pytest

A_PERSON = r"parler a une personne|a qui parler|voici des personnes"
NONSENSE = {
    "keys struck at random": ("asdkjh qwe", "zxcv poiu", "lkjlkj mnbv", "qpwoei rutyu", "gfhdjsk alqpzm"),
    "words without a meaning": (
        "le bidule du machin",
        "la patente à gosse de travers",
        "ouin mais la gogosse",
        "genre le zigonnage pour l'affaire",
        "t'sais le truc bleu",
    ),
    "signs and pictures": ("???", "🤷", "...", "😅😅", "!!"),
}


@pytest.mark.parametrize("messages", NONSENSE.values(), ids=NONSENSE)
def test_five_messages_without_a_meaning_never_get_the_same_reply_three_times(messages, person, request):
    replies = [person.say(request.node.name, text).folded for text in messages]
    first = replies[0].split("je suis aiguilleur")[0].strip()
    following = [first, *replies[1:]]
    repeated = [r for r in set(following) if following.count(r) > 2]
    assert not repeated, "\n\n".join(following)


@pytest.mark.parametrize("messages", NONSENSE.values(), ids=NONSENSE)
def test_a_person_is_offered_before_the_third_message_without_a_meaning(messages, person, request):
    replies = [person.say(request.node.name, text).folded for text in messages[:3]]
    assert any(re.search(A_PERSON, reply) for reply in replies), "\n\n".join(replies)


def test_frustration_said_twice_does_not_get_the_same_reply(person):
    first = person.say("frustrated", "coudonc tu comprends rien")
    second = person.say("frustrated", "ben non c'est pas ça, tu comprends rien pantoute")
    assert re.search(A_PERSON, second.folded)
    assert first.replies[0]["text"] != second.replies[0]["text"]


def test_a_question_that_stays_unanswered_twice_is_left_out(person):
    person.say("unanswered", "on cherche du financement à Drummondville")
    person.say("unanswered", "qwrtz pltk")
    third = person.say("unanswered", "vrmblx kdjf")
    assert "quelle est la forme juridique" not in third.folded, third.raw
    assert "etape" in third.folded, third.raw


def test_thanking_three_times_stays_polite_and_short(person):
    replies = [person.say("thanks", text) for text in ("merci", "merci encore", "ok merci ben")]
    assert all(re.search("plaisir|de rien", reply.folded) for reply in replies), [r.raw for r in replies]
    assert not any(reply.cards for reply in replies)


@pytest.mark.parametrize("text", ["annule ça", "bonne soirée à vous", "je veux mourir", "on recommence du début"])
def test_what_ends_a_search_is_answered_once(text, person):
    person.say(f"ending {text}", "on cherche du financement")
    ended = person.say(f"ending {text}", text)
    assert len([reply for reply in ended.replies if reply["text"]]) == 1, ended.raw


def test_nonsense_never_goes_round(person):
    replies = [person.say("round", text).folded for text in ("qwrtz", "pfltk", "zzxcv", "mnbvg", "trwqp", "lkjhg", "ghvbn", "wsxcd")]
    assert all(one != other for one, other in zip(replies, replies[1:], strict=False))
    assert len([reply for reply in replies if "voici des personnes" in reply]) == 1, "\n\n".join(replies)
