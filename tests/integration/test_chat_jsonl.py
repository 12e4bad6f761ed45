"""`aiguilleur chat --jsonl`: a JSON object a line in, one a line out, whatever the line; and through a running server."""

import json
from subprocess import CompletedProcess

import pytest

BAD_LINES = {
    "invalid UTF-8": b'{"conversation": "c", "text": "\xff\xfe"}',
    "invalid JSON": b'{"conversation": "c", "text": ',
    "not JSON at all": "allo là".encode(),
    "a list": b'["conversation", "text"]',
    "a number": b"42",
    "null": b"null",
    "no conversation": b'{"text": "allo"}',
    "no text": b'{"conversation": "c"}',
    "text is a number": b'{"conversation": "c", "text": 3}',
    "text is null": b'{"conversation": "c", "text": null}',
    "conversation is a list": b'{"conversation": [], "text": "allo"}',
    "payload is an object": b'{"conversation": "c", "payload": {}}',
    "too deep": b"[" * 100_000,
    "two objects": b'{"conversation": "c", "text": "a"} {"conversation": "c", "text": "b"}',
}
GOOD = {"conversation": "good", "text": "une coop ça prend combien de fondateurs"}
ODD_LINES = {
    "a conversation named by a number": {"conversation": 7, "text": "allo"},
    "a picture": {"conversation": "c2", "text": "🙂"},
    "an empty text": {"conversation": "c4", "text": ""},
    "a payload never issued": {"conversation": "c5", "payload": '/find_support{"need": "financement"}'},
    "an extra field": {"conversation": "c6", "text": "allo", "metadata": {"x": 1}},
    "a typed command": {"conversation": "c8", "text": "/private_business"},
    "a line end in the text": {"conversation": "c9", "text": "allo\nça va"},
    "a lone surrogate": {"conversation": "c3", "text": "allo \ud83d"},
    "a text longer than a server takes": {"conversation": "c7", "text": "une coop " * 50_000},
    "a conversation named by a lone surrogate": {"conversation": "c\ud83d", "text": "allo"},
}
WAYS = ("the stack here", "a running server")
BLANKS = (b"", b"   ", b"\t")


def _line(value: dict) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _answers(ran: CompletedProcess) -> list[dict]:
    """Return what was written, each line being JSON."""
    return [json.loads(line) for line in ran.stdout.decode("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def said(aiguilleur, web, model):
    """What a process of each way says of the lines: blank ones, then bad and odd ones, each followed by a good one."""
    lines = [*(line + b"\n" for line in BAD_LINES.values()), *map(_line, ODD_LINES.values())]
    stdin = b"".join(line + b"\n" for line in BLANKS) + b"".join(line + _line(GOOD) for line in lines)
    ways = {"the stack here": ("--model", str(model)), "a running server": ("--url", web.url)}
    return {way: aiguilleur("chat", "--jsonl", *options, stdin=stdin) for way, options in ways.items()}


def _pairs(ran: CompletedProcess) -> dict[str, list[dict]]:
    """Return for each line its answer and that of the good line after it; a blank line may be answered or not."""
    answers = [answer for answer in _answers(ran) if answer.get("line", 99) > len(BLANKS)]
    return {kind: answers[2 * number : 2 * number + 2] for number, kind in enumerate([*BAD_LINES, *ODD_LINES])}


@pytest.mark.parametrize("way", WAYS)
def test_every_line_is_answered_and_the_process_ends_well(said, way):
    unanswered = [kind for kind, answers in _pairs(said[way]).items() if len(answers) != 2]
    assert unanswered == [], said[way].stderr.decode()[-1500:]
    assert said[way].returncode == 0


@pytest.mark.parametrize("way", WAYS)
def test_only_json_goes_to_standard_output(said, way):
    assert all(isinstance(answer, dict) for answer in _answers(said[way]))
    assert b"\x1b" not in said[way].stdout


@pytest.mark.parametrize("way", WAYS)
def test_nothing_but_our_own_words_goes_to_standard_error(said, way):
    strange = [line for line in said[way].stderr.decode().splitlines() if line.strip() and "Chargement" not in line]
    assert strange == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line_gets_one_line_of_error_in_french(said, way, kind):
    answer = _pairs(said[way])[kind][0]
    assert set(answer) == {"line", "error"}
    assert answer["line"] == len(BLANKS) + 2 * list(BAD_LINES).index(kind) + 1
    assert "\n" not in answer["error"]
    assert answer["error"].endswith(".")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [*BAD_LINES, *ODD_LINES])
def test_the_line_after_is_answered_as_if_nothing_had_happened(said, way, kind, folded):
    answers = _pairs(said[way])[kind]
    assert len(answers) == 2
    assert answers[1]["conversation"] == "good"
    assert "cinq" in folded(answers[1]["replies"][0]["text"])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ODD_LINES)
def test_an_odd_line_is_answered(said, way, kind):
    answers = _pairs(said[way])[kind]
    assert answers
    assert answers[0].get("error") or any(reply["text"] for reply in answers[0]["replies"])


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_bears_the_name_of_its_conversation_as_it_was_given(said, way):
    named = {kind: line["conversation"] for kind, line in ODD_LINES.items() if "named by a lone surrogate" not in kind}
    assert {kind: _pairs(said[way])[kind][0].get("conversation") for kind in named} == named


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_has_the_fields_of_the_protocol(said, way):
    answer = next(answer for answer in _answers(said[way]) if "replies" in answer)
    assert set(answer) == {"conversation", "replies", "intent", "entities", "latency_ms"}
    assert set(answer["intent"]) == {"name", "confidence"}
    assert all(set(reply) == {"text", "buttons", "cards"} for reply in answer["replies"])
    assert answer["latency_ms"] > 0


def test_a_payload_issued_in_an_answer_may_be_sent_back(web, wait, folded):
    from cli.client import RemoteConversations

    async def talk() -> dict:
        async with RemoteConversations(web.url) as conversations:
            first = await conversations.talk({"conversation": "b", "text": "allo"})
            payload = first["replies"][0]["buttons"][0]["payload"]
            return await conversations.talk({"conversation": "b", "payload": payload})

    assert "municipalite" in folded(wait(talk())["replies"][0]["text"])


def test_conversations_of_a_running_server_are_told_apart_by_their_names(aiguilleur, web, folded):
    lines = [
        {"conversation": "u1", "text": "on cherche du financement à Drummondville"},
        {"conversation": "u2", "text": GOOD["text"]},
        {"conversation": "u1", "text": "obnl"},
    ]
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=b"".join(map(_line, lines)))
    first, second, third = (folded(answer["replies"][0]["text"]) for answer in _answers(ran))
    assert [answer["conversation"] for answer in _answers(ran)] == ["u1", "u2", "u1"]
    assert "forme juridique" in first
    assert "cinq" in second
    assert "etape" in third


def test_a_talk_with_a_running_server_leaves_no_connection_open(aiguilleur, web):
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=_line(GOOD), PYTHONWARNINGS="always::ResourceWarning")
    assert ran.returncode == 0
    assert b"ResourceWarning" not in ran.stderr


def test_a_server_that_does_not_answer_is_named_with_the_remedy(aiguilleur):
    ran = aiguilleur("chat", "--jsonl", "--url", "http://127.0.0.1:9", stdin=_line(GOOD))
    lines = ran.stderr.decode().strip().splitlines()
    assert ran.returncode != 0
    assert ran.stdout == b""
    assert len(lines) == 1
    assert "http://127.0.0.1:9" in lines[0]
    assert "aiguilleur serve" in lines[0]
