"""A conversation that goes on: the next page, another tab, a closed window, the next day."""

import re
from datetime import datetime, timedelta, timezone

import pytest
from browser.visitor import QUESTION, SEARCH
from playwright.sync_api import expect

TOP = "node => Math.round(node.scrollTop)"
# Every message of the log in order, as somebody reads it.
TEXTS = "nodes => nodes.map((node) => node.querySelector('.said, .bubble > p, .card h3')?.textContent)"


def _read(visitor):
    return visitor.page.locator(".message").evaluate_all(TEXTS)


def _scroll(visitor, top):
    visitor.page.locator(".scroller").evaluate("(node, top) => new Promise((done) => { node.onscroll = done; node.scrollTop = top; })", top)


def test_the_next_page_shows_the_conversation_where_it_was_without_taking_the_focus(visitor, site):
    visitor.begin().ask(SEARCH)
    _scroll(visitor, 40)
    visitor.field.fill("mon brouillon")
    read = _read(visitor)
    visitor.go(site.page(visitor.server.url))
    expect(visitor.answers.last).to_be_visible()
    assert _read(visitor) == read
    expect(visitor.field).to_have_value("mon brouillon")
    assert visitor.page.locator(".scroller").evaluate(TOP) == 40
    assert visitor.focused() == "body"
    # What was pressed is a page of the same site: the visitor goes on.
    visitor.field.press("Enter")
    visitor.answered(2)
    expect(visitor.said).to_have_text([SEARCH, "mon brouillon"])


def test_a_place_is_kept_when_the_window_is_closed_and_opened_again(visitor):
    visitor.begin().ask(SEARCH)
    _scroll(visitor, 40)
    visitor.launcher.click()
    visitor.open()
    assert visitor.page.locator(".scroller").evaluate(TOP) == 40


def test_two_tabs_that_write_at_once_show_the_same_conversation_and_no_message_twice(visitor):
    visitor.begin()
    other = visitor.tab().open()
    expect(other.answers).to_have_count(1)
    texts = [QUESTION, "merci"]
    for mine, theirs in zip(texts, reversed(texts), strict=True):
        visitor.write(f"{mine} un")
        other.write(f"{theirs} deux")
    for tab in (visitor, other):
        tab.answered(4)
    assert _read(visitor) == _read(other)
    said = visitor.said.all_inner_texts()
    assert sorted(said) == sorted([f"{text} {tab}" for text in texts for tab in ("un", "deux")])
    # Each tab's own keep the order in which they were written.
    assert [text for text in said if text.endswith("un")] == [f"{text} un" for text in texts]


def test_a_reload_in_the_middle_of_an_answer_shows_it_once(visit, slow, held):
    visitor = visit(slow).begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    visitor.page.reload()
    expect(visitor.typing).to_be_visible()
    expect(visitor.said).to_have_text([QUESTION])
    held.release()
    expect(visitor.answered(1)).to_contain_text("1,5\u00a0%")
    expect(visitor.answers).to_have_count(2)


def test_a_reload_before_the_acknowledgement_sends_the_message_once(visit, slow, held):
    visitor = visit(slow).begin()
    lost = []
    visitor.page.route("**/v1/messages", lambda route: lost.append(route), times=1)
    visitor.write(QUESTION)
    expect(visitor.waiting).to_have_count(1)
    visitor.page.reload()
    held.release()
    visitor.answered(1)
    expect(visitor.said).to_have_text([QUESTION])
    (route,) = lost
    route.abort()


def test_who_reads_older_lines_is_not_moved_but_told_of_new_messages(visit, slow, held):
    visitor = visit(slow)
    held.release()
    visitor.begin().ask(SEARCH)
    held.hold()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    _scroll(visitor, 40)
    held.release()
    fresh = visitor.button("Nouveaux messages")
    expect(fresh).to_be_visible()
    assert visitor.page.locator(".scroller").evaluate(TOP) == 40
    visitor.shot("new-messages")
    fresh.click()
    expect(fresh).to_be_hidden()
    expect(visitor.answers.last.locator(".bubble")).to_be_in_viewport(ratio=1)


def test_a_long_answer_is_read_from_its_beginning(visitor):
    visitor.begin().ask(SEARCH)
    first = visitor.page.locator(".message.bot").nth(1)
    assert first.evaluate("(node) => node.getBoundingClientRect().top - node.closest('.scroller').getBoundingClientRect().top") < 40
    expect(first.locator("p").first).to_be_in_viewport()


def test_answers_that_came_while_the_window_was_closed_are_counted_until_it_is_opened(visit, slow, held, site):
    visitor = visit(slow).begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    visitor.page.keyboard.press("Escape")
    held.release()
    expect(visitor.launcher).to_have_accessible_name(re.compile(r"^Des questions\? Aiguilleur \(1\snouveau message\)$"))
    expect(visitor.page.locator(".badge")).to_have_text("1")
    assert ["unread", {"count": 1}] in visitor.heard()
    visitor.shot("unread")
    visitor.go(site.page(visitor.server.url))
    expect(visitor.page.locator(".badge")).to_have_text("1")
    expect(visitor.panel).to_be_hidden()
    visitor.open()
    expect(visitor.launcher).to_have_accessible_name("Des questions? Aiguilleur")
    expect(visitor.answers.last).to_be_in_viewport()
    visitor.page.keyboard.press("Escape")
    visitor.page.reload()
    expect(visitor.launcher).to_have_accessible_name("Des questions? Aiguilleur")


def test_an_answer_due_on_the_page_before_is_announced_on_the_next_one_with_the_window_closed(visit, slow, held, site):
    visitor = visit(slow).begin()
    visitor.write(QUESTION)
    expect(visitor.typing).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.go(site.page(visitor.server.url))
    held.release()
    expect(visitor.page.locator(".badge")).to_have_text("1")
    expect(visitor.panel).to_be_hidden()


@pytest.mark.parametrize(("days", "mark"), [(1, "Hier"), (3, None)])
def test_the_days_of_a_conversation_are_marked_when_the_visitor_comes_back(visitor, days, mark):
    visitor.begin().ask(QUESTION)
    expect(visitor.page.locator(".day")).to_have_text("Aujourd’hui")
    visitor.page.close()
    other = visitor.tab()
    other.page.clock.set_system_time(datetime.now(timezone.utc) + timedelta(days=days))
    other.page.reload()
    other.open()
    expect(other.said).to_have_text([QUESTION])
    if mark:
        expect(other.page.locator(".day")).to_have_text(mark)
        other.shot("yesterday")
    else:
        months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
        assert any(month in other.page.locator(".day").inner_text() for month in months)


class _Clock:
    def __init__(self):
        self.shift = timedelta()

    def __call__(self):
        return datetime.now(timezone.utc) + self.shift


def test_a_page_left_open_overnight_says_that_yesterday_is_yesterday(visit, serve_app, site):
    clock = _Clock()
    with serve_app(origins=(site.origin,), now=clock) as web:
        visitor = visit(web).begin()
        visitor.ask(QUESTION)
        clock.shift = timedelta(days=1)
        visitor.page.clock.set_system_time(clock())
        visitor.ask("merci")
        expect(visitor.page.locator(".day")).to_have_text(["Hier", "Aujourd’hui"], timeout=2000)


def test_a_history_of_more_than_a_hundred_messages_comes_whole_and_in_order(visitor):
    texts = [f"message {number}" for number in range(230)]
    visitor.begin().tell(*texts)
    assert _read(visitor)[1:] == texts
