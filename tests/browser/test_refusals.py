"""What the server refuses, as the visitor reads it; what they wrote is never lost."""

import json

import pytest
from browser.visitor import QUESTION
from playwright.sync_api import expect

MESSAGES = "**/v1/messages"


def _refuse(status, code, message, **headers):
    """Return a handler that refuses a request as docs/widget-protocol.md says, to a page of another origin."""
    body = json.dumps({"error": {"code": code, "message": message}})
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    return lambda route: route.fulfill(status=status, content_type="application/json", body=body, headers={**allowed, **headers})


def test_who_writes_too_much_is_told_to_wait_and_loses_nothing(visit, serve_app, site):
    from bot.channels.limits import Rates
    from bot.channels.refusals import sentence

    with serve_app(origins=(site.origin,), rates=Rates(write=1)) as web:
        visitor = visit(web)
        visitor.expects("status of 429")
        visitor.begin().ask("bonjour")
        visitor.write(QUESTION)
        expect(visitor.status).to_have_text(sentence("too_many"))
        assert "Attendez" in sentence("too_many")
        expect(visitor.waiting).to_have_count(1)
        expect(visitor.said).to_have_text(["bonjour", QUESTION])
        visitor.shot("too-many")
        visitor.page.reload()
        expect(visitor.said).to_have_text(["bonjour", QUESTION])


def test_what_was_refused_for_a_while_is_sent_again_after_it_and_not_before(visitor):
    visitor.expects("status of 429")
    visitor.begin().page.route(MESSAGES, _refuse(429, "too_many", "Attendez.", **{"Retry-After": "2"}), times=1)
    visitor.write(QUESTION)
    expect(visitor.status).to_have_text("Attendez.")
    # The network that comes back is no reason to hurry.
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    started = visitor.page.evaluate("performance.now()")
    visitor.answered(1)
    assert visitor.page.evaluate("performance.now()") - started > 1500
    expect(visitor.said).to_have_text([QUESTION])
    expect(visitor.status).to_be_hidden()


def test_a_sixth_message_waits_until_the_others_are_answered(visit, slow, held):
    visitor = visit(slow)
    visitor.expects("status of 429")
    visitor.begin()
    texts = [f"merci {number}" for number in range(6)]
    for text in texts:
        visitor.write(text)
    expect(visitor.status).to_contain_text("Je n’ai pas encore répondu à vos derniers messages.")
    expect(visitor.waiting).to_have_count(1)
    held.release()
    visitor.answered(6)
    expect(visitor.said).to_have_text(texts)
    expect(visitor.status).to_be_hidden()


@pytest.mark.parametrize(
    ("status", "code", "message"), [(413, "too_long", "Votre message est trop long."), (400, "bad_request", "Je n’ai pas pu lire.")]
)
def test_a_text_that_is_refused_for_good_comes_back_to_the_field_with_the_reason(visitor, status, code, message):
    visitor.expects(f"status of {status}")
    visitor.begin().page.route(MESSAGES, _refuse(status, code, message), times=1)
    visitor.write(QUESTION)
    expect(visitor.alert).to_have_text(message)
    expect(visitor.field).to_have_value(QUESTION)
    expect(visitor.said).to_have_count(0)
    visitor.page.reload()
    expect(visitor.field).to_have_value(QUESTION)
    # The next try has its own id.
    visitor.field.press("Enter")
    visitor.answered(1)


def test_a_button_that_the_server_does_not_know_says_so_and_can_be_pressed_again(visitor):
    visitor.expects("status of 409")

    def alter(route):
        route.continue_(post_data=json.dumps({**json.loads(route.request.post_data), "choice": "AAAAAAAAAAAA"}))

    visitor.begin().page.route(MESSAGES, alter, times=1)
    visitor.button("Trouver un mentor").click()
    expect(visitor.alert).to_have_text("Ce bouton n’est plus valide. Dites-moi en quelques mots ce que vous cherchez.")
    expect(visitor.said).to_have_count(0)
    expect(visitor.button("Trouver un mentor")).not_to_have_attribute("aria-disabled", "true")
    visitor.shot("stale-choice")
    expect(visitor.press("Trouver un mentor")).to_contain_text("municipalité")
    expect(visitor.alert).to_be_hidden()


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (_refuse(503, "unavailable", "J’ai un ennui technique et je réessaie."), "J’ai un ennui technique et je réessaie."),
        (_refuse(500, "failed", "J’ai eu un ennui technique."), "J’ai eu un ennui technique."),
        (
            lambda route: route.fulfill(
                status=502, content_type="text/html", body="<h1>Bad Gateway</h1>", headers={"Access-Control-Allow-Origin": "*"}
            ),
            "Le service ne répond pas. Vérifiez votre connexion; si cela continue, dites-le à l’organisme.",
        ),
    ],
    ids=["503", "500", "a proxy's own page"],
)
def test_a_service_that_fails_for_a_moment_is_asked_again_until_it_answers(visitor, handler, sentence):
    visitor.expects("status of 50[0-3]")
    visitor.begin().page.route(MESSAGES, handler, times=1)
    visitor.write(QUESTION)
    expect(visitor.status).to_have_text(sentence)
    visitor.answered(1)
    expect(visitor.said).to_have_text([QUESTION])
    expect(visitor.status).to_be_hidden()
    assert "Bad Gateway" not in visitor.panel.inner_text()


def _forge(visitor):
    visitor.page.evaluate("localStorage.aiguilleur = JSON.stringify({ ...JSON.parse(localStorage.aiguilleur), token: 'forged' })")


def test_a_conversation_that_expired_keeps_the_draft_and_offers_to_begin_again(visitor):
    visitor.expects("status of 401")
    visitor.begin().ask(QUESTION)
    visitor.field.fill("mon brouillon")
    _forge(visitor)
    visitor.page.reload()
    expect(visitor.page.locator(".ended")).to_contain_text("Cette conversation a expiré.")
    expect(visitor.page.locator("blockquote")).to_have_text("mon brouillon")
    expect(visitor.field).to_be_hidden()
    visitor.shot("expired")
    visitor.button("Commencer une nouvelle conversation").click()
    visitor.button("Commencer et garder ma conversation").click()
    expect(visitor.field).to_have_value("mon brouillon")
    expect(visitor.said).to_have_count(0)
    expect(visitor.ask(QUESTION)).to_contain_text("1,5\u00a0%")


def test_a_message_sent_to_a_conversation_that_expired_is_in_the_field_of_the_next(visitor):
    visitor.expects("status of 401")
    visitor.begin().ask("bonjour")
    _forge(visitor)
    visitor.page.reload()
    expect(visitor.page.locator(".ended")).to_be_visible()
    other = visitor.tab()
    other.begin()
    other.page.route(MESSAGES, _refuse(401, "no_conversation", "Cette conversation a expiré."), times=1)
    other.write(QUESTION)
    expect(other.page.locator("blockquote")).to_have_text(QUESTION)
    other.button("Commencer une nouvelle conversation").click()
    other.button("Commencer et garder ma conversation").click()
    expect(other.field).to_have_value(QUESTION)


def test_a_site_that_is_not_on_the_list_is_told_and_nothing_of_its_page_breaks(visit, foreign_site, served):
    visitor = visit(served, address=foreign_site.page(served.url))
    visitor.expects("status of 403", r"net::ERR_FAILED", "blocked by CORS policy")
    visitor.open()
    visitor.button("Commencer et garder ma conversation").click()
    # A browser lets no other site read the refusal itself.
    expect(visitor.alert).to_have_text("Le service ne répond pas. Vérifiez votre connexion; si cela continue, dites-le à l’organisme.")
    visitor.shot("foreign-site")
    assert visitor.stored() == {}
    visitor.page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Un organisme")
