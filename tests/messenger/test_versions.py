"""F24: an operator hears in time that a version of the Graph API ends, and which one to take."""

from dataclasses import replace
from datetime import date, timedelta

import fake_graph
import pytest
from fake_graph import FakeGraph, Page
from messaging import account_of

from bot.messenger.graph import Graph, GraphError
from bot.messenger.versions import ENDS, WARNED, best, problem_of
from directory.text import day
from settings import load_settings

DATED = [(version, end) for version, end in ENDS.items() if end]
OPEN = [version for version, end in ENDS.items() if end is None]
DAY = timedelta(days=1)


@pytest.mark.parametrize(("version", "end"), DATED)
def test_a_version_is_good_until_ninety_days_before_its_end(version, end):
    assert timedelta(days=90) == WARNED
    assert problem_of(version, end - WARNED - DAY) is None


@pytest.mark.parametrize("before", [timedelta(days=90), timedelta(days=30), DAY])
@pytest.mark.parametrize(("version", "end"), DATED)
def test_in_its_last_ninety_days_a_version_is_usable_and_its_end_is_told(version, end, before):
    usable, told = problem_of(version, end - before)
    assert usable
    assert version in told
    assert day(end.isoformat()) in told
    assert "AIGUILLEUR_MESSENGER_GRAPH_VERSION" in told


@pytest.mark.parametrize("after", [timedelta(), DAY, timedelta(days=4000)])
@pytest.mark.parametrize(("version", "end"), DATED)
def test_from_the_day_of_its_end_a_version_is_not_usable(version, end, after):
    usable, told = problem_of(version, end + after)
    assert not usable
    assert f"a pris fin le {day(end.isoformat())}" in told
    assert "AIGUILLEUR_MESSENGER_GRAPH_VERSION" in told


@pytest.mark.parametrize("version", ["v19.0", "v2.12", "v99.0", "25.0", "v25", "V25.0", "v25.0/../v3.0", ""])
def test_a_version_that_is_not_known_is_not_usable(version):
    usable, told = problem_of(version, date(2026, 11, 28))
    assert not usable
    assert "n’est pas connue" in told
    assert best(date(2026, 11, 28)) in told


@pytest.mark.parametrize("version", OPEN)
@pytest.mark.parametrize("today", [date(2026, 11, 28), date(2040, 1, 1)])
def test_a_version_whose_end_is_not_said_is_good(version, today):
    assert problem_of(version, today) is None


@pytest.mark.parametrize("days", range(0, 1200, 20))
def test_the_version_that_is_proposed_is_one_of_which_nothing_is_to_be_said(days):
    today = date(2026, 1, 1) + timedelta(days=days)
    assert problem_of(best(today), today) is None


def test_the_version_that_is_proposed_lasts_longest_of_those_whose_end_is_known():
    assert best(date(2026, 11, 28)) == "v25.0"
    assert best(ENDS["v25.0"] - WARNED - DAY) == "v25.0"
    assert best(ENDS["v25.0"] - WARNED) == OPEN[-1]


def test_the_version_that_comes_with_the_program_is_a_known_one():
    assert load_settings({}).messenger_graph_version in ENDS


def test_the_table_says_what_the_fake_of_meta_says():
    assert {version: fake_graph.VERSIONS[version] for version in ENDS} == ENDS


@pytest.mark.parametrize(("version", "end"), DATED)
def test_meta_refuses_a_version_from_the_day_of_its_end(clock, wait, version, end):
    page = Page.example()
    with FakeGraph(page, now=clock) as fake:
        graph = Graph(replace(account_of(page, fake.url), graph_version=version))
        clock.time = clock.time.replace(year=end.year, month=end.month, day=end.day) - DAY
        assert wait(graph.get("/me", fields="id"))["id"] == page.id
        clock.move(days=1)
        with pytest.raises(GraphError) as refused:
            wait(graph.get("/me", fields="id"))
        wait(graph.close())
        assert refused.value.code == 2635
        assert [refusal.rule for refusal in fake.refusals] == ["F24.ended"]
