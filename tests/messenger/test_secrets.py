"""F26: the page's token and secrets go to Meta alone, in their headers; no address and no log holds them, nor what people write."""

import json
import logging
import subprocess
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest
from desk import Recorder
from fake_graph import FakeGraph, Page, cut, error, invalid_json, server_error
from messaging import account_of
from stand_in import BUTTONS, StandIn

from bot.messenger import account as account_module
from bot.messenger import courier
from bot.messenger.graph import Graph, GraphError, Unknown, Unreachable
from bot.messenger.signatures import appsecret_proof
from settings import Settings, SettingsError, load_settings

CANARIES = ("app_secret", "page_token", "verify_token")
ENVIRONMENT = {
    "AIGUILLEUR_MESSENGER_PAGE_ID": "104027518999001",
    "AIGUILLEUR_MESSENGER_APP_ID": "770011223344556",
    "AIGUILLEUR_MESSENGER_APP_SECRET": "canari-secret-0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "AIGUILLEUR_MESSENGER_PAGE_TOKEN": "EAAcanarijeton0000000000000000000000000000000000000001",
    "AIGUILLEUR_MESSENGER_VERIFY_TOKEN": "canari-verification-6f2b-0123456789abcdef",
}


def held(account: Any) -> list[str]:
    """Return the secrets of an account."""
    return [getattr(account, name) for name in CANARIES]


def openssl_hmac(key: str, text: str) -> str:
    """Return the HMAC-SHA256 that openssl computes, in hexadecimal."""
    command = ["openssl", "dgst", "-sha256", "-hmac", key, "-r"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout.split()[0].decode()


@pytest.fixture
def calls(wait, graph) -> tuple[Any, list[httpx.Request]]:
    """The account, and one request of each kind that we make."""
    account, recorder, marie = account_of(graph.page, graph.url), Recorder(), graph.person()
    marie.says("Bonjour")
    made = Graph(account, recorder)
    for work in (
        *(made.send(marie.psid, {"text": "un"}), made.act(marie.psid, "mark_seen"), made.profile(["greeting", "get_started"])),
        *(
            made.set_profile({"get_started": {"payload": "x"}}),
            made.subscribe(["messages"]),
            made.get("/me", fields="id,name"),
            made.close(),
        ),
    ):
        wait(work)
    assert graph.refusals == []
    return account, [request for _, request in recorder.requests]


def test_no_address_and_no_body_holds_a_secret_and_the_token_is_a_bearer_of_its_header(calls):
    account, requests = calls
    assert len(requests) == 6
    for request in requests:
        assert request.headers["Authorization"] == f"Bearer {account.page_token}"
        others = [value for name, value in request.headers.items() if name != "authorization"]
        for place in (str(request.url), request.content.decode(), *others):
            assert [secret for secret in held(account) if secret in place] == []


def test_each_request_proves_that_it_comes_from_whoever_holds_the_secret(calls):
    account, requests = calls
    proof = openssl_hmac(account.app_secret, account.page_token)
    given = [json.loads(each.content)["appsecret_proof"] if each.content else each.url.params["appsecret_proof"] for each in requests]
    assert given == [proof] * 6


@pytest.mark.parametrize(("token", "secret"), [("EAAtoken", "secret"), ("t" * 300, "0" * 64), ("é", "clé très secrète")])
def test_the_proof_is_the_one_that_openssl_computes(token, secret):
    assert appsecret_proof(token, secret) == openssl_hmac(secret, token)


def test_meta_refuses_another_secret_and_another_token(graph, wait):
    right = account_of(graph.page, graph.url)
    for wrong in (replace(right, app_secret="another"), replace(right, page_token="another")):
        made = Graph(wrong)
        with pytest.raises(GraphError):
            wait(made.get("/me", fields="id"))
        wait(made.close())
    assert [refusal.rule for refusal in graph.refusals] == ["F26.proof", "F25.token"]


def test_no_proxy_of_the_machine_is_given_what_people_write(graph, wait, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Graph(account_of(graph.page, graph.url))
    assert wait(made.get("/me", fields="id")) == {"id": graph.page.id}
    wait(made.close())


@pytest.mark.parametrize("failure", [error(190), error(100), cut(), invalid_json(), server_error(html=True)])
def test_what_is_said_of_a_failure_holds_no_secret_and_nothing_of_what_was_sent(graph, wait, failure):
    account, marie = account_of(graph.page, graph.url), graph.person()
    marie.says("Bonjour")
    graph.faults.next(failure)
    made = Graph(account)
    with pytest.raises((GraphError, Unreachable, Unknown)) as failed:
        wait(made.send(marie.psid, {"text": "ma-phrase-canari"}))
    wait(made.close())
    told = f"{failed.value!r} {failed.value} {failed.value.__cause__!r}"
    assert [each for each in (*held(account), "ma-phrase-canari", "by script") if each in told] == []


def test_no_log_of_a_whole_conversation_with_its_failures_holds_a_secret_or_what_people_write(
    serve_messenger, caplog, capfd, swift, monkeypatch
):
    monkeypatch.setattr(courier, "TOKEN_PAUSE_S", 0.2)
    monkeypatch.setattr(courier, "SWEEP_S", 0.1)
    caplog.set_level(logging.DEBUG)
    with serve_messenger(assistant=StandIn()) as messenger:
        graph, marie = messenger.graph, messenger.person()
        assert graph.verify()
        graph.faults.next(error(1), server_error(html=True), path="actions")
        graph.faults.next(error(613), server_error(html=True), cut(), invalid_json(), error(190))
        messenger.say(marie, "ma-phrase-canari")
        graph.faults.next(error(100))
        messenger.say(marie, BUTTONS)
        graph.faults.next(error(100), error(100))
        messenger.say(marie, "encore-un-canari")
        graph.faults.next(error(551))
        messenger.say(marie, "et-un-dernier-canari")
        assert graph.deliver(b'{"entry": "canari-non-signe"}', {"X-Hub-Signature-256": "sha256=00"}).status_code == 401
        marie.sends("image")
        messenger.settle()
        secrets = [graph.page.app_secret, graph.page.token, graph.page.proof]
        verify_token, url = graph.page.verify_token, graph.webhook
    # The fake's own client tells the addresses that it asks: that of the verification holds the word that Meta puts in it.
    ours = [record for record in caplog.records if not (record.name.startswith("http") and url in record.getMessage())]
    told = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours) + "".join(capfd.readouterr())
    assert {logging.DEBUG, logging.WARNING, logging.ERROR} <= {record.levelno for record in ours}
    assert "code 190" in told
    assert [each for each in (*secrets, verify_token) if each in told] == []
    assert [each for each in ("canari", BUTTONS, "réponse à", "Oui, bien sûr") if each in told] == []


def test_an_account_and_the_settings_show_no_secret():
    settings = load_settings(ENVIRONMENT)
    made = account_module.account_of(settings)
    secrets = [ENVIRONMENT[name] for name in ENVIRONMENT if name.endswith(("SECRET", "TOKEN"))]
    assert held(made) == secrets
    for shown in (repr(made), str(made), f"{made}", repr(settings), str(settings)):
        assert [secret for secret in secrets if secret in shown] == []
        assert ENVIRONMENT["AIGUILLEUR_MESSENGER_PAGE_ID"] in shown


def test_every_setting_whose_name_says_that_it_is_a_secret_is_shown_by_none():
    named = [each for each in fields(Settings) if each.name.endswith(("secret", "token"))]
    assert {f"messenger_{name}" for name in CANARIES} <= {each.name for each in named}
    assert [each.name for each in named if each.repr] == []


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name.endswith(("SECRET", "TOKEN"))])
def test_a_setting_that_is_wrong_is_told_without_any_secret(name):
    for env in ({**ENVIRONMENT, name: "trop-court"}, {**ENVIRONMENT, name: ""}):
        with pytest.raises(SettingsError) as wrong:
            account_module.account_of(load_settings(env))
        assert name in str(wrong.value)
        assert [value for key, value in env.items() if key.endswith(("SECRET", "TOKEN")) and value and value in str(wrong.value)] == []


def test_the_requests_of_a_page_are_signed_for_that_page_alone(wait):
    pages = [Page.example(), replace(Page.example(), id="20999", token="EAAanother", app_secret="another-secret")]
    for page in pages:
        with FakeGraph(page) as fake:
            made = Graph(account_of(page, fake.url))
            assert wait(made.get("/me", fields="id")) == {"id": page.id}
            wait(made.close())
            assert fake.refusals == []
