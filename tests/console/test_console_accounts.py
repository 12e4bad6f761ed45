"""Accounts: added with a link that serves once, changed, closed; someone always administers the others."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from clocks import Clock
from flask import Flask
from sqlalchemy import select
from staff import PASSWORD, Staff, come_in
from tables import with_tables

from console.databases import Databases
from console.models import Account, AuditRow

PERSON = {"username": "p.roy", "name": "Paul Roy", "email": "", "subject": "", "roles": ["reader", "editor"]}
CHOSEN = {"new_password": "mon tout nouveau secret", "again": "mon tout nouveau secret"}
HOSTILE = "<script>alert(1)</script>\u202e{{ 7*7 }}"


def _link(answer: object) -> str:
    found = re.search(r"<code>http://localhost(/mot-de-passe/[^<]+)</code>", answer.get_data(as_text=True))
    assert found, answer.get_data(as_text=True)
    return found[1]


def _accounts(bases: Databases) -> dict[str, Account]:
    with bases.journal.reading() as session:
        return {each.username: each for each in session.execute(select(Account)).scalars()}


@pytest.fixture
def admin(login: Callable[..., Staff]) -> Staff:
    """Someone who administers the accounts."""
    return login("admin", username="marie")


def test_a_new_account_comes_in_once_its_person_has_chosen_a_password(admin: Staff, visitor: Staff, bases: Databases) -> None:
    link = _link(admin.post_form("/comptes/nouveau", PERSON))
    assert _accounts(bases)["p.roy"].password is None
    assert come_in(visitor, "p.roy", "").status_code == 422
    assert visitor.post_form(link, CHOSEN, page=link).status_code == 303
    assert come_in(visitor, "P.Roy", CHOSEN["again"]).status_code == 303
    assert "lecture, annuaire" in visitor.get("/mon-compte").get_data(as_text=True)


def test_a_link_serves_once(admin: Staff, visitor: Staff) -> None:
    link = _link(admin.post_form("/comptes/nouveau", PERSON))
    visitor.post_form(link, CHOSEN, page=link)
    answer = visitor.get(link)
    assert answer.status_code == 410
    assert "ne sert plus" in answer.get_data(as_text=True)
    assert visitor.post_form(link, CHOSEN, page="/connexion").status_code == 410


def test_a_link_serves_a_day(admin: Staff, visitor: Staff, clock: Clock) -> None:
    link = _link(admin.post_form("/comptes/nouveau", PERSON))
    clock.move(hours=23, minutes=59)
    assert visitor.get(link).status_code == 200
    clock.move(minutes=2)
    assert visitor.get(link).status_code == 410


def test_a_newer_link_ends_the_one_before_and_a_closed_account_has_none(
    admin: Staff, visitor: Staff, add_account: Callable[..., str], bases: Databases
) -> None:
    add_account("p.roy", "reader")
    number = _accounts(bases)["p.roy"].id
    first, second = (_link(admin.post_form(f"/comptes/{number}/lien")) for _ in range(2))
    assert visitor.get(first).status_code == 410
    assert visitor.get(second).status_code == 200
    admin.post_form(f"/comptes/{number}/desactiver")
    assert visitor.get(second).status_code == 410
    admin.post_form(f"/comptes/{number}/reactiver")
    assert visitor.get(second).status_code == 410


@pytest.mark.parametrize("change", [lambda link: link[:-2], lambda link: link + "a", lambda _: "/mot-de-passe/" + "x" * 3000])
def test_a_link_that_was_changed_serves_nothing(admin: Staff, visitor: Staff, change: Callable[[str], str]) -> None:
    link = change(_link(admin.post_form("/comptes/nouveau", PERSON)))
    assert visitor.get(link).status_code == 410


def test_choosing_by_a_link_ends_the_sessions_of_the_account(
    admin: Staff, login: Callable[..., Staff], visitor: Staff, bases: Databases
) -> None:
    staff = login("reader", username="p.roy")
    link = _link(admin.post_form(f"/comptes/{_accounts(bases)['p.roy'].id}/lien"))
    assert staff.get("/").status_code == 200
    visitor.post_form(link, CHOSEN, page=link)
    assert staff.get("/").status_code == 303
    assert come_in(staff, "p.roy", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"new_password": "court", "again": "court"}, "trop court"),
        ({"new_password": "mon tout nouveau secret", "again": "mon tout nouveau secrét"}, "pas les mêmes"),
        ({"new_password": "p.roy est mon nom", "again": "p.roy est mon nom"}, "nom d’utilisateur"),
    ],
)
def test_a_password_that_is_refused_leaves_the_link_good(admin: Staff, visitor: Staff, form: dict[str, str], told: str) -> None:
    link = _link(admin.post_form("/comptes/nouveau", PERSON))
    answer = visitor.post_form(link, form, page=link)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert form["new_password"] not in answer.get_data(as_text=True).replace("p.roy", "") or form["new_password"] == "court"
    assert visitor.post_form(link, CHOSEN, page=link).status_code == 303


def test_new_roles_end_the_sessions_and_are_told_in_the_trail(admin: Staff, login: Callable[..., Staff], bases: Databases) -> None:
    staff = login("reader", username="p.roy")
    number = _accounts(bases)["p.roy"].id
    same = {**PERSON, "name": "Paul-Émile Roy", "roles": ["reader"]}
    admin.post_form(f"/comptes/{number}", same)
    assert staff.get("/").status_code == 200
    admin.post_form(f"/comptes/{number}", {**same, "roles": ["reviewer", "reader"]})
    assert staff.get("/").status_code == 303
    assert _accounts(bases)["p.roy"].roles == ["reader", "reviewer"]
    with bases.journal.reading() as session:
        details = session.execute(select(AuditRow.detail).where(AuditRow.action == "account.change")).scalars().all()
    assert details == ["nom", "rôles\u00a0: lecture → lecture, révision"]


@pytest.mark.parametrize(
    ("changes", "told"), [({"email": "paul@exemple.ca"}, "courriel"), ({"subject": "s-2"}, "identifiant de l’organisation")]
)
def test_who_may_come_in_as_an_account_is_changed_in_the_open(
    admin: Staff, login: Callable[..., Staff], bases: Databases, changes: dict[str, str], told: str
) -> None:
    staff = login("reader", username="p.roy")
    same = {**PERSON, "name": "P.Roy", "roles": ["reader"]}
    admin.post_form(f"/comptes/{_accounts(bases)['p.roy'].id}", {**same, **changes})
    assert staff.get("/").status_code == 303
    with bases.journal.reading() as session:
        assert session.execute(select(AuditRow.detail).where(AuditRow.action == "account.change")).scalars().all() == [told]


def test_nobody_gives_themselves_a_role(admin: Staff, add_account: Callable[..., str], bases: Databases) -> None:
    add_account("autre", "admin")
    address = f"/comptes/{_accounts(bases)['marie'].id}"
    for roles in (["admin", "reader"], ["reader"]):
        answer = admin.post_form(address, {"name": "Marie", "roles": roles})
        assert answer.status_code == 422
        assert "Vos propres rôles" in answer.get_data(as_text=True)
    assert _accounts(bases)["marie"].roles == ["admin"]
    assert 'type="checkbox"' not in admin.get(address).get_data(as_text=True)
    assert admin.post_form(address, {"name": "Marie Roy", "roles": ["admin"]}).status_code == 303
    assert _accounts(bases)["marie"].name == "Marie Roy"


def test_looking_at_accounts_is_in_the_trail(admin: Staff, bases: Databases) -> None:
    admin.get("/comptes")
    admin.get(f"/comptes/{_accounts(bases)['marie'].id}")
    with bases.journal.reading() as session:
        noted = session.execute(select(AuditRow.action, AuditRow.subject).where(AuditRow.action.like("account.%"))).all()
    assert noted == [("account.list", ""), ("account.view", "marie")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"username": "ab"}, "Nom d’utilisateur"),
        ({"username": "m tremblay"}, "Nom d’utilisateur"),
        ({"username": "../etc"}, "Nom d’utilisateur"),
        ({"username": "MARIE"}, "déjà pris"),
        ({"name": ""}, "Nom"),
        ({"name": "x" * 121}, "Nom"),
        ({"email": "pas une adresse"}, "Courriel"),
        ({"roles": []}, "Rôles"),
        ({"roles": ["dieu"]}, "Rôles"),
        ({"subject": "x" * 300}, "Identifiant"),
    ],
)
def test_what_cannot_be_of_an_account_is_told_and_adds_nothing(admin: Staff, bases: Databases, changes: dict, told: str) -> None:
    answer = admin.post_form("/comptes/nouveau", {**PERSON, **changes})
    assert answer.status_code == 422
    assert told in re.search(r'role="alert">([^<]+)', answer.get_data(as_text=True))[1]
    assert [*_accounts(bases)] == ["marie"]


def test_two_accounts_have_not_the_same_email(admin: Staff, bases: Databases) -> None:
    admin.post_form("/comptes/nouveau", {**PERSON, "email": "Paul@exemple.ca"})
    answer = admin.post_form("/comptes/nouveau", {**PERSON, "username": "p.roy2", "email": "paul@EXEMPLE.ca"})
    assert answer.status_code == 422
    assert "un autre compte l’a déjà" in answer.get_data(as_text=True)
    assert [*_accounts(bases)] == ["marie", "p.roy"]


def test_hostile_text_in_a_name_is_shown_as_text(admin: Staff, bases: Databases) -> None:
    admin.post_form("/comptes/nouveau", {**PERSON, "name": HOSTILE})
    number = _accounts(bases)["p.roy"].id
    for path in ("/comptes", f"/comptes/{number}"):
        shown = admin.get(path).get_data(as_text=True)
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown
        assert "49" not in shown


def test_the_last_account_of_administration_stays(admin: Staff, bases: Databases) -> None:
    number = _accounts(bases)["marie"].id
    admin.post_form(f"/comptes/{number}/desactiver")
    assert "dernier compte d’administration" in admin.get(f"/comptes/{number}").get_data(as_text=True)
    assert _accounts(bases)["marie"].active
    assert _accounts(bases)["marie"].roles == ["admin"]


def test_a_closed_account_of_administration_counts_for_none(admin: Staff, add_account: Callable[..., str], bases: Databases) -> None:
    add_account("ancienne", "admin", active=False)
    admin.post_form(f"/comptes/{_accounts(bases)['marie'].id}/desactiver")
    assert _accounts(bases)["marie"].active


def test_who_closes_their_own_account_is_out(admin: Staff, add_account: Callable[..., str], bases: Databases) -> None:
    add_account("autre", "admin")
    answer = admin.post_form(f"/comptes/{_accounts(bases)['marie'].id}/desactiver")
    assert answer.location == "/connexion"
    assert admin.get("/").status_code == 303
    assert come_in(admin, "marie").status_code == 422


def test_a_lost_second_factor_is_removed_by_the_administration(
    admin: Staff, add_account: Callable[..., str], visitor: Staff, bases: Databases
) -> None:
    add_account("p.roy", "reader", totp_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", recovery_codes=["x"])
    assert come_in(visitor, "p.roy").status_code == 422
    admin.post_form(f"/comptes/{_accounts(bases)['p.roy'].id}/second-facteur/retirer")
    assert come_in(visitor, "p.roy").status_code == 303


def test_an_account_that_is_not_there_is_not_found(admin: Staff) -> None:
    for path in ("/comptes/999", "/comptes/0", "/comptes/99999999999999999999"):
        assert admin.get(path).status_code == 404


class TestTwoAtOnce:
    """Two who administer, on a database where both may write at the same moment."""

    @pytest.fixture
    def journal_url(self, postgresql: Callable[[], str]) -> str:
        """A journal on PostgreSQL."""
        return with_tables(postgresql())

    def test_two_who_close_each_other_leave_one(self, console: Flask, login: Callable[..., Staff], bases: Databases) -> None:
        staff = [login("admin", username=name) for name in ("marie", "paul")]
        numbers = [_accounts(bases)[name].id for name in ("paul", "marie")]
        tokens = [each.token("/") for each in staff]
        with ThreadPoolExecutor(2) as threads:
            done = [
                threads.submit(
                    who.post,
                    f"/comptes/{number}/desactiver",
                    data={"csrf_token": token},
                    headers={"Sec-Fetch-Site": "same-origin"},
                )
                for who, number, token in zip(staff, numbers, tokens, strict=True)
            ]
        assert {each.result().status_code for each in done} <= {303}
        assert sum(each.active for each in _accounts(bases).values()) == 1
