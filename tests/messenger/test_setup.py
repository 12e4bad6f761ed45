"""The page set up and checked from the command line (F19, F20): what changes is shown, and done once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fake_graph import FakeGraph, Page, error

from bot.messenger.menu import GREETING, wanted
from bot.messenger.setup import difference, expected
from cli.messenger import app


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    """A fake Graph whose page has nothing yet."""
    with FakeGraph(Page.example()) as fake:
        fake.subscribed_fields = set()
        yield fake


@pytest.fixture
def messenger_verb(graph: FakeGraph, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Callable[..., tuple[int, str]]:
    """Runs a verb of `aiguilleur messenger`; returns its exit code and what it wrote."""
    page = graph.page
    given = {
        "PAGE_ID": page.id,
        "APP_ID": page.app_id,
        "APP_SECRET": page.app_secret,
        "PAGE_TOKEN": page.token,
        "VERIFY_TOKEN": page.verify_token.ljust(32, "0"),
        "GRAPH_URL": graph.url,
        "TEST": "1",
    }

    def run(*arguments: str, **variables: str) -> tuple[int, str]:
        for name, value in {**given, **variables}.items():
            monkeypatch.setenv(f"AIGUILLEUR_MESSENGER_{name}", value)
        with pytest.raises(SystemExit) as ended:
            app([*arguments])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out + err

    return run


def test_a_dry_run_shows_what_would_change_and_changes_nothing(messenger_verb, graph, folded):
    code, told = messenger_verb("setup", "--dry-run")
    assert code == 0
    assert "persistent_menu\u00a0: à changer" in told
    assert "+" in told
    assert "Effacer ma conversation" in told
    assert "rien n’a ete change" in told.lower().replace("é", "e")
    assert graph.profile == {}
    assert not graph.subscribed_fields


def test_what_is_applied_is_there_and_a_second_time_changes_nothing(messenger_verb, graph):
    assert messenger_verb("setup", "--apply")[0] == 0
    assert difference(graph.profile, wanted()) == {}
    assert {"messages", "messaging_postbacks", "standby"} <= graph.subscribed_fields
    asked = len(graph.accepted)
    code, told = messenger_verb("setup", "--apply")
    assert (code, "rien à changer" in told) == (0, True)
    assert len(graph.accepted) == asked, "something was set again"
    assert graph.refusals == []


def test_only_what_differs_is_set(messenger_verb, graph):
    messenger_verb("setup", "--apply")
    graph.profile["greeting"] = [{"locale": "default", "text": "Autre chose"}]
    _, told = messenger_verb("setup", "--apply")
    assert "get_started\u00a0: pareil" in told
    assert "greeting\u00a0: à changer" in told
    assert graph.accepted[-1].body.keys() - {"appsecret_proof"} == {"greeting"}


def test_a_page_that_is_ready_is_said_so(messenger_verb):
    messenger_verb("setup", "--apply")
    code, told = messenger_verb("check")
    assert (code, told.startswith("✓")) == (0, True)


BROKEN: list[tuple[dict[str, str], str]] = [
    ({"PAGE_TOKEN": "EAAunautrejeton000000000000000000000000000000000000"}, "AIGUILLEUR_MESSENGER_PAGE_TOKEN"),
    ({"APP_SECRET": "0f1e2d3c" * 4}, "AIGUILLEUR_MESSENGER_APP_SECRET"),
    ({"PAGE_ID": "104027518999002"}, "AIGUILLEUR_MESSENGER_PAGE_ID"),
    ({"GRAPH_VERSION": "v20.0"}, "AIGUILLEUR_MESSENGER_GRAPH_VERSION"),
    ({"GRAPH_VERSION": "v99.0"}, "AIGUILLEUR_MESSENGER_GRAPH_VERSION"),
    ({"GRAPH_URL": "http://127.0.0.1:9"}, "ne répond pas"),
    ({}, "aiguilleur messenger setup --apply"),
]


@pytest.mark.parametrize(("variables", "named"), BROKEN)
def test_what_is_missing_is_named_with_its_remedy(messenger_verb, variables, named):
    code, told = messenger_verb("check", **variables)
    assert code == 1
    assert named in told
    assert Page.example().token not in told


def test_a_token_of_another_application_is_told_from_a_page_that_is_not_set_up(messenger_verb, graph):
    """`setup --apply` then `check` sent one to the other for ever."""
    other = {"APP_ID": "770011223344557"}
    code, told = messenger_verb("setup", "--apply", **other)
    assert code == 1
    assert [
        each for each in ("subscribed_fields", graph.page.app_id, other["APP_ID"], "AIGUILLEUR_MESSENGER_APP_ID") if each not in told
    ] == []
    assert "C’est fait" not in told


def test_a_secret_of_another_application_is_named_alone(messenger_verb):
    for verb in (("check",), ("setup",), ("setup", "--apply")):
        code, told = messenger_verb(*verb, APP_SECRET="0f1e2d3c4b5a69788796a5b4c3d2e1f0")
        assert code == 1
        assert "recopiez AIGUILLEUR_MESSENGER_APP_SECRET" in told


def test_nothing_is_set_on_the_page_of_somebody_else(messenger_verb, graph):
    code, told = messenger_verb("setup", "--apply", PAGE_ID="104027518999002")
    assert (code, graph.profile) == (1, {})
    assert "AIGUILLEUR_MESSENGER_PAGE_ID" in told


def test_showing_and_changing_at_once_is_refused(messenger_verb, graph):
    for order in (("--apply", "--dry-run"), ("--dry-run", "--apply")):
        code, told = messenger_verb("setup", *order)
        assert code == 1
        assert "gardez l’un des deux" in told
    assert graph.profile == {}


def test_what_the_check_cannot_see_is_said(messenger_verb):
    messenger_verb("setup", "--apply")
    _, told = messenger_verb("check")
    assert "Reste à vérifier" in told
    assert "webhook" in told


def test_setting_up_does_not_load_the_assistant():
    """A missing variable is said at once, not after what the assistant loads."""
    script = "import sys, cli.messenger, bot.messenger.setup; sys.exit('rasa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_another_address_than_metas_is_refused_but_for_a_test(messenger_verb):
    code, told = messenger_verb("check", TEST="0")
    assert code == 1
    assert "AIGUILLEUR_MESSENGER_GRAPH_URL" in told


def test_an_answer_of_graph_that_is_no_answer_is_one_line(messenger_verb, graph):
    graph.faults.always(error(1), path="any")
    code, told = messenger_verb("setup", "--apply")
    assert code == 1
    assert told.count("\n") == 1


def test_the_page_s_offers_are_within_metas_limits():
    profile: dict[str, Any] = wanted()
    assert len(GREETING) <= 160
    (breakers,) = profile["ice_breakers"]
    (menu,) = profile["persistent_menu"]
    assert (breakers["locale"], menu["locale"]) == ("default", "default")
    assert len(breakers["call_to_actions"]) == 4
    assert all(len(item["title"]) <= 30 for item in menu["call_to_actions"])
    assert expected().keys() >= {"get_started", "greeting", "ice_breakers", "persistent_menu"}
