"""The login: who comes in, with what, and what the others are told."""

from collections.abc import Callable

from staff import PASSWORD, Staff, come_in


def test_who_gives_the_right_password_sees_what_waits(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    answer = come_in(visitor, "marie", PASSWORD)
    assert answer.status_code == 303
    assert "Ce qui vous attend" in visitor.get("/").get_data(as_text=True)


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    wrong = come_in(visitor, "marie", "une phrase longue mais fausse")
    unknown = come_in(visitor, "paul", "une phrase longue mais fausse")
    assert wrong.status_code == unknown.status_code == 422
    told = [each.get_data(as_text=True).split('role="alert">')[1].split("<")[0] for each in (wrong, unknown)]
    assert told[0] == told[1]


def test_without_login_one_is_sent_to_it_and_comes_back(visitor: Staff, add_account: Callable[..., str]) -> None:
    add_account("marie", "reviewer")
    answer = visitor.get("/?a=1")
    assert answer.status_code == 303
    assert answer.location == "/connexion?suite=/?a%3D1"
