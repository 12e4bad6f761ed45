"""The login by an organisation's accounts: who it says, told to us, now, for this browser; nobody else, and nobody new."""

import base64
import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from identity_provider import CLIENT_ID, IdentityProvider, identity_provider
from sqlalchemy import select
from staff import CHEAP, Staff
from werkzeug.test import TestResponse

from console.app import Config, Provider, UnsafeConfig, make_app
from console.databases import Databases
from console.models import Account, AuditRow

ASK = "/connexion/organisation"


@pytest.fixture
def service() -> Iterator[IdentityProvider]:
    """The organisation's login service."""
    with identity_provider() as made:
        yield made


@pytest.fixture
def config(journal_url: str, directory_url: str, service: IdentityProvider) -> Config:
    """A console that knows the service."""
    return Config(journal_url, directory_url, "s" * 40, provider=service.provider, hash_cost=CHEAP, testing=True)


def _go(staff: Staff, path: str = ASK) -> str:
    """Return where the service sends the browser back, as a path of the console."""
    asked = staff.get(path)
    assert asked.status_code == 302
    back = urlsplit(httpx.get(asked.location).headers["Location"])
    return f"{back.path}?{back.query}"


def _come_in(staff: Staff, path: str = ASK) -> TestResponse:
    return staff.get(_go(staff, path), headers={"Sec-Fetch-Site": "cross-site"})


def _is_out(staff: Staff, answer: TestResponse, told: str) -> None:
    assert answer.location == "/connexion"
    assert told in staff.get("/connexion").get_data(as_text=True)
    assert staff.get("/").status_code == 303


@pytest.fixture
def marie(add_account: Callable[..., str]) -> str:
    """Someone whom the service knows as « sujet-1 », and who has no password here."""
    return add_account("marie", "reviewer", password=None, oidc_subject="sujet-1")


def test_who_the_service_knows_comes_in_to_the_page_that_was_asked(visitor: Staff, marie: str, bases: Databases) -> None:
    shown = visitor.get("/connexion?suite=/mon-compte").get_data(as_text=True)
    link = re.search(r'href="(/connexion/organisation[^"]*)"', shown)[1]
    answer = _come_in(visitor, link)
    assert (answer.status_code, answer.location) == (303, "/mon-compte")
    assert "Vous entrez par le compte de votre organisation" in visitor.get("/mon-compte").get_data(as_text=True)
    with bases.journal.reading() as session:
        row = session.execute(select(AuditRow).where(AuditRow.action == "door.login")).scalar_one()
    assert (row.account, row.detail, row.result) == (marie, "organisation", "done")


def test_what_is_asked_of_the_service_is_bound_to_the_browser(visitor: Staff, marie: str, service: IdentityProvider) -> None:
    for _ in range(2):
        _go(visitor)
    first, second = service.asked
    assert first["scope"] == "openid email profile"
    assert first["redirect_uri"] == "http://localhost/connexion/organisation/retour"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


def test_asking_many_times_fills_no_cookie(visitor: Staff, marie: str) -> None:
    for _ in range(20):
        visitor.get(f"{ASK}?suite=/{'x' * 3000}")
    assert len(visitor.get_cookie("passing").value) < 1500
    assert _come_in(visitor, f"{ASK}?suite=/registre?compte={'x' * 1000}").location.startswith("/registre")


TWISTS = {
    "another audience": {"aud": "une-autre-application"},
    "several audiences, without ours": {"aud": ["une", "autre"], "azp": CLIENT_ID},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://accounts.evil.example"},
    "no issuer": {"iss": None},
    "another nonce": {"nonce": "celui-d-un-autre-navigateur"},
    "no nonce": {"nonce": None},
    "over": {"exp": int(time.time()) - 600},
    "no end": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 6000},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("twist", TWISTS.values(), ids=[*TWISTS])
def test_a_token_that_is_not_for_us_now_lets_nobody_in(visitor: Staff, marie: str, service: IdentityProvider, twist: dict) -> None:
    service.change = lambda claims: {name: value for name, value in {**claims, **twist}.items() if value is not None}
    _is_out(visitor, _come_in(visitor), "ne nous a pas dit qui vous êtes")


@pytest.mark.parametrize("way", ["unsigned", "signed_with_public_key", "signed_by_another", "signed_by_other_algorithm"])
def test_a_token_that_the_service_did_not_sign_as_agreed_lets_nobody_in(
    visitor: Staff, marie: str, service: IdentityProvider, way: str
) -> None:
    service.sign = getattr(service, way)
    _is_out(visitor, _come_in(visitor), "ne nous a pas dit qui vous êtes")


@pytest.mark.parametrize("token", ["", "a.b.c", "pas un jeton", None, 42, ["x"]])
def test_what_is_no_token_lets_nobody_in(visitor: Staff, marie: str, service: IdentityProvider, token: object) -> None:
    service.sign = lambda _claims: token
    _is_out(visitor, _come_in(visitor), "ne nous a pas dit qui vous êtes")


def test_a_token_changed_on_the_way_lets_nobody_in(visitor: Staff, marie: str, service: IdentityProvider) -> None:
    def change(claims: dict) -> str:
        head, body, seal = service.signed({**claims, "sub": "un-autre"}).split(".")
        read = json.loads(base64.urlsafe_b64decode(body + "=="))
        forged = base64.urlsafe_b64encode(json.dumps({**read, "sub": "sujet-1"}).encode()).rstrip(b"=").decode()
        return f"{head}.{forged}.{seal}"

    service.sign = change
    _is_out(visitor, _come_in(visitor), "ne nous a pas dit qui vous êtes")


def test_a_key_that_the_service_has_changed_is_read_again(visitor: Staff, marie: str, service: IdentityProvider) -> None:
    assert _come_in(visitor).location == "/"
    visitor.post_form("/deconnexion")
    old = service.keys[0]
    service.rotate()
    assert _come_in(visitor).location == "/"
    visitor.post_form("/deconnexion")
    service.keys = [service.keys[0], old]
    service.sign = lambda claims: service.signed(claims)
    assert _come_in(visitor).location == "/"


def test_a_key_that_is_published_no_more_opens_nothing(visitor: Staff, marie: str, service: IdentityProvider) -> None:
    old = service.keys[0]
    service.rotate()
    published = service.keys

    def with_old_key(claims: dict) -> str:
        service.keys = [old]
        token = service.signed(claims)
        service.keys = published
        return token

    service.sign = with_old_key
    _is_out(visitor, _come_in(visitor), "ne nous a pas dit qui vous êtes")


@pytest.mark.parametrize("change", [lambda back: back.replace("state=", "state=x"), lambda back: re.sub("state=[^&]+", "state=", back)])
def test_an_answer_that_this_browser_did_not_ask_for_lets_nobody_in(visitor: Staff, marie: str, change: Callable[[str], str]) -> None:
    _is_out(visitor, visitor.get(change(_go(visitor))), "ne nous a pas dit qui vous êtes")


def test_nobody_is_logged_in_by_the_answer_that_another_browser_got(console: Flask, marie: str) -> None:
    attacker, victim = console.test_client(), console.test_client()
    victim.get(ASK)
    _is_out(victim, victim.get(_go(attacker)), "ne nous a pas dit qui vous êtes")


def test_an_answer_serves_once(visitor: Staff, marie: str) -> None:
    back = _go(visitor)
    assert visitor.get(back).location == "/"
    visitor.post_form("/deconnexion")
    _is_out(visitor, visitor.get(back), "ne nous a pas dit qui vous êtes")


@pytest.mark.parametrize("back", ["", "?error=access_denied&error_description=<script>", "?code=x&state=y", "?code=x"])
def test_any_answer_is_answered(visitor: Staff, marie: str, back: str) -> None:
    _is_out(visitor, visitor.get(f"{ASK}/retour{back}"), "ne nous a pas dit qui vous êtes")


def test_nobody_is_given_an_account(visitor: Staff, marie: str, service: IdentityProvider, bases: Databases) -> None:
    service.claims = {"sub": "inconnu", "email": "inconnu@exemple.ca", "email_verified": True}
    _is_out(visitor, _come_in(visitor), "Aucun compte de la console")
    with bases.journal.reading() as session:
        assert session.execute(select(Account.username)).scalars().all() == [marie]


@pytest.mark.parametrize("more", [{"active": False}, {"active": False, "email": "marie@exemple.ca", "oidc_subject": None}])
def test_a_closed_account_stays_closed(visitor: Staff, add_account: Callable[..., str], service: IdentityProvider, more: dict) -> None:
    add_account("marie", "reviewer", **{"oidc_subject": "sujet-1", **more})
    service.claims |= {"email": "marie@exemple.ca", "email_verified": True}
    _is_out(visitor, _come_in(visitor), "Aucun compte de la console")


def test_an_email_that_the_service_has_checked_finds_its_account_once(
    visitor: Staff, add_account: Callable[..., str], service: IdentityProvider, bases: Databases
) -> None:
    add_account("marie", "reviewer", email="marie@exemple.ca")
    service.claims = {"sub": "s-9", "email": "Marie@Exemple.ca", "email_verified": True}
    assert _come_in(visitor).location == "/"
    with bases.journal.reading() as session:
        assert session.execute(select(Account.oidc_subject)).scalar_one() == "s-9"
    visitor.post_form("/deconnexion")
    service.claims = {"sub": "un-autre", "email": "marie@exemple.ca", "email_verified": True}
    _is_out(visitor, _come_in(visitor), "Aucun compte de la console")


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_email_that_was_not_checked_finds_nobody(
    visitor: Staff, add_account: Callable[..., str], service: IdentityProvider, verified: object
) -> None:
    add_account("marie", "reviewer", email="marie@exemple.ca")
    service.claims = {"sub": "s-9", "email": "marie@exemple.ca", "email_verified": verified}
    _is_out(visitor, _come_in(visitor), "Aucun compte de la console")


def test_a_service_that_does_not_answer_is_told(
    visitor: Staff, marie: str, service: IdentityProvider, caplog: pytest.LogCaptureFixture, console: Flask
) -> None:
    back = _go(visitor)
    console.extensions["console_provider"].access_token_url = "http://127.0.0.1:9/token"
    with caplog.at_level(logging.WARNING):
        _is_out(visitor, visitor.get(back), "ne répond pas")
    assert "login by the organisation unreachable" in caplog.text
    assert service.asked[0]["state"] not in _said(caplog)


def test_the_log_and_the_trail_say_nothing_of_who_was_refused(
    visitor: Staff, marie: str, service: IdentityProvider, caplog: pytest.LogCaptureFixture, bases: Databases
) -> None:
    service.claims = {"sub": "inconnu", "email": "inconnu@exemple.ca", "email_verified": True}
    with caplog.at_level(logging.INFO, "console"):
        _come_in(visitor)
    with bases.journal.reading() as session:
        row = session.execute(select(AuditRow).where(AuditRow.action == "door.login")).scalar_one()
    assert row.result == "refused"
    assert "inconnu" not in _said(caplog) + str(vars(row))


def _said(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the console logged; the service of the tests logs too."""
    return "".join(each.getMessage() for each in caplog.records if each.name == "console")


def test_without_a_service_there_is_no_way_in_by_it(journal_url: str, directory_url: str) -> None:
    console = make_app(Config(journal_url, directory_url, "s" * 40, hash_cost=CHEAP, testing=True))
    client = console.test_client()
    assert client.get(ASK).status_code == 404
    assert client.get(f"{ASK}/retour?code=a&state=b").status_code == 404
    assert "organisation" not in client.get("/connexion").get_data(as_text=True)
    console.extensions["console_databases"].close()


@pytest.mark.parametrize("name", ["issuer", "authorize_url", "token_url", "keys_url"])
def test_a_service_is_not_spoken_to_in_clear(config: Config, name: str) -> None:
    provider = replace(config.provider, **{name: "http://idp.example/x"})
    with pytest.raises(UnsafeConfig, match="en clair"):
        make_app(replace(config, provider=provider))


def test_the_secret_of_the_client_is_not_written_where_it_is_shown() -> None:
    assert "chut" not in repr(Provider("i", "a", "t", "k", "c", "chut"))


def test_what_is_sent_back_is_what_the_service_was_given(visitor: Staff, marie: str) -> None:
    assert {*parse_qs(urlsplit(_go(visitor)).query)} == {"code", "state"}
