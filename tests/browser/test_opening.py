"""Before and while the window is opened: nothing is asked, stored or sent that the visitor did not agree to."""

import pytest
from browser.visitor import CUT_OFF, QUESTION, SEARCH
from playwright.sync_api import expect

NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });"""
NOTICE = ("Qui est responsable", "Ce qui est gardé", "Pourquoi", "Combien de temps", "Vos droits")


def test_a_page_that_shows_the_launcher_has_asked_for_one_file_and_stored_nothing(visitor):
    expect(visitor.launcher).to_have_text("Des questions? Aiguilleur")
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.asked("/") == [("GET", "/widget/widget.js")]
    assert visitor.stored() == {}
    visitor.shot("closed")


@pytest.mark.parametrize("path", ["/", "/demo/autre.html"])
def test_a_demonstration_page_asks_for_its_own_files_and_the_launcher_alone(visit, served, path):
    visitor = visit(address=served.url + path)
    expect(visitor.launcher).to_be_visible()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.asked("/widget/") == [("GET", "/widget/widget.js")]
    assert all(address.startswith("/demo/") for _, address in visitor.asked("/") if address not in (path, "/widget/widget.js"))
    assert visitor.stored() == {}


def test_the_notice_comes_first_asks_nothing_of_the_server_and_stores_nothing(visitor):
    visitor.open()
    for term in NOTICE:
        expect(visitor.panel.get_by_role("term").filter(has_text=term).first).to_be_visible()
    expect(visitor.panel).to_contain_text("Ne donnez pas de renseignements personnels.")
    expect(visitor.panel).to_contain_text("un robot")
    expect(visitor.field).to_be_hidden()
    assert visitor.focused() == "main"
    visitor.page.wait_for_load_state("networkidle")
    visitor.shot("notice")
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.asked("/widget/v1/") == []
    assert visitor.stored() == {}


def test_who_closes_the_notice_reads_it_again_on_the_next_page(visitor, site):
    visitor.open().page.keyboard.press("Escape")
    visitor.go(site.page(visitor.server.url)).open()
    expect(visitor.button("Commencer sans la garder")).to_be_visible()
    assert visitor.asked("/widget/v1/") == []


def test_a_conversation_that_is_not_kept_is_not_in_the_browser_s_lasting_storage(visitor):
    visitor.begin(keep=False).ask(QUESTION)
    assert visitor.page.evaluate("localStorage.length") == 0
    # The next page of this tab goes on; another tab knows nothing of it.
    visitor.page.reload()
    expect(visitor.said).to_have_text([QUESTION])
    other = visitor.tab().open()
    expect(other.button("Commencer sans la garder")).to_be_visible()
    assert other.stored() == {}


def test_a_conversation_that_is_kept_is_found_again_after_the_tab_is_closed(visitor):
    visitor.begin().ask(QUESTION)
    other = visitor.tab()
    visitor.page.close()
    other.open()
    expect(other.said).to_have_text([QUESTION])
    assert sorted(other.page.evaluate("Object.keys(localStorage)")) == ["aiguilleur"]


def test_what_the_visitor_agreed_to_is_what_the_server_is_told(visitor, served):
    from bot.conversations.models import Conversation

    for keep in (True, False):
        other = visitor.tab()
        other.begin(keep)
        name = other.conversation()
        assert served.store.run_here(lambda session, name=name: session.get(Conversation, name).keep) is keep
        other.page.evaluate("localStorage.clear(), sessionStorage.clear()")


def test_a_whole_visit_asks_nobody_but_the_server_and_leaves_no_cookie(visitor):
    visitor.begin().ask(SEARCH)
    visitor.button("Utile").last.click()
    expect(visitor.status).to_have_text("Merci, c’est noté.")
    visitor.button("Partager").click()
    expect(visitor.page.locator(".shared input")).to_be_focused()
    visitor.button("Effacer ma conversation").click()
    visitor.button("Oui, effacer").click()
    expect(visitor.page.locator(".ended")).to_be_visible()
    visitor.records.check()
    # What the server is sent is what the visitor did, and its answers fetched.
    assert {method for method, _ in visitor.asked("/widget/v1/")} == {"GET", "POST", "DELETE"}


def test_a_window_that_cannot_be_loaded_says_so_and_opens_the_next_time(visitor):
    visitor.expects(CUT_OFF)
    # Another address tries again: this one alone fails.
    visitor.page.route("**/panel.js", lambda route: route.abort())
    visitor.launcher.click()
    expect(visitor.launcher).to_have_text("Aiguilleur ne s’ouvre pas. Réessayez.")
    assert ["failed", {"code": "not_loaded"}] in visitor.heard()
    visitor.open()
    expect(visitor.button("Commencer sans la garder")).to_be_visible()
    expect(visitor.launcher).to_have_text("Des questions? Aiguilleur")


def test_a_browser_that_refuses_to_store_still_talks_for_as_long_as_the_page_is_there(visitor):
    visitor.page.add_init_script(NO_STORAGE)
    visitor.page.reload()
    visitor.begin()
    expect(visitor.ask(QUESTION)).to_contain_text("1,5\u00a0%")


def test_a_server_that_cannot_be_reached_at_the_notice_says_what_to_do_and_keeps_the_notice(visitor):
    visitor.expects(CUT_OFF)
    visitor.open()
    visitor.page.context.set_offline(True)
    visitor.button("Commencer sans la garder").click()
    expect(visitor.alert).to_have_text("Le service ne répond pas. Vérifiez votre connexion; si cela continue, dites-le à l’organisme.")
    assert visitor.stored() == {}
    visitor.page.context.set_offline(False)
    visitor.button("Commencer sans la garder").click()
    expect(visitor.field).to_be_focused()
    expect(visitor.alert).to_be_hidden()
