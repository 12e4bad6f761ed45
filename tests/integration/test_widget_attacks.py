"""Attacks on the widget's channel over real HTTP: tokens, guessed ids, buttons of others, commands typed as text, added fields."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[2]
SALT = "web conversation"
# Every operation that asks for a token, with a body that a good one would have served.
OPERATIONS = (
    ("GET", "messages", None),
    ("POST", "messages", {"id": "attack-message", "text": "allo"}),
    ("POST", "feedback", {"message": None, "rating": "up"}),
    ("POST", "shares", {"message": 1}),
    ("DELETE", "conversation", None),
)
COOP = "on est une coop, ça prend combien de fondateurs?"


def _tokens(secret: str, channel: str = "web") -> Any:
    from bot.channels.tokens import Tokens

    return Tokens(secret, channel, timedelta(days=90))


@pytest.fixture
def name_of(web: Any) -> Callable[[str], str]:
    """The name of a token's conversation, as the server alone knows it."""
    return lambda token: _tokens(web.secret).read(token, datetime.now(timezone.utc)).conversation


@pytest.fixture
def held(web: Any, name_of: Callable[[str], str]) -> Callable[[str], Any]:
    """What the database holds of a token's conversation: the row, what came in, what went out, what was judged and shared."""
    from bot.conversations.models import Conversation, Feedback, Inbound, Outbound, Share

    def look(session: Any, name: str) -> dict[str, Any]:
        of = {
            table.__tablename__: [_row(each) for each in session.execute(select(table).where(table.conversation_id == name)).scalars()]
            for table in (Inbound, Outbound, Feedback, Share)
        }
        row = session.get(Conversation, name)
        return {**of, "conversation": row and _row(row)}

    return lambda token: web.store.run_here(look, name_of(token))


def _row(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _everything(web: Any) -> str:
    """Return every row of every table of the conversations, as text."""
    from bot.conversations.models import Base

    tables = Base.metadata.sorted_tables
    return web.store.run_here(lambda session: "\n".join(repr(tuple(row)) for table in tables for row in session.execute(select(table))))


# --- Tokens -----------------------------------------------------------------------------------------------------------------------


def _signed(secret: str, name: str, keep: bool = True, age: timedelta = timedelta(0), channel: str = "web") -> str:
    """Return the token that a server with this secret would have issued."""
    return _tokens(secret, channel).issue(name, keep, datetime.now(timezone.utc) - age)[0]


def _base64(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _flipped(token: str, place: int) -> str:
    """Return a token of which one character is another one."""
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def _swapped(token: str, part: int, other: str) -> str:
    """Return a token of which one part is that of another."""
    parts = token.split(".")
    parts[part] = other.split(".")[part]
    return ".".join(parts)


FORGERIES = {
    "the name": lambda secret, token, name: name,
    "the name in base64": lambda secret, token, name: _base64([name, True]),
    "another secret": lambda secret, token, name: _signed("another secret", name),
    "an empty secret": lambda secret, token, name: _signed("", name),
    "another channel": lambda secret, token, name: _signed(secret, name, channel="messenger"),
    "the library's own salt": lambda secret, token, name: URLSafeSerializer(secret).dumps([name, True, 4_000_000_000]),
    "no time": lambda secret, token, name: URLSafeSerializer(secret, salt=SALT).dumps([name, True]),
    "the name alone, signed": lambda secret, token, name: URLSafeSerializer(secret, salt=SALT).dumps(name),
    "signed in another way": lambda secret, token, name: URLSafeTimedSerializer(secret, salt=SALT).dumps([name, True, 0]),
    "expired": lambda secret, token, name: _signed(secret, name, True, timedelta(days=90, seconds=2)),
    "expired, not kept": lambda secret, token, name: _signed(secret, name, False, timedelta(hours=24, seconds=2)),
    "expired, under the signature of a good one": lambda secret, token, name: _swapped(
        _signed(secret, name, True, timedelta(days=91)), -1, token
    ),
    "the content of somebody else's": lambda secret, token, name: _swapped(token, 0, _signed(secret, "web:other")),
    "the signature of somebody else's": lambda secret, token, name: _swapped(token, -1, _signed(secret, "web:other")),
    "one letter less": lambda secret, token, name: token[:-1],
    "no signature": lambda secret, token, name: token.rsplit(".", 1)[0],
    "an empty signature": lambda secret, token, name: token.rsplit(".", 1)[0] + ".",
    "only a signature": lambda secret, token, name: token.rsplit(".", 1)[1],
    "another letter in the content": lambda secret, token, name: _flipped(token, 12),
    "another letter in the signature": lambda secret, token, name: _flipped(token, len(token) - 5),
    "signed by nothing, as a JWT": lambda secret, token, name: f"{_base64({'alg': 'none', 'typ': 'JWT'})}.{_base64([name, True])}.",
    "a JWT's head before a good one": lambda secret, token, name: f"{_base64({'alg': 'none'})}.{token}",
    "a conversation that was never": lambda secret, token, name: _signed(secret, "web:never"),
    "the name with a wildcard": lambda secret, token, name: _signed(secret, "web:%"),
    "a name as SQL": lambda secret, token, name: _signed(secret, "' OR ''='"),
    "not ASCII": lambda secret, token, name: token[:20] + "é" + token[21:],
    "no text at all": lambda secret, token, name: b"\xff\xfe\xfd",
    "two tokens": lambda secret, token, name: f"{token} {token}",
    "a blank before": lambda secret, token, name: f" {token}",
    "very long": lambda secret, token, name: token + "A" * 7_000,
    "long and compressed": lambda secret, token, name: "." + "A" * 7_000,
}


def test_a_token_made_with_the_secret_is_as_good_as_an_issued_one(web, name_of):
    # Without this, the forgeries below could be refused for another reason than theirs.
    name = name_of(web.begin())
    for keep, age in ((True, timedelta(days=89, hours=23)), (False, timedelta(hours=23))):
        assert web.fetch(_signed(web.secret, name, keep, age)).status_code == 200


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_opens_nothing(web, name_of, held, forgery):
    token = web.begin()
    before = held(token)
    forged = FORGERIES[forgery](web.secret, token, name_of(token))
    header = b"Bearer " + (forged if isinstance(forged, bytes) else forged.encode())
    for method, path, body in OPERATIONS:
        answer = web.ask(method, path, None, json=body, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "no_conversation"), (method, path)
    assert held(token) == before


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "Bearer", "Bearer:", "Bearer  ", "Bearer\t", "JWT "])
def test_a_good_token_under_another_scheme_opens_nothing(web, scheme):
    token = web.begin()
    assert web.ask("GET", "messages", None, headers={"Authorization": f"{scheme}{token}"}).status_code == 401


@pytest.mark.parametrize("where", ["query", "cookie", "body"])
def test_a_token_elsewhere_than_in_its_header_opens_nothing(web, where):
    token = web.begin()
    ways = {
        "query": {"params": {"token": token, "authorization": f"Bearer {token}", "access_token": token}},
        "cookie": {"headers": {"Cookie": f"token={token}; session={token}"}},
        "body": {"json": {"token": token}},
    }
    assert web.client.request("GET", "/widget/v1/messages", **ways[where]).status_code == 401


def test_the_token_of_an_erased_conversation_gets_its_proof_from_every_operation(web, held):
    token = web.begin()
    web.say(token, text=COOP)
    proof = web.ask("DELETE", "conversation", token).json()["proof"]
    for method, path, body in OPERATIONS:
        answer = web.ask(method, path, token, json=body)
        assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["proof"]) == (410, "erased", proof)
    assert not any(held(token).values())
    assert "fondateurs" not in web.fetch(token).text


def test_two_people_who_swap_their_tokens_swap_their_conversations_whole(web):
    tokens = [web.begin(), web.begin()]
    canaries = ["zibeline", "pangolin"]
    for token, canary in zip(tokens, canaries, strict=True):
        web.say(token, text=f"mon projet secret est {canary}")
    for token, own, other in zip(tokens, canaries, reversed(canaries), strict=True):
        told = web.fetch(token).text
        assert own in told
        assert other not in told


# --- Names and numbers of others --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_cards(web: Any) -> tuple[str, int]:
    """A token, and the number of a message with cards in its conversation."""
    token = web.begin()
    web.say(token, text="on est un obnl en démarrage à Rimouski, on cherche du financement")
    return token, next(each["seq"] for each in web.say(token, text="50 000") if each["cards"])


@pytest.mark.parametrize("message", [1, 2, 3, 4, 6, 0, -1, 99, 2**31 - 1])
def test_a_number_of_another_conversation_shares_nothing(web, with_cards, held, message):
    token, shared = web.begin(), with_cards[1]
    for number in (message, shared):
        assert web.ask("POST", "shares", token, json={"message": number}).status_code in (400, 404)
    assert held(token)["share"] == []


def test_a_shared_page_opens_by_its_whole_name_alone(web, with_cards, name_of):
    token, seq = with_cards
    url = web.ask("POST", "shares", token, json={"message": seq}).json()["url"]
    name = url.rsplit("/", 1)[1]
    assert web.client.get(f"/partage/{name}").status_code == 200
    guesses = [name[:-1], f"{name}A", name.swapcase(), name[::-1], f"{name}%20", f"%20{name}", f"{name}%00", f"{name}/", f"{name}.html"]
    guesses += [name_of(token), name_of(token).split(":")[1], "1", "%25", "_", "' OR 1=1 --", "..%2f..%2fsettings.py", "*", "partage"]
    opened = [guess for guess in guesses if web.client.get(f"/partage/{guess}").status_code != 404]
    # A slash more is the same address.
    assert opened in ([], [f"{name}/"])


def test_names_cannot_be_guessed_from_one_another(web, name_of):
    names = [name_of(web.begin()) for _ in range(50)]
    buttons = [each["id"] for _ in range(20) for each in web.fetch(web.begin()).json()["messages"][0]["buttons"]]
    assert len(set(names)) == 50
    assert {len(name) for name in names} == {len("web:") + 32}
    assert len(set(buttons)) == 60
    assert {len(button) for button in buttons} == {12}
    # No run of letters comes back more than chance would have it.
    assert len({name[4:10] for name in names}) == 50


# --- Buttons ----------------------------------------------------------------------------------------------------------------------


def test_the_button_of_another_conversation_does_nothing_in_either(web, held):
    mine, theirs = web.begin(), web.begin()
    buttons = web.fetch(theirs).json()["messages"][0]["buttons"]
    before = held(mine), held(theirs)
    for button in buttons:
        answer = web.post(mine, choice=button["id"])
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale_choice")
        assert button["title"] not in answer.text
    assert (held(mine), held(theirs)) == before
    # They still work where they were given.
    assert web.say(theirs, choice=buttons[0]["id"])


@pytest.mark.parametrize(
    "choice",
    [
        "/erase_data",
        "/restart",
        "/start_over",
        "/session_start",
        "/back",
        '/inform{"a":1}',
        '/find_support{"need": "financement"}',
        "Trouver un mentor"[:16],
        "trouver un mento",
        "' OR '1'='1",
        "%",
        "____________",
        "null",
        "0",
        "AAAAAAAAAAAA",
    ],
)
def test_a_payload_a_title_or_a_guess_is_no_button(web, held, choice):
    token = web.begin()
    before = held(token)
    answer = web.post(token, choice=choice)
    assert answer.status_code == (409 if len(choice) <= 16 else 400)
    assert held(token) == before


@pytest.mark.parametrize(
    "choice", ["", "A" * 17, "é", "\x00", "a\nb", "／erase_data", 0, 1, True, None, [], ["k3Vn0aQx"], {"id": "k3Vn0aQx"}]
)
def test_what_is_no_id_of_a_button_is_no_choice(web, held, choice):
    token = web.begin()
    before = held(token)
    assert web.post(token, choice=choice).status_code == 400
    assert held(token) == before


# --- Commands ---------------------------------------------------------------------------------------------------------------------

INTENTS = sorted(next(iter(each)) for each in yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
DEFAULTS = ("restart", "back", "session_start", "out_of_scope", "nlu_fallback")
DRESSED = (
    "/{}",
    " /{}",
    "\t/{}",
    "\n/{}",
    "\u00a0/{}",
    "\u3000/{}",
    "\u200b/{}",
    "\ufeff/{}",
    "\u2060/{}",
    "\u202e/{}",
    "\u00ad/{}",
    "\x00/{}",
    "\x1b[0m/{}",
    "／{}",
    "⁄{}",
    "∕{}",
    "//{}",
    "/ /{}",
    "/\u200b/{}",
    "\\/{}",
    "{{/{}",
    "/{}@1.0",
    "/{}@0.01",
    '/{}{{"legal_form": "private"}}',
    '/{}@1.0{{"legal_form": "private", "place": ["10043"]}}',
    '/{}{{"session_started_metadata": {{"role": "admin"}}}}',
    "/{}\u0338",
    "EXTERNAL: {}",
    "/EXTERNAL: {}",
    "_mood_{}",
)


@pytest.fixture(scope="module")
def coops(web: Any) -> Callable[[], str]:
    """Tokens of conversations that know that their people are a cooperative, made side by side."""
    tokens = [web.begin() for _ in range(len(INTENTS) + len(DEFAULTS) + 2 * len(DRESSED))]
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda token: web.say(token, text=COOP), tokens))
    return iter(tokens).__next__


@pytest.fixture
def acted(web: Any, held: Callable[[str], Any], assistant: Any, wait: Callable[[Any], Any]) -> Callable[..., list[str]]:
    """What a typed text did as a command would have; empty when it was read as text."""

    def of(token: str, text: str, intent: str) -> list[str]:
        # Some names are words that mean the same: « restart » starts over, at the word of its person.
        meant = wait(assistant.parse(intent))["intent"]["name"]
        kept = web.fetch(token).json()["messages"]
        seq = web.post(token, text=text).json()["message"]["seq"]
        fetched = web.ask("GET", f"messages?after={seq}&wait=25", token)
        if meant == "erase_data":
            return [] if fetched.status_code == 410 else ["« erase_data » is read in another way than its words"]
        read = web.ask("GET", f"messages?after={seq - 1}&reading=1", token).json()["messages"][0]["reading"]["intent"]
        state, stored = held(token)["conversation"]["state"], held(token)["inbox"][-1]
        slots = [each for each in state["events"] if each["event"] == "slot"]
        form = [each["value"] for each in slots if each["name"] == "legal_form"][-1:]
        users = [each["text"].lstrip() for each in state["events"] if each["event"] == "user"]
        happened = {each["event"] for each in state["events"]} - ({"reset_slots"} if read["name"] == "start_over" else set())
        wrong = {
            "it got no answer": not fetched.json()["messages"],
            "it is stored as a command": stored["text"].lstrip().startswith(("/", "／")),
            "it was told to the engine as a command": not users or any(each.startswith("/") for each in users),
            "it was read as a command": read["name"] == intent != meant and read["confidence"] >= 1,
            "it restarted, or went back": happened & {"restart", "undo", "rewind", "reset_slots"},
            "it changed a slot": form != ["cooperative"] and read["name"] != "start_over",
            "it changed what was said": web.fetch(token).json()["messages"][: len(kept)] != kept,
            "it wrote a metadata": "admin" in json.dumps(slots),
        }
        return [what for what, is_so in wrong.items() if is_so]

    return of


@pytest.mark.parametrize("intent", [*INTENTS, *DEFAULTS])
def test_the_name_of_an_intent_after_a_slash_is_text(acted, coops, intent):
    assert acted(coops(), f"/{intent}", intent) == []


@pytest.mark.parametrize("intent", ["restart", "private_business"])
@pytest.mark.parametrize("dressed", DRESSED, ids=[ascii(each) for each in DRESSED])
def test_a_command_is_text_however_it_is_dressed(acted, coops, dressed, intent):
    assert acted(coops(), dressed.format(intent), intent) == []


# --- What the client may not say --------------------------------------------------------------------------------------------------

ADDED = {
    "sender": "CANARY",
    "sender_id": "CANARY",
    "session_id": "CANARY",
    "conversation": "CANARY",
    "conversation_id": "CANARY",
    "metadata": {"role": "CANARY"},
    "input_channel": "CANARY",
    "channel": "CANARY",
    "payload": "/erase_data CANARY",
    "status": "answered",
    "seq": 4242,
    "from": "bot CANARY",
    "at": "1999-01-01T00:00:00Z",
    "answers": 4242,
    "reading": {"intent": "CANARY"},
    "state": {"events": ["CANARY"]},
    "url": "https://evil.example/CANARY",
    "callback_url": "https://evil.example/CANARY",
    "__proto__": {"CANARY": 1},
    "CANARY": "CANARY",
}


@pytest.mark.parametrize("added", [{name: value} for name, value in ADDED.items()] + [ADDED], ids=[*ADDED, "all of them"])
def test_a_field_that_the_protocol_does_not_name_is_dropped(web, with_cards, held, added):
    added = json.loads(json.dumps(added).replace("CANARY", "xylophagecanari"))
    begun = web.ask("POST", "conversations", None, json={"keep": True, "notice": "test", **added})
    token = begun.json()["token"]
    said = web.ask("POST", "messages", token, json={"id": "added-fields", "text": "merci", **added}, params={"sender": "xylophagecanari"})
    judged = web.ask("POST", "feedback", token, json={"message": 1, "rating": "up", **added})
    shared = web.ask("POST", "shares", with_cards[0], json={"message": with_cards[1], **added})
    assert [each.status_code for each in (begun, said, judged, shared)] == [201, 202, 200, 201]
    fetched = web.ask("GET", "messages", token, params={"reading": 1, **{name: str(value) for name, value in added.items()}})
    for told in (begun, said, judged, shared, fetched, web.client.get(shared.json()["url"])):
        assert "xylophagecanari" not in told.text
        assert "4242" not in told.text
        assert "1999-01-01" not in told.text
    assert "xylophagecanari" not in _everything(web)
    assert [(each["seq"], each["kind"], each["text"]) for each in held(token)["inbox"]] == [(2, "text", "merci")]


def test_a_conversation_named_in_a_message_gets_nothing_of_it(web, name_of, held):
    mine, theirs = web.begin(), web.begin()
    before = held(theirs)
    named = {key: name_of(theirs) for key in ("conversation", "conversation_id", "sender", "sender_id", "token")}
    for answer in (
        web.ask("POST", "messages", mine, json={"id": "named-other", "text": "c’est pour l’autre", **named}, params=named),
        web.ask("POST", "feedback", mine, json={"message": None, "rating": "down", **named}, params=named),
        web.ask("DELETE", "conversation", mine, params=named),
    ):
        assert answer.status_code in (200, 202)
    assert held(theirs) == before
    assert web.fetch(mine).status_code == 410


# --- Many at once -----------------------------------------------------------------------------------------------------------------


def test_many_conversations_at_once_never_see_each_other(web, folded):
    places = ["Gaspé", "Rimouski", "Alma", "Amos", "Joliette", "Lachute", "Granby", "Matane", "Roberval", "Shawinigan", "Sorel", "Val-d’Or"]

    def talk(number: int) -> tuple[str, str]:
        token = web.begin()
        web.say(token, text=f"on est une coop à {places[number]} en démarrage, on cherche du financement, projet zibeline{number}fin")
        web.say(token, text=f"20 000 pour zibeline{number}fin")
        return token, web.fetch(token).text

    with ThreadPoolExecutor(len(places)) as people:
        told = list(people.map(talk, range(len(places))))
        again = list(people.map(lambda each: web.fetch(each[0]).text, told))
    assert again == [text for _, text in told]
    leaks = [
        f"{canary} in the conversation {number}"
        for number, (_, text) in enumerate(told)
        for other in range(len(places))
        for canary in (f"zibeline{other}fin", f"pour {folded(places[other])}")
        if other != number and canary in folded(text)
    ]
    assert leaks == []
    assert [number for number, (_, text) in enumerate(told) if text.count(f"zibeline{number}fin") != 2] == []
