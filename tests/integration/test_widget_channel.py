"""The widget's channel through a real HTTP server: a conversation from its beginning to its erasure."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

QUESTION = "le RISQ prend combien de frais?"
PLAN = {"place": "Rimouski", "programme": "RISQ"}


def _text(messages: list[dict]) -> str:
    return "\n".join(each["text"] for each in messages)


def _told(answer) -> str:
    return answer.json()["error"]["message"]


def test_a_question_gets_a_sourced_answer_in_french(web, folded):
    answers = web.say(web.begin(), text=QUESTION)
    assert "1,5 %" in folded(_text(answers))
    assert re.search(r"source ?: \S+\.\w+", folded(_text(answers)))


def test_accents_travel_as_they_are(web):
    assert "\\u" not in web.fetch(web.begin()).text


def test_a_conversation_begins_with_words_of_ours_and_three_buttons(web, folded):
    begun = web.ask("POST", "conversations", None, json={"keep": False, "notice": "2026-11"}).json()
    assert set(begun) == {"token", "expires_at", "keep", "messages"}
    (first,) = begun["messages"]
    assert (first["seq"], first["from"], first["answers"], len(first["buttons"])) == (1, "bot", None, 3)
    assert "que cherchez-vous" in folded(first["text"])


def test_a_pressed_button_goes_on_and_stays_in_the_history(web, folded):
    token = web.begin()
    button = web.fetch(token).json()["messages"][0]["buttons"][1]
    assert "municipalite" in folded(_text(web.say(token, choice=button["id"])))
    pressed = web.fetch(token, 1).json()["messages"][0]
    assert (pressed["text"], pressed["choice"]) == (button["title"], button["id"])


def test_no_payload_leaves_the_server(web):
    token = web.begin()
    web.say(token, text="on cherche du financement")
    assert "payload" not in web.fetch(token).text
    assert "find_support" not in web.fetch(token).text


def test_the_place_of_the_page_is_said_and_not_asked_again(web, folded):
    token = web.begin(**PLAN)
    first = web.fetch(token).json()["messages"][0]
    assert "rimouski" in folded(first["text"])
    answer = folded(_text(web.say(token, text="une coop en démarrage qui cherche 50 000 $")))
    assert "pour rimouski" in answer
    assert "municipalite" not in answer


def test_the_programme_of_the_page_is_the_one_spoken_of(web, folded):
    answer = folded(_text(web.say(web.begin(**PLAN), text="c’est quoi leur taux d’intérêt?")))
    assert "fonds-risq" in answer


@pytest.mark.parametrize(
    "context", [{"place": "Zanzibar"}, {"place": "Saint-Louis ou Sainte-Anne"}, {"programme": "bonjour"}, {"place": "", "programme": ""}]
)
def test_a_context_that_the_directory_does_not_know_is_left_out(web, folded, context):
    token = web.begin(**context)
    assert "territoire de ce site" not in folded(web.fetch(token).json()["messages"][0]["text"])
    assert web.say(token, text=QUESTION)


def test_a_search_ends_on_cards_with_doors(web):
    token = web.begin()
    web.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    cards = [card for message in web.say(token, text="50 000") for card in message["cards"]]
    assert cards
    assert all(any(card.get(way) for way in ("phone", "email", "website", "first_step")) for card in cards)


def test_the_history_holds_what_both_sides_said_in_order(web):
    token = web.begin()
    web.say(token, text=QUESTION)
    web.say(token, text="merci")
    messages = web.fetch(token).json()["messages"]
    assert [each["seq"] for each in messages] == list(range(1, len(messages) + 1))
    assert [each["text"] for each in messages if each["from"] == "user"] == [QUESTION, "merci"]
    # Each of our messages says which one it answers, and the last of each answer says that it is.
    assert {each["answers"] for each in messages if each["from"] == "bot"} == {None, *(m["seq"] for m in messages if m["from"] == "user")}
    assert sum(each["last"] for each in messages if each["from"] == "bot") == 3


def test_a_long_history_comes_in_pages(web):
    token = web.begin()
    for _ in range(40):
        web.say(token, text="merci")
    seen: list[int] = []
    while True:
        page = web.fetch(token, seen[-1] if seen else 0).json()
        seen += [each["seq"] for each in page["messages"]]
        if not page["more"]:
            break
    assert len(seen) == len(set(seen)) == web.fetch(token, seen[-2]).json()["messages"][0]["seq"] > 80


def test_a_message_sent_again_is_one_message(web):
    token = web.begin()
    first = web.post(token, id="the-same-id", text=QUESTION)
    again = web.post(token, id="the-same-id", text=QUESTION)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["message"] == again.json()["message"]
    web.say(token, text="merci")
    assert [each["text"] for each in web.fetch(token).json()["messages"] if each["from"] == "user"] == [QUESTION, "merci"]


def test_messages_of_two_tabs_at_once_are_each_answered_once(web):
    token = web.begin()
    texts = [QUESTION, "merci", "le RISQ prête combien?", "allo"]
    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(lambda text: web.say(token, text=text), texts))
    assert all(answers)
    messages = web.fetch(token).json()["messages"]
    assert sorted(each["text"] for each in messages if each["from"] == "user") == sorted(texts)
    assert sum(each["last"] for each in messages if each["from"] == "bot" and each["answers"]) == len(texts)


def test_personal_data_is_masked_before_it_is_stored(web):
    token = web.begin()
    acknowledged = web.post(token, text="mon courriel est marie.tremblay@exemple.ca")
    assert acknowledged.json()["message"]["text"] == "mon courriel est [courriel masqué]"
    web.say(token, text="merci")
    assert "tremblay" not in web.fetch(token).text


def test_starting_over_forgets_the_project_and_keeps_the_history(web, folded):
    token = web.begin()
    web.say(token, text="on est une coop à Gaspé, on cherche du financement")
    answers = web.say(token, restart=True)
    assert "que cherchez-vous" in folded(_text(answers))
    # The place and the form are asked again.
    assert "municipalite" in folded(_text(web.say(token, text="on cherche du financement")))
    assert "Gaspé" in web.fetch(token).text


def test_starting_over_goes_back_to_the_place_of_the_page(web, folded):
    token = web.begin(**PLAN)
    web.say(token, text="une coop à Gaspé qui cherche du financement")
    web.say(token, restart=True)
    assert "pour rimouski" in folded(_text(web.say(token, text="une coop en démarrage qui cherche 50 000 $")))


def test_the_whole_conversation_is_erased_with_a_proof(web, folded):
    token = web.begin()
    web.say(token, text="on est une coop à Gaspé, on cherche du financement")
    erased = web.ask("DELETE", "conversation", token)
    assert erased.status_code == 200
    assert re.fullmatch(r"EF-[2-9A-Z]{4}-[2-9A-Z]{4}", erased.json()["proof"])
    for answer in (web.fetch(token), web.post(token, text="allo"), web.ask("DELETE", "conversation", token)):
        assert answer.status_code == 410
        assert answer.json()["error"]["proof"] == erased.json()["proof"]
        assert "efface" in folded(_told(answer))


def test_asking_for_it_in_words_erases_as_well(web):
    token = web.begin()
    web.say(token, text="on est une coop à Gaspé, on cherche du financement")
    acknowledged = web.post(token, text="efface ma conversation").json()["message"]
    fetched = web.fetch(token, acknowledged["seq"], 25)
    assert fetched.status_code == 410
    assert fetched.json()["error"]["proof"].startswith("EF-")


def test_an_answer_and_the_conversation_are_judged_and_the_last_word_stands(web):
    token = web.begin()
    seq = web.say(token, text=QUESTION)[-1]["seq"]
    for body in (
        {"message": seq, "rating": "up"},
        {"message": seq, "rating": "down", "reason": "outdated", "comment": "écrivez à moi@exemple.ca"},
        {"message": None, "rating": "up"},
    ):
        answer = web.ask("POST", "feedback", token, json=body)
        assert answer.json() == {"feedback": body["rating"]}
    judged = {each["seq"]: each["feedback"] for each in web.fetch(token).json()["messages"] if each["from"] == "bot"}
    assert judged[seq] == "down"
    assert not any(rating for number, rating in judged.items() if number != seq)
    assert _feedback(web, token) == [(0, "up", None, None), (seq, "down", "outdated", "écrivez à [COURRIEL_1]")]


def _feedback(web, token):
    from sqlalchemy import select

    from bot.channels.tokens import Tokens
    from bot.conversations.models import Feedback

    name = Tokens(web.secret, "web", timedelta(days=90)).read(token, datetime.now(timezone.utc)).conversation
    query = select(Feedback.seq, Feedback.rating, Feedback.reason, Feedback.comment).where(Feedback.conversation_id == name)
    return sorted(tuple(row) for row in web.store.run_here(lambda session: session.execute(query).all()))


@pytest.mark.parametrize("message", [2, 99, 2**31 - 1])
def test_what_is_no_message_of_ours_is_not_judged(web, message):
    token = web.begin()
    web.say(token, text=QUESTION)
    assert web.ask("POST", "feedback", token, json={"message": message, "rating": "up"}).status_code == 404


def test_a_shared_page_shows_the_cards_and_none_of_the_messages(web, folded):
    token = web.begin()
    web.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    answers = web.say(token, text="50 000, pour notre projet de serre secrète")
    shown = next(each for each in answers if each["cards"])
    shared = web.ask("POST", "shares", token, json={"message": shown["seq"]}).json()
    page = web.client.get(shared["url"])
    assert page.status_code == 200
    for card in shown["cards"]:
        assert folded(card["name"]) in folded(page.text.replace("&#39;", "'"))
    # Nor the reasons, which tell of the place and the amount.
    assert "y entrent" not in page.text
    assert "Pourquoi" not in page.text
    assert "serre" not in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    web.ask("DELETE", "conversation", token)
    gone = web.client.get(shared["url"])
    assert gone.status_code == 404
    assert "n’existe pas" in gone.text


def test_what_holds_no_card_is_not_shared(web):
    token = web.begin()
    seq = web.say(token, text="merci")[-1]["seq"]
    assert web.ask("POST", "shares", token, json={"message": seq}).status_code == 404


def test_a_client_that_waits_is_told_at_once(web):
    token = web.begin()
    with ThreadPoolExecutor(1) as other_tab:
        waiting = other_tab.submit(web.fetch, token, 1, 25)
        web.post(token, text=QUESTION)
        told = waiting.result(20).json()["messages"]
    assert told
    assert told[0]["text"] == QUESTION


def test_what_was_understood_is_given_only_when_asked(web):
    token = web.begin()
    web.say(token, text=QUESTION)
    plain = web.fetch(token, 1).json()["messages"][0]
    read = web.ask("GET", "messages?after=1&reading=1", token).json()["messages"][0]
    assert "reading" not in plain
    assert read["reading"]["intent"]["name"]
    assert read["reading"]["latency_ms"] > 0


@pytest.mark.parametrize("path", ["/", "/demo/autre.html", "/widget/widget.js", "/widget/widget.css", "/partage/partage.css"])
def test_files_are_served_with_a_strict_policy(web, path):
    answer = web.client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert web.client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("path", ["/", "/demo/autre.html"])
def test_pages_hold_no_script_style_or_address_of_elsewhere(web, path):
    # The tag to copy is shown as text.
    page = re.sub(r"<pre.*?</pre>", "", web.client.get(path).text, flags=re.S)
    assert 'lang="fr' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_only_the_files_of_the_widget_may_be_read_by_other_sites(web):
    assert web.client.get("/widget/widget.js").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in web.client.get("/").headers


def test_the_health_of_the_server_is_told(web):
    assert web.client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rien"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/socket.io/"),
        ("GET", "/conversations/web:mine/tracker"),
        ("POST", "/model/parse"),
        ("GET", "/domain"),
        ("GET", "/../settings.py"),
        ("GET", "/widget/../settings.py"),
        ("GET", "/widget/%2e%2e/settings.py"),
    ],
)
def test_nothing_else_is_served_and_it_is_said_in_french(web, method, path, folded):
    answer = web.client.request(method, path, json={"sender": "x", "message": "allo"} if method == "POST" else None)
    assert answer.status_code == 404
    assert "rechargez la page" in folded(_told(answer))
