"""`aiguilleur chat --jsonl`: a JSON object a line in, one a line out, whatever the line; and through a running server."""

import json
from subprocess import CompletedProcess

import pytest

DEEP = b"[" * 100_000
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
    "too deep": DEEP,
    "two objects": b'{"conversation": "c", "text": "a"} {"conversation": "c", "text": "b"}',
}
GOOD = {"conversation": "c1", "text": "une coop ça prend combien de fondateurs"}
ODD_LINES = {
    "a conversation named by a number": {"conversation": 7, "text": "allo"},
    "a picture": {"conversation": "c2", "text": "🙂"},
    "a lone surrogate": {"conversation": "c3", "text": "allo \ud83d"},
    "a conversation named by a lone surrogate": {"conversation": "c\ud83d", "text": "allo"},
    "an empty text": {"conversation": "c4", "text": ""},
    "a payload never issued": {"conversation": "c5", "payload": '/find_support{"need": "financement"}'},
    "an extra field": {"conversation": "c6", "text": "allo", "metadata": {"x": 1}},
    "a very long text": {"conversation": "c7", "text": "une coop " * 50_000},
    "a typed command": {"conversation": "c8", "text": "/private_business"},
    "a line end in the text": {"conversation": "c9", "text": "allo\nça va"},
}


def _line(value: dict) -> bytes:
    return json.dumps(value).encode()


def _answers(ran: CompletedProcess) -> list[dict]:
    """Return what was written, each line being JSON."""
    return [json.loads(line) for line in ran.stdout.decode("utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def _loaded():
    """What one process said of every line, kept for the tests of this file."""
    return {}


@pytest.fixture
def said(aiguilleur, _loaded):
    """The process, and its answers by the name of their line; a good line stands after each."""
    if not _loaded:
        lines = [b"", b"   ", *BAD_LINES.values(), *map(_line, ODD_LINES.values())]
        stdin = b"".join(line + b"\n" + _line(GOOD) + b"\n" for line in lines)
        _loaded["ran"] = aiguilleur("chat", "--jsonl", stdin=stdin + _line(GOOD))
    return _loaded["ran"]


def _after_blanks(ran: CompletedProcess) -> list[dict]:
    """Return the answers without those of the two blank lines, which may be errors or nothing."""
    answers = _answers(ran)
    blank = [i for i, answer in enumerate(answers[:4]) if "error" in answer]
    return [answer for i, answer in enumerate(answers) if i not in blank][2:]


def test_every_line_gets_its_line_and_the_process_ends_well(said):
    assert said.returncode == 0, said.stderr.decode()[-2000:]
    assert len(_after_blanks(said)) == 2 * (len(BAD_LINES) + len(ODD_LINES)) + 1


def test_only_json_goes_to_standard_output(said):
    assert all(isinstance(answer, dict) for answer in _answers(said))
    assert b"\x1b" not in said.stdout
    assert b"Traceback" not in said.stderr


@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line_gets_one_line_of_error_in_french(said, kind):
    answer = _after_blanks(said)[2 * list(BAD_LINES).index(kind)]
    assert set(answer) == {"line", "error"}
    assert isinstance(answer["line"], int)
    assert "\n" not in answer["error"]
    assert answer["error"].endswith(".")


def test_the_line_of_an_error_is_the_line_of_the_input(said):
    first = next(answer for answer in _after_blanks(said) if "error" in answer)
    assert first["line"] == 5


@pytest.mark.parametrize("kind", [*BAD_LINES, *ODD_LINES])
def test_the_line_after_is_answered_as_if_nothing_had_happened(said, kind, folded):
    answer = _after_blanks(said)[2 * [*BAD_LINES, *ODD_LINES].index(kind) + 1]
    assert answer["conversation"] == "c1"
    assert "cinq" in folded(answer["replies"][0]["text"])


@pytest.mark.parametrize("kind", ODD_LINES)
def test_an_odd_line_is_answered(said, kind):
    answer = _after_blanks(said)[2 * (len(BAD_LINES) + list(ODD_LINES).index(kind))]
    assert answer["conversation"] == ODD_LINES[kind]["conversation"]
    assert any(reply["text"] for reply in answer["replies"])


def test_an_answer_has_the_fields_of_the_protocol(said):
    answer = next(answer for answer in _answers(said) if "replies" in answer)
    assert set(answer) == {"conversation", "replies", "intent", "entities", "latency_ms"}
    assert set(answer["intent"]) == {"name", "confidence"}
    assert all(set(reply) == {"text", "buttons", "cards"} for reply in answer["replies"])
    assert answer["latency_ms"] > 0


def test_a_payload_issued_in_an_answer_may_be_sent_back(aiguilleur, web, folded):
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=_line({"conversation": "b", "text": "allo"}))
    payload = _answers(ran)[0]["replies"][0]["buttons"][0]["payload"]
    lines = [{"conversation": "b", "text": "allo"}, {"conversation": "b", "payload": payload}]
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=b"\n".join(map(_line, lines)))
    assert "municipalite" in folded(_answers(ran)[1]["replies"][0]["text"])


def test_a_running_server_answers_as_the_local_stack_does(aiguilleur, web, folded):
    lines = [
        {"conversation": "u1", "text": "on cherche du financement à Drummondville"},
        {"conversation": "u2", "text": GOOD["text"]},
        {"conversation": "u1", "text": "obnl"},
    ]
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=b"\n".join(map(_line, lines)))
    first, second, third = (folded(answer["replies"][0]["text"]) for answer in _answers(ran))
    assert ran.returncode == 0
    assert ["u1", "u2", "u1"] == [answer["conversation"] for answer in _answers(ran)]
    assert "forme juridique" in first
    assert "cinq" in second
    assert "etape" in third


@pytest.mark.parametrize("kind", [*BAD_LINES, *ODD_LINES])
def test_no_line_stops_the_talk_with_a_running_server(aiguilleur, web, kind, folded):
    line = BAD_LINES[kind] if kind in BAD_LINES else _line(ODD_LINES[kind])
    ran = aiguilleur("chat", "--jsonl", "--url", web.url, stdin=line + b"\n" + _line(GOOD))
    answers = _answers(ran)
    assert len(answers) == 2, ran.stderr.decode()[-1500:]
    assert "cinq" in folded(answers[1]["replies"][0]["text"])
    assert ran.returncode == 0


def test_a_server_that_does_not_answer_is_named_with_the_remedy(aiguilleur):
    ran = aiguilleur("chat", "--jsonl", "--url", "http://127.0.0.1:9", stdin=_line(GOOD))
    lines = ran.stderr.decode().strip().splitlines()
    assert ran.returncode != 0
    assert ran.stdout == b""
    assert len(lines) == 1
    assert "http://127.0.0.1:9" in lines[0]
    assert "aiguilleur serve" in lines[0]
