"""A network or a server that goes away: the visitor is told, nothing is lost, nothing is sent twice."""

from browser.visitor import CUT_OFF, QUESTION
from playwright.sync_api import expect

SENDING = "Pas de connexion\u00a0: votre message partira dès qu’elle revient."
FETCHING = "Pas de connexion\u00a0: la réponse s’affichera dès qu’elle revient."
TEXTS = ["bonjour", QUESTION, "merci"]


def _received(visitor):
    """Return the visitor's messages as the database has them."""
    from sqlalchemy import select

    from bot.conversations.models import Inbound

    query = select(Inbound.text).where(Inbound.conversation_id == visitor.conversation()).order_by(Inbound.seq)
    return visitor.server.store.run_here(lambda session: session.execute(query).scalars().all())


def test_what_is_written_without_a_network_is_sent_once_and_in_order_when_it_is_back(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().page.context.set_offline(True)
    for text in TEXTS:
        visitor.write(text)
    expect(visitor.status).to_have_text(SENDING)
    expect(visitor.said).to_have_text(TEXTS)
    expect(visitor.waiting).to_have_count(3)
    visitor.shot("offline")
    visitor.page.context.set_offline(False)
    visitor.answered(3)
    expect(visitor.waiting).to_have_count(0)
    expect(visitor.status).to_be_hidden()
    expect(visitor.said).to_have_text(TEXTS)
    assert _received(visitor) == TEXTS


def test_the_message_that_waits_is_seen_beside_what_is_said_of_it(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().ask(QUESTION)
    visitor.page.context.set_offline(True)
    visitor.write("merci")
    expect(visitor.status).to_have_text(SENDING)
    expect(visitor.waiting.last).to_be_in_viewport(ratio=1, timeout=1000)


def test_what_waits_is_still_there_on_the_next_page_and_is_sent_from_there(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().page.route("**/v1/messages**", lambda route: route.abort())
    for text in TEXTS:
        visitor.write(text)
    expect(visitor.status).to_have_text(SENDING)
    visitor.page.reload()
    expect(visitor.said).to_have_text(TEXTS)
    expect(visitor.waiting).to_have_count(3)
    visitor.page.unroute("**/v1/messages**")
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    visitor.answered(3)
    assert _received(visitor) == TEXTS


def test_an_acknowledgement_lost_on_its_way_makes_no_second_message(visitor):
    visitor.expects(CUT_OFF)

    def lose(route):
        route.fetch()
        route.abort()

    visitor.begin().page.route("**/v1/messages", lose, times=1)
    visitor.write(QUESTION)
    visitor.answered(1)
    expect(visitor.said).to_have_text([QUESTION])
    assert _received(visitor) == [QUESTION]
    assert visitor.asked("/widget/v1/messages").count(("POST", "/widget/v1/messages")) == 2


def test_an_answer_is_fetched_when_the_network_is_back(visitor):
    visitor.expects(CUT_OFF)
    # The message leaves; what asks for its answer does not.
    visitor.begin().page.route("**/v1/messages?after=**", lambda route: route.abort())
    visitor.write(QUESTION)
    expect(visitor.status).to_have_text(FETCHING)
    expect(visitor.waiting).to_have_count(0)
    visitor.page.unroute("**/v1/messages?after=**")
    visitor.page.evaluate("dispatchEvent(new Event('online'))")
    expect(visitor.answered(1)).to_contain_text("1,5\u00a0%")
    expect(visitor.status).to_be_hidden()


def test_a_button_pressed_without_a_network_is_sent_when_it_is_back(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().page.context.set_offline(True)
    visitor.button("Trouver un mentor").click()
    expect(visitor.button("Trouver un mentor")).to_have_attribute("aria-pressed", "true")
    expect(visitor.button("Trouver du financement")).to_have_attribute("aria-disabled", "true")
    visitor.page.context.set_offline(False)
    expect(visitor.answered(1)).to_contain_text("municipalité")
    assert _received(visitor) == ["Trouver un mentor"]


def test_a_thumb_and_an_erasure_without_a_network_say_that_they_did_not_happen(visitor):
    visitor.expects(CUT_OFF)
    visitor.begin().ask(QUESTION)
    visitor.page.context.set_offline(True)
    visitor.button("Utile").click()
    expect(visitor.alert).to_have_text("Le service ne répond pas. Vérifiez votre connexion; si cela continue, dites-le à l’organisme.")
    expect(visitor.button("Utile")).to_have_attribute("aria-pressed", "false")
    visitor.button("Effacer ma conversation").click()
    visitor.button("Oui, effacer").click()
    expect(visitor.alert).to_have_text("Le service ne répond pas. Vérifiez votre connexion; si cela continue, dites-le à l’organisme.")
    expect(visitor.said).to_have_text([QUESTION])
    visitor.page.context.set_offline(False)
    visitor.button("Utile").click()
    expect(visitor.button("Utile")).to_have_attribute("aria-pressed", "true")


def test_a_server_that_stops_and_starts_again_answers_what_was_written_meanwhile(visit, serve_app, many, line, tmp_path):
    database = f"sqlite:///{tmp_path / 'conversations.db'}"
    with serve_app(database_url=database, rates=many) as first:
        line.join(first.url)
        visitor = visit(line.server(first), address=f"{line.url}/demo/autre.html")
        visitor.expects(CUT_OFF)
        visitor.begin().ask("bonjour")
        line.cut()
    for text in TEXTS[1:]:
        visitor.write(text)
    expect(visitor.waiting).to_have_count(2)
    expect(visitor.status).to_have_text(SENDING)
    with serve_app(database_url=database, rates=many) as second:
        line.join(second.url)
        visitor.answered(3)
        visitor.server = line.server(second)
        assert _received(visitor) == TEXTS
        visitor.ask("allo")
        line.cut()


def test_an_answer_due_when_the_server_stopped_comes_once_from_the_next(visit, serve_app, many, line, assistant, wait, tmp_path):
    from browser.conftest import Held

    database = f"sqlite:///{tmp_path / 'conversations.db'}"
    mute = Held(assistant)
    mute.hold()
    with serve_app(database_url=database, rates=many, assistant=mute) as first:
        line.join(first.url)
        visitor = visit(line.server(first), address=f"{line.url}/demo/autre.html")
        visitor.expects(CUT_OFF)
        visitor.begin().write(QUESTION)
        expect(visitor.typing).to_be_visible()
        expect(visitor.waiting).to_have_count(0)
        line.cut()
        mute.release()
    with serve_app(database_url=database, rates=many) as second:
        line.join(second.url)
        visitor.answered(1)
        expect(visitor.answers).to_have_count(2)
        expect(visitor.said).to_have_text([QUESTION])
        line.cut()
